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
	const struct action *later; /* one that cannot be asked before */
};

/* By action id, for those that have the option; NULL if none has it. They are
 * the assertions that can fail, depend on the action and, but for it, only on
 * what is done before it. Whether they are selected plays no part: one that is
 * not has the last word all the same. */
struct audits *audit_plan(const struct graph *g, struct arena *arena);

#endif
