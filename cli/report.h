/* What a run looks like, line by line. Text only: progress.c decides when. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdint.h>

#include "base/buf.h"

struct arena;
struct diags;
struct error;
struct profile;
struct retry;
struct run;
struct term;

struct report {
	const struct term *term;
	struct arena *arena;
	size_t name_width; /* of the column of names */
	bool verbose;
};

/* Measures the names of the run's steps. */
void report_init(struct report *r, const struct run *run);
/* "load", "increment", else as the graph calls it. */
const char *report_type(const struct run *run, uint32_t step);
/* "dev: duckdb .weir/dev.duckdb"; nothing that may be secret. */
void report_target(const struct profile *p, struct arena *arena, struct buf *b);
/* The line of a step in a final state. */
void report_step(const struct report *r, const struct run *run, uint32_t step,
		 struct buf *b);
/* The line of an attempt that failed and is made again. */
void report_retry(const struct report *r, const struct run *run,
		  const struct retry *t, struct buf *b);
/* The line of a running step, cut to width columns; none if the terminal is
 * too narrow for it. */
void report_running(const struct report *r, const struct run *run,
		    uint32_t step, int64_t now_ms, size_t width, struct buf *b);
/* "... 2 running, 5 to go" */
void report_rest(const struct report *r, const struct run *run, size_t width,
		 struct buf *b);
/* The line of a statement that the warehouse points at; line is its number in
 * the user's file, 0 if that is not known. */
void report_excerpt(const struct term *t, struct str statement,
		    const struct error *err, uint32_t line, struct buf *b);
/* What every failed or refused step says, with sample rows, and an empty line
 * behind it. */
void report_failures(const struct report *r, const struct run *run,
		     struct buf *b);
/* The same as diagnostics, sorted. */
void report_diags(const struct run *run, struct diags *out);
/* The actions that kept a run from being started. */
void report_refusals(const struct run *run, struct diags *out);
/* What is to be known about the run, and an empty line behind it. */
void report_notes(const struct report *r, const struct run *run, struct buf *b);
/* "11 ok, 1 failed, 2 skipped in 0.6 s." */
void report_summary(const struct report *r, const struct run *run,
		    struct buf *b);
/* A dry run: what would be done and why, what the warehouse says of it. */
void report_plan(const struct report *r, const struct run *run, struct buf *b);

#endif
