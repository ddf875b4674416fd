/* What a warehouse holds now, for many names at once. */
#ifndef RUNTIME_STATE_CATALOG_H
#define RUNTIME_STATE_CATALOG_H

#include "base/error.h"

struct arena;
struct graph;
struct relation;
struct warehouse;

/* By action id: what stands under the name of each action that is wanted, and
 * RELATION_NONE for the others. A failed look-up is an error, never "not
 * there". */
MUST_CHECK bool catalog_look_up(struct warehouse *w, const struct graph *g,
				const bool *wanted, struct arena *arena,
				const struct relation **out, struct error *err);

#endif
