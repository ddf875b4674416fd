/*
 * The formatter's libraries in an engine of their own, which has neither files
 * nor the project's JavaScript. One thread at a time. The calls after
 * script_pretty_begin() share a limit of work, and their memory is limited; a
 * text that takes more is an error, ERROR_TIMEOUT or ERROR_TOO_LARGE, until the
 * next script_pretty_begin().
 */
#ifndef COMPILER_SCRIPT_PRETTY_H
#define COMPILER_SCRIPT_PRETTY_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct arena;
struct script_pretty;

struct script_pretty *script_pretty_new(void);
void script_pretty_free(struct script_pretty *p);

/* A file begins, for which the thread may work that long. What the last one did
 * wrong is forgotten. */
void script_pretty_begin(struct script_pretty *p, uint32_t ms);

/* JavaScript as js-beautify writes it. The result lives in arena. */
bool script_pretty_js(struct script_pretty *p, struct str text,
		      struct arena *arena, struct str *out, struct error *err);
/* SQL as google-sql-syntax-ts writes it. */
bool script_pretty_sql(struct script_pretty *p, struct str text,
		       struct arena *arena, struct str *out, struct error *err);

/* same: whether two NUL-terminated scripts do the same: they compile to the
 * same code, or a has a syntax error, as it does nothing then. False, with err,
 * if that cannot be known: one of them is too large or nested too deep. */
bool script_pretty_same(struct script_pretty *p, struct str a, struct str b,
			bool *same, struct error *err);

#endif
