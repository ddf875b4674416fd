/*
 * The observer is called by one thread, the run's own. Lines of finished steps
 * scroll away; below them stands a block of lines about what runs, which is
 * erased before anything else is printed and drawn anew after it.
 */
#include "cli/progress.h"

#include <signal.h>

#include "cli/project.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "runtime/run.h"

enum { RUNNING_LINES_MAX = 10 };

static void erase(struct progress *p, struct buf *b)
{
	if (p->drawn)
		buf_printf(b, "\033[%zuA\033[J", p->drawn);
	p->drawn = 0;
}

static void draw(struct progress *p, const struct run *run, struct buf *b)
{
	size_t width = term_width(p->report.term) - 1;
	int64_t now = clock_ms(&run->clock);
	size_t length;

	if (!p->report.term->live || run->ndone == run->nsteps)
		return;
	for (uint32_t i = 0; i < run->nsteps; i++) {
		if (run->steps[i].status != STATUS_RUNNING)
			continue;
		if (p->drawn == RUNNING_LINES_MAX)
			break;
		length = b->n;
		report_running(&p->report, run, i, now, width, b);
		p->drawn += b->n > length;
	}
	report_rest(&p->report, run, width, b);
	p->drawn++;
}

static void put_head(const struct progress *p, const struct run *run,
		     struct buf *b)
{
	buf_adds(b, "Compiled ");
	text_put_plural(b, project_count(p->project), "action");
	buf_printf(b, " in %.0f ms.   Target ", p->project->compile_ms);
	report_target(run->graph->profile, p->report.arena, b);
	if (!p->dry_run) {
		buf_adds(b, "   Run ");
		text_put(b, run->id);
	}
	buf_adds(b, "\n");
	if (!p->dry_run)
		buf_adds(b, "\n");
}

static void planned(void *ctx, const struct run *run)
{
	struct progress *p = ctx;
	struct buf b = {0};

	report_init(&p->report, run);
	if (p->quiet)
		return;
	put_head(p, run, &b);
	term_write(p->report.term, &b);
	buf_free(&b);
}

static void changed(void *ctx, const struct run *run, uint32_t step)
{
	struct progress *p = ctx;
	struct buf b = {0};

	if (p->quiet || p->dry_run)
		return;
	erase(p, &b);
	if (run->steps[step].status >= STATUS_OK)
		report_step(&p->report, run, step, &b);
	draw(p, run, &b);
	term_write(p->report.term, &b);
	buf_free(&b);
}

static void tick(void *ctx, const struct run *run)
{
	struct progress *p = ctx;
	struct buf b = {0};

	if (p->quiet || p->dry_run)
		return;
	erase(p, &b);
	if (*signals_caught() && !p->said_stop) {
		p->said_stop = true;
		term_write(p->report.term, &b);
		fputs(*signals_caught() == SIGALRM
			      ? "the time is up: stopping\n"
			      : "stopping; a second signal leaves at once\n",
		      p->err->f);
	}
	draw(p, run, &b);
	term_write(p->report.term, &b);
	buf_free(&b);
}

static void waits(void *ctx, const struct run *run, const struct error *held)
{
	struct progress *p = ctx;

	(void)run;
	if (!p->quiet)
		fprintf(p->err->f, "waiting: %s\n", held->text);
}

static void retrying(void *ctx, const struct run *run, const struct retry *t)
{
	struct progress *p = ctx;
	struct buf b = {0};

	if (p->quiet || p->dry_run)
		return;
	erase(p, &b);
	report_retry(&p->report, run, t, &b);
	draw(p, run, &b);
	term_write(p->report.term, &b);
	buf_free(&b);
}

struct run_observer progress_observer(struct progress *p)
{
	return (struct run_observer){
		.ctx = p,
		.planned = planned,
		.changed = changed,
		.retrying = retrying,
		.tick = tick,
		.waits = waits,
	};
}
