/* White space as JavaScript's trim() and \s know it, in UTF-8. */
#include "base/array.h"
#include "compiler/format/format_int.h"

/* U+00A0, U+1680, U+2028, U+2029, U+202F, U+205F, U+3000, U+FEFF, and
 * U+2000 to U+200A by their last byte. */
static size_t wide_space(const char *p, size_t n)
{
	static const char *const spaces[] = {
		"\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf",
	};

	for (size_t i = 0; i < ARRAY_LEN(spaces); i++) {
		size_t length = strlen(spaces[i]);

		if (n >= length && memcmp(p, spaces[i], length) == 0)
			return length;
	}
	if (n >= 3 && memcmp(p, "\xe2\x80", 2) == 0 &&
	    (unsigned char)p[2] >= 0x80 && (unsigned char)p[2] <= 0x8a)
		return 3;
	return 0;
}

size_t format_space(struct str s, size_t i)
{
	unsigned char c;

	if (i >= s.n)
		return 0;
	c = (unsigned char)s.p[i];
	if (c < 0x80)
		return c == ' ' || (c >= '\t' && c <= '\r');
	return wide_space(s.p + i, s.n - i);
}

size_t format_space_before(struct str s, size_t i)
{
	for (size_t n = 1; n <= 3 && n <= i; n++)
		if (format_space(str_sub(s, 0, i), i - n) == n)
			return n;
	return 0;
}

struct str format_trim_start(struct str s)
{
	size_t i = 0, n;

	while ((n = format_space(s, i)) > 0)
		i += n;
	return str_sub(s, i, s.n);
}

struct str format_trim_end(struct str s)
{
	size_t n;

	while ((n = format_space_before(s, s.n)) > 0)
		s.n -= n;
	return s;
}

struct str format_trim(struct str s)
{
	return format_trim_end(format_trim_start(s));
}

bool format_line(struct str *rest, struct str *line)
{
	size_t end;

	if (!rest->p)
		return false;
	end = str_find(*rest, '\n', 0);
	*line = str_sub(*rest, 0, end);
	*rest = end < rest->n ? str_sub(*rest, end + 1, rest->n)
			      : (struct str){0};
	return true;
}
