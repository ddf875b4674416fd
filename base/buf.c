/* Text that grows by doubling. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

static void grow(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 64;

	if (n >= SIZE_MAX / 4 || b->n >= SIZE_MAX / 4)
		mem_abort();
	while (cap < b->n + n + 1)
		cap *= 2;
	b->p = mem_realloc(b->p, cap);
	b->cap = cap;
}

char *buf_room(struct buf *b, size_t n)
{
	if (n >= b->cap - b->n)
		grow(b, n);
	return b->p + b->n;
}

void buf_add(struct buf *b, const char *p, size_t n)
{
	char *at = buf_room(b, n);

	if (n)
		memcpy(at, p, n);
	at[n] = '\0';
	b->n += n;
}

void buf_addc(struct buf *b, char c)
{
	char *at = buf_room(b, 1);

	at[0] = c;
	at[1] = '\0';
	b->n++;
}

void buf_adds(struct buf *b, const char *cstr)
{
	buf_add(b, cstr, strlen(cstr));
}

void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *at;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	at = buf_room(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(at, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

struct str buf_str(const struct buf *b)
{
	return b->p ? (struct str){b->p, b->n} : STR("");
}

struct str buf_move(struct buf *b, struct arena *arena)
{
	struct str s = arena_str(arena, buf_str(b));

	buf_clear(b);
	return s;
}
