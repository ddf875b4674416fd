/*
 * Which intervals of event time a window table lacks. Pure: what is done, and
 * what time it is, are given. Times are milliseconds since 1970, in UTC.
 */
#ifndef RUNTIME_WINDOW_H
#define RUNTIME_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* From one moment on and up to another, which is not in it. */
struct period {
	int64_t from, to;
};

struct periods {
	struct period *v;
	size_t n, cap;
};

/* Sorted, without empty ones, and what overlaps or touches made one. */
void periods_merge(struct periods *s);

struct window {
	int64_t start, interval, lookback;
	int64_t now;        /* when the run started */
	bool has_only;      /* only what meets this period: a backfill */
	struct period only; /* clipped to the range by whoever reads it */
};

/* From the start to the end of the last interval that is over; empty if none
 * is. */
struct period window_range(const struct window *w);

/* What a table that is built anew consists of: the range or, of a backfill,
 * the intervals that it meets. */
struct period window_whole(const struct window *w);

/* What is to be done of a table of which done has been done, and open of that
 * so early that late events may be missing: whole intervals, those that touch
 * made one. done and open are merged. */
void window_due(const struct window *w, const struct periods *done,
		const struct periods *open, struct arena *arena,
		struct periods *out);

/* How many intervals they are. */
uint64_t window_count(const struct window *w, const struct periods *s);

/* The same, each interval for itself. */
void window_split(const struct window *w, const struct periods *s,
		  struct arena *arena, struct periods *out);

#endif
