/* The first half of planning: which steps there are, and in which order. */
#ifndef RUNTIME_PLAN_PLAN_ORDER_H
#define RUNTIME_PLAN_PLAN_ORDER_H

#include "runtime/plan/plan.h"

/* Sets out's steps, as far as action, load, kind and dependencies, and what
 * plan.h says of edges. Deeds are to be decided. */
void plan_order(const struct plan_request *request, struct arena *arena,
		struct plan *out);

#endif
