/* Errors and diagnostics on standard error, as --diagnostics asks. */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "cli/term.h"
#include "compiler/diag.h"

struct buf;
struct cli;

/* One operation that failed: "error: ..." and what to do. */
void render_error(struct cli *cli, const struct error *err);
/* The same for what goes on: "warning: ..."; not with --quiet. */
void render_warning(struct cli *cli, const struct error *about);
/* Everything known about a project, sorted. folder: its root as the user
 * would write it. --quiet leaves warnings out. */
void render_diags(struct cli *cli, const struct diags *d, const char *folder);

/* render_text.c: one diagnostic with its line and a caret; how many. */
void render_text(const struct diag *d, const struct term *t, struct buf *b);
void render_summary(const struct diags *d, const struct term *t, struct buf *b);
/* The line that holds span, behind its number, and carets below span. place:
 * of span's start. */
void render_excerpt(struct span span, struct position place,
		    const struct term *t, enum paint paint, struct buf *b);
/* render_data.c: as one line of JSON; as an annotation of GitHub's, with paths
 * that start with folder. */
void render_json(const struct diag *d, struct buf *b);
void render_github(const struct diag *d, const char *folder, struct buf *b);
void render_error_json(enum severity severity, const struct error *err,
		       struct buf *b);
void render_error_github(enum severity severity, const struct error *err,
			 struct buf *b);

#endif
