/*
 * Runs a plan with a crew of threads, each with a connection of its own. The
 * only threads of a run are here.
 */
#ifndef RUNTIME_EXECUTOR_H
#define RUNTIME_EXECUTOR_H

#include "runtime/director.h"

/* Where a run's connections come from. A test may give it a crew and a time of
 * its own, too. */
struct connector {
	/* Called from several threads at once. */
	bool (*open)(void *ctx, struct warehouse **out, struct error *err);
	void *ctx;
	struct crew *(*hire)(void *ctx, const struct execution *e); /* NULL */
	const struct time_source *time;                             /* NULL */
	uint64_t seed; /* of what is left to chance; 0: the run's id */
};

/* Returns when every step is final. */
void execute(const struct execution *e);

#endif
