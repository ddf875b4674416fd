/*
 * The formatter's libraries in an engine of their own, which has neither files
 * nor the project's JavaScript. One thread at a time. A text that takes too
 * long or too much memory is an error of that call; the next may succeed.
 */
#ifndef COMPILER_SCRIPT_PRETTY_H
#define COMPILER_SCRIPT_PRETTY_H

#include "base/error.h"
#include "base/str.h"

struct arena;
struct script_pretty;

struct script_pretty *script_pretty_new(void);
void script_pretty_free(struct script_pretty *p);

/* JavaScript as js-beautify writes it. The result lives in arena. */
bool script_pretty_js(struct script_pretty *p, struct str text,
		      struct arena *arena, struct str *out, struct error *err);
/* SQL as google-sql-syntax-ts writes it. */
bool script_pretty_sql(struct script_pretty *p, struct str text,
		       struct arena *arena, struct str *out, struct error *err);

/* Whether two NUL-terminated scripts do the same: they compile to the same
 * code. True also if a has a syntax error, as it does nothing then. */
bool script_pretty_same(struct script_pretty *p, struct str a, struct str b);

#endif
