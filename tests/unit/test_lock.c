/* Locks between processes, here between connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "runtime/state/lock.h"
#include "tests/unit/warehouses.h"

static struct warehouse *another(struct test_warehouse *t)
{
	struct error err = {0};
	struct warehouse *w;

	if (!warehouse_open(&t->profile, ".", NULL, NULL, &w, &err))
		fail_msg("%s", err.text);
	return w;
}

static bool try_lock(struct test_warehouse *t, struct warehouse *w,
		     struct run_lock *l, const char *run, struct error *err)
{
	*err = (struct error){0};
	return lock_run(w, l, str_of(run), t->arena, err);
}

static void a_second_run_is_refused_and_told_by_whom(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	const char *pid = must_query(t, "SELECT pg_backend_pid()");
	struct warehouse *other = another(t);
	struct run_lock first = {STR("shop")}, second = first;
	struct run_lock ada = {STR("shop_ada")};
	struct error err;

	assert_true(try_lock(t, t->w, &first, "run-1", &err));
	assert_false(try_lock(t, other, &second, "run-2", &err));
	assert_int_equal(err.kind, ERROR_LOCKED);
	assert_non_null(strstr(err.text, "the lock \"shop\": \"weir run-1\" "));
	assert_non_null(strstr(err.text, pid));
	assert_non_null(strstr(err.text, ", since 20"));
	assert_non_null(strstr(err.hint, pid));
	assert_true(try_lock(t, other, &ada, "run-2", &err));
	other->ops->close(other);
}

static void a_lock_ends_with_its_connection(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct warehouse *other = another(t);
	struct run_lock first = {STR("shop")}, second = first;
	struct error err;

	assert_true(try_lock(t, other, &first, "run-1", &err));
	other->ops->close(other);
	while (!try_lock(t, t->w, &second, "run-2", &err) &&
	       err.kind == ERROR_LOCKED)
		;
	assert_int_equal(err.kind, ERROR_NONE);
}

static void a_run_that_ended_leaves_no_lock(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct warehouse *other = another(t);
	struct run_lock first = {STR("shop")}, second = first;
	struct error err;

	assert_true(try_lock(t, other, &first, "run-1", &err));
	assert_false(try_lock(t, t->w, &second, "run-2", &err));
	unlock_run(t->w, &second, t->arena);
	unlock_run(other, &first, t->arena);
	second = (struct run_lock){STR("shop")};
	assert_true(try_lock(t, t->w, &second, "run-3", &err));
	assert_string_equal(must_query(t, "SELECT count(*) FROM pg_locks "
					  "WHERE locktype = 'advisory' "
					  "AND database = (SELECT oid "
					  "FROM pg_database WHERE datname "
					  "= current_database())"),
			    "1");
	other->ops->close(other);
}

static void who_waits_longest_is_next(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct warehouse *other = another(t), *late = another(t);
	struct run_lock first = {STR("shop")}, second = first, third = first;
	struct error err;

	assert_true(try_lock(t, t->w, &first, "run-1", &err));
	for (int i = 0; i < 2; i++)
		assert_false(try_lock(t, other, &second, "run-2", &err));
	unlock_run(t->w, &first, t->arena);
	assert_false(try_lock(t, late, &third, "run-3", &err));
	assert_int_equal(err.kind, ERROR_LOCKED);
	assert_non_null(strstr(err.text, "about to take it"));
	assert_true(try_lock(t, other, &second, "run-2", &err));
	assert_false(try_lock(t, late, &third, "run-3", &err));
	assert_non_null(strstr(err.text, "\"weir run-2\""));
	unlock_run(other, &second, t->arena);
	assert_true(try_lock(t, late, &third, "run-3", &err));
	other->ops->close(other);
	late->ops->close(late);
}

static void what_a_run_before_began_is_waited_for(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct warehouse *other = another(t);
	struct run_lock lock = {STR("shop")};
	struct error err = {0};
	int64_t rows;
	struct str begin = arena_printf(
		t->arena, "BEGIN; SELECT pg_advisory_xact_lock_shared(%lld)",
		(long long)lock_work_key(lock.name));

	assert_true(other->ops->execute(other, begin, &rows, &err));
	for (int i = 0; i < 2; i++) {
		assert_false(try_lock(t, t->w, &lock, "run-2", &err));
		assert_int_equal(err.kind, ERROR_LOCKED);
		assert_non_null(strstr(err.text, "still at work"));
		assert_true(lock.is_held);
	}
	err = (struct error){0};
	assert_true(other->ops->execute(other, STR("COMMIT"), &rows, &err));
	assert_true(try_lock(t, t->w, &lock, "run-2", &err));
	unlock_run(t->w, &lock, t->arena);
	assert_true(other->ops->execute(other, begin, &rows, &err));
	lock.is_alone = true;
	assert_true(try_lock(t, t->w, &lock, "run-2", &err));
	other->ops->close(other);
}

static void a_name_that_the_user_chose_is_left(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct run_lock lock = {STR("shop")};
	struct error err;

	must_run(t, "SET application_name = 'nightly'");
	assert_true(try_lock(t, t->w, &lock, "run-1", &err));
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
		ON_POSTGRES(who_waits_longest_is_next),
		ON_POSTGRES(what_a_run_before_began_is_waited_for),
		ON_POSTGRES(a_name_that_the_user_chose_is_left),
		ON_POSTGRES(a_load_waits_for_the_one_before),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
