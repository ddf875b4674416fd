/*
 * Chooses actions of a graph, as `--actions`, `--tags`, `--include-deps` and
 * `--include-dependents` say. Pure.
 */
#ifndef COMPILER_SELECT_H
#define COMPILER_SELECT_H

#include "base/error.h"
#include "compiler/graph.h"

struct arena;

struct selection {
	struct strs
		actions; /* patterns: name, schema.name, db.schema.name; * */
	struct strs tags;
	bool include_deps, include_dependents;
};

/* Sets selected[id] for each chosen action; without patterns and tags for all.
 * Declarations are never chosen. What chooses nothing, or a name that means
 * several actions, is ERROR_USAGE with a suggestion. */
MUST_CHECK bool select_actions(const struct graph *g,
			       const struct selection *selection,
			       struct arena *arena, bool *selected,
			       struct error *err);

/* The one action of any type that name means; else ERROR_USAGE. A test may be
 * called like the table that it tests, which is then meant. */
MUST_CHECK bool select_find(const struct graph *g, struct str name,
			    struct arena *arena, uint32_t *id,
			    struct error *err);

#endif
