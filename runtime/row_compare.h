/*
 * Rows that a test expects beside those that came, by Dataform's rules: as many
 * rows, the same columns in any order and case, and row by row, as they were
 * returned, the same values of the same kinds. Pure.
 */
#ifndef RUNTIME_ROW_COMPARE_H
#define RUNTIME_ROW_COMPARE_H

#include "runtime/warehouse/warehouse.h"

struct arena;

struct typed_rows {
	struct rows rows;
	struct strs types; /* of the columns, as the warehouse writes them;
			    * none if there are no rows */
};

enum row_verdict {
	ROWS_SAME,
	ROWS_OTHER_COUNT,
	ROWS_OTHER_COLUMNS,
	ROWS_OTHER_VALUES
};

struct row_difference {
	uint32_t row; /* from 0 */
	struct str column;
	struct str expected, actual; /* p == NULL: NULL */
	/* "number", "string", "boolean" or "object"; set where they differ */
	const char *expected_kind, *actual_kind;
};

struct comparison {
	enum row_verdict verdict;
	uint32_t nexpected, nactual; /* rows */
	struct row_difference *v;    /* the first of ROWS_OTHER_VALUES */
	size_t n;
	size_t ndifferences; /* all of them */
	uint32_t nrows;      /* in so many rows */
	bool is_cut;         /* a row was left before its last column */
};

/* Keeps at most so many differences; what they tell is in arena, or in the
 * rows. */
void rows_compare(const struct typed_rows *expected,
		  const struct typed_rows *actual, size_t max_differences,
		  struct arena *arena, struct comparison *out);

#endif
