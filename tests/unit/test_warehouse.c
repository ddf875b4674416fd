/* What every driver owes the executor, on each warehouse that is here. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/warehouses.h"

static struct error failing(struct test_warehouse *t, const char *sql)
{
	struct error err = {0};
	int64_t rows;

	assert_false(t->w->ops->execute(t->w, str_of(sql), &rows, &err));
	return err;
}

static void counts_the_rows_of_the_last_change(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);

	assert_int_equal(must_run(t, "CREATE TABLE counted (a int)"), -1);
	assert_int_equal(must_run(t, "BEGIN; INSERT INTO counted VALUES (1), "
				     "(2); COMMIT"),
			 2);
	assert_int_equal(must_run(t, "UPDATE counted SET a = 5 WHERE a = 1"),
			 1);
	assert_int_equal(must_run(t, "CREATE TABLE copied AS "
				     "SELECT * FROM counted; "),
			 2);
	assert_int_equal(must_run(t, "DELETE FROM counted; SELECT 1"), 2);
	assert_int_equal(must_run(t, "SELECT 1"), -1);
	assert_int_equal(must_run(t, "  -- nothing\n"), -1);
	must_run(t, "DROP TABLE counted; DROP TABLE copied");
}

static void writes_values_as_text(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);

	assert_string_equal(
		must_query(t,
			   "SELECT 1, NULL, 'a', CAST(1.50 AS decimal(9, 3)), "
			   "CAST('2026-11-21 10:00:03.5Z' AS timestamptz), "
			   "CAST('2026-01-02' AS date), CAST('' AS varchar)"
			   " UNION ALL SELECT 2, NULL, 'b', 0.000, NULL, NULL, "
			   "NULL ORDER BY 1;\n"),
		"1|NULL|a|1.500|2026-11-21 10:00:03.5+00|2026-01-02|;"
		"2|NULL|b|0.000|NULL|NULL|NULL");
}

static void keeps_no_more_rows_than_asked(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	struct rows rows;

	assert_true(t->w->ops->query(
		t->w, STR("SELECT * FROM generate_series(1, 100000) AS g(n)"),
		3, t->arena, &rows, &err));
	assert_int_equal(rows.nrows, 3);
	assert_true(rows.truncated);
	assert_true(str_is(rows.columns[0], "n"));
	assert_true(str_is(rows.values[2], "3"));
	assert_true(t->w->ops->query(t->w, STR("SELECT 1 AS a WHERE false"), 3,
				     t->arena, &rows, &err));
	assert_int_equal(rows.nrows, 0);
	assert_int_equal(rows.ncolumns, 1);
	assert_false(rows.truncated);
}

static void describes_tables_and_views(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct target target = {.schema = STR("d'x"), .name = STR("t\"1")};
	struct relation r;
	struct error err = {0};

	must_run(t, "CREATE SCHEMA \"d'x\"; CREATE TABLE \"d'x\".\"t\"\"1\" "
		    "(\"A b\" bigint, c varchar); "
		    "CREATE VIEW \"d'x\".v AS SELECT 1 AS one");
	assert_true(t->w->ops->describe(t->w, &target, t->arena, &r, &err));
	assert_int_equal(r.kind, RELATION_TABLE);
	assert_int_equal(r.columns.n, 2);
	assert_true(str_is(r.columns.v[0], "A b"));
	assert_true(str_eq_nocase(r.types.v[0], STR("bigint")));
	target.name = STR("v");
	assert_true(t->w->ops->describe(t->w, &target, t->arena, &r, &err));
	assert_int_equal(r.kind, RELATION_VIEW);
	assert_true(str_is(r.columns.v[0], "one"));
	target.name = STR("nothing");
	assert_true(t->w->ops->describe(t->w, &target, t->arena, &r, &err));
	assert_int_equal(r.kind, RELATION_NONE);
	assert_int_equal(r.columns.n, 0);
	must_run(t, "DROP VIEW \"d'x\".v; DROP TABLE \"d'x\".\"t\"\"1\"; "
		    "DROP SCHEMA \"d'x\"");
}

static void an_error_has_its_place(void **state)
{
	static const struct {
		const char *sql;
		int position;
	} cases[] = {
		{"SELECT 1;\nSELEC 2", 11},
		{"SELECT 'é', nowhere FROM (SELECT 1 AS a) AS s", 13},
		{"SELECT 1; SELECT *\n FROM no_such_table", 26},
	};
	struct test_warehouse *t = warehouse_or_skip(state);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = failing(t, cases[i].sql);

		assert_int_equal(err.kind, ERROR_SQL);
		assert_int_equal(err.position, cases[i].position);
		assert_null(strchr(err.text, '\n'));
	}
}

static void a_query_s_error_counts_from_its_own_text(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	struct rows rows;

	assert_false(t->w->ops->query(t->w, STR("SELECT 1, nowhere"), 3,
				      t->arena, &rows, &err));
	assert_int_equal(err.position, 11);
}

static void a_failure_leaves_no_transaction(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);

	must_run(t, "CREATE TABLE kept (a int)");
	failing(t, "BEGIN; INSERT INTO kept VALUES (1); SELECT nowhere");
	assert_string_equal(must_query(t, "SELECT count(*) FROM kept"), "0");
	must_run(t, "BEGIN; DROP TABLE kept; COMMIT");
}

static void checks_without_doing(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};

	assert_true(t->w->ops->check(t->w, STR("CREATE TABLE made AS SELECT 1"),
				     &err));
	assert_true(t->w->ops->check(
		t->w,
		STR("CREATE TABLE made (a int); INSERT INTO made "
		    "VALUES (1)"),
		&err));
	assert_false(t->w->ops->check(t->w, STR("SELECT * FROM made"), &err));
	assert_int_equal(err.kind, ERROR_SQL);
	err = (struct error){0};
	assert_false(t->w->ops->check(
		t->w, STR("CREATE TABLE made AS SELECT nowhere"), &err));
	err = (struct error){0};
	assert_false(t->w->ops->check(t->w, STR("SELECT 1; SELEC 2"), &err));
}

struct canceller {
	struct warehouse *w;
	atomic_bool stop;
};

static void *cancel_until_told(void *arg)
{
	struct canceller *c = arg;

	while (!atomic_load(&c->stop)) {
		c->w->ops->cancel(c->w);
		sched_yield();
	}
	return NULL;
}

static void cancel_stops_what_runs(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct canceller c = {.w = t->w};
	struct error err;
	pthread_t thread;

	pthread_create(&thread, NULL, cancel_until_told, &c);
	err = failing(t, "CREATE TABLE endless AS SELECT count(*) AS n "
			 "FROM generate_series(1, 1000000) AS a(x), "
			 "generate_series(1, 1000000) AS b(y)");
	atomic_store(&c.stop, true);
	pthread_join(thread, NULL);
	assert_int_equal(err.kind, ERROR_CANCELLED);
	assert_false(err.in_doubt);
}

static void says_its_version(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	struct str version;

	assert_true(warehouse_version(t->w, t->arena, &version, &err));
	assert_true(str_starts(version, STR("DuckDB 1.")) ||
		    str_starts(version, STR("PostgreSQL 1")));
}

static void siblings_see_the_same_database(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	struct warehouse *other;
	int64_t rows;

	must_run(t, "CREATE TABLE shared (a int)");
	assert_true(warehouse_open(&t->profile, ".", t->w, NULL, &other, &err));
	assert_true(other->ops->execute(
		other, STR("INSERT INTO shared VALUES (7)"), &rows, &err));
	other->ops->close(other);
	assert_string_equal(must_query(t, "SELECT a FROM shared"), "7");
	must_run(t, "DROP TABLE shared");
}

static void the_clock_is_utc(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);

	assert_string_equal(
		must_query(t, "SELECT CAST(TIMESTAMP '2026-07-01 12:00:00' AS "
			      "timestamptz)"),
		"2026-07-01 12:00:00+00");
}

#define ON(test, open)                                                         \
	{                                                                      \
#test " (" #open ")", test, open, close_warehouse, NULL        \
	}
#define ON_BOTH(test) ON(test, open_duckdb), ON(test, open_postgres)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(counts_the_rows_of_the_last_change),
		ON_BOTH(writes_values_as_text),
		ON_BOTH(keeps_no_more_rows_than_asked),
		ON_BOTH(describes_tables_and_views),
		ON_BOTH(an_error_has_its_place),
		ON_BOTH(a_query_s_error_counts_from_its_own_text),
		ON_BOTH(a_failure_leaves_no_transaction),
		ON_BOTH(checks_without_doing),
		ON_BOTH(cancel_stops_what_runs),
		ON_BOTH(says_its_version),
		ON_BOTH(siblings_see_the_same_database),
		ON_BOTH(the_clock_is_utc),
	};

	/* A zone that is not UTC, to see that ours is. */
	setenv("TZ", "Asia/Kolkata", 1);
	setenv("PGTZ", "Asia/Kolkata", 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
