/* A file of the project in memory, and places in it. */
#ifndef COMPILER_SOURCE_H
#define COMPILER_SOURCE_H

#include <stdint.h>

#include "base/value.h"

struct arena;
struct diags;
struct tree;

enum { SOURCE_SIZE_MAX = 8 << 20 }; /* larger files are refused */

struct source {
	struct str path; /* relative to the project's root */
	struct str text; /* valid UTF-8, NUL-terminated behind the view */
};

/* src NULL: no place is known. start == end: the place before a character. */
struct span {
	const struct source *src;
	uint32_t start, end; /* byte offsets */
};

struct position source_position(const struct source *src, uint32_t offset);
/* Offset of a position; the end of its line or text if it lies beyond. */
uint32_t source_offset(const struct source *src, struct position at);
/* The line (without its end) that holds offset. */
struct str source_line(const struct source *src, uint32_t offset);

/* Reads a file of the project into arena. NULL, after an error, if it cannot be
 * read, is too large or no UTF-8. path must outlive the result. */
const struct source *source_load(struct tree *tree, struct str path,
				 struct arena *arena, struct diags *diags);

struct span span_of(const struct source *src, uint32_t start, uint32_t end);

#endif
