/*
 * Directs a run: what starts when, what becomes of each step, and what the
 * journal and the observer hear of it. It has no threads and waits for nothing
 * but its crew, which does the jobs. Time is the run's clock's.
 */
#ifndef RUNTIME_DIRECTOR_H
#define RUNTIME_DIRECTOR_H

#include <stdatomic.h>

#include "runtime/guard.h"
#include "runtime/perform/perform.h"
#include "runtime/plan/plan.h"
#include "runtime/run.h"

struct connector;
struct journal;

struct execution {
	struct run *run; /* steps, counts and status are written */
	const struct plan *plan;
	const struct run_options *options;
	const struct run_observer *observer; /* may be NULL */
	struct journal *journal;
	const struct connector *connector;
	const struct run_guard *lock;
	int jobs; /* at least 1 */
};

/* One attempt at one piece of a step. */
struct job {
	struct job *next;
	uint32_t step, piece;
	uint32_t attempt;    /* from 1 */
	int64_t due_ms;      /* when to hand it out again */
	int64_t timeout_ms;  /* of its statements; 0: none */
	struct arena *arena; /* of the outcome; the director's */
	struct outcome outcome;
	bool ok;
	bool in_doubt; /* of an attempt, it is not known whether it was done */
	atomic_bool *in_doubt_now; /* as perform.h has it */
	atomic_bool stopped;       /* the crew's: it was asked to stop */
};

#define EVERY_STEP UINT32_MAX

/* Who does jobs. The calls are one thread's, and none of them waits for a
 * warehouse. */
struct crew {
	const struct crew_ops *ops;
	int size; /* jobs that can run at once; 0 if nobody could be had */
};

struct crew_ops {
	/* Begins a job. At most size of them are under way. */
	void (*hand)(struct crew *c, struct job *j);
	/* The jobs that ended since, each once, linked by next; waits for the
	 * first, wait_ms at most. NULL if there are none, at times early. */
	struct job *(*take)(struct crew *c, int64_t wait_ms);
	/* Stops the jobs of a step, or EVERY_STEP, in the warehouse too: they
	 * end, by and by, with ERROR_CANCELLED. Once is enough. */
	void (*cancel)(struct crew *c, uint32_t step);
	/* No job is under way. */
	void (*end)(struct crew *c);
};

/* Returns when every step is final. If the run was left, jobs are still under
 * way, and the crew cannot be ended. */
void direct(const struct execution *e, struct crew *crew);

#endif
