/*
 * Items are begun in rising order, so "which are begun" is one number. The
 * caller is the last thread: it makes an item itself rather than wait for one
 * that nobody has begun. With one processor it makes them all. The caller of a
 * watched pool makes none.
 */
#include "base/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	THREADS_MAX = 16,
	ITEMS_MIN = 32, /* a thread must have so many to be worth its start */
};

struct worker {
	struct pool *pool;
	unsigned number;
	pthread_t thread;
};

struct pool {
	pool_work *work;
	void *ctx;
	size_t nitems;
	struct worker workers[THREADS_MAX];
	unsigned nworkers; /* beside the caller */

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t done;
	size_t next;    /* the first item that nobody has begun */
	size_t awaited; /* what the caller waits for; nitems: nothing */
	bool *is_done;
};

static unsigned at_most(size_t n)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (processors > 0 && (size_t)processors < n)
		n = (size_t)processors;
	return n < THREADS_MAX ? (unsigned)n : THREADS_MAX;
}

unsigned pool_threads(size_t nitems)
{
	return at_most(1 + nitems / ITEMS_MIN);
}

unsigned pool_watched_threads(size_t nitems)
{
	return at_most(nitems ? nitems : 1);
}

/* With the lock held, which is given up while the item is made. */
static void make_next(struct pool *p, unsigned thread)
{
	size_t item = p->next++;

	pthread_mutex_unlock(&p->lock);
	p->work(p->ctx, item, thread);
	pthread_mutex_lock(&p->lock);
	p->is_done[item] = true;
	if (p->awaited == item)
		pthread_cond_signal(&p->done);
}

static void *run_worker(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;

	pthread_mutex_lock(&p->lock);
	while (p->next < p->nitems)
		make_next(p, w->number);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static struct pool *start(size_t nitems, pool_work *work, void *ctx,
			  unsigned first, unsigned wanted)
{
	struct pool *p = mem_zalloc(sizeof(*p));
	pthread_condattr_t steady;

	p->work = work;
	p->ctx = ctx;
	p->nitems = p->awaited = nitems;
	p->is_done = mem_zalloc(nitems * sizeof(*p->is_done));
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&p->done, &steady);
	pthread_condattr_destroy(&steady);
	while (p->nworkers < wanted) {
		struct worker *w = &p->workers[p->nworkers];

		w->pool = p;
		w->number = first + p->nworkers;
		if (pthread_create(&w->thread, NULL, run_worker, w) != 0)
			break; /* the caller can do it all */
		p->nworkers++;
	}
	return p;
}

struct pool *pool_start(size_t nitems, pool_work *work, void *ctx)
{
	return start(nitems, work, ctx, 1, pool_threads(nitems) - 1);
}

struct pool *pool_start_watched(size_t nitems, pool_work *work, void *ctx)
{
	return start(nitems, work, ctx, 0, pool_watched_threads(nitems));
}

void pool_wait(struct pool *p, size_t item)
{
	assert(item < p->nitems);
	pthread_mutex_lock(&p->lock);
	while (p->next <= item)
		make_next(p, 0);
	p->awaited = item;
	while (!p->is_done[item])
		pthread_cond_wait(&p->done, &p->lock);
	p->awaited = p->nitems;
	pthread_mutex_unlock(&p->lock);
}

static struct timespec from_now(long ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

bool pool_watch(struct pool *p, size_t item, long ms)
{
	struct timespec until = from_now(ms);
	bool made;

	assert(item < p->nitems);
	pthread_mutex_lock(&p->lock);
	while (p->nworkers == 0 && p->next <= item)
		make_next(p, 0);
	p->awaited = item;
	while (!p->is_done[item])
		if (pthread_cond_timedwait(&p->done, &p->lock, &until) != 0)
			break;
	made = p->is_done[item];
	p->awaited = p->nitems;
	pthread_mutex_unlock(&p->lock);
	return made;
}

void pool_end(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->next = p->nitems;
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->nworkers; i++)
		pthread_join(p->workers[i].thread, NULL);
	pthread_cond_destroy(&p->done);
	pthread_mutex_destroy(&p->lock);
	free(p->is_done);
	free(p);
}
