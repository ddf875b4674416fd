/*
 * A project to a graph. compile.c is the only file that knows the order of
 * the passes: weir.yaml, settings, discovery, JavaScript and SQLX, evaluation,
 * dependencies, names and checks, loads.
 */
#ifndef COMPILER_COMPILE_H
#define COMPILER_COMPILE_H

#include "compiler/diag.h"
#include "compiler/graph.h"
#include "compiler/project/settings.h"
#include "compiler/project/weirfile.h"

struct tree;

enum { COMPILE_TIMEOUT_MS = 60 * 1000 };

struct compile_options {
	struct overrides overrides;
	struct str profile;  /* --target; unset for the default */
	uint32_t timeout_ms; /* of the project's JavaScript */
	size_t memory_bytes; /* of the same; 0 for as much as is usual */
	/* NULL, or where the path of the file whose JavaScript runs is kept:
	 * for who watches the time. */
	const char *volatile *running;
	bool has_epoch;
	uint64_t epoch; /* what time it is, in seconds since 1970 */
	/* NULL, or told the target as soon as it is known: before the sources
	 * are read. */
	void (*on_target)(void *ctx, const struct profile *target);
	void *ctx;
};

struct compilation {
	struct arena *arena;
	struct diags diags; /* sorted */
	struct graph graph;
	struct weirfile weirfile;
	/* False: the settings are so wrong that there is no graph at all. */
	bool has_graph;
};

/* Everything lives in out->arena, which the caller frees. True if there are
 * no errors; a graph may be there all the same. */
bool compile_project(struct tree *tree, const struct compile_options *options,
		     struct arena *arena, struct compilation *out);

#endif
