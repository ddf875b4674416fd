/* Text of a project or a warehouse, made fit for a terminal. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* The character at *i, which is moved behind it; a byte that is not UTF-8 is
 * given as 0xDC00 + byte. */
uint32_t text_next(struct str s, size_t *i);

/* Adds a character: control and direction marks as \x1b or \u202e, tabs and
 * line ends too. Returns the columns it takes. */
size_t text_put_char(struct buf *b, uint32_t c);
/* The same for all of s. */
size_t text_put(struct buf *b, struct str s);
/* Several lines, each but the first behind indent. */
void text_put_lines(struct buf *b, struct str s, const char *indent);
/* At most width columns; what is longer ends in "...". Returns the columns. */
size_t text_put_cut(struct buf *b, struct str s, size_t width);
/* The columns that text_put() would take. */
size_t text_width(struct str s);
void text_pad(struct buf *b, size_t columns);

/* "24,981" */
void text_put_count(struct buf *b, int64_t n);
/* "1 error", "2 errors" */
void text_put_plural(struct buf *b, size_t n, const char *one);
/* Words of s in lines of at most 80 columns, each behind indent blanks but
 * the first, which starts at column. */
void text_wrap(struct buf *b, struct str s, size_t column, size_t indent);

#endif
