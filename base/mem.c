/* Out of memory is not an error to handle but an end: a half-built graph or
 * plan is of no use to anybody. */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void mem_abort(void)
{
	fputs("weir: out of memory\n", stderr);
	abort();
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		mem_abort();
	return p;
}

void *mem_zalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		mem_abort();
	return p;
}

void *mem_realloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		mem_abort();
	return p;
}
