/*
 * Windows against a simple truth. Events of 30 days come in late and out of
 * order while runs take place at random times, some with a clock that is
 * behind, some killed at a statement or behind it, some refused by the
 * warehouse, some backfills, some after a look-alike of a gap or a change of
 * the interval. If no event is later than the lookback, the table is in the end
 * what one full rebuild gives; what is later is there after --from and --to.
 *
 * WEIR_SEEDS=N does so many seeds, WEIR_SEED=S the one that failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "runtime/executor.h"
#include "tests/unit/real_run.h"

#define HOUR  3600000LL
#define DAY   (24 * HOUR)
#define START 1707955200000LL /* 2024-02-15: a leap day is to come */

enum { DAYS = 30, EVENTS = 120, NEVER = 1 << 30 };

struct event {
	int64_t time, arrival;
	bool is_in;
};

struct world {
	struct real *r;
	struct test_warehouse own; /* a session of the test's */
	uint64_t random;
	struct event events[EVENTS];
	struct weir_options options;
	int64_t lookback, now; /* now: the true time */
	struct time_source time;
	int64_t clock; /* what runs take for it */
	struct run run;
};

/* What befalls the statements of a run, by their number. */
static struct {
	const struct warehouse_ops *real;
	struct warehouse_ops ops;
	struct world *world;
	atomic_int calls;
	atomic_bool is_dead;
	int dies_at, arrives_at, refused_at;
	bool dies_behind;
} fate;

static int64_t below(struct world *w, int64_t n)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (int64_t)(w->random >> 11) % n;
}

static bool one_in(struct world *w, int64_t n)
{
	return below(w, n) == 0;
}

/* Events that have arrived by now get into the source. */
static void let_in(struct world *w)
{
	struct buf b = {0};

	for (int i = 0; i < EVENTS; i++) {
		struct event *e = &w->events[i];

		if (e->is_in || e->arrival > w->now)
			continue;
		e->is_in = true;
		buf_printf(&b, "%s(to_timestamp(%lld / 1000.0), %d)",
			   b.n ? ", " : "insert into s.events values ",
			   (long long)e->time, i);
	}
	if (b.n)
		must_run(&w->own, b.p);
	buf_free(&b);
}

static bool refuse(struct warehouse *w, struct error *err)
{
	(void)w->ops->end_transaction(w);
	error_set(err, ERROR_SQL, "write-write conflict");
	memcpy(err->sqlstate, "40001", sizeof("40001"));
	return false;
}

static bool fated_execute(struct warehouse *w, struct str sql, int64_t *rows,
			  struct error *err)
{
	int n = atomic_fetch_add(&fate.calls, 1);

	if (n == fate.arrives_at) {
		fate.world->now += below(fate.world, DAY);
		let_in(fate.world);
	}
	if (n == fate.refused_at)
		return refuse(w, err);
	if (n == fate.dies_at) {
		struct error ignored = {0};

		if (fate.dies_behind)
			(void)fate.real->execute(w, sql, rows, &ignored);
		atomic_store(&fate.is_dead, true);
	}
	if (atomic_load(&fate.is_dead))
		return error_set(err, ERROR_LOST, "killed");
	return fate.real->execute(w, sql, rows, err);
}

static bool open_one(void *ctx, struct warehouse **out, struct error *err)
{
	struct world *w = ctx;

	if (atomic_load(&fate.is_dead))
		return error_set(err, ERROR_CONNECT, "killed");
	if (!warehouse_open(&w->r->made.profile, w->r->root, w->own.w, NULL,
			    out, err))
		return false;
	(*out)->ops = &fate.ops;
	return true;
}

static int64_t now_of(const struct time_source *t)
{
	const struct world *w =
		(const struct world *)((const char *)t -
				       offsetof(struct world, time));

	return w->clock;
}

static void sleep_not(const struct time_source *t, int64_t ms)
{
	(void)t;
	(void)ms;
}

static void spare(struct world *w)
{
	fate.world = w;
	fate.dies_at = fate.arrives_at = fate.refused_at = NEVER;
	fate.dies_behind = false;
	atomic_store(&fate.calls, 0);
	atomic_store(&fate.is_dead, false);
}

static void run(struct world *w)
{
	struct connector c = {.open = open_one, .ctx = w, .time = &w->time};
	struct arena *arena = arena_new();
	struct error err = {0};
	bool ok = run_graph_over(&c, &w->r->made.graph, &w->r->options, NULL,
				 arena, &w->run, &err);

	ok = ok && w->run.status == RUN_OK;
	if (!ok && fate.dies_at == NEVER && fate.refused_at == NEVER)
		fail_msg("%s",
			 w->run.nsteps ? w->run.steps[0].error.text : err.text);
	arena_free(arena);
}

static const char *query_of(struct world *w)
{
	static const char *const queries[] = {
		"select ts, n from s.events",
		"select ts, n from s.events where ts >= " RUN_START_MARKER
		" and ts < " RUN_END_MARKER,
		"select date_trunc('hour', ts) as ts, cast(sum(n) as bigint) "
		"as n from s.events where ts >= " RUN_START_MARKER
		" and ts < " RUN_END_MARKER " group by 1",
	};

	return queries[below(w, 3)];
}

static int64_t any_interval(struct world *w)
{
	static const int hours[] = {11, 24, 24, 36, 60};

	return hours[below(w, 5)] * HOUR;
}

static void make_events(struct world *w)
{
	for (int i = 0; i < EVENTS; i++) {
		struct event *e = &w->events[i];

		e->is_in = false;
		e->time = START - DAY + below(w, (DAYS + 1) * DAY);
		if (one_in(w, 8)) /* on the edge of intervals */
			e->time -= e->time % DAY;
		e->arrival = e->time;
		if (!one_in(w, 3) && w->lookback)
			e->arrival += below(w, w->lookback);
	}
}

static void begin(struct world *w, uint64_t seed)
{
	static const int lookbacks[] = {0, 1, 5, 24, 70};
	struct made *made = &w->r->made;
	struct action *a;

	w->random = seed * 0x9e3779b97f4a7c15u + 1;
	for (int i = 0; i < 8; i++)
		below(w, 2);
	w->lookback = lookbacks[below(w, 5)] * HOUR;
	w->now = START - DAY;
	w->options = (struct weir_options){
		.strategy = WEIR_WINDOW,
		.time_column = STR("ts"),
		.interval_ms = any_interval(w),
		.start_ms = START + below(w, 3) * HOUR,
		.lookback_ms = w->lookback,
		.warn_above = -1,
		.fail_above = -1,
	};
	make_events(w);
	made->graph.nactions = 0;
	made->graph.default_schema = STR("s");
	a = made_add(made, ACTION_INCREMENTAL, "s.w", query_of(w), "");
	a->incremental_query = a->query;
	if (a->query.n < sizeof("select ts, n from s.events where"))
		w->options.lookback_ms += one_in(w, 4) ? 90 * DAY : 0;
	a->weir = &w->options;
	must_run(&w->own, "drop schema if exists s cascade");
	must_run(&w->own, "create schema s");
	must_run(&w->own, "create table s.events (ts timestamptz, n int)");
	w->r->options =
		(struct run_options){.selected = made->selected, .jobs = 4};
}

/* Something of the record is gone, as if it had never been done. */
static void forget(struct world *w)
{
	char sql[300];

	if (!*must_query(&w->own, "select 1 from information_schema.tables "
				  "where table_name = 'weir_intervals'"))
		return;
	snprintf(sql, sizeof(sql),
		 "delete from s.weir_intervals where interval_start = "
		 "(select interval_start from s.weir_intervals "
		 "order by interval_start offset %d limit 1) "
		 "and interval_start > (select min(interval_start) from "
		 "s.weir_intervals)",
		 (int)below(w, 40));
	must_run(&w->own, sql);
}

static void draw_fate(struct world *w)
{
	struct run_options *o = &w->r->options;

	spare(w);
	o->has_only = o->full_refresh = false;
	if (one_in(w, 3)) {
		fate.dies_at = (int)below(w, 40);
		fate.dies_behind = one_in(w, 2);
	}
	if (one_in(w, 4))
		fate.refused_at = (int)below(w, 40);
	if (one_in(w, 2))
		fate.arrives_at = (int)below(w, 40);
	if (one_in(w, 8)) {
		o->has_only = true;
		o->only.from = START + below(w, DAYS * DAY);
		o->only.to = o->only.from + 1 + below(w, 4 * DAY);
	}
	if (one_in(w, 20) && !o->has_only)
		o->full_refresh = true;
	if (one_in(w, 10))
		forget(w);
	if (one_in(w, 15))
		w->options.interval_ms = any_interval(w);
	w->clock = w->now;
	if (one_in(w, 10))
		w->clock -= below(w, 3 * DAY);
}

static void must_be_rebuilt(struct world *w, uint64_t seed)
{
	struct real *r = w->r;
	char difference[] =
		"select (select count(*) from (select ts, n from s.w except "
		"all select ts, n from s.truth) x), (select count(*) from ("
		"select ts, n from s.truth except all select ts, n from s.w) "
		"y)";
	struct action *a = &r->made.actions[0];
	const char *answer;

	a->target.name = STR("truth");
	r->options.has_only = false;
	r->options.full_refresh = true;
	spare(w);
	run(w);
	a->target.name = STR("w");
	r->options.full_refresh = false;
	answer = must_query(&w->own, difference);
	if (strcmp(answer, "0|0") != 0)
		fail_msg("seed %llu: rows too many|too few: %s",
			 (unsigned long long)seed, answer);
}

/* An event that comes after its lookback is for whoever asks for it. */
static void mend_what_was_too_late(struct world *w, uint64_t seed)
{
	struct event *e = &w->events[below(w, EVENTS)];

	e->time = w->options.start_ms + below(w, DAYS * DAY);
	e->is_in = false;
	let_in(w);
	spare(w);
	w->r->options.has_only = true;
	w->r->options.only = (struct period){e->time, e->time + 1};
	run(w);
	must_be_rebuilt(w, seed);
}

static void live(struct world *w, uint64_t seed)
{
	struct test_warehouse *own = &w->own;

	/* A database of its own each time, if it is one in memory. */
	real_open(w->r, own);
	own->arena = arena_new();
	if (w->r->made.profile.dialect == &dialect_duckdb)
		must_run(own, "set threads = 1");
	fate.real = own->w->ops;
	fate.ops = *fate.real;
	fate.ops.execute = fated_execute;
	begin(w, seed);
	while (w->now < START + DAYS * DAY) {
		w->now += below(w, one_in(w, 4) ? 12 * DAY : 6 * DAY);
		let_in(w);
		draw_fate(w);
		run(w);
	}
	w->now += w->lookback + 2 * DAY;
	let_in(w);
	spare(w);
	w->r->options.has_only = w->r->options.full_refresh = false;
	w->clock = w->now;
	run(w);
	must_be_rebuilt(w, seed);
	mend_what_was_too_late(w, seed);
	own->w->ops->close(own->w);
	arena_free(own->arena);
}

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 10) : otherwise;
}

static void many_lives(void **state, unsigned long n)
{
	struct world w = {.r = real_or_skip(state),
			  .time = {now_of, sleep_not}};
	unsigned long one = number("WEIR_SEED", 0);

	if (w.r->made.profile.dialect == &dialect_duckdb)
		w.r->made.profile.path = STR(":memory:");
	for (unsigned long seed = one ? one : 1; seed <= (one ? one : n);
	     seed++)
		live(&w, seed);
}

static void a_window_is_what_a_rebuild_gives_on_duckdb(void **state)
{
	many_lives(state, number("WEIR_SEEDS", 10));
}

/* Each run has connections of its own there, which take their time. */
static void a_window_is_what_a_rebuild_gives_on_postgres(void **state)
{
	many_lives(state, number("WEIR_SEEDS", 20) / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DUCKDB(a_window_is_what_a_rebuild_gives_on_duckdb),
		ON_POSTGRES(a_window_is_what_a_rebuild_gives_on_postgres),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
