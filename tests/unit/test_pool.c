/* Work ahead: everything once, nothing before it is asked for is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/pool.h"

struct squares {
	uint64_t *values;
	unsigned *times;
	unsigned nthreads;
};

/* Long enough that threads overlap. */
static void make_square(void *ctx, size_t item, unsigned thread)
{
	struct squares *s = ctx;
	uint64_t sum = 0;

	if (thread >= s->nthreads)
		abort();
	for (size_t i = 0; i < item % 97 * 10 + 1; i++)
		sum += item;
	s->values[item] = sum;
	s->times[item]++;
}

static void start(struct squares *s, size_t n)
{
	s->values = calloc(n + 1, sizeof(*s->values));
	s->times = calloc(n + 1, sizeof(*s->times));
	s->nthreads = pool_threads(n);
}

static void stop(struct squares *s)
{
	free(s->values);
	free(s->times);
}

static void every_item_is_made_once(void **state)
{
	static const size_t sizes[] = {0, 1, 31, 32, 1000, 20000};

	(void)state;
	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		struct squares s;
		struct pool *p;

		start(&s, sizes[k]);
		p = pool_start(sizes[k], make_square, &s);
		for (size_t i = 0; i < sizes[k]; i++) {
			pool_wait(p, i);
			assert_int_equal(s.values[i], i * (i % 97 * 10 + 1));
			assert_int_equal(s.times[i], 1);
		}
		pool_end(p);
		stop(&s);
	}
}

static void ends_before_all_is_made(void **state)
{
	struct squares s;
	struct pool *p;

	(void)state;
	start(&s, 5000);
	p = pool_start(5000, make_square, &s);
	pool_wait(p, 10);
	pool_end(p);
	for (size_t i = 0; i <= 10; i++)
		assert_int_equal(s.times[i], 1);
	for (size_t i = 0; i < 5000; i++)
		assert_in_range(s.times[i], 0, 1);
	stop(&s);
}

static void few_items_need_no_thread(void **state)
{
	(void)state;
	assert_int_equal(pool_threads(0), 1);
	assert_int_equal(pool_threads(31), 1);
}

struct gate {
	atomic_bool open;
};

static void wait_for_gate(void *ctx, size_t item, unsigned thread)
{
	struct gate *g = ctx;

	(void)item;
	(void)thread;
	while (!g->open)
		;
}

static void who_watches_is_told_that_work_goes_on(void **state)
{
	enum { N = 40 };
	struct gate gate = {0};
	struct pool *p = pool_start_watched(N, wait_for_gate, &gate);

	(void)state;
	assert_in_range(pool_watched_threads(N), 1, N);
	assert_false(pool_watch(p, 0, 1));
	assert_false(pool_watch(p, N - 1, 1));
	gate.open = true;
	for (size_t i = 0; i < N; i++)
		while (!pool_watch(p, i, 1000))
			;
	assert_true(pool_watch(p, N - 1, 0));
	pool_end(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_is_made_once),
		cmocka_unit_test(ends_before_all_is_made),
		cmocka_unit_test(few_items_need_no_thread),
		cmocka_unit_test(who_watches_is_told_that_work_goes_on),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
