/*
 * Runs unit tests: the tested query, with its inputs, and the query of the
 * expected rows. Neither needs anything that a run has made.
 */
#ifndef RUNTIME_UNIT_TEST_H
#define RUNTIME_UNIT_TEST_H

#include <stdatomic.h>

#include "runtime/row_compare.h"

struct action;
struct graph;

struct unit_test {
	const struct action *action;
	bool passed;
	struct rows expected, actual; /* the first, if it did not pass */
	struct comparison comparison;
	/* Why there are no rows to compare; ERROR_NONE if there are, and
	 * ERROR_CANCELLED if it was stopped. */
	struct error error;
	struct str statement; /* the one that failed */
	bool is_expected;     /* it gives the expected rows */
	double seconds;
};

struct unit_tests {
	struct unit_test *v;
	size_t n, nfailed, nstopped;
};

struct unit_test_options {
	/* How much is kept of a test that failed. */
	uint32_t max_rows;
	size_t max_differences;
	/* When it is no longer 0, what runs is cancelled, in the warehouse
	 * too, and nothing else begins; NULL for never. */
	const atomic_int *interrupted;
	/* Told of each test, in their order, as soon as it is known. May be
	 * NULL. */
	void (*done)(void *ctx, const struct unit_test *t);
	void *ctx;
};

/* All tests of the graph, several at once. False if the warehouse cannot be
 * reached. */
MUST_CHECK bool unit_tests_run(const struct graph *g,
			       const struct unit_test_options *options,
			       struct arena *arena, struct unit_tests *out,
			       struct error *err);
/* Whether it was stopped before its end. */
bool unit_test_is_stopped(const struct unit_test *t);

/* What Dataform says of a test that failed, in its words. */
struct strs unit_test_messages(const struct unit_test *t, struct arena *arena);

/* The file and line of what the warehouse refused; false if it is not known.
 * column is 0 where only the line is. */
bool unit_test_origin(const struct graph *g, const struct unit_test *t,
		      struct str *file, uint32_t *line, uint32_t *column);

#endif
