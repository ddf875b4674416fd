/* Errors and diagnostics on standard error, as --diagnostics asks. */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "compiler/diag.h"

struct buf;
struct cli;
struct term;

/* One operation that failed: "error: ..." and what to do. */
void render_error(struct cli *cli, const struct error *err);

#endif
