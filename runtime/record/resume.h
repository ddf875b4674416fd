/* What a run takes over from the one that it resumes. */
#ifndef RUNTIME_RECORD_RESUME_H
#define RUNTIME_RECORD_RESUME_H

#include "base/map.h"
#include "runtime/plan/plan.h"
#include "runtime/record/journal_read.h"

struct ledger;
struct warehouse;

struct resume {
	struct past_run base; /* whose work stands */
	struct map claims;    /* its claims: see ledger_read_run() */
};

/* Finds the run whose work stands, and waits for what it left running in the
 * server: before anything is looked up there, but with the run's lock held. own
 * is the ID of the run that resumes. */
MUST_CHECK bool resume_start(struct resume *r, const struct graph *g,
			     const struct past_run *resumed, struct str own,
			     struct warehouse *w, struct arena *arena,
			     struct error *err);

/* Adds, by action id, what else is to be looked up in the warehouse than a run
 * needs that resumes none. */
void resume_looks_up(const struct graph *g, const bool *selected, bool *wanted);

/* Decides for each step whether it is reused, or goes on where its claims end.
 * Pure. The steps have their hashes. */
void resume_decide(const struct resume *r, struct plan *plan,
		   struct arena *arena);

/* Makes the claims of steps that go on those of this run. */
MUST_CHECK bool resume_carry(const struct resume *r, const struct plan *plan,
			     const struct ledger *l, struct warehouse *w,
			     struct arena *arena, struct error *err);

#endif
