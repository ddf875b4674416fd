/*
 * A step is reused if the run before did all of it, it is made from the same,
 * what it made is still there, and all that it depends on is reused. The
 * journal says what was done, or may have been; where it was written no
 * further, the ledger says what was committed; what is there, the warehouse's
 * catalog. A run notes in its journal what it reused before it does anything,
 * so that only one run has to be looked at, however many were resumed.
 */
#include "runtime/record/resume.h"

#include "base/arena.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/clock.h"
#include "runtime/record/journal.h"
#include "runtime/record/runs.h"
#include "runtime/state/ledger.h"
#include "runtime/warehouse/warehouse.h"

enum { DAYS_MAX = 29 }; /* claims are kept for 30 */

static bool check_base(const struct past_run *base, const struct graph *g,
		       struct arena *arena, struct error *err)
{
	const char *warehouse = g->profile->dialect->name;
	struct clock clock = {0};
	struct str oldest;

	clock_start(&clock);
	oldest = clock_text(arena,
			    clock_ms(&clock) - DAYS_MAX * INT64_C(86400000));
	if (!str_is(base->warehouse, warehouse)) {
		error_set(err, ERROR_USAGE,
			  "run %.*s was on %.*s, but target %.*s is %s now",
			  STR_ARG(base->id), STR_ARG(base->warehouse),
			  STR_ARG(g->profile->name), warehouse);
		return error_hint(err, "start a new one: weir run");
	}
	if (str_cmp(base->started, oldest) >= 0)
		return true;
	error_set(err, ERROR_USAGE,
		  "run %.*s started more than %d days ago: what it did is no "
		  "longer known",
		  STR_ARG(base->id), DAYS_MAX);
	return error_hint(err, "start a new one: weir run");
}

/* What a run did it did in its database, whatever the target is called. */
static bool check_database(const struct past_run *base, const struct graph *g,
			   struct warehouse *w, struct arena *arena,
			   struct error *err)
{
	struct str now = warehouse_identity(w, g->root, arena);
	char hash[STEP_HASH + 1];

	if (!base->database_hash.n || !now.p)
		return true;
	journal_hash(now, hash);
	if (str_is(base->database_hash, hash))
		return true;
	error_set(err, ERROR_USAGE,
		  "run %.*s was on the database %.*s, but target %.*s is %.*s "
		  "now",
		  STR_ARG(base->id), STR_ARG(base->database),
		  STR_ARG(g->profile->name), STR_ARG(now));
	return error_hint(err, "start a new run, without --resume, or name a "
			       "run of this database: weir runs lists them");
}

bool resume_start(struct resume *r, const struct graph *g,
		  const struct past_run *resumed, struct str own,
		  struct warehouse *w, struct arena *arena, struct error *err)
{
	*r = (struct resume){0};
	map_init(&r->claims, arena);
	return runs_check_continued(g->root, resumed, own, arena, err) &&
	       runs_base(g->root, resumed, arena, &r->base, err) &&
	       check_base(&r->base, g, arena, err) &&
	       check_database(&r->base, g, w, arena, err) &&
	       ledger_wait(w, r->base.id, arena, err);
}

static struct str name_of(const struct plan *p, const struct step *s,
			  struct arena *arena)
{
	return target_short(arena,
			    &p->request->graph->actions[s->action].target);
}

static bool are_deps_reused(const struct plan *p, const struct step *s)
{
	for (uint32_t i = 0; i < s->ndeps; i++) {
		const struct step *d = &p->steps[s->deps[i]];

		if (!d->reused && d->deed != DEED_NOTHING)
			return false;
	}
	return true;
}

void resume_looks_up(const struct graph *g, const bool *selected, bool *wanted)
{
	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];

		if (!selected[i] || a->disabled)
			continue;
		wanted[i] |= a->type == ACTION_ASSERTION ||
			     (a->type == ACTION_OPERATION && a->has_output);
	}
	for (uint32_t i = 0; i < g->nloads; i++)
		wanted[g->loads[i].action] = true;
}

/* Whether what the step leaves stands under its name. */
static bool is_there(const struct plan *p, const struct step *s)
{
	const struct action *a = &p->request->graph->actions[s->action];
	enum relation_kind found = p->request->found[s->action].kind;

	switch (a->type) {
	case ACTION_TABLE:
	case ACTION_INCREMENTAL:
		return found == RELATION_TABLE;
	case ACTION_VIEW:
		return found == RELATION_VIEW;
	case ACTION_OPERATION:
		return !a->has_output || found != RELATION_NONE;
	default:
		return found != RELATION_NONE;
	}
}

static void note(struct step *s, struct arena *arena, struct str text)
{
	s->notes.v = ARENA_NEW(arena, struct str, 1);
	s->notes.n = 1;
	s->notes.v[0] = text;
}

/* Only whoever looks can know whether it was done. */
static void refuse(const struct resume *r, const struct plan *p, struct step *s)
{
	struct error *err = &p->refused[s - p->steps];

	s->in_doubt = true;
	error_set(err, ERROR_SQL,
		  "it is not known whether run %.*s did this, or some of it",
		  STR_ARG(r->base.id));
	error_hint(err, "look at what it changes, then start a new run of "
			"what is left");
}

/* It is not asked again: what was done behind it would be done again, too. */
static void reuse(const struct past_action *past, struct step *s,
		  struct arena *arena)
{
	s->reused = true;
	if (!past->warned)
		return;
	s->warned = true;
	s->rows = past->rows;
	note(s, arena,
	     arena_printf(arena,
			  "a warning still: %lld row%s broke it, and it is "
			  "not asked again",
			  (long long)s->rows, s->rows == 1 ? "" : "s"));
}

static void decide(const struct resume *r, const struct plan *p, struct step *s,
		   struct arena *arena)
{
	struct str name = name_of(p, s, arena);
	const struct past_action *past = map_get(&r->base.by_name, name);
	const bool *is_whole = map_get(&r->claims, name);
	bool is_gone = false;

	if (s->deed == DEED_NOTHING || !past || !str_is(past->hash, s->hash))
		return;
	if (past->in_doubt && !past_is_done(past)) {
		refuse(r, p, s);
		return;
	}
	if (!are_deps_reused(p, s))
		return;
	if (past_is_done(past) || (is_whole && *is_whole))
		is_gone = !is_there(p, s);
	if (is_gone) {
		note(s, arena,
		     arena_printf(arena, "was done by run %.*s, and is gone",
				  STR_ARG(r->base.id)));
	} else if (past_is_done(past)) {
		reuse(past, s, arena);
	} else if (s->once && is_whole && !p->windows[s - p->steps]) {
		/* What counts its rows, or has several parts, goes on. A
		 * window has others now: what is left of it is due. */
		s->reused =
			*is_whole && s->deed != DEED_ASSERT && s->npieces <= 1;
		s->resumed = !s->reused;
		if (s->reused)
			note(s, arena,
			     STR("was committed before the run was cut off"));
	}
}

void resume_decide(const struct resume *r, struct plan *plan,
		   struct arena *arena)
{
	for (uint32_t i = 0; i < plan->nsteps; i++)
		decide(r, plan, &plan->steps[i], arena);
}

bool resume_carry(const struct resume *r, const struct plan *plan,
		  const struct ledger *l, struct warehouse *w,
		  struct arena *arena, struct error *err)
{
	struct str_vec names = {0};
	struct strs actions;

	for (uint32_t i = 0; i < plan->nsteps; i++)
		if (plan->steps[i].resumed)
			VEC_PUSH(arena, &names,
				 name_of(plan, &plan->steps[i], arena));
	actions = (struct strs){names.v, names.n};
	return ledger_carry(l, w, r->base.id, &actions, arena, err);
}
