/*
 * Tests change nothing and wait for nothing that a run makes, so they need
 * neither a plan nor the run's lock. Each thread of a pool has a connection of
 * its own, opened when it takes its first test; the caller watches, to cancel
 * what runs. A DuckDB file that is not there yet is not made for them. A test's
 * rows go when it has ended, but for the few that tell why it failed.
 */
#include "runtime/unit_test.h"

#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/pool.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/clock.h"
#include "runtime/sql_lex.h"

enum {
	ROWS_MAX = 100000,
	/* A statement may have started just after it was cancelled: so often
	 * is it cancelled again. */
	CANCEL_MS = 100,
};

struct worker {
	/* NULL until it is needed. The caller cancels it. */
	struct warehouse *_Atomic warehouse;
	struct arena *arena; /* what is kept */
};

/* Both of a test, as long as it runs. */
struct both {
	struct typed_rows expected, actual;
};

struct testing {
	const struct unit_test_options *options;
	const struct graph *graph;
	struct profile profile;
	struct warehouse *first;
	struct worker *workers;
	unsigned nworkers;
	struct unit_test *tests;
};

/* "SELECT typeof(c0), typeof(c1) FROM (query) AS t (c0, c1) LIMIT 1" */
static struct str types_query(const struct dialect *d, struct str query,
			      uint32_t ncolumns, struct arena *arena)
{
	const char *type =
		d->kind == WAREHOUSE_POSTGRES ? "pg_typeof" : "typeof";
	struct buf b = {0};
	struct str text;

	for (uint32_t i = 0; i < ncolumns; i++)
		buf_printf(&b, "%s %s(c%u)", i ? "," : "SELECT", type, i);
	buf_adds(&b, " FROM (\n");
	buf_add_str(&b, query);
	buf_adds(&b, "\n) AS t (");
	for (uint32_t i = 0; i < ncolumns; i++)
		buf_printf(&b, "%sc%u", i ? ", " : "", i);
	buf_adds(&b, ") LIMIT 1");
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

/* As a warehouse counts: characters, from 1. */
static int position_of(struct str sql, size_t offset)
{
	int n = 1;

	for (size_t i = 0; i < offset; i++)
		n += ((unsigned char)sql.p[i] & 0xc0) != 0x80;
	return n;
}

static bool check_query(struct str query, struct error *err)
{
	size_t semicolon = sql_find_semicolon(query);

	if (!sql_is_statement(query))
		return error_set(err, ERROR_SQL, "there is no query");
	if (semicolon == query.n)
		return true;
	error_set(err, ERROR_SQL, "the query has a semicolon in it");
	err->position = position_of(query, semicolon);
	return error_hint(err, "a test compares the rows of one query");
}

static bool fetch(struct warehouse *w, struct str query, struct arena *arena,
		  struct typed_rows *out, struct error *err)
{
	struct rows types;

	if (!check_query(query, err) ||
	    !w->ops->query(w, query, ROWS_MAX, arena, &out->rows, err))
		return false;
	if (out->rows.truncated)
		return error_set(err, ERROR_TOO_LARGE,
				 "the query gives more than %d rows", ROWS_MAX);
	if (out->rows.nrows == 0 || out->rows.ncolumns == 0)
		return true;
	if (!w->ops->query(w,
			   types_query(w->profile->dialect, query,
				       out->rows.ncolumns, arena),
			   1, arena, &types, err))
		return false;
	if (types.nrows == 0) /* it gives other rows each time */
		types.values = ARENA_NEW(arena, struct str, types.ncolumns);
	out->types = (struct strs){types.values, types.ncolumns};
	return true;
}

static bool is_interrupted(const struct testing *all)
{
	const atomic_int *interrupted = all->options->interrupted;

	return interrupted && *interrupted;
}

static bool open_mine(struct testing *all, struct worker *me, struct error *err)
{
	struct warehouse *w;

	if (atomic_load(&me->warehouse))
		return true;
	if (!warehouse_open(&all->profile, all->graph->root, all->first,
			    all->options->interrupted, &w, err))
		return false;
	atomic_store(&me->warehouse, w);
	return true;
}

static bool fetch_both(struct warehouse *w, struct unit_test *t,
		       struct arena *arena, struct both *out)
{
	t->statement = sql_trim(t->action->query);
	if (!fetch(w, t->statement, arena, &out->actual, &t->error))
		return false;
	t->statement = sql_trim(t->action->expected_query);
	t->is_expected = true;
	return fetch(w, t->statement, arena, &out->expected, &t->error);
}

static struct str *copy_strs(struct arena *arena, const struct str *v, size_t n)
{
	struct str *copy = ARENA_NEW(arena, struct str, n);

	for (size_t i = 0; i < n; i++)
		if (v[i].p)
			copy[i] = arena_str(arena, v[i]);
	return copy;
}

static struct rows first_rows(const struct rows *from, uint32_t max,
			      struct arena *arena)
{
	struct rows some = *from;

	some.nrows = from->nrows < max ? from->nrows : max;
	some.columns = copy_strs(arena, from->columns, from->ncolumns);
	some.values = copy_strs(arena, from->values,
				(size_t)some.nrows * some.ncolumns);
	return some;
}

static void keep_differences(struct comparison *c, struct arena *arena)
{
	struct row_difference *v =
		ARENA_NEW(arena, struct row_difference, c->n);

	for (size_t i = 0; i < c->n; i++) {
		v[i] = c->v[i];
		v[i].column = arena_str(arena, v[i].column);
		if (v[i].expected.p)
			v[i].expected = arena_str(arena, v[i].expected);
		if (v[i].actual.p)
			v[i].actual = arena_str(arena, v[i].actual);
	}
	c->v = v;
}

static void judge(const struct unit_test_options *options, struct unit_test *t,
		  const struct both *rows, struct arena *scratch,
		  struct arena *arena)
{
	rows_compare(&rows->expected, &rows->actual, options->max_differences,
		     scratch, &t->comparison);
	t->passed = t->comparison.verdict == ROWS_SAME;
	if (t->passed)
		return;
	keep_differences(&t->comparison, arena);
	t->expected =
		first_rows(&rows->expected.rows, options->max_rows, arena);
	t->actual = first_rows(&rows->actual.rows, options->max_rows, arena);
}

static void run_test(struct testing *all, struct worker *me,
		     struct unit_test *t)
{
	struct arena *scratch = arena_new();
	struct both rows = {0};

	if (open_mine(all, me, &t->error) &&
	    fetch_both(atomic_load(&me->warehouse), t, scratch, &rows))
		judge(all->options, t, &rows, scratch, me->arena);
	else
		secrets_hide_error(&all->profile.secrets, &t->error);
	arena_free(scratch);
}

static void work(void *ctx, size_t item, unsigned thread)
{
	struct testing *all = ctx;
	struct unit_test *t = &all->tests[item];
	struct clock clock = {0};
	int64_t start;

	if (is_interrupted(all)) {
		error_set(&t->error, ERROR_CANCELLED, "the tests were stopped");
		return;
	}
	clock_start(&clock);
	start = clock_ms(&clock);
	run_test(all, &all->workers[thread], t);
	t->seconds = (double)(clock_ms(&clock) - start) / 1e3;
}

static void list_tests(const struct graph *g, struct arena *arena,
		       struct unit_tests *out)
{
	for (uint32_t i = 0; i < g->nactions; i++)
		out->n += g->actions[i].type == ACTION_TEST;
	out->v = ARENA_NEW(arena, struct unit_test, out->n);
	out->n = 0;
	for (uint32_t i = 0; i < g->nactions; i++)
		if (g->actions[i].type == ACTION_TEST)
			out->v[out->n++].action = &g->actions[i];
}

static bool open_first(struct testing *all, struct arena *arena,
		       struct error *err)
{
	const struct profile *p = all->graph->profile;
	const char *path;

	all->profile = *p;
	if (p->dialect->kind == WAREHOUSE_DUCKDB) {
		path = arena_cstr(arena, p->path);
		if (path[0] != '/')
			path = path_join(arena, all->graph->root, path);
		if (!file_exists(path))
			all->profile.path = STR(":memory:");
	}
	return warehouse_open(&all->profile, all->graph->root, NULL,
			      all->options->interrupted, &all->first, err);
}

static void close_all(struct testing *all, struct arena *arena)
{
	for (unsigned i = 0; i < all->nworkers; i++) {
		struct warehouse *w = atomic_load(&all->workers[i].warehouse);

		if (w && w != all->first)
			w->ops->close(w);
		arena_adopt(arena, all->workers[i].arena);
	}
	all->first->ops->close(all->first);
}

static void cancel_running(struct testing *all)
{
	for (unsigned i = 0; i < all->nworkers; i++) {
		struct warehouse *w = atomic_load(&all->workers[i].warehouse);

		if (w)
			w->ops->cancel(w);
	}
}

static void count(const struct unit_test *t, struct unit_tests *out)
{
	if (unit_test_is_stopped(t))
		out->nstopped++;
	else if (!t->passed)
		out->nfailed++;
}

static void run_all(struct testing *all, struct unit_tests *out)
{
	const struct unit_test_options *o = all->options;
	struct pool *pool = pool_start_watched(out->n, work, all);

	for (size_t i = 0; i < out->n; i++) {
		while (!pool_watch(pool, i, CANCEL_MS))
			if (is_interrupted(all))
				cancel_running(all);
		count(&out->v[i], out);
		if (o->done)
			o->done(o->ctx, &out->v[i]);
	}
	pool_end(pool);
}

bool unit_tests_run(const struct graph *g,
		    const struct unit_test_options *options,
		    struct arena *arena, struct unit_tests *out,
		    struct error *err)
{
	struct testing all = {.options = options, .graph = g};

	*out = (struct unit_tests){0};
	list_tests(g, arena, out);
	if (out->n == 0)
		return true;
	if (!open_first(&all, arena, err))
		return false;
	all.tests = out->v;
	all.nworkers = pool_watched_threads(out->n);
	all.workers = ARENA_NEW(arena, struct worker, all.nworkers);
	for (unsigned i = 0; i < all.nworkers; i++)
		all.workers[i].arena = arena_new();
	atomic_store(&all.workers[0].warehouse, all.first);
	run_all(&all, out);
	close_all(&all, arena);
	return true;
}

bool unit_test_is_stopped(const struct unit_test *t)
{
	return t->error.kind == ERROR_CANCELLED;
}

static struct str column_list(const struct rows *rows, struct arena *arena)
{
	struct buf b = {0};
	struct str text;

	for (uint32_t i = 0; i < rows->ncolumns; i++) {
		buf_adds(&b, i ? "," : "");
		buf_add_str(&b, rows->columns[i]);
	}
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

static struct str value_message(const struct row_difference *d,
				struct arena *arena)
{
	struct str at = arena_printf(arena, "For row %u and column \"%.*s\"",
				     d->row, STR_ARG(d->column));

	if (!d->expected.p)
		return arena_printf(arena,
				    "%.*s: expected null, but saw "
				    "\"%.*s\".",
				    STR_ARG(at), STR_ARG(d->actual));
	if (!d->actual.p)
		return arena_printf(arena,
				    "%.*s: expected \"%.*s\", but saw "
				    "null.",
				    STR_ARG(at), STR_ARG(d->expected));
	if (d->expected_kind)
		return arena_printf(arena,
				    "%.*s: expected type \"%s\", but "
				    "saw type \"%s\".",
				    STR_ARG(at), d->expected_kind,
				    d->actual_kind);
	return arena_printf(arena, "%.*s: expected \"%.*s\", but saw \"%.*s\".",
			    STR_ARG(at), STR_ARG(d->expected),
			    STR_ARG(d->actual));
}

struct strs unit_test_messages(const struct unit_test *t, struct arena *arena)
{
	const struct rows *e = &t->expected, *a = &t->actual;
	struct str_vec all = {0};
	struct str one = {0};

	if (t->error.kind != ERROR_NONE)
		one = arena_printf(arena, "Error thrown: %s.", t->error.text);
	else if (t->comparison.verdict == ROWS_OTHER_COUNT)
		one = arena_printf(arena, "Expected %u rows, but saw %u rows.",
				   t->comparison.nexpected,
				   t->comparison.nactual);
	else if (t->comparison.verdict == ROWS_OTHER_COLUMNS)
		one = arena_printf(
			arena, "Expected columns \"%.*s\", but saw \"%.*s\".",
			STR_ARG(column_list(e, arena)),
			STR_ARG(column_list(a, arena)));
	if (one.p)
		VEC_PUSH(arena, &all, one);
	for (size_t i = 0; i < t->comparison.n; i++)
		VEC_PUSH(arena, &all,
			 value_message(&t->comparison.v[i], arena));
	return (struct strs){all.v, all.n};
}

/* The byte of the statement that the warehouse points at. */
static size_t error_offset(const struct unit_test *t)
{
	struct str sql = t->statement;
	size_t at = 0;

	for (int i = 1; i < t->error.position && at < sql.n; i++)
		do
			at++;
		while (at < sql.n && ((unsigned char)sql.p[at] & 0xc0) == 0x80);
	return at;
}

static bool find_in(const struct action *a, const struct unit_test *t,
		    struct str *file, uint32_t *line, uint32_t *column)
{
	struct action as_sent = *a;

	as_sent.query = t->statement;
	*file = a->file;
	return action_origin(&as_sent, t->statement, error_offset(t), line,
			     column);
}

bool unit_test_origin(const struct graph *g, const struct unit_test *t,
		      struct str *file, uint32_t *line, uint32_t *column)
{
	uint32_t tested = t->action->tested;

	if (t->error.kind != ERROR_SQL || t->error.position <= 0)
		return false;
	if (find_in(t->action, t, file, line, column))
		return true;
	return !t->is_expected && tested != ACTION_NONE &&
	       find_in(&g->actions[tested], t, file, line, column);
}
