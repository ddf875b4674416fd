/*
 * Descriptions of a config are comments in the warehouse after a run, whatever
 * was done to the relation; where the config says nothing, nothing changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/real_run.h"

static struct value column(struct real *r, const char *path, const char *text)
{
	struct strs names = made_words(&r->made, path);
	struct value v = value_object(r->made.arena, 2), list = {0};

	list.kind = VALUE_ARRAY;
	list.n = (uint32_t)names.n;
	list.items = ARENA_NEW(r->made.arena, struct value, names.n);
	for (size_t i = 0; i < names.n; i++)
		list.items[i] = value_string(names.v[i]);
	value_put(&v, STR("description"), value_string(str_of(text)));
	value_put(&v, STR("path"), list);
	return v;
}

/* What is said of the relation, its column a, and two that are not there. */
static void describe(struct real *r, struct action *a, const char *of_all,
		     const char *of_a)
{
	struct value *d = ARENA_NEW(r->made.arena, struct value, 1);
	struct value columns = {.kind = VALUE_ARRAY, .n = 3};

	columns.items = ARENA_NEW(r->made.arena, struct value, 3);
	columns.items[0] = column(r, "gone", "not there");
	columns.items[1] = column(r, "a", of_a);
	columns.items[2] = column(r, "b inside", "of a record");
	*d = value_object(r->made.arena, 2);
	value_put(d, STR("description"), value_string(str_of(of_all)));
	value_put(d, STR("columns"), columns);
	a->descriptor = d;
}

/* Of s.t and its columns. */
static const char *said(struct real *r)
{
	if (r->made.profile.dialect == &dialect_postgres)
		return real_ask(
			r, "select obj_description(c.oid, 'pg_class'), "
			   "attname, col_description(c.oid, attnum) "
			   "from pg_class c join pg_attribute "
			   "on attrelid = c.oid and attnum > 0 "
			   "where c.oid = 's.t'::regclass order by attname");
	return real_ask(
		r, "select t.comment, c.column_name, c.comment from ("
		   "select table_name, comment from duckdb_tables() union all "
		   "select view_name, comment from duckdb_views()) t "
		   "join duckdb_columns() c using (table_name) "
		   "where table_name = 't' order by c.column_name");
}

static void descriptions_become_comments(void **state)
{
	static const enum action_type types[] = {ACTION_TABLE, ACTION_VIEW,
						 ACTION_INCREMENTAL};
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_TABLE, "s.t",
				    "select 1 as a, 'x' as b", "");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		a->type = types[i];
		describe(r, a, "it's all", "the\nfirst");
		real_run_ok(r, "s.t");
		assert_string_equal(said(r),
				    "it's all|a|the\nfirst;it's all|b|NULL");
		describe(r, a, "another", "one");
		real_run_ok(r, "s.t");
		assert_string_equal(said(r), "another|a|one;another|b|NULL");
	}
}

static void what_is_described_but_not_there_is_noted(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_TABLE, "s.t",
				    "select 1 as a, 'x' as b", "");

	describe(r, a, "", "first");
	real_run_ok(r, "s.t");
	assert_string_equal(said(r), "NULL|a|first;NULL|b|NULL");
	assert_int_equal(real_step(r, "s.t")->notes.n, 1);
	assert_string_equal(
		real_step(r, "s.t")->notes.v[0].p,
		"the config describes \"gone\", which is not there");
}

static void a_column_is_found_in_another_case(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_TABLE, "s.t",
				    "select 1 as \"A\", 'x' as b", "");

	describe(r, a, "t", "first");
	real_run_ok(r, "s.t");
	assert_string_equal(said(r), "t|A|first;t|b|NULL");
}

static void a_config_that_is_silent_changes_nothing(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_TABLE, "s.t",
				    "select 1 as a, 'x' as b", "");

	real_run_ok(r, "s.t");
	real_do(r, "comment on table s.t is 'by hand';"
		   "comment on column s.t.b is 'mine'");
	real_run_ok(r, "s.t");
	assert_string_equal(said(r), "by hand|a|NULL;by hand|b|mine");
	describe(r, a, "said", "first");
	real_run_ok(r, "s.t");
	assert_string_equal(said(r), "said|a|first;said|b|mine");
	/* A row of pg_description that is not written has the same xmin. */
	a->type = ACTION_VIEW;
	real_run_ok(r, "s.t");
	real_do(r, "create table s.was as select xmin as x from "
		   "pg_description where objoid = 's.t'::regclass "
		   "and objsubid = 0");
	real_run_ok(r, "s.t");
	assert_string_equal(
		real_ask(r, "select d.xmin = x from pg_description d, s.was "
			    "where objoid = 's.t'::regclass and objsubid = 0"),
		"t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(descriptions_become_comments),
		ON_BOTH(what_is_described_but_not_there_is_noted),
		ON_BOTH(a_column_is_found_in_another_case),
		ON_POSTGRES(a_config_that_is_silent_changes_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
