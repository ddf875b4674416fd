/* Comments that are not what they look like: warnings, and where they end. */
#ifndef COMPILER_SQLX_COMMENT_H
#define COMPILER_SQLX_COMMENT_H

#include <stdbool.h>
#include <stdint.h>

struct diags;
struct source;

/* Of one file: src and diags are set, the rest is zero. */
struct comments {
	const struct source *src;
	struct diags *diags;
	uint32_t checked;  /* up to here "#" was looked at */
	uint32_t ticked;   /* up to here backticks were counted, */
	bool in_backticks; /* and left us in a quoted name */
	uint32_t nhashes;  /* warnings about "#" */
	uint32_t njoined;  /* and about joined lines */
};

/* Looks for "#" in text between two places; to be called with rising ones. */
void comment_check_text(struct comments *c, uint32_t start, uint32_t end);

/* The end of a comment that has a backslash: behind its line, if it goes on in
 * the next. */
uint32_t comment_end(struct comments *c, uint32_t start, uint32_t end);

#endif
