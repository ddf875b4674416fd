/*
 * A text is laid out, and the result laid out again: it must be the same.
 * Then it must mean what the text meant. A text that is laid out already needs
 * neither, which is the common case.
 */
#include "compiler/format/format.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "compiler/diag.h"
#include "compiler/format/format_int.h"

struct formatter *formatter_new(uint32_t ms)
{
	struct formatter *f = mem_zalloc(sizeof(*f));

	f->ms = ms;
	f->pretty = script_pretty_new();
	f->parser = sqlx_parser_new();
	return f;
}

void formatter_free(struct formatter *f)
{
	if (!f)
		return;
	script_pretty_free(f->pretty);
	sqlx_parser_free(f->parser);
	free(f);
}

/* Trimmed, with one end of line. */
static struct str end_text(struct str text, struct arena *arena)
{
	struct buf b = {0};
	struct str ended;

	buf_add_str(&b, format_trim(text));
	buf_addc(&b, '\n');
	ended = buf_move(&b, arena);
	buf_free(&b);
	return ended;
}

/* At most one empty line, and no blanks at the ends of lines. */
static struct str thin_out(struct str text, struct arena *arena)
{
	struct buf b = {0};
	bool had_content = false;
	struct str line, thin;

	while (format_line(&text, &line)) {
		line = format_trim_end(line);
		if (line.n || had_content) {
			buf_add_str(&b, line);
			buf_addc(&b, '\n');
		}
		had_content = line.n > 0;
	}
	thin = end_text(buf_str(&b), arena);
	buf_free(&b);
	return thin;
}

/* False if something is not closed, which diags then says. */
static bool read_text(struct formatter *f, const struct source *src,
		      bool is_sqlx, struct arena *arena, struct diags *diags,
		      struct format_text *out)
{
	struct diags all;

	*out = (struct format_text){.src = src, .is_sqlx = is_sqlx};
	if (!is_sqlx)
		return true;
	diags_init(&all, arena);
	sqlx_parse(f->parser, src, arena, &all, &out->file);
	if (all.nerrors) {
		if (diags)
			diags_append(diags, &all);
		return false;
	}
	sqlx_tokenize(f->parser, src, arena, &out->tokens);
	return true;
}

static bool lay_out(struct formatter *f, const struct format_text *text,
		    struct arena *arena, struct str *out, struct error *err)
{
	struct str made;

	if (text->is_sqlx) {
		if (!format_sqlx(f, text, arena, &made, err))
			return false;
		*out = thin_out(made, arena);
		return true;
	}
	if (!script_pretty_js(f->pretty, text->src->text, arena, &made, err))
		return false;
	*out = end_text(made, arena);
	return true;
}

/* Whether what was made of a text is final and means the same. */
static bool check(struct formatter *f, const struct format_text *text,
		  struct str made, struct arena *arena, uint32_t *where,
		  struct error *err)
{
	struct source src = {text->src->path, made};
	struct format_text again;
	struct str twice;

	if (!read_text(f, &src, text->is_sqlx, arena, NULL, &again))
		return format_refuse_change(err);
	if (!format_means_same(f, text, &again, arena, where, err) ||
	    !lay_out(f, &again, arena, &twice, err))
		return false;
	if (!str_eq(made, twice))
		return error_set(err, ERROR_CONFIG,
				 "formatting this file again would change it "
				 "again");
	return true;
}

static bool refuse(const struct source *src, uint32_t where,
		   const struct error *err, struct diags *diags)
{
	struct diag *d;

	if (where == FORMAT_NOWHERE)
		d = diag_add_file(diags, DIAG_NOT_FORMATTED, src->path, "%s",
				  err->text);
	else
		d = diag_add(diags, DIAG_NOT_FORMATTED,
			     span_of(src, where, where), "%s", err->text);
	if (err->kind == ERROR_CONFIG)
		diag_help(diags, d,
			  "look for a string or template of several lines; "
			  "weir explain W120 says more");
	else
		diag_help(diags, d,
			  "make the file smaller, or its parentheses less "
			  "deep; long lists of VALUES take longest");
	return false;
}

bool format_source(struct formatter *f, const struct source *src, bool is_sqlx,
		   struct arena *arena, struct diags *diags, struct str *out)
{
	struct error err = {0};
	struct format_text text;
	uint32_t where = FORMAT_NOWHERE;

	if (!read_text(f, src, is_sqlx, arena, diags, &text))
		return false;
	script_pretty_begin(f->pretty, f->ms);
	if (!lay_out(f, &text, arena, out, &err))
		return refuse(src, where, &err, diags);
	if (str_eq(src->text, *out) ||
	    check(f, &text, *out, arena, &where, &err))
		return true;
	return refuse(src, where, &err, diags);
}
