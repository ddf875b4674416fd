/*
 * The columns of a run: status, type, name, detail, time. Names decide the
 * width of their column, once, so that lines which are printed one by one
 * stand below each other.
 */
#include "cli/report.h"

#include "base/arena.h"
#include "cli/term.h"
#include "cli/text.h"
#include "compiler/graph.h"
#include "runtime/run.h"

enum {
	STATUS_WIDTH = 7,
	TYPE_WIDTH = 11,
	NAME_WIDTH_MIN = 29,
	NAME_WIDTH_MAX = 60,
	COUNT_WIDTH = 12,
	DETAIL_WIDTH = 25,
	TIME_WIDTH = 8,
	ERROR_WIDTH = 60, /* of an error's first line behind its step */
};

static const struct action *action_of(const struct run *run, uint32_t step)
{
	return &run->graph->actions[run->steps[step].action];
}

static struct str name_of(const struct report *r, const struct run *run,
			  uint32_t step)
{
	return target_short(r->arena, &action_of(run, step)->target);
}

const char *report_type(const struct run *run, uint32_t step)
{
	if (run->steps[step].kind == STEP_LOAD)
		return "load";
	if (action_of(run, step)->type == ACTION_INCREMENTAL)
		return "increment";
	return action_type_name(action_of(run, step)->type);
}

void report_init(struct report *r, const struct run *run)
{
	r->name_width = NAME_WIDTH_MIN;
	for (uint32_t i = 0; i < run->nsteps; i++) {
		size_t width = text_width(name_of(r, run, i)) + 2;

		if (width > r->name_width && width <= NAME_WIDTH_MAX)
			r->name_width = width;
	}
}

void report_target(const struct profile *p, struct arena *arena, struct buf *b)
{
	if (p->name.p && !str_is(p->name, p->dialect->name)) {
		text_put(b, p->name);
		buf_adds(b, ": ");
	}
	buf_adds(b, p->dialect->name);
	if (p->path.p) {
		buf_addc(b, ' ');
		text_put(b, secrets_hide(&p->secrets, arena, p->path));
	}
}

/* Fills up to width columns of which used are taken; a blank at least. */
static void fill(struct buf *b, size_t used, size_t width)
{
	text_pad(b, used < width ? width - used : 1);
}

static void put_time(struct buf *b, int64_t ms)
{
	char text[32];

	if (ms < 10000)
		snprintf(text, sizeof(text), "%.2f s", (double)ms / 1e3);
	else if (ms < 60000)
		snprintf(text, sizeof(text), "%.1f s", (double)ms / 1e3);
	else
		snprintf(text, sizeof(text), "%dm%02ds", (int)(ms / 60000),
			 (int)(ms / 1000 % 60));
	buf_printf(b, "%*s", TIME_WIDTH, text);
}

static void put_status(const struct report *r, struct buf *b, const char *word,
		       enum paint paint)
{
	buf_printf(b, "  %s%s%s", term_paint(r->term, paint), word,
		   term_paint(r->term, PAINT_OFF));
	fill(b, strlen(word), STATUS_WIDTH);
}

static void put_type_and_name(const struct report *r, const struct run *run,
			      uint32_t step, struct buf *b)
{
	const char *type = report_type(run, step);

	buf_adds(b, type);
	fill(b, strlen(type), TYPE_WIDTH);
	fill(b, text_put(b, name_of(r, run, step)), r->name_width);
}

static size_t put_rows(struct buf *b, const struct step *s)
{
	struct buf count = {0};
	size_t start = b->n;

	if (s->rows < 0)
		return 0;
	if (s->deed == DEED_INSERT)
		buf_addc(&count, '+');
	text_put_count(&count, s->rows);
	buf_adds(&count, s->rows == 1 ? " row" : " rows");
	text_pad(b, count.n < COUNT_WIDTH ? COUNT_WIDTH - count.n : 0);
	buf_add_str(b, buf_str(&count));
	buf_free(&count);
	if (s->deed == DEED_MERGE)
		buf_adds(b, " merged");
	if (s->deed == DEED_DELETE_INSERT || s->deed == DEED_OVERWRITE)
		buf_adds(b, " written");
	return b->n - start;
}

static size_t put_load_detail(struct buf *b, const struct step *s)
{
	size_t start = b->n;

	if (!s->files && s->files_skipped) {
		buf_adds(b, " no new files");
	} else {
		put_rows(b, s);
		buf_adds(b, "   ");
		text_put_plural(b, s->files, "file");
	}
	return b->n - start;
}

static struct str first_line(struct str s)
{
	return str_sub(s, 0, str_find(s, '\n', 0));
}

/* An assertion that ran to its end, and found rows. */
static bool is_broken_assertion(const struct run *run, uint32_t step)
{
	const struct step *s = &run->steps[step];

	return s->kind == STEP_ACTION && s->rows > 0 &&
	       action_of(run, step)->type == ACTION_ASSERTION;
}

static size_t put_broken(struct buf *b, int64_t rows)
{
	size_t start = b->n;

	text_put_count(b, rows);
	buf_adds(b, rows == 1 ? " row breaks it" : " rows break it");
	return b->n - start;
}

static size_t put_done_detail(const struct run *run, uint32_t step,
			      struct buf *b)
{
	const struct step *s = &run->steps[step];
	size_t start = b->n;

	if (s->kind == STEP_LOAD)
		return put_load_detail(b, s);
	if (s->warned)
		return put_broken(b, s->rows);
	if (action_of(run, step)->type != ACTION_ASSERTION)
		put_rows(b, s);
	if (s->deed == DEED_FILL || s->intervals) {
		buf_adds(b, s->rows < 0 ? "" : "   ");
		text_put_plural(b, s->intervals, "interval");
	}
	return b->n - start;
}

static size_t put_failed_detail(const struct run *run, uint32_t step,
				struct buf *b)
{
	const struct step *s = &run->steps[step];

	if (!is_broken_assertion(run, step))
		return text_put_cut(b, first_line(str_of(s->error.text)),
				    ERROR_WIDTH);
	return put_broken(b, s->rows);
}

static size_t put_skipped_detail(const struct report *r, const struct run *run,
				 uint32_t step, struct buf *b)
{
	uint32_t cause = run->steps[step].cause;

	if (cause == UINT32_MAX)
		return 0;
	buf_adds(b, "needs ");
	return 6 + text_put(b, name_of(r, run, cause));
}

static void put_took(const struct step *s, size_t used, struct buf *b)
{
	if (!s->started_ms || !s->ended_ms)
		return;
	fill(b, used, DETAIL_WIDTH);
	put_time(b, s->ended_ms - s->started_ms);
}

static void end_line(struct buf *b)
{
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
	buf_addc(b, '\n');
}

static const struct {
	const char *word;
	enum paint paint;
} looks[] = {
	[STATUS_WAITING] = {"wait", PAINT_FAINT},
	[STATUS_RUNNING] = {"run", PAINT_FAINT},
	[STATUS_OK] = {"ok", PAINT_OK},
	[STATUS_FAILED] = {"FAIL", PAINT_ERROR},
	[STATUS_SKIPPED] = {"skip", PAINT_SKIP},
	[STATUS_DISABLED] = {"off", PAINT_FAINT},
	[STATUS_CANCELLED] = {"stop", PAINT_SKIP},
	[STATUS_REUSED] = {"reused", PAINT_FAINT},
};

void report_step(const struct report *r, const struct run *run, uint32_t step,
		 struct buf *b)
{
	const struct step *s = &run->steps[step];
	size_t used = 0;

	if (step_has_warned(s))
		put_status(r, b, "warn", PAINT_WARNING);
	else
		put_status(r, b, looks[s->status].word, looks[s->status].paint);
	put_type_and_name(r, run, step, b);
	switch (s->status) {
	case STATUS_OK:
		used = put_done_detail(run, step, b);
		break;
	case STATUS_FAILED:
		used = put_failed_detail(run, step, b);
		break;
	case STATUS_SKIPPED:
		used = put_skipped_detail(r, run, step, b);
		break;
	case STATUS_DISABLED:
		buf_adds(b, "disabled");
		break;
	case STATUS_CANCELLED:
		used = 9;
		buf_adds(b, "cancelled");
		break;
	case STATUS_REUSED:
		buf_adds(b, "by the run before");
		break;
	case STATUS_WAITING:
	case STATUS_RUNNING:
		break;
	}
	if (s->status != STATUS_SKIPPED && s->status != STATUS_DISABLED)
		put_took(s, used, b);
	end_line(b);
}

void report_retry(const struct report *r, const struct run *run,
		  const struct retry *t, struct buf *b)
{
	put_status(r, b, "again", PAINT_WARNING);
	put_type_and_name(r, run, t->step, b);
	buf_printf(b, "in %.1f s: ", (double)t->wait_ms / 1e3);
	text_put_cut(b, first_line(str_of(t->error->text)), ERROR_WIDTH);
	end_line(b);
}

/* Cut so that the time is seen on any terminal: a line that wraps could not
 * be drawn again in place. */
void report_running(const struct report *r, const struct run *run,
		    uint32_t step, int64_t now_ms, size_t width, struct buf *b)
{
	const char *type = report_type(run, step);
	size_t before = 2 + STATUS_WIDTH + TYPE_WIDTH;
	size_t middle = r->name_width + DETAIL_WIDTH;
	size_t used;

	if (width < before + 2 * TIME_WIDTH)
		return;
	if (before + middle + TIME_WIDTH > width)
		middle = width - before - TIME_WIDTH;
	buf_printf(b, "  %srun", term_paint(r->term, PAINT_FAINT));
	fill(b, 3, STATUS_WIDTH);
	buf_adds(b, type);
	fill(b, strlen(type), TYPE_WIDTH);
	used = text_put_cut(b, name_of(r, run, step), middle - 1);
	text_pad(b, middle - used);
	put_time(b, now_ms - run->steps[step].started_ms);
	buf_printf(b, "%s\n", term_paint(r->term, PAINT_OFF));
}

void report_rest(const struct report *r, const struct run *run, size_t width,
		 struct buf *b)
{
	uint32_t to_go = run->nsteps - run->ndone - run->nrunning;
	size_t before = STATUS_WIDTH + TYPE_WIDTH + r->name_width - 3;

	if (before + 30 > width)
		before = 1;
	buf_adds(b, "  ...");
	text_pad(b, before);
	buf_printf(b, "%u running, %u to go\n", (unsigned)run->nrunning,
		   (unsigned)to_go);
}

static void put_note(const struct report *r, struct str subject,
		     struct str note, struct buf *b)
{
	buf_printf(b, "  %snote%s: ", term_paint(r->term, PAINT_HELP),
		   term_paint(r->term, PAINT_OFF));
	if (subject.p) {
		text_put(b, subject);
		buf_adds(b, ": ");
	}
	text_put_lines(b, note, "        ");
	buf_addc(b, '\n');
}

void report_notes(const struct report *r, const struct run *run, struct buf *b)
{
	size_t before = b->n;

	for (size_t i = 0; i < run->notes.n; i++)
		put_note(r, (struct str){0}, run->notes.v[i], b);
	for (uint32_t i = 0; i < run->nsteps; i++)
		for (size_t k = 0; k < run->steps[i].notes.n; k++)
			put_note(r, name_of(r, run, i),
				 run->steps[i].notes.v[k], b);
	if (b->n > before)
		buf_addc(b, '\n');
}

/* From where the user is, weir finds a project only at or above. */
static void put_folder(const struct run *run, struct buf *b)
{
	const char *root = run->graph->root;

	if (strcmp(root, ".") == 0 || strncmp(root, "..", 2) == 0)
		return;
	buf_addc(b, ' ');
	text_put(b, str_of(root));
}

static bool has_doubt(const struct run *run)
{
	for (uint32_t i = 0; i < run->nsteps; i++)
		if (run->steps[i].in_doubt)
			return true;
	return false;
}

static void put_advice(const struct run *run, struct buf *b)
{
	size_t n = run->id.n;

	buf_adds(b, "   Details: weir runs show ");
	text_put(b, str_sub(run->id, n > 4 ? n - 4 : 0, n));
	put_folder(run, b);
	if (run->status == RUN_OK || has_doubt(run))
		return;
	buf_adds(b, "   Again from here: weir run --resume");
	put_folder(run, b);
}

void report_summary(const struct report *r, const struct run *run,
		    struct buf *b)
{
	uint32_t stopped = 0, off = 0, warned = 0;
	double seconds = (double)(run->ended_ms - run->started_ms) / 1e3;

	for (uint32_t i = 0; i < run->nsteps; i++) {
		stopped += run->steps[i].status == STATUS_CANCELLED;
		off += run->steps[i].status == STATUS_DISABLED;
		warned += step_has_warned(&run->steps[i]);
	}
	buf_printf(b, "%s%u ok",
		   term_paint(r->term, run->nfailed ? PAINT_ERROR : PAINT_OK),
		   (unsigned)(run->nok - warned));
	if (warned)
		buf_printf(b, ", %u with a warning", (unsigned)warned);
	if (run->nfailed)
		buf_printf(b, ", %u failed", (unsigned)run->nfailed);
	if (run->nreused)
		buf_printf(b, ", %u reused", (unsigned)run->nreused);
	if (run->nskipped)
		buf_printf(b, ", %u skipped", (unsigned)run->nskipped);
	if (stopped)
		buf_printf(b, ", %u cancelled", (unsigned)stopped);
	if (off)
		buf_printf(b, ", %u disabled", (unsigned)off);
	buf_printf(b, "%s in %.1f s.", term_paint(r->term, PAINT_OFF), seconds);
	if (run->results_path)
		put_advice(run, b);
	buf_addc(b, '\n');
}
