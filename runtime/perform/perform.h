/* Does one piece of a step over one connection. No threads, no schedule. */
#ifndef RUNTIME_PERFORM_PERFORM_H
#define RUNTIME_PERFORM_PERFORM_H

#include <stdatomic.h>

#include "runtime/load/load.h"
#include "runtime/plan/plan.h"
#include "runtime/stopper.h"

struct warehouse;

/* What came of a step; in the arena of whoever asked for it. Zero before the
 * first attempt; the next one is given what the one before left. */
struct outcome {
	int64_t rows;         /* -1: not known */
	struct str statement; /* the one that failed, or the main one */
	struct str makes;     /* of the one that failed (struct statement) */
	struct rows sample;
	bool warned;       /* an assertion that is broken, and may be */
	struct str stored; /* the table that has all rows that break it */
	struct strs notes;
	struct load_result loaded; /* of a load, by all attempts so far */
	uint32_t intervals;        /* of a window, that were done */
	struct str interval;       /* or when the one was that failed */
	bool session_used;         /* statements of the user's own were sent */
	/* Something was done, or may have been, that no claim keeps from being
	 * done again: there must be no other attempt. */
	bool is_bare;
	enum deed deed; /* as decided by this attempt */
	struct str why;
	struct error error;
};

struct performer {
	const struct plan *plan;
	struct warehouse *warehouse;
	const struct strs *reload; /* files to load again */
	uint32_t attempt;          /* from 1 */
	int64_t timeout_ms;        /* of its statements; 0: none */
	struct str run;            /* its id */
	/* Whether the step would be in doubt, if it were left just now: what
	 * is_bare says and what is under way. Read by another thread. */
	atomic_bool *in_doubt;
	/* Asked before each statement, and while files are read. */
	struct stopper stop;
};

#define STEP_WAS_DONE "had been done before"

/* Adds a note. */
void outcome_note(struct outcome *o, struct arena *arena, struct str text);

/* False if it failed or was stopped: out->error says why. The connection is
 * in no transaction then. */
bool perform(const struct performer *p, uint32_t step, uint32_t piece,
	     struct arena *arena, struct outcome *out);

/* Whether the ledger may know of an earlier attempt at a step. */
bool perform_looks_first(const struct performer *p, uint32_t step);

/* For a dry run: sets the step's sql, check and check_text; of a load its
 * files and notes. */
void perform_check(const struct plan *plan, struct warehouse *w,
		   const struct strs *reload, uint32_t step,
		   struct arena *arena);

#endif
