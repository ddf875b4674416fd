#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/graph.h"
#include "runtime/director.h"
#include "runtime/worker.h"
#include "tests/unit/fake_warehouse.h"

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void a_connection_lost_while_idle_is_opened_anew(void **state)
{
	static const struct profile profile = {.dialect = &dialect_postgres};
	static const struct stopper stop = {never, NULL};
	struct fake fake;
	struct connector connector = fake_start(&fake, &profile);
	struct execution e = {.connector = &connector};
	struct worker w = {.execution = &e};
	struct job j = {0};

	(void)state;
	assert_true(worker_connect(&w, &j, &stop));
	assert_true(worker_connect(&w, &j, &stop));
	assert_int_equal(fake.opens, 1);
	fake.lost = true;
	assert_true(worker_connect(&w, &j, &stop));
	assert_int_equal(fake.opens, 2);
	assert_int_equal(fake.open_now, 1);
	worker_end(&w);
	fake_end(&fake);
}

static void what_a_load_committed_counts_without_a_connection(void **state)
{
	static const struct profile profile = {.dialect = &dialect_postgres};
	static const struct stopper stop = {never, NULL};
	struct fake fake;
	struct connector connector = fake_start(&fake, &profile);
	struct execution e = {.connector = &connector};
	struct worker w = {.execution = &e};
	struct job j = {0};

	(void)state;
	fake.refuses = true;
	assert_false(worker_connect(&w, &j, &stop));
	assert_int_equal(j.outcome.rows, -1);
	j.outcome.loaded = (struct load_result){
		.since = 1, .rows = 5, .files = 2, .files_skipped = 1};
	assert_false(worker_connect(&w, &j, &stop));
	assert_int_equal(j.outcome.rows, 5);
	assert_int_equal(j.outcome.loaded.files, 2);
	assert_int_equal(j.outcome.error.kind, ERROR_CONNECT);
	fake_end(&fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_lost_while_idle_is_opened_anew),
		cmocka_unit_test(
			what_a_load_committed_counts_without_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
