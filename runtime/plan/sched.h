/*
 * Decides which step may start next. Pure bookkeeping: no clock, no threads,
 * no warehouse, so that a test can drive a whole run. It writes the status
 * and the cause of the steps that it is given, and nobody else does.
 */
#ifndef RUNTIME_PLAN_SCHED_H
#define RUNTIME_PLAN_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/step.h"

struct arena;
struct sched;

/* Lives in arena; steps must outlive it. All start as STATUS_WAITING but those
 * that are reused, which are done, whatever happens to the others. */
struct sched *sched_new(struct arena *arena, struct step *steps,
			uint32_t nsteps);

/* Moves the next ready step to running. False if none is ready now. */
bool sched_next(struct sched *s, uint32_t *step);

/* Ends a running step, which readies or skips what waited for it. A disabled
 * step holds nothing back. */
void sched_finish(struct sched *s, uint32_t step, enum step_status status);

/* Nothing new starts: every step that waits becomes STATUS_CANCELLED. */
void sched_stop(struct sched *s);

/* Steps that became final since the last call, in that order, one a call. */
bool sched_ended(struct sched *s, uint32_t *step);

bool sched_is_done(const struct sched *s);

#endif
