/*
 * One file in Dataform's layout: the same text to the byte as the official
 * formatter's. What a file means never changes: a file for which that cannot
 * be had is refused, and the official formatter's result is left as it is.
 */
#ifndef COMPILER_FORMAT_H
#define COMPILER_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct diags;
struct formatter;
struct source;
struct str;

enum { FORMAT_MS_MAX = 30000 };

/* Expensive to make, reused from file to file; one thread at a time. ms: how
 * long the thread may work at a file. */
struct formatter *formatter_new(uint32_t ms);
void formatter_free(struct formatter *f);

/* False, after an error in diags, if the file is refused. is_sqlx: else it is
 * JavaScript. out lives in arena, NUL-terminated. */
bool format_source(struct formatter *f, const struct source *src, bool is_sqlx,
		   struct arena *arena, struct diags *diags, struct str *out);

#endif
