/* A dry run: each step, what would be done to it and why, and what the
 * warehouse says of its SQL. */
#include "base/arena.h"
#include "cli/report.h"
#include "cli/term.h"
#include "cli/text.h"
#include "compiler/graph.h"
#include "runtime/run.h"

enum { DEED_WIDTH_MIN = 7, TYPE_WIDTH = 11 };

/* Of the columns that depend on what there is. */
struct widths {
	size_t deed, why;
};

static void put_padded(struct buf *b, struct str s, size_t width)
{
	size_t used = text_put(b, s);

	text_pad(b, used < width ? width - used : 1);
}

static void put_check(const struct report *r, const struct step *s,
		      struct buf *b)
{
	static const struct {
		const char *word;
		enum paint paint;
	} looks[] = {
		[CHECK_NOT_ASKED] = {"", PAINT_OFF},
		[CHECK_OK] = {"checked", PAINT_OK},
		[CHECK_PARTLY] = {"partly checked", PAINT_OK},
		[CHECK_REFUSED] = {"refused", PAINT_ERROR},
		[CHECK_UNKNOWN] = {"unknown", PAINT_FAINT},
	};

	buf_printf(b, "%s%s%s", term_paint(r->term, looks[s->check].paint),
		   looks[s->check].word, term_paint(r->term, PAINT_OFF));
	if (s->check_text.n) {
		buf_adds(b, ": ");
		text_put_lines(b, s->check_text, "      ");
	}
}

static void put_sql(struct str sql, struct buf *b)
{
	sql = str_trim(sql);
	if (!sql.n)
		return;
	buf_adds(b, "\n      ");
	text_put_lines(b, sql, "      ");
	buf_adds(b, "\n\n");
}

static void put_step(const struct report *r, const struct run *run,
		     uint32_t step, const struct widths *widths, struct buf *b)
{
	const struct step *s = &run->steps[step];
	const struct action *a = &run->graph->actions[s->action];

	buf_adds(b, "  ");
	put_padded(b, str_of(deed_name(s->deed)), widths->deed + 2);
	put_padded(b, str_of(report_type(run, step)), TYPE_WIDTH);
	put_padded(b, target_short(r->arena, &a->target), r->name_width);
	put_padded(b, s->why, widths->why + 2);
	put_check(r, s, b);
	while (b->p[b->n - 1] == ' ')
		b->n--;
	buf_addc(b, '\n');
	if (r->verbose)
		put_sql(s->sql, b);
}

static struct widths widths_of(const struct run *run)
{
	struct widths widest = {.deed = DEED_WIDTH_MIN};

	for (uint32_t i = 0; i < run->nsteps; i++) {
		size_t deed = strlen(deed_name(run->steps[i].deed));
		size_t why = text_width(run->steps[i].why);

		widest.deed = deed > widest.deed ? deed : widest.deed;
		widest.why = why > widest.why ? why : widest.why;
	}
	return widest;
}

void report_plan(const struct report *r, const struct run *run, struct buf *b)
{
	struct widths widths = widths_of(run);
	size_t refused = 0;

	buf_addc(b, '\n');
	for (uint32_t i = 0; i < run->nsteps; i++) {
		put_step(r, run, i, &widths, b);
		refused += run->steps[i].check == CHECK_REFUSED;
	}
	if (!str_ends(buf_str(b), STR("\n\n")))
		buf_addc(b, '\n');
	report_failures(r, run, b);
	report_notes(r, run, b);
	text_put_plural(b, run->nsteps, "step");
	if (refused)
		buf_printf(b, ", %s%zu refused%s",
			   term_paint(r->term, PAINT_ERROR), refused,
			   term_paint(r->term, PAINT_OFF));
	buf_adds(b, ". Nothing was run.\n");
}
