/* Whether an assertion holds, once its view is there. */
#ifndef RUNTIME_ASSERTION_H
#define RUNTIME_ASSERTION_H

struct arena;
struct outcome;
struct sql_task;
struct warehouse;

#include "base/error.h"

/* Counts the rows that break it and keeps some as the outcome's sample. False
 * if there are any, or if the warehouse did not answer. */
MUST_CHECK bool assertion_check(struct warehouse *w,
				const struct sql_task *task,
				struct arena *arena, struct outcome *out);

#endif
