/* Rows of a warehouse as columns of text. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdint.h>

#include "base/buf.h"

struct arena;
struct rows;
struct term;

/* The column names and at most nrows rows, behind indent blanks. Long values
 * are cut; columns that do not fit into width are left out. */
void table_put(const struct rows *rows, uint32_t nrows, size_t indent,
	       size_t width, const struct term *t, struct arena *arena,
	       struct buf *b);

#endif
