/* What steps that failed or warn have to say: sample rows of assertions as a
 * small table, the errors of others with the statement's line. */
#include <inttypes.h>

#include "base/arena.h"
#include "cli/render.h"
#include "cli/report.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/text.h"
#include "compiler/diag.h"
#include "compiler/graph.h"
#include "compiler/project/source.h"
#include "runtime/run.h"

enum { SAMPLE_ROWS = 5, TABLE_WIDTH = 120, TABLE_INDENT = 5 };

void report_excerpt(const struct term *t, struct str statement,
		    const struct error *err, uint32_t line, struct buf *b)
{
	struct source src = {.text = statement};
	struct position at;
	size_t offset = 0;

	if (err->position <= 0 || !statement.p)
		return;
	for (int i = 1; i < err->position && offset < src.text.n; i++)
		text_next(src.text, &offset);
	at = source_position(&src, (uint32_t)offset);
	if (line)
		at.line = line;
	else
		buf_adds(b, "     in the SQL as it was sent:\n");
	render_excerpt(span_of(&src, (uint32_t)offset, (uint32_t)offset), at, t,
		       PAINT_ERROR, b);
}

/* Of a window, several intervals may be one statement. */
static void put_interval(const struct step *s, struct buf *b)
{
	if (!s->interval.p)
		return;
	buf_adds(b, "     it was to do ");
	text_put(b, s->interval);
	buf_printf(b, "; %u of ", (unsigned)s->intervals_done);
	text_put_plural(b, s->intervals, "interval");
	buf_adds(b, s->intervals_done == 1 ? " is done\n" : " are done\n");
}

static void put_error(const struct report *r, const struct run *run,
		      const struct step *s, struct buf *b)
{
	uint32_t line, column;

	text_put_lines(b, str_of(s->error.text), "     ");
	if (s->error.sqlstate[0])
		buf_printf(b, " (SQLSTATE %s)", s->error.sqlstate);
	buf_addc(b, '\n');
	put_interval(s, b);
	if (!step_origin(run, s, &line, &column))
		line = 0;
	report_excerpt(r->term, s->statement, &s->error, line, b);
	if (s->error.hint[0]) {
		buf_printf(b,
			   "     = %shelp%s: ", term_paint(r->term, PAINT_HELP),
			   term_paint(r->term, PAINT_OFF));
		text_put_lines(b, str_of(s->error.hint), "             ");
		buf_addc(b, '\n');
	}
	if (r->verbose && s->statement.p) {
		buf_adds(b, "     ");
		text_put_lines(b, s->statement, "     ");
		buf_addc(b, '\n');
	}
}

static void put_place(const struct run *run, const struct step *s,
		      struct buf *b)
{
	const struct action *a = &run->graph->actions[s->action];
	uint32_t line, column;

	buf_adds(b, "  ");
	if (s->kind == STEP_LOAD) {
		buf_printf(b, "weir.yaml:%u", (unsigned)s->load->line);
	} else if (a->file.p) {
		text_put(b, a->file);
		if (step_origin(run, s, &line, &column))
			buf_printf(b, ":%u", (unsigned)line);
	}
	buf_adds(b, "\n\n");
}

static void put_sample(const struct report *r, const struct step *s,
		       struct buf *b)
{
	table_put(&s->sample, SAMPLE_ROWS, TABLE_INDENT, TABLE_WIDTH, r->term,
		  r->arena, b);
	if (!s->stored.p)
		return;
	buf_adds(b, "     all of them are in ");
	text_put(b, s->stored);
	buf_addc(b, '\n');
}

/* Of a table that was audited, the sample is an assertion's, which the error
 * names. */
static void put_failure(const struct report *r, const struct run *run,
			const struct step *s, struct buf *b)
{
	const struct action *a = &run->graph->actions[s->action];

	buf_printf(b, "  %s", term_paint(r->term, PAINT_STRONG));
	text_put(b, target_short(r->arena, &a->target));
	buf_printf(b, "%s: ", term_paint(r->term, PAINT_OFF));
	if (!s->sample.nrows || a->type != ACTION_ASSERTION) {
		put_error(r, run, s, b);
	} else {
		text_put_count(b, s->rows);
		buf_printf(b, " row%s, for example\n", s->rows == 1 ? "" : "s");
	}
	if (s->sample.nrows)
		put_sample(r, s, b);
	put_place(run, s, b);
}

static bool has_failed(const struct step *s)
{
	return s->status == STATUS_FAILED || s->check == CHECK_REFUSED;
}

static bool has_something(const struct step *s)
{
	return has_failed(s) || step_has_warned(s);
}

void report_failures(const struct report *r, const struct run *run,
		     struct buf *b)
{
	for (uint32_t i = 0; i < run->nsteps; i++)
		if (has_something(&run->steps[i]))
			put_failure(r, run, &run->steps[i], b);
}

/* The rest of the line from column on, or all of it where that is 0. */
static struct span span_at(const struct source *src, uint32_t line,
			   uint32_t column)
{
	struct position at = {line, column ? column : 1};
	uint32_t start = source_offset(src, at);
	struct str text = source_line(src, start);

	return span_of(src, start, (uint32_t)(text.p + text.n - src->text.p));
}

static struct diag *diag_of(const struct step *s, struct span place,
			    struct str name, struct diags *out)
{
	enum diag_code code = s->error.kind == ERROR_ASSERTION
				      ? DIAG_ASSERTION_BROKEN
				      : DIAG_ACTION_FAILED;

	if (step_has_warned(s))
		return diag_warn(out, DIAG_ASSERTION_BROKEN, place,
				 "%.*s: %" PRId64 " row%s this assertion",
				 STR_ARG(name), s->rows,
				 s->rows == 1 ? " breaks" : "s break");
	return diag_add(out, code, place, "%.*s: %s", STR_ARG(name),
			s->error.text);
}

static void add_diag(const struct run *run, const struct step *s,
		     struct diags *out)
{
	const struct action *a = &run->graph->actions[s->action];
	struct span place = {0};
	uint32_t line, column;
	struct diag *d;

	if (s->kind == STEP_ACTION && a->place.src &&
	    step_origin(run, s, &line, &column))
		place = span_at(a->place.src, line, column);
	d = diag_of(s, place, target_short(out->arena, &a->target), out);
	d->file = s->kind == STEP_LOAD ? STR("weir.yaml") : a->file;
	d->action = &a->target;
	if (s->error.hint[0])
		diag_help(out, d, "%s", s->error.hint);
}

void report_diags(const struct run *run, struct diags *out)
{
	for (uint32_t i = 0; i < run->nsteps; i++)
		if (has_something(&run->steps[i]))
			add_diag(run, &run->steps[i], out);
	diags_sort(out);
}

void report_refusals(const struct run *run, struct diags *out)
{
	for (size_t i = 0; i < run->refusals.n; i++) {
		const struct refusal *r = &run->refusals.v[i];
		const struct action *a = &run->graph->actions[r->action];
		const struct source *src = a->place.src;
		struct span place = {0};
		struct diag *d;

		if (src)
			place = r->line ? span_at(src, r->line, r->column)
					: span_of(src, a->place.offset,
						  a->place.offset);
		d = diag_add(out, DIAG_CANNOT_RUN, place, "%s", r->error.text);
		d->file = a->file;
		d->action = &a->target;
		diag_help(out, d, "%s", r->error.hint);
	}
	diags_sort(out);
}
