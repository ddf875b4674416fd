/* The director's crew in tests. */
#include "tests/unit/fake_crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/fake_warehouse.h"

static struct fake_crew *of(struct crew *c)
{
	return (struct fake_crew *)c;
}

static bool is_stopped(void *ctx)
{
	const struct job *j = ctx;

	return j->stopped;
}

static void hand(struct crew *base, struct job *j)
{
	struct fake_crew *c = of(base);
	int busy = 1, free = -1;

	for (int i = 0; i < FAKE_HANDS; i++) {
		if (c->hands[i].job)
			busy++;
		else
			free = i;
	}
	assert_true(free >= 0);
	c->hands[free].job = j;
	c->hands[free].ends_ms =
		c->now_ms + (c->takes_ms ? c->takes_ms(c->ctx, j) : 1);
	c->nhanded++;
	if (c->most_at_once < busy)
		c->most_at_once = busy;
}

static int next_to_end(const struct fake_crew *c)
{
	int first = -1;

	for (int i = 0; i < FAKE_HANDS; i++)
		if (c->hands[i].job &&
		    (first < 0 ||
		     c->hands[i].ends_ms < c->hands[first].ends_ms))
			first = i;
	return first;
}

static struct job *take(struct crew *base, int64_t wait_ms)
{
	struct fake_crew *c = of(base);
	int i = next_to_end(c);
	struct job *j;

	if (i < 0 || c->hands[i].ends_ms > c->now_ms + wait_ms) {
		c->nidle = wait_ms ? 0 : c->nidle + 1;
		assert_true(c->nidle < 100);
		c->now_ms += wait_ms;
		return NULL;
	}
	j = c->hands[i].job;
	if (c->now_ms < c->hands[i].ends_ms)
		c->now_ms = c->hands[i].ends_ms;
	if (worker_connect(&c->hands[i].worker, j,
			   &(struct stopper){is_stopped, j}))
		worker_do(&c->hands[i].worker, j,
			  &(struct stopper){is_stopped, j});
	worker_rest(&c->hands[i].worker, j);
	c->hands[i].job = NULL;
	j->next = NULL;
	return j;
}

static void cancel(struct crew *base, uint32_t step)
{
	struct fake_crew *c = of(base);

	for (int i = 0; i < FAKE_HANDS; i++) {
		struct job *j = c->hands[i].job;

		if (c->deaf || !j || (step != EVERY_STEP && j->step != step))
			continue;
		j->stopped = true;
		c->hands[i].ends_ms = c->now_ms;
	}
}

static void end(struct crew *base)
{
	struct fake_crew *c = of(base);

	for (int i = 0; i < FAKE_HANDS; i++) {
		assert_null(c->hands[i].job);
		worker_end(&c->hands[i].worker);
	}
}

void fake_crew_end(struct fake_crew *c)
{
	for (int i = 0; i < FAKE_HANDS; i++) {
		if (c->hands[i].job)
			arena_free(c->hands[i].job->arena);
		c->hands[i].job = NULL;
	}
	end(&c->base);
}

static int64_t now_ms(const struct time_source *t)
{
	return ((const struct fake_time *)t)->crew->now_ms;
}

static void sleep_ms(const struct time_source *t, int64_t ms)
{
	((const struct fake_time *)t)->crew->now_ms += ms;
}

static struct crew *hire(void *ctx, const struct execution *e)
{
	struct fake_crew *c = ((struct fake *)ctx)->crew;

	for (int i = 0; i < FAKE_HANDS; i++)
		c->hands[i].worker.execution = e;
	c->base.size = e->jobs < FAKE_HANDS ? e->jobs : FAKE_HANDS;
	return &c->base;
}

void fake_crew_start(struct fake_crew *c, struct fake *f,
		     struct connector *connector)
{
	static const struct crew_ops ops = {hand, take, cancel, end};

	memset(c, 0, sizeof(*c));
	c->base.ops = &ops;
	c->time = (struct fake_time){{now_ms, sleep_ms}, c};
	c->now_ms = FAKE_START_MS;
	f->crew = c;
	connector->hire = hire;
	connector->time = &c->time.base;
	connector->seed = 1;
}
