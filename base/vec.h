/*
 * Arrays that grow in an arena: struct { T *v; size_t n, cap; }. Declare the
 * struct where it is used and push with VEC_PUSH. Old storage stays in the
 * arena until it is freed, at most as much again as is in use.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

/* Returns storage of at least n + 1 objects that holds the first n. */
void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);

#define VEC_PUSH(a, vec, item)                                                 \
	do {                                                                   \
		if ((vec)->n == (vec)->cap)                                    \
			(vec)->v = vec_grow((a), (vec)->v, (vec)->n,           \
					    &(vec)->cap, sizeof(*(vec)->v));   \
		(vec)->v[(vec)->n++] = (item);                                 \
	} while (0)

struct str_vec {
	struct str *v;
	size_t n, cap;
};

#endif
