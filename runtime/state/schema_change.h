/* onSchemaChange: what a changed query does to the table's columns. */
#ifndef RUNTIME_STATE_SCHEMA_CHANGE_H
#define RUNTIME_STATE_SCHEMA_CHANGE_H

#include "runtime/step.h"

struct action;
struct arena;
struct sql_task;

struct schema_change;
struct warehouse;

/* Asks for the columns that the step's query and table have at this moment, in
 * the step's transaction. False if the action does not want them to be
 * different; the transaction is over then. */
MUST_CHECK bool schema_change_find(struct warehouse *w, const struct action *a,
				   enum deed deed, const struct sql_task *task,
				   struct arena *arena,
				   struct schema_change *out,
				   struct error *err);

/* Of a dry run: the same by the names of the query's columns alone, for a table
 * as it was found. Notes say what would be done. */
MUST_CHECK bool
schema_change_foresee(struct warehouse *w, const struct action *a,
		      enum deed deed, struct str query,
		      const struct relation *found, struct arena *arena,
		      struct schema_change *out, struct error *err);

/* Advice on a statement that failed after the columns had been found. */
void schema_change_advise(const struct schema_change *change,
			  struct error *err);

#endif
