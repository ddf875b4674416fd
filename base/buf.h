/*
 * Text that grows. Start with a zeroed struct, end with buf_free(). What is in
 * it is always NUL-terminated once something was added. Out of memory aborts.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/error.h"
#include "base/str.h"

struct arena;

struct buf {
	char *p;
	size_t n, cap;
};

void buf_free(struct buf *b);
void buf_clear(struct buf *b); /* keeps the storage */
void buf_add(struct buf *b, const char *p, size_t n);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *cstr);
void buf_add_str(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Room for n more bytes, to be filled by the caller, who then adds to b->n. */
char *buf_room(struct buf *b, size_t n);

/* A view, valid until the next change. Never NULL. */
struct str buf_str(const struct buf *b);
/* A copy in arena; b is emptied but keeps its storage. */
struct str buf_move(struct buf *b, struct arena *arena);

#endif
