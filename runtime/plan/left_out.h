/* What a run of a whole project leaves out: notebooks, data preparations and
 * property graphs, which are only compiled. */
#ifndef RUNTIME_PLAN_LEFT_OUT_H
#define RUNTIME_PLAN_LEFT_OUT_H

#include "base/str.h"

struct arena;
struct graph;

/* "1 notebook is not run: s.nb". Unset if nothing is left out, and if the run
 * is of a part of the graph anyway. */
struct str left_out_note(const struct graph *g, const bool *selected,
			 struct arena *arena);

#endif
