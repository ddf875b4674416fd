/*
 * The engine's memory. Its limit is kept here rather than by the engine, which
 * does not survive every small allocation that fails: at the limit the project
 * is interrupted at its next step, as when its time is up, and only beyond it
 * by a reserve, or when the request alone is large, does an allocation fail.
 */
#include <malloc.h>
#include <stdlib.h>

#include "base/arena.h"
#include "compiler/script/script_int.h"

enum {
	LARGE = 1 << 20,    /* bytes of a request that may fail at once */
	RESERVE = 64 << 20, /* bytes beyond the limit for small requests */
	COPIES = 4,         /* times the limit may stay outside the engine */
};

static bool may_grow(JSMallocState *m, size_t size)
{
	struct script *s = m->opaque;
	size_t limit = s->limits.memory_bytes;

	/* It takes time to fill, and the engine may not look for long. */
	if (size >= LARGE && s->js && script_is_over(s))
		return false;
	if (size <= limit && m->malloc_size <= limit - size)
		return true;
	s->out_of_memory = true;
	if (size >= LARGE)
		return false;
	return m->malloc_size + size <= limit + RESERVE;
}

static void *get(JSMallocState *m, size_t size)
{
	void *p = may_grow(m, size) ? malloc(size) : NULL;

	if (!p)
		return NULL;
	m->malloc_count++;
	m->malloc_size += malloc_usable_size(p);
	return p;
}

static void put(JSMallocState *m, void *p)
{
	if (!p)
		return;
	m->malloc_count--;
	m->malloc_size -= malloc_usable_size(p);
	free(p);
}

static void *change(JSMallocState *m, void *p, size_t size)
{
	size_t old;

	if (!p)
		return size ? get(m, size) : NULL;
	if (!size) {
		put(m, p);
		return NULL;
	}
	old = malloc_usable_size(p);
	if (size > old && !may_grow(m, size - old))
		return NULL;
	p = realloc(p, size);
	if (!p)
		return NULL;
	m->malloc_size += malloc_usable_size(p) - old;
	return p;
}

static size_t usable(const void *p)
{
	/* The C library's prototype lacks const. */
	union {
		const void *in;
		void *out;
	} u = {p};

	return malloc_usable_size(u.out);
}

bool script_may_keep(const struct script *s, size_t n)
{
	size_t kept = arena_size(s->arena) - s->arena_start;

	return (kept + n) / COPIES <= s->limits.memory_bytes;
}

JSRuntime *script_new_runtime(struct script *s)
{
	const JSMallocFunctions functions = {get, put, change, usable};

	return JS_NewRuntime2(&functions, s);
}
