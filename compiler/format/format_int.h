/* What the files of the formatter share. Private to compiler/format*.c. */
#ifndef COMPILER_FORMAT_INT_H
#define COMPILER_FORMAT_INT_H

#include "base/buf.h"
#include "compiler/format/format.h"
#include "compiler/project/source.h"
#include "compiler/script/script_pretty.h"
#include "compiler/sqlx/sqlx.h"

struct formatter {
	struct script_pretty *pretty;
	struct sqlx_parser *parser;
	uint32_t ms; /* of work, for a file */
};

/* One text in work: the file's own, or what was made of it. */
struct format_text {
	const struct source *src;
	bool is_sqlx;
	struct sqlx_file file; /* of SQLX */
	struct sqlx_tokens tokens;
};

/* format_space.c: JavaScript's white space, in UTF-8. */

/* Bytes of the white space at i; 0 if something else is there. */
size_t format_space(struct str s, size_t i);
/* The same of what ends before i. */
size_t format_space_before(struct str s, size_t i);
struct str format_trim_start(struct str s);
struct str format_trim_end(struct str s);
struct str format_trim(struct str s);
/* Cuts the next line off rest, without its "\n". False at the end. */
bool format_line(struct str *rest, struct str *line);

/* format_sqlx.c: a whole file, before its empty lines are thinned out. */
bool format_sqlx(struct formatter *f, const struct format_text *text,
		 struct arena *arena, struct str *out, struct error *err);

/* format_guard.c */

#define FORMAT_NOWHERE UINT32_MAX

/* False, with err, if a means something else than b, or if that cannot be
 * known. where: a byte of a's text at or before which that begins, if it is
 * known. */
bool format_means_same(struct formatter *f, const struct format_text *a,
		       const struct format_text *b, struct arena *arena,
		       uint32_t *where, struct error *err);
bool format_refuse_change(struct error *err);

#endif
