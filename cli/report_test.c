/*
 * A failed test shows where its rows differ, a line a value. Where there are
 * more or fewer rows, or other columns, it shows the first rows of both.
 */
#include "cli/report_test.h"

#include "base/arena.h"
#include "cli/report.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/text.h"
#include "compiler/diag.h"
#include "compiler/graph.h"
#include "runtime/unit_test.h"

enum {
	INDENT = 5,
	WIDTH = 120,
};

void test_report_init(struct test_report *r)
{
	const struct graph *g = r->graph;

	r->name_width = 0;
	for (uint32_t i = 0; i < g->nactions; i++) {
		size_t width = g->actions[i].type == ACTION_TEST
				       ? text_width(g->actions[i].test_name)
				       : 0;

		r->name_width = width > r->name_width ? width : r->name_width;
	}
}

void test_report_line(const struct test_report *r, const struct unit_test *t,
		      struct buf *b)
{
	enum paint paint = t->passed ? PAINT_OK : PAINT_ERROR;
	bool stopped = unit_test_is_stopped(t);
	size_t used;

	if (stopped && !t->statement.p)
		return;
	buf_printf(b, "  %s%-7s%s", term_paint(r->term, paint),
		   stopped     ? "stop"
		   : t->passed ? "ok"
			       : "FAIL",
		   term_paint(r->term, PAINT_OFF));
	used = text_put(b, t->action->test_name);
	text_pad(b, r->name_width - used);
	buf_printf(b, "   %8.2f s\n", t->seconds);
}

static void put_more(size_t n, struct buf *b)
{
	if (n == 0)
		return;
	buf_adds(b, "     ... and ");
	text_put_count(b, (int64_t)n);
	buf_adds(b, " more\n");
}

/* The first of nrows. */
static void put_rows(const struct test_report *r, const char *heading,
		     const struct rows *rows, uint32_t nrows, struct buf *b)
{
	uint32_t shown =
		rows->nrows < TEST_ROWS_SHOWN ? rows->nrows : TEST_ROWS_SHOWN;

	buf_printf(b, "     %s\n", heading);
	if (nrows == 0) {
		buf_adds(b, "     no rows\n");
		return;
	}
	table_put(rows, shown, INDENT, WIDTH, r->term, r->arena, b);
	put_more(nrows - shown, b);
}

/* Whether the bare text would look like another: like a NULL, like nothing, or
 * like the text without the blanks around it. */
static bool needs_quotes(struct str value)
{
	return value.p && (str_is(value, "NULL") || value.n == 0 ||
			   str_trim(value).n != value.n);
}

/* "12 (string)" where kinds differ. */
static struct str value_text(struct arena *arena, struct str value,
			     const char *kind, bool quoted)
{
	if (quoted && value.p)
		value = arena_printf(arena, "\"%.*s\"", STR_ARG(value));
	if (!kind)
		return value;
	return arena_printf(arena, "%.*s (%s)", STR_ARG(value), kind);
}

static void put_differences(const struct test_report *r,
			    const struct comparison *c, struct buf *b)
{
	static const char *const heads[] = {"row", "column", "expected", "got"};
	enum { NCOLUMNS = sizeof(heads) / sizeof(heads[0]) };
	size_t n =
		c->n < TEST_DIFFERENCES_SHOWN ? c->n : TEST_DIFFERENCES_SHOWN;
	struct str columns[NCOLUMNS];
	struct rows rows = {
		.columns = columns,
		.ncolumns = NCOLUMNS,
		.values = ARENA_NEW(r->arena, struct str, n * NCOLUMNS),
		.nrows = (uint32_t)n,
	};

	for (size_t i = 0; i < NCOLUMNS; i++)
		columns[i] = str_of(heads[i]);
	for (size_t i = 0; i < n; i++) {
		const struct row_difference *d = &c->v[i];
		struct str *row = rows.values + i * NCOLUMNS;
		bool quoted =
			needs_quotes(d->expected) || needs_quotes(d->actual);

		row[0] = arena_printf(r->arena, "%u", d->row + 1);
		row[1] = d->column;
		row[2] = value_text(r->arena, d->expected, d->expected_kind,
				    quoted);
		row[3] =
			value_text(r->arena, d->actual, d->actual_kind, quoted);
	}
	table_put(&rows, rows.nrows, INDENT, WIDTH, r->term, r->arena, b);
	put_more(c->ndifferences - n, b);
	if (c->is_cut)
		buf_adds(b, "     behind a NULL or another type, a row's "
			    "further columns are not compared\n");
}

/* Inputs stand in the tested query's SQL, but in the test's file. */
static const char *failed_part(const struct graph *g, const struct unit_test *t)
{
	uint32_t line, column, tested = t->action->tested;
	struct str file;

	if (t->is_expected)
		return "the expected rows";
	if (unit_test_origin(g, t, &file, &line, &column) &&
	    str_eq(file, t->action->file) && tested != ACTION_NONE &&
	    !str_eq(file, g->actions[tested].file))
		return "an input";
	return "the tested query";
}

/* What is wrong, in a line. */
static void put_verdict(const struct graph *g, const struct unit_test *t,
			struct buf *b)
{
	const struct comparison *c = &t->comparison;

	if (t->error.kind != ERROR_NONE) {
		buf_printf(b, "%s: ", failed_part(g, t));
		text_put_lines(b, str_of(t->error.text), "     ");
		return;
	}
	switch (c->verdict) {
	case ROWS_SAME:
		break;
	case ROWS_OTHER_COUNT:
		text_put_plural(b, c->nexpected, "row");
		buf_adds(b, " expected, ");
		text_put_count(b, c->nactual);
		buf_adds(b, " came");
		break;
	case ROWS_OTHER_COLUMNS:
		buf_adds(b, "other columns than expected");
		break;
	case ROWS_OTHER_VALUES:
		text_put_count(b, c->nrows);
		buf_adds(b, " of ");
		text_put_plural(b, c->nactual, "row");
		buf_adds(b, c->nactual == 1 ? " differs" : " differ");
		break;
	}
}

static void put_error(const struct test_report *r, const struct unit_test *t,
		      uint32_t line, struct buf *b)
{
	report_excerpt(r->term, t->statement, &t->error, line, b);
	if (t->error.hint[0]) {
		buf_printf(b,
			   "     = %shelp%s: ", term_paint(r->term, PAINT_HELP),
			   term_paint(r->term, PAINT_OFF));
		text_put_lines(b, str_of(t->error.hint), "             ");
		buf_addc(b, '\n');
	}
	if (r->verbose && t->statement.p) {
		buf_adds(b, "     ");
		text_put_lines(b, t->statement, "     ");
		buf_addc(b, '\n');
	}
}

static void put_failure(const struct test_report *r, const struct unit_test *t,
			struct buf *b)
{
	struct str file = t->action->file;
	uint32_t line = 0, column;

	buf_printf(b, "  %s", term_paint(r->term, PAINT_STRONG));
	text_put(b, t->action->test_name);
	buf_printf(b, "%s: ", term_paint(r->term, PAINT_OFF));
	put_verdict(r->graph, t, b);
	buf_addc(b, '\n');
	if (t->error.kind != ERROR_NONE) {
		if (!unit_test_origin(r->graph, t, &file, &line, &column)) {
			file = t->action->file;
			line = 0;
		}
		put_error(r, t, line, b);
	} else if (t->comparison.verdict == ROWS_OTHER_VALUES) {
		put_differences(r, &t->comparison, b);
	} else {
		put_rows(r, "expected:", &t->expected, t->comparison.nexpected,
			 b);
		put_rows(r, "came:", &t->actual, t->comparison.nactual, b);
	}
	buf_adds(b, "  ");
	text_put(b, t->action->file);
	if (line && !str_eq(file, t->action->file)) {
		buf_adds(b, ", ");
		text_put(b, file);
	}
	if (line)
		buf_printf(b, ":%u", (unsigned)line);
	buf_adds(b, "\n\n");
}

static bool has_failed(const struct unit_test *t)
{
	return !t->passed && !unit_test_is_stopped(t);
}

void test_report_failures(const struct test_report *r,
			  const struct unit_tests *all, struct buf *b)
{
	for (size_t i = 0; i < all->n; i++)
		if (has_failed(&all->v[i]))
			put_failure(r, &all->v[i], b);
}

void test_report_diags(const struct graph *g, const struct unit_tests *all,
		       struct diags *out)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct unit_test *t = &all->v[i];
		const struct action *a = t->action;
		struct buf text = {0};
		struct diag *d;

		if (!has_failed(t))
			continue;
		put_verdict(g, t, &text);
		d = diag_add(out, DIAG_TEST_FAILED,
			     (struct span){a->place.src, a->place.offset,
					   a->place.offset},
			     "%.*s: %.*s", STR_ARG(a->test_name),
			     STR_ARG(buf_str(&text)));
		d->file = a->file;
		d->action = &a->target;
		buf_free(&text);
	}
}

void test_report_summary(const struct test_report *r,
			 const struct unit_tests *all, double seconds,
			 struct buf *b)
{
	text_put_count(b, (int64_t)(all->n - all->nfailed - all->nstopped));
	buf_adds(b, " passed");
	if (all->nfailed) {
		buf_printf(b, ", %s", term_paint(r->term, PAINT_ERROR));
		text_put_count(b, (int64_t)all->nfailed);
		buf_printf(b, " failed%s", term_paint(r->term, PAINT_OFF));
	}
	if (all->nstopped) {
		buf_adds(b, ", ");
		text_put_count(b, (int64_t)all->nstopped);
		buf_adds(b, " stopped");
	}
	buf_printf(b, " in %.1f s.\n", seconds);
}
