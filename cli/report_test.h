/* What unit tests look like, line by line. */
#ifndef CLI_REPORT_TEST_H
#define CLI_REPORT_TEST_H

#include "base/buf.h"

struct arena;
struct diags;
struct graph;
struct term;
struct unit_test;
struct unit_tests;

/* No more rows and differences of a failed test are shown. */
enum { TEST_ROWS_SHOWN = 10, TEST_DIFFERENCES_SHOWN = 20 };

struct test_report {
	const struct graph *graph;
	const struct term *term;
	struct arena *arena;
	bool verbose; /* with the SQL of what failed */
	size_t name_width;
};

/* Measures the names of the graph's tests. */
void test_report_init(struct test_report *r);
/* "  ok     totals     0.01 s"; nothing of a test that was stopped before it
 * began. */
void test_report_line(const struct test_report *r, const struct unit_test *t,
		      struct buf *b);
/* What each failed test says, row by row, and an empty line behind it. */
void test_report_failures(const struct test_report *r,
			  const struct unit_tests *all, struct buf *b);
/* The same as diagnostics. */
void test_report_diags(const struct graph *g, const struct unit_tests *all,
		       struct diags *out);
/* "3 passed, 1 failed, 2 stopped in 0.1 s." */
void test_report_summary(const struct test_report *r,
			 const struct unit_tests *all, double seconds,
			 struct buf *b);

#endif
