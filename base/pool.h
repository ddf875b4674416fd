/*
 * Threads that work ahead: items are numbered, whoever needs them takes them
 * in order, and while he works on one the next are made. A result depends on
 * its item alone, so it does not matter which thread made it.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

/* Makes item, on thread 0 .. pool_threads() - 1. */
typedef void pool_work(void *ctx, size_t item, unsigned thread);

/* How many threads will work on nitems, the caller's own among them. */
unsigned pool_threads(size_t nitems);

/* ctx must live until pool_end(). */
struct pool *pool_start(size_t nitems, pool_work *work, void *ctx);
/* Returns when item is made; if nobody has begun it, the caller makes it. */
void pool_wait(struct pool *p, size_t item);

/* For work that waits for others: threads for all that the processors bear,
 * while the caller only watches. Items are made on thread 0 .. that count - 1;
 * if no thread can be started, the caller makes them. */
unsigned pool_watched_threads(size_t nitems);
struct pool *pool_start_watched(size_t nitems, pool_work *work, void *ctx);
/* False if item is not made after so many milliseconds. */
bool pool_watch(struct pool *p, size_t item, long ms);

/* Begins no more items and waits for those that were begun. */
void pool_end(struct pool *p);

#endif
