/*
 * Steps are numbered in an order in which they may run: loads first, then
 * actions as soon as all they wait for have a number. So a plan reads from
 * top to bottom, and is the same for the same project.
 *
 * A step waits for the steps of its dependencies. A dependency that is not
 * selected is taken as it stands, but a view that is not selected shows what
 * lies under it now: it is looked through.
 */
#include "runtime/plan/plan_order.h"

#include "base/arena.h"
#include "base/vec.h"
#include "compiler/graph.h"

struct ids {
	uint32_t *v;
	size_t n, cap;
};

struct sorter {
	const struct plan_request *request;
	const struct graph *graph;
	struct arena *arena;
	struct plan *out;
	const struct load **load_of; /* by action id */
	uint32_t *seen; /* by action id: the last one that came by */
};

/* Loads that a selected action reads from. */
static void find_loads(struct sorter *p)
{
	const struct graph *g = p->graph;
	const struct load **all =
		ARENA_NEW(p->arena, const struct load *, g->nactions);

	p->load_of = ARENA_NEW(p->arena, const struct load *, g->nactions);
	for (uint32_t i = 0; i < g->nloads; i++)
		all[g->loads[i].action] = &g->loads[i];
	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];

		if (!p->request->selected[i] || a->disabled)
			continue;
		for (uint32_t d = 0; d < a->ndeps; d++)
			if (a->dep_ids[d] != ACTION_NONE)
				p->load_of[a->dep_ids[d]] = all[a->dep_ids[d]];
	}
}

static bool is_step(const struct sorter *p, uint32_t id)
{
	if (p->graph->actions[id].type == ACTION_DECLARATION)
		return p->load_of[id] != NULL;
	return p->request->selected[id];
}

/* Adds the actions that top waits for, each once, found below id. */
static void gather(struct sorter *p, uint32_t top, uint32_t id, struct ids *out)
{
	const struct action *a = &p->graph->actions[id];

	for (uint32_t i = 0; i < a->ndeps; i++) {
		uint32_t d = a->dep_ids[i];

		if (d == ACTION_NONE || d == top || p->seen[d] == top + 1)
			continue;
		p->seen[d] = top + 1;
		if (is_step(p, d))
			VEC_PUSH(p->arena, out, d);
		else if (p->graph->actions[d].type == ACTION_VIEW)
			gather(p, top, d, out);
	}
}

struct order {
	struct ids *waits_for; /* by action id */
	struct ids *waited_by;
	uint32_t *nwaiting;
	struct ids queue;
};

static void gather_all(struct sorter *p, struct order *o)
{
	uint32_t n = p->graph->nactions;

	o->waits_for = ARENA_NEW(p->arena, struct ids, n);
	o->waited_by = ARENA_NEW(p->arena, struct ids, n);
	o->nwaiting = ARENA_NEW(p->arena, uint32_t, n);
	p->seen = ARENA_NEW(p->arena, uint32_t, n);
	for (uint32_t i = 0; i < n; i++) {
		struct ids *w = &o->waits_for[i];

		if (!is_step(p, i))
			continue;
		if (!p->load_of[i])
			gather(p, i, i, w);
		o->nwaiting[i] = (uint32_t)w->n;
		for (size_t d = 0; d < w->n; d++)
			VEC_PUSH(p->arena, &o->waited_by[w->v[d]], i);
	}
}

/* Fills o->queue: the action ids of all steps in an order to run them in. */
static void put_in_order(struct sorter *p, struct order *o)
{
	uint32_t n = p->graph->nactions;

	for (int loads = 1; loads >= 0; loads--)
		for (uint32_t i = 0; i < n; i++)
			if (is_step(p, i) && o->nwaiting[i] == 0 &&
			    (p->load_of[i] != NULL) == loads)
				VEC_PUSH(p->arena, &o->queue, i);
	for (size_t at = 0; at < o->queue.n; at++) {
		const struct ids *by = &o->waited_by[o->queue.v[at]];

		for (size_t i = 0; i < by->n; i++)
			if (--o->nwaiting[by->v[i]] == 0)
				VEC_PUSH(p->arena, &o->queue, by->v[i]);
	}
}

static void number_steps(struct sorter *p, const struct order *o)
{
	struct plan *out = p->out;
	uint32_t n = p->graph->nactions;

	out->nsteps = (uint32_t)o->queue.n;
	out->steps = ARENA_NEW(p->arena, struct step, out->nsteps);
	out->refused = ARENA_NEW(p->arena, struct error, out->nsteps);
	out->windows = ARENA_NEW(p->arena, struct window_plan *, out->nsteps);
	out->step_of = ARENA_NEW(p->arena, uint32_t, n);
	for (uint32_t i = 0; i < n; i++)
		out->step_of[i] = UINT32_MAX;
	for (uint32_t i = 0; i < out->nsteps; i++)
		out->step_of[o->queue.v[i]] = i;
}

static void link_steps(struct sorter *p, const struct order *o)
{
	struct plan *out = p->out;
	size_t nedges = 0, at = 0;

	for (uint32_t i = 0; i < out->nsteps; i++)
		nedges += o->waits_for[o->queue.v[i]].n;
	out->above = ARENA_NEW(p->arena, uint32_t, nedges);
	out->above_at = ARENA_NEW(p->arena, uint32_t, out->nsteps + 1);
	for (uint32_t i = 0; i < out->nsteps; i++) {
		const struct ids *w = &o->waits_for[o->queue.v[i]];
		const struct ids *by = &o->waited_by[o->queue.v[i]];
		struct step *s = &out->steps[i];

		s->action = o->queue.v[i];
		s->load = p->load_of[s->action];
		s->kind = s->load ? STEP_LOAD : STEP_ACTION;
		s->deps = ARENA_NEW(p->arena, uint32_t, w->n);
		s->ndeps = (uint32_t)w->n;
		for (size_t d = 0; d < w->n; d++)
			s->deps[d] = out->step_of[w->v[d]];
		out->above_at[i] = (uint32_t)at;
		for (size_t d = 0; d < by->n; d++)
			out->above[at++] = out->step_of[by->v[d]];
	}
	out->above_at[out->nsteps] = (uint32_t)at;
}
void plan_order(const struct plan_request *request, struct arena *arena,
		struct plan *out)
{
	struct sorter p = {.request = request,
			   .graph = request->graph,
			   .arena = arena,
			   .out = out};
	struct order order = {0};

	find_loads(&p);
	gather_all(&p, &order);
	put_in_order(&p, &order);
	number_steps(&p, &order);
	link_steps(&p, &order);
}
