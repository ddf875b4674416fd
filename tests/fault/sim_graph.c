/*
 * An action is described twice: to weir, as the compiler would, and to the
 * world, which judges what is done to the relations that the action changes.
 * Operations, and statements before and after an action, insert into tables
 * of their own, so that it can be counted how often they were done.
 */
#include "tests/fault/sim_graph.h"

#include <stdio.h>

#include "base/buf.h"
#include "tests/fault/sim_world.h"
#include "tests/unit/graph_maker.h"

struct wish {
	enum action_type type;
	bool has_key, has_pre, has_post, is_broken, fails;
	uint32_t nparts;               /* of an operation */
	uint32_t deps[SIM_INPUTS - 1]; /* steps */
	uint32_t ndeps;
};

static bool can_be_read(const struct made *m, uint32_t step)
{
	enum action_type type = m->actions[step].type;

	return type == ACTION_TABLE || type == ACTION_VIEW ||
	       type == ACTION_INCREMENTAL;
}

/* select sim(7) from "s"."a0", "s"."a1" */
static const char *query_of(struct made *m, const struct wish *wish,
			    uint32_t number, const char *self)
{
	struct buf b = {0};
	const char *comma = " from ";
	struct str text;

	buf_printf(&b, "select %s(%u)", wish->is_broken ? "broken" : "sim",
		   number);
	for (uint32_t i = 0; i < wish->ndeps; i++) {
		if (!can_be_read(m, wish->deps[i]))
			continue;
		buf_printf(&b, "%s\"s\".\"a%u\"", comma, wish->deps[i]);
		comma = ", ";
	}
	if (self)
		buf_printf(&b, "%s\"s\".\"%s\"", comma, self);
	text = arena_str(m->arena, buf_str(&b));
	buf_free(&b);
	return arena_cstr(m->arena, text);
}

/* The table that a statement of the action's inserts into. */
static const char *log_of(struct sim_world *w, struct sim_step *s,
			  struct made *m, const char *suffix)
{
	const char *name =
		arena_printf(m->arena, "%s_%s", s->name + 2, suffix).p;
	char full[SIM_NAME];

	snprintf(full, sizeof(full), "s.%s", name);
	sim_relation(w, full)->committed.kind = RELATION_TABLE;
	snprintf(s->relations[s->nrelations++], SIM_NAME, "%s", full);
	return name;
}

static const char *insert_into(struct made *m, const char *log,
			       const char *query)
{
	return arena_printf(m->arena, "insert into \"s\".\"%s\" %s", log, query)
		.p;
}

static void add_operation(struct sim_world *w, struct sim_step *s,
			  struct made *m, const struct wish *wish,
			  struct action *a)
{
	struct str *v = ARENA_NEW(m->arena, struct str, wish->nparts);

	for (uint32_t i = 0; i < wish->nparts; i++) {
		const char *suffix = arena_printf(m->arena, "%u", i).p;
		const char *log = log_of(w, s, m, suffix);
		struct wish own = *wish;

		/* A mistake is in the last of several statements. */
		own.is_broken &= i == wish->nparts - 1;
		v[i] = str_of(
			insert_into(m, log, query_of(m, &own, 100 + i, NULL)));
	}
	a->queries = (struct strs){v, wish->nparts};
}

static void add_around(struct sim_world *w, struct sim_step *s, struct made *m,
		       const struct wish *wish, struct action *a)
{
	struct wish whole = *wish;
	const char *self = s->name + 2;

	whole.is_broken = false;
	if (wish->has_pre)
		a->pre_ops = a->incremental_pre_ops = made_one(
			m, insert_into(m, log_of(w, s, m, "pre"),
				       query_of(m, &whole, 200, NULL)));
	if (wish->has_post)
		a->post_ops = a->incremental_post_ops = made_one(
			m, insert_into(m, log_of(w, s, m, "post"),
				       query_of(m, &whole, 300, self)));
}

static void add(struct sim_world *w, struct made *m, const struct wish *wish)
{
	uint32_t id = w->nsteps;
	struct sim_step *s = &w->steps[w->nsteps++];
	struct buf deps = {0};
	struct action *a;

	*s = (struct sim_step){
		.is_broken = wish->is_broken,
		.is_assertion = wish->type == ACTION_ASSERTION,
		.fails = wish->fails,
		.is_once = wish->type == ACTION_INCREMENTAL ||
			   wish->type == ACTION_OPERATION || wish->has_pre ||
			   wish->has_post,
	};
	snprintf(s->name, sizeof(s->name), "s.a%u", id);
	for (uint32_t i = 0; i < wish->ndeps; i++) {
		s->deps[s->ndeps++] = wish->deps[i];
		buf_printf(&deps, "s.a%u ", wish->deps[i]);
	}
	buf_addc(&deps, '\0');
	a = made_add(m, wish->type, s->name, query_of(m, wish, id, NULL),
		     arena_str(m->arena, buf_str(&deps)).p);
	buf_free(&deps);
	if (wish->type == ACTION_OPERATION) {
		add_operation(w, s, m, wish, a);
		return;
	}
	memcpy(s->relations[s->nrelations++], s->name, SIM_NAME);
	if (wish->has_key) {
		a->unique_key = made_one(m, "c");
		a->incremental_query =
			str_of(query_of(m, wish, id, s->name + 2));
	}
	add_around(w, s, m, wish, a);
}

/*
 * a0 - a2 - a4 - a7
 * a1 - a3 / a5 - a6
 */
void sim_fixed_graph(struct sim_world *w, struct made *m)
{
	static const struct wish wishes[] = {
		{.type = ACTION_OPERATION, .nparts = 2},
		{.type = ACTION_TABLE},
		{.type = ACTION_INCREMENTAL, .deps = {0}, .ndeps = 1},
		{.type = ACTION_TABLE,
		 .has_pre = true,
		 .has_post = true,
		 .deps = {1},
		 .ndeps = 1},
		{.type = ACTION_INCREMENTAL,
		 .has_key = true,
		 .deps = {2, 3},
		 .ndeps = 2},
		{.type = ACTION_VIEW, .deps = {3}, .ndeps = 1},
		{.type = ACTION_ASSERTION, .deps = {5}, .ndeps = 1},
		{.type = ACTION_OPERATION,
		 .nparts = 1,
		 .deps = {4, 6},
		 .ndeps = 2},
	};

	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		add(w, m, &wishes[i]);
}

void sim_random_graph(struct sim_world *w, struct made *m)
{
	static const enum action_type types[] = {
		ACTION_TABLE,       ACTION_VIEW,      ACTION_INCREMENTAL,
		ACTION_INCREMENTAL, ACTION_OPERATION, ACTION_ASSERTION,
	};
	uint32_t n = 2 + sim_below(w, 8);

	for (uint32_t id = 0; id < n; id++) {
		struct wish wish = {0};
		uint32_t wanted = id ? sim_below(w, 4) : 0;

		wish.type = types[sim_below(w, 6)];
		wish.nparts = 1 + sim_below(w, SIM_PARTS_MAX);
		wish.is_broken = sim_below(w, 20) == 0;
		if (wish.type == ACTION_ASSERTION)
			wish.fails = sim_below(w, 8) == 0;
		else if (wish.type != ACTION_OPERATION) {
			wish.has_pre = sim_below(w, 4) == 0;
			wish.has_post = sim_below(w, 4) == 0;
		}
		if (wish.type == ACTION_INCREMENTAL)
			wish.has_key = sim_below(w, 2) == 0;
		for (uint32_t i = 0; i < id && wish.ndeps < wanted; i++)
			if (sim_below(w, 2) == 0)
				wish.deps[wish.ndeps++] = i;
		add(w, m, &wish);
	}
}
