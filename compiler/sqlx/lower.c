/*
 * SQLX to JavaScript and back to SQL. What is generated for
 *
 *     config { type: "table" }
 *     js { const n = 1 }
 *     SELECT ${n} FROM ${ref("a")}
 *
 * is one array of functions:
 *
 *     [()=>0||{ type: "table" },(ctx,self,ref,...)=>{ const n = 1
 *     return 0||[`${n}`,`${ref("a")}`]},void 0,void 0,void 0]
 *
 * Where an expression begins with a bracket the engine first reads up to the
 * closing one, to see whether it is a pattern: hence "0||".
 *
 * Each placeholder is a template literal of its own, so that its syntax and
 * the conversion to a string are JavaScript's. The text between placeholders
 * never passes through the engine: it is most of the file, and compiling is
 * most of the cost. A comment with a backslash is the exception, because
 * JavaScript's escapes work in it.
 *
 * The bodies of js blocks are repeated in every function, as each is run for
 * every part of the file. The engine is told to be strict. Lines stay short,
 * because whoever looks for a place counts the characters of its line.
 */
#include "compiler/sqlx/lower.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "compiler/project/source.h"
#include "compiler/sqlx/literal.h"

struct segments {
	struct lowered_segment *v;
	size_t n, cap;
};

struct lowering {
	struct arena *arena;
	const struct source *src;
	const struct sqlx_file *file;
	struct buf out;
	struct segments segments;
	bool has_code;
};

static bool is_script(const struct sqlx_piece *piece)
{
	return piece->kind == SQLX_PLACEHOLDER || piece->kind == SQLX_QUOTED ||
	       piece->kind == SQLX_COMMENT;
}

/* Copies source text that the engine may complain about. */
static void copy(struct lowering *l, uint32_t start, uint32_t end)
{
	struct lowered_segment segment = {
		.at = (uint32_t)l->out.n,
		.source = start,
		.length = end - start,
	};

	VEC_PUSH(l->arena, &l->segments, segment);
	buf_add(&l->out, l->src->text.p + start, end - start);
}

/* A comment's text with "`" and "${" made harmless; its backslashes stay. */
static void copy_comment(struct lowering *l, const struct sqlx_piece *piece)
{
	const char *text = l->src->text.p;
	uint32_t start = piece->start;

	for (uint32_t i = piece->start; i < piece->end; i++) {
		bool opens = text[i] == '$' && i + 1 < piece->end &&
			     text[i + 1] == '{';

		if (text[i] != '`' && !opens)
			continue;
		copy(l, start, i);
		buf_addc(&l->out, '\\');
		start = i;
	}
	copy(l, start, piece->end);
}

static void copy_quoted(struct lowering *l, const struct sqlx_piece *piece)
{
	uint32_t start = piece->start;

	for (uint32_t i = piece->start; i < piece->end; i++) {
		if (l->src->text.p[i] != '\\')
			continue;
		copy(l, start, i);
		buf_addc(&l->out, '\\');
		start = i;
	}
	copy(l, start, piece->end);
}

static void add_pieces(struct lowering *l, const struct sqlx_sql *sql)
{
	const char *comma = "";

	for (uint32_t i = 0; i < sql->npieces; i++) {
		const struct sqlx_piece *piece = &sql->pieces[i];

		if (!is_script(piece))
			continue;
		buf_adds(&l->out, comma);
		comma = ",\n";
		if (piece->kind == SQLX_COMMENT) {
			buf_addc(&l->out, '`');
			copy_comment(l, piece);
			buf_addc(&l->out, '`');
		} else {
			buf_adds(&l->out, "`${");
			if (piece->kind == SQLX_QUOTED)
				copy_quoted(l, piece);
			else
				copy(l, piece->start, piece->end);
			buf_adds(&l->out, "}`");
		}
	}
}

static void add_body(struct lowering *l, const struct sqlx_sql *sql)
{
	l->has_code = true;
	buf_addc(&l->out, '{');
	for (uint32_t i = 0; i < l->file->njs; i++) {
		copy(l, l->file->js[i].start, l->file->js[i].end);
		buf_addc(&l->out, '\n');
	}
	buf_adds(&l->out, "return 0||[");
	add_pieces(l, sql);
	buf_adds(&l->out, "]}");
}

static bool has_script(const struct sqlx_sql *sql)
{
	for (uint32_t i = 0; i < sql->npieces; i++)
		if (is_script(&sql->pieces[i]))
			return true;
	return false;
}

/* Adds ",FUNCTION", or ",void 0" where there is nothing to run. */
static void add_function(struct lowering *l, const struct sqlx_sql *sql)
{
	if (!sql->present || (l->file->njs == 0 && !has_script(sql))) {
		buf_adds(&l->out, ",void 0");
		return;
	}
	buf_adds(&l->out, ",(ctx,self,ref,resolve,name,when,incremental,"
			  "schema,database,EXPECT)=>");
	add_body(l, sql);
}

/* The config as data; NULL if there is none or it needs the engine. */
static const struct value *read_config(struct lowering *l)
{
	struct sqlx_span span = l->file->config;
	struct value config, *out;

	if (!l->file->has_config ||
	    !literal_read(str_sub(l->src->text, span.start, span.end), l->arena,
			  &config))
		return NULL;
	out = ARENA_NEW(l->arena, struct value, 1);
	*out = config;
	return out;
}

static void add_config(struct lowering *l, bool is_data)
{
	if (!l->file->has_config || is_data) {
		buf_adds(&l->out, "void 0");
		return;
	}
	l->has_code = true;
	buf_adds(&l->out, "()=>0||");
	copy(l, l->file->config.start, l->file->config.end);
}

void lower_sqlx(const struct source *src, const struct sqlx_file *file,
		struct arena *arena, struct lowered *out)
{
	struct lowering l = {.arena = arena, .src = src, .file = file};
	struct sqlx_sql sql = file->sql;

	*out = (struct lowered){0};
	sql.present = true;
	buf_addc(&l.out, '[');
	out->config = read_config(&l);
	add_config(&l, out->config != NULL);
	add_function(&l, &sql);
	add_function(&l, &file->pre);
	add_function(&l, &file->post);
	add_function(&l, &file->where);
	for (uint32_t i = 0; i < file->ninputs; i++)
		add_function(&l, &file->inputs[i].sql);
	buf_addc(&l.out, ']');
	out->has_code = l.has_code;
	out->text = buf_move(&l.out, arena);
	out->segments = l.segments.v;
	out->nsegments = (uint32_t)l.segments.n;
	out->ninputs = file->ninputs;
	buf_free(&l.out);
}

/* As a template literal: CRLF and a lone CR are a line feed. */
static void add_text(struct buf *b, struct str text)
{
	size_t start = 0, cr;

	while ((cr = str_find(text, '\r', start)) < text.n) {
		buf_add(b, text.p + start, cr - start);
		start = cr + 1;
		if (start == text.n || text.p[start] != '\n')
			buf_addc(b, '\n');
	}
	buf_add(b, text.p + start, text.n - start);
}

static struct str nth_text(const struct value *values, uint32_t i)
{
	if (!values || values->kind != VALUE_ARRAY || i >= values->n ||
	    values->items[i].kind != VALUE_STRING)
		return STR("");
	return values->items[i].string;
}

static size_t count_statements(const struct sqlx_sql *sql)
{
	size_t n = 1;

	for (uint32_t i = 0; i < sql->npieces; i++)
		n += sql->pieces[i].kind == SQLX_SEPARATOR;
	return n;
}

struct strs lower_join(const struct source *src, const struct sqlx_sql *sql,
		       const struct value *values, struct arena *arena)
{
	struct strs out = {.n = count_statements(sql)};
	struct buf b = {0};
	uint32_t nvalues = 0;
	size_t at = 0;

	out.v = ARENA_NEW(arena, struct str, out.n);
	for (uint32_t i = 0; i < sql->npieces; i++) {
		const struct sqlx_piece *piece = &sql->pieces[i];

		if (piece->kind == SQLX_SEPARATOR)
			out.v[at++] = buf_move(&b, arena);
		else if (is_script(piece))
			buf_add_str(&b, nth_text(values, nvalues++));
		else
			add_text(&b,
				 str_sub(src->text, piece->start, piece->end));
	}
	out.v[at++] = buf_move(&b, arena);
	assert(at == out.n);
	buf_free(&b);
	return out;
}

bool lowered_origin(const struct lowered *code, uint32_t at, uint32_t *source)
{
	const struct lowered_segment *found = NULL;
	uint32_t low = 0, high = code->nsegments;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (code->segments[middle].at <= at) {
			found = &code->segments[middle];
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (!found || at - found->at > found->length)
		return false;
	*source = found->source + (at - found->at);
	return true;
}
