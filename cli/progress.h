/* Shows a run while it goes on: as plain lines, or on a terminal with what
 * runs now redrawn below them. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/report.h"

struct project;
struct run_observer;
struct term;

struct progress {
	struct report report;
	const struct project *project;
	const struct term *err;
	size_t drawn; /* lines that are to be drawn again */
	bool dry_run;
	bool quiet;
	bool said_stop;
};

/* The observer that shows on p. p must outlive the run. */
struct run_observer progress_observer(struct progress *p);

#endif
