/*
 * Dates and times of the years 1 to 9999, as BigQuery reads and writes them, to
 * numbers and back; and durations as people write them. Days are counted by the
 * proleptic Gregorian calendar.
 */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include "base/str.h"

enum moment_kind {
	MOMENT_DATE,     /* days since 1970 */
	MOMENT_TIME,     /* microseconds since midnight */
	MOMENT_DATETIME, /* microseconds since 1970, of no zone */
	MOMENT_TIMESTAMP /* the same, in UTC; without a zone it is UTC */
};

/* 2026-11-21, 2026-11-21T10:00:03.5Z, 2026-11-21 10:00:03+05:30, 2026-11-21
 * 10:00 UTC. What is finer than a microsecond is cut off. */
bool moment_read(enum moment_kind kind, struct str text, int64_t *out);
/* Seconds since 1970, perhaps with a fraction, as microseconds. */
bool moment_read_epoch(struct str seconds, int64_t *out);

enum { MOMENT_MAX = 40 };
/* ISO 8601 with a space; returns the length. */
size_t moment_print(enum moment_kind kind, int64_t value, char out[MOMENT_MAX]);

/* "90s", "20m", "1h30m", "1.5h", "2d" in milliseconds; a bare number is
 * milliseconds. At least one, and less than a thousand years. */
bool duration_read(struct str text, int64_t *ms);

#endif
