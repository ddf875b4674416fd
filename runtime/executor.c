/*
 * The thread that calls execute() hands ready steps to idle workers and takes
 * what came of them, over two lists under one lock. Only it touches the
 * steps, so whoever observes a run needs no lock. A worker gets an arena with
 * each job and gives it back with the outcome, which is copied out.
 *
 * To stop, nothing new is handed out, workers stop before their next
 * statement, and running statements are cancelled in the warehouse; again and
 * again, because a statement may have started just after it was cancelled.
 *
 * A worker whose connection was lost opens another for its next job.
 */
#include "runtime/executor.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/journal.h"
#include "runtime/perform.h"
#include "runtime/sched.h"
#include "runtime/warehouse.h"

enum { WAIT_MS = 100, TICK_MS = 200 };

struct job {
	struct job *next;
	uint32_t step;
	struct arena *arena;
	struct outcome outcome;
	bool ok;
};

struct list {
	struct job *first, **last;
};

struct pool {
	const struct execution *execution;
	pthread_mutex_t lock;
	pthread_cond_t has_work, has_results;
	struct list work, results;
	bool stopped, closed;
	struct worker *workers;
	int nworkers;
};

struct worker {
	struct pool *pool;
	pthread_t thread;
	struct warehouse *warehouse;
	/* Under it a step's work begins and ends, and is cancelled. */
	pthread_mutex_t lock;
	bool busy;
};

/* What the calling thread keeps for itself. */
struct director {
	const struct execution *e;
	struct pool *pool;
	struct sched *sched;
	int64_t last_tick_ms;
};

static void list_push(struct list *l, struct job *j)
{
	j->next = NULL;
	if (!l->first)
		l->last = &l->first;
	*l->last = j;
	l->last = &j->next;
}

static struct job *list_pop(struct list *l)
{
	struct job *j = l->first;

	if (j)
		l->first = j->next;
	return j;
}

static bool is_stopped(void *ctx)
{
	struct pool *pool = ctx;
	bool stopped;

	pthread_mutex_lock(&pool->lock);
	stopped = pool->stopped;
	pthread_mutex_unlock(&pool->lock);
	return stopped;
}

static void set_busy(struct worker *w, bool busy)
{
	pthread_mutex_lock(&w->lock);
	w->busy = busy;
	pthread_mutex_unlock(&w->lock);
}

static void disconnect(struct worker *w)
{
	if (w->warehouse)
		w->warehouse->ops->close(w->warehouse);
	w->warehouse = NULL;
}

static bool connect(struct worker *w, struct error *err)
{
	const struct connector *c = w->pool->execution->connector;

	return w->warehouse || c->open(c->ctx, &w->warehouse, err);
}

/* What a step's statements set for their session is not the next step's. */
static bool renew(struct worker *w)
{
	struct error ignored = {0};

	return w->warehouse->ops->renew(w->warehouse, &ignored);
}

static void do_job(struct worker *w, struct job *j)
{
	const struct execution *e = w->pool->execution;

	j->outcome.rows = -1;
	if (is_stopped(w->pool)) {
		error_set(&j->outcome.error, ERROR_CANCELLED,
			  "the run was stopped");
		return;
	}
	if (!connect(w, &j->outcome.error))
		return;
	set_busy(w, true);
	j->ok = perform(
		&(struct performer){
			.plan = e->plan,
			.warehouse = w->warehouse,
			.reload = &e->options->reload,
			.stop = {is_stopped, w->pool},
		},
		j->step, j->arena, &j->outcome);
	set_busy(w, false);
	if ((!j->ok && j->outcome.error.kind == ERROR_LOST) ||
	    (j->outcome.session_used && !renew(w)))
		disconnect(w);
}

static struct job *take_work(struct pool *pool)
{
	struct job *j;

	pthread_mutex_lock(&pool->lock);
	while (!pool->work.first && !pool->closed)
		pthread_cond_wait(&pool->has_work, &pool->lock);
	j = list_pop(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	return j;
}

static void give_result(struct pool *pool, struct job *j)
{
	pthread_mutex_lock(&pool->lock);
	list_push(&pool->results, j);
	pthread_cond_signal(&pool->has_results);
	pthread_mutex_unlock(&pool->lock);
}

static void *work(void *ctx)
{
	struct worker *w = ctx;
	struct job *j;

	while ((j = take_work(w->pool)) != NULL) {
		do_job(w, j);
		give_result(w->pool, j);
	}
	disconnect(w);
	return NULL;
}

/* Signals go to the thread that the command line waits in. */
static void start_workers(struct pool *pool, int n, struct arena *arena)
{
	sigset_t all, before;

	pool->workers = ARENA_NEW(arena, struct worker, (size_t)n);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (int i = 0; i < n; i++) {
		struct worker *w = &pool->workers[i];

		w->pool = pool;
		pthread_mutex_init(&w->lock, NULL);
		if (pthread_create(&w->thread, NULL, work, w) != 0) {
			pthread_mutex_destroy(&w->lock);
			break;
		}
		pool->nworkers++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void end_workers(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->closed = true;
	pthread_cond_broadcast(&pool->has_work);
	pthread_mutex_unlock(&pool->lock);
	for (int i = 0; i < pool->nworkers; i++) {
		pthread_join(pool->workers[i].thread, NULL);
		pthread_mutex_destroy(&pool->workers[i].lock);
	}
}

/* All results there are; waits a little for the first. */
static struct job *take_results(struct pool *pool)
{
	struct timespec until;
	struct job *first;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += WAIT_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&pool->lock);
	while (!pool->results.first)
		if (pthread_cond_timedwait(&pool->has_results, &pool->lock,
					   &until) != 0)
			break;
	first = pool->results.first;
	pool->results.first = NULL;
	pthread_mutex_unlock(&pool->lock);
	return first;
}

static void cancel_running(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->stopped = true;
	pthread_mutex_unlock(&pool->lock);
	for (int i = 0; i < pool->nworkers; i++) {
		struct worker *w = &pool->workers[i];

		pthread_mutex_lock(&w->lock);
		if (w->busy)
			w->warehouse->ops->cancel(w->warehouse);
		pthread_mutex_unlock(&w->lock);
	}
}

static void changed(struct director *d, uint32_t step)
{
	const struct execution *e = d->e;

	journal_step(e->journal, e->run, step, clock_ms(&e->run->clock));
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

static void hand_out(struct director *d, uint32_t step)
{
	struct run *r = d->e->run;
	struct job *j = ARENA_NEW(r->arena, struct job, 1);

	j->step = step;
	j->arena = arena_new();
	r->steps[step].started_ms = clock_ms(&r->clock);
	r->nrunning++;
	changed(d, step);
	pthread_mutex_lock(&d->pool->lock);
	list_push(&d->pool->work, j);
	pthread_cond_signal(&d->pool->has_work);
	pthread_mutex_unlock(&d->pool->lock);
}

static void start_ready(struct director *d)
{
	struct run *r = d->e->run;
	uint32_t step;

	while ((int)r->nrunning < d->pool->nworkers &&
	       sched_next(d->sched, &step)) {
		if (r->steps[step].deed == DEED_NOTHING)
			sched_finish(d->sched, step, STATUS_DISABLED);
		else
			hand_out(d, step);
		report_ended(d);
	}
}

static struct strs copy_strs(struct arena *a, const struct str *v, size_t n)
{
	struct strs copy = {ARENA_NEW(a, struct str, n), n};

	for (size_t i = 0; i < n; i++)
		if (v[i].p)
			copy.v[i] = arena_str(a, v[i]);
	return copy;
}

/* The outcome dies with its job. */
static void keep(struct arena *a, const struct outcome *o, struct step *s)
{
	const struct rows *sample = &o->sample;
	size_t nvalues = (size_t)sample->nrows * sample->ncolumns;

	s->rows = o->rows;
	s->files = o->files;
	s->files_skipped = o->files_skipped;
	s->error = o->error;
	if (o->statement.p)
		s->statement = arena_str(a, o->statement);
	s->notes = copy_strs(a, o->notes.v, o->notes.n);
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

static void finish(struct director *d, struct job *j)
{
	struct run *r = d->e->run;
	struct step *s = &r->steps[j->step];
	enum step_status status = status_of(j);

	s->ended_ms = clock_ms(&r->clock);
	r->nrunning--;
	keep(r->arena, &j->outcome, s);
	arena_free(j->arena);
	sched_finish(d->sched, j->step, status);
	if (status == STATUS_FAILED && d->e->options->fail_fast)
		sched_stop(d->sched);
	report_ended(d);
}

static void heed_interrupt(struct director *d)
{
	const volatile sig_atomic_t *interrupted = d->e->options->interrupted;

	if (!interrupted || !*interrupted)
		return;
	sched_stop(d->sched);
	cancel_running(d->pool);
	report_ended(d);
}

/* Each step is whole by itself, so what runs may end. */
static void heed_lost_lock(struct director *d)
{
	struct warehouse *lock = d->e->lock;

	if (lock->ops->is_open(lock))
		return;
	sched_stop(d->sched);
	report_ended(d);
}

static void tick(struct director *d)
{
	const struct execution *e = d->e;
	int64_t now = clock_ms(&e->run->clock);

	journal_tick(e->journal, now);
	if (now - d->last_tick_ms < TICK_MS)
		return;
	d->last_tick_ms = now;
	if (e->observer && e->run->nrunning)
		e->observer->tick(e->observer->ctx, e->run);
}

static void direct(struct director *d)
{
	heed_interrupt(d);
	while (!sched_is_done(d->sched)) {
		start_ready(d);
		if (sched_is_done(d->sched))
			break;
		assert(d->e->run->nrunning > 0);
		for (struct job *j = take_results(d->pool), *next; j;
		     j = next) {
			next = j->next;
			finish(d, j);
		}
		heed_interrupt(d);
		heed_lost_lock(d);
		tick(d);
	}
}

/* No thread could be had: that is no step's fault, but all fail of it. */
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

void execute(const struct execution *e)
{
	struct run *r = e->run;
	struct pool pool = {.execution = e};
	struct director d = {.e = e, .pool = &pool};
	pthread_condattr_t steady;
	int jobs = e->jobs < (int)r->nsteps ? e->jobs : (int)r->nsteps;

	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.has_work, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&pool.has_results, &steady);
	pthread_condattr_destroy(&steady);
	d.sched = sched_new(r->arena, r->steps, r->nsteps);
	report_ended(&d);
	start_workers(&pool, jobs, r->arena);
	if (pool.nworkers == 0)
		fail_all(&d);
	direct(&d);
	end_workers(&pool);
	pthread_cond_destroy(&pool.has_results);
	pthread_cond_destroy(&pool.has_work);
	pthread_mutex_destroy(&pool.lock);
	r->status = status_of_run(e);
}
