/* Columns are as wide as their widest value, up to a limit. */
#include "cli/table.h"

#include "base/arena.h"
#include "cli/term.h"
#include "cli/text.h"
#include "runtime/warehouse/warehouse.h"

enum { CELL_WIDTH = 40, COLUMN_GAP = 3 };

static struct str shown(struct str value)
{
	return value.p ? value : STR("NULL");
}

static size_t cell_width(struct str value)
{
	size_t width = text_width(shown(value));

	return width < CELL_WIDTH ? width : CELL_WIDTH;
}

static size_t column_width(const struct rows *rows, uint32_t column,
			   uint32_t nrows)
{
	size_t width = cell_width(rows->columns[column]);

	for (uint32_t i = 0; i < nrows; i++) {
		size_t w =
			cell_width(rows->values[i * rows->ncolumns + column]);

		if (w > width)
			width = w;
	}
	return width;
}

struct layout {
	size_t indent;
	size_t *widths;
	uint32_t ncolumns; /* that fit */
	bool cut;          /* there are more */
};

static void put_row(const struct layout *l, const struct str *values,
		    struct buf *b)
{
	text_pad(b, l->indent);
	for (uint32_t i = 0; i < l->ncolumns; i++) {
		size_t used = text_put_cut(b, shown(values[i]), CELL_WIDTH);

		text_pad(b, l->widths[i] - used + COLUMN_GAP);
	}
	if (l->cut)
		buf_adds(b, "...");
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
	buf_addc(b, '\n');
}

void table_put(const struct rows *rows, uint32_t nrows, size_t indent,
	       size_t width, const struct term *t, struct arena *arena,
	       struct buf *b)
{
	struct layout l = {
		.indent = indent,
		.widths = ARENA_NEW(arena, size_t, rows->ncolumns + 1),
	};
	size_t total = indent;

	if (nrows > rows->nrows)
		nrows = rows->nrows;
	for (; l.ncolumns < rows->ncolumns; l.ncolumns++) {
		l.widths[l.ncolumns] = column_width(rows, l.ncolumns, nrows);
		total += l.widths[l.ncolumns] + COLUMN_GAP;
		if (l.ncolumns && total > width)
			break;
	}
	l.cut = l.ncolumns < rows->ncolumns;
	buf_adds(b, term_paint(t, PAINT_FAINT));
	put_row(&l, rows->columns, b);
	buf_adds(b, term_paint(t, PAINT_OFF));
	for (uint32_t i = 0; i < nrows; i++)
		put_row(&l, &rows->values[i * rows->ncolumns], b);
}
