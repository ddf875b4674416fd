/*
 * Memory with one lifetime. Everything allocated from an arena is released
 * together by arena_free(). Allocation cannot fail: out of memory aborts. An
 * arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/error.h"
#include "base/str.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
/* Releases what is in it, keeps the arena. */
void arena_reset(struct arena *a);

/* Bytes that it holds, used or not. */
size_t arena_size(const struct arena *a);
/* What is in b lives on in a; b itself ends. */
void arena_adopt(struct arena *a, struct arena *b);

/* Zeroed storage for n objects of size; aborts on overflow or exhaustion. */
void *arena_alloc(struct arena *a, size_t size, size_t n);
/* The same, not zeroed, of any alignment: for text. */
char *arena_text(struct arena *a, size_t n);

#define ARENA_NEW(a, T, n) ((T *)arena_alloc((a), sizeof(T), (n)))

/* Copies, NUL-terminated behind the view. */
struct str arena_str(struct arena *a, struct str s);
const char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);

#endif
