/* The columns of an incremental table's query against those of the table. */
#ifndef RUNTIME_COLUMNS_H
#define RUNTIME_COLUMNS_H

#include "base/error.h"
#include "base/str.h"
#include "runtime/step.h"

struct action;
struct arena;
struct relation;
struct warehouse;

struct column_change {
	struct strs added;   /* the query gives them, the table has them not */
	struct strs removed; /* the other way round */
};

/* query gives no rows, and is run. False if it was refused. */
MUST_CHECK bool columns_compare(struct warehouse *w, struct str query,
				const struct relation *table,
				struct arena *arena, struct column_change *out);

/* Whether a table of these columns has those by which rows are replaced: the
 * unique key's, or the partition's. */
MUST_CHECK bool columns_suffice(const struct action *a, enum deed deed,
				const struct strs *columns, struct arena *arena,
				struct error *err);
/* Whether a step may add columns to the table, or drop some. */
bool columns_may_change(const struct action *a);

/* a, b */
struct str columns_list(const struct strs *columns, struct arena *arena);
/* "a", "b" */
struct str columns_text(const struct strs *columns, struct arena *arena);

#endif
