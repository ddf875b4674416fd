/*
 * Does a text mean what it meant before? Its JavaScript must compile to the
 * same code. Its SQL is written once more in a form in which only what counts
 * is left: white space and comments between words are one blank, elsewhere
 * nothing, words are in upper case, and strings are as they are. Comments are
 * compared by themselves. The forms of two texts are then equal or not, and
 * marks lead from a place in a form back to the text it was made of.
 *
 * A quote in a quoted name, or behind "#", begins a string to SQLX and none to
 * a warehouse. Here the warehouse is right: it is the one that is asked.
 */
#include "base/arena.h"
#include "base/ascii.h"
#include "base/vec.h"
#include "compiler/format/format_int.h"
#include "compiler/sqlx/lower.h"

/* What stands on a side of white space decides whether it counts. */
enum side {
	SIDE_FREE,     /* the beginning, a comma, a parenthesis */
	SIDE_OPERATOR, /* ends a word by itself */
	SIDE_DASH,     /* may be an operator, or a part of a name */
	SIDE_WORD,
	SIDE_ITEM, /* a string or a placeholder */
};

struct mark {
	size_t at;       /* in the form */
	uint32_t source; /* in the text */
};

struct mark_vec {
	struct mark *v;
	size_t n, cap;
};

struct form {
	struct arena *arena;
	struct str text; /* of the file */
	struct buf out, comments;
	struct mark_vec marks;
	enum side last;
	bool gap;        /* white space or a comment since then */
	bool in_comment; /* what we are in is one, */
	struct str end;  /* and ends with this; unset if we are in nothing */
};

static void mark(struct form *f, uint32_t source)
{
	struct mark m = {f->out.n, source};

	VEC_PUSH(f->arena, &f->marks, m);
}

static bool gap_counts(enum side a, enum side b)
{
	if (a == SIDE_FREE || b == SIDE_FREE)
		return false;
	return (a == SIDE_OPERATOR) == (b == SIDE_OPERATOR) || a == SIDE_DASH ||
	       b == SIDE_DASH;
}

/* Goes on to something that is a side of its own. */
static void step(struct form *f, enum side side)
{
	if (f->gap && gap_counts(f->last, side))
		buf_addc(&f->out, ' ');
	f->gap = false;
	f->last = side;
}

static void put_dense(struct buf *out, struct str s)
{
	for (size_t i = 0, n; i < s.n; i += n) {
		n = format_space(s, i);
		if (n == 0) {
			buf_addc(out, s.p[i]);
			n = 1;
		}
	}
}

/* The length of "$tag$" at i; 0 if there is none. */
static size_t dollar_tag(struct str s, size_t i)
{
	size_t n = i + 1;

	while (n < s.n && ascii_is_word(s.p[n]))
		n++;
	return n < s.n && s.p[n] == '$' ? n + 1 - i : 0;
}

static enum side side_of(char c)
{
	if (ascii_is_word(c) || (unsigned char)c >= 0x80 || c == '$')
		return SIDE_WORD;
	if (strchr("(),;", c))
		return SIDE_FREE;
	return c == '-' ? SIDE_DASH : SIDE_OPERATOR;
}

/* Something begins that ends with end. Returns how long its beginning is. */
static size_t begin_comment(struct form *f, size_t n, struct str end)
{
	f->in_comment = true;
	f->end = end;
	return n;
}

static size_t begin_quote(struct form *f, struct str s, size_t i, size_t n)
{
	f->in_comment = false;
	f->end = str_sub(s, i, i + n);
	mark(f, (uint32_t)(s.p + i - f->text.p));
	step(f, s.p[i] == '`' ? SIDE_OPERATOR : SIDE_ITEM);
	buf_add_str(&f->out, f->end);
	return n;
}

static bool is_triple(struct str s, size_t i)
{
	return s.n - i >= 3 && s.p[i + 1] == s.p[i] && s.p[i + 2] == s.p[i];
}

/* One character, white space, or the beginning of something longer. */
static size_t put_plain(struct form *f, struct str s, size_t i)
{
	struct str rest = str_sub(s, i, s.n);
	size_t n = format_space(s, i);
	char c = s.p[i];

	if (n > 0) {
		f->gap = true;
		return n;
	}
	if (str_starts(rest, STR("/*")))
		return begin_comment(f, 2, STR("*/"));
	if (c == '#' || str_starts(rest, STR("--")))
		return begin_comment(f, 1, STR("\n"));
	if (c == '`')
		return begin_quote(f, s, i, 1);
	if (c == '\'' || c == '"')
		return begin_quote(f, s, i, is_triple(s, i) ? 3 : 1);
	if (c == '$' && (f->gap || f->last != SIDE_WORD) &&
	    (n = dollar_tag(s, i)) > 0)
		return begin_quote(f, s, i, n);
	step(f, side_of(c));
	buf_addc(&f->out, ascii_to_upper(c));
	return 1;
}

/* Inside of a comment or of something in quotes, which may end here. */
static size_t put_inside(struct form *f, struct str s, size_t i)
{
	struct str rest = str_sub(s, i, s.n);
	size_t n = 1;

	if (str_starts(rest, f->end)) {
		n = f->end.n;
		f->gap = f->gap || f->in_comment;
		f->end.p = NULL;
	} else if (s.p[i] == '\\' && s.n - i > 1 && strchr("'\"", *f->end.p)) {
		n = 2;
	} else if (str_starts(rest, STR("\r\n")) && !f->in_comment) {
		return 1; /* CRLF is LF to Dataform */
	}
	if (f->in_comment)
		put_dense(&f->comments, str_sub(s, i, i + n));
	else
		buf_add_str(&f->out, str_sub(s, i, i + n));
	return n;
}

static void put_text(struct form *f, struct str s)
{
	for (size_t i = 0; i < s.n;)
		i += f->end.p ? put_inside(f, s, i) : put_plain(f, s, i);
}

/* Nothing of the SQL before goes on behind. */
static void put_border(struct form *f, struct str s)
{
	buf_addc(&f->out, '\n');
	put_dense(&f->out, s);
	buf_addc(&f->out, '\n');
	buf_addc(&f->comments, '\n');
	f->last = SIDE_FREE;
	f->end.p = NULL;
	f->gap = false;
}

static void put_token(struct form *f, struct sqlx_token t)
{
	struct str s = str_sub(f->text, t.start, t.end);

	mark(f, t.start);
	switch (t.kind) {
	case SQLX_TOKEN_PLACEHOLDER:
		if (!f->end.p)
			step(f, SIDE_ITEM);
		put_dense(&f->out, s);
		break;
	case SQLX_TOKEN_SCRIPT:
	case SQLX_TOKEN_SEPARATOR:
	case SQLX_TOKEN_OPEN:
	case SQLX_TOKEN_CLOSE:
		put_border(f, s);
		break;
	default:
		put_text(f, s);
	}
}

/* Each part is compared in the order of the file. */
enum part { PART_SQL, PART_BLOCKS, PART_SCRIPTS, NPARTS };

static void put_part(struct form *f, const struct format_text *text,
		     enum part part)
{
	bool in_block = false;

	for (size_t i = 0; i < text->tokens.n; i++) {
		struct sqlx_token t = text->tokens.v[i];
		enum part own = PART_SQL;

		in_block = in_block || t.kind == SQLX_TOKEN_OPEN;
		if (t.kind == SQLX_TOKEN_SCRIPT)
			own = PART_SCRIPTS;
		else if (in_block)
			own = PART_BLOCKS;
		if (own == part)
			put_token(f, t);
		in_block = in_block && t.kind != SQLX_TOKEN_CLOSE;
	}
	put_border(f, STR(""));
}

static void make_form(struct form *f, const struct format_text *text)
{
	if (!text->is_sqlx) {
		mark(f, 0);
		put_dense(&f->out, f->text);
		return;
	}
	for (int part = 0; part < NPARTS; part++)
		put_part(f, text, (enum part)part);
}

static void free_form(struct form *f)
{
	buf_free(&f->out);
	buf_free(&f->comments);
}

/* The place of a before which its form begins to differ from b's. */
static uint32_t find_difference(const struct form *a, const struct form *b)
{
	size_t i = 0, m = 0;

	while (i < a->out.n && i < b->out.n && a->out.p[i] == b->out.p[i])
		i++;
	while (m + 1 < a->marks.n && a->marks.v[m + 1].at <= i)
		m++;
	return a->marks.n ? a->marks.v[m].source : 0;
}

/* The JavaScript of a text as one script, and the config as another. */
static void get_scripts(const struct format_text *text, struct arena *arena,
			struct str scripts[2])
{
	const struct sqlx_file *file = &text->file;
	struct str s = text->src->text;
	struct lowered code;
	struct buf b = {0};

	scripts[0] = scripts[1] = STR("");
	if (!text->is_sqlx) {
		buf_adds(&b, "(function () {");
		buf_add_str(&b, s);
		buf_adds(&b, "\n})");
		scripts[0] = buf_move(&b, arena);
	} else {
		lower_sqlx(text->src, file, arena, &code);
		if (code.has_code)
			scripts[0] = code.text;
	}
	if (file->has_config) {
		buf_addc(&b, '(');
		buf_add_str(&b,
			    str_sub(s, file->config.start, file->config.end));
		buf_addc(&b, ')');
		scripts[1] = buf_move(&b, arena);
	}
	buf_free(&b);
}

static bool same_code(struct formatter *f, const struct format_text *a,
		      const struct format_text *b, struct arena *arena,
		      struct error *err)
{
	struct str of_a[2], of_b[2];

	get_scripts(a, arena, of_a);
	get_scripts(b, arena, of_b);
	for (int i = 0; i < 2; i++) {
		bool same;

		if (!script_pretty_same(f->pretty, of_a[i], of_b[i], &same,
					err))
			return false;
		if (!same)
			return format_refuse_change(err);
	}
	return true;
}

bool format_refuse_change(struct error *err)
{
	return error_set(err, ERROR_CONFIG,
			 "formatting this file would change what it means");
}

bool format_means_same(struct formatter *f, const struct format_text *a,
		       const struct format_text *b, struct arena *arena,
		       uint32_t *where, struct error *err)
{
	struct form x = {.arena = arena, .text = a->src->text};
	struct form y = {.arena = arena, .text = b->src->text};
	bool same;

	make_form(&x, a);
	make_form(&y, b);
	*where = FORMAT_NOWHERE;
	same = str_eq(buf_str(&x.out), buf_str(&y.out));
	if (!same)
		*where = find_difference(&x, &y);
	same = same && str_eq(buf_str(&x.comments), buf_str(&y.comments));
	free_form(&x);
	free_form(&y);
	return same ? same_code(f, a, b, arena, err)
		    : format_refuse_change(err);
}
