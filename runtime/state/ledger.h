/*
 * weir_steps, a table in the run's default schema: what has been committed of
 * the steps that must not be done twice. Each commits its line, its claim, in
 * its own transaction, so that the warehouse itself says whether it was done.
 */
#ifndef RUNTIME_STATE_LEDGER_H
#define RUNTIME_STATE_LEDGER_H

#include "base/error.h"
#include "base/map.h"
#include "base/str.h"

struct arena;
struct dialect;
struct graph;
struct warehouse;

struct ledger {
	const struct dialect *dialect;
	struct str run;   /* whose claims it writes */
	struct str lock;  /* the name of its lock */
	struct str table; /* as SQL names it, whatever a session has set */
};

/* Finds out what the ledger is called. */
MUST_CHECK bool ledger_open(struct ledger *l, struct warehouse *w,
			    const struct graph *g, struct str run,
			    struct arena *arena, struct error *err);
/* Makes the table if it is not there; its schema must be. What runs of long
 * ago wrote is deleted. */
MUST_CHECK bool ledger_make(const struct ledger *l, struct warehouse *w,
			    const struct graph *g, struct arena *arena,
			    struct error *err);

/* The statement that claims parts first to last of an action ("schema.name"):
 * the statements of an operation, from 1; of others their pieces. On PostgreSQL
 * it also takes two locks of the run's transactions, shared, until the
 * transaction ends: by the run, and by its lock's name. */
struct str ledger_claim(const struct ledger *l, struct arena *arena,
			struct str action, uint32_t first, uint32_t last);
/* Whether a refused claim says that the part had been done. */
bool ledger_is_done(const struct error *refused);

/* By action: a bool that says whether its part 0 is there, of all that has
 * claims of another run. None if there is no table. */
MUST_CHECK bool ledger_read_run(const struct ledger *l, struct warehouse *w,
				const struct graph *g, struct str run,
				struct arena *arena, struct map *out,
				struct error *err);
/* What another run claimed of these actions is claimed by this run. */
MUST_CHECK bool ledger_carry(const struct ledger *l, struct warehouse *w,
			     struct str run, const struct strs *actions,
			     struct arena *arena, struct error *err);
/* Waits, a minute at most, until no transaction of that run is open in the
 * server any more. */
MUST_CHECK bool ledger_wait(struct warehouse *w, struct str run,
			    struct arena *arena, struct error *err);

/* By part, 0 to nparts - 1: whether it was done. */
MUST_CHECK bool ledger_read(const struct ledger *l, struct warehouse *w,
			    struct arena *arena, struct str action,
			    bool *is_done, uint32_t nparts, struct error *err);

#endif
