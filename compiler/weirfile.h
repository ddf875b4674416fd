/*
 * weir.yaml: what Dataform has no word for. Targets (where runs go), loads
 * (sources filled from files), options of ours for actions.
 */
#ifndef COMPILER_WEIRFILE_H
#define COMPILER_WEIRFILE_H

#include "base/map.h"
#include "base/value.h"
#include "compiler/graph.h"

struct arena;
struct diags;
struct source;
struct tree;

struct weirfile {
	const struct source *src; /* NULL if the project has none */
	struct profile *profiles;
	uint32_t nprofiles;
	struct str default_profile; /* unset if not given */
	struct load *loads;         /* action is not yet resolved */
	uint32_t nloads;
	const struct value *actions; /* NULL, or name -> options */
};

/* A missing file is an empty one. ${env:NAME} is filled in. */
bool weirfile_read(struct tree *tree, struct arena *arena, struct diags *diags,
		   struct weirfile *out);

/* name unset: the default target, the only one, or without weir.yaml a
 * BigQuery target. NULL after an error with a suggestion. */
const struct profile *weirfile_profile(const struct weirfile *w,
				       struct str name, struct arena *arena,
				       struct diags *diags);

#endif
