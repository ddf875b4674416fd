/*
 * The director keeps the schedule and hands pieces of ready steps to the crew
 * as long as that has a hand free. Only it touches the steps, so whoever
 * observes a run needs no lock. An outcome dies with its job's arena: what is
 * kept of it is copied.
 *
 * The pieces of a step are jobs of their own. The step runs from the first of
 * them to the last; after one has failed no other is begun.
 *
 * To stop, nothing new is handed out and the crew is asked to cancel.
 */
#include "runtime/director.h"

#include <assert.h>

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/journal.h"
#include "runtime/sched.h"
#include "runtime/warehouse.h"

enum { WAIT_MS = 100, TICK_MS = 200 };

/* How far a running step is. */
struct course {
	struct course *next;     /* with pieces that were not begun */
	uint32_t handed, ended;  /* pieces */
	enum step_status status; /* of those that ended */
};

struct director {
	const struct execution *e;
	struct crew *crew;
	struct sched *sched;
	struct course *courses; /* by step */
	struct course *open;    /* in the order in which they started */
	int nbusy;              /* jobs that the crew has */
	bool stopping;          /* nothing is begun any more */
	bool cancelling;        /* what runs is to end */
	int64_t last_tick_ms;
};

static int64_t now_ms(const struct director *d)
{
	return clock_ms(&d->e->run->clock);
}

static void changed(struct director *d, uint32_t step)
{
	const struct execution *e = d->e;

	journal_step(e->journal, e->run, step, now_ms(d));
	if (e->observer)
		e->observer->changed(e->observer->ctx, e->run, step);
}

static void report_ended(struct director *d)
{
	struct run *r = d->e->run;
	uint32_t step;

	while (sched_ended(d->sched, &step)) {
		enum step_status status = r->steps[step].status;

		r->ndone++;
		r->nok += status == STATUS_OK;
		r->nfailed += status == STATUS_FAILED;
		r->nskipped += status == STATUS_SKIPPED;
		changed(d, step);
	}
}

static uint32_t step_at(const struct director *d, const struct course *c)
{
	return (uint32_t)(c - d->courses);
}

static uint32_t pieces_of(const struct step *s)
{
	return s->npieces > 1 ? s->npieces : 1;
}

static void hand_piece(struct director *d, struct course *c)
{
	struct run *r = d->e->run;
	struct job *j = ARENA_NEW(r->arena, struct job, 1);

	j->step = step_at(d, c);
	j->piece = c->handed++;
	j->attempt = 1;
	j->arena = arena_new();
	d->nbusy++;
	d->crew->ops->hand(d->crew, j);
}

/* Hands out a piece of a step that has begun. */
static bool hand_open(struct director *d)
{
	for (struct course **at = &d->open, *c; (c = *at) != NULL;) {
		const struct step *s = &d->e->run->steps[step_at(d, c)];

		if (s->in_turn && c->handed > c->ended) {
			at = &c->next;
			continue;
		}
		if (c->status == STATUS_OK && c->handed < pieces_of(s)) {
			hand_piece(d, c);
			return true;
		}
		*at = c->next;
	}
	return false;
}

static void begin(struct director *d, uint32_t step)
{
	struct run *r = d->e->run;
	struct course **end = &d->open, *c = &d->courses[step];

	while (*end)
		end = &(*end)->next;
	*end = c;
	c->status = STATUS_OK;
	r->steps[step].started_ms = now_ms(d);
	r->nrunning++;
	changed(d, step);
}

static void start_ready(struct director *d)
{
	struct run *r = d->e->run;
	uint32_t step;

	while (d->nbusy < d->crew->size && !d->stopping) {
		if (hand_open(d))
			continue;
		if (!sched_next(d->sched, &step))
			break;
		if (r->steps[step].deed == DEED_NOTHING)
			sched_finish(d->sched, step, STATUS_DISABLED);
		else
			begin(d, step);
		report_ended(d);
	}
}

static void stop_starting(struct director *d)
{
	d->stopping = true;
	sched_stop(d->sched);
	report_ended(d);
}

static struct strs copy_strs(struct arena *a, const struct str *v, size_t n)
{
	struct strs copy = {ARENA_NEW(a, struct str, n), n};

	for (size_t i = 0; i < n; i++)
		if (v[i].p)
			copy.v[i] = arena_str(a, v[i]);
	return copy;
}

static struct strs join_strs(struct arena *a, const struct strs *first,
			     const struct strs *then)
{
	struct strs all = {ARENA_NEW(a, struct str, first->n + then->n), 0};

	for (size_t i = 0; i < first->n; i++)
		all.v[all.n++] = first->v[i];
	for (size_t i = 0; i < then->n; i++)
		all.v[all.n++] = arena_str(a, then->v[i]);
	return all;
}

/* The first piece that did not end well, else the first, speaks for all. */
static void keep(struct arena *a, const struct job *j, bool speaks,
		 struct step *s)
{
	const struct outcome *o = &j->outcome;
	const struct rows *sample = &o->sample;
	size_t nvalues = (size_t)sample->nrows * sample->ncolumns;

	if (o->rows >= 0)
		s->rows = (s->rows < 0 ? 0 : s->rows) + o->rows;
	s->files += o->files;
	s->files_skipped += o->files_skipped;
	s->notes = join_strs(a, &s->notes, &o->notes);
	s->warned |= o->warned;
	if (o->stored.p)
		s->stored = arena_str(a, o->stored);
	if (!speaks)
		return;
	s->error = o->error;
	if (o->statement.p)
		s->statement = arena_str(a, o->statement);
	s->sample = *sample;
	s->sample.columns = copy_strs(a, sample->columns, sample->ncolumns).v;
	s->sample.values = copy_strs(a, sample->values, nvalues).v;
}

static enum step_status status_of(const struct job *j)
{
	if (j->ok)
		return STATUS_OK;
	return j->outcome.error.kind == ERROR_CANCELLED ? STATUS_CANCELLED
							: STATUS_FAILED;
}

static void finish_step(struct director *d, struct course *c)
{
	struct run *r = d->e->run;
	uint32_t step = step_at(d, c);
	struct step *s = &r->steps[step];
	enum step_status status = c->status;

	if (status == STATUS_OK && c->handed < pieces_of(s)) {
		status = STATUS_CANCELLED;
		error_set(&s->error, ERROR_CANCELLED, "the run was stopped");
	}
	s->ended_ms = now_ms(d);
	r->nrunning--;
	sched_finish(d->sched, step, status);
	if (status == STATUS_FAILED && d->e->options->fail_fast)
		stop_starting(d);
	report_ended(d);
}

static void finish(struct director *d, struct job *j)
{
	struct run *r = d->e->run;
	struct course *c = &d->courses[j->step];
	struct step *s = &r->steps[j->step];
	enum step_status status = status_of(j);

	d->nbusy--;
	keep(r->arena, j,
	     c->ended == 0 || (c->status == STATUS_OK && status != STATUS_OK),
	     s);
	if (c->status == STATUS_OK)
		c->status = status;
	arena_free(j->arena);
	if (++c->ended < c->handed)
		return;
	if (c->status != STATUS_OK || d->stopping || c->handed == pieces_of(s))
		finish_step(d, c);
}

static void heed_interrupt(struct director *d)
{
	const volatile sig_atomic_t *interrupted = d->e->options->interrupted;

	if (!interrupted || !*interrupted || d->cancelling)
		return;
	d->cancelling = true;
	d->crew->ops->cancel(d->crew, EVERY_STEP);
	stop_starting(d);
}

/* Each step is whole by itself, so what runs may end. */
static void heed_lost_lock(struct director *d)
{
	struct warehouse *lock = d->e->lock;

	if (!lock->ops->is_open(lock))
		stop_starting(d);
}

static void tick(struct director *d)
{
	const struct execution *e = d->e;
	int64_t now = now_ms(d);

	journal_tick(e->journal, now);
	if (now - d->last_tick_ms < TICK_MS)
		return;
	d->last_tick_ms = now;
	if (e->observer && e->run->nrunning)
		e->observer->tick(e->observer->ctx, e->run);
}

static void run_all(struct director *d)
{
	heed_interrupt(d);
	while (!sched_is_done(d->sched)) {
		start_ready(d);
		if (sched_is_done(d->sched))
			break;
		assert(d->nbusy > 0);
		for (struct job *j = d->crew->ops->take(d->crew, WAIT_MS),
				*next;
		     j; j = next) {
			next = j->next;
			finish(d, j);
		}
		heed_interrupt(d);
		heed_lost_lock(d);
		tick(d);
	}
}

/* Nobody could be had: that is no step's fault, but all fail of it. */
static void fail_all(struct director *d)
{
	struct run *r = d->e->run;
	uint32_t step;

	while (sched_next(d->sched, &step)) {
		error_set(&r->steps[step].error, ERROR_IO,
			  "no thread could be started");
		sched_finish(d->sched, step, STATUS_FAILED);
		report_ended(d);
	}
}

/* An interrupt that came when all was done changed nothing. */
static enum run_status status_of_run(const struct execution *e)
{
	const volatile sig_atomic_t *interrupted = e->options->interrupted;
	bool cancelled = false;

	for (uint32_t i = 0; i < e->run->nsteps; i++)
		cancelled |= e->run->steps[i].status == STATUS_CANCELLED;
	if (cancelled && interrupted && *interrupted)
		return RUN_CANCELLED;
	return cancelled || e->run->nfailed ? RUN_FAILED : RUN_OK;
}

void direct(const struct execution *e, struct crew *crew)
{
	struct run *r = e->run;
	struct director d = {.e = e, .crew = crew};

	d.courses = ARENA_NEW(r->arena, struct course, r->nsteps);
	d.sched = sched_new(r->arena, r->steps, r->nsteps);
	report_ended(&d);
	if (crew->size == 0)
		fail_all(&d);
	run_all(&d);
	r->status = status_of_run(e);
}
