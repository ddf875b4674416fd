/*
 * A step counts the dependencies that it still waits for. Each one that ends
 * lowers the count; the last decides whether the step is ready or, if any of
 * them did not succeed, skipped. A skipped step is final and goes through the
 * same queue as a finished one: that is what carries a failure downstream
 * without recursion.
 *
 * Every step enters each queue at most once, so both are plain arrays. Queues
 * are first in, first out: the same graph and results give the same order.
 */
#include "runtime/plan/sched.h"

#include <assert.h>

#include "base/arena.h"

struct queue {
	uint32_t *ids, head, tail;
};

struct node {
	uint32_t nwaiting;
	uint32_t cause;       /* UINT32_MAX while all went well */
	uint32_t *dependents; /* a slice of one common array */
	uint32_t ndependents;
};

struct sched {
	struct step *steps;
	uint32_t nsteps;
	struct node *nodes;
	struct queue ready;
	struct queue ended; /* head: told to the dependents */
	uint32_t reported;  /* of ended: told to the caller */
	bool stopped;
};

static bool holds_back(enum step_status status)
{
	return status != STATUS_OK && status != STATUS_DISABLED &&
	       status != STATUS_REUSED;
}

/* The only place where a status changes. */
static void set_status(struct sched *s, uint32_t id, enum step_status status)
{
	assert(s->steps[id].status < STATUS_OK); /* final is final */
	s->steps[id].status = status;
	if (status >= STATUS_OK)
		s->ended.ids[s->ended.tail++] = id;
}

static void become_ready(struct sched *s, uint32_t id)
{
	struct node *n = &s->nodes[id];

	if (n->cause != UINT32_MAX &&
	    s->steps[n->cause].status == STATUS_FAILED) {
		s->steps[id].cause = n->cause;
		set_status(s, id, STATUS_SKIPPED);
	} else if (s->steps[id].reused) {
		set_status(s, id, STATUS_REUSED);
	} else if (s->stopped || n->cause != UINT32_MAX) {
		set_status(s, id, STATUS_CANCELLED);
	} else {
		s->ready.ids[s->ready.tail++] = id;
	}
}

static void tell_dependents(struct sched *s, uint32_t id)
{
	const struct node *n = &s->nodes[id];
	bool bad = holds_back(s->steps[id].status);
	uint32_t cause = n->cause != UINT32_MAX ? n->cause : id;

	for (uint32_t i = 0; i < n->ndependents; i++) {
		struct node *d = &s->nodes[n->dependents[i]];

		if (bad && d->cause == UINT32_MAX)
			d->cause = cause;
		if (--d->nwaiting == 0)
			become_ready(s, n->dependents[i]);
	}
}

static void tell_all(struct sched *s)
{
	while (s->ended.head < s->ended.tail)
		tell_dependents(s, s->ended.ids[s->ended.head++]);
}

static void link_dependents(struct sched *s, struct arena *arena)
{
	size_t nedges = 0;
	uint32_t *at;

	for (uint32_t i = 0; i < s->nsteps; i++) {
		for (uint32_t d = 0; d < s->steps[i].ndeps; d++)
			s->nodes[s->steps[i].deps[d]].ndependents++;
		nedges += s->steps[i].ndeps;
	}
	at = ARENA_NEW(arena, uint32_t, nedges);
	for (uint32_t i = 0; i < s->nsteps; i++) {
		s->nodes[i].dependents = at;
		at += s->nodes[i].ndependents;
		s->nodes[i].ndependents = 0;
	}
	for (uint32_t i = 0; i < s->nsteps; i++)
		for (uint32_t d = 0; d < s->steps[i].ndeps; d++) {
			struct node *n = &s->nodes[s->steps[i].deps[d]];

			n->dependents[n->ndependents++] = i;
		}
}

struct sched *sched_new(struct arena *arena, struct step *steps,
			uint32_t nsteps)
{
	struct sched *s = ARENA_NEW(arena, struct sched, 1);

	s->steps = steps;
	s->nsteps = nsteps;
	s->nodes = ARENA_NEW(arena, struct node, nsteps);
	s->ready.ids = ARENA_NEW(arena, uint32_t, nsteps);
	s->ended.ids = ARENA_NEW(arena, uint32_t, nsteps);
	for (uint32_t i = 0; i < nsteps; i++) {
		s->nodes[i].nwaiting = steps[i].ndeps;
		s->nodes[i].cause = UINT32_MAX;
		steps[i].status = STATUS_WAITING;
		steps[i].cause = UINT32_MAX;
	}
	link_dependents(s, arena);
	for (uint32_t i = 0; i < nsteps; i++)
		if (steps[i].ndeps == 0)
			become_ready(s, i);
	tell_all(s);
	return s;
}

bool sched_next(struct sched *s, uint32_t *step)
{
	if (s->ready.head == s->ready.tail)
		return false;
	*step = s->ready.ids[s->ready.head++];
	set_status(s, *step, STATUS_RUNNING);
	return true;
}

void sched_finish(struct sched *s, uint32_t step, enum step_status status)
{
	assert(s->steps[step].status == STATUS_RUNNING);
	assert(status >= STATUS_OK);
	set_status(s, step, status);
	tell_all(s);
}

void sched_stop(struct sched *s)
{
	if (s->stopped)
		return;
	s->stopped = true;
	while (s->ready.head < s->ready.tail)
		set_status(s, s->ready.ids[s->ready.head++], STATUS_CANCELLED);
	tell_all(s);
}

bool sched_ended(struct sched *s, uint32_t *step)
{
	if (s->reported == s->ended.tail)
		return false;
	*step = s->ended.ids[s->reported++];
	return true;
}

bool sched_is_done(const struct sched *s)
{
	return s->ended.tail == s->nsteps;
}
