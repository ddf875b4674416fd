/* Waiting for the lock of a run: between tries, for as long as was asked. */
#ifndef RUNTIME_STATE_LOCK_WAIT_H
#define RUNTIME_STATE_LOCK_WAIT_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"
#include "runtime/clock.h"

struct lock_wait {
	uint32_t ms;                   /* at most; 0 for not at all */
	const atomic_int *interrupted; /* may be NULL */
	/* lock_wait_on()'s own */
	struct clock clock;
	int64_t end_ms, pause_ms;
};

/* After a try that failed: waits a little and forgets err, or returns false
 * with err as it is when the time is up or it is no matter of waiting, and
 * with ERROR_CANCELLED when interrupted. */
MUST_CHECK bool lock_wait_on(struct lock_wait *w, struct error *err);

#endif
