/* malloc for what outlives or cannot live in an arena; aborts when out. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);  /* not zeroed */
void *mem_zalloc(size_t size); /* zeroed */
void *mem_realloc(void *p, size_t size);
/* Says that memory is exhausted and aborts. */
_Noreturn void mem_abort(void);

#endif
