/* Unit tests of a project, run and reported: for `weir test` and
 * `weir run --run-tests`. */
#ifndef CLI_TESTING_H
#define CLI_TESTING_H

#include "cli/exit.h"
#include "runtime/unit_test.h"

struct cli;
struct project;

bool testing_has_tests(const struct project *p);

enum testing_output {
	TESTING_NOTHING, /* but all that differs is kept, for --json */
	TESTING_TESTS, /* a line a test, failures, summary; less with --quiet */
	TESTING_ALL,   /* the project and the target, too */
};

/* Runs all and prints them, until a signal comes that signals_catch() catches.
 * EXIT_SIGNAL if it stopped them, EXIT_FAILED if one failed; else EXIT_OK, or
 * what kept them from running, after it was printed. */
enum exit_status testing_run(struct cli *cli, const struct project *p,
			     enum testing_output output,
			     struct unit_tests *out);

#endif
