/*
 * The director keeps the schedule and hands pieces of ready steps to the crew
 * as long as that has a hand free. Only it touches the steps, so whoever
 * observes a run needs no lock.
 *
 * The pieces of a step are jobs of their own. The step runs from the first of
 * them to the last; after one has failed no other is begun. A job that failed
 * and may be tried again waits among the retries, while its step goes on.
 *
 * To stop, nothing new is handed out and the crew is asked to cancel. Without
 * the run's lock nothing is handed out either, until it is there again.
 */
#include "runtime/director.h"

#include <assert.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/map.h"
#include "compiler/graph.h"
#include "runtime/executor.h"
#include "runtime/perform/outcome.h"
#include "runtime/plan/retry.h"
#include "runtime/plan/sched.h"
#include "runtime/record/journal.h"

enum { WAIT_MS = 100, TICK_MS = 200 };

/* How far a running step is. */
struct course {
	struct course *next;       /* with pieces that were not begun */
	struct course *next_timed; /* with a time limit */
	uint32_t handed, ended;    /* pieces */
	enum step_status status;   /* of those that ended */
	int64_t deadline_ms;
	bool timed_out;
	atomic_bool in_doubt; /* if it were left now */
};

struct director {
	const struct execution *e;
	struct crew *crew;
	struct sched *sched;
	struct course *courses; /* by step */
	struct course *open;    /* in the order in which they started */
	struct course *timed;
	struct job *retries;
	int nbusy;       /* jobs that the crew has */
	bool stopping;   /* nothing is begun any more */
	bool cancelling; /* what runs is to end */
	bool time_is_up; /* that is why */
	bool gave_up;    /* a step would have been tried again */
	struct guard_watch lock;
	uint64_t chance;
	int64_t last_tick_ms;
};

static int64_t now_ms(const struct director *d)
{
	return clock_ms(&d->e->run->clock);
}

static bool is_set(const atomic_int *flag)
{
	return flag && *flag;
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
		r->nreused += status == STATUS_REUSED;
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

static void hand(struct director *d, struct job *j)
{
	const struct course *c = &d->courses[j->step];
	struct step *s = &d->e->run->steps[j->step];

	if (c->deadline_ms) {
		j->timeout_ms = c->deadline_ms - now_ms(d);
		if (j->timeout_ms < 1)
			j->timeout_ms = 1;
	}
	if (s->attempts < j->attempt)
		s->attempts = j->attempt;
	d->nbusy++;
	d->crew->ops->hand(d->crew, j);
}

static void hand_piece(struct director *d, struct course *c)
{
	struct job *j = ARENA_NEW(d->e->run->arena, struct job, 1);

	j->step = step_at(d, c);
	j->piece = c->handed++;
	j->attempt = 1;
	j->in_doubt_now = &c->in_doubt;
	j->arena = arena_new();
	hand(d, j);
}

/* Whether no other piece is to be begun. */
static bool is_over(const struct director *d, const struct course *c)
{
	return c->status != STATUS_OK || d->stopping || c->timed_out ||
	       c->handed == pieces_of(&d->e->run->steps[step_at(d, c)]);
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
		if (!is_over(d, c)) {
			hand_piece(d, c);
			return true;
		}
		*at = c->next;
	}
	return false;
}

/* Hands out what is to be tried again now. */
static bool hand_retry(struct director *d)
{
	int64_t now = d->retries ? now_ms(d) : 0;

	for (struct job **at = &d->retries, *j; (j = *at); at = &j->next) {
		if (j->due_ms > now)
			continue;
		*at = j->next;
		arena_reset(j->arena);
		j->attempt++;
		hand(d, j);
		return true;
	}
	return false;
}

static void begin(struct director *d, uint32_t step)
{
	struct run *r = d->e->run;
	struct step *s = &r->steps[step];
	const struct weir_options *weir = r->graph->actions[s->action].weir;
	struct course **end = &d->open, *c = &d->courses[step];

	while (*end)
		end = &(*end)->next;
	*end = c;
	c->status = STATUS_OK;
	s->started_ms = now_ms(d);
	if (weir && weir->timeout_ms && s->kind == STEP_ACTION) {
		c->deadline_ms = s->started_ms + weir->timeout_ms;
		c->next_timed = d->timed;
		d->timed = c;
	}
	r->nrunning++;
	changed(d, step);
}

static void start_ready(struct director *d)
{
	struct run *r = d->e->run;
	uint32_t step;

	while (d->nbusy < d->crew->size && d->lock.state == GUARD_HELD) {
		if (hand_retry(d) || hand_open(d))
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

static enum step_status status_of(const struct job *j)
{
	if (j->ok)
		return STATUS_OK;
	return j->outcome.error.kind == ERROR_CANCELLED ? STATUS_CANCELLED
							: STATUS_FAILED;
}

static void set_stopped(struct error *err)
{
	*err = (struct error){0};
	error_set(err, ERROR_CANCELLED, "the run was stopped");
}

static void set_late(const struct step *s, const struct course *c,
		     struct error *err)
{
	*err = (struct error){0};
	error_set(err, ERROR_TIMEOUT, "it took longer than %g s",
		  (double)(c->deadline_ms - s->started_ms) / 1e3);
	error_hint(err, "allow more by its option weir: { timeout }");
}

/* The server's own limit may be a little earlier than ours. */
static bool is_late(const struct director *d, const struct job *j)
{
	const struct course *c = &d->courses[j->step];

	if (j->outcome.error.kind == ERROR_TIMEOUT)
		return c->deadline_ms && now_ms(d) + WAIT_MS >= c->deadline_ms;
	return j->outcome.error.kind == ERROR_CANCELLED && c->timed_out;
}

/* An attempt that failed does not say what came of the one before. */
static void keep_doubt(struct job *j)
{
	struct error *err = &j->outcome.error;

	if (j->in_doubt && !j->ok && !err->in_doubt)
		error_prefix(err, "an earlier attempt may have been committed");
	err->in_doubt |= j->in_doubt && !j->ok;
	j->in_doubt = err->in_doubt;
}

/* What the warehouse says was cancelled was our doing: this says why. */
static void explain(struct director *d, struct job *j)
{
	const struct step *s = &d->e->run->steps[j->step];
	const struct course *c = &d->courses[j->step];
	struct error *err = &j->outcome.error;

	if (is_late(d, j)) {
		set_late(s, c, err);
	} else if (err->kind == ERROR_CANCELLED && d->time_is_up) {
		*err = (struct error){0};
		run_set_timeout(d->e->options, err);
	}
	keep_doubt(j);
}

static void stop_starting(struct director *d);

static void finish_step(struct director *d, struct course *c)
{
	struct run *r = d->e->run;
	uint32_t step = step_at(d, c);
	struct step *s = &r->steps[step];
	enum step_status status = c->status;

	if (status == STATUS_OK && c->handed < pieces_of(s)) {
		status = c->timed_out ? STATUS_FAILED : STATUS_CANCELLED;
		if (c->timed_out)
			set_late(s, c, &s->error);
		else
			set_stopped(&s->error);
	}
	s->ended_ms = now_ms(d);
	r->nrunning--;
	sched_finish(d->sched, step, status);
	if (status == STATUS_FAILED && d->e->options->fail_fast)
		stop_starting(d);
	report_ended(d);
}

/* Of a step that is to begin no other piece: nothing of it may be under way. */
static void finish_idle(struct director *d, struct course *c)
{
	if (!d->e->run->steps[step_at(d, c)].ended_ms && c->handed == c->ended)
		finish_step(d, c);
}

/* The first piece that did not end well, else the first, speaks for all. */
static void finish(struct director *d, struct job *j)
{
	struct run *r = d->e->run;
	struct course *c = &d->courses[j->step];
	struct step *s = &r->steps[j->step];
	enum step_status status;
	bool speaks;

	explain(d, j);
	status = status_of(j);
	speaks = c->status == STATUS_OK && (c->ended == 0 || !j->ok);
	outcome_keep(r->arena, &j->outcome, speaks, s);
	if (c->status == STATUS_OK)
		c->status = status;
	arena_free(j->arena);
	if (++c->ended == c->handed && is_over(d, c))
		finish_step(d, c);
}

/* Ends what waits to be tried again. What may have been done is not said to
 * have been stopped. */
static void finish_retry(struct director *d, struct job *j, bool stopped)
{
	d->gave_up |= d->cancelling;
	if (stopped && !j->outcome.error.in_doubt)
		set_stopped(&j->outcome.error);
	finish(d, j);
}

/* What waits to be tried again is begun no more than anything else. */
static void drop_retries(struct director *d)
{
	struct job *j;

	while ((j = d->retries) != NULL) {
		d->retries = j->next;
		finish_retry(d, j, d->cancelling);
	}
}

static void stop_starting(struct director *d)
{
	d->stopping = true;
	d->lock.state = GUARD_GIVEN_UP; /* there is nothing left to guard */
	sched_stop(d->sched);
	report_ended(d);
	drop_retries(d);
	for (struct course *c = d->open; c; c = c->next)
		finish_idle(d, c);
}

static bool is_tried_again(const struct director *d, const struct job *j)
{
	const struct execution *e = d->e;
	const struct course *c = &d->courses[j->step];
	const struct error *err = &j->outcome.error;

	return !j->ok && !d->stopping && c->status == STATUS_OK &&
	       !c->timed_out && (int)j->attempt <= e->options->retry_limit &&
	       !j->outcome.is_bare &&
	       retry_helps(e->run->graph->profile->dialect->kind, err);
}

static void try_again(struct director *d, struct job *j)
{
	const struct execution *e = d->e;
	struct retry t = {.step = j->step,
			  .attempt = j->attempt,
			  .error = &j->outcome.error};

	t.wait_ms = retry_wait_ms(j->attempt, &d->chance);
	j->due_ms = now_ms(d) + t.wait_ms;
	journal_retry(e->journal, e->run, &t, now_ms(d));
	if (e->observer && e->observer->retrying)
		e->observer->retrying(e->observer->ctx, e->run, &t);
	j->next = d->retries;
	d->retries = j;
}

/* Takes what the crew has done. */
static void take(struct director *d, int64_t wait_ms)
{
	struct job *j = d->crew->ops->take(d->crew, wait_ms), *next;

	for (; j; j = next) {
		next = j->next;
		d->nbusy--;
		keep_doubt(j);
		if (is_tried_again(d, j))
			try_again(d, j);
		else
			finish(d, j);
	}
}

static bool has_time(const struct director *d)
{
	const struct run_options *o = d->e->options;
	int64_t spent = now_ms(d) - d->e->run->started_ms + o->spent_ms;

	return (!o->timeout_ms || spent < o->timeout_ms) &&
	       !(o->interrupted && *o->interrupted == SIGALRM);
}

static void heed_stop(struct director *d)
{
	bool time_is_up = !has_time(d);

	if (d->cancelling ||
	    (!time_is_up && !is_set(d->e->options->interrupted)))
		return;
	d->cancelling = true;
	d->time_is_up = time_is_up;
	d->crew->ops->cancel(d->crew, EVERY_STEP);
	stop_starting(d);
}

static void time_out(struct director *d, struct course *c)
{
	c->timed_out = true;
	d->crew->ops->cancel(d->crew, step_at(d, c));
	for (struct job **at = &d->retries, *j; (j = *at) != NULL;) {
		if (&d->courses[j->step] != c) {
			at = &j->next;
			continue;
		}
		*at = j->next;
		finish_retry(d, j, true);
	}
	finish_idle(d, c);
}

static void heed_timeouts(struct director *d)
{
	int64_t now = d->timed ? now_ms(d) : 0;

	for (struct course **at = &d->timed, *c; (c = *at) != NULL;) {
		bool over = d->e->run->steps[step_at(d, c)].ended_ms != 0;

		if (!over && c->deadline_ms > now) {
			at = &c->next_timed;
			continue;
		}
		*at = c->next_timed;
		if (!over)
			time_out(d, c);
	}
}

/* Each step is whole by itself, so what runs may end. */
static void heed_lost_lock(struct director *d)
{
	const struct run *r = d->e->run;

	guard_look(&d->lock, d->e->lock, r->graph->profile->dialect->kind,
		   &r->clock, &d->chance);
	if (d->lock.state == GUARD_GIVEN_UP && !d->stopping)
		stop_starting(d);
}

/* The second signal: whoever waits no longer is told all that is known. */
static void leave(struct director *d)
{
	struct run *r = d->e->run;

	r->is_left = true;
	for (uint32_t i = 0; i < r->nsteps; i++) {
		struct step *s = &r->steps[i];

		if (s->status != STATUS_RUNNING)
			continue;
		s->ended_ms = now_ms(d);
		error_set(&s->error, ERROR_CANCELLED,
			  "the run was left while this ran: it is not known "
			  "what became of it");
		s->in_doubt = d->courses[i].in_doubt;
		sched_finish(d->sched, i, STATUS_CANCELLED);
	}
	r->nrunning = 0;
	report_ended(d);
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

static void earlier(int64_t *ms, int64_t other)
{
	if (other < *ms)
		*ms = other;
}

/* Until something is to be done but to take results. */
static int64_t wait_of(const struct director *d)
{
	int64_t now = now_ms(d), until = now + WAIT_MS;

	if (d->nbusy < d->crew->size && d->lock.state == GUARD_HELD)
		for (const struct job *j = d->retries; j; j = j->next)
			earlier(&until, j->due_ms);
	for (const struct course *c = d->timed; c; c = c->next_timed)
		earlier(&until, c->deadline_ms);
	if (d->lock.state == GUARD_LOST)
		earlier(&until, d->lock.due_ms);
	return until > now ? until - now : 0;
}

static void heed_all(struct director *d)
{
	heed_stop(d);
	heed_timeouts(d);
	heed_lost_lock(d);
	if (is_set(d->e->options->insisted) && !sched_is_done(d->sched))
		leave(d);
}

static void run_all(struct director *d)
{
	heed_stop(d);
	while (!sched_is_done(d->sched)) {
		start_ready(d);
		if (sched_is_done(d->sched))
			break;
		assert(d->nbusy > 0 || d->retries ||
		       d->lock.state == GUARD_LOST);
		take(d, wait_of(d));
		heed_all(d);
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

/* A stop that came when all was done changed nothing. */
static enum run_status status_of_run(const struct director *d)
{
	const struct run *r = d->e->run;
	bool cancelled = d->gave_up;

	for (uint32_t i = 0; i < r->nsteps; i++)
		cancelled |= r->steps[i].status == STATUS_CANCELLED;
	if (cancelled && d->cancelling && !d->time_is_up)
		return RUN_CANCELLED;
	return cancelled || r->nfailed ? RUN_FAILED : RUN_OK;
}

static bool was_cut_short(const struct director *d)
{
	const struct run *r = d->e->run;
	bool cut = false;

	for (uint32_t i = 0; i < r->nsteps; i++)
		cut |= r->steps[i].status == STATUS_CANCELLED ||
		       r->steps[i].error.kind == ERROR_TIMEOUT;
	return cut && d->time_is_up;
}

void direct(const struct execution *e, struct crew *crew)
{
	struct run *r = e->run;
	struct director d = {.e = e, .crew = crew};

	d.chance = e->connector->seed ? e->connector->seed : str_hash(r->id);
	d.courses = ARENA_NEW(r->arena, struct course, r->nsteps);
	d.sched = sched_new(r->arena, r->steps, r->nsteps);
	report_ended(&d);
	if (crew->size == 0)
		fail_all(&d);
	run_all(&d);
	r->status = status_of_run(&d);
	if (was_cut_short(&d))
		run_set_timeout(e->options, &r->error);
}
