/*
 * A crew of threads. Jobs go to idle workers and come back over two lists
 * under one lock.
 *
 * What is cancelled is cancelled again and again, by a thread that starts with
 * the first wish to, because a statement may have started just after it was
 * cancelled, and a server may take its time to listen.
 */
#include "runtime/executor.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "base/arena.h"
#include "runtime/warehouse/warehouse.h"
#include "runtime/worker.h"

enum { CANCEL_AGAIN_MS = 100 };

struct list {
	struct job *first, **last;
};

struct pool {
	struct crew base;
	pthread_mutex_t lock;
	pthread_cond_t has_work, has_results, has_cancel;
	struct list work, results;
	bool closed, cancels;
	pthread_t canceller;
	struct hand *hands;
	int nhands;
};

struct hand {
	struct pool *pool;
	pthread_t thread;
	struct worker worker;
	struct job *job; /* written by its thread, under the pool's lock */
	/* Under it a job's work begins and ends, and is cancelled. */
	pthread_mutex_t lock;
	bool busy;
};

static struct pool *of(struct crew *c)
{
	return (struct pool *)c;
}

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

static struct timespec after_ms(int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += (time_t)(ms / 1000);
	t.tv_nsec += (long)(ms % 1000) * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	return t;
}

static bool is_stopped(void *ctx)
{
	return ((struct hand *)ctx)->job->stopped;
}

static void set_busy(struct hand *h, bool busy)
{
	pthread_mutex_lock(&h->lock);
	h->busy = busy;
	pthread_mutex_unlock(&h->lock);
}

static void do_job(struct hand *h, struct job *j)
{
	const struct stopper stop = {is_stopped, h};

	if (!worker_connect(&h->worker, j, &stop))
		return;
	set_busy(h, true);
	worker_do(&h->worker, j, &stop);
	set_busy(h, false);
}

static bool take_work(struct hand *h)
{
	struct pool *pool = h->pool;

	pthread_mutex_lock(&pool->lock);
	while (!pool->work.first && !pool->closed)
		pthread_cond_wait(&pool->has_work, &pool->lock);
	h->job = list_pop(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	return h->job != NULL;
}

/* Whoever is woken under the lock has to wait for it at once, so nobody is. */
static void give_result(struct hand *h)
{
	struct pool *pool = h->pool;

	pthread_mutex_lock(&pool->lock);
	list_push(&pool->results, h->job);
	h->job = NULL;
	pthread_mutex_unlock(&pool->lock);
	pthread_cond_signal(&pool->has_results);
}

static void *work(void *ctx)
{
	struct hand *h = ctx;

	while (take_work(h)) {
		do_job(h, h->job);
		worker_rest(&h->worker, h->job);
		give_result(h);
	}
	worker_end(&h->worker);
	return NULL;
}

static void cancel_stopped(struct hand *h)
{
	struct warehouse *w;

	pthread_mutex_lock(&h->lock);
	w = h->worker.warehouse;
	if (h->busy && is_stopped(h))
		w->ops->cancel(w);
	pthread_mutex_unlock(&h->lock);
}

static void *cancel_again_and_again(void *ctx)
{
	struct pool *pool = ctx;

	pthread_mutex_lock(&pool->lock);
	while (!pool->closed) {
		struct timespec until;

		pthread_mutex_unlock(&pool->lock);
		for (int i = 0; i < pool->nhands; i++)
			cancel_stopped(&pool->hands[i]);
		pthread_mutex_lock(&pool->lock);
		until = after_ms(CANCEL_AGAIN_MS);
		if (!pool->closed)
			pthread_cond_timedwait(&pool->has_cancel, &pool->lock,
					       &until);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Signals go to the thread that the command line waits in. */
static bool start_thread(pthread_t *out, void *(*body)(void *), void *ctx)
{
	sigset_t all, before;
	bool ok;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ok = pthread_create(out, NULL, body, ctx) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ok;
}

static void hand(struct crew *c, struct job *j)
{
	struct pool *pool = of(c);

	pthread_mutex_lock(&pool->lock);
	list_push(&pool->work, j);
	pthread_mutex_unlock(&pool->lock);
	pthread_cond_signal(&pool->has_work);
}

static struct job *take(struct crew *c, int64_t wait_ms)
{
	struct pool *pool = of(c);
	struct timespec until = after_ms(wait_ms);
	struct job *first;

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

static bool is_of(const struct job *j, uint32_t step)
{
	return j && (step == EVERY_STEP || j->step == step);
}

static void cancel(struct crew *c, uint32_t step)
{
	struct pool *pool = of(c);

	pthread_mutex_lock(&pool->lock);
	for (struct job *j = pool->work.first; j; j = j->next)
		j->stopped |= is_of(j, step);
	for (int i = 0; i < pool->nhands; i++)
		if (is_of(pool->hands[i].job, step))
			pool->hands[i].job->stopped = true;
	pthread_cond_signal(&pool->has_cancel);
	pthread_mutex_unlock(&pool->lock);
	if (!pool->cancels)
		pool->cancels = start_thread(&pool->canceller,
					     cancel_again_and_again, pool);
}

static void end(struct crew *c)
{
	struct pool *pool = of(c);

	pthread_mutex_lock(&pool->lock);
	pool->closed = true;
	pthread_cond_broadcast(&pool->has_work);
	pthread_cond_broadcast(&pool->has_cancel);
	pthread_mutex_unlock(&pool->lock);
	if (pool->cancels)
		pthread_join(pool->canceller, NULL);
	for (int i = 0; i < pool->nhands; i++) {
		pthread_join(pool->hands[i].thread, NULL);
		pthread_mutex_destroy(&pool->hands[i].lock);
	}
	pthread_cond_destroy(&pool->has_cancel);
	pthread_cond_destroy(&pool->has_results);
	pthread_cond_destroy(&pool->has_work);
	pthread_mutex_destroy(&pool->lock);
}

static void start_hands(struct pool *pool, const struct execution *e, int n)
{
	pool->hands = ARENA_NEW(e->run->arena, struct hand, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct hand *h = &pool->hands[i];

		h->pool = pool;
		h->worker.execution = e;
		pthread_mutex_init(&h->lock, NULL);
		if (!start_thread(&h->thread, work, h)) {
			pthread_mutex_destroy(&h->lock);
			break;
		}
		pool->nhands++;
	}
	pool->base.size = pool->nhands;
}

/* More would have nothing to do. */
static int hands_for(const struct execution *e)
{
	const struct run *r = e->run;
	uint64_t pieces = 0;

	for (uint32_t i = 0; i < r->nsteps; i++)
		pieces += r->steps[i].npieces && !r->steps[i].in_turn
				  ? r->steps[i].npieces
				  : 1;
	return pieces < (uint64_t)e->jobs ? (int)pieces : e->jobs;
}

static struct crew *hire(const struct execution *e)
{
	static const struct crew_ops ops = {hand, take, cancel, end};
	struct pool *pool = ARENA_NEW(e->run->arena, struct pool, 1);
	pthread_condattr_t steady;

	pool->base.ops = &ops;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->has_work, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->has_results, &steady);
	pthread_cond_init(&pool->has_cancel, &steady);
	pthread_condattr_destroy(&steady);
	start_hands(pool, e, hands_for(e));
	return &pool->base;
}

void execute(const struct execution *e)
{
	const struct connector *c = e->connector;
	struct execution *own = ARENA_NEW(e->run->arena, struct execution, 1);
	struct crew *crew;

	*own = *e; /* for as long as there may be threads */
	crew = c->hire ? c->hire(c->ctx, own) : hire(own);
	direct(own, crew);
	if (!e->run->is_left)
		crew->ops->end(crew);
}
