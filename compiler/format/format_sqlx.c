/*
 * A SQLX file in the official formatter's layout: first the JavaScript blocks,
 * then the SQL, then the other blocks, each in the order of the file.
 *
 * The library that lays out SQL sees no strings, comments and placeholders:
 * each is replaced by a name of its own that the file does not have, and put
 * back afterwards. As the library keeps the order of words, this is one pass
 * over what it made: text before the next name is done, text behind it is not.
 */
#include "base/arena.h"
#include "base/vec.h"
#include "compiler/format/format_int.h"

/* A token whose place is taken by a name. */
struct kept {
	struct sqlx_token token;
	struct str name; /* in the SQL, with its comment signs */
};

struct kept_vec {
	struct kept *v;
	size_t n, cap;
};

struct job {
	struct formatter *f;
	struct str text;
	struct str salt; /* what names begin with */
	struct arena *arena;
	struct error *err;
};

static struct str token_text(const struct job *j, struct sqlx_token t)
{
	return str_sub(j->text, t.start, t.end);
}

/* What no word of the text begins with. Digits and "p" only, so that a name
 * never looks like a part of a keyword. */
static struct str choose_salt(const struct job *j)
{
	struct str salt = STR("_p");

	for (unsigned i = 0; str_has(j->text, salt); i++)
		salt = arena_printf(j->arena, "_p%up", i);
	return salt;
}

static bool is_triple(struct str s)
{
	return str_starts(s, STR("'''")) || str_starts(s, STR("\"\"\""));
}

/* Lines and places */

/* Offset of the line's start that i is in, for JavaScript's ".". */
static size_t line_start(struct str s, size_t i)
{
	while (i > 0) {
		if (s.p[i - 1] == '\n' || s.p[i - 1] == '\r')
			break;
		if (i >= 3 && (!memcmp(s.p + i - 3, "\xe2\x80\xa8", 3) ||
			       !memcmp(s.p + i - 3, "\xe2\x80\xa9", 3)))
			break;
		i--;
	}
	return i;
}

static size_t line_end(struct str s, size_t i)
{
	for (; i < s.n; i++) {
		if (s.p[i] == '\n' || s.p[i] == '\r')
			break;
		if (s.n - i >= 3 && (!memcmp(s.p + i, "\xe2\x80\xa8", 3) ||
				     !memcmp(s.p + i, "\xe2\x80\xa9", 3)))
			break;
	}
	return i;
}

static void put_spaces(struct buf *b, size_t n)
{
	for (; n > 0; n--)
		buf_addc(b, ' ');
}

/* Every line behind indent spaces, in place of its own if trim is set. */
static void put_lines(struct buf *b, struct str text, size_t indent, bool trim)
{
	struct str line;

	for (bool first = true; format_line(&text, &line); first = false) {
		if (!first)
			buf_addc(b, '\n');
		put_spaces(b, indent);
		buf_add_str(b, trim ? format_trim_start(line) : line);
	}
}

/* What was kept, laid out */

/* "${" and "}" around what js-beautify makes of the code between them. */
static bool put_placeholder(struct job *j, struct str text, size_t indent,
			    struct buf *b)
{
	struct str made, inside;
	struct buf whole = {0};
	size_t open, close;

	if (!script_pretty_js(j->f->pretty, text, j->arena, &made, j->err))
		return false;
	open = str_find(made, '{', 0);
	close = str_rfind(made, '}');
	if (close == made.n || open > close)
		return error_set(j->err, ERROR_CONFIG,
				 "the code of a placeholder is not whole");
	inside = str_sub(made, open + 1, close);
	if (!memchr(format_trim(inside).p, '\n', format_trim(inside).n))
		inside = format_trim(inside);
	buf_adds(&whole, "${");
	buf_add_str(&whole, inside);
	buf_addc(&whole, '}');
	put_lines(b, buf_str(&whole), indent, false);
	buf_free(&whole);
	return true;
}

static bool put_kept(struct job *j, const struct kept *k, size_t indent,
		     struct buf *b)
{
	struct str text = token_text(j, k->token);

	if (k->token.kind == SQLX_TOKEN_PLACEHOLDER)
		return put_placeholder(j, text, indent, b);
	if (k->token.kind == SQLX_TOKEN_STRING && is_triple(text)) {
		put_spaces(b, indent);
		buf_add_str(b, format_trim_start(text));
		return true;
	}
	put_lines(b, text, indent, true);
	return true;
}

/* A text that goes over lines, or a comment, stands on lines of its own. */
static bool stays_in_line(const struct job *j, const struct kept *k,
			  struct str made)
{
	if (k->token.kind == SQLX_TOKEN_COMMENT)
		return false;
	return !memchr(made.p, '\n', made.n) ||
	       (k->token.kind == SQLX_TOKEN_STRING &&
		is_triple(token_text(j, k->token)));
}

/* How many spaces the line begins with, of which head is done. */
static size_t count_indent(struct str head)
{
	size_t i = 0, count = 0, n;

	for (; (n = format_space(head, i)) > 0; i += n)
		count++;
	return count;
}

/* Puts one token back. rest: the SQL that is not in done yet. */
static bool restore(struct job *j, const struct kept *k, struct str *rest,
		    struct buf *done)
{
	size_t at = str_search(*rest, k->name, 0), start, end;
	struct buf made = {0};
	struct str before, after;
	size_t indent;
	bool ok;

	if (at == rest->n)
		return error_set(j->err, ERROR_CONFIG,
				 "a part of the SQL was lost on the way");
	buf_add(done, rest->p, at);
	*rest = str_sub(*rest, at + k->name.n, rest->n);
	start = line_start(buf_str(done), done->n);
	before = str_sub(buf_str(done), start, done->n);
	indent = count_indent(before);
	ok = put_kept(j, k, indent, &made);
	if (ok && stays_in_line(j, k, buf_str(&made))) {
		buf_add_str(done, format_trim(buf_str(&made)));
	} else if (ok) {
		before = arena_str(j->arena, format_trim(before));
		done->n = start;
		if (before.n) {
			put_spaces(done, indent);
			buf_add_str(done, before);
			buf_addc(done, '\n');
		}
		buf_add_str(done, buf_str(&made));
		end = line_end(*rest, 0);
		after = format_trim_start(str_sub(*rest, 0, end));
		if (after.n) {
			buf_addc(done, '\n');
			put_spaces(done, indent);
			end -= after.n;
		}
		*rest = str_sub(*rest, end, rest->n);
	}
	buf_free(&made);
	return ok;
}

/* Statements */

static void keep(struct job *j, struct sqlx_token token, struct kept_vec *kept,
		 struct buf *sql)
{
	struct kept k = {.token = token};
	const char *before = "", *behind = "";

	if (token.kind == SQLX_TOKEN_COMMENT) {
		bool to_line_end = j->text.p[token.start] == '-';

		before = to_line_end ? "--" : "/*";
		behind = to_line_end ? "" : "*/";
	}
	k.name = arena_printf(j->arena, "%s%.*s%012zu%s", before,
			      STR_ARG(j->salt), kept->n, behind);
	VEC_PUSH(j->arena, kept, k);
	buf_add_str(sql, k.name);
}

/* To the official formatter, what stands in the placeholders of a string in
 * double quotes is a part of the string, and may end it. */
static void keep_double_quoted(struct job *j, struct sqlx_token token,
			       struct kept_vec *kept, struct buf *sql)
{
	uint32_t i = token.start;

	while (i < token.end) {
		struct sqlx_token part = {SQLX_TOKEN_STRING, i, i + 1};

		if (j->text.p[i] != '"') {
			buf_addc(sql, j->text.p[i++]);
			continue;
		}
		for (i++; i < token.end && j->text.p[i] != '"'; i++)
			if (j->text.p[i] == '\\' && i + 1 < token.end &&
			    strchr("\\\"", j->text.p[i + 1]))
				i++;
		i = i < token.end ? i + 1 : i;
		part.end = i;
		keep(j, part, kept, sql);
	}
}

static void add_token(struct job *j, struct sqlx_token token,
		      struct kept_vec *kept, struct buf *sql)
{
	struct str text = token_text(j, token);

	if (token.kind == SQLX_TOKEN_TEXT)
		buf_add_str(sql, text);
	else if (token.kind == SQLX_TOKEN_STRING && text.p[0] == '"' &&
		 !is_triple(text))
		keep_double_quoted(j, token, kept, sql);
	else
		keep(j, token, kept, sql);
}

/* Lays out what was gathered of one statement, and adds it to out. */
static bool put_statement(struct job *j, const struct kept_vec *kept,
			  struct str sql, size_t indent, struct buf *out)
{
	struct buf done = {0};
	struct str rest;
	bool ok;

	ok = script_pretty_sql(j->f->pretty, sql, j->arena, &rest, j->err);
	for (size_t i = 0; ok && i < kept->n; i++)
		ok = restore(j, &kept->v[i], &rest, &done);
	if (ok) {
		buf_add_str(&done, rest);
		put_lines(out, buf_str(&done), indent, false);
	}
	buf_free(&done);
	return ok;
}

/* Blocks */

/* The token behind the one that closes the block opened at i. */
static const struct sqlx_token *skip_block(const struct sqlx_token *i,
					   const struct sqlx_token *end)
{
	while (i < end && i->kind != SQLX_TOKEN_CLOSE)
		i++;
	return i < end ? i + 1 : end;
}

/* The SQL of the tokens up to end, but of no blocks. */
static bool put_sql(struct job *j, const struct sqlx_token *i,
		    const struct sqlx_token *end, size_t indent,
		    struct buf *out)
{
	struct kept_vec kept = {0};
	struct buf sql = {0};
	bool ok = true;

	while (ok && i < end) {
		if (i->kind == SQLX_TOKEN_OPEN) {
			i = skip_block(i, end);
			continue;
		}
		if (i->kind == SQLX_TOKEN_SEPARATOR) {
			ok = put_statement(j, &kept, buf_str(&sql), indent,
					   out);
			buf_adds(out, "\n\n");
			put_spaces(out, indent);
			buf_adds(out, "---\n\n");
			kept.n = 0;
			buf_clear(&sql);
		} else if (i->kind != SQLX_TOKEN_SCRIPT) {
			add_token(j, *i, &kept, &sql);
		}
		i++;
	}
	ok = ok && put_statement(j, &kept, buf_str(&sql), indent, out);
	buf_free(&sql);
	return ok;
}

static bool put_scripts(struct job *j, const struct sqlx_tokens *tokens,
			struct buf *out)
{
	struct str made;

	for (size_t i = 0; i < tokens->n; i++) {
		if (tokens->v[i].kind != SQLX_TOKEN_SCRIPT)
			continue;
		if (!script_pretty_js(j->f->pretty, token_text(j, tokens->v[i]),
				      j->arena, &made, j->err))
			return false;
		buf_add_str(out, made);
		buf_adds(out, "\n\n");
	}
	return true;
}

/* A block of SQL, its head and end as they are. */
static bool put_block(struct job *j, const struct sqlx_token *open,
		      const struct sqlx_token *behind, struct buf *out)
{
	struct buf sql = {0};
	bool ok = put_sql(j, open + 1, behind - 1, 2, &sql);

	buf_adds(out, "\n\n");
	buf_add_str(out, token_text(j, *open));
	buf_adds(out, "\n  ");
	buf_add_str(out, format_trim(buf_str(&sql)));
	buf_adds(out, "\n}");
	buf_free(&sql);
	return ok;
}

static bool put_blocks(struct job *j, const struct sqlx_token *i,
		       const struct sqlx_token *end, struct buf *out)
{
	const struct sqlx_token *behind;

	for (; i < end; i = behind) {
		behind = i + 1;
		if (i->kind != SQLX_TOKEN_OPEN)
			continue;
		behind = skip_block(i, end);
		if (!put_block(j, i, behind, out))
			return false;
	}
	return true;
}

bool format_sqlx(struct formatter *f, const struct format_text *text,
		 struct arena *arena, struct str *out, struct error *err)
{
	static const struct sqlx_token none;
	const struct sqlx_tokens *all = &text->tokens;
	const struct sqlx_token *tokens = all->n ? all->v : &none;
	struct job j = {f, text->src->text, {0}, arena, err};
	struct buf b = {0};
	bool ok;

	j.salt = choose_salt(&j);
	ok = put_scripts(&j, all, &b) &&
	     put_sql(&j, tokens, tokens + all->n, 0, &b) &&
	     put_blocks(&j, tokens, tokens + all->n, &b);
	if (ok)
		*out = buf_move(&b, arena);
	buf_free(&b);
	return ok;
}
