/* Descriptions of a config become comments of the warehouse. */
#ifndef RUNTIME_STATE_COMMENTS_H
#define RUNTIME_STATE_COMMENTS_H

#include "base/error.h"
#include "base/str.h"

struct action;
struct arena;
struct warehouse;

/* Says of the action's relation and its columns what the config does, where
 * it is not said already. note is set if a column is described that is not
 * there. */
MUST_CHECK bool comments_say(struct warehouse *w, const struct action *a,
			     struct arena *arena, struct str *note,
			     struct error *err);

#endif
