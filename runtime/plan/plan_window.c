/*
 * A window table that is there is filled: each interval that is due is a piece
 * of the step, in a transaction of its own. If the query neither asks for the
 * interval's times nor reads its own table, its rows do not depend on how the
 * time is divided, and so intervals that touch are one piece.
 *
 * Pieces may run at once, but not where one may see what another did: a query
 * that reads its own table, operations around it, columns to be added, and
 * assertions that must hold before it is committed. DuckDB
 * takes them in turn, too: it uses all processors for one statement, and
 * transactions that change one table may refuse each other.
 */
#include "runtime/plan/plan_window.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "base/sha256.h"
#include "compiler/graph.h"
#include "runtime/sql/audit.h"
#include "runtime/state/columns.h"
#include "runtime/state/window_book.h"

/* Of a table that is built anew, and of one that is filled. */
enum { INTERVALS_MAX = 10000000, PIECES_MAX = 100000 };

static struct str query_of(const struct action *a)
{
	return a->incremental_query.p ? a->incremental_query : a->query;
}

static struct str hash_of(const struct action *a, struct arena *arena)
{
	struct str parts[] = {a->query, a->incremental_query, a->where};
	char hex[SHA256_HEX + 1];
	struct sha256 h;

	sha256_init(&h);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		sha256_add(&h, &parts[i].n, sizeof(parts[i].n));
		if (parts[i].n)
			sha256_add(&h, parts[i].p, parts[i].n);
	}
	sha256_hex(&h, hex);
	return arena_str(arena, str_of(hex));
}

static bool has_marker(struct str text)
{
	return str_has(text, STR(RUN_START_MARKER)) ||
	       str_has(text, STR(RUN_END_MARKER));
}

static bool any_has_marker(const struct strs *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		if (has_marker(texts->v[i]))
			return true;
	return false;
}

static bool asks_for_times(const struct action *a)
{
	return has_marker(query_of(a)) || has_marker(a->where) ||
	       any_has_marker(&a->incremental_pre_ops) ||
	       any_has_marker(&a->incremental_post_ops);
}

static bool reads_itself(const struct action *a, const struct dialect *d)
{
	struct buf name = {0};
	bool reads;

	dialect_put_target(d, &name, &a->target);
	reads = str_has(query_of(a), buf_str(&name)) ||
		str_has(a->where, buf_str(&name));
	buf_free(&name);
	return reads;
}

static bool may_run_at_once(const struct action *a, const struct dialect *d,
			    const struct window_plan *w, bool is_audited)
{
	return d->kind == WAREHOUSE_POSTGRES && !w->regrids && !is_audited &&
	       !columns_may_change(a) && !a->incremental_pre_ops.n &&
	       !a->incremental_post_ops.n && !reads_itself(a, d);
}

/* "2026-11-22", "2026-11-22 07:00" or, if need be, finer. */
static void put_time(struct buf *b, int64_t ms)
{
	char text[MOMENT_MAX];
	struct str s = {text, moment_print(MOMENT_DATETIME, ms * 1000, text)};

	if (str_ends(s, STR(":00")))
		s.n -= 3;
	if (str_ends(s, STR(" 00:00")))
		s.n -= 6;
	buf_add_str(b, s);
}

/* "3 of 720 intervals, 2026-11-22 07:00 to 2026-11-22 10:00" */
static struct str text_of(const struct window_plan *w,
			  const struct periods *periods, struct arena *arena)
{
	struct period range = window_range(&w->window);
	struct periods all = {.v = &range, .n = range.from < range.to};
	struct buf b = {0};
	struct str text;

	if (periods->n) {
		buf_printf(
			&b, "%llu of %llu intervals, ",
			(unsigned long long)window_count(&w->window, periods),
			(unsigned long long)window_count(&w->window, &all));
		put_time(&b, periods->v[0].from);
		buf_adds(&b, " to ");
		put_time(&b, periods->v[periods->n - 1].to);
	} else if (all.n) {
		buf_adds(&b, "no interval to do, all until ");
		put_time(&b, range.to);
		buf_adds(&b, " are done");
	} else {
		buf_adds(&b, "no interval is over yet");
	}
	if (!periods->n && w->window.has_only) {
		buf_clear(&b);
		buf_adds(&b, "no interval lies between --from and --to");
	}
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

static bool refuse_many(const struct window_plan *w,
			const struct periods *periods, unsigned long long limit,
			struct error *err)
{
	unsigned long long n = window_count(&w->window, periods);

	if (n <= limit)
		return false;
	error_set(err, ERROR_CONFIG,
		  "%llu intervals are to be done, more than a run can keep "
		  "track of",
		  n);
	error_hint(err, "choose a longer interval or a later start, or do some "
			"at a time with --from and --to");
	return true;
}

static void plan_whole(struct step *s, struct window_plan *w,
		       struct error *refused, struct arena *arena)
{
	struct periods whole = {.v = &w->whole, .n = 1};

	w->whole = window_whole(&w->window);
	periods_merge(&whole);
	if (refuse_many(w, &whole, INTERVALS_MAX, refused))
		return;
	s->intervals = (uint32_t)window_count(&w->window, &whole);
	s->why = arena_printf(arena, "%.*s: %.*s", STR_ARG(s->why),
			      STR_ARG(text_of(w, &whole, arena)));
}

static bool has_column(const struct relation *r, struct str name, bool folds)
{
	for (size_t i = 0; i < r->columns.n; i++)
		if (folds ? str_eq_nocase(r->columns.v[i], name)
			  : str_eq(r->columns.v[i], name))
			return true;
	return false;
}

static bool refuse_table(const struct plan_request *r, const struct action *a,
			 uint32_t id, struct error *err)
{
	struct str column = a->weir->time_column;

	if (!r->books || !r->books[id].is_known) {
		error_set(err, ERROR_CONFIG,
			  "the table is there, but weir_intervals says nothing "
			  "of it: what it holds is not known");
		error_hint(err,
			   a->is_protected
				   ? "it is protected: rename or drop it, and "
				     "it is built anew"
				   : "build it anew: --full-refresh");
		return true;
	}
	if (has_column(&r->found[id], column,
		       r->graph->profile->dialect->folds_case))
		return false;
	error_set(err, ERROR_CONFIG,
		  "timeColumn names \"%.*s\", which the table has not",
		  STR_ARG(column));
	error_hint(err, "name a column of the table, or build it anew: "
			"--full-refresh");
	return true;
}

static void plan_fill(const struct plan_request *r, struct step *s,
		      struct window_plan *w, bool is_audited,
		      struct error *refused, struct arena *arena)
{
	const struct action *a = &r->graph->actions[s->action];
	const struct dialect *d = r->graph->profile->dialect;
	const struct window_book *book;
	bool each = asks_for_times(a) || reads_itself(a, d);
	struct periods due;

	if (refuse_table(r, a, s->action, refused))
		return;
	book = &r->books[s->action];
	window_due(&w->window, &book->done, &book->open, arena, &due);
	if (refuse_many(w, &due, each ? PIECES_MAX : INTERVALS_MAX, refused))
		return;
	s->intervals = (uint32_t)window_count(&w->window, &due);
	s->why = text_of(w, &due, arena);
	w->regrids = book->off_grid;
	if (each)
		window_split(&w->window, &due, arena, &w->pieces);
	else
		w->pieces = due;
	s->npieces = (uint32_t)w->pieces.n;
	s->in_turn = !may_run_at_once(a, d, w, is_audited);
}

void plan_window(const struct plan_request *request, struct plan *out,
		 uint32_t step, struct arena *arena)
{
	struct step *s = &out->steps[step];
	const struct action *a = &request->graph->actions[s->action];
	struct window_plan *w = ARENA_NEW(arena, struct window_plan, 1);

	w->window = (struct window){
		.start = a->weir->start_ms,
		.interval = a->weir->interval_ms,
		.lookback = a->weir->lookback_ms,
		.now = request->now_ms,
		.has_only = request->has_only,
		.only = request->only,
	};
	w->hash = hash_of(a, arena);
	out->windows[step] = w;
	if (deed_adds_rows(s->deed)) {
		s->deed = DEED_FILL;
		plan_fill(request, s, w,
			  out->audits && out->audits[s->action].n,
			  &out->refused[step], arena);
	} else {
		plan_whole(s, w, &out->refused[step], arena);
	}
}

bool plan_window_forgets(const struct plan *p, uint32_t step)
{
	const struct plan_request *r = p->request;
	const struct step *s = &p->steps[step];

	return s->deed != DEED_NOTHING && r->books &&
	       r->books[s->action].is_known &&
	       (s->load || !is_window(&r->graph->actions[s->action]));
}

/* Of a step that --from and --to do nothing for. */
static struct str note_of_period(const struct step *s,
				 const struct window_plan *w)
{
	if (!w && deed_adds_rows(s->deed))
		return STR("is no window: --from and --to do not concern it");
	if (w && !s->intervals)
		return STR("no interval lies between --from and --to");
	return (struct str){0};
}

static struct str note_of(const struct plan *p, uint32_t step)
{
	const struct plan_request *r = p->request;
	const struct step *s = &p->steps[step];
	const struct window_plan *w = p->windows[step];

	if (p->refused[step].kind != ERROR_NONE)
		return (struct str){0};
	if (plan_window_forgets(p, step))
		return STR("was a window: weir_intervals forgets what was "
			   "done, and to be one again it needs --full-refresh");
	if (r->has_only && (!w || !s->intervals))
		return note_of_period(s, w);
	if (w && s->deed == DEED_FILL && r->books[s->action].hash.n &&
	    !str_eq(r->books[s->action].hash, w->hash))
		return STR("its SQL has changed, what was done before stays "
			   "as it is; --full-refresh or --from computes it "
			   "anew");
	return (struct str){0};
}

struct str plan_window_note(const struct plan *p, uint32_t step,
			    struct arena *arena)
{
	uint32_t id = p->steps[step].action;
	struct str note = note_of(p, step);

	if (!note.p)
		return note;
	return arena_printf(
		arena, "%.*s: %.*s",
		STR_ARG(target_short(arena,
				     &p->request->graph->actions[id].target)),
		STR_ARG(note));
}

/* What says which rows are replaced, where the interval does. */
static const char *useless_option(const struct action *a)
{
	const struct value *list =
		value_get(a->bigquery, "incrementalPredicates");

	if (a->unique_key.n)
		return "a uniqueKey";
	if (value_get_str(a->bigquery, "updatePartitionFilter").n)
		return "an updatePartitionFilter";
	if (list && list->kind == VALUE_ARRAY && list->n)
		return "incrementalPredicates";
	return NULL;
}

bool plan_window_check(const struct action *a, struct error *err)
{
	const char *useless = is_window(a) ? useless_option(a) : NULL;

	if (!useless)
		return true;
	error_set(err, ERROR_CONFIG,
		  "\"%.*s\" has %s, which strategy \"window\" has no use for",
		  STR_ARG(a->target.name), useless);
	return error_hint(err, "rows of an interval are replaced all at once: "
			       "take it out");
}

/* NULL if the step is no window or has nothing to do. */
static const struct period *period_of(const struct plan *p, uint32_t step,
				      uint32_t piece)
{
	const struct window_plan *w = p->windows[step];

	if (!w)
		return NULL;
	if (p->steps[step].deed != DEED_FILL)
		return &w->whole;
	return piece < w->pieces.n ? &w->pieces.v[piece] : NULL;
}

uint32_t plan_window_piece(const struct plan *p, uint32_t step, uint32_t piece,
			   struct arena *arena, struct str *when)
{
	const struct period *period = period_of(p, step, piece);
	struct periods one = {.n = 1};
	struct period copy;
	struct buf b = {0};

	if (!period || period->from >= period->to)
		return 0;
	copy = *period;
	one.v = &copy;
	put_time(&b, period->from);
	buf_adds(&b, " to ");
	put_time(&b, period->to);
	*when = buf_move(&b, arena);
	buf_free(&b);
	return (uint32_t)window_count(&p->windows[step]->window, &one);
}

const struct sql_window *plan_window_sql(const struct plan *p, uint32_t step,
					 uint32_t piece, struct arena *arena)
{
	const struct plan_request *r = p->request;
	const struct window_plan *w = p->windows[step];
	const struct period *period = period_of(p, step, piece);
	struct sql_window *sql;

	if (!period)
		return NULL;
	sql = ARENA_NEW(arena, struct sql_window, 1);
	*sql = (struct sql_window){
		.period = *period,
		.start = w->window.start,
		.interval = w->window.interval,
		.settled = w->window.now - w->window.lookback,
		.run = r->run,
		.hash = w->hash,
		.regrids = w->regrids,
	};
	return sql;
}
