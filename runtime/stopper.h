/* Asked between pieces of work whether to stop there. */
#ifndef RUNTIME_STOPPER_H
#define RUNTIME_STOPPER_H

#include "base/error.h"

struct stopper {
	bool (*is_stopped)(void *ctx);
	void *ctx;
};

/* False, with ERROR_CANCELLED, to stop. Without a stopper work goes on. */
static inline bool stopper_goes_on(const struct stopper *s, struct error *err)
{
	return !s || !s->is_stopped(s->ctx) ||
	       error_set(err, ERROR_CANCELLED, "the run was stopped");
}

#endif
