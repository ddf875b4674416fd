/* The lock of a run while its steps are done. */
#ifndef RUNTIME_GUARD_H
#define RUNTIME_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/dialect.h"

struct clock;
struct error;

/* Nothing starts while the run does not hold its lock. */
struct run_guard {
	bool (*is_held)(void *ctx);
	/* One try to get back what was lost. It waits for the warehouse, for
	 * as long as a connection may take to be made, and no result of a step
	 * is looked at meanwhile. */
	bool (*take)(void *ctx, struct error *err);
	void *ctx;
};

enum guard_state { GUARD_HELD, GUARD_LOST, GUARD_GIVEN_UP };

/* The lock as it was seen last. */
struct guard_watch {
	enum guard_state state;
	int64_t since_ms, due_ms; /* lost since; when to try again */
	uint32_t tries;
};

/* Looks whether the lock is held and, when it is time, tries once to have it
 * again. What was given up stays so. */
void guard_look(struct guard_watch *w, const struct run_guard *guard,
		enum warehouse_kind warehouse, const struct clock *clock,
		uint64_t *chance);

#endif
