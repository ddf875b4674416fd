/* What is PostgreSQL's alone: how connections fail, and how they end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "runtime/plan/retry.h"
#include "runtime/warehouse/cell.h"
#include "tests/unit/warehouses.h"

static struct error refused(const char *connection)
{
	struct error err = open_refused(connection, NULL);

	assert_int_equal(err.kind, ERROR_CONNECT);
	assert_true(err.hint[0] != '\0');
	return err;
}

static void a_server_that_is_not_there_is_named(void **state)
{
	struct error err = refused("host=/no/such/folder user=me");

	(void)state;
	assert_non_null(strstr(err.text, "/no/such/folder"));
	assert_null(strchr(err.text, '\n'));
}

static void a_secret_is_not_printed(void **state)
{
	static const char *const connections[] = {
		"postgres//me:s3cret@host/db",
		"host=/no/such/folder password=s3cret",
		"host=/no/such/folder password='s3cret",
		"pasword=s3cret",
		"postgresql://me:s3cret@host:port/db",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(connections) / sizeof(connections[0]);
	     i++) {
		struct error err = refused(connections[i]);

		assert_null(strstr(err.text, "s3cret"));
		assert_null(strstr(err.hint, "s3cret"));
	}
}

static const char *backend_of(struct test_warehouse *t)
{
	return must_query(t, "SELECT pg_backend_pid()");
}

static void kill_backend(void **state, const char *pid)
{
	struct test_warehouse *t = *state;
	struct str sql = arena_printf(
		t->arena,
		"SELECT pg_terminate_backend(%s); "
		"SELECT pg_sleep(0.01) FROM generate_series(1, 500) "
		"WHERE EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = %s)",
		pid, pid);
	struct error err = {0};
	struct warehouse *other;
	int64_t rows;

	assert_true(warehouse_open(&t->profile, ".", NULL, NULL, &other, &err));
	assert_true(other->ops->execute(other, sql, &rows, &err));
	other->ops->close(other);
}

static void a_killed_backend_is_a_lost_connection(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	kill_backend(state, backend_of(t));
	assert_false(t->w->ops->execute(t->w, STR("SELECT 1"), &rows, &err));
	assert_int_equal(err.kind, ERROR_LOST);
	assert_true(retry_helps(WAREHOUSE_POSTGRES, &err));
	assert_non_null(
		strstr(err.text, "the connection to PostgreSQL was lost"));
	/* And it stays lost, without a crash. */
	err = (struct error){0};
	assert_false(t->w->ops->execute(t->w, STR("SELECT 1"), &rows, &err));
	assert_int_equal(err.kind, ERROR_LOST);
	err = (struct error){0};
	assert_false(t->w->ops->check(t->w, STR("SELECT 1"), &err));
	assert_int_equal(err.kind, ERROR_LOST);
}

static void a_backend_that_ends_itself_says_why(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	assert_false(t->w->ops->execute(
		t->w, STR("SELECT pg_terminate_backend(pg_backend_pid())"),
		&rows, &err));
	assert_int_equal(err.kind, ERROR_LOST);
	assert_string_equal(err.sqlstate, "57P01");
	assert_non_null(strstr(err.text, "administrator command"));
}

static void a_commit_without_an_answer_is_in_doubt(void **state)
{
	static const struct {
		const char *before, *lost;
		bool in_doubt;
	} cases[] = {
		{"BEGIN; INSERT INTO doubted VALUES (1)", "COMMIT", true},
		{"BEGIN", "INSERT INTO doubted VALUES (1)", false},
		{"SELECT 1", "INSERT INTO doubted VALUES (1)", true},
		{"SELECT 1", "SET datestyle = iso", false},
		{"SELECT 1",
		 "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON doubted (a)",
		 true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_warehouse *t = warehouse_or_skip(state);
		struct error err = {0};
		const char *pid = backend_of(t);
		int64_t rows;

		must_run(t, "DROP TABLE IF EXISTS doubted; "
			    "CREATE TABLE doubted (a int)");
		must_run(t, cases[i].before);
		kill_backend(state, pid);
		assert_false(t->w->ops->execute(t->w, str_of(cases[i].lost),
						&rows, &err));
		assert_int_equal(err.kind, ERROR_LOST);
		assert_int_equal(strstr(err.hint, "not known whether") != NULL,
				 cases[i].in_doubt);
		assert_int_equal(strstr(err.hint, "is rolled back") != NULL,
				 !cases[i].in_doubt);
		t->w->ops->close(t->w);
		assert_true(warehouse_open(&t->profile, ".", NULL, NULL, &t->w,
					   &err));
	}
	must_run(*state, "DROP TABLE doubted");
}

struct endless {
	void **state;
	const char *pid;
	int rows;
	struct cell cell;
};

/* Kills the connection that it feeds, and goes on as if nothing were. */
static bool kill_in_between(void *ctx, const struct cell **row,
			    struct error *err)
{
	struct endless *e = ctx;

	(void)err;
	if (e->rows == 50000)
		kill_backend(e->state, e->pid);
	*row = e->rows++ < 5000000 ? &e->cell : NULL;
	return true;
}

static void a_backend_killed_in_a_copy_says_why(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	const struct target target = {.name = STR("fed")};
	const struct cell_column column = {STR("n"), CELL_INT64};
	struct endless e = {.state = state, .pid = backend_of(t)};
	struct cell_source source = {&column, 1, kill_in_between, &e};
	struct error err = {0};
	int64_t rows;

	must_run(t, "CREATE TEMP TABLE fed (n bigint); BEGIN");
	assert_false(t->w->ops->append(t->w, &target, &source, &rows, &err));
	assert_int_equal(err.kind, ERROR_LOST);
	assert_string_equal(err.sqlstate, "57P01");
	assert_non_null(strstr(err.text, "administrator command"));
	assert_true(e.rows < 5000000);
}

static void an_error_has_its_sqlstate_and_detail(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	must_run(t, "CREATE TABLE once (id int PRIMARY KEY)");
	assert_false(t->w->ops->execute(
		t->w, STR("INSERT INTO once VALUES (1), (1)"), &rows, &err));
	assert_string_equal(err.sqlstate, "23505");
	assert_non_null(strstr(err.text, "Key (id)=(1) already exists"));
	must_run(t, "DROP TABLE once");
}

static void a_statement_timeout_is_no_cancel(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	must_run(t, "SET statement_timeout = 20");
	assert_false(t->w->ops->execute(t->w, STR("SELECT pg_sleep(60)"), &rows,
					&err));
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	assert_string_equal(err.sqlstate, "57014");
}

/* The server uses one code for both. */
static void a_cancel_just_before_a_statement_is_no_timeout(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	must_run(t, "SET statement_timeout = 20");
	t->w->ops->cancel(t->w);
	assert_false(t->w->ops->execute(t->w, STR("SELECT pg_sleep(60)"), &rows,
					&err));
	assert_int_equal(err.kind, ERROR_CANCELLED);
}

static void a_cancel_by_somebody_else_is_no_timeout(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	assert_false(t->w->ops->execute(
		t->w,
		STR("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(60)"),
		&rows, &err));
	assert_int_equal(err.kind, ERROR_SQL);
	assert_string_equal(err.sqlstate, "57014");
	assert_false(retry_helps(WAREHOUSE_POSTGRES, &err));
}

static void a_deadlock_may_be_tried_again(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	must_run(t, "CREATE FUNCTION pg_temp.deadlock() RETURNS void AS $$ "
		    "BEGIN RAISE EXCEPTION USING ERRCODE = '40P01', "
		    "MESSAGE = 'deadlock detected'; END $$ LANGUAGE plpgsql");
	assert_false(t->w->ops->execute(
		t->w, STR("BEGIN; SELECT pg_temp.deadlock(); COMMIT"), &rows,
		&err));
	assert_true(retry_helps(WAREHOUSE_POSTGRES, &err));
	assert_false(err.in_doubt);
	err = (struct error){0};
	assert_false(t->w->ops->execute(
		t->w, STR("BEGIN; SELECT 1; COMMIT; SELECT pg_temp.deadlock()"),
		&rows, &err));
	assert_true(err.in_doubt);
}

static void copy_by_hand_is_refused(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};
	int64_t rows;

	must_run(t, "CREATE TEMP TABLE copied (a int)");
	assert_false(t->w->ops->execute(t->w, STR("COPY copied FROM STDIN"),
					&rows, &err));
	assert_int_equal(err.kind, ERROR_SQL);
	must_run(t, "COPY (SELECT 1) TO STDOUT");
	assert_string_equal(must_query(t, "SELECT count(*) FROM copied"), "0");
}

static void a_query_may_have_no_columns(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct arena *fresh = arena_new();
	struct error err = {0};
	struct rows rows;

	assert_true(
		t->w->ops->query(t->w, STR("SELECT"), 3, fresh, &rows, &err));
	assert_int_equal(rows.ncolumns, 0);
	assert_int_equal(rows.nrows, 1);
	assert_false(t->w->ops->query(t->w, STR("SET timezone = 'UTC'"), 3,
				      fresh, &rows, &err));
	assert_string_equal(err.text, "this is no query");
	arena_free(fresh);
}

static void the_server_sees_who_we_are(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);

	assert_string_equal(must_query(t, "SHOW application_name"), "weir");
	assert_string_equal(must_query(t, "SHOW client_encoding"), "UTF8");
}

#define WITH_SERVER(test)                                                      \
	cmocka_unit_test_setup_teardown(test, open_postgres, close_warehouse)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_is_not_there_is_named),
		cmocka_unit_test(a_secret_is_not_printed),
		WITH_SERVER(a_killed_backend_is_a_lost_connection),
		WITH_SERVER(a_commit_without_an_answer_is_in_doubt),
		WITH_SERVER(a_backend_that_ends_itself_says_why),
		WITH_SERVER(a_backend_killed_in_a_copy_says_why),
		WITH_SERVER(an_error_has_its_sqlstate_and_detail),
		WITH_SERVER(a_statement_timeout_is_no_cancel),
		WITH_SERVER(a_cancel_just_before_a_statement_is_no_timeout),
		WITH_SERVER(a_cancel_by_somebody_else_is_no_timeout),
		WITH_SERVER(a_deadlock_may_be_tried_again),
		WITH_SERVER(copy_by_hand_is_refused),
		WITH_SERVER(a_query_may_have_no_columns),
		WITH_SERVER(the_server_sees_who_we_are),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
