/* Rows as PostgreSQL's COPY reads them in its text format. */
#ifndef RUNTIME_WAREHOUSE_COPY_TEXT_H
#define RUNTIME_WAREHOUSE_COPY_TEXT_H

#include "runtime/warehouse/cell.h"

struct buf;

void copy_text_put_row(struct buf *b, const struct cell_source *from,
		       const struct cell *row);

#endif
