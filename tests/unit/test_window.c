/* Which intervals a window table lacks: times are small numbers here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/vec.h"
#include "runtime/window.h"

static struct arena *arena;
static struct buf text;

/* "0-10 20-30" */
static struct periods periods(const char *s)
{
	struct periods out = {0};
	char *end;

	while (*s) {
		struct period p;

		p.from = strtoll(s, &end, 10);
		p.to = strtoll(end + 1, &end, 10);
		VEC_PUSH(arena, &out, p);
		s = *end ? end + 1 : end;
	}
	return out;
}

static const char *print(const struct periods *p)
{
	buf_clear(&text);
	buf_adds(&text, "");
	for (size_t i = 0; i < p->n; i++)
		buf_printf(&text, "%s%lld-%lld", i ? " " : "",
			   (long long)p->v[i].from, (long long)p->v[i].to);
	return text.p;
}

static const char *due(struct window w, const char *done, const char *open)
{
	struct periods d = periods(done), o = periods(open), out;

	window_due(&w, &d, &o, arena, &out);
	return print(&out);
}

static void periods_merge_where_they_meet(void **state)
{
	struct periods p = periods("20-30 5-5 0-10 10-12 25-40 50-60 9-8");

	(void)state;
	periods_merge(&p);
	assert_string_equal(print(&p), "0-12 20-40 50-60");
	p = periods("");
	periods_merge(&p);
	assert_int_equal(p.n, 0);
}

static void what_is_due(void **state)
{
	static const struct {
		const char *what;
		struct window window;
		const char *done, *open, *due;
	} cases[] = {
		{"all of it at first", {0, 10, 0, 35}, "", "", "0-30"},
		{"what is over since", {0, 10, 0, 35}, "0-20", "", "20-30"},
		{"nothing twice", {0, 10, 0, 39}, "0-30", "", ""},
		{"gaps", {0, 10, 0, 60}, "0-10 20-30 50-60", "", "10-20 30-50"},
		{"an interval that is done in part",
		 {0, 10, 0, 30},
		 "0-12 18-30",
		 "",
		 "10-20"},
		{"the last lookback", {0, 10, 15, 60}, "0-50", "", "30-60"},
		{"a lookback longer than all",
		 {0, 10, 1000, 40},
		 "0-30",
		 "",
		 "0-40"},
		{"the longest lookback",
		 {-5, 10, INT64_MAX, 40},
		 "0-30",
		 "",
		 "-5-40"},
		{"what was done too early for late events",
		 {0, 10, 10, 90},
		 "0-80",
		 "20-30",
		 "20-30 70-90"},
		{"nothing before a start to come",
		 {100, 10, 5, 60},
		 "",
		 "",
		 ""},
		{"nothing yet of the first interval",
		 {0, 10, 5, 9},
		 "",
		 "",
		 ""},
		{"a start within an interval",
		 {13, 10, 0, 40},
		 "",
		 "",
		 "13-40"},
		{"an earlier start", {0, 10, 0, 50}, "30-50", "", "0-30"},
		{"a later start", {30, 10, 0, 50}, "0-40", "0-10", "40-50"},
		{"a grid that does not divide the old one",
		 {0, 7, 0, 50},
		 "0-40",
		 "",
		 "35-49"},
		{"a clock that went back: nothing of the future",
		 {0, 10, 20, 35},
		 "0-100",
		 "",
		 ""},
		{"a clock that went back a little",
		 {0, 10, 20, 45},
		 "0-50",
		 "40-50",
		 "30-40"},
		{"before 1970", {-25, 10, 0, -3}, "", "", "-25--10"},
		{"a backfill",
		 {0, 10, 20, 100, true, {12, 31}},
		 "0-50",
		 "0-10",
		 "10-40"},
		{"a backfill that is clipped",
		 {20, 10, 0, 55, true, {-100, 1000}},
		 "",
		 "",
		 "20-50"},
		{"a backfill beyond the range",
		 {0, 10, 0, 55, true, {50, 60}},
		 "",
		 "",
		 ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("# %s\n", cases[i].what);
		assert_string_equal(
			due(cases[i].window, cases[i].done, cases[i].open),
			cases[i].due);
	}
}

static void intervals_are_counted_and_split(void **state)
{
	struct window w = {.start = 13, .interval = 10, .now = 60};
	struct periods p = periods("13-30 40-60"), each;

	(void)state;
	assert_int_equal(window_count(&w, &p), 4);
	window_split(&w, &p, arena, &each);
	assert_string_equal(print(&each), "13-20 20-30 40-50 50-60");
}

static void a_new_table_is_the_range_or_the_backfill(void **state)
{
	struct window w = {.start = 13, .interval = 10, .now = 65};
	struct period p = window_whole(&w);

	(void)state;
	assert_true(p.from == 13 && p.to == 60);
	w.has_only = true;
	w.only = (struct period){0, 31};
	p = window_whole(&w);
	assert_true(p.from == 13 && p.to == 40);
	w.only = (struct period){60, 70};
	p = window_whole(&w);
	assert_true(p.from == p.to);
}

static uint32_t seed;

static int64_t random_below(int64_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (int64_t)(seed >> 8) % n;
}

static struct periods random_periods(void)
{
	struct periods out = {0};

	for (int64_t n = random_below(6); n > 0; n--) {
		int64_t from = random_below(100) - 20;

		VEC_PUSH(arena, &out,
			 ((struct period){from, from + random_below(30)}));
	}
	periods_merge(&out);
	return out;
}

static bool holds(const struct periods *p, int64_t t)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].from <= t && t < p->v[i].to)
			return true;
	return false;
}

/* The same question for one moment, asked of each moment of its interval. */
static bool moment_is_due(const struct window *w, const struct periods *done,
			  const struct periods *open, int64_t t)
{
	int64_t past = ((t % w->interval) + w->interval) % w->interval;
	int64_t from = t - past, end = from + w->interval;
	int64_t newest = done->n ? done->v[done->n - 1].to : INT64_MIN;

	if (t < w->start || end > w->now)
		return false;
	for (int64_t x = from < w->start ? w->start : from; x < end; x++)
		if (w->has_only
			    ? w->only.from <= x && x < w->only.to
			    : !holds(done, x) || holds(open, x) ||
				      (x < newest && x >= newest - w->lookback))
			return true;
	return false;
}

static void every_moment_of_random_windows_is_due_or_not(void **state)
{
	(void)state;
	for (uint32_t s = 1; s <= 3000; s++) {
		struct periods done, open, out;
		struct window w = {0};

		seed = s;
		w.start = random_below(60) - 30;
		w.interval = 1 + random_below(13);
		w.lookback = random_below(3) ? random_below(40) : 0;
		w.now = random_below(120) - 20;
		w.has_only = random_below(4) == 0;
		w.only.from = random_below(100) - 20;
		w.only.to = w.only.from + 1 + random_below(40);
		done = random_periods();
		open = random_periods();
		window_due(&w, &done, &open, arena, &out);
		for (int64_t t = -60; t < 140; t++)
			if (holds(&out, t) !=
			    moment_is_due(&w, &done, &open, t))
				fail_msg("seed %u, at %lld", s, (long long)t);
		arena_reset(arena);
	}
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	buf_free(&text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(periods_merge_where_they_meet),
		cmocka_unit_test(what_is_due),
		cmocka_unit_test(intervals_are_counted_and_split),
		cmocka_unit_test(a_new_table_is_the_range_or_the_backfill),
		cmocka_unit_test(every_moment_of_random_windows_is_due_or_not),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
