/* Rows that are replaced are found by the table's types, not by the query's,
 * which its rows have only until they are in the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/real_run.h"

/* The second and third run leave the one row that the second gives. */
static void leaves_one_row(struct real *r, struct action *a, const char *query,
			   const char *row)
{
	a->incremental_query = str_of(query);
	for (int i = 0; i < 2; i++) {
		real_run_ok(r, "s.m");
		assert_string_equal(real_ask(r, "select * from s.m"), row);
	}
}

static void a_key_is_what_it_is_in_the_table(void **state)
{
	static const struct weir_options delete_insert = {
		.strategy = WEIR_DELETE_INSERT,
	};
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_INCREMENTAL, "s.m",
				    "select 1 as k, 'a' as v", "");

	real_run(r);
	a->unique_key = made_one(&r->made, "k");
	leaves_one_row(r, a, "select 1.4 as k, 'b' as v", "1|b");
	a->weir = &delete_insert;
	leaves_one_row(r, a, "select 0.9 as k, 'c' as v", "1|c");
}

static void a_partition_is_what_it_is_in_the_table(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.m",
			 "select date '2026-01-01' as day, 1 as v", "");

	real_run(r);
	a->strategy = STRATEGY_INSERT_OVERWRITE;
	made_bigquery(&r->made, a, "partitionBy", "day");
	leaves_one_row(r, a,
		       "select timestamp '2026-01-01 10:00:00' as day, 2 as v",
		       "2026-01-01|2");
}

/* Half past five in the evening is of the night's interval, as a date. */
static void a_time_is_what_it_is_in_the_table(void **state)
{
	const struct weir_options window = {
		.strategy = WEIR_WINDOW,
		.time_column = STR("day"),
		.interval_ms = INT64_C(6) * 60 * 60 * 1000,
		.start_ms = INT64_C(1767225600000), /* 2026-01-01 */
		.lookback_ms = INT64_C(2) * 24 * 60 * 60 * 1000,
	};
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.m",
			 "select date '2026-01-01' as day, 1 as v", "");

	a->weir = &window;
	real_run_at(r, "2026-01-02 00:00");
	assert_string_equal(real_status(r, "s.m"), "ok");
	a->incremental_query = STR("select timestamp '2026-01-01 17:30:00' "
				   "as day, 2 as v");
	for (int i = 0; i < 2; i++) {
		real_run_at(r, "2026-01-02 00:00");
		assert_string_equal(real_status(r, "s.m"), "ok");
		assert_string_equal(real_ask(r, "select * from s.m"),
				    "2026-01-01|2");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_key_is_what_it_is_in_the_table),
		ON_BOTH(a_partition_is_what_it_is_in_the_table),
		ON_BOTH(a_time_is_what_it_is_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
