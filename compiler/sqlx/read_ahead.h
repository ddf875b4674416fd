/*
 * Reads, parses and lowers the files of definitions/ on all processors, ahead
 * of the pass that evaluates them one by one. What a file gives depends on the
 * file alone, so the graph is the same however many threads there are.
 */
#ifndef COMPILER_READ_AHEAD_H
#define COMPILER_READ_AHEAD_H

#include "compiler/diag.h"
#include "compiler/sqlx/lower.h"
#include "compiler/sqlx/sqlx.h"

struct read_ahead;
struct str_vec;
struct tree;

struct read_file {
	const struct source *src; /* NULL: it cannot be read */
	bool is_sqlx;
	/* Of a SQLX file that has no error. */
	bool is_whole;
	struct sqlx_file sqlx;
	struct lowered code;
};

/* paths and tree must live until read_ahead_end(). */
struct read_ahead *read_ahead_start(struct tree *tree,
				    const struct str_vec *paths);
/* The i-th file; its diagnostics are added to diags. */
const struct read_file *read_ahead_get(struct read_ahead *r, size_t i,
				       struct diags *diags);
/* What the files hold lives on in arena. */
void read_ahead_end(struct read_ahead *r, struct arena *arena);

#endif
