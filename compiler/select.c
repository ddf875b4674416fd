/*
 * Selection: patterns and tags give a first set, which is then grown along the
 * dependencies and, from all of that, along the dependents, as Dataform does.
 */
#include "compiler/select.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "compiler/diag.h"

struct selector {
	const struct graph *g;
	struct arena *arena;
	bool *selected;
	bool others;                /* what no run builds may be chosen, too */
	struct str *shorts, *texts; /* names of actions, made when needed */
};

static bool can_select(const struct selector *s, uint32_t id)
{
	return s->others || action_is_runnable(&s->g->actions[id]);
}

static void make_names(struct selector *s)
{
	uint32_t n = s->g->nactions;

	if (s->shorts || !n)
		return;
	s->shorts = ARENA_NEW(s->arena, struct str, n);
	s->texts = ARENA_NEW(s->arena, struct str, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct target *t = &s->g->actions[i].target;

		s->shorts[i] = target_short(s->arena, t);
		s->texts[i] = target_text(s->arena, t);
	}
}

static bool action_matches(const struct selector *s, struct str pattern,
			   uint32_t id)
{
	return target_matches(&s->g->actions[id].target, pattern);
}

/* Names as short as the pattern is, for "did you mean". */
static bool hint_near(struct selector *s, struct str pattern, struct error *err)
{
	bool dotted = str_find(pattern, '.', 0) != pattern.n;
	struct str_vec all = {0};
	struct str near;

	make_names(s);
	for (uint32_t i = 0; i < s->g->nactions; i++)
		if (can_select(s, i))
			VEC_PUSH(s->arena, &all,
				 dotted ? s->shorts[i]
					: s->g->actions[i].target.name);
	near = suggest(pattern, all.v, all.n);
	if (near.p)
		return error_hint(err, "did you mean \"%.*s\"?", STR_ARG(near));
	return error_hint(err, s->others ? "`weir compile --json` shows all "
					   "actions"
					 : "`weir list` prints what can be "
					   "run");
}

static bool refuse_type(struct str pattern, enum action_type type,
			struct error *err)
{
	static const char *const kinds[] = {
		[ACTION_DECLARATION] = "declaration",
		[ACTION_TEST] = "test",
		[ACTION_NOTEBOOK] = "notebook",
		[ACTION_DATA_PREPARATION] = "data preparation",
		[ACTION_PROPERTY_GRAPH] = "property graph",
	};

	error_set(err, ERROR_USAGE, "\"%.*s\" is a %s, which is never built",
		  STR_ARG(pattern), kinds[type]);
	if (type == ACTION_TEST)
		return error_hint(err, "`weir test` runs the tests");
	if (type != ACTION_DECLARATION)
		return error_hint(err, "`weir list` prints what can be run");
	return error_hint(err, "select the actions that read it: `weir list` "
			       "prints them");
}

static bool refuse_unknown(struct selector *s, struct str pattern,
			   struct error *err)
{
	for (uint32_t i = 0; i < s->g->nactions; i++)
		if (!can_select(s, i) && action_matches(s, pattern, i))
			return refuse_type(pattern, s->g->actions[i].type, err);
	error_set(err, ERROR_USAGE, "no action matches \"%.*s\"",
		  STR_ARG(pattern));
	return hint_near(s, pattern, err);
}

static bool refuse_ambiguous(struct selector *s, struct str pattern, size_t n,
			     struct error *err)
{
	enum { SHOWN = 5 };
	struct buf names = {0};
	size_t shown = 0;

	make_names(s);
	for (uint32_t i = 0; i < s->g->nactions && shown < SHOWN; i++) {
		if (!can_select(s, i) || !action_matches(s, pattern, i))
			continue;
		buf_adds(&names, shown++ ? ", " : "");
		buf_add_str(&names, s->texts[i]);
	}
	error_set(err, ERROR_USAGE, "\"%.*s\" means %zu actions: %s%s",
		  STR_ARG(pattern), n, names.p, n > SHOWN ? ", ..." : "");
	buf_free(&names);
	return error_hint(err, s->others ? "write more of the name"
					 : "write more of the name, or "
					   "use * to mean all");
}

static bool select_pattern(struct selector *s, struct str pattern,
			   struct error *err)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->g->nactions; i++) {
		if (!can_select(s, i) || !action_matches(s, pattern, i))
			continue;
		s->selected[i] = true;
		n++;
	}
	if (n == 0)
		return refuse_unknown(s, pattern, err);
	if (n > 1 && str_find(pattern, '*', 0) == pattern.n)
		return refuse_ambiguous(s, pattern, n, err);
	return true;
}

static bool has_tag(const struct action *a, struct str tag)
{
	for (size_t i = 0; i < a->tags.n; i++)
		if (str_eq(a->tags.v[i], tag))
			return true;
	return false;
}

static bool refuse_tag(struct selector *s, struct str tag, struct error *err)
{
	struct str_vec all = {0};
	struct str near;
	struct map seen;

	map_init(&seen, s->arena);
	for (uint32_t i = 0; i < s->g->nactions; i++) {
		const struct action *a = &s->g->actions[i];

		for (size_t t = 0; can_select(s, i) && t < a->tags.n; t++) {
			if (map_has(&seen, a->tags.v[t]))
				continue;
			map_put(&seen, a->tags.v[t], s);
			VEC_PUSH(s->arena, &all, a->tags.v[t]);
		}
	}
	error_set(err, ERROR_USAGE, "no action has the tag \"%.*s\"",
		  STR_ARG(tag));
	near = suggest(tag, all.v, all.n);
	if (near.p)
		return error_hint(err, "did you mean \"%.*s\"?", STR_ARG(near));
	if (all.n == 0)
		return error_hint(err, "no action has a tag");
	return error_hint(err, "`weir list --json` shows the tags");
}

static bool select_tag(struct selector *s, struct str tag, struct error *err)
{
	bool found = false;

	for (uint32_t i = 0; i < s->g->nactions; i++) {
		if (!can_select(s, i) || !has_tag(&s->g->actions[i], tag))
			continue;
		s->selected[i] = true;
		found = true;
	}
	return found || refuse_tag(s, tag, err);
}

/* Edges of all actions: those of id are to[from[id]] .. to[from[id + 1]]. */
struct edges {
	uint32_t *from, *to;
};

static struct edges find_dependents(const struct graph *g, struct arena *arena)
{
	struct edges e = {.from = ARENA_NEW(arena, uint32_t, g->nactions + 2)};
	uint32_t *next = e.from + 1;

	for (uint32_t i = 0; i < g->nactions; i++)
		for (uint32_t d = 0; d < g->actions[i].ndeps; d++)
			if (g->actions[i].dep_ids[d] != ACTION_NONE)
				e.from[g->actions[i].dep_ids[d] + 2]++;
	for (uint32_t i = 2; i <= g->nactions + 1; i++)
		e.from[i] += e.from[i - 1];
	e.to = ARENA_NEW(arena, uint32_t, e.from[g->nactions + 1] + 1);
	for (uint32_t i = 0; i < g->nactions; i++)
		for (uint32_t d = 0; d < g->actions[i].ndeps; d++)
			if (g->actions[i].dep_ids[d] != ACTION_NONE)
				e.to[next[g->actions[i].dep_ids[d]]++] = i;
	return e;
}

static struct edges find_deps(const struct graph *g, struct arena *arena)
{
	struct edges e = {.from = ARENA_NEW(arena, uint32_t, g->nactions + 1)};
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->nactions; i++)
		n += g->actions[i].ndeps;
	e.to = ARENA_NEW(arena, uint32_t, n + 1);
	n = 0;
	for (uint32_t i = 0; i < g->nactions; i++) {
		e.from[i] = n;
		for (uint32_t d = 0; d < g->actions[i].ndeps; d++)
			if (g->actions[i].dep_ids[d] != ACTION_NONE)
				e.to[n++] = g->actions[i].dep_ids[d];
	}
	e.from[g->nactions] = n;
	return e;
}

/* Adds all that is reached from the selected along edges. */
static void grow(struct selector *s, struct edges e)
{
	uint32_t *todo = ARENA_NEW(s->arena, uint32_t, s->g->nactions + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->g->nactions; i++)
		if (s->selected[i])
			todo[n++] = i;
	while (n > 0) {
		uint32_t id = todo[--n];

		for (uint32_t i = e.from[id]; i < e.from[id + 1]; i++) {
			uint32_t to = e.to[i];

			if (s->selected[to] || !can_select(s, to))
				continue;
			s->selected[to] = true;
			todo[n++] = to;
		}
	}
}

bool select_actions(const struct graph *g, const struct selection *selection,
		    struct arena *arena, bool *selected, struct error *err)
{
	struct selector s = {.g = g, .arena = arena, .selected = selected};
	bool all = selection->actions.n + selection->tags.n == 0;

	for (uint32_t i = 0; i < g->nactions; i++)
		selected[i] = all && can_select(&s, i);
	for (size_t i = 0; i < selection->actions.n; i++)
		if (!select_pattern(&s, selection->actions.v[i], err))
			return false;
	for (size_t i = 0; i < selection->tags.n; i++)
		if (!select_tag(&s, selection->tags.v[i], err))
			return false;
	if (selection->include_deps)
		grow(&s, find_deps(g, arena));
	if (selection->include_dependents)
		grow(&s, find_dependents(g, arena));
	return true;
}

bool select_find(const struct graph *g, struct str name, struct arena *arena,
		 uint32_t *id, struct error *err)
{
	struct selector s = {.g = g, .arena = arena, .others = true};
	size_t n[2] = {0, 0};

	for (uint32_t i = 0; i < g->nactions; i++) {
		bool test = g->actions[i].type == ACTION_TEST;

		if (!action_matches(&s, name, i) || (test && n[0]))
			continue;
		*id = i;
		n[test]++;
	}
	if (n[0] + n[1] == 0)
		return refuse_unknown(&s, name, err);
	return n[0] == 1 || (n[0] == 0 && n[1] == 1) ||
	       refuse_ambiguous(&s, name, n[0] ? n[0] : n[1], err);
}
