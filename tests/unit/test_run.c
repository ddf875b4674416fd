/* What a run leaves in a warehouse: the same on DuckDB and PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/path.h"
#include "runtime/sql/sql.h"
#include "tests/unit/real_run.h"

/* An incremental table s.m of (k, v) with the rows first in it. */
static struct action *keyed(struct real *r, const char *first)
{
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.m", first, "");

	real_run_ok(r, "s.m");
	a->unique_key = made_words(&r->made, "k");
	return a;
}

static const char all_rows[] = "select k, v from s.m order by k, v";

static void merges(struct real *r, struct action *a, const char *query)
{
	a->incremental_query = str_of(query);
	real_run(r);
}

static void a_merge_updates_what_matches_and_adds_the_rest(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = keyed(r, "select 1 as k, 'a' as v "
				    "union all select 2, 'b'");

	merges(r, a, "select 'B' as v, 2 as k union all select 'C', 3");
	assert_string_equal(real_status(r, "s.m"), "ok");
	assert_int_equal(real_step(r, "s.m")->rows, 2);
	assert_string_equal(real_ask(r, all_rows), "1|a;2|B;3|C");
}

static void a_null_key_never_matches(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = keyed(r, "select 1 as k, 'a' as v "
				    "union all select null, 'n'");

	merges(r, a,
	       "select 1 as k, 'A' as v union all select null, 'n' "
	       "union all select null, 'm'");
	assert_string_equal(real_status(r, "s.m"), "ok");
	assert_string_equal(real_ask(r, "select v from s.m order by v = 'A', "
					"v"),
			    "m;n;n;A");
}

static void two_rows_for_one_are_refused_and_change_nothing(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = keyed(r, "select 1 as k, 'a' as v");

	a->incremental_pre_ops = made_one(&r->made, "insert into s.m "
						    "values (9, 'pre')");
	merges(r, a,
	       "select 1 as k, 'b' as v union all select 1, 'c' "
	       "union all select 2, 'd'");
	assert_string_equal(real_status(r, "s.m"),
			    "failed: " SQL_DUPLICATE_KEY);
	assert_non_null(strstr(real_step(r, "s.m")->error.hint, "one row for "
								"each key"));
	assert_string_equal(real_ask(r, all_rows), "1|a");
}

static void two_rows_that_match_nothing_are_both_added(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = keyed(r, "select 1 as k, 'a' as v");

	merges(r, a, "select 2 as k, 'b' as v union all select 2, 'c'");
	assert_string_equal(real_status(r, "s.m"), "ok");
	assert_string_equal(real_ask(r, all_rows), "1|a;2|b;2|c");
}

static void a_row_updates_all_that_it_matches(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = keyed(r, "select 1 as k, 'a' as v "
				    "union all select 1, 'b'");

	merges(r, a, "select 1 as k, 'c' as v");
	assert_string_equal(real_ask(r, all_rows), "1|c;1|c");
}

/* A row beyond the filter is not seen, so the new one stands beside it. */
static void a_partition_filter_is_part_of_the_condition(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = keyed(r, "select 1 as k, 'a' as v "
				    "union all select 2, 'b'");

	made_bigquery(&r->made, a, "updatePartitionFilter", "v > 'a' -- new");
	merges(r, a, "select 1 as k, 'A' as v union all select 2, 'B'");
	assert_string_equal(real_status(r, "s.m"), "ok");
	assert_string_equal(real_ask(r, all_rows), "1|A;1|a;2|B");
}

static void a_key_of_two_columns_and_a_keyword(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.m",
			 "select 1 as \"user\", 1 as \"Order\", 'a' as v", "");

	real_run(r);
	a->unique_key = made_words(&r->made, "user order");
	merges(r, a,
	       "select 1 as \"user\", 1 as \"Order\", 'b' as v "
	       "union all select 1, 2, 'c'");
	assert_string_equal(real_status(r, "s.m"), "ok");
	assert_string_equal(real_ask(r, "select * from s.m order by v"),
			    "1|1|b;1|2|c");
}

static void an_insert_goes_by_the_names_of_columns(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_INCREMENTAL, "s.i",
				    "select 1 as a, 'x' as b -- first; 2", "");

	a->incremental_query = STR("select 'extra' as c, 'y' as b, a + 1 as a "
				   "from s.i -- next\n");
	a->where = STR("a < 3 -- at most");
	for (int i = 0; i < 3; i++)
		real_run_ok(r, "s.i");
	assert_int_equal(real_step(r, "s.i")->rows, 1);
	assert_string_equal(real_ask(r, "select a, b from s.i order by a"),
			    "1|x;2|y;2|y");
}

static void a_column_that_came_or_went_is_named(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_INCREMENTAL, "s.i",
				    "select 1 as a, 2 as b", "");

	real_run(r);
	a->incremental_query = STR("select 1 as a, 2 as b, 3 as c, 4 as d");
	real_run_ok(r, "s.i");
	assert_int_equal(real_step(r, "s.i")->notes.n, 1);
	assert_true(str_starts(real_step(r, "s.i")->notes.v[0],
			       STR("the query gives \"c\", \"d\", which")));
	for (int merges = 0; merges < 2; merges++) {
		if (merges)
			a->unique_key = made_one(&r->made, "a");
		a->incremental_query = STR("select 1 as a");
		real_run(r);
		assert_string_equal(real_status(r, "s.i"),
				    "failed: the query no longer gives the "
				    "column \"b\" "
				    "of s.i");
		a->incremental_query = STR("select 1 as a, 2 as b, nix");
		real_run(r);
		assert_non_null(strstr(real_status(r, "s.i"), "nix"));
	}
}

static void a_full_refresh_spares_what_is_protected(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a, *b;

	a = made_add(&r->made, ACTION_INCREMENTAL, "s.a", "select 1 as n", "");
	b = made_add(&r->made, ACTION_INCREMENTAL, "s.b", "select 1 as n", "");
	a->incremental_query = b->incremental_query = STR("select 2 as n");
	b->is_protected = true;
	real_run(r);
	real_run(r);
	r->options.full_refresh = true;
	real_run(r);
	assert_string_equal(real_ask(r, "select n from s.a"), "1");
	assert_string_equal(real_ask(r, "select n from s.b order by n"),
			    "1;2;2");
}

static void a_failure_leaves_the_old_table(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_TABLE, "s.t", "select 1 as n", "");

	real_run(r);
	a->query = STR("select 2 as n");
	a->pre_ops = made_one(&r->made, "insert into s.t values (5)");
	a->post_ops = made_one(&r->made, "insert into s.t values ('x')");
	real_run(r);
	assert_int_equal(real_step(r, "s.t")->status, STATUS_FAILED);
	assert_true(str_is(real_step(r, "s.t")->statement,
			   "insert into s.t values ('x')"));
	assert_string_equal(real_ask(r, "select n from s.t"), "1");
	a->post_ops = made_one(&r->made, "insert into s.t values (3)");
	real_run(r);
	assert_string_equal(real_ask(r, "select n from s.t order by n"), "2;3");
}

static void tables_and_views_take_each_other_s_place(void **state)
{
	static const enum action_type types[] = {
		ACTION_TABLE, ACTION_VIEW,        ACTION_TABLE,
		ACTION_VIEW,  ACTION_INCREMENTAL, ACTION_VIEW,
	};
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_TABLE, "s.x", "select 1 as n", "");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		a->type = types[i];
		real_run_ok(r, "s.x");
		assert_string_equal(real_ask(r, "select table_type from "
						"information_schema.tables "
						"where table_name = 'x' and "
						"table_schema = 's'"),
				    types[i] == ACTION_VIEW ? "VIEW"
							    : "BASE TABLE");
	}
}

static void a_view_may_change_its_columns(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *v =
		made_add(&r->made, ACTION_VIEW, "s.v", "select 1 as a", "");
	struct action *c = made_add(&r->made, ACTION_ASSERTION, "checks.c",
				    "select * from s.v where false", "s.v");

	real_run(r);
	v->query = STR("select 'x' as b, 2 as a");
	c->query = STR("select b from s.v where false");
	v->post_ops = made_one(&r->made, "create table s.after as select 1");
	real_run_ok(r, "s.v");
	assert_string_equal(real_status(r, "checks.c"), "ok");
	assert_string_equal(real_ask(r, "select * from s.v"), "x|2");
}

static void an_assertion_shows_ten_rows(void **state)
{
	struct real *r = real_or_skip(state);
	const struct step *s;

	made_add(&r->made, ACTION_ASSERTION, "checks.a",
		 "select g, null as x from generate_series(1, 25) as t(g) "
		 "order by 1 -- all",
		 "");
	real_run(r);
	s = real_step(r, "checks.a");
	assert_string_equal(real_status(r, "checks.a"),
			    "failed: the assertion does not hold: 25 rows "
			    "break it");
	assert_int_equal(s->rows, 25);
	assert_int_equal(s->sample.nrows, 10);
	assert_true(str_is(s->sample.columns[1], "x"));
	assert_true(str_is(s->sample.values[2], "2"));
	assert_null(s->sample.values[1].p);
	assert_string_equal(real_ask(r, "select count(*) from checks.a"), "25");
}

static void operations_run_in_order_outside_of_a_transaction(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_OPERATION, "s.op", "", "");
	struct str *q = ARENA_NEW(r->made.arena, struct str, 3);

	q[0] = STR("create table s.o as select 1 as n;");
	q[1] = STR("insert into s.o values (2), (3) -- two");
	q[2] = STR("insert into s.missing values (2)");
	a->queries = (struct strs){q, 3};
	real_run(r);
	assert_int_equal(real_step(r, "s.op")->status, STATUS_FAILED);
	assert_true(str_eq(real_step(r, "s.op")->statement, q[2]));
	assert_string_equal(real_ask(r, "select count(*) from s.o"), "3");
}

static void an_operation_may_not_leave_a_transaction_open(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_OPERATION, "s.op",
				    "create table s.o as select 1 as n", "");

	real_run(r);
	a->queries = made_one(&r->made, "begin; insert into s.o values (2)");
	made_add(&r->made, ACTION_TABLE, "s.t", "select n from s.o", "");
	r->options.jobs = 1;
	real_run(r);
	assert_string_equal(real_status(r, "s.op"),
			    "failed: the operation left a transaction open, "
			    "which was rolled back");
	assert_string_equal(real_status(r, "s.t"), "ok");
	assert_string_equal(real_ask(r, "select n from s.t"), "1");
	a->queries =
		made_one(&r->made, "begin; insert into s.o values (3); commit");
	real_run_ok(r, "s.op");
	assert_string_equal(real_ask(r, "select n from s.o order by n"), "1;3");
}

static void check_refused(struct real *r)
{
	r->err.kind = ERROR_NONE;
	assert_false(run_graph(&r->made.graph, &r->options, NULL, r->made.arena,
			       &r->run, &r->err));
	assert_non_null(strstr(r->err.text, "begins or ends a transaction"));
}

/* What ends it leaves the statements behind it without one. */
static void pre_and_post_operations_may_not_end_the_transaction(void **state)
{
	static const char *const endings[] = {"rollback", "commit",
					      "select 1; end"};
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_TABLE, "s.t", "select 1 as n", "");

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		a->pre_ops = (struct strs){0};
		a->post_ops = made_one(&r->made, endings[i]);
		check_refused(r);
		a->pre_ops = a->post_ops;
		a->post_ops = (struct strs){0};
		check_refused(r);
		assert_string_equal(real_ask(r, "select count(*) from "
						"information_schema.tables "
						"where table_schema = 's'"),
				    "0");
	}
}

static struct strs settings(struct real *r)
{
	struct strs v = {ARENA_NEW(r->made.arena, struct str, 4), 4};
	bool duckdb = r->made.profile.dialect == &dialect_duckdb;

	v.v[0] = STR("set search_path = 'checks'");
	v.v[1] = STR("set timezone = 'Asia/Kolkata'");
	v.v[2] = STR("create temp table mine as select 1 as n");
	v.v[3] = duckdb ? STR("attach ':memory:' as other; use other")
			: STR("set role pg_monitor");
	return v;
}

static void what_an_action_sets_is_not_set_for_the_next(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a;

	a = made_add(&r->made, ACTION_OPERATION, "s.a", "", "");
	a->queries = settings(r);
	a = made_add(&r->made, ACTION_TABLE, "s.b",
		     "select cast(timestamp '2026-07-01 12:00:00' as "
		     "timestamp with time zone) as noon, "
		     "(select count(*) from information_schema.tables "
		     "where table_name = 'mine') as mine, "
		     "current_user as who, current_database() as place, "
		     "current_schema() as here",
		     "s.a");
	a->pre_ops = settings(r);
	a->pre_ops.n = 3;
	made_add(&r->made, ACTION_TABLE, "s.c", a->query.p, "s.b");
	real_do(r, "create schema if not exists checks");
	r->options.jobs = 1;
	real_run_ok(r, "s.a");
	assert_string_equal(real_status(r, "s.c"), "ok");
	assert_string_equal(real_ask(r,
				     "select noon, mine, who = current_user, "
				     "place = current_database(), here = "
				     "current_schema() from s.c"),
			    r->made.profile.dialect == &dialect_duckdb
				    ? "2026-07-01 12:00:00+00|0|true|true|true"
				    : "2026-07-01 12:00:00+00|0|t|t|t");
}

static void names_are_taken_as_they_are(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_TABLE, "s.x", "select 1 as n", "");

	a->target.name = STR("it's \"odd\"");
	a->target.schema = STR("s");
	real_run(r);
	real_run(r);
	assert_string_equal(real_ask(r, "select n from s.\"it's \"\"odd\"\"\""),
			    "1");
}

static void a_dry_run_leaves_nothing_behind(void **state)
{
	struct real *r = real_or_skip(state);
	const char *path = path_join(r->made.arena, r->root, "test.duckdb");

	made_add(&r->made, ACTION_TABLE, "s.t", "select 1 as n", "");
	made_add(&r->made, ACTION_VIEW, "s.v", "select * from s.t", "s.t");
	made_add(&r->made, ACTION_TABLE, "s.bad", "select nothing", "");
	r->options.dry_run = true;
	real_run(r);
	assert_int_equal(real_step(r, "s.t")->check, CHECK_OK);
	assert_int_equal(real_step(r, "s.v")->check, CHECK_UNKNOWN);
	assert_int_equal(real_step(r, "s.bad")->check, CHECK_REFUSED);
	assert_false(file_exists(path));
	assert_string_equal(
		real_ask(r, "select count(*) from information_schema.schemata "
			    "where schema_name = 's'"),
		"0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_merge_updates_what_matches_and_adds_the_rest),
		ON_BOTH(a_null_key_never_matches),
		ON_BOTH(two_rows_for_one_are_refused_and_change_nothing),
		ON_BOTH(two_rows_that_match_nothing_are_both_added),
		ON_BOTH(a_row_updates_all_that_it_matches),
		ON_BOTH(a_partition_filter_is_part_of_the_condition),
		ON_BOTH(a_key_of_two_columns_and_a_keyword),
		ON_BOTH(an_insert_goes_by_the_names_of_columns),
		ON_BOTH(a_column_that_came_or_went_is_named),
		ON_BOTH(a_full_refresh_spares_what_is_protected),
		ON_BOTH(a_failure_leaves_the_old_table),
		ON_BOTH(tables_and_views_take_each_other_s_place),
		ON_BOTH(a_view_may_change_its_columns),
		ON_BOTH(an_assertion_shows_ten_rows),
		ON_BOTH(operations_run_in_order_outside_of_a_transaction),
		ON_BOTH(an_operation_may_not_leave_a_transaction_open),
		ON_BOTH(pre_and_post_operations_may_not_end_the_transaction),
		ON_BOTH(what_an_action_sets_is_not_set_for_the_next),
		ON_BOTH(names_are_taken_as_they_are),
		ON_BOTH(a_dry_run_leaves_nothing_behind),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
