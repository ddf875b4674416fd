/* Diagnostics for programs: a line of JSON each, or annotations of GitHub's.
 * https://docs.github.com/actions/reference/workflow-commands */
#include <string.h>

#include "base/arena.h"
#include "base/json_write.h"
#include "cli/render.h"
#include "compiler/graph.h"

static const char *severity_name(enum severity severity)
{
	return severity == SEVERITY_ERROR ? "error" : "warning";
}

static void put_position(struct json_writer *w, const struct span *span)
{
	struct position start = source_position(span->src, span->start);
	struct position end = source_position(span->src, span->end);

	json_put_int(w, "line", start.line);
	json_put_int(w, "column", start.column);
	json_key(w, "end");
	json_begin_object(w);
	json_put_int(w, "line", end.line);
	json_put_int(w, "column", end.column);
	json_end_object(w);
}

static void put_action(struct json_writer *w, const struct target *t)
{
	struct arena *arena = arena_new();

	json_put_str(w, "action", target_text(arena, t));
	arena_free(arena);
}

static void finish(struct json_writer *w, struct buf *b)
{
	json_end_object(w);
	buf_add_str(b, buf_str(&w->out));
	buf_addc(b, '\n');
	buf_free(&w->out);
}

void render_json(const struct diag *d, struct buf *b)
{
	struct json_writer w;

	json_start(&w, NULL, 0);
	json_begin_object(&w);
	json_put_str(&w, "code", str_of(diag_code_name(d->code)));
	json_put_str(&w, "severity", str_of(severity_name(d->severity)));
	if (d->file.p)
		json_put_str(&w, "file", d->file);
	if (d->span.src)
		put_position(&w, &d->span);
	json_put_str(&w, "message", d->text);
	if (d->help.p)
		json_put_str(&w, "help", d->help);
	if (d->note.p)
		json_put_str(&w, "note", d->note);
	if (d->action)
		put_action(&w, d->action);
	finish(&w, b);
}

void render_error_json(enum severity severity, const struct error *err,
		       struct buf *b)
{
	struct json_writer w;

	json_start(&w, NULL, 0);
	json_begin_object(&w);
	json_put_str(&w, "severity", str_of(severity_name(severity)));
	json_put_str(&w, "message", str_of(err->text));
	if (err->hint[0])
		json_put_str(&w, "help", str_of(err->hint));
	if (err->sqlstate[0])
		json_put_str(&w, "sqlstate", str_of(err->sqlstate));
	finish(&w, b);
}

/* What would end the message, or with extra a property, is percent-coded. */
static void put_github(struct buf *b, struct str s, const char *extra)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == '%' || strchr(extra, c))
			buf_printf(b, "%%%02X", c);
		else
			buf_addc(b, (char)c);
	}
}

static void put_github_place(const struct diag *d, const char *folder,
			     struct buf *b)
{
	struct position at;

	if (!d->file.p)
		return;
	buf_adds(b, "file=");
	if (strcmp(folder, ".") != 0) {
		put_github(b, str_of(folder), ":,");
		buf_addc(b, '/');
	}
	put_github(b, d->file, ":,");
	buf_addc(b, ',');
	if (!d->span.src)
		return;
	at = source_position(d->span.src, d->span.start);
	buf_printf(b, "line=%u,col=%u,", (unsigned)at.line,
		   (unsigned)at.column);
	at = source_position(d->span.src, d->span.end);
	buf_printf(b, "endLine=%u,endColumn=%u,", (unsigned)at.line,
		   (unsigned)at.column);
}

void render_github(const struct diag *d, const char *folder, struct buf *b)
{
	buf_printf(b, "::%s ", severity_name(d->severity));
	put_github_place(d, folder, b);
	buf_printf(b, "title=%s %s::", diag_code_name(d->code),
		   diag_code_title(d->code));
	put_github(b, d->text, "");
	if (d->note.p) {
		buf_adds(b, "%0Anote: ");
		put_github(b, d->note, "");
	}
	if (d->help.p) {
		buf_adds(b, "%0Ahelp: ");
		put_github(b, d->help, "");
	}
	buf_addc(b, '\n');
}

void render_error_github(enum severity severity, const struct error *err,
			 struct buf *b)
{
	buf_printf(b, "::%s::", severity_name(severity));
	put_github(b, str_of(err->text), "");
	if (err->hint[0]) {
		buf_adds(b, "%0Ahelp: ");
		put_github(b, str_of(err->hint), "");
	}
	buf_addc(b, '\n');
}
