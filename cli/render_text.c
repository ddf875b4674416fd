/*
 * A diagnostic as people read it: what is wrong, where, the line with a caret
 * below the place, what to do. The line is laid out twice: once to learn in
 * which columns the place is, then to print it, or of a long one the part
 * around the place.
 */
#include "base/buf.h"
#include "cli/render.h"
#include "cli/term.h"
#include "cli/text.h"

enum {
	TAB_WIDTH = 4,
	LONG_LINE = 200,  /* columns; what is longer is cut */
	CUT_WIDTH = 160,  /* what is left of it */
	CUT_BEFORE = 60,  /* columns before the place */
	GUTTER_WIDTH = 2, /* digits of a line number, at least */
	REACH = 4096,     /* bytes of a line that are looked at on each side */
};

struct columns {
	size_t start, end; /* of the place */
	size_t total;
};

static size_t put_code_char(struct buf *b, uint32_t c, size_t column)
{
	size_t n;

	if (c != '\t')
		return text_put_char(b, c);
	n = TAB_WIDTH - column % TAB_WIDTH;
	text_pad(b, n);
	return n;
}

/* Adds what of line lies in the columns from..to; measures all of it. */
static struct columns put_line(struct buf *b, struct str line, size_t start,
			       size_t end, size_t from, size_t to)
{
	struct columns at = {SIZE_MAX, SIZE_MAX, 0};

	for (size_t i = 0; i < line.n;) {
		size_t offset = i, length = b->n, width;
		uint32_t c = text_next(line, &i);

		if (at.start == SIZE_MAX && i > start)
			at.start = at.total;
		if (at.end == SIZE_MAX && offset >= end)
			at.end = at.total;
		width = put_code_char(b, c, at.total);
		if (at.total < from || at.total + width > to)
			b->n = length;
		at.total += width;
	}
	if (at.start == SIZE_MAX)
		at.start = at.total;
	if (at.end == SIZE_MAX || at.end <= at.start)
		at.end = at.end == SIZE_MAX && at.total > at.start
				 ? at.total
				 : at.start + 1;
	return at;
}

static void put_gutter(const struct term *t, struct buf *b, size_t width,
		       const char *number)
{
	buf_printf(b, "%s%*s |%s", term_paint(t, PAINT_HELP), (int)width,
		   number, term_paint(t, PAINT_OFF));
}

/* The start of a line of the excerpt, for the columns that lie before it. */
struct cut {
	size_t from, to;
};

static struct cut choose_cut(struct columns at)
{
	struct cut cut = {0, SIZE_MAX};

	if (at.total <= LONG_LINE)
		return cut;
	if (at.start > CUT_BEFORE)
		cut.from = at.start - CUT_BEFORE;
	cut.to = cut.from + CUT_WIDTH;
	return cut;
}

static void put_caret(const struct term *t, struct buf *b, struct columns at,
		      struct cut cut, enum paint paint)
{
	size_t end = at.end < cut.to ? at.end : cut.to;

	text_pad(b, 1 + at.start - cut.from + (cut.from ? 3 : 0));
	buf_adds(b, term_paint(t, paint));
	for (size_t i = at.start; i < end; i++)
		buf_addc(b, '^');
	buf_printf(b, "%s\n", term_paint(t, PAINT_OFF));
}

static void trim_end(struct buf *b)
{
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
}

static size_t gutter_width(uint32_t line)
{
	size_t n = 1;

	for (; line >= 10; line /= 10)
		n++;
	return n < GUTTER_WIDTH ? GUTTER_WIDTH : n;
}

/* Of the line the part that can come to be shown. */
static struct str near_line(struct span span)
{
	struct str text = span.src->text,
		   line = source_line(span.src, span.start);
	size_t first = (size_t)(line.p - text.p), end = first + line.n;

	if (span.start > first + REACH)
		first = span.start - REACH;
	if (end > first + 3 * REACH)
		end = first + 3 * REACH;
	while (first < end && ((unsigned char)text.p[first] & 0xc0) == 0x80)
		first++;
	return str_sub(text, first, end);
}

void render_excerpt(struct span span, struct position place,
		    const struct term *t, enum paint paint, struct buf *b)
{
	struct str line = near_line(span);
	size_t first = (size_t)(line.p - span.src->text.p);
	size_t start = span.start - first;
	size_t end = span.end > span.start ? span.end - first : start;
	struct columns at = put_line(b, line, start, end, SIZE_MAX, 0);
	struct cut cut = choose_cut(at);
	size_t gutter = gutter_width(place.line);
	char number[16];

	snprintf(number, sizeof(number), "%u", (unsigned)place.line);
	put_gutter(t, b, gutter, "");
	buf_addc(b, '\n');
	put_gutter(t, b, gutter, number);
	buf_adds(b, cut.from ? " ..." : " ");
	put_line(b, line, start, end, cut.from, cut.to);
	if (cut.to < at.total)
		buf_adds(b, "...");
	trim_end(b);
	buf_addc(b, '\n');
	put_gutter(t, b, gutter, "");
	put_caret(t, b, at, cut, paint);
}

static void put_remark(const struct term *t, struct buf *b, size_t gutter,
		       const char *kind, struct str text)
{
	text_pad(b, gutter + 1);
	buf_printf(b, "= %s%s%s: ", term_paint(t, PAINT_HELP), kind,
		   term_paint(t, PAINT_OFF));
	text_put_lines(b, text, "           ");
	buf_addc(b, '\n');
}

/* Returns the width of the gutter, below which remarks stand. */
static size_t put_place(const struct diag *d, const struct term *t,
			enum paint paint, struct buf *b)
{
	struct position at = {0};

	if (!d->file.p)
		return GUTTER_WIDTH;
	if (d->span.src)
		at = source_position(d->span.src, d->span.start);
	text_pad(b, gutter_width(at.line));
	buf_printf(b, "%s-->%s ", term_paint(t, PAINT_HELP),
		   term_paint(t, PAINT_OFF));
	text_put(b, d->file);
	if (d->span.src)
		buf_printf(b, ":%u:%u", (unsigned)at.line, (unsigned)at.column);
	buf_addc(b, '\n');
	if (d->span.src)
		render_excerpt(d->span, at, t, paint, b);
	return gutter_width(at.line);
}

void render_text(const struct diag *d, const struct term *t, struct buf *b)
{
	bool is_error = d->severity == SEVERITY_ERROR;
	enum paint paint = is_error ? PAINT_ERROR : PAINT_WARNING;
	size_t gutter;

	buf_printf(b, "%s%s[%s]%s: ", term_paint(t, paint),
		   is_error ? "error" : "warning", diag_code_name(d->code),
		   term_paint(t, PAINT_OFF));
	text_put_lines(b, d->text, "  ");
	buf_addc(b, '\n');
	gutter = put_place(d, t, paint, b);
	if (d->note.p)
		put_remark(t, b, gutter, "note", d->note);
	if (d->help.p)
		put_remark(t, b, gutter, "help", d->help);
}

/* Sorted by file, so each file is counted where it first appears. */
static size_t count_files(const struct diags *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].file.p &&
		    (i == 0 || !str_eq(d->v[i].file, d->v[i - 1].file)))
			n++;
	return n;
}

void render_summary(const struct diags *d, const struct term *t, struct buf *b)
{
	size_t nfiles = count_files(d);

	buf_adds(b, term_paint(t, PAINT_STRONG));
	if (d->nerrors)
		text_put_plural(b, d->nerrors, "error");
	if (d->nerrors && d->nwarnings)
		buf_adds(b, " and ");
	if (d->nwarnings)
		text_put_plural(b, d->nwarnings, "warning");
	if (nfiles) {
		buf_adds(b, " in ");
		text_put_plural(b, nfiles, "file");
	}
	buf_printf(b, "%s\n", term_paint(t, PAINT_OFF));
}
