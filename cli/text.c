/*
 * A terminal obeys what it is sent, and project files come from anybody: no
 * control character reaches it. Widths follow Unicode's East Asian Width and
 * treat combining marks as zero, with ranges coarse enough to fit here: they
 * only have to put a caret below the right character.
 */
#include "cli/text.h"

#include <stdio.h>

enum { LINE_WIDTH = 80, RAW_BYTE = 0xDC00 };

struct range {
	uint32_t first, last;
};

static const struct range zero_width[] = {
	{0x0300, 0x036f},   {0x0483, 0x0489}, {0x0591, 0x05bd},
	{0x0610, 0x061a},   {0x064b, 0x065f}, {0x06d6, 0x06dc},
	{0x093c, 0x093c},   {0x0941, 0x0948}, {0x0e31, 0x0e31},
	{0x0e34, 0x0e3a},   {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff},
	{0x1dc0, 0x1dff},   {0x200b, 0x200d}, {0x20d0, 0x20ff},
	{0x302a, 0x302d},   {0x3099, 0x309a}, {0xfe00, 0xfe0f},
	{0xfe20, 0xfe2f},   {0xfeff, 0xfeff}, {0x1f3fb, 0x1f3ff},
	{0xe0100, 0xe01ef},
};

static const struct range double_width[] = {
	{0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},
	{0x23e9, 0x23ec},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
	{0x2648, 0x2653},   {0x26a1, 0x26a1},   {0x26bd, 0x26be},
	{0x26c4, 0x26c5},   {0x26d4, 0x26d4},   {0x2705, 0x2705},
	{0x2728, 0x2728},   {0x274c, 0x274c},   {0x2753, 0x2755},
	{0x2795, 0x2797},   {0x2b1b, 0x2b1c},   {0x2e80, 0x303e},
	{0x3041, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97f},
	{0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
	{0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f004, 0x1f004},
	{0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a},
	{0x1f200, 0x1f320}, {0x1f32d, 0x1f64f}, {0x1f680, 0x1f6ff},
	{0x1f7e0, 0x1f7eb}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff},
	{0x20000, 0x3fffd},
};

#define IN_RANGES(c, ranges)                                                   \
	in_ranges(c, ranges, sizeof(ranges) / sizeof(*ranges))

static bool in_ranges(uint32_t c, const struct range *ranges, size_t n)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (c > ranges[middle].last)
			low = middle + 1;
		else if (c < ranges[middle].first)
			n = middle;
		else
			return true;
	}
	return false;
}

/* Marks that turn or hide the text behind them. */
static bool is_direction_mark(uint32_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

uint32_t text_next(struct str s, size_t *i)
{
	unsigned char c = (unsigned char)s.p[*i];
	size_t length = c < 0x80   ? 1
			: c < 0xc2 ? 0
			: c < 0xe0 ? 2
			: c < 0xf0 ? 3
			: c < 0xf5 ? 4
				   : 0;
	uint32_t value;

	if (length == 1) {
		++*i;
		return c;
	}
	if (!length || *i + length > s.n ||
	    str_bad_utf8(str_sub(s, *i, *i + length)) < length) {
		++*i;
		return RAW_BYTE + c;
	}
	value = c & (0xffu >> (length + 1));
	for (size_t k = 1; k < length; k++)
		value = value << 6 | ((unsigned char)s.p[*i + k] & 0x3fu);
	*i += length;
	return value;
}

static void put_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_addc(b, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_addc(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_addc(b, (char)(0xe0 | c >> 12));
		} else {
			buf_addc(b, (char)(0xf0 | c >> 18));
			buf_addc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_addc(b, (char)(0x80 | (c & 0x3f)));
}

size_t text_put_char(struct buf *b, uint32_t c)
{
	size_t before = b->n;

	if (c == '\n')
		buf_adds(b, "\\n");
	else if (c == '\t')
		buf_adds(b, "\\t");
	else if (c == '\r')
		buf_adds(b, "\\r");
	else if (c < 0x20 || c == 0x7f)
		buf_printf(b, "\\x%02x", (unsigned)c);
	else if (c >= RAW_BYTE && c < RAW_BYTE + 0x100)
		buf_printf(b, "\\x%02x", (unsigned)(c - RAW_BYTE));
	else if ((c >= 0x80 && c < 0xa0) || is_direction_mark(c))
		buf_printf(b, "\\u%04x", (unsigned)c);
	else {
		put_utf8(b, c);
		return IN_RANGES(c, zero_width)     ? 0
		       : IN_RANGES(c, double_width) ? 2
						    : 1;
	}
	return b->n - before;
}

size_t text_put(struct buf *b, struct str s)
{
	size_t width = 0;

	for (size_t i = 0; i < s.n;)
		width += text_put_char(b, text_next(s, &i));
	return width;
}

void text_put_lines(struct buf *b, struct str s, const char *indent)
{
	for (size_t start = 0; start < s.n;) {
		size_t end = str_find(s, '\n', start);
		struct str line = str_sub(s, start, end);

		if (start)
			buf_printf(b, "\n%s", indent);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		for (size_t i = 0; i < line.n;) {
			uint32_t c = text_next(line, &i);

			if (c == '\t')
				buf_adds(b, "    ");
			else
				text_put_char(b, c);
		}
		start = end + 1;
	}
}

size_t text_width(struct str s)
{
	struct buf b = {0};
	size_t width = text_put(&b, s);

	buf_free(&b);
	return width;
}

size_t text_put_cut(struct buf *b, struct str s, size_t width)
{
	size_t used = 0;

	if (text_width(s) <= width)
		return text_put(b, s);
	for (size_t i = 0; i < s.n;) {
		size_t length = b->n;
		size_t columns = text_put_char(b, text_next(s, &i));

		if (used + columns + 3 > width) {
			b->n = length;
			break;
		}
		used += columns;
	}
	buf_adds(b, "...");
	return used + 3;
}

void text_pad(struct buf *b, size_t columns)
{
	while (columns--)
		buf_addc(b, ' ');
}

void text_put_count(struct buf *b, int64_t n)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%lld", (long long)n);

	for (int i = 0; i < length; i++) {
		buf_addc(b, digits[i]);
		if (digits[i] != '-' && i + 1 < length &&
		    (length - i - 1) % 3 == 0)
			buf_addc(b, ',');
	}
}

void text_put_plural(struct buf *b, size_t n, const char *one)
{
	text_put_count(b, (int64_t)n);
	buf_printf(b, " %s%s", one, n == 1 ? "" : "s");
}

void text_wrap(struct buf *b, struct str s, size_t column, size_t indent)
{
	bool first = true;

	for (size_t i = 0; i < s.n;) {
		size_t end = i;
		size_t width;

		while (end < s.n && s.p[end] != ' ' && s.p[end] != '\n')
			end++;
		width = text_width(str_sub(s, i, end));
		if (!first && column + 1 + width > LINE_WIDTH) {
			buf_addc(b, '\n');
			text_pad(b, indent);
			column = indent;
		} else if (!first) {
			buf_addc(b, ' ');
			column++;
		}
		text_put(b, str_sub(s, i, end));
		column += width;
		first = false;
		for (i = end; i < s.n && (s.p[i] == ' ' || s.p[i] == '\n');)
			i++;
	}
}
