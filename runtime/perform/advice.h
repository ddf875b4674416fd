/* What to do about SQL that a warehouse refused. */
#ifndef RUNTIME_PERFORM_ADVICE_H
#define RUNTIME_PERFORM_ADVICE_H

#include "base/error.h"
#include "base/str.h"

struct action;
struct graph;

/* Adds a hint to an ERROR_SQL if something is known about the statement, which
 * was sent to the graph's target. */
void advice_add(const struct graph *g, struct str sql, struct error *err);
/* The same of a statement that the action's config asked for; makes is as
 * struct statement has it. False if it is none of those. */
bool advice_add_config(const struct action *a, struct str sql, struct str makes,
		       struct error *err);

#endif
