/* Advice about BigQuery's SQL: where it is meant, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "compiler/graph.h"
#include "runtime/perform/advice.h"

struct advice_case {
	const char *sql, *duckdb,
		*postgres; /* a part of the hint; NULL: none */
};

static const struct advice_case cases[] = {
	{"select `a` from t", "\"`\" is BigQuery's", "\"`\" is BigQuery's"},
	{"select SAFE_CAST(x as INT64)", "try_cast(x as type)",
	 "a cast inside"},
	{"select safe_divide ( a, b )", "nullif(b, 0)", "nullif(b, 0)"},
	{"select safe.substr(x, 1)", "try(...)", "a case around"},
	{"select a[offset(0)]", "list[n + 1]", "array[n + 1]"},
	{"select * except (a) from t", "* exclude (...)", "one by one"},
	{"select 1 from t qualify true", NULL, "row_number()"},
	{"select struct(1 as a)", "{'a': x", "row(x, y)"},
	{"select current_timestamp()", "without ()", "without ()"},
	{"select ifnull(a, b)", NULL, "coalesce(a, b)"},
	{"select cast(a as float64)", "double instead", "double precision"},
	{"select cast(a as string)", NULL, "text instead"},
	{"select timestamp(a)", "timestamptz", "timestamptz"},
	{"select x from unnest([1, 2]) as x", NULL, "unnest(array[...])"},
	{"select array_agg(x ignore nulls)", NULL, "filter (where"},
	{"select date_trunc(d, month)", "date_trunc('month'",
	 "date_trunc('month'"},
	/* Innocent. */
	{"select 1 -- `a` safe_cast(x)", NULL, NULL},
	{"select 'safe_cast(x)', \"ifnull(\" /* if( */", NULL, NULL},
	{"select $$ifnull(a)$$", NULL, NULL},
	{"select cast(a as timestamp(3)), b::timestamp(3)", NULL, NULL},
	{"select udf.safe_divide(a, b)", NULL, NULL},
	{"select a as string, safe_cast from t", NULL, NULL},
	{"drop table if exists t", NULL, NULL},
	{"select date_trunc('day', d), \"user\"", NULL, NULL},
};

static struct profile duckdb = {.dialect = &dialect_duckdb};
static struct profile postgres = {.dialect = &dialect_postgres};

static void check(struct profile *profile, const char *sql, const char *want)
{
	struct graph g = {.profile = profile};
	const struct dialect *d = profile->dialect;
	struct error err = {.kind = ERROR_SQL};

	advice_add(&g, str_of(sql), &err);
	if (want ? !strstr(err.hint, want) : err.hint[0] != '\0')
		fail_msg("%s on %s: \"%s\"", sql, d->name, err.hint);
	if (want)
		assert_non_null(strstr(err.hint, "translates names, not SQL"));
}

static void each_warehouse_has_its_own_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check(&duckdb, cases[i].sql, cases[i].duckdb);
		check(&postgres, cases[i].sql, cases[i].postgres);
	}
}

static void other_failures_get_no_advice(void **state)
{
	struct graph g = {.profile = &duckdb};
	struct error err = {.kind = ERROR_LOST, .hint = "what the driver said"};

	(void)state;
	advice_add(&g, STR("select `a`"), &err);
	assert_string_equal(err.hint, "what the driver said");
	err.kind = ERROR_SQL;
	advice_add(&g, STR("select a"), &err);
	assert_string_equal(err.hint, "what the driver said");
}

static void sqlx_that_became_sql_is_known(void **state)
{
	static const struct {
		const char *sql, *hint;
	} slips[] = {
		{"select * from {ref(\"a\")}", "write ${ref(\"a\")}"},
		{"select * from $ref('s', 'a')", "write ${ref('s', 'a')}"},
		{"from $(ref(\"a\"))", "write ${ref(\"a\")}"},
		{"from {{ ref('a') }} -- x", "write ${ref('a')}"},
		{"insert into self() select 1", "write ${self()}"},
		{"-- top\nconfig{ type: \"table\" }", "\"config {\""},
		{"config\n{ type: \"table\" }", "\"config {\""},
		{"select 'ref(a)' -- ref(a)", ""},
		{"select my.ref(1), ref from config", ""},
	};
	struct graph g = {.profile = &postgres};

	(void)state;
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		struct error err = {.kind = ERROR_SQL};

		advice_add(&g, str_of(slips[i].sql), &err);
		assert_non_null(strstr(err.hint, slips[i].hint));
		assert_int_equal(err.hint[0] == '\0', !*slips[i].hint);
	}
}

static void a_missing_table_is_looked_for_in_the_graph(void **state)
{
	static const struct {
		const char *text, *sqlstate, *hint;
	} cases_of[] = {
		{"Table with name orderz does not exist", "",
		 "did you mean the action \"s.orders\"? Write "
		 "${ref(\"orders\")}"},
		{"relation \"s.order\" does not exist", "42P01",
		 "did you mean the action \"s.orders\"? Write "
		 "${ref(\"orders\")}"},
		{"relation \"customers\" does not exist", "42P01", ""},
		{"Table with name pg_indexe does not exist", "", ""},
		{"column \"order\" does not exist", "42703", "a guess"},
		{"relation \"raw.events\" does not exist", "42P01",
		 "\"raw.events\" is a declaration, which makes nothing: "
		 "create it in the warehouse, or let weir fill it from files: "
		 "\"loads\" in weir.yaml"},
		{"Table with name \"raw.clicks\" does not exist because", "",
		 "read \"raw.clicks\" by ${ref(\"clicks\")}, so that it is "
		 "built before, and build it, too: --include-deps"},
		{"Table with name orders does not exist", "",
		 "read \"s.orders\" by ${ref(\"orders\")}, so that it is "
		 "built before, and build it, too: --include-deps"},
	};
	struct action actions[] = {
		{.target = {.schema = STR("s"), .name = STR("offers")}},
		{.target = {.schema = STR("s"), .name = STR("orders")}},
		{.type = ACTION_ASSERTION, .target = {.name = STR("orderz")}},
		{.type = ACTION_DECLARATION,
		 .target = {.schema = STR("raw"), .name = STR("events")}},
		{.type = ACTION_DECLARATION,
		 .target = {.schema = STR("raw"), .name = STR("clicks")}},
	};
	struct load load = {.action = 4};
	struct graph g = {.actions = actions,
			  .nactions = 5,
			  .loads = &load,
			  .nloads = 1,
			  .profile = &duckdb};

	(void)state;
	for (size_t i = 0; i < sizeof(cases_of) / sizeof(cases_of[0]); i++) {
		struct error err = {.kind = ERROR_SQL, .hint = "a guess"};

		strcpy(err.text, cases_of[i].text);
		strcpy(err.sqlstate, cases_of[i].sqlstate);
		advice_add(&g, STR("select 1"), &err);
		assert_string_equal(err.hint, cases_of[i].hint);
	}
}

static void what_the_config_asked_for_is_named(void **state)
{
	static const struct {
		const char *sql, *makes, *text, *hint;
		int position;
	} cases_of[] = {
		{"create index", "the config's index (a)",
		 "the config's index (a) cannot be made: no", "is quoted", 0},
		{"create table t as\nselect 'é'\n) as rows_of_time\nwhere "
		 "\"at\" >= 1",
		 NULL, "timeColumn \"at\": no", "a column \"at\"", 54},
		{"select 'é'\n) as rows_of_time\nwhere \"at\" >= 1", NULL, "no",
		 "", 35},
		{"select \"at\" >= 1", NULL, "no", "", 8},
	};
	struct weir_options weir = {.time_column = STR("at")};
	struct action a = {.weir = &weir};

	(void)state;
	for (size_t i = 0; i < sizeof(cases_of) / sizeof(cases_of[0]); i++) {
		struct error err = {.kind = ERROR_SQL,
				    .text = "no",
				    .position = cases_of[i].position};
		bool known = advice_add_config(&a, str_of(cases_of[i].sql),
					       str_of(cases_of[i].makes), &err);

		assert_string_equal(err.text, cases_of[i].text);
		assert_non_null(strstr(err.hint, cases_of[i].hint));
		assert_int_equal(known, err.hint[0] != '\0');
	}
}

static void
rows_that_a_unique_index_refuses_are_no_fault_of_the_config(void **state)
{
	struct weir_options weir = {0};
	struct action a = {.weir = &weir};
	struct error err = {.kind = ERROR_SQL, .sqlstate = "23505"};

	(void)state;
	assert_true(advice_add_config(&a, STR("create unique index"),
				      STR("the config's index (a)"), &err));
	assert_string_equal(err.hint, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_warehouse_has_its_own_words),
		cmocka_unit_test(other_failures_get_no_advice),
		cmocka_unit_test(sqlx_that_became_sql_is_known),
		cmocka_unit_test(a_missing_table_is_looked_for_in_the_graph),
		cmocka_unit_test(what_the_config_asked_for_is_named),
		cmocka_unit_test(
			rows_that_a_unique_index_refuses_are_no_fault_of_the_config),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
