/*
 * An engine's memory. Its limit is kept here rather than by the engine, which
 * does not survive every small allocation that fails: at the limit the code
 * is interrupted at its next step, as when its time is up, and only beyond it
 * by a reserve, or when the request alone is large, does an allocation fail.
 */
#include "compiler/script/script_memory.h"

#include <malloc.h>
#include <stdlib.h>

#include <quickjs.h>

enum {
	LARGE = 1 << 20,    /* bytes of a request that may fail at once */
	RESERVE = 64 << 20, /* bytes beyond the limit for small requests */
};

static bool may_grow(JSMallocState *m, size_t size)
{
	struct script_memory *memory = m->opaque;
	size_t limit = memory->limit;

	/* It takes time to fill, and the engine may not look for long. */
	if (size >= LARGE && memory->is_over(memory->owner))
		return false;
	if (size <= limit && m->malloc_size <= limit - size)
		return true;
	memory->is_out = true;
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

JSRuntime *script_new_runtime(struct script_memory *memory)
{
	const JSMallocFunctions functions = {get, put, change, usable};

	return JS_NewRuntime2(&functions, memory);
}
