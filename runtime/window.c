/*
 * Intervals lie on a grid that begins in 1970, so what an interval is does not
 * depend on when weir runs; only the first one is cut where the window starts.
 *
 * What is done is compared as time that is covered, not interval by interval:
 * after a change of the grid an interval counts as done if all of it was done,
 * in whatever pieces.
 *
 * Late events. An interval that was computed less than the lookback after its
 * end is open: events of it may come yet, and so it is done again by every run
 * until one does it late enough. What other intervals a killed run did or did
 * not do has no part in that. The last lookback before the end of what is done
 * is done again as well, as the user asked for.
 */
#include "runtime/window.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"

static int by_start(const void *a, const void *b)
{
	const struct period *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

void periods_merge(struct periods *s)
{
	size_t n = 0;

	if (s->n)
		qsort(s->v, s->n, sizeof(s->v[0]), by_start);
	for (size_t i = 0; i < s->n; i++) {
		struct period next = s->v[i];

		if (next.from >= next.to)
			continue;
		if (!n || s->v[n - 1].to < next.from)
			s->v[n++] = next;
		else if (s->v[n - 1].to < next.to)
			s->v[n - 1].to = next.to;
	}
	s->n = n;
}

static int64_t floor_to(int64_t t, int64_t interval)
{
	int64_t past = t % interval;

	return t - (past < 0 ? past + interval : past);
}

static int64_t ceil_to(int64_t t, int64_t interval)
{
	int64_t floor = floor_to(t, interval);

	return floor == t ? t : floor + interval;
}

struct period window_range(const struct window *w)
{
	int64_t end = floor_to(w->now, w->interval);

	return (struct period){w->start, end > w->start ? end : w->start};
}

/* The part of it in the range, made whole intervals. */
static struct period whole_intervals(const struct window *w, struct period s)
{
	struct period range = window_range(w);

	if (s.from < range.from)
		s.from = range.from;
	if (s.to > range.to)
		s.to = range.to;
	if (s.from >= s.to)
		return (struct period){range.from, range.from};
	s.from = floor_to(s.from, w->interval);
	s.to = ceil_to(s.to, w->interval);
	if (s.from < range.from)
		s.from = range.from;
	return s;
}

struct period window_whole(const struct window *w)
{
	return w->has_only ? whole_intervals(w, w->only) : window_range(w);
}

static void add(const struct window *w, struct period s, struct arena *arena,
		struct periods *out)
{
	VEC_PUSH(arena, out, whole_intervals(w, s));
}

static void add_missing(const struct window *w, const struct periods *done,
			struct arena *arena, struct periods *out)
{
	struct period range = window_range(w);
	int64_t at = range.from;

	for (size_t i = 0; i < done->n; i++) {
		if (done->v[i].from > at)
			add(w, (struct period){at, done->v[i].from}, arena,
			    out);
		if (done->v[i].to > at)
			at = done->v[i].to;
	}
	add(w, (struct period){at, range.to}, arena, out);
}

static void add_lookback(const struct window *w, const struct periods *done,
			 struct arena *arena, struct periods *out)
{
	int64_t end;

	if (!done->n || !w->lookback)
		return;
	end = done->v[done->n - 1].to;
	add(w,
	    (struct period){end - w->start > w->lookback ? end - w->lookback
							 : w->start,
			    end},
	    arena, out);
}

void window_due(const struct window *w, const struct periods *done,
		const struct periods *open, struct arena *arena,
		struct periods *out)
{
	assert(w->interval > 0 && w->lookback >= 0);
	*out = (struct periods){0};
	if (w->has_only) {
		add(w, w->only, arena, out);
	} else {
		add_missing(w, done, arena, out);
		add_lookback(w, done, arena, out);
		for (size_t i = 0; i < open->n; i++)
			add(w, open->v[i], arena, out);
	}
	periods_merge(out);
}

uint64_t window_count(const struct window *w, const struct periods *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += (uint64_t)((ceil_to(s->v[i].to, w->interval) -
				 floor_to(s->v[i].from, w->interval)) /
				w->interval);
	return n;
}

void window_split(const struct window *w, const struct periods *s,
		  struct arena *arena, struct periods *out)
{
	*out = (struct periods){0};
	for (size_t i = 0; i < s->n; i++) {
		struct period left = s->v[i];

		while (left.from < left.to) {
			int64_t end =
				floor_to(left.from, w->interval) + w->interval;

			VEC_PUSH(arena, out, ((struct period){left.from, end}));
			left.from = end;
		}
	}
}
