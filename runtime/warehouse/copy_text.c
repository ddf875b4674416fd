/*
 * COPY's text format: a line a row, tabs between values, \N for NULL, and a
 * backslash before what would be read otherwise.
 */
#include "runtime/warehouse/copy_text.h"

#include "base/buf.h"

static void put_escaped(struct buf *b, struct str s)
{
	char *start = buf_room(b, s.n * 2 + 1), *p = start;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		switch (c) {
		case '\\':
			break;
		case '\n':
			c = 'n';
			break;
		case '\r':
			c = 'r';
			break;
		case '\t':
			c = 't';
			break;
		default:
			*p++ = c;
			continue;
		}
		*p++ = '\\';
		*p++ = c;
	}
	b->n += (size_t)(p - start);
}

static void put_int(struct buf *b, int64_t value)
{
	char digits[20], *end = digits + sizeof(digits), *p = end;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(end - p));
}

/* "\x" and two digits a byte, its backslash doubled for COPY. */
static void put_bytes(struct buf *b, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *p = buf_room(b, bytes.n * 2 + 3);

	memcpy(p, "\\\\x", 3);
	p += 3;
	for (size_t i = 0; i < bytes.n; i++) {
		*p++ = digits[(unsigned char)bytes.p[i] >> 4];
		*p++ = digits[(unsigned char)bytes.p[i] & 15];
	}
	b->n += bytes.n * 2 + 3;
}

static void put_time(struct buf *b, enum cell_type type, int64_t value)
{
	b->n += moment_print(cell_moment(type), value, buf_room(b, MOMENT_MAX));
}

static void put_cell(struct buf *b, enum cell_type type,
		     const struct cell *cell)
{
	if (cell->null) {
		buf_add(b, "\\N", 2);
		return;
	}
	switch (type) {
	case CELL_INT64:
		put_int(b, cell->i);
		break;
	case CELL_BOOL:
		buf_addc(b, cell->i ? 't' : 'f');
		break;
	case CELL_FLOAT64:
	case CELL_NUMERIC:
		buf_add_str(b, cell->s);
		break;
	case CELL_STRING:
	case CELL_JSON:
		put_escaped(b, cell->s);
		break;
	case CELL_BYTES:
		put_bytes(b, cell->s);
		break;
	case CELL_TIMESTAMP:
	case CELL_DATE:
	case CELL_DATETIME:
	case CELL_TIME:
		put_time(b, type, cell->i);
		break;
	}
}

void copy_text_put_row(struct buf *b, const struct cell_source *from,
		       const struct cell *row)
{
	for (uint32_t c = 0; c < from->ncolumns; c++) {
		if (c)
			buf_addc(b, '\t');
		put_cell(b, from->columns[c].type, &row[c]);
	}
	buf_addc(b, '\n');
}
