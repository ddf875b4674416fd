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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_lost_while_idle_is_opened_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
