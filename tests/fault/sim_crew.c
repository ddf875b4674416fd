/*
 * The director's stack is the main one. take() resumes a hand picked by
 * chance, which runs until it calls the warehouse again, and so on until one
 * has done its job. A hand that is blocked is resumed like the others, and
 * looks again. The clock goes on by chance, too, and jumps to the end of a
 * wait when there is nobody to wait for.
 */
#define _XOPEN_SOURCE 700 /* makecontext() */

#include "tests/fault/sim_crew.h"

#include <assert.h>
#include <stdlib.h>
#include <ucontext.h>

#include "base/arena.h"
#include "runtime/director.h"
#include "runtime/executor.h"
#include "runtime/worker.h"
#include "tests/fault/sim_world.h"

enum { HANDS_MAX = 4, STACK = 256 * 1024, PATIENCE = 64, STEP_MS = 5 };

struct hand {
	struct sim_crew *crew;
	struct worker worker;
	struct job *job; /* NULL: idle */
	ucontext_t context;
	char *stack;
	bool blocked, begun;
};

struct sim_crew {
	struct crew base;
	struct sim_world *world;
	struct hand hands[HANDS_MAX];
	struct hand *current; /* NULL: the director */
	ucontext_t director;
	struct job *results;
	int stuck; /* turns since somebody got on */
};

static struct sim_crew *of(struct crew *c)
{
	return (struct sim_crew *)c;
}

static bool is_stopped(void *ctx)
{
	const struct hand *h = ctx;

	return h->job->stopped;
}

static void work(struct hand *h)
{
	const struct stopper stop = {is_stopped, h};

	if (worker_connect(&h->worker, h->job, &stop))
		worker_do(&h->worker, h->job, &stop);
	worker_rest(&h->worker, h->job);
}

/* makecontext() passes ints only. */
static void begin(unsigned high, unsigned low)
{
	uintptr_t at = (uintptr_t)high << 16 << 16 | low;
	struct hand *h = (struct hand *)at;

	for (;;) {
		work(h);
		h->job->next = h->crew->results;
		h->crew->results = h->job;
		h->job = NULL;
		swapcontext(&h->context, &h->crew->director);
	}
}

static void resume(struct sim_crew *c, struct hand *h)
{
	uintptr_t at = (uintptr_t)h;

	if (!h->begun) {
		h->begun = true;
		getcontext(&h->context);
		h->stack = malloc(STACK);
		h->context.uc_stack.ss_sp = h->stack;
		h->context.uc_stack.ss_size = STACK;
		makecontext(&h->context, (void (*)(void))begin, 2,
			    (unsigned)(at >> 16 >> 16), (unsigned)at);
	}
	c->current = h;
	h->blocked = false;
	swapcontext(&c->director, &h->context);
	c->current = NULL;
	c->stuck = h->blocked ? c->stuck + 1 : 0;
}

bool sim_crew_pause(struct sim_crew *c, struct sim_world *w, bool blocked)
{
	struct hand *h = c ? c->current : NULL;

	if (sim_below(w, 3) == 0 || (!h && blocked)) {
		bool moved = sim_zombie_step(w);

		if (!h)
			return moved || !blocked;
	}
	if (!h)
		return true;
	h->blocked = blocked;
	swapcontext(&h->context, &c->director);
	return !blocked || c->stuck < (sim_has_zombies(w) ? 8 : 1) * PATIENCE;
}

static int busy_hands(struct sim_crew *c, struct hand **out)
{
	int n = 0;

	for (int i = 0; i < c->base.size; i++)
		if (c->hands[i].job)
			out[n++] = &c->hands[i];
	return n;
}

static void hand_job(struct crew *base, struct job *j)
{
	struct sim_crew *c = of(base);

	for (int i = 0; i < base->size; i++) {
		if (c->hands[i].job)
			continue;
		c->hands[i].job = j;
		return;
	}
	assert(!"all hands are full");
}

static struct job *take(struct crew *base, int64_t wait_ms)
{
	struct sim_crew *c = of(base);
	int64_t until = c->world->clock_ms + wait_ms;
	struct job *results;

	while (c->world->clock_ms < until) {
		struct hand *busy[HANDS_MAX];
		int n = busy_hands(c, busy);

		if (n == 0 || (c->results && sim_below(c->world, 2) == 0))
			break;
		c->world->clock_ms += sim_below(c->world, STEP_MS);
		resume(c, busy[sim_below(c->world, (uint32_t)n)]);
	}
	results = c->results;
	c->results = NULL;
	if (!results && c->world->clock_ms < until)
		c->world->clock_ms = until;
	return results;
}

static void cancel(struct crew *base, uint32_t step)
{
	struct sim_crew *c = of(base);

	for (int i = 0; i < base->size; i++) {
		struct hand *h = &c->hands[i];

		if (!h->job || (step != EVERY_STEP && h->job->step != step))
			continue;
		h->job->stopped = true;
		if (h->worker.warehouse)
			h->worker.warehouse->ops->cancel(h->worker.warehouse);
	}
}

static void end(struct crew *base)
{
	struct sim_crew *c = of(base);

	for (int i = 0; i < base->size; i++) {
		assert(!c->hands[i].job);
		worker_end(&c->hands[i].worker);
		free(c->hands[i].stack);
	}
}

struct sim_crew *sim_crew_new(struct sim_world *w, const struct execution *e)
{
	static const struct crew_ops ops = {hand_job, take, cancel, end};
	struct sim_crew *c = ARENA_NEW(e->run->arena, struct sim_crew, 1);

	c->base.ops = &ops;
	c->base.size = e->jobs < HANDS_MAX ? e->jobs : HANDS_MAX;
	c->world = w;
	for (int i = 0; i < c->base.size; i++) {
		c->hands[i].crew = c;
		c->hands[i].worker.execution = e;
	}
	return c;
}

struct crew *sim_crew_base(struct sim_crew *c)
{
	return &c->base;
}
