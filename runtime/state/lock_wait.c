/*
 * A lock is waited for by trying again and again. A statement that waits in
 * PostgreSQL would hold a snapshot for all that time, and what the run before
 * does might wait for it in turn (CREATE INDEX CONCURRENTLY does), which the
 * server cannot see to be a deadlock. Who waits longest is kept by the locks.
 */
#include "runtime/state/lock_wait.h"

enum { FIRST_PAUSE_MS = 20, LONGEST_PAUSE_MS = 320 };

static bool is_interrupted(const struct lock_wait *w)
{
	return w->interrupted && *w->interrupted;
}

bool lock_wait_on(struct lock_wait *w, struct error *err)
{
	int64_t left_ms;

	if (err->kind != ERROR_LOCKED || !w->ms)
		return false;
	if (!w->end_ms) {
		clock_start(&w->clock);
		w->end_ms = clock_ms(&w->clock) + w->ms;
		w->pause_ms = FIRST_PAUSE_MS;
	}
	left_ms = w->end_ms - clock_ms(&w->clock);
	if (left_ms <= 0)
		return false;
	if (!is_interrupted(w))
		clock_sleep(&w->clock,
			    w->pause_ms < left_ms ? w->pause_ms : left_ms);
	if (w->pause_ms < LONGEST_PAUSE_MS)
		w->pause_ms *= 2;
	*err = (struct error){0};
	return !is_interrupted(w) ||
	       error_set(err, ERROR_CANCELLED,
			 "the run was stopped while it waited for its lock");
}
