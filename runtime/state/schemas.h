/* The schemas that a run fills. */
#ifndef RUNTIME_STATE_SCHEMAS_H
#define RUNTIME_STATE_SCHEMAS_H

#include "base/error.h"
#include "base/str.h"

struct arena;
struct profile;
struct warehouse;

/* False, with ERROR_USAGE, if one of them cannot be told from the database. */
MUST_CHECK bool schemas_check(const struct profile *profile,
			      const struct strs *wanted, struct error *err);

/* Makes those that are not there yet. */
MUST_CHECK bool schemas_make(struct warehouse *w, const struct strs *wanted,
			     struct arena *arena, struct error *err);

#endif
