/* A window table on a real warehouse. */
#ifndef TESTS_UNIT_WINDOW_MAKER_H
#define TESTS_UNIT_WINDOW_MAKER_H

#include "tests/unit/real_run.h"

enum { HOUR = 3600000, DAY = 24 * HOUR };

/* 2026-01-01 */
#define WINDOW_START 1767225600000LL

#define WINDOW_PLAIN "select ts, n from s.events"
#define WINDOW_MARKED                                                          \
	WINDOW_PLAIN " where ts >= " RUN_START_MARKER                          \
		     " and ts < " RUN_END_MARKER

/* A window s.w over s.events (ts, n), by the hour, from 2026-01-01 on. */
struct action *window_make(struct real *r, const char *type, const char *query);

/* An event n at a time of 2026-01. */
void window_event(struct real *r, const char *day_and_time, int n);

/* Runs all at a time of 2026-01; s.w must end well. */
void window_runs(struct real *r, const char *day_and_time);

/* n of s.w, sorted. */
const char *window_rows(struct real *r);

/* What weir_intervals has, in hours since the start: from, to, hours, rows. */
const char *window_recorded(struct real *r);

#endif
