/* Rows of a warehouse as JSON. */
#ifndef CLI_ROWS_JSON_H
#define CLI_ROWS_JSON_H

#include "base/str.h"

struct buf;
struct rows;

/* An array of objects, one a line. types: of the columns, as the warehouse
 * writes them. */
void rows_json_put(const struct rows *rows, const struct strs *types,
		   struct buf *b);

#endif
