/*
 * Allocation bumps a pointer through blocks of growing size; a large object
 * gets a block of its own, so that little is left unused at a block's end.
 * Under AddressSanitizer every object is a block, so that overruns are seen.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define BLOCK_PER_OBJECT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BLOCK_PER_OBJECT 1
#endif
#endif
#ifndef BLOCK_PER_OBJECT
#define BLOCK_PER_OBJECT 0
#endif

enum { BLOCK_FIRST = 16 << 10, BLOCK_MOST = 1 << 20, ALIGNMENT = 16 };

struct block {
	struct block *next;
	size_t size; /* of bytes[] */
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct block *blocks; /* the first is the one being filled */
	char *at, *end;
	size_t next_size;
	size_t size; /* of all blocks */
};

struct arena *arena_new(void)
{
	struct arena *a = mem_zalloc(sizeof(*a));

	a->next_size = BLOCK_FIRST;
	return a;
}

void arena_reset(struct arena *a)
{
	while (a->blocks) {
		struct block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
	*a = (struct arena){.next_size = BLOCK_FIRST};
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a);
}

/* a goes on filling its own first block. */
void arena_adopt(struct arena *a, struct arena *b)
{
	struct block **end = &a->blocks;

	if (a->blocks)
		end = &a->blocks->next;
	for (struct block *block = b->blocks, *next; block; block = next) {
		next = block->next;
		block->next = *end;
		*end = block;
	}
	a->size += b->size;
	free(b);
}

size_t arena_size(const struct arena *a)
{
	return a->size;
}

static struct block *block_new(struct arena *a, size_t size)
{
	struct block *b = mem_alloc(sizeof(*b) + size);

	b->size = size;
	a->size += size;
	return b;
}

/* A large object's block goes second, behind the one being filled. */
static char *alloc_large(struct arena *a, size_t size)
{
	struct block *b = block_new(a, size);

	if (a->blocks && !BLOCK_PER_OBJECT) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = a->blocks;
		a->blocks = b;
		a->at = a->end = b->bytes + size;
	}
	return b->bytes;
}

static char *alloc_slow(struct arena *a, size_t size)
{
	struct block *b;

	if (BLOCK_PER_OBJECT || size > a->next_size / 4)
		return alloc_large(a, size);
	b = block_new(a, a->next_size);
	b->next = a->blocks;
	a->blocks = b;
	a->at = b->bytes + size;
	a->end = b->bytes + b->size;
	if (a->next_size < BLOCK_MOST)
		a->next_size *= 2;
	return b->bytes;
}

char *arena_text(struct arena *a, size_t n)
{
	char *p = a->at;

	if (n > (size_t)(a->end - a->at) || !p)
		return alloc_slow(a, n);
	a->at += n;
	return p;
}

void *arena_alloc(struct arena *a, size_t size, size_t n)
{
	size_t bytes, pad;
	char *p;

	assert(size > 0);
	if (n > (SIZE_MAX / 2) / size)
		mem_abort();
	bytes = size * n;
	pad = (size_t)(-(uintptr_t)a->at & (ALIGNMENT - 1));
	if (a->at && bytes + pad <= (size_t)(a->end - a->at)) {
		p = a->at + pad;
		a->at = p + bytes;
	} else {
		p = alloc_slow(a, bytes);
	}
	return memset(p, 0, bytes);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_text(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){p, s.n};
}

const char *arena_cstr(struct arena *a, struct str s)
{
	return arena_str(a, s).p;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	p = arena_text(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct str){p, (size_t)n};
}
