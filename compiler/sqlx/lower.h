/*
 * One SQLX file to one JavaScript expression. Only what is JavaScript goes
 * in; SQL text stays in the file and is put together by lower_join(). Verbatim
 * copies are mapped, so that a place in the generated text gives the place in
 * the file.
 */
#ifndef COMPILER_LOWER_H
#define COMPILER_LOWER_H

#include "base/value.h"
#include "compiler/sqlx/sqlx.h"

struct arena;
struct buf;
struct source;

/* The expression evaluates to an array of functions in this order, those of the
 * inputs last; undefined where the file has none or the part has no
 * JavaScript. All but the config take (ctx, self, ref, ...) and return an array
 * of strings: the text of each piece that is JavaScript, in order. */
enum lowered_function {
	LOWERED_CONFIG,
	LOWERED_SQL,
	LOWERED_PRE,
	LOWERED_POST,
	LOWERED_WHERE,
	LOWERED_NFUNCTIONS,
	LOWERED_INPUTS = LOWERED_NFUNCTIONS, /* the first of them */
};

struct lowered_segment {
	uint32_t at;     /* offset in the generated text */
	uint32_t source; /* offset in the file */
	uint32_t length;
};

struct lowered {
	struct str text;
	struct lowered_segment *segments; /* by at */
	uint32_t nsegments;
	uint32_t ninputs;
	bool has_code; /* false: all functions are undefined */
	/* The config where it is data only, and needs no function. */
	const struct value *config;
};

void lower_sqlx(const struct source *src, const struct sqlx_file *file,
		struct arena *arena, struct lowered *out);

/* The statements of sql as strings: text from the file with CRLF as LF,
 * placeholders' texts from values (an array of strings in order; NULL if sql
 * has no JavaScript). */
struct strs lower_join(const struct source *src, const struct sqlx_sql *sql,
		       const struct value *values, struct arena *arena);

/* Where offset of the generated text comes from; false if we made it. */
bool lowered_origin(const struct lowered *code, uint32_t at, uint32_t *source);

#endif
