/* Which files of a project are compiled, in the order in which they are. */
#ifndef COMPILER_DISCOVER_H
#define COMPILER_DISCOVER_H

#include "base/vec.h"

struct diags;
struct tree;

struct discovered {
	struct str_vec includes;    /* includes/NAME.js */
	struct str_vec actions;     /* actions.yaml below definitions/ */
	struct str_vec graphs;      /* graph.yaml below definitions/ */
	struct str_vec definitions; /* .js and .sqlx below definitions/ */
	struct str_vec all;         /* in folders, with a dot in the name */
};

/* False, after an error, if the project's folders cannot be read. */
bool discover_files(struct tree *tree, struct arena *arena, struct diags *diags,
		    struct discovered *out);

#endif
