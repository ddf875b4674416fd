/* Views of bytes: comparison, search, UTF-8, edit distance. */
#include "base/str.h"

#include "base/ascii.h"

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

/* UTF-8 sorts like UTF-16 but for characters beyond U+FFFF (lead bytes F0 and
 * up), whose surrogates sort before U+E000 (lead bytes EE and EF). */
static int utf16_rank(unsigned char lead)
{
	if (lead >= 0xf0)
		return lead - 2;
	return lead >= 0xee ? lead + 0x100 : lead;
}

int str_cmp_utf16(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		unsigned char x = (unsigned char)a.p[i];
		unsigned char y = (unsigned char)b.p[i];

		if (x != y)
			return utf16_rank(x) - utf16_rank(y);
	}
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       str_eq((struct str){s.p + s.n - suffix.n, suffix.n}, suffix);
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_to_lower(a.p[i]) != ascii_to_lower(b.p[i]))
			return false;
	return true;
}

struct str str_start(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return str_sub(s, 0, max);
}

struct str str_trim(struct str s)
{
	while (s.n && ascii_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

size_t str_find(struct str s, char c, size_t from)
{
	const char *at;

	if (from >= s.n)
		return s.n;
	at = memchr(s.p + from, c, s.n - from);
	return at ? (size_t)(at - s.p) : s.n;
}

size_t str_rfind(struct str s, char c)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == c)
			return i - 1;
	return s.n;
}

size_t str_search(struct str s, struct str part, size_t from)
{
	if (part.n == 0)
		return from < s.n ? from : s.n;
	for (size_t i = str_find(s, part.p[0], from); i + part.n <= s.n;
	     i = str_find(s, part.p[0], i + 1))
		if (memcmp(s.p + i, part.p, part.n) == 0)
			return i;
	return s.n;
}

bool str_has(struct str s, struct str part)
{
	return part.n == 0 || str_search(s, part, 0) < s.n;
}

/* FNV-1a, finished by a multiplicative mix. */
uint64_t str_hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	h ^= h >> 32;
	return h * 0x9e3779b97f4a7c15u;
}

/* Bytes of the character at p, of n left; 0 if it is malformed. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

size_t str_bad_utf8(struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		size_t len =
			utf8_length((const unsigned char *)s.p + i, s.n - i);

		if (len == 0)
			return i;
		i += len;
	}
	return s.n;
}

size_t str_count_chars(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

enum { DISTANCE_MAX = 63 }; /* longer names get no suggestion */

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

size_t str_distance(struct str a, struct str b, size_t limit)
{
	size_t rows[3][DISTANCE_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	if (a.n > DISTANCE_MAX || b.n > DISTANCE_MAX)
		return limit + 1;
	for (size_t j = 0; j <= b.n; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t cost = a.p[i - 1] != b.p[j - 1];

			row[j] = min3(above[j] + 1, row[j - 1] + 1,
				      above[j - 1] + cost);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[b.n] > limit ? limit + 1 : above[b.n];
}
