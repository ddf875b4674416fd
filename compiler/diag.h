/*
 * What the user is told about a project. The compiler collects diagnostics
 * and never prints; the command line renders them in the order of
 * diags_sort(): by file, then place.
 */
#ifndef COMPILER_DIAG_H
#define COMPILER_DIAG_H

#include <stdarg.h>

#include "base/error.h"
#include "base/str.h"
#include "compiler/project/source.h"

struct arena;
struct target;

enum diag_code {
#define DIAG(name, code, title) DIAG_##name,
#include "compiler/diag_codes.def"
#undef DIAG
	DIAG_NCODES
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct diag {
	enum diag_code code;
	enum severity severity;
	struct span span;  /* span.src NULL: the whole file, or none */
	struct str file;   /* relative path; unset if about no file */
	struct str blamed; /* the file that fails because of it, if another */
	struct str text;   /* what is wrong, one line */
	struct str help;   /* what to do; unset if nothing is known */
	struct str note;   /* for example who called; unset if none */
	const struct target *action; /* NULL, or which action it is about */
	uint32_t order;
};

struct diags {
	struct arena *arena;
	struct diag *v;
	size_t n, cap;
	size_t nerrors, nwarnings;
	struct diag beyond; /* what there is no room for, until the next */
};

void diags_init(struct diags *d, struct arena *arena);
/* Whether what is added from now on is only counted: so there is no need to
 * look for its place, or for advice. */
bool diags_is_full(const struct diags *d);
/* Adds an error at span. The result is valid until the next one is added. */
struct diag *diag_add(struct diags *d, enum diag_code code, struct span span,
		      const char *fmt, ...) PRINTF(4, 5);
struct diag *diag_addv(struct diags *d, enum diag_code code, struct span span,
		       const char *fmt, va_list ap) PRINTF(4, 0);
struct diag *diag_warn(struct diags *d, enum diag_code code, struct span span,
		       const char *fmt, ...) PRINTF(4, 5);
/* An error about a file as a whole, that may not even be readable. */
struct diag *diag_add_file(struct diags *d, enum diag_code code,
			   struct str file, const char *fmt, ...) PRINTF(4, 5);
/* Adds what another list holds. The texts are not copied. */
void diags_append(struct diags *d, const struct diags *from);
void diag_help(struct diags *d, struct diag *diag, const char *fmt, ...)
	PRINTF(3, 4);
void diag_note(struct diags *d, struct diag *diag, const char *fmt, ...)
	PRINTF(3, 4);
/* Sorts, and drops what was added twice and what is too much of one file. */
void diags_sort(struct diags *d);

const char *diag_code_name(enum diag_code code);  /* "W201" */
const char *diag_code_title(enum diag_code code); /* "unknown ref" */
/* False if there is no such code. Case does not matter. */
bool diag_code_find(const char *name, enum diag_code *out);

/* Of n candidates the one nearest to name, for "did you mean"; unset if none
 * is near enough. */
struct str suggest(struct str name, const struct str *candidates, size_t n);

#endif
