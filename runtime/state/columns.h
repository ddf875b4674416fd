/* The columns of an incremental table's query against those of the table. */
#ifndef RUNTIME_STATE_COLUMNS_H
#define RUNTIME_STATE_COLUMNS_H

#include "base/error.h"
#include "base/str.h"
#include "runtime/step.h"

struct action;
struct arena;
struct relation;
struct sql_task;
struct warehouse;

/* Notes on what a changed query meant for the table that rows were added to; or
 * err, if it says why they were not, says it better. By the task's queries,
 * which give no rows of the user's, and are run. */
struct strs columns_tell(struct warehouse *w, const struct action *a,
			 const struct sql_task *task,
			 const struct relation *table, struct arena *arena,
			 struct error *err);

/* PostgreSQL has two names for a text of any length. */
bool columns_same_type(struct str a, struct str b);
/* "v" is text, in the table integer */
struct str columns_retyped(struct str name, struct str given, struct str there,
			   struct arena *arena);

/* Advice on a statement that failed, perhaps because of columns of other types;
 * none where retyped is unset. */
void columns_advise(struct str retyped, struct error *err);

/* Whether a table of these columns has those by which rows are replaced: the
 * unique key's, or the partition's. */
MUST_CHECK bool columns_suffice(const struct action *a, enum deed deed,
				const struct strs *columns, struct arena *arena,
				struct error *err);
/* Whether a unique key's part names the column, or a field of it. */
bool columns_is_key(struct str column, struct str key);
/* Whether a step may add columns to the table, or drop some. */
bool columns_may_change(const struct action *a);

/* a, b */
struct str columns_list(const struct strs *columns, struct arena *arena);
/* "a", "b" */
struct str columns_text(const struct strs *columns, struct arena *arena);

#endif
