/* Planning of window tables: which intervals a step does, and how. */
#ifndef RUNTIME_PLAN_PLAN_WINDOW_H
#define RUNTIME_PLAN_PLAN_WINDOW_H

#include "runtime/plan/plan.h"
#include "runtime/window.h"

struct window_plan {
	struct window window;
	struct period whole;   /* what a table built anew consists of */
	struct periods pieces; /* else: what is done, a transaction each */
	struct str hash;       /* of the SQL */
	bool regrids;          /* as sql.h says */
};

/* Plans the step of a window, whose deed is decided as if it were any
 * incremental table's. Sets its deed, why and pieces, out->windows, or
 * out->refused. */
void plan_window(const struct plan_request *request, struct plan *out,
		 uint32_t step, struct arena *arena);

/* What a user should know of a planned window; unset for nothing. */
struct str plan_window_note(const struct plan *p, uint32_t step,
			    struct arena *arena);

/* Whether the step is no window, but weir_intervals has rows of its target:
 * what it makes of that is not what they tell. */
bool plan_window_forgets(const struct plan *p, uint32_t step);

/* False if the action cannot be a window: err says why. */
MUST_CHECK bool plan_window_check(const struct action *a, struct error *err);

/* How many intervals a piece of the step is, and when: "2026-11-20 to
 * 2026-11-21"; 0 if it is no window or has nothing to do. */
uint32_t plan_window_piece(const struct plan *p, uint32_t step, uint32_t piece,
			   struct arena *arena, struct str *when);

/* What statements are told of a piece of the step; NULL if it is no window or
 * has nothing to do. */
const struct sql_window *plan_window_sql(const struct plan *p, uint32_t step,
					 uint32_t piece, struct arena *arena);

#endif
