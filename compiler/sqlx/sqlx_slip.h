/* Heads of blocks that are read as SQL for want of a blank or a quote. */
#ifndef COMPILER_SQLX_SLIP_H
#define COMPILER_SQLX_SLIP_H

#include <stdint.h>

struct diags;
struct source;

/* Warns of such heads whose brace is in src's text from start to end, which is
 * plain SQL. */
void slip_check_text(const struct source *src, uint32_t start, uint32_t end,
		     struct diags *diags);

#endif
