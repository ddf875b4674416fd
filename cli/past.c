/*
 * What is shown of one run is taken from results.json. A run that was killed
 * has none; the same is written from its journal then, as far as that goes.
 */
#include "cli/past.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/moment.h"
#include "base/path.h"
#include "cli/term.h"
#include "cli/text.h"

enum {
	RESULTS_SIZE_MAX = 1 << 30,
	STATUS_WIDTH = 11,
	NAME_WIDTH = 30,
	ERROR_WIDTH = 60,
};

/* The first five are always told. */
static const char *const counted[] = {"ok",       "failed",    "skipped",
				      "disabled", "cancelled", "warn",
				      "reused",   "running",   NULL};

int64_t past_milliseconds(struct str from, struct str to)
{
	int64_t a, b;

	if (!moment_read(MOMENT_TIMESTAMP, from, &a) ||
	    !moment_read(MOMENT_TIMESTAMP, to, &b))
		return -1;
	return (b - a) / 1000;
}

static uint32_t count(const struct past_run *r, const char *status)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->n; i++)
		n += str_is(r->actions[i].status, status);
	return n;
}

static enum paint paint_of(struct str status)
{
	if (str_is(status, "ok"))
		return PAINT_OK;
	if (str_is(status, "warn"))
		return PAINT_WARNING;
	if (str_is(status, "failed") || str_is(status, "killed"))
		return PAINT_ERROR;
	return PAINT_SKIP;
}

static void put_status(struct str status, size_t width, const struct term *t,
		       struct buf *b)
{
	size_t used;

	buf_adds(b, term_paint(t, paint_of(status)));
	used = text_put(b, status);
	buf_adds(b, term_paint(t, PAINT_OFF));
	text_pad(b, used < width ? width - used : 1);
}

static void end_line(struct buf *b)
{
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
	buf_addc(b, '\n');
}

void past_put_line(const struct past_run *r, const struct term *t,
		   struct buf *b)
{
	int64_t ms = past_milliseconds(r->started, r->ended);
	const char *comma = "   ";
	uint32_t n;
	size_t used;

	text_put(b, r->id);
	buf_adds(b, "  ");
	put_status(past_status(r), STATUS_WIDTH, t, b);
	used = text_put(b, r->target);
	text_pad(b, used < 10 ? 10 - used : 1);
	if (ms >= 0)
		buf_printf(b, "%8.1f s", (double)ms / 1e3);
	else
		text_pad(b, 10);
	for (const char *const *s = counted; *s; s++) {
		if ((n = count(r, *s)) == 0)
			continue;
		buf_printf(b, "%s%u %s", comma, (unsigned)n, *s);
		comma = ", ";
	}
	if (r->error.n) {
		buf_adds(b, "   ");
		text_put_cut(b,
			     str_sub(r->error, 0, str_find(r->error, '\n', 0)),
			     ERROR_WIDTH);
	}
	end_line(b);
}

static bool is_always_counted(const char *status)
{
	return strcmp(status, "warn") != 0 && strcmp(status, "reused") != 0 &&
	       strcmp(status, "running") != 0;
}

static void put_counts(const struct past_run *r, struct json_writer *w)
{
	json_key(w, "counts");
	json_begin_object(w);
	for (const char *const *s = counted; *s; s++) {
		uint32_t n = count(r, *s);

		if (n || is_always_counted(*s))
			json_put_int(w, *s, n);
	}
	json_end_object(w);
}

static void put_error(struct str text, struct json_writer *w)
{
	if (!text.n)
		return;
	json_key(w, "error");
	json_begin_object(w);
	json_put_str(w, "message", text);
	json_end_object(w);
}

static void put_head(const struct past_run *r, struct json_writer *w)
{
	json_put_str(w, "run", r->id);
	if (r->resumes.n)
		json_put_str(w, "resumes", r->resumes);
	json_put_bool(w, "dryRun", false);
	json_key(w, "target");
	json_begin_object(w);
	json_put_str(w, "name", r->target);
	json_put_str(w, "warehouse", r->warehouse);
	json_end_object(w);
	json_put_str(w, "started", r->started);
	if (r->status.n)
		json_put_str(w, "ended", r->ended);
	json_put_str(w, "status", past_status(r));
	put_counts(r, w);
	put_error(r->error, w);
}

void past_put_json(const struct past_run *r, struct json_writer *w)
{
	json_begin_object(w);
	put_head(r, w);
	json_end_object(w);
}

static void put_action_json(const struct past_action *a, struct json_writer *w)
{
	int64_t ms = past_milliseconds(a->started, a->ended);

	json_begin_object(w);
	json_put_str(w, "name", a->name);
	json_put_str(w, "type", a->type);
	json_put_str(w, "do", a->deed);
	json_put_str(w, "status", a->status);
	if (a->started.n)
		json_put_str(w, "started", a->started);
	if (a->ended.n)
		json_put_str(w, "ended", a->ended);
	if (ms >= 0)
		json_put_int(w, "milliseconds", ms);
	if (a->rows >= 0)
		json_put_int(w, "rows", a->rows);
	put_error(a->error, w);
	if (a->cause.n)
		json_put_str(w, "cause", a->cause);
	json_end_object(w);
}

static struct str print_journal(const struct past_run *r, struct arena *arena)
{
	struct json_writer w;
	struct str text;

	json_start(&w, NULL, 2);
	json_begin_object(&w);
	json_put_int(&w, "version", 1);
	put_head(r, &w);
	json_key(&w, "actions");
	json_begin_array(&w);
	for (uint32_t i = 0; i < r->n; i++)
		put_action_json(&r->actions[i], &w);
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(&w.out, '\n');
	text = buf_move(&w.out, arena);
	buf_free(&w.out);
	return text;
}

bool past_read_results(const struct run_folder *f, struct arena *arena,
		       struct str *out, struct error *err)
{
	const char *path = path_join(arena, f->path, "results.json");
	struct past_run r;

	if (file_exists(path))
		return file_read(path, RESULTS_SIZE_MAX, arena, out, err);
	if (!run_folder_read(f, arena, &r, err))
		return false;
	*out = print_journal(&r, arena);
	return true;
}

static void put_rows(const struct value *a, struct buf *b)
{
	const struct value *rows = value_get(a, "rows");
	struct str deed = value_get_str(a, "do");

	if (!rows || rows->kind != VALUE_NUMBER)
		return;
	buf_adds(b, str_is(deed, "insert") ? "+" : "");
	text_put_count(b, (int64_t)rows->number);
	buf_adds(b, rows->number == 1 ? " row" : " rows");
	buf_adds(b, str_is(deed, "merge") ? " merged" : "");
	if (str_is(deed, "delete+insert") || str_is(deed, "overwrite"))
		buf_adds(b, " written");
}

/* Of a window. */
static void put_intervals(const struct value *a, struct buf *b)
{
	const struct value *n = value_get(a, "intervals");

	if (!n || n->kind != VALUE_NUMBER)
		return;
	buf_adds(b, value_get(a, "rows") ? "   " : "");
	text_put_plural(b, (size_t)n->number, "interval");
}

/* Where one did not do. */
static void put_tries(const struct value *a, struct buf *b)
{
	const struct value *attempts = value_get(a, "attempts");

	if (!attempts || attempts->kind != VALUE_NUMBER || attempts->number < 2)
		return;
	buf_printf(b, "    note: it was tried %.0f times\n", attempts->number);
}

static void put_detail(const struct value *a, struct buf *b)
{
	const struct value *error = value_get(a, "error");
	struct str cause = value_get_str(a, "cause");

	if (error) {
		text_put_lines(b, value_get_str(error, "message"), "    ");
	} else if (cause.n) {
		buf_adds(b, "needs ");
		text_put(b, cause);
	} else {
		put_rows(a, b);
		put_intervals(a, b);
	}
}

static void put_place(const struct value *a, struct buf *b)
{
	const struct value *error = value_get(a, "error");
	struct str file = value_get_str(error, "file");
	struct str hint = value_get_str(error, "hint");
	const struct value *line = value_get(error, "line");

	if (hint.n) {
		buf_adds(b, "    help: ");
		text_put_lines(b, hint, "          ");
		buf_addc(b, '\n');
	}
	if (!file.n)
		return;
	buf_adds(b, "    in ");
	text_put(b, file);
	if (line && line->kind == VALUE_NUMBER)
		buf_printf(b, ":%.0f", line->number);
	buf_addc(b, '\n');
}

static void put_notes(const struct value *v, struct arena *arena, struct buf *b)
{
	struct strs notes = value_strings(arena, value_get(v, "notes"));

	for (size_t i = 0; i < notes.n; i++) {
		buf_adds(b, "    note: ");
		text_put_lines(b, notes.v[i], "          ");
		buf_addc(b, '\n');
	}
}

static void put_action(const struct value *a, size_t name_width,
		       const struct term *t, struct arena *arena, struct buf *b)
{
	const struct value *ms = value_get(a, "milliseconds");
	struct str type = value_get_str(a, "type");
	size_t used;

	buf_adds(b, "  ");
	put_status(value_get_str(a, "status"), STATUS_WIDTH, t, b);
	used = text_put(b, type);
	text_pad(b, used < 12 ? 12 - used : 1);
	used = text_put(b, value_get_str(a, "name"));
	text_pad(b, used < name_width ? name_width - used : 1);
	if (ms && ms->kind == VALUE_NUMBER)
		buf_printf(b, "%8.2f s   ", ms->number / 1e3);
	else
		text_pad(b, 13);
	put_detail(a, b);
	end_line(b);
	put_place(a, b);
	put_tries(a, b);
	put_notes(a, arena, b);
}

static size_t width_of_names(const struct value *actions)
{
	size_t width = NAME_WIDTH;

	for (uint32_t i = 0; i < actions->n; i++) {
		size_t w =
			text_width(value_get_str(&actions->items[i], "name"));

		width = w + 2 > width && w < 60 ? w + 2 : width;
	}
	return width;
}

static void put_title(const struct value *v, const struct term *t,
		      struct buf *b)
{
	const struct value *target = value_get(v, "target");
	struct str resumes = value_get_str(v, "resumes");
	int64_t ms = past_milliseconds(value_get_str(v, "started"),
				       value_get_str(v, "ended"));

	text_put(b, value_get_str(v, "run"));
	buf_adds(b, "  ");
	put_status(value_get_str(v, "status"), 0, t, b);
	if (value_get_str(target, "name").n) {
		buf_adds(b, " target ");
		text_put(b, value_get_str(target, "name"));
		buf_adds(b, " (");
		text_put(b, value_get_str(target, "warehouse"));
		buf_adds(b, ")");
	}
	if (ms >= 0)
		buf_printf(b, "  %.1f s", (double)ms / 1e3);
	if (resumes.n) {
		buf_adds(b, "  resumes ");
		text_put(b, resumes);
	}
	buf_addc(b, '\n');
}

void past_put_results(const struct value *results, const struct term *t,
		      struct arena *arena, struct buf *b)
{
	const struct value *actions = value_get(results, "actions");
	const struct value *error = value_get(results, "error");
	size_t width;

	put_title(results, t, b);
	if (error) {
		buf_adds(b, "    error: ");
		text_put_lines(b, value_get_str(error, "message"), "    ");
		buf_addc(b, '\n');
		put_place(results, b);
	}
	put_notes(results, arena, b);
	if (!actions || actions->kind != VALUE_ARRAY || !actions->n)
		return;
	buf_addc(b, '\n');
	width = width_of_names(actions);
	for (uint32_t i = 0; i < actions->n; i++)
		put_action(&actions->items[i], width, t, arena, b);
}
