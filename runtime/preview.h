/* What an action made, as the warehouse has it now. */
#ifndef RUNTIME_PREVIEW_H
#define RUNTIME_PREVIEW_H

#include "runtime/warehouse/warehouse.h"

struct arena;
struct graph;

/* The first max_rows rows of what action id of the graph made, read from the
 * graph's target over a connection of its own, and the types of its columns as
 * the warehouse writes them. Lives in arena. */
MUST_CHECK bool preview_action(const struct graph *g, uint32_t id,
			       uint32_t max_rows, struct arena *arena,
			       struct rows *out, struct strs *types,
			       struct error *err);

#endif
