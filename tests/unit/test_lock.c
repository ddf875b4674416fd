/* Locks between processes, here between connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "runtime/lock.h"
#include "tests/unit/warehouses.h"

static struct warehouse *another(struct test_warehouse *t)
{
	struct error err = {0};
	struct warehouse *w;

	if (!warehouse_open(&t->profile, ".", NULL, NULL, &w, &err))
		fail_msg("%s", err.text);
	return w;
}

static void a_second_run_is_refused_and_told_by_whom(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	const char *pid = must_query(t, "SELECT pg_backend_pid()");
	struct warehouse *other = another(t);
	struct error err = {0};

	assert_true(lock_run(t->w, STR("shop"), STR("run-1"), t->arena, &err));
	assert_false(
		lock_run(other, STR("shop"), STR("run-2"), t->arena, &err));
	assert_int_equal(err.kind, ERROR_LOCKED);
	assert_non_null(strstr(err.text, "the lock \"shop\": \"weir run-1\" "));
	assert_non_null(strstr(err.text, pid));
	assert_non_null(strstr(err.text, ", since 20"));
	assert_non_null(strstr(err.hint, pid));
	err = (struct error){0};
	assert_true(
		lock_run(other, STR("shop_ada"), STR("run-2"), t->arena, &err));
	other->ops->close(other);
}

static void a_lock_ends_with_its_connection(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct warehouse *other = another(t);
	struct error err = {0};

	assert_true(lock_run(other, STR("shop"), STR("run-1"), t->arena, &err));
	other->ops->close(other);
	do
		err = (struct error){0};
	while (!lock_run(t->w, STR("shop"), STR("run-2"), t->arena, &err) &&
	       err.kind == ERROR_LOCKED);
	assert_int_equal(err.kind, ERROR_NONE);
}

static void a_run_that_ended_leaves_no_lock(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct warehouse *other = another(t);
	struct error err = {0};

	assert_true(lock_run(other, STR("shop"), STR("run-1"), t->arena, &err));
	unlock_run(other, STR("shop"), t->arena);
	assert_true(lock_run(t->w, STR("shop"), STR("run-2"), t->arena, &err));
	other->ops->close(other);
}

static void a_name_that_the_user_chose_is_left(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct error err = {0};

	must_run(t, "SET application_name = 'nightly'");
	assert_true(lock_run(t->w, STR("shop"), STR("run-1"), t->arena, &err));
	assert_string_equal(must_query(t, "SHOW application_name"), "nightly");
}

static void a_load_waits_for_the_one_before(void **state)
{
	const struct target raw = {.schema = STR("raw"), .name = STR("events")};
	const struct target more = {.schema = STR("raw"), .name = STR("more")};
	struct test_warehouse *t = warehouse_or_skip(state);
	struct warehouse *other = another(t);
	struct error err = {0};
	int64_t rows;

	assert_true(lock_table(t->w, &raw, t->arena, &err));
	assert_true(lock_table(other, &more, t->arena, &err));
	assert_true(other->ops->execute(
		other, STR("SET statement_timeout = 20"), &rows, &err));
	assert_false(lock_table(other, &raw, t->arena, &err));
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	unlock_table(t->w, &raw, t->arena);
	err = (struct error){0};
	assert_true(lock_table(other, &raw, t->arena, &err));
	other->ops->close(other);
}

#define ON_POSTGRES(test)                                                      \
	cmocka_unit_test_setup_teardown(test, open_postgres, close_warehouse)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_POSTGRES(a_second_run_is_refused_and_told_by_whom),
		ON_POSTGRES(a_lock_ends_with_its_connection),
		ON_POSTGRES(a_run_that_ended_leaves_no_lock),
		ON_POSTGRES(a_name_that_the_user_chose_is_left),
		ON_POSTGRES(a_load_waits_for_the_one_before),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
