/* Connecting to PostgreSQL: what is said when it fails, and that it ends. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/warehouses.h"

/* A port that takes connections and says nothing. */
static int silent_port(int *fd)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(*fd >= 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(*fd, 5), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&a, &n), 0);
	return ntohs(a.sin_port);
}

static struct error refused_by_silence(const char *more,
				       const atomic_int *interrupted)
{
	char connection[120];
	struct error err;
	int fd;

	snprintf(connection, sizeof(connection), "host=127.0.0.1 port=%d %s",
		 silent_port(&fd), more);
	err = open_refused(connection, interrupted);
	close(fd);
	return err;
}

static void a_server_that_says_nothing_is_given_up(void **state)
{
	struct error err = refused_by_silence("connect_timeout=1", NULL);

	(void)state;
	assert_int_equal(err.kind, ERROR_CONNECT);
	assert_string_equal(err.text, "cannot connect to PostgreSQL: no answer "
				      "from 127.0.0.1 within 1 seconds");
	assert_non_null(strstr(err.hint, "connect_timeout"));
}

static void an_interrupt_ends_connecting(void **state)
{
	static const atomic_int interrupted = 2;
	struct error err =
		refused_by_silence("connect_timeout=0", &interrupted);

	(void)state;
	assert_int_equal(err.kind, ERROR_CANCELLED);
}

static void the_advice_fits_the_cause(void **state)
{
	static const struct {
		const char *connection, *text, *hint;
	} cases[] = {
		{"host=/no/such/folder", "No such file", "the server runs"},
		{"host=127.0.0.1 port=1", "Connection refused",
		 "check host and port"},
		{"hots=localhost user=me", "has the key \"hots\"",
		 "did you mean \"host\"?"},
		{"postgresql://me@h/db?conect_timeout=1",
		 "has the key \"conect_timeout\"",
		 "did you mean \"connect_timeout\"?"},
		{"service=weir_no_such_service", "weir_no_such_service",
		 "pg_service.conf"},
		{"what is this", "no connection string", "write it as"},
		{"sslmode=perhaps host=h", "sslmode", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = open_refused(cases[i].connection, NULL);

		assert_int_equal(err.kind, ERROR_CONNECT);
		assert_non_null(strstr(err.text, cases[i].text));
		assert_non_null(strstr(err.hint, cases[i].hint));
		assert_true(cases[i].hint[0] || !err.hint[0]);
	}
}

static struct error refused_with(struct test_warehouse *t, const char *more)
{
	struct str connection = arena_printf(
		t->arena, "%.*s %s", STR_ARG(t->profile.connection), more);

	return open_refused(connection.p, NULL);
}

static void a_server_says_what_is_missing(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = refused_with(t, "dbname=no_such_one");

	assert_non_null(strstr(err.text, "\"no_such_one\" does not exist"));
	assert_non_null(strstr(err.hint, "make the database"));
	err = refused_with(t, "user=nobody_here");
	assert_non_null(strstr(err.text, "\"nobody_here\" does not exist"));
	assert_non_null(strstr(err.hint, "user=..."));
}

static void an_interrupt_ends_a_query(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	atomic_int interrupted = 0;
	struct error err = {0};
	struct warehouse *w;
	struct rows rows;

	assert_true(
		warehouse_open(&t->profile, ".", NULL, &interrupted, &w, &err));
	interrupted = 2;
	assert_false(w->ops->query(w, STR("SELECT pg_sleep(600)"), 1, t->arena,
				   &rows, &err));
	assert_int_equal(err.kind, ERROR_CANCELLED);
	w->ops->close(w);
}

static void a_lost_connection_is_noticed_without_asking(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	const char *pid = must_query(t, "SELECT pg_backend_pid()");
	struct error err = {0};
	struct warehouse *other;
	int64_t rows;

	assert_true(t->w->ops->is_open(t->w));
	assert_true(warehouse_open(&t->profile, ".", NULL, NULL, &other, &err));
	assert_true(other->ops->execute(
		other,
		arena_printf(t->arena, "SELECT pg_terminate_backend(%s)", pid),
		&rows, &err));
	other->ops->close(other);
	while (t->w->ops->is_open(t->w))
		;
	assert_false(t->w->ops->execute(t->w, STR("SELECT 1"), &rows, &err));
	assert_int_equal(err.kind, ERROR_LOST);
}

/* From PostgreSQL 14 on. */
static void a_session_may_be_idle(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct profile impatient = t->profile;
	struct error err = {0};
	struct warehouse *w;
	struct rows rows;

	impatient.connection = arena_printf(
		t->arena, "%.*s options='-c idle_session_timeout=1min'",
		STR_ARG(t->profile.connection));
	if (!warehouse_open(&impatient, ".", NULL, NULL, &w, &err))
		skip();
	assert_true(w->ops->query(w, STR("SHOW idle_session_timeout"), 1,
				  t->arena, &rows, &err));
	assert_true(str_is(rows.values[0], "0"));
	w->ops->close(w);
}

#define WITH_SERVER(test)                                                      \
	cmocka_unit_test_setup_teardown(test, open_postgres, close_warehouse)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_says_nothing_is_given_up),
		cmocka_unit_test(an_interrupt_ends_connecting),
		cmocka_unit_test(the_advice_fits_the_cause),
		WITH_SERVER(a_server_says_what_is_missing),
		WITH_SERVER(an_interrupt_ends_a_query),
		WITH_SERVER(a_session_may_be_idle),
		WITH_SERVER(a_lost_connection_is_noticed_without_asking),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
