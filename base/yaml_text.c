/*
 * libyaml reads YAML 1.1, js-yaml mostly 1.2. Where the same thing can be
 * said in both, the text is changed before libyaml sees it. At once: a byte
 * order mark goes, the last line gets an end, and NEL, LS and PS, which are
 * line breaks in 1.1 only, become characters that the text does not hold. The
 * rest depends on where in the document it stands, and waits until libyaml
 * refuses it: tabs where no indentation is meant, and "\ud83d\ude00".
 */
#include "base/yaml_text.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/value.h"

/* Reading again and again ends before it takes long. */
enum { REREAD_MAX = 32 << 20, PAIR = 12 /* \ud83d\ude00 */ };

static const char byte_order_mark[] = "\xef\xbb\xbf";

static const struct {
	const char *text;
	const char *stand_in; /* as long; the first of 64 */
} breaks[YAML_TEXT_BREAKS] = {
	{"\xc2\x85", "\xd4\x80"},
	{"\xe2\x80\xa8", "\xee\x80\x80"},
	{"\xe2\x80\xa9", "\xee\x84\x80"},
	{byte_order_mark, "\xee\x88\x80"},
};

/* The character or one of the 63 after it; unset if all are in the text. */
static struct str unused_char(struct str text, struct str first,
			      struct arena *arena)
{
	char *p = arena_text(arena, first.n);

	memcpy(p, first.p, first.n);
	for (int i = 0; i < 64; i++) {
		p[first.n - 1] = (char)(0x80 + i);
		if (!str_has(text, (struct str){p, first.n}))
			return (struct str){p, first.n};
	}
	return (struct str){0};
}

/* from and to are of one length. */
static void replace_all(char *p, size_t n, struct str from, struct str to)
{
	struct str text = {p, n};

	for (size_t i = 0; (i = str_search(text, from, i)) < n; i += to.n)
		memcpy(p + i, to.p, to.n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

void yaml_text_init(struct yaml_text *t, struct str text, struct arena *arena)
{
	*t = (struct yaml_text){.arena = arena, .budget = REREAD_MAX};
	t->has_mark = str_starts(text, str_of(byte_order_mark));
	if (t->has_mark)
		text = str_sub(text, strlen(byte_order_mark), text.n);
	t->p = arena_text(arena, text.n + 1);
	if (text.n)
		memcpy(t->p, text.p, text.n);
	t->n = text.n;
	if (t->n && !ends_line(t->p[t->n - 1]))
		t->p[t->n++] = '\n';
	for (size_t i = 0; i < YAML_TEXT_BREAKS; i++) {
		struct str own = str_of(breaks[i].text);

		if (!str_has(text, own))
			continue;
		t->stand_ins[i] =
			unused_char(text, str_of(breaks[i].stand_in), arena);
		if (t->stand_ins[i].n)
			replace_all(t->p, t->n, own, t->stand_ins[i]);
	}
}

bool yaml_text_is_empty(const struct yaml_text *t)
{
	return t->n == 0 || (t->n == 1 && ends_line(t->p[0]));
}

struct str yaml_text_copy(const struct yaml_text *t, struct str s)
{
	char *p = arena_text(t->arena, s.n + 1);

	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	for (size_t i = 0; i < YAML_TEXT_BREAKS; i++)
		if (t->stand_ins[i].n)
			replace_all(p, s.n, t->stand_ins[i],
				    str_of(breaks[i].text));
	return (struct str){p, s.n};
}

static size_t line_start(const struct yaml_text *t, struct position at)
{
	struct str text = {t->p, t->n};
	size_t i = 0;

	for (uint32_t line = 1; line < at.line && i < t->n; line++)
		i = str_find(text, '\n', i) + 1;
	return i < t->n ? i : t->n;
}

static size_t place_of(const struct yaml_text *t, struct position at)
{
	size_t i = line_start(t, at);

	for (uint32_t column = 1; column < at.column && i < t->n; column++) {
		i++;
		while (i < t->n && (t->p[i] & 0xc0) == 0x80)
			i++;
	}
	return i;
}

/* A tab before nothing or a comment is as good as a space; in a block scalar
 * it ends the text, as a comment does. */
static bool mend_tabs(struct yaml_text *t, size_t start, bool in_block)
{
	bool has_tab = false;
	size_t i = start;

	for (; i < t->n && is_blank(t->p[i]); i++)
		has_tab |= t->p[i] == '\t';
	if (!has_tab || (i < t->n && !ends_line(t->p[i]) && t->p[i] != '#'))
		return false;
	if (!in_block)
		memset(t->p + start, ' ', i - start);
	else if (t->p[start] == '\t')
		t->p[start] = '#';
	else
		return false;
	return true;
}

/* Whether a key or "-" may stand in what the line has from i. */
static bool may_nest(const struct yaml_text *t, size_t i)
{
	char first = i < t->n ? t->p[i] : '\n';

	if (first == '{' || first == '[')
		return false;
	for (; i + 1 < t->n && !ends_line(t->p[i]); i++)
		if (t->p[i] == ':' || t->p[i] == '-' || t->p[i] == '?')
			if (is_blank(t->p[i + 1]) || ends_line(t->p[i + 1]))
				return true;
	return false;
}

/* "-" and a tab: js-yaml wants a value of one line behind it. */
static bool mend_tab_inside(struct yaml_text *t, size_t start, size_t i)
{
	size_t end = i;

	while (start < i && is_blank(t->p[start]))
		start++;
	while (end < t->n && is_blank(t->p[end]))
		end++;
	if (start == i || i == t->n || t->p[i] != '\t' || may_nest(t, end))
		return false;
	memset(t->p + i, ' ', end - i);
	return true;
}

static bool read_unit(const char *p, uint32_t *out)
{
	if (p[0] != '\\' || p[1] != 'u')
		return false;
	*out = 0;
	for (int i = 2; i < 6; i++) {
		int digit = ascii_hex_value(p[i]);

		if (digit < 0)
			return false;
		*out = *out * 16 + (uint32_t)digit;
	}
	return true;
}

/* A character beyond U+FFFF, as JSON escapes it. */
static bool read_pair(const struct yaml_text *t, size_t i, uint32_t *out)
{
	uint32_t high, low;

	if (i > t->n || t->n - i < PAIR || !read_unit(t->p + i, &high) ||
	    !read_unit(t->p + i + PAIR / 2, &low))
		return false;
	*out = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 &&
	       low <= 0xdfff;
}

static size_t put_char(char *p, uint32_t c)
{
	p[0] = (char)(0xf0 | c >> 18);
	p[1] = (char)(0x80 | (c >> 12 & 0x3f));
	p[2] = (char)(0x80 | (c >> 6 & 0x3f));
	p[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* The pairs from i to the end of the string become characters. */
static bool mend_pairs(struct yaml_text *t, size_t i)
{
	size_t to = i;
	uint32_t c;

	if (!read_pair(t, i, &c))
		return false;
	while (i < t->n && t->p[i] != '"') {
		if (read_pair(t, i, &c)) {
			to += put_char(t->p + to, c);
			i += PAIR;
			continue;
		}
		if (t->p[i] == '\\' && i + 1 < t->n)
			t->p[to++] = t->p[i++];
		t->p[to++] = t->p[i++];
	}
	memmove(t->p + to, t->p + i, t->n - i);
	t->n -= i - to;
	return true;
}

bool yaml_text_mend(struct yaml_text *t, struct position at, bool in_block)
{
	size_t start = line_start(t, at), i = place_of(t, at);

	if (t->budget < t->n)
		return false;
	t->budget -= t->n;
	return mend_tabs(t, start, in_block) || mend_tab_inside(t, start, i) ||
	       (i >= 2 && mend_pairs(t, i - 2));
}
