/*
 * The SQL of a planned step. What a swap may leave broken is what this run
 * builds anew afterwards: the views that stand on the step's relation.
 */
#include "runtime/plan/plan.h"

#include <assert.h>

#include "base/arena.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/plan/plan_window.h"
#include "runtime/sql/audit.h"
#include "runtime/state/ledger.h"

struct ids {
	uint32_t *v;
	size_t n, cap;
};

/* Steps of views that stand on step, directly or on one another. */
static void views_on(const struct plan *p, uint32_t step, struct arena *arena,
		     struct ids *out)
{
	bool *seen = ARENA_NEW(arena, bool, p->nsteps);
	struct ids queue = {0};

	VEC_PUSH(arena, &queue, step);
	for (size_t at = 0; at < queue.n; at++) {
		uint32_t s = queue.v[at];

		for (uint32_t i = p->above_at[s]; i < p->above_at[s + 1]; i++) {
			uint32_t u = p->above[i];
			const struct step *up = &p->steps[u];
			const struct action *a =
				&p->request->graph->actions[up->action];

			if (seen[u] || a->disabled ||
			    (a->type != ACTION_VIEW &&
			     a->type != ACTION_ASSERTION))
				continue;
			seen[u] = true;
			VEC_PUSH(arena, &queue, u);
			VEC_PUSH(arena, out, u);
		}
	}
}

static struct sql_request sql_request_of(const struct plan *p, uint32_t step,
					 uint32_t piece,
					 const struct decision *now,
					 bool with_views, struct arena *arena)
{
	const struct graph *g = p->request->graph;
	const struct step *s = &p->steps[step];
	struct sql_request r = {
		.dialect = g->profile->dialect,
		.action = &g->actions[s->action],
		.found = now->found,
		.deed = now->deed,
		.piece = piece,
		.audits = p->audits ? &p->audits[s->action] : NULL,
		.forgets = plan_window_forgets(p, step),
	};
	const struct ledger *ledger = p->request->ledger;
	struct ids views = {0};

	if (s->once && ledger)
		r.claim = ledger_claim(ledger, arena,
				       target_short(arena, &r.action->target),
				       piece, piece);
	if (!with_views)
		return r;
	views_on(p, step, arena, &views);
	r.rebuilt = ARENA_NEW(arena, const struct action *, views.n);
	for (size_t i = 0; i < views.n; i++)
		r.rebuilt[i] = &g->actions[p->steps[views.v[i]].action];
	r.nrebuilt = (uint32_t)views.n;
	return r;
}

void plan_sql(const struct plan *p, uint32_t step, uint32_t piece,
	      const struct decision *now, struct arena *arena,
	      struct sql_task *out)
{
	struct sql_request r = sql_request_of(p, step, piece, now,
					      now->deed == DEED_REPLACE, arena);

	assert(p->steps[step].kind == STEP_ACTION);
	r.window = plan_window_sql(p, step, piece, arena);
	sql_make(&r, arena, out);
}

void plan_sql_changed(const struct plan *p, uint32_t step, uint32_t piece,
		      const struct decision *now,
		      const struct schema_change *change, struct arena *arena,
		      struct sql_task *out)
{
	struct sql_request r =
		sql_request_of(p, step, piece, now, false, arena);

	r.window = plan_window_sql(p, step, piece, arena);
	r.change = change;
	r.found = &change->after;
	sql_make(&r, arena, out);
}

void plan_sql_otherwise(const struct plan *p, uint32_t step,
			const struct decision *now, struct arena *arena,
			struct script *out)
{
	struct sql_request r = sql_request_of(p, step, 0, now, true, arena);

	sql_make_otherwise(&r, arena, out);
}
