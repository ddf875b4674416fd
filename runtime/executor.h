/*
 * Runs a plan. The only threads of a run are here: one owns the schedule, the
 * journal and the observer; each worker owns one connection.
 */
#ifndef RUNTIME_EXECUTOR_H
#define RUNTIME_EXECUTOR_H

#include "runtime/plan.h"
#include "runtime/run.h"

struct journal;
struct warehouse;

/* Makes connections; called from several threads at once. */
struct connector {
	bool (*open)(void *ctx, struct warehouse **out, struct error *err);
	void *ctx;
};

struct execution {
	struct run *run; /* steps, counts and status are written */
	const struct plan *plan;
	const struct run_options *options;
	const struct run_observer *observer; /* may be NULL */
	struct journal *journal;
	const struct connector *connector;
	/* The run's lock is this connection's: nothing starts without it. */
	struct warehouse *lock;
	int jobs; /* at least 1 */
};

/* Returns when every step is final. */
void execute(const struct execution *e);

#endif
