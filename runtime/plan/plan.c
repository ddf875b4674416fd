/*
 * What is to be done for each step, and what cannot be done: decided from the
 * graph and from what the warehouse holds.
 */
#include "runtime/plan/plan.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/plan/plan_order.h"
#include "runtime/plan/plan_window.h"
#include "runtime/plan/query_check.h"
#include "runtime/sql/audit.h"
#include "runtime/state/columns.h"
#include "runtime/state/window_book.h"
#include "runtime/warehouse/warehouse.h"

struct planner {
	const struct plan_request *request;
	const struct graph *graph;
	struct arena *arena;
	struct plan *out;
};

static bool is_relation(const struct action *a)
{
	return a->type == ACTION_TABLE || a->type == ACTION_VIEW ||
	       a->type == ACTION_INCREMENTAL;
}

static bool is_input(const struct action *a)
{
	return is_relation(a) || a->type == ACTION_DECLARATION ||
	       (a->type == ACTION_OPERATION && a->has_output);
}

bool *plan_looks_up(const struct graph *g, const bool *selected, bool dry_run,
		    struct arena *arena)
{
	bool *look = ARENA_NEW(arena, bool, g->nactions);

	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];

		if (!selected[i] || a->disabled)
			continue;
		look[i] |= is_relation(a);
		for (uint32_t d = 0; dry_run && d < a->ndeps; d++)
			if (a->dep_ids[d] != ACTION_NONE &&
			    is_input(&g->actions[a->dep_ids[d]]))
				look[a->dep_ids[d]] = true;
	}
	return look;
}

static struct str incremental_why(const struct plan_request *r,
				  const struct action *a, enum deed deed,
				  struct arena *arena)
{
	struct str keys;

	if (r->full_refresh && a->is_protected)
		return STR("protected from a full refresh");
	if (deed == DEED_OVERWRITE)
		return arena_printf(
			arena, "by partition %.*s",
			STR_ARG(value_get_str(a->bigquery, "partitionBy")));
	if (deed == DEED_INSERT)
		return STR("new rows are added");
	keys = columns_list(&a->unique_key, arena);
	return arena_printf(arena, "by unique key %.*s", STR_ARG(keys));
}

/* How rows are added. Dataform asks for the strategy before the key. */
static enum deed incremental_deed(const struct action *a)
{
	if (a->weir && a->weir->strategy == WEIR_DELETE_INSERT)
		return DEED_DELETE_INSERT;
	if (a->strategy == STRATEGY_INSERT_OVERWRITE)
		return DEED_OVERWRITE;
	return a->unique_key.n ? DEED_MERGE : DEED_INSERT;
}

/* The relation's kind is known. */
static void decide_relation(const struct plan_request *r,
			    const struct action *a, struct arena *arena,
			    struct decision *d)
{
	enum relation_kind found = d->found->kind;
	bool view = a->type == ACTION_VIEW;
	bool anew = r->full_refresh && !a->is_protected;

	if (found == RELATION_NONE) {
		d->deed = DEED_CREATE;
		d->why = STR("not there yet");
	} else if ((found == RELATION_VIEW) != view) {
		d->deed = DEED_REPLACE;
		d->why = view ? STR("a table stands there")
			      : STR("a view stands there");
	} else if (a->type != ACTION_INCREMENTAL || anew) {
		d->deed = DEED_REPLACE;
		d->why = a->type == ACTION_INCREMENTAL ? STR("full refresh")
			 : view                        ? STR("defined anew")
						       : STR("built anew");
	} else {
		d->deed = incremental_deed(a);
		d->why = incremental_why(r, a, d->deed, arena);
	}
}

/* An incremental table is created once: what finds it there adds rows. Windows
 * have weir_intervals. */
static bool is_once(const struct action *a)
{
	if (a->weir && a->weir->strategy == WEIR_WINDOW)
		return false;
	return a->type == ACTION_INCREMENTAL || a->type == ACTION_OPERATION ||
	       a->pre_ops.n || a->post_ops.n;
}

static void decide(const struct plan_request *r, const struct step *s,
		   struct arena *arena, struct decision *d)
{
	const struct action *a = &r->graph->actions[s->action];

	if (s->load) {
		d->deed = DEED_LOAD;
		d->why = STR("new files");
	} else if (a->disabled) {
		d->deed = DEED_NOTHING;
		d->why = STR("disabled");
	} else if (a->type == ACTION_OPERATION) {
		d->deed = DEED_RUN;
		d->why = STR("operations run every time");
	} else if (a->type == ACTION_ASSERTION) {
		d->deed = DEED_ASSERT;
		d->why = STR("assertions run every time");
	} else {
		decide_relation(r, a, arena, d);
	}
}

/* What cannot be done, whatever else happens. */
static void refuse(const struct action *a, const struct decision *d,
		   struct arena *arena, struct error *err)
{
	const struct relation *found = d->found;

	if (d->deed == DEED_NOTHING || d->deed == DEED_RUN || !is_relation(a))
		return;
	if (found->kind == RELATION_OTHER) {
		error_set(err, ERROR_SQL,
			  "what stands there is neither a table nor a view");
		error_hint(err, "weir replaces tables and views only: drop it, "
				"or give the action another name");
	} else if (d->deed == DEED_REPLACE && found->is_partitioned) {
		error_set(err, ERROR_SQL,
			  "what stands there is a partitioned table, which "
			  "would be lost with all its partitions");
		error_hint(err, "drop it, or make the action incremental and "
				"protected: rows are added to it then");
	} else if (deed_adds_rows(d->deed) && !columns_may_change(a) &&
		   !columns_suffice(a, d->deed, &found->columns, arena, err)) {
		return; /* err says which is missing */
	}
}

static void decide_step(struct planner *p, uint32_t step)
{
	struct step *s = &p->out->steps[step];
	const struct action *a = &p->graph->actions[s->action];
	struct decision d = {.found = &p->request->found[s->action]};

	decide(p->request, s, p->arena, &d);
	s->deed = d.deed;
	s->why = d.why;
	s->once = !s->load && !a->disabled && is_once(a);
	refuse(a, &d, p->arena, &p->out->refused[step]);
}

/* All are looked for, so that a user mends them at once. */
static void check_action(struct planner *p, uint32_t id)
{
	struct refusal r = {.action = id};

	if (!query_check(p->graph, id, p->arena, &r) ||
	    !plan_window_check(&p->graph->actions[id], &r.error))
		VEC_PUSH(p->arena, &p->out->refusals, r);
}

/* An option that only says how BigQuery stores a table. */
struct ignored {
	struct str first; /* the action where it was met first */
	uint32_t more;
};

static void ignore(struct planner *p, struct map *all, struct str option,
		   const struct action *a)
{
	struct ignored *i = map_get(all, option);

	if (i) {
		i->more++;
		return;
	}
	i = ARENA_NEW(p->arena, struct ignored, 1);
	i->first = target_short(p->arena, &a->target);
	map_put(all, option, i);
}

static bool is_set(const struct value *v)
{
	return v->kind == VALUE_ARRAY || v->kind == VALUE_OBJECT
		       ? v->n > 0
		       : value_is_truthy(v);
}

/* Of the rows of the table that a strategy may update or delete. */
static bool is_filter(struct str option)
{
	return str_is(option, "updatePartitionFilter") ||
	       str_is(option, "incrementalPredicates");
}

static void find_ignored(struct planner *p, struct map *all,
			 const struct action *a)
{
	const struct value *bq = a->bigquery;
	bool overwrites = a->strategy == STRATEGY_INSERT_OVERWRITE;
	bool replaces = overwrites || a->unique_key.n;

	if (a->materialized)
		ignore(p, all, STR("materialized"), a);
	for (uint32_t i = 0; bq && i < bq->n; i++) {
		struct str key = bq->members[i].key;

		if (is_set(&bq->members[i].value) &&
		    !(overwrites && str_is(key, "partitionBy")) &&
		    !(replaces && is_filter(key)))
			ignore(p, all, key, a);
	}
}

/* What a user may have relied on. */
static const char *consequence(struct str option)
{
	if (str_is(option, "partitionExpirationDays"))
		return ", where no row expires";
	if (is_filter(option))
		return " without uniqueKey, as rows are only added";
	return "";
}

static void note_ignored(struct planner *p, const struct map *all)
{
	struct strs *notes = &p->out->notes;

	notes->v = ARENA_NEW(p->arena, struct str,
			     all->n + 3 * (size_t)p->out->nsteps);
	for (size_t i = 0; i < all->n; i++) {
		const struct map_entry *e = &all->entries[i];
		const struct ignored *g = e->value;
		struct str more = STR("");

		if (g->more)
			more = arena_printf(p->arena, " and %u more", g->more);
		notes->v[notes->n++] = arena_printf(
			p->arena, "%.*s is ignored on %s%s: %.*s%.*s",
			STR_ARG(e->key), p->graph->profile->dialect->name,
			consequence(e->key), STR_ARG(g->first), STR_ARG(more));
	}
}

/* What --full-refresh leaves as it is. */
static void note_protected(struct planner *p)
{
	struct strs *notes = &p->out->notes;

	for (uint32_t i = 0; i < p->out->nsteps; i++) {
		const struct step *s = &p->out->steps[i];
		const struct action *a = &p->graph->actions[s->action];
		struct str name = target_short(p->arena, &a->target);

		if (!p->request->full_refresh || !a->is_protected ||
		    !deed_adds_rows(s->deed))
			continue;
		notes->v[notes->n++] = arena_printf(
			p->arena, "%.*s is protected: not refreshed in full",
			STR_ARG(name));
	}
}

/* Tables that are to be audited, and what will not be asked about them. */
static void note_unaudited(struct planner *p)
{
	struct strs *notes = &p->out->notes;

	for (uint32_t i = 0; p->out->audits && i < p->out->nsteps; i++) {
		const struct step *s = &p->out->steps[i];
		const struct action *a = &p->graph->actions[s->action];
		const struct audits *audits = &p->out->audits[s->action];
		struct str name = target_short(p->arena, &a->target), later;

		if (s->load || s->deed == DEED_NOTHING || !a->weir ||
		    !a->weir->audit || (audits->n && !audits->later))
			continue;
		if (!audits->later) {
			notes->v[notes->n++] = arena_printf(
				p->arena,
				"%.*s is not audited: no assertion about it "
				"can fail before it is published",
				STR_ARG(name));
			continue;
		}
		later = target_short(p->arena, &audits->later->target);
		notes->v[notes->n++] = arena_printf(
			p->arena,
			"%.*s is published before %.*s is asked, which needs "
			"what is made after it",
			STR_ARG(name), STR_ARG(later));
	}
}

static void note_windows(struct planner *p)
{
	struct strs *notes = &p->out->notes;

	for (uint32_t i = 0; i < p->out->nsteps; i++) {
		struct str note = plan_window_note(p->out, i, p->arena);

		if (note.p)
			notes->v[notes->n++] = note;
	}
}

static void list_schemas(struct planner *p)
{
	struct plan *out = p->out;
	struct map seen;

	map_init(&seen, p->arena);
	for (uint32_t i = 0; i < out->nsteps; i++) {
		const struct step *s = &out->steps[i];
		struct str schema = p->graph->actions[s->action].target.schema;

		if (schema.n && s->deed != DEED_NOTHING)
			map_intern(&seen, schema);
	}
	if (plan_has_once(out) && p->graph->default_schema.n)
		map_intern(&seen, p->graph->default_schema);
	out->schemas.v = ARENA_NEW(p->arena, struct str, seen.n);
	out->schemas.n = seen.n;
	for (size_t i = 0; i < seen.n; i++)
		out->schemas.v[i] = seen.entries[i].key;
}

bool plan_make(const struct plan_request *request, struct arena *arena,
	       struct plan *out, struct error *err)
{
	struct planner p = {.request = request,
			    .graph = request->graph,
			    .arena = arena,
			    .out = out};
	struct map ignored;

	*out = (struct plan){.request = request};
	plan_order(request, arena, out);
	out->audits = audit_plan(request->graph, arena);
	map_init(&ignored, arena);
	for (uint32_t i = 0; i < out->nsteps; i++) {
		struct step *s = &out->steps[i];

		s->rows = -1;
		s->cause = UINT32_MAX;
		decide_step(&p, i);
		if (is_window(&p.graph->actions[s->action]) &&
		    s->deed != DEED_NOTHING && !s->load)
			plan_window(request, out, i, arena);
		if (s->deed == DEED_NOTHING || s->load)
			continue;
		check_action(&p, s->action);
		find_ignored(&p, &ignored, &p.graph->actions[s->action]);
	}
	note_ignored(&p, &ignored);
	note_protected(&p);
	note_unaudited(&p);
	note_windows(&p);
	list_schemas(&p);
	if (out->refusals.n)
		*err = out->refusals.v[0].error;
	return out->refusals.n == 0;
}

bool plan_has_once(const struct plan *p)
{
	for (uint32_t i = 0; i < p->nsteps; i++)
		if (p->steps[i].once)
			return true;
	return false;
}

struct decision plan_decided(const struct plan *p, uint32_t step)
{
	const struct step *s = &p->steps[step];

	return (struct decision){
		.found = &p->request->found[s->action],
		.deed = s->deed,
		.why = s->why,
		.refused = &p->refused[step],
	};
}

void plan_decide(const struct plan *p, uint32_t step,
		 const struct relation *found, struct arena *arena,
		 struct decision *out)
{
	const struct plan_request *r = p->request;
	const struct step *s = &p->steps[step];
	struct error *refused = ARENA_NEW(arena, struct error, 1);

	*out = (struct decision){.found = found, .refused = refused};
	decide(r, s, arena, out);
	refuse(&r->graph->actions[s->action], out, arena, refused);
}

/* What a window is to fill was told by its book, not by what is found. */
bool plan_may_change(const struct plan *p, uint32_t step)
{
	const struct step *s = &p->steps[step];

	return !s->load && !p->windows[step] &&
	       is_relation(&p->request->graph->actions[s->action]);
}

bool plan_has_inputs(const struct plan *p, uint32_t step, uint32_t *missing)
{
	const struct graph *g = p->request->graph;
	const struct action *a = &g->actions[p->steps[step].action];

	for (uint32_t i = 0; i < a->ndeps; i++) {
		uint32_t d = a->dep_ids[i];

		if (d == ACTION_NONE || !is_input(&g->actions[d]) ||
		    p->request->found[d].kind != RELATION_NONE)
			continue;
		*missing = d;
		return false;
	}
	return true;
}
