/* Counted, non-owning view of bytes. Not NUL-terminated unless its maker says
 * so. An unset view has p == NULL, which differs from an empty one. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

struct strs {
	struct str *v;
	size_t n;
};

#define STR(lit)   ((struct str){(lit), sizeof(lit) - 1})
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

static inline struct str str_of(const char *cstr)
{
	return (struct str){cstr, cstr ? strlen(cstr) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *cstr)
{
	return str_eq(a, str_of(cstr));
}

static inline struct str str_sub(struct str s, size_t start, size_t end)
{
	return (struct str){s.p ? s.p + start : NULL, end - start};
}

/* Byte order; a prefix sorts first. */
int str_cmp(struct str a, struct str b);
/* The order of JavaScript's sort(): UTF-16 code units of UTF-8 text. */
int str_cmp_utf16(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_eq_nocase(struct str a, struct str b); /* ASCII */
/* The start of valid UTF-8, at most max bytes of whole characters. */
struct str str_start(struct str s, size_t max);
/* Without white space (space, tab, CR, LF, VT, FF) at both ends. */
struct str str_trim(struct str s);
/* Offset of the first c at or after from; s.n if there is none. */
size_t str_find(struct str s, char c, size_t from);
/* Offset of the last c; s.n if there is none. */
size_t str_rfind(struct str s, char c);
/* Offset of part at or after from; s.n if it is not there. */
size_t str_search(struct str s, struct str part, size_t from);
bool str_has(struct str s, struct str part);
uint64_t str_hash(struct str s);

/* Offset of the first byte that is not valid UTF-8; s.n if all is. */
size_t str_bad_utf8(struct str s);
/* Characters (code points) in valid UTF-8. */
size_t str_count_chars(struct str s);

/* Edits that turn a into b, counting a swap of neighbours as one; never more
 * than limit + 1. For "did you mean". */
size_t str_distance(struct str a, struct str b, size_t limit);

#endif
