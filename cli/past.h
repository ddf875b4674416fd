/* Runs of the past, for people and for programs. */
#ifndef CLI_PAST_H
#define CLI_PAST_H

#include "base/buf.h"
#include "base/json_write.h"
#include "runtime/record/runs.h"

struct term;

/* Milliseconds between two times of a journal; -1 if they are not known. */
int64_t past_milliseconds(struct str from, struct str to);

/* One line of a list. */
void past_put_line(const struct past_run *r, const struct term *t,
		   struct buf *b);
/* One object of a list. */
void past_put_json(const struct past_run *r, struct json_writer *w);

/* What is known of a run, in the shape of results.json, from that file or, if
 * the run was killed, from its journal. */
MUST_CHECK bool past_read_results(const struct run_folder *f,
				  struct arena *arena, struct str *out,
				  struct error *err);
/* The same for people. */
void past_put_results(const struct value *results, const struct term *t,
		      struct arena *arena, struct buf *b);

#endif
