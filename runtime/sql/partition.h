/* A partition expression of BigQuery's, as other warehouses write it. */
#ifndef RUNTIME_SQL_PARTITION_H
#define RUNTIME_SQL_PARTITION_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct action;
struct buf;
struct dialect;

enum partition_form {
	PARTITION_COLUMN, /* the column's own value */
	PARTITION_DATE,   /* DATE(column) */
	PARTITION_TRUNC,  /* DATE_TRUNC(column, MONTH) and the like */
	PARTITION_RANGE,  /* RANGE_BUCKET(column, GENERATE_ARRAY(...)) */
};

struct partition {
	enum partition_form form;
	struct str column; /* without quotes */
	const char *part;  /* of a truncation: "month" */
	/* Of a range: first, first + step, ..., count of them. */
	int64_t first, step, count;
};

/* False if text is none of the forms that a table of BigQuery's can have. */
MUST_CHECK bool partition_parse(struct str text, struct partition *out,
				struct error *err);

/* The same for what an action has as its partitionBy. */
MUST_CHECK bool partition_of(const struct action *a, struct partition *out,
			     struct error *err);

/* The value for a row. column is the quoted name of p->column, and type that of
 * the table's column, as the warehouse writes it. Times are taken in UTC. */
void partition_put(const struct partition *p, const struct dialect *d,
		   struct str column, struct str type, struct buf *b);

#endif
