/*
 * results.json: what a run did, for programs. Its shape is documented in
 * docs/results.md and has a version; members are added, never changed.
 */
#include "base/arena.h"
#include "base/json_write.h"
#include "compiler/graph.h"
#include "runtime/clock.h"
#include "runtime/run.h"
#include "runtime/sql_lex.h"

enum { RESULTS_VERSION = 1 };

struct results {
	const struct run *run;
	struct json_writer w;
	struct arena *arena;
};

const char *run_status_name(enum run_status s)
{
	static const char *const names[] = {
		[RUN_OK] = "ok",
		[RUN_FAILED] = "failed",
		[RUN_CANCELLED] = "cancelled",
	};

	return names[s];
}

const char *step_type_name(const struct run *r, const struct step *s)
{
	if (s->kind == STEP_LOAD)
		return "load";
	return action_type_name(r->graph->actions[s->action].type);
}

/* The byte of the statement that the warehouse points at; its first where it
 * does not. */
static size_t error_offset(const struct step *s)
{
	struct str sql = s->statement;
	size_t at = 0;

	for (int i = 1; i < s->error.position && at < sql.n; i++)
		do
			at++;
		while (at < sql.n && ((unsigned char)sql.p[at] & 0xc0) == 0x80);
	return at;
}

/* Which of several statements was refused is not known without a position. */
bool step_origin(const struct run *r, const struct step *s, uint32_t *line,
		 uint32_t *column)
{
	const struct action *a = &r->graph->actions[s->action];

	if (s->error.kind != ERROR_SQL || !s->statement.p ||
	    (!s->error.position && sql_is_several(s->statement)) ||
	    !action_origin(a, s->statement, error_offset(s), line, column))
		return false;
	if (!s->error.position)
		*column = 0;
	return true;
}

static const char *error_code(enum error_kind kind)
{
	static const char *const names[] = {
		[ERROR_NONE] = "none",           [ERROR_USAGE] = "usage",
		[ERROR_CONFIG] = "config",       [ERROR_IO] = "io",
		[ERROR_TOO_LARGE] = "too large", [ERROR_CONNECT] = "connect",
		[ERROR_LOST] = "lost",           [ERROR_SQL] = "sql",
		[ERROR_ASSERTION] = "assertion", [ERROR_TIMEOUT] = "timeout",
		[ERROR_CANCELLED] = "cancelled", [ERROR_LOCKED] = "locked",
	};

	return names[kind];
}

static const char *check_name(enum sql_check check)
{
	static const char *const names[] = {
		[CHECK_NOT_ASKED] = "not asked", [CHECK_OK] = "ok",
		[CHECK_PARTLY] = "partly",       [CHECK_REFUSED] = "refused",
		[CHECK_UNKNOWN] = "unknown",
	};

	return names[check];
}

/* A message may have been cut within a character. */
static void put_text(struct json_writer *w, const char *key, const char *text)
{
	struct str s = str_of(text);

	json_put_str(w, key, str_sub(s, 0, str_bad_utf8(s)));
}

/* Where the user wrote what was refused. */
static void put_origin(struct results *r, const struct step *s)
{
	const struct action *a = &r->run->graph->actions[s->action];
	uint32_t line, column;

	if (s->kind == STEP_LOAD || !a->file.p)
		return;
	json_put_str(&r->w, "file", a->file);
	if (!step_origin(r->run, s, &line, &column))
		return;
	json_put_int(&r->w, "line", line);
	if (column)
		json_put_int(&r->w, "column", column);
}

/* step: NULL if the error is the run's. */
static void put_error(struct results *r, const struct error *e,
		      const struct step *step)
{
	struct json_writer *w = &r->w;

	if (e->kind == ERROR_NONE)
		return;
	json_key(w, "error");
	json_begin_object(w);
	json_put_str(w, "code", str_of(error_code(e->kind)));
	put_text(w, "message", e->text);
	if (e->sqlstate[0])
		json_put_str(w, "sqlstate", str_of(e->sqlstate));
	if (e->position)
		json_put_int(w, "position", e->position);
	if (step)
		put_origin(r, step);
	if (e->hint[0])
		put_text(w, "hint", e->hint);
	json_end_object(w);
}

static void put_time(struct results *r, const char *key, int64_t ms)
{
	if (ms)
		json_put_str(&r->w, key, clock_text(r->arena, ms));
}

static void put_strs(struct json_writer *w, const char *key,
		     const struct strs *all)
{
	if (!all->n)
		return;
	json_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < all->n; i++)
		json_str(w, all->v[i]);
	json_end_array(w);
}

static void put_name(struct results *r, const char *key, uint32_t step)
{
	const struct step *s = &r->run->steps[step];
	const struct action *a = &r->run->graph->actions[s->action];

	json_put_str(&r->w, key, target_short(r->arena, &a->target));
}

static void put_sample(struct json_writer *w, const struct rows *rows)
{
	const struct strs columns = {rows->columns, rows->ncolumns};

	if (!rows->nrows)
		return;
	json_key(w, "sample");
	json_begin_object(w);
	put_strs(w, "columns", &columns);
	json_key(w, "rows");
	json_begin_array(w);
	for (uint32_t i = 0; i < rows->nrows; i++) {
		json_begin_array(w);
		for (uint32_t c = 0; c < rows->ncolumns; c++)
			json_str(w, rows->values[i * rows->ncolumns + c]);
		json_end_array(w);
	}
	json_end_array(w);
	json_end_object(w);
}

static void put_amount(struct json_writer *w, const struct step *s)
{
	if (s->deed == DEED_FILL || s->intervals) {
		json_put_int(w, "intervals", s->intervals);
		if (s->started_ms)
			json_put_int(w, "intervalsDone", s->intervals_done);
	}
	if (s->interval.p)
		json_put_str(w, "interval", s->interval);
	if (s->kind != STEP_LOAD)
		return;
	json_put_int(w, "files", s->files);
	json_put_int(w, "filesSkipped", s->files_skipped);
}

/* What only a plan has to say. */
static void put_plan(struct json_writer *w, const struct step *s)
{
	if (s->sql.p)
		json_put_str(w, "sql", s->sql);
	if (s->check == CHECK_NOT_ASKED)
		return;
	json_put_str(w, "check", str_of(check_name(s->check)));
	if (s->check_text.n)
		json_put_str(w, "checkText", s->check_text);
}

static void put_step(struct results *r, uint32_t step)
{
	const struct step *s = &r->run->steps[step];
	struct json_writer *w = &r->w;

	json_begin_object(w);
	put_name(r, "name", step);
	json_put_str(w, "type", str_of(step_type_name(r->run, s)));
	json_put_str(w, "do", str_of(deed_name(s->deed)));
	json_put_str(w, "why", s->why);
	json_put_str(w, "status", str_of(step_outcome_name(s)));
	put_time(r, "started", s->started_ms);
	put_time(r, "ended", s->ended_ms);
	if (s->started_ms && s->ended_ms)
		json_put_int(w, "milliseconds", s->ended_ms - s->started_ms);
	if (s->attempts > 1)
		json_put_int(w, "attempts", s->attempts);
	if (s->rows >= 0)
		json_put_int(w, "rows", s->rows);
	put_amount(w, s);
	if (s->statement.n)
		json_put_str(w, "statement", s->statement);
	put_error(r, &s->error, s);
	if (s->in_doubt)
		json_put_bool(w, "inDoubt", true);
	if (s->cause != UINT32_MAX)
		put_name(r, "cause", s->cause);
	put_sample(w, &s->sample);
	if (s->stored.p)
		json_put_str(w, "stored", s->stored);
	put_strs(w, "notes", &s->notes);
	put_plan(w, s);
	json_end_object(w);
}

static void put_counts(struct results *r)
{
	uint32_t counts[STATUS_REUSED + 1] = {0}, nwarned = 0;

	for (uint32_t i = 0; i < r->run->nsteps; i++) {
		counts[r->run->steps[i].status]++;
		nwarned += step_has_warned(&r->run->steps[i]);
	}
	counts[STATUS_OK] -= nwarned;
	json_key(&r->w, "counts");
	json_begin_object(&r->w);
	for (enum step_status s = STATUS_OK; s <= STATUS_CANCELLED; s++)
		json_put_int(&r->w, step_status_name(s), counts[s]);
	if (counts[STATUS_REUSED])
		json_put_int(&r->w, "reused", counts[STATUS_REUSED]);
	if (nwarned)
		json_put_int(&r->w, "warn", nwarned);
	json_end_object(&r->w);
}

static void put_head(struct results *r)
{
	const struct run *run = r->run;
	const struct profile *profile = run->graph->profile;
	struct json_writer *w = &r->w;

	json_put_int(w, "version", RESULTS_VERSION);
	json_put_str(w, "run", run->id);
	if (run->resumes.p)
		json_put_str(w, "resumes", run->resumes);
	json_put_bool(w, "dryRun", run->results_path == NULL);
	json_key(w, "target");
	json_begin_object(w);
	json_put_str(w, "name", profile->name);
	json_put_str(w, "warehouse", str_of(profile->dialect->name));
	json_end_object(w);
	put_time(r, "started", run->started_ms);
	put_time(r, "ended", run->ended_ms);
	json_put_str(w, "status", str_of(run_status_name(run->status)));
	put_counts(r);
	put_error(r, &run->error, NULL);
	put_strs(w, "notes", &run->notes);
}

void results_print(const struct run *run, struct buf *out)
{
	struct results r = {.run = run, .arena = arena_new()};

	json_start(&r.w, NULL, 2);
	json_begin_object(&r.w);
	put_head(&r);
	json_key(&r.w, "actions");
	json_begin_array(&r.w);
	for (uint32_t i = 0; i < run->nsteps; i++)
		put_step(&r, i);
	json_end_array(&r.w);
	json_end_object(&r.w);
	buf_add_str(out, buf_str(&r.w.out));
	buf_addc(out, '\n');
	buf_free(&r.w.out);
	arena_free(r.arena);
}
