/*
 * A step's statements are sent one by one, so that it is known which one
 * failed. The driver ends the transaction of a statement that failed; where
 * we stop between two statements, we end it.
 */
#include "runtime/perform/perform.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/graph.h"
#include "runtime/load/load.h"
#include "runtime/perform/advice.h"
#include "runtime/perform/assertion.h"
#include "runtime/perform/operation.h"
#include "runtime/perform/outcome.h"
#include "runtime/plan/plan_window.h"
#include "runtime/plan/retry.h"
#include "runtime/sql_lex.h"
#include "runtime/state/catalog.h"
#include "runtime/state/columns.h"
#include "runtime/state/comments.h"
#include "runtime/state/ledger.h"
#include "runtime/state/schema_change.h"
#include "runtime/state/window_book.h"
#include "runtime/warehouse/warehouse.h"

void outcome_note(struct outcome *o, struct arena *arena, struct str text)
{
	struct str *v = ARENA_NEW(arena, struct str, o->notes.n + 1);

	for (size_t i = 0; i < o->notes.n; i++)
		v[i] = o->notes.v[i];
	v[o->notes.n++] = text;
	o->notes.v = v;
}

bool perform_looks_first(const struct performer *p, uint32_t step)
{
	const struct step *s = &p->plan->steps[step];

	return s->once && p->plan->request->ledger &&
	       (s->resumed || p->attempt > 1);
}

static bool stop(const struct performer *p, bool begun, struct outcome *out)
{
	struct error ignored = {0};
	int64_t rows;

	if (begun)
		(void)p->warehouse->ops->execute(p->warehouse, STR("rollback"),
						 &rows, &ignored);
	out->rows = -1;
	return error_set(&out->error, ERROR_CANCELLED, "the run was stopped");
}

/* Sends a statement, which may not end the transaction that we began. */
static bool send(const struct performer *p, const struct statement *st,
		 bool begun, int64_t *rows, struct error *err)
{
	struct warehouse *w = p->warehouse;

	if (!w->ops->execute(w, st->sql, rows, err))
		return false;
	if (!begun || !st->given || w->ops->in_transaction(w))
		return true;
	error_set(err, ERROR_SQL,
		  "this statement ended the transaction that the action "
		  "is made in");
	return error_hint(err, "COMMIT and ROLLBACK have no place in "
			       "pre_operations and post_operations: an "
			       "operations action may have them");
}

/* A claim that is refused, and undid the transaction, may say that all had
 * been done. */
static bool was_done(const struct statement *st, struct arena *arena,
		     struct outcome *out)
{
	if (!st->claims || !ledger_is_done(&out->error))
		return false;
	out->error = (struct error){0};
	outcome_note(out, arena, STR(STEP_WAS_DONE));
	return true;
}

static bool describe(const struct performer *p, const struct action *a,
		     struct arena *arena, struct outcome *out)
{
	struct str note = {0};

	if (!comments_say(p->warehouse, a, arena, &note, &out->error))
		return false;
	if (note.n)
		outcome_note(out, arena, note);
	return true;
}

/* Either a statement or a question that may end all. */
static bool do_statement(const struct performer *p, const struct statement *st,
			 bool begun, struct arena *arena, int64_t *rows,
			 struct outcome *out)
{
	*rows = -1;
	out->session_used |= st->given;
	if (st->describes)
		return describe(p, st->describes, arena, out);
	if (st->audit)
		return assertion_audit(p->warehouse, st, arena, out);
	return send(p, st, begun, rows, &out->error);
}

/* Runs the script from *at on, up to its end or to where columns are compared;
 * *at is then where it goes on. */
static bool run_part(const struct performer *p, const struct script *script,
		     size_t *at, struct arena *arena, struct outcome *out)
{
	bool counted = false;

	while (*at < script->n) {
		const struct statement *st = &script->v[(*at)++];
		int64_t rows;

		if (p->stop.is_stopped(p->stop.ctx))
			return stop(p, script->is_transaction && *at > 1, out);
		if (!do_statement(p, st, script->is_transaction, arena, &rows,
				  out)) {
			*at = script->n;
			out->statement = st->sql;
			out->makes = st->makes;
			out->rows = -1;
			return was_done(st, arena, out);
		}
		if (st->counts && rows >= 0)
			out->rows = (out->rows < 0 ? 0 : out->rows) + rows;
		if (st->counts || !counted)
			out->statement = st->sql;
		counted |= st->counts;
		if (st->compares)
			break;
	}
	return true;
}

static void add_notes(struct outcome *o, struct arena *arena,
		      const struct strs *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		outcome_note(o, arena, notes->v[i]);
}

/* What comes behind a comparison of columns is made by what it found. */
static bool run_script(const struct performer *p, uint32_t step, uint32_t piece,
		       const struct decision *now, struct sql_task *task,
		       struct arena *arena, struct outcome *out)
{
	const struct step *s = &p->plan->steps[step];
	const struct action *a = &p->plan->request->graph->actions[s->action];
	struct schema_change change;
	size_t at = 0;

	if (!run_part(p, &task->script, &at, arena, out))
		return false;
	if (at == task->script.n)
		return true;
	if (!schema_change_find(p->warehouse, a, now->deed, task, arena,
				&change, &out->error)) {
		out->rows = -1;
		return false;
	}
	plan_sql_changed(p->plan, step, piece, now, &change, arena, task);
	if (!run_part(p, &task->script, &at, arena, out)) {
		schema_change_advise(&change, &out->error);
		return false;
	}
	add_notes(out, arena, &change.notes);
	return true;
}

/* What a changed query meant for the table that it adds rows to. */
static void tell_columns(const struct performer *p, uint32_t step,
			 const struct relation *found,
			 const struct sql_task *task, struct arena *arena,
			 struct outcome *out)
{
	const struct graph *g = p->plan->request->graph;
	uint32_t id = p->plan->steps[step].action;
	struct strs notes = columns_tell(p->warehouse, &g->actions[id], task,
					 found, arena, &out->error);

	add_notes(out, arena, &notes);
}

static bool look_into_ledger(const struct performer *p, uint32_t step,
			     uint32_t piece, struct arena *arena, bool *done,
			     struct error *err)
{
	const struct plan_request *r = p->plan->request;
	uint32_t id = p->plan->steps[step].action;
	struct str name = target_short(arena, &r->graph->actions[id].target);
	bool *is_done = ARENA_NEW(arena, bool, piece + 1);

	if (!ledger_read(r->ledger, p->warehouse, arena, name, is_done,
			 piece + 1, err))
		return false;
	*done = is_done[piece];
	return true;
}

/* What a window records is committed with its rows. */
static bool look_into_book(const struct performer *p, uint32_t step,
			   uint32_t piece, struct arena *arena, bool *done,
			   struct error *err)
{
	const struct graph *g = p->plan->request->graph;
	const struct target *of =
		&g->actions[p->plan->steps[step].action].target;
	const struct sql_window *w =
		plan_window_sql(p->plan, step, piece, arena);

	return !w || window_book_has(p->warehouse, of, w, arena, done, err);
}

/* Whether an earlier attempt has done it. False if that cannot be known. */
static bool look_for_it(const struct performer *p, uint32_t step,
			uint32_t piece, struct arena *arena, bool *done,
			struct error *err)
{
	*done = false;
	if (perform_looks_first(p, step))
		return look_into_ledger(p, step, piece, arena, done, err);
	return p->attempt == 1 ||
	       look_into_book(p, step, piece, arena, done, err);
}

/* The same of a window, when another attempt was refused: what a lost
 * connection had left at work in the server may have been committed since. A
 * claim would have waited for that. */
static bool has_become_done(const struct performer *p, uint32_t step,
			    uint32_t piece, struct arena *arena,
			    struct outcome *out)
{
	struct error unknown = {0};
	bool done;

	if (!p->plan->windows[step] || out->error.kind != ERROR_SQL ||
	    !look_for_it(p, step, piece, arena, &done, &unknown) || !done)
		return false;
	out->error = (struct error){0};
	return true;
}

static bool run_once(const struct performer *p, uint32_t step, uint32_t piece,
		     const struct decision *now, struct sql_task *task,
		     struct arena *arena, struct outcome *out)
{
	bool done, ok;

	if (!look_for_it(p, step, piece, arena, &done, &out->error))
		return false;
	ok = done || run_script(p, step, piece, now, task, arena, out);
	done |= !ok && has_become_done(p, step, piece, arena, out);
	ok |= done;
	if (done)
		outcome_note(out, arena, STR(STEP_WAS_DONE));
	if (!ok && task->otherwise_if &&
	    strcmp(out->error.sqlstate, task->otherwise_if) == 0) {
		struct script other;
		size_t at = 0;

		out->error = (struct error){0};
		out->statement = (struct str){0};
		out->makes = (struct str){0};
		plan_sql_otherwise(p->plan, step, now, arena, &other);
		ok = run_part(p, &other, &at, arena, out);
	}
	if (task->types.p && !done && (!ok || piece == 0))
		tell_columns(p, step, now->found, task, arena, out);
	return ok;
}

static bool run_action(const struct performer *p, uint32_t step, uint32_t piece,
		       const struct decision *now, struct arena *arena,
		       struct outcome *out)
{
	struct sql_task task;
	bool ok;

	plan_sql(p->plan, step, piece, now, arena, &task);
	if (now->deed == DEED_RUN)
		return operation_run(p, step, &task.script, arena, out);
	ok = run_once(p, step, piece, now, &task, arena, out);
	if (!ok || !task.count.p)
		return ok;
	if (p->stop.is_stopped(p->stop.ctx))
		return stop(p, false, out);
	return assertion_check(
		p->warehouse,
		&p->plan->request->graph->actions[p->plan->steps[step].action],
		&task, p->run, arena, out);
}

static bool run_load(const struct performer *p, const struct load *load,
		     struct arena *arena, struct outcome *out)
{
	bool ok =
		load_run(p->warehouse, p->plan->request->graph, load, p->reload,
			 &p->stop, arena, &out->loaded, &out->error);

	out->rows = out->loaded.rows;
	out->notes = out->loaded.notes;
	return ok;
}

static bool decide_anew(const struct performer *p, uint32_t step,
			struct arena *arena, struct decision *now,
			struct error *err)
{
	const struct graph *g = p->plan->request->graph;
	uint32_t id = p->plan->steps[step].action;
	bool *wanted = ARENA_NEW(arena, bool, g->nactions);
	const struct relation *found;

	wanted[id] = true;
	if (!catalog_look_up(p->warehouse, g, wanted, arena, &found, err))
		return false;
	plan_decide(p->plan, step, &found[id], arena, now);
	return true;
}

/* What stands under the name was looked up when the run began. An attempt that
 * failed may have changed that all the same. */
static bool decide(const struct performer *p, uint32_t step,
		   struct arena *arena, struct decision *now, struct error *err)
{
	*now = plan_decided(p->plan, step);
	if (p->attempt > 1 && plan_may_change(p->plan, step) &&
	    !decide_anew(p, step, arena, now, err))
		return false;
	if (now->refused->kind != ERROR_NONE)
		*err = *now->refused;
	return now->refused->kind == ERROR_NONE;
}

/* Whether the target was made since it was looked for, as by what a killed run
 * had left at work in the server; *now is what is to be done then. */
static bool was_overtaken(const struct performer *p, uint32_t step,
			  struct arena *arena, const struct error *why,
			  struct decision *now)
{
	struct error unknown = {0};
	struct decision anew;

	if (now->deed != DEED_CREATE || p->plan->steps[step].once ||
	    !plan_may_change(p->plan, step) ||
	    !retry_was_overtaken(p->warehouse->profile->dialect->kind, why) ||
	    !decide_anew(p, step, arena, &anew, &unknown) ||
	    anew.deed == DEED_CREATE || anew.refused->kind != ERROR_NONE)
		return false;
	*now = anew;
	return true;
}

/* The server's own limit holds if we are no longer there to cancel. It has none
 * of more than 24 days. */
static bool limit_time(const struct performer *p, struct outcome *out)
{
	char sql[64];
	int64_t rows;

	if (!p->timeout_ms || p->timeout_ms > INT32_MAX ||
	    p->warehouse->profile->dialect->kind != WAREHOUSE_POSTGRES)
		return true;
	out->session_used = true;
	snprintf(sql, sizeof(sql), "set statement_timeout = %lld",
		 (long long)(p->timeout_ms < INT32_MAX ? p->timeout_ms
						       : INT32_MAX));
	return p->warehouse->ops->execute(p->warehouse, str_of(sql), &rows,
					  &out->error);
}

/* Which part of a window's step this was. */
static void tell_intervals(const struct performer *p, uint32_t step,
			   uint32_t piece, bool ok, struct arena *arena,
			   struct outcome *out)
{
	struct str text;
	uint32_t n = plan_window_piece(p->plan, step, piece, arena, &text);

	if (ok)
		out->intervals = n;
	else if (n && out->deed == DEED_FILL)
		out->interval = text;
}

static bool do_step(const struct performer *p, uint32_t step, uint32_t piece,
		    struct arena *arena, struct outcome *out)
{
	const struct graph *g = p->plan->request->graph;
	const struct load *load = p->plan->steps[step].load;
	struct decision now;
	bool ok;

	outcome_start(out);
	ok = decide(p, step, arena, &now, &out->error);
	out->deed = now.deed;
	out->why = now.why;
	if (!ok || !limit_time(p, out))
		return false;
	if (load)
		return run_load(p, load, arena, out);
	ok = run_action(p, step, piece, &now, arena, out);
	if (!ok && was_overtaken(p, step, arena, &out->error, &now)) {
		*out = (struct outcome){.rows = -1,
					.session_used = out->session_used,
					.deed = now.deed,
					.why = now.why};
		ok = run_action(p, step, piece, &now, arena, out);
	}
	if (!ok && !advice_add_config(&g->actions[p->plan->steps[step].action],
				      out->statement, out->makes, &out->error))
		advice_add(g, out->statement, &out->error);
	tell_intervals(p, step, piece, ok, arena, out);
	return ok;
}

/* What a step leaves is printed and written to files. The place of an error is
 * not known in a statement that is no longer as it was sent. */
static void hide(const struct secrets *secrets, struct arena *arena,
		 struct str *statement, struct strs *notes, struct error *err)
{
	struct str sent = *statement;

	*statement = secrets_hide(secrets, arena, sent);
	if (statement->p != sent.p)
		err->position = 0;
	for (size_t i = 0; i < notes->n; i++)
		notes->v[i] = secrets_hide(secrets, arena, notes->v[i]);
	secrets_hide_error(secrets, err);
}

bool perform(const struct performer *p, uint32_t step, uint32_t piece,
	     struct arena *arena, struct outcome *out)
{
	bool ok = do_step(p, step, piece, arena, out);

	hide(&p->warehouse->profile->secrets, arena, &out->statement,
	     &out->notes, &out->error);
	return ok;
}

static void refuse(struct step *s, const struct error *err)
{
	s->check = CHECK_REFUSED;
	s->error = *err;
}

/* What this run makes will be there in time, and what is declared may be made
 * by an operation. */
static void say_missing(const struct plan *plan, struct step *s,
			uint32_t missing, struct arena *arena)
{
	const struct action *a = &plan->request->graph->actions[missing];
	struct str name = target_short(arena, &a->target);
	struct error err = {0};

	s->check = CHECK_UNKNOWN;
	s->check_text = arena_printf(arena, "needs %.*s", STR_ARG(name));
	if (plan->step_of[missing] != UINT32_MAX ||
	    a->type == ACTION_DECLARATION)
		return;
	error_set(&err, ERROR_SQL,
		  "needs %.*s, which is not there and not part of this run",
		  STR_ARG(name));
	error_hint(&err, "add --include-deps");
	refuse(s, &err);
}

/* Whether statements of the step are more than a dry run can ask about. */
static bool is_checked_in_part(const struct plan *plan, const struct step *s)
{
	const struct action *a = &plan->request->graph->actions[s->action];
	bool adds = deed_adds_rows(s->deed);
	const struct strs *pre = adds ? &a->incremental_pre_ops : &a->pre_ops;
	const struct strs *post =
		adds ? &a->incremental_post_ops : &a->post_ops;

	if (s->deed != DEED_RUN)
		return pre->n + post->n > 0;
	for (size_t i = 0; i < a->queries.n; i++)
		if (sql_is_several(a->queries.v[i]))
			return true;
	return a->queries.n > 1;
}

/* What would come of the files, but for their rows, which are not read. */
static void check_load(const struct plan *plan, struct warehouse *w,
		       const struct strs *reload, struct step *s,
		       struct arena *arena)
{
	const struct graph *g = plan->request->graph;
	struct load_result result = {0};
	struct error err = {0};
	struct buf sql = {0};

	load_put_sql(w->profile->dialect, g, s->load, &sql);
	s->sql = buf_move(&sql, arena);
	buf_free(&sql);
	s->check = CHECK_OK;
	if (!load_plan(w, g, s->load, reload, arena, &result, &err))
		refuse(s, &err);
	s->files = result.files;
	s->files_skipped = result.files_skipped;
	s->notes = result.notes;
	if (!s->files)
		s->why = STR("no new files");
}

/* Operations that come before may change the table. */
static void foresee_columns(const struct plan *plan, struct warehouse *w,
			    const struct sql_task *task, struct step *s,
			    struct arena *arena)
{
	const struct action *a = &plan->request->graph->actions[s->action];
	const struct relation *found = &plan->request->found[s->action];
	struct schema_change change;
	struct error err = {0};

	if (!task->compares || a->incremental_pre_ops.n)
		return;
	if (schema_change_foresee(w, a, s->deed, task->columns, found, arena,
				  &change, &err))
		s->notes = change.notes;
	else
		refuse(s, &err);
}

static void check_step(const struct plan *plan, struct warehouse *w,
		       const struct strs *reload, uint32_t step,
		       struct arena *arena)
{
	const struct graph *g = plan->request->graph;
	struct step *s = &plan->steps[step];
	const struct decision now = plan_decided(plan, step);
	struct sql_task task;
	uint32_t missing;

	if (s->deed == DEED_NOTHING)
		return;
	if (s->load) {
		check_load(plan, w, reload, s, arena);
		return;
	}
	plan_sql(plan, step, 0, &now, arena, &task);
	s->sql = sql_join(&task.script, arena);
	if (plan->refused[step].kind != ERROR_NONE) {
		refuse(s, &plan->refused[step]);
		return;
	}
	if (!plan_has_inputs(plan, step, &missing)) {
		say_missing(plan, s, missing, arena);
		return;
	}
	s->check = is_checked_in_part(plan, s) ? CHECK_PARTLY : CHECK_OK;
	for (size_t i = 0; i < task.checks.n; i++) {
		struct error err = {0};

		if (w->ops->check(w, task.checks.v[i], &err))
			continue;
		s->statement = task.checks.v[i];
		if (!advice_add_config(&g->actions[s->action], s->statement,
				       (struct str){0}, &err))
			advice_add(g, s->statement, &err);
		refuse(s, &err);
		return;
	}
	foresee_columns(plan, w, &task, s, arena);
}

void perform_check(const struct plan *plan, struct warehouse *w,
		   const struct strs *reload, uint32_t step,
		   struct arena *arena)
{
	const struct secrets *secrets = &w->profile->secrets;
	struct step *s = &plan->steps[step];

	check_step(plan, w, reload, step, arena);
	hide(secrets, arena, &s->statement, &s->notes, &s->error);
	s->sql = secrets_hide(secrets, arena, s->sql);
}
