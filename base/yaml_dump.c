/*
 * A value tree as YAML. Objects and lists that hold something are blocks;
 * strings are plain where that is safe, else quoted, or blocks when they have
 * several lines or are too long for one. Widths count UTF-16 units, as
 * JavaScript's strings do.
 */
#include "base/yaml_dump.h"

#include <math.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/yaml_scalar.h"

enum {
	INDENT = 2,
	LINE_WIDTH = 80,
	LINE_WIDTH_MIN = 40,
	PLAIN_KEY_MAX = 1024, /* a longer key is written behind "?" */
};

struct dumper {
	struct buf *out;
	struct buf key, folded; /* scratch */
	struct arena *arena;    /* the same */
};

enum style { PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, LITERAL, FOLDED };

/* The code point at s.p[*i], which is valid UTF-8; moves *i behind it. */
static uint32_t next_char(struct str s, size_t *i)
{
	unsigned char lead = (unsigned char)s.p[(*i)++];
	uint32_t c = lead;
	int more = 0;

	if (lead >= 0xf0) {
		c = lead & 0x07;
		more = 3;
	} else if (lead >= 0xe0) {
		c = lead & 0x0f;
		more = 2;
	} else if (lead >= 0xc0) {
		c = lead & 0x1f;
		more = 1;
	}
	for (; more > 0 && *i < s.n; more--)
		c = c << 6 | ((unsigned char)s.p[(*i)++] & 0x3f);
	return c;
}

static size_t utf16_width(struct str s)
{
	size_t n = 0, i = 0;

	while (i < s.n)
		n += next_char(s, &i) > 0xffff ? 2 : 1;
	return n;
}

static bool is_printable(uint32_t c)
{
	return (c >= 0x20 && c <= 0x7e) ||
	       (c >= 0xa1 && c <= 0xd7ff && c != 0x2028 && c != 0x2029) ||
	       (c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || c >= 0x10000;
}

static bool is_plain_first(uint32_t c)
{
	return is_printable(c) && c != ' ' &&
	       !(c < 0x80 && strchr("-?:,[]{}#&*!|=>'\"%@`", (int)c));
}

/* Whether c may follow prev in a plain scalar. */
static bool is_plain_safe(uint32_t c, uint32_t prev)
{
	if (c == '#')
		return is_printable(prev) && prev != ' ';
	return is_printable(c) && (c != ' ' || prev != ':');
}

static bool one_of(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

/* 1:30, which YAML 1.1 took for a number to the base 60. */
static bool is_base60(struct str s)
{
	size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), start = i;
	bool colon = false;

	for (;; i++) {
		if (i < s.n && (ascii_is_digit(s.p[i]) || s.p[i] == '_'))
			continue;
		if (i == start)
			return false;
		if (i == s.n || s.p[i] != ':')
			break;
		colon = true;
		start = i + 1;
	}
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n; i++)
			if (!ascii_is_digit(s.p[i]) && s.p[i] != '_')
				break;
	return colon && i == s.n;
}

/* What a reader of YAML 1.1 would not take for a string. */
static bool was_ambiguous(struct str s)
{
	static const char *const words[] = {
		"y", "Y", "yes", "Yes", "YES", "on",  "On",  "ON",
		"n", "N", "no",  "No",  "NO",  "off", "Off", "OFF",
	};

	return one_of(s, words, ARRAY_LEN(words)) || is_base60(s);
}

static bool is_ambiguous(struct dumper *d, struct str s)
{
	struct value v = yaml_scalar(s, d->arena);

	return v.kind != VALUE_STRING || v.string.p != s.p || str_is(s, "<<");
}

/* s is not empty. A key stays in one line. */
static enum style choose_style(struct dumper *d, struct str s, bool is_key,
			       size_t width)
{
	char last = s.p[s.n - 1];
	bool plain = last != ' ' && last != '\t' && last != ':';
	bool breaks = false, folds = false;
	uint32_t c, prev = 0;
	size_t i = 0, units = 0, start = 0;

	plain = plain && is_plain_first(next_char(s, &i));
	for (i = 0; i < s.n; prev = c) {
		c = next_char(s, &i);
		plain = plain && is_plain_safe(c, prev);
		if (c != '\n' || is_key) {
			if (!is_printable(c))
				return DOUBLE_QUOTED;
			units += c > 0xffff ? 2 : 1;
			if (i < s.n)
				continue;
		}
		breaks = breaks || c == '\n';
		folds = folds || (units > width && s.p[start] != ' ');
		units = 0;
		start = i;
	}
	if (!is_key && folds)
		return FOLDED;
	if (!is_key && breaks)
		return LITERAL;
	return plain && !is_ambiguous(d, s) ? PLAIN : SINGLE_QUOTED;
}

static void put_single_quoted(struct buf *out, struct str s)
{
	buf_addc(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_addc(out, '\'');
		buf_addc(out, s.p[i]);
	}
	buf_addc(out, '\'');
}

static const char *escape_of(uint32_t c)
{
	static const struct {
		uint32_t c;
		const char *escape;
	} escapes[] = {
		{0x00, "\\0"}, {0x07, "\\a"},   {0x08, "\\b"},   {'\t', "\\t"},
		{'\n', "\\n"}, {0x0b, "\\v"},   {0x0c, "\\f"},   {'\r', "\\r"},
		{0x1b, "\\e"}, {'"', "\\\""},   {'\\', "\\\\"},  {0x85, "\\N"},
		{0xa0, "\\_"}, {0x2028, "\\L"}, {0x2029, "\\P"},
	};

	for (size_t i = 0; i < ARRAY_LEN(escapes); i++)
		if (escapes[i].c == c)
			return escapes[i].escape;
	return NULL;
}

static void put_double_quoted(struct buf *out, struct str s)
{
	buf_addc(out, '"');
	for (size_t i = 0, start = 0; i < s.n; start = i) {
		uint32_t c = next_char(s, &i);
		const char *escape = escape_of(c);

		if (escape)
			buf_adds(out, escape);
		else if (is_printable(c))
			buf_add(out, s.p + start, i - start);
		else
			buf_printf(out, c <= 0xff ? "\\x%02X" : "\\u%04X",
				   (unsigned)c);
	}
	buf_addc(out, '"');
}

/* Breaks a line at spaces so that as much as fits stands before each break. A
 * line that starts with a space cannot be broken. */
static void fold_line(struct buf *out, struct str line, size_t width)
{
	size_t start = 0, last = 0;

	for (size_t i = 1; line.n && line.p[0] != ' ' && i < line.n; i++) {
		size_t space = i - 1, end;

		if (line.p[space] != ' ' || line.p[i] == ' ')
			continue;
		if (utf16_width(str_sub(line, start, space)) > width) {
			end = last > start ? last : space;
			buf_add_str(out, str_sub(line, start, end));
			buf_addc(out, '\n');
			start = end + 1;
		}
		last = space;
	}
	if (last > start && utf16_width(str_sub(line, start, line.n)) > width) {
		buf_add_str(out, str_sub(line, start, last));
		buf_addc(out, '\n');
		start = last + 1;
	}
	buf_add_str(out, str_sub(line, start, line.n));
}

/* Between two lines of folded text one newline is a space, so each run of them
 * gets one more, except beside lines that start with a space. */
static void fold(struct buf *out, struct str s, size_t width)
{
	size_t end = str_find(s, '\n', 0);
	bool indented = s.p[0] == '\n' || s.p[0] == ' ';

	fold_line(out, str_sub(s, 0, end), width);
	while (end < s.n) {
		size_t start = end;
		bool was_indented = indented;

		while (start < s.n && s.p[start] == '\n')
			start++;
		buf_add_str(out, str_sub(s, end, start));
		end = str_find(s, '\n', start);
		indented = start < s.n && s.p[start] == ' ';
		if (!was_indented && !indented && start < s.n)
			buf_addc(out, '\n');
		fold_line(out, str_sub(s, start, end), width);
	}
}

/* What stands behind "|" or ">": whether the indentation must be told, and
 * what becomes of newlines at the end. */
static void put_block_header(struct buf *out, struct str s)
{
	size_t content = 0;

	while (content < s.n && s.p[content] == '\n')
		content++;
	if (content < s.n && s.p[content] == ' ')
		buf_printf(out, "%d", INDENT);
	if (s.p[s.n - 1] != '\n')
		buf_addc(out, '-');
	else if (s.n == 1 || s.p[s.n - 2] == '\n')
		buf_addc(out, '+');
	buf_addc(out, '\n');
}

static void put_spaces(struct buf *out, size_t n)
{
	memset(buf_room(out, n), ' ', n);
	out->n += n;
}

/* Empty lines are not indented; the last newline comes with what follows. */
static void put_indented(struct buf *out, struct str s, size_t indent)
{
	for (size_t i = 0, end; i < s.n; i = end + 1) {
		end = str_find(s, '\n', i);
		if (end > i)
			put_spaces(out, indent);
		buf_add_str(out, str_sub(s, i, end));
		if (end + 1 < s.n)
			buf_addc(out, '\n');
	}
}

static void put_block(struct dumper *d, struct str s, char mark, size_t indent,
		      size_t width)
{
	struct str text = s;

	buf_addc(d->out, mark);
	put_block_header(d->out, s);
	if (mark == '>') {
		buf_clear(&d->folded);
		fold(&d->folded, s, width);
		text = buf_str(&d->folded);
	}
	put_indented(d->out, text, indent);
}

static void put_string(struct dumper *d, struct buf *out, struct str s,
		       size_t level, bool is_key)
{
	size_t indent = INDENT * (level ? level : 1);
	size_t width = LINE_WIDTH - LINE_WIDTH_MIN < indent
			       ? LINE_WIDTH_MIN
			       : LINE_WIDTH - indent;

	if (s.n == 0 || was_ambiguous(s)) {
		put_single_quoted(out, s);
		return;
	}
	switch (choose_style(d, s, is_key, width)) {
	case PLAIN:
		buf_add_str(out, s);
		break;
	case SINGLE_QUOTED:
		put_single_quoted(out, s);
		break;
	case DOUBLE_QUOTED:
		put_double_quoted(out, s);
		break;
	case LITERAL:
		put_block(d, s, '|', indent, width);
		break;
	case FOLDED:
		put_block(d, s, '>', indent, width);
		break;
	}
}

static void put_number(struct buf *out, double n)
{
	char room[VALUE_NUMBER_SIZE];
	struct str text = value_print_number(room, n);
	size_t e = str_find(text, 'e', 0);

	if (isnan(n))
		buf_adds(out, ".nan");
	else if (isinf(n))
		buf_adds(out, n < 0 ? "-.inf" : ".inf");
	else if (n == 0 && signbit(n))
		buf_adds(out, "-0.0");
	else if (e < text.n && fabs(n) < 1 && str_find(text, '.', 0) == text.n)
		buf_printf(out, "%.*s.%s", (int)e, text.p, text.p + e);
	else
		buf_add_str(out, text);
}

static void put_new_line(struct buf *out, size_t level)
{
	buf_addc(out, '\n');
	put_spaces(out, INDENT * level);
}

static void put_node(struct dumper *d, const struct value *v, size_t level,
		     bool compact);

static bool is_block(const struct value *v)
{
	return (v->kind == VALUE_ARRAY || v->kind == VALUE_OBJECT) && v->n > 0;
}

static void put_member(struct dumper *d, const struct member *m, size_t level)
{
	bool is_long;

	buf_clear(&d->key);
	put_string(d, &d->key, m->key, level + 1, true);
	is_long = utf16_width(buf_str(&d->key)) > PLAIN_KEY_MAX;
	if (is_long)
		buf_adds(d->out, "? ");
	buf_add_str(d->out, buf_str(&d->key));
	if (is_long)
		put_new_line(d->out, level);
	buf_adds(d->out, is_long || !is_block(&m->value) ? ": " : ":");
	put_node(d, &m->value, level + 1, is_long);
}

/* A compact block starts in the line where it stands. */
static void put_object(struct dumper *d, const struct value *v, size_t level,
		       bool compact)
{
	for (uint32_t i = 0; i < v->n; i++) {
		if (i || !compact)
			put_new_line(d->out, level);
		put_member(d, &v->members[i], level);
	}
}

static void put_array(struct dumper *d, const struct value *v, size_t level,
		      bool compact)
{
	for (uint32_t i = 0; i < v->n; i++) {
		if (i || !compact)
			put_new_line(d->out, level);
		buf_adds(d->out, "- ");
		put_node(d, &v->items[i], level + 1, true);
	}
}

static void put_node(struct dumper *d, const struct value *v, size_t level,
		     bool compact)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_UNDEFINED:
	case VALUE_NULL:
	case VALUE_FUNCTION:
		buf_adds(d->out, "null");
		break;
	case VALUE_BOOL:
		buf_adds(d->out, v->boolean ? "true" : "false");
		break;
	case VALUE_NUMBER:
		put_number(d->out, v->number);
		break;
	case VALUE_STRING:
		put_string(d, d->out, v->string, level, false);
		break;
	case VALUE_ARRAY:
		if (v->n)
			put_array(d, v, level, compact);
		else
			buf_adds(d->out, "[]");
		break;
	case VALUE_OBJECT:
		if (v->n)
			put_object(d, v, level, compact);
		else
			buf_adds(d->out, "{}");
		break;
	}
}

void yaml_dump(const struct value *v, struct buf *out)
{
	struct dumper d = {.out = out, .arena = arena_new()};

	put_node(&d, v, 0, true);
	buf_addc(out, '\n');
	buf_free(&d.key);
	buf_free(&d.folded);
	arena_free(d.arena);
}
