/*
 * The journal of a run: one JSON object a line, one write() a line, so that
 * whatever kills the process leaves whole lines and at most a torn last one.
 * docs/results.md describes the lines.
 */
#ifndef RUNTIME_RECORD_JOURNAL_H
#define RUNTIME_RECORD_JOURNAL_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "runtime/step.h"

struct journal;
struct retry;
struct run;
struct value;

/* Makes path, which must not be there, and holds a lock on it for as long as
 * this process lives and opens it by no other way: see journal_holder(). */
MUST_CHECK bool journal_open(const char *path, struct journal **out,
			     struct error *err);
/* Writes what is still unsynced to the disk; j may be NULL. */
void journal_close(struct journal *j);

/* What is needed to ask for the same again. asked: of whoever started it; may
 * be NULL. A text in it that holds a secret becomes null. */
void journal_start(struct journal *j, const struct run *r,
		   const struct value *asked);
/* The steps are known. What is reused, and what the ledger may know of, has a
 * line before that; nothing has been done until then. False if there is such a
 * step, and the disk does not have all of it: the run must not begin. */
MUST_CHECK bool journal_plan(struct journal *j, const struct run *r,
			     int64_t now_ms, struct error *err);
/* Of a database's name, as that line has it. */
void journal_hash(struct str text, char out[STEP_HASH + 1]);
/* The step's status as it is now. */
void journal_step(struct journal *j, const struct run *r, uint32_t step,
		  int64_t now_ms);
void journal_retry(struct journal *j, const struct run *r,
		   const struct retry *t, int64_t now_ms);
void journal_end(struct journal *j, const struct run *r);

/* To be called now and then: syncs lines that are older than 100 ms. */
void journal_tick(struct journal *j, int64_t now_ms);

/* False if a line could not be written since the start, and why. */
bool journal_is_whole(const struct journal *j, struct error *err);

#endif
