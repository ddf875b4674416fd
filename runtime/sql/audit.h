/* Which assertions must hold before an action's rows are published. */
#ifndef RUNTIME_SQL_AUDIT_H
#define RUNTIME_SQL_AUDIT_H

#include <stddef.h>

struct action;
struct arena;
struct graph;

struct audits {
	const struct action **v;
	size_t n, cap;
};

/* By action id, for those that have the option; NULL if none has it. They are
 * the assertions that depend on the action and, but for it, only on what is
 * done before it. */
struct audits *audit_plan(const struct graph *g, struct arena *arena);

#endif
