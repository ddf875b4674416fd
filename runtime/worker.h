/*
 * One of a run's crew: a connection, opened when it is needed, over which one
 * job after another is done. It belongs to one thread at a time.
 */
#ifndef RUNTIME_WORKER_H
#define RUNTIME_WORKER_H

#include <stdbool.h>

#include "runtime/stopper.h"

struct execution;
struct job;
struct warehouse;

struct worker {
	const struct execution *execution;
	struct warehouse *warehouse; /* NULL while there is none */
};

/* The three parts of a job, in this order. What is stopped is asked of stop;
 * the warehouse may be cancelled during the second only. */

/* False if there is no connection, or no wish for one: the job has ended. */
MUST_CHECK bool worker_connect(struct worker *w, struct job *j,
			       const struct stopper *stop);
void worker_do(struct worker *w, struct job *j, const struct stopper *stop);
/* Makes the connection fit for another job, or closes it. */
void worker_rest(struct worker *w, const struct job *j);

void worker_end(struct worker *w);

#endif
