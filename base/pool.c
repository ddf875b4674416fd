/*
 * Items are begun in rising order, so "which are begun" is one number. The
 * caller is the last thread: it makes an item itself rather than wait for one
 * that nobody has begun. With one processor it makes them all.
 */
#include "base/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
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

unsigned pool_threads(size_t nitems)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = 1 + nitems / ITEMS_MIN;

	if (processors > 0 && (size_t)processors < n)
		n = (size_t)processors;
	return n < THREADS_MAX ? (unsigned)n : THREADS_MAX;
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

struct pool *pool_start(size_t nitems, pool_work *work, void *ctx)
{
	struct pool *p = mem_zalloc(sizeof(*p));
	unsigned wanted = pool_threads(nitems) - 1;

	p->work = work;
	p->ctx = ctx;
	p->nitems = p->awaited = nitems;
	p->is_done = mem_zalloc(nitems * sizeof(*p->is_done));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->done, NULL);
	while (p->nworkers < wanted) {
		struct worker *w = &p->workers[p->nworkers];

		w->pool = p;
		w->number = p->nworkers + 1;
		if (pthread_create(&w->thread, NULL, run_worker, w) != 0)
			break; /* the caller can do it all */
		p->nworkers++;
	}
	return p;
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
