/*
 * Typed values on their way from a file into a warehouse. A type is one of
 * BigQuery's and means the same on every warehouse.
 */
#ifndef RUNTIME_WAREHOUSE_CELL_H
#define RUNTIME_WAREHOUSE_CELL_H

#include <stdint.h>

#include "base/error.h"
#include "base/moment.h"
#include "base/str.h"

enum cell_type {
	CELL_INT64,
	CELL_FLOAT64,
	CELL_NUMERIC, /* 29 digits before the point, 9 behind it */
	CELL_STRING,
	CELL_BOOL,
	CELL_TIMESTAMP,
	CELL_DATE,
	CELL_DATETIME,
	CELL_TIME,
	CELL_BYTES,
	CELL_JSON,
};

struct cell {
	bool null;
	/* int64, bool (0, 1), microseconds since 1970 or midnight, days since
	 * 1970; of a numeric the low half of the unscaled number. */
	int64_t i;
	int64_t high; /* of a numeric: the other half, two's complement */
	double d;
	struct str s; /* string, bytes decoded, json; float64 and numeric as
		       * text that every warehouse reads */
};

struct cell_column {
	struct str name;
	enum cell_type type;
};

/* As weir.yaml and messages write it: "int64". */
const char *cell_type_name(enum cell_type type);
/* Knows BigQuery's other names, too ("integer"). */
bool cell_type_find(struct str name, enum cell_type *out);

/* Reads a number as JSON writes it, or a text, as a value of the type; false
 * if it is none. Bytes are decoded where they stand. What follows the text in
 * memory must be readable and no part of a number. Strings and json are not
 * read by these. */
bool cell_from_number(enum cell_type type, struct str text, struct cell *out);
bool cell_from_text(enum cell_type type, char *p, size_t n, struct cell *out);

/* What base/moment.h calls a type that is a date or a time. */
enum moment_kind cell_moment(enum cell_type type);

/* Where rows come from. next gives one row of cells, valid until the next
 * call, or sets *row to NULL at the end; false with err set stops it all. */
struct cell_source {
	const struct cell_column *columns;
	uint32_t ncolumns;
	bool (*next)(void *ctx, const struct cell **row, struct error *err);
	void *ctx;
};

#endif
