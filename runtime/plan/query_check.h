/* Whether a run can do what an action says, whatever the warehouse holds. */
#ifndef RUNTIME_PLAN_QUERY_CHECK_H
#define RUNTIME_PLAN_QUERY_CHECK_H

#include <stdint.h>

#include "base/error.h"

struct arena;
struct graph;
struct refusal;

/* A table, view, incremental table or assertion must be one query: what
 * follows a semicolon would be run as a statement of its own, or be lost.
 * Options that decide which rows a table holds are honoured or refused. False
 * with the place and an ERROR_CONFIG in out. */
MUST_CHECK bool query_check(const struct graph *g, uint32_t id,
			    struct arena *arena, struct refusal *out);

#endif
