/*
 * An assertion can be asked before a table is published if all that it depends
 * on is there by then: the table itself, and what that is made from. Others are
 * asked afterwards, as steps of their own, like all assertions.
 */
#include "runtime/sql/audit.h"

#include "base/arena.h"
#include "base/vec.h"
#include "compiler/graph.h"

struct auditing {
	const struct graph *g;
	struct arena *arena;
	struct audits *audits;
	bool **there; /* by action id: what is there with it; NULL: not asked */
};

static bool is_audited(const struct action *a)
{
	return a->weir && a->weir->audit && !a->disabled;
}

static bool can_fail(const struct action *a)
{
	return a->type == ACTION_ASSERTION && !a->disabled && a->query.p &&
	       !(a->weir && a->weir->only_warns);
}

/* By action id: the action itself, and what is made before it in any case. */
static const bool *there_with(struct auditing *a, uint32_t id)
{
	const struct graph *g = a->g;
	uint32_t *todo, n = 0;
	bool *there;

	if (a->there[id])
		return a->there[id];
	there = a->there[id] = ARENA_NEW(a->arena, bool, g->nactions);
	todo = ARENA_NEW(a->arena, uint32_t, g->nactions);
	there[id] = true;
	todo[n++] = id;
	while (n > 0) {
		const struct action *next = &g->actions[todo[--n]];

		for (uint32_t i = 0; i < next->ndeps; i++) {
			uint32_t d = next->dep_ids[i];

			if (d == ACTION_NONE || there[d])
				continue;
			there[d] = true;
			todo[n++] = d;
		}
	}
	return there;
}

/* The view of another assertion about the table is made after it, too. */
static bool can_be_asked(struct auditing *a, const struct action *assertion,
			 uint32_t id)
{
	const bool *there = there_with(a, id);

	for (uint32_t i = 0; i < assertion->ndeps; i++) {
		uint32_t d = assertion->dep_ids[i];

		if (d != ACTION_NONE && !there[d] &&
		    a->g->actions[d].type != ACTION_DECLARATION)
			return false;
	}
	return true;
}

static void add(struct auditing *a, const struct action *assertion)
{
	for (uint32_t i = 0; i < assertion->ndeps; i++) {
		uint32_t d = assertion->dep_ids[i];

		if (d == ACTION_NONE || !is_audited(&a->g->actions[d]))
			continue;
		if (can_be_asked(a, assertion, d))
			VEC_PUSH(a->arena, &a->audits[d], assertion);
		else
			a->audits[d].later = assertion;
	}
}

struct audits *audit_plan(const struct graph *g, struct arena *arena)
{
	struct auditing a = {.g = g, .arena = arena};
	bool any = false;

	for (uint32_t i = 0; i < g->nactions && !any; i++)
		any = is_audited(&g->actions[i]);
	if (!any)
		return NULL;
	a.audits = ARENA_NEW(arena, struct audits, g->nactions);
	a.there = ARENA_NEW(arena, bool *, g->nactions);
	for (uint32_t i = 0; i < g->nactions; i++)
		if (can_fail(&g->actions[i]))
			add(&a, &g->actions[i]);
	return a.audits;
}
