/*
 * weir.yaml: what Dataform has no word for. Targets (where runs go),
 * loads (sources filled from files) and options of actions.
 */
#ifndef COMPILER_WEIRFILE_H
#define COMPILER_WEIRFILE_H

#include "base/map.h"
#include "base/value.h"
#include "compiler/graph.h"

struct arena;
struct diags;
struct overrides;
struct source;
struct tree;

struct weirfile {
	const struct source *src; /* NULL if the project has none */
	struct profile *profiles;
	uint32_t nprofiles;
	struct str default_profile; /* unset if not given */
	struct load *loads;         /* action is not yet resolved */
	uint32_t nloads;
	const struct value *actions; /* their options as written; or NULL */
};

/* A missing file is an empty one. Profiles hold ${env:NAME} as written. */
bool weirfile_read(struct tree *tree, struct arena *arena, struct diags *diags,
		   struct weirfile *out);

/* name unset: the default target, the only one, or without weir.yaml a
 * BigQuery target. A copy with ${env:NAME} filled in. NULL after an error with
 * a suggestion, or if a variable that it needs is not set. */
const struct profile *weirfile_profile(const struct weirfile *w,
				       struct str name, struct arena *arena,
				       struct diags *diags);

/* Adds what the target overrides of the settings, and o does not. */
void weirfile_overrides(const struct profile *p, struct arena *arena,
			struct overrides *o);

#endif
