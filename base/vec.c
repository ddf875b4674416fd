/* Growth of typed arrays. */
#include "base/vec.h"

void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	void *bigger;

	*cap = *cap ? *cap * 2 : 4; /* most lists stay short */
	bigger = arena_alloc(a, size, *cap);
	if (n)
		memcpy(bigger, v, n * size);
	return bigger;
}
