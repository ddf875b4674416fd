/*
 * A reader that gives up early: names, calls, escapes other than the common
 * ones, keys that JavaScript would reorder or merge, and every mistake are
 * left to the engine, which has the right answer and the right message. What
 * is accepted here must mean the same there.
 *
 * Members of open objects and arrays lie on a stack and move to the arena when
 * their number is known.
 */
#include "compiler/sqlx/literal.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

enum {
	DEPTH_MAX = 32,
	MEMBERS_MAX = 512, /* more would make the search for duplicates slow */
};

struct reader {
	struct str text;
	size_t at;
	struct arena *arena;
	struct member *stack;
	size_t n, cap;
	int depth;
};

static bool read_value(struct reader *r, struct value *out);

static char peek(const struct reader *r)
{
	return r->at < r->text.n ? r->text.p[r->at] : '\0';
}

static bool take(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '$' || is_digit(c);
}

/* JavaScript knows other ends of lines, which are left to it. */
static bool skip_line(struct reader *r)
{
	for (; r->at < r->text.n && peek(r) != '\n'; r->at++) {
		struct str rest = str_sub(r->text, r->at, r->text.n);

		if (peek(r) == '\r' && !str_starts(rest, STR("\r\n")))
			return false;
		if (str_starts(rest, STR("\xe2\x80\xa8")) ||
		    str_starts(rest, STR("\xe2\x80\xa9")))
			return false;
	}
	return true;
}

static bool skip_comment(struct reader *r)
{
	struct str rest = str_sub(r->text, r->at, r->text.n);

	if (str_starts(rest, STR("//")))
		return skip_line(r);
	if (!str_starts(rest, STR("/*")))
		return false;
	for (size_t i = 2; i + 1 < rest.n; i++) {
		if (rest.p[i] == '*' && rest.p[i + 1] == '/') {
			r->at += i + 2;
			return true;
		}
	}
	return false;
}

static void skip_blanks(struct reader *r)
{
	for (;;) {
		char c = peek(r);

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			r->at++;
		else if (c != '/' || !skip_comment(r))
			return;
	}
}

/* What stands behind a backslash; 0 if the engine shall say. */
static char unescape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case '\\':
	case '\'':
	case '"':
	case '`':
	case '/':
		return c;
	default:
		return '\0';
	}
}

static struct str without_escapes(struct reader *r, struct str raw)
{
	char *p = arena_text(r->arena, raw.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++)
		p[n++] = raw.p[i] == '\\' ? unescape(raw.p[++i]) : raw.p[i];
	p[n] = '\0';
	return (struct str){p, n};
}

static bool read_string(struct reader *r, struct str *out)
{
	char quote = peek(r), c;
	size_t start = ++r->at;
	bool escapes = false;

	for (; (c = peek(r)) != quote; r->at++) {
		if (r->at >= r->text.n || c == '\r' || c == '\0' ||
		    (c == '\n' && quote != '`') || (c == '$' && quote == '`'))
			return false;
		if (c != '\\')
			continue;
		r->at++;
		escapes = true;
		if (!unescape(peek(r)))
			return false;
	}
	*out = str_sub(r->text, start, r->at++);
	if (escapes)
		*out = without_escapes(r, *out);
	return true;
}

/* Decimal numbers without frills. */
static bool read_number(struct reader *r, struct value *out)
{
	const char *start = r->text.p + r->at;
	size_t begin = r->at, digits;
	char text[32];

	r->at += peek(r) == '-';
	digits = r->at;
	while (is_digit(peek(r)))
		r->at++;
	if (r->at == digits || (r->text.p[digits] == '0' && r->at > digits + 1))
		return false;
	if (peek(r) == '.') {
		r->at++;
		if (!is_digit(peek(r)))
			return false;
		while (is_digit(peek(r)))
			r->at++;
	}
	if (is_name(peek(r)) || peek(r) == '.' || r->at - begin >= sizeof(text))
		return false;
	memcpy(text, start, r->at - begin);
	text[r->at - begin] = '\0';
	*out = value_number(strtod(text, NULL));
	return true;
}

static struct str read_name(struct reader *r)
{
	size_t start = r->at;

	while (is_name(peek(r)))
		r->at++;
	return str_sub(r->text, start, r->at);
}

static bool read_word(struct reader *r, struct value *out)
{
	struct str word = read_name(r);

	if (str_is(word, "true") || str_is(word, "false"))
		*out = value_bool(word.p[0] == 't');
	else if (str_is(word, "null"))
		*out = (struct value){.kind = VALUE_NULL};
	else
		return false;
	return true;
}

static void push(struct reader *r, const struct member *m)
{
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 32;
		r->stack = mem_realloc(r->stack, r->cap * sizeof(*r->stack));
	}
	r->stack[r->n++] = *m;
}

static bool read_array(struct reader *r, struct value *out)
{
	size_t base = r->n;

	skip_blanks(r);
	while (!take(r, ']')) {
		struct member item = {0};

		if (!read_value(r, &item.value))
			return false;
		push(r, &item);
		skip_blanks(r);
		if (!take(r, ',') && peek(r) != ']')
			return false;
		skip_blanks(r);
	}
	*out = value_array(r->arena, (uint32_t)(r->n - base));
	for (size_t i = base; i < r->n; i++)
		value_push(out, r->stack[i].value);
	r->n = base;
	return true;
}

/* Digits first sort before other keys; __proto__ is no member at all. */
static bool read_key(struct reader *r, size_t base, struct str *out)
{
	char c = peek(r);

	if (c == '"' || c == '\'') {
		if (!read_string(r, out))
			return false;
	} else {
		*out = read_name(r);
	}
	if (out->n == 0 || is_digit(out->p[0]) || str_is(*out, "__proto__") ||
	    r->n - base >= MEMBERS_MAX)
		return false;
	for (size_t i = base; i < r->n; i++)
		if (str_eq(r->stack[i].key, *out))
			return false;
	return true;
}

static bool read_object(struct reader *r, struct value *out)
{
	size_t base = r->n;

	skip_blanks(r);
	while (!take(r, '}')) {
		struct member m = {0};

		if (!read_key(r, base, &m.key))
			return false;
		skip_blanks(r);
		if (!take(r, ':') || !read_value(r, &m.value))
			return false;
		push(r, &m);
		skip_blanks(r);
		if (!take(r, ',') && peek(r) != '}')
			return false;
		skip_blanks(r);
	}
	*out = value_object(r->arena, (uint32_t)(r->n - base));
	for (size_t i = base; i < r->n; i++)
		value_put(out, r->stack[i].key, r->stack[i].value);
	r->n = base;
	return true;
}

static bool read_nested(struct reader *r, struct value *out)
{
	bool ok;

	if (++r->depth > DEPTH_MAX)
		return false;
	ok = take(r, '{')   ? read_object(r, out)
	     : take(r, '[') ? read_array(r, out)
			    : false;
	r->depth--;
	return ok;
}

/* What follows must be a comma or a closing bracket; the callers see to it. */
static bool read_value(struct reader *r, struct value *out)
{
	struct str text;
	char c;

	skip_blanks(r);
	c = peek(r);
	if (c == '{' || c == '[')
		return read_nested(r, out);
	if (c == '"' || c == '\'' || c == '`') {
		if (!read_string(r, &text))
			return false;
		*out = value_string(text);
		return true;
	}
	if (is_digit(c) || c == '-')
		return read_number(r, out);
	return read_word(r, out);
}

bool literal_read(struct str text, struct arena *arena, struct value *out)
{
	struct reader r = {.text = text, .arena = arena};
	struct value v;
	bool ok;

	ok = peek(&r) == '{' && read_value(&r, &v);
	skip_blanks(&r);
	ok = ok && r.at == text.n;
	free(r.stack);
	if (ok)
		*out = v;
	return ok;
}
