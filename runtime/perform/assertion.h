/* Whether an assertion holds, once its view is there. */
#ifndef RUNTIME_PERFORM_ASSERTION_H
#define RUNTIME_PERFORM_ASSERTION_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct action;
struct arena;
struct outcome;
struct sql_task;
struct statement;
struct warehouse;

enum verdict { VERDICT_HOLDS, VERDICT_WARNS, VERDICT_FAILS };

/* What so many rows mean by the assertion's severity, warnAbove and failAbove.
 */
enum verdict assertion_judge(const struct action *a, int64_t rows);

/* Counts the rows that break it and keeps some as the outcome's sample; all of
 * them in a table if it says so. False if there are too many, or if the
 * warehouse did not answer. run is the run's id. */
MUST_CHECK bool assertion_check(struct warehouse *w, const struct action *a,
				const struct sql_task *task, struct str run,
				struct arena *arena, struct outcome *out);

/* Asks an audit's question (struct statement). False if too many rows break the
 * assertion: the transaction is over then. */
MUST_CHECK bool assertion_audit(struct warehouse *w, const struct statement *st,
				struct arena *arena, struct outcome *out);

#endif
