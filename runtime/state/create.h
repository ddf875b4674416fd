/* Making what may be there already. */
#ifndef RUNTIME_STATE_CREATE_H
#define RUNTIME_STATE_CREATE_H

#include "base/error.h"
#include "base/str.h"

struct warehouse;

/* Runs statements with IF NOT EXISTS, a few times if need be: see create.c.
 * They are all or nothing by themselves, and no transaction is open. */
MUST_CHECK bool create_missing(struct warehouse *w, struct str sql,
			       struct error *err);

#endif
