/* Whether an action's SQL can stand within the statements of a run. */
#ifndef RUNTIME_QUERY_CHECK_H
#define RUNTIME_QUERY_CHECK_H

#include "base/error.h"

struct action;
struct arena;

/* A table, view, incremental table or assertion must be one query: what
 * follows a semicolon would be run as a statement of its own, or be lost.
 * False with ERROR_CONFIG if it is none or several, or if code makes it. */
MUST_CHECK bool query_check(const struct action *a, struct arena *arena,
			    struct error *err);

#endif
