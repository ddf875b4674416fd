/* The columns of an incremental table's query against those of the table. */
#ifndef RUNTIME_COLUMNS_H
#define RUNTIME_COLUMNS_H

#include "base/error.h"
#include "base/str.h"

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

/* "a", "b" */
struct str columns_text(const struct strs *columns, struct arena *arena);

#endif
