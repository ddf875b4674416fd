/* onSchemaChange on both warehouses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/real_run.h"

/* An incremental table s.m with the rows first in it, and its other query. */
static struct action *changing(struct real *r, const char *first,
			       enum on_schema_change policy, const char *then)
{
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.m", first, "");

	real_run_ok(r, "s.m");
	a->on_schema_change = policy;
	a->incremental_query = str_of(then);
	return a;
}

static const char *columns_of(struct real *r, const char *schema,
			      const char *table)
{
	return real_ask(
		r, arena_printf(r->made.arena,
				"select column_name from "
				"information_schema.columns where "
				"table_schema = '%s' and table_name = '%s' "
				"order by ordinal_position",
				schema, table)
			   .p);
}

/* Notes of s.m, each on a line. */
static const char *notes(struct real *r)
{
	const struct step *s = real_step(r, "s.m");
	const char *all = "";

	for (size_t i = 0; i < s->notes.n; i++)
		all = arena_printf(r->made.arena, "%s%.*s\n", all,
				   STR_ARG(s->notes.v[i]))
			      .p;
	return all;
}

static void fails_with(struct real *r, const char *text)
{
	const char *got;

	real_run(r);
	got = real_status(r, "s.m");
	if (strncmp(got, "failed: ", 8) != 0 || !strstr(got, text))
		fail_msg("\"%s\" says nothing of \"%s\"", got, text);
	assert_true(real_step(r, "s.m")->error.hint[0]);
}

static void fail_lets_the_same_columns_pass_in_any_order(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k, 'a' as v", ON_CHANGE_FAIL,
		 "select 'b' as v, 2 as k");
	real_run_ok(r, "s.m");
	assert_int_equal(real_step(r, "s.m")->rows, 1);
	assert_string_equal(real_ask(r, "select k, v from s.m order by k"),
			    "1|a;2|b");
	assert_string_equal(notes(r), "");
}

static void fail_names_what_is_new_gone_or_of_another_type(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		changing(r, "select 1 as k, 'a' as v, 2 as w", ON_CHANGE_FAIL,
			 "select 2 as k, 'b' as v, 1 as w, 3 as x");

	fails_with(r, "the columns of the query are not those of s.m: "
		      "new: \"x\"");
	a->incremental_query = STR("select 2 as k, 1 as w");
	fails_with(r, "not those of s.m: gone: \"v\"");
	a->incremental_query = STR("select 'k' as k, 'v' as v, 1 as w");
	fails_with(r, "\"k\" is ");
	assert_null(strstr(real_step(r, "s.m")->error.hint, "EXTEND"));
	a->incremental_query = STR("select 'k' as k, 'x' as x, 1 as w");
	fails_with(r, "new: \"x\"; gone: \"v\"; \"k\" is ");
	assert_string_equal(real_ask(r, "select * from s.m"), "1|a|2");
}

static void extend_adds_columns_and_fills_them(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = changing(
		r, "select 1 as k, 'a' as v", ON_CHANGE_EXTEND,
		"select cast(2.5 as numeric(10, 2)) as price, 'b' as v, "
		"2 as k, 'now' as \"order\", 7 as \"Odd \"\" name\"");

	real_run_ok(r, "s.m");
	assert_string_equal(columns_of(r, "s", "m"),
			    "k;v;price;order;Odd \" name");
	assert_string_equal(real_ask(r, "select * from s.m order by k"),
			    "1|a|NULL|NULL|NULL;2|b|2.50|now|7");
	assert_non_null(strstr(notes(r), "new in the table: \"price\" ("));
	a->incremental_query =
		STR("select 3 as k, 'c' as v, cast(1 as numeric(10, 2)) as "
		    "price, 'x' as \"order\", 8 as \"Odd \"\" name\"");
	real_run_ok(r, "s.m");
	assert_string_equal(notes(r), "");
}

static void extend_drops_nothing(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k, 'a' as v", ON_CHANGE_EXTEND,
		 "select 2 as k, 3 as x");
	fails_with(r, "the query no longer gives the column \"v\" of s.m");
	assert_string_equal(columns_of(r, "s", "m"), "k;v");
	assert_string_equal(real_ask(r, "select k, v from s.m"), "1|a");
}

static void synchronize_adds_and_drops(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k, 'a' as v, 2 as w", ON_CHANGE_SYNCHRONIZE,
		 "select 2 as k, 3 as x");
	real_run_ok(r, "s.m");
	assert_string_equal(columns_of(r, "s", "m"), "k;x");
	assert_string_equal(real_ask(r, "select k, x from s.m order by k"),
			    "1|NULL;2|3");
	assert_non_null(strstr(notes(r), "dropped from the table: \"v\", "
					 "\"w\"\n"));
}

static void the_query_sees_the_table_as_it_was(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k, 'a' as v", ON_CHANGE_SYNCHRONIZE,
		 "select k + 1 as k, v as x from s.m");
	real_run_ok(r, "s.m");
	assert_string_equal(real_ask(r, "select k, x from s.m order by k"),
			    "1|NULL;2|a");
}

static void synchronize_may_change_all_columns_at_once(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k", ON_CHANGE_SYNCHRONIZE, "select 3 as x");
	real_run_ok(r, "s.m");
	assert_string_equal(
		real_ask(r, "select x from s.m order by x nulls first"),
		"NULL;3");
}

static void a_column_of_the_unique_key_is_not_dropped(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		changing(r, "select 1 as k, 'a' as v", ON_CHANGE_SYNCHRONIZE,
			 "select 'b' as v, 2 as x");

	a->unique_key = made_words(&r->made, "v K");
	fails_with(r, "the query no longer gives \"k\", which uniqueKey of s.m "
		      "names");
	a->unique_key = made_words(&r->made, "`k`");
	fails_with(r, "the query no longer gives \"k\", which uniqueKey");
	a->unique_key = made_words(&r->made, "y");
	fails_with(r, "uniqueKey names \"y\", which the table has not");
	assert_string_equal(real_ask(r, "select k, v from s.m"), "1|a");
}

static void a_partition_s_column_is_not_dropped(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		changing(r, "select 1 as k, 'a' as v", ON_CHANGE_SYNCHRONIZE,
			 "select 'b' as v, 2 as x");

	a->strategy = STRATEGY_INSERT_OVERWRITE;
	made_bigquery(&r->made, a, "partitionBy", "k");
	fails_with(r, "partitionBy names \"k\", which the table has not");
	assert_string_equal(real_ask(r, "select k, v from s.m"), "1|a");
}

static void every_strategy_takes_new_columns(void **state)
{
	static const struct weir_options delete_insert = {
		.strategy = WEIR_DELETE_INSERT,
	};
	struct real *r = real_or_skip(state);
	struct action *a =
		changing(r, "select 1 as k, 'a' as v union all select 2, 'b'",
			 ON_CHANGE_SYNCHRONIZE,
			 "select 2 as k, 5 as x union all select 3, 6");

	a->unique_key = made_words(&r->made, "k");
	real_run_ok(r, "s.m");
	assert_string_equal(real_ask(r, "select * from s.m order by k"),
			    "1|NULL;2|5;3|6");
	/* A new column may be the key, or what is asked of the rows. */
	a->unique_key = made_words(&r->made, "k y");
	a->weir = &delete_insert;
	a->incremental_query = STR("select 3 as k, 6 as x, 9 as y");
	a->where = STR("y = 9");
	real_run_ok(r, "s.m");
	assert_string_equal(
		real_ask(r, "select * from s.m order by k, y nulls first"),
		"1|NULL|NULL;2|5|NULL;3|6|NULL;3|6|9");
	a->weir = NULL;
	a->strategy = STRATEGY_INSERT_OVERWRITE;
	made_bigquery(&r->made, a, "partitionBy", "k");
	a->where = (struct str){0};
	a->incremental_query = STR("select 3 as k, 7 as y, 'new' as z");
	real_run_ok(r, "s.m");
	assert_string_equal(real_ask(r, "select * from s.m order by k"),
			    "1|NULL|NULL;2|NULL|NULL;3|7|new");
}

static void a_failure_leaves_the_columns_as_they_were(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		changing(r, "select 1 as k, 'a' as v", ON_CHANGE_SYNCHRONIZE,
			 "select 1 as k, 3 as x union all select 1, 4");

	a->unique_key = made_words(&r->made, "k");
	real_run(r);
	assert_int_equal(real_step(r, "s.m")->status, STATUS_FAILED);
	assert_string_equal(columns_of(r, "s", "m"), "k;v");
	assert_string_equal(real_ask(r, "select k, v from s.m"), "1|a");
	assert_string_equal(notes(r), "");
}

static void the_columns_are_those_after_the_pre_operations(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = changing(r, "select 1 as k", ON_CHANGE_FAIL,
				    "select 2 as k, 'b' as v");

	a->incremental_pre_ops =
		made_one(&r->made, "alter table s.m add column v varchar");
	real_run_ok(r, "s.m");
	assert_string_equal(real_ask(r, "select k, v from s.m order by k"),
			    "1|NULL;2|b");
}

static void another_type_is_converted_and_told(void **state)
{
	static const enum on_schema_change policies[] = {
		ON_CHANGE_IGNORE,
		ON_CHANGE_EXTEND,
		ON_CHANGE_SYNCHRONIZE,
	};
	struct real *r = real_or_skip(state);
	struct action *a = changing(r, "select 1 as k, 'a' as v",
				    ON_CHANGE_IGNORE, "select 2 as k, 3 as v");

	a->incremental_query = STR("select cast(2 as bigint) as k, 'b' as v");
	for (size_t i = 0; i < 3; i++) {
		a->on_schema_change = policies[i];
		real_run_ok(r, "s.m");
		assert_non_null(strstr(notes(r), "converted, as the types "
						 "differ: \"k\" is "));
	}
	assert_string_equal(real_ask(r, "select k, v from s.m order by k"),
			    "1|a;2|b;2|b;2|b");
}

static void another_type_that_does_not_fit_is_told(void **state)
{
	static const enum on_schema_change policies[] = {
		ON_CHANGE_IGNORE,
		ON_CHANGE_EXTEND,
	};
	struct real *r = real_or_skip(state);
	struct action *a =
		changing(r, "select 1 as k, 'a' as v", ON_CHANGE_IGNORE,
			 "select 'two' as k, 'b' as v");

	for (size_t i = 0; i < 2; i++) {
		a->on_schema_change = policies[i];
		real_run(r);
		assert_int_equal(real_step(r, "s.m")->status, STATUS_FAILED);
		assert_non_null(
			strstr(real_step(r, "s.m")->error.hint, "\"k\" is "));
	}
	assert_string_equal(real_ask(r, "select k, v from s.m"), "1|a");
}

static void a_table_with_a_primary_key_changes(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a;

	real_do(r, "create schema if not exists s");
	real_do(r, "create table s.m (k int primary key, v text)");
	real_do(r, "insert into s.m values (1, 'a')");
	a = made_add(&r->made, ACTION_INCREMENTAL, "s.m",
		     "select 1 as k, 'b' as v, 2 as x", "");
	a->on_schema_change = ON_CHANGE_EXTEND;
	a->unique_key = made_words(&r->made, "k");
	real_run_ok(r, "s.m");
	assert_string_equal(real_ask(r, "select k, v, x from s.m"), "1|b|2");
}

static void duckdb_changes_no_table_with_an_index(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k", ON_CHANGE_EXTEND, "select 2 as k, 3 as x");
	real_do(r, "create index \"the one\" on s.m (k)");
	fails_with(r, "no table that has indexes: \"the one\"");
	assert_string_equal(real_ask(r, "select * from s.m"), "1");
	real_do(r, "drop index s.\"the one\"");
	real_run_ok(r, "s.m");
}

static void a_dry_run_foresees_what_changes(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		changing(r, "select 1 as k, 'a' as v", ON_CHANGE_SYNCHRONIZE,
			 "select 2 as k, 3 as x");

	r->options.dry_run = true;
	real_run(r);
	assert_int_equal(real_step(r, "s.m")->check, CHECK_OK);
	assert_string_equal(notes(r), "new in the table: \"x\"\n"
				      "dropped from the table: \"v\"\n");
	a->on_schema_change = ON_CHANGE_FAIL;
	real_run(r);
	assert_int_equal(real_step(r, "s.m")->check, CHECK_REFUSED);
	assert_non_null(
		strstr(real_status(r, "s.m"), "new: \"x\"; gone: \"v\""));
	r->options.dry_run = false;
	assert_string_equal(columns_of(r, "s", "m"), "k;v");
}

static void a_view_on_a_dropped_column_is_named(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k, 'a' as v", ON_CHANGE_SYNCHRONIZE,
		 "select 2 as k");
	real_do(r, "create view s.looks as select v from s.m");
	fails_with(r, "view s.looks depends on column v of table s.m");
	assert_null(strstr(real_step(r, "s.m")->error.hint, "CASCADE"));
	assert_string_equal(real_ask(r, "select k, v from s.m"), "1|a");
}

static void a_change_does_not_wait_for_ever(void **state)
{
	struct real *r = real_or_skip(state);
	struct str connection = r->made.profile.connection;
	struct test_warehouse reader = {0};

	changing(r, "select 1 as k", ON_CHANGE_EXTEND, "select 2 as k, 3 as x");
	real_open(r, &reader);
	must_run(&reader, "begin; select * from s.m");
	r->made.profile.connection =
		arena_printf(r->made.arena, "%.*s options='-c lock_timeout=50'",
			     STR_ARG(connection));
	fails_with(r, "waited 50ms for those who use s.m");
	must_run(&reader, "commit");
	reader.w->ops->close(reader.w);
	r->made.profile.connection = connection;
	real_run_ok(r, "s.m");
	assert_string_equal(real_ask(r, "select * from s.m order by k"),
			    "1|NULL;2|3");
}

static void what_fills_itself_is_neither_new_nor_gone(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k", ON_CHANGE_FAIL, "select 2 as k");
	real_do(r, "alter table s.m add column n int "
		   "generated always as identity");
	real_run_ok(r, "s.m");
	assert_string_equal(real_ask(r, "select k, n from s.m order by k"),
			    "1|1;2|2");
}

static void a_new_column_keeps_its_type_as_it_is(void **state)
{
	struct real *r = real_or_skip(state);

	changing(r, "select 1 as k", ON_CHANGE_EXTEND,
		 "select 2 as k, cast('x' as varchar(5)) collate \"C\" as c, "
		 "cast(now() as timestamp(3)) as t");
	real_run_ok(r, "s.m");
	assert_string_equal(
		real_ask(r, "select attname, format_type(atttypid, atttypmod),"
			    " attcollation::regcollation from pg_attribute "
			    "where attrelid = 's.m'::regclass and attnum > 1 "
			    "order by attnum"),
		"c|character varying(5)|\"C\";"
		"t|timestamp(3) without time zone|-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(fail_lets_the_same_columns_pass_in_any_order),
		ON_BOTH(fail_names_what_is_new_gone_or_of_another_type),
		ON_BOTH(extend_adds_columns_and_fills_them),
		ON_BOTH(extend_drops_nothing),
		ON_BOTH(synchronize_adds_and_drops),
		ON_BOTH(the_query_sees_the_table_as_it_was),
		ON_BOTH(synchronize_may_change_all_columns_at_once),
		ON_BOTH(a_column_of_the_unique_key_is_not_dropped),
		ON_BOTH(a_partition_s_column_is_not_dropped),
		ON_BOTH(every_strategy_takes_new_columns),
		ON_BOTH(a_failure_leaves_the_columns_as_they_were),
		ON_BOTH(the_columns_are_those_after_the_pre_operations),
		ON_BOTH(another_type_is_converted_and_told),
		ON_BOTH(another_type_that_does_not_fit_is_told),
		ON_BOTH(a_table_with_a_primary_key_changes),
		ON_DUCKDB(duckdb_changes_no_table_with_an_index),
		ON_BOTH(a_dry_run_foresees_what_changes),
		ON_POSTGRES(a_view_on_a_dropped_column_is_named),
		ON_POSTGRES(a_change_does_not_wait_for_ever),
		ON_POSTGRES(what_fills_itself_is_neither_new_nor_gone),
		ON_POSTGRES(a_new_column_keeps_its_type_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
