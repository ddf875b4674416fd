/*
 * A lock goes with the connection that holds it. It is taken again over
 * another one, with the waits of what is tried again, as long as what stands
 * in the way may pass by itself. A minute is patience enough: what runs goes
 * on meanwhile, and nothing else.
 */
#include "runtime/guard.h"

#include "base/error.h"
#include "runtime/clock.h"
#include "runtime/plan/retry.h"

enum { PATIENCE_MS = 60000 };

void guard_look(struct guard_watch *w, const struct run_guard *guard,
		enum warehouse_kind warehouse, const struct clock *clock,
		uint64_t *chance)
{
	struct error err = {0};

	if (w->state == GUARD_GIVEN_UP)
		return;
	if (w->state == GUARD_HELD) {
		if (guard->is_held(guard->ctx))
			return;
		*w = (struct guard_watch){.state = GUARD_LOST,
					  .since_ms = clock_ms(clock)};
	} else if (clock_ms(clock) < w->due_ms) {
		return;
	} else if (guard->take(guard->ctx, &err)) {
		w->state = GUARD_HELD;
		return;
	} else if (!retry_helps(warehouse, &err) ||
		   clock_ms(clock) - w->since_ms >= PATIENCE_MS) {
		w->state = GUARD_GIVEN_UP;
		return;
	}
	w->due_ms = clock_ms(clock) + retry_wait_ms(++w->tries, chance);
}
