/*
 * What a run will do: one step for each load and selected action, in an order
 * in which they may run. Pure: what the warehouse holds is given.
 */
#ifndef RUNTIME_PLAN_PLAN_H
#define RUNTIME_PLAN_PLAN_H

#include "runtime/run.h"
#include "runtime/sql/sql.h"

struct arena;
struct audits;
struct graph;
struct ledger;
struct relation;
struct window_book;
struct window_plan;

struct plan_request {
	const struct graph *graph;
	const bool *selected; /* by action id */
	/* By action id: what stands under its name, where plan_looks_up says
	 * that it must be known. */
	const struct relation *found;
	bool full_refresh;
	struct str run; /* its id */
	/* Where once-steps say that they are done; NULL: nowhere. */
	const struct ledger *ledger;
	/* Of windows: by action id what is done, NULL if there is none; when
	 * the run started; and whether only a period is to be done. */
	const struct window_book *books;
	int64_t now_ms;
	bool has_only;
	struct period only;
};

struct plan {
	const struct plan_request *request;
	struct step *steps;
	uint32_t nsteps;
	uint32_t *step_of;            /* by action id; UINT32_MAX for none */
	struct strs schemas;          /* that must be there before */
	struct strs notes;            /* about the run as a whole */
	struct window_plan **windows; /* by step; NULL if it is none */
	struct error *refused;        /* by step: set if it cannot be done */
	struct audits *audits;        /* by action id; NULL if there are none */
	struct refusals refusals;     /* any of them stops the whole run */
	/* The steps that wait for step i: above[above_at[i]..above_at[i+1]] */
	uint32_t *above, *above_at;
};

/* By action id: whether the plan depends on what the warehouse has under its
 * name; for a dry run also where it is only read. */
bool *plan_looks_up(const struct graph *g, const bool *selected, bool dry_run,
		    struct arena *arena);

/* False if an action asks for what the target cannot do: ERROR_CONFIG, the
 * first of out->refusals. The request must outlive the plan. */
MUST_CHECK bool plan_make(const struct plan_request *request,
			  struct arena *arena, struct plan *out,
			  struct error *err);

bool plan_has_once(const struct plan *p);

/* What is done to a step's target, which is as it was found. */
struct decision {
	const struct relation *found;
	enum deed deed;
	struct str why;
	const struct error *refused; /* kind ERROR_NONE if it can be done */
};

/* Of a step: as it was planned; and anew, for what is found by now. The plan
 * is only read, here and below: by any thread, too. */
struct decision plan_decided(const struct plan *p, uint32_t step);
void plan_decide(const struct plan *p, uint32_t step,
		 const struct relation *found, struct arena *arena,
		 struct decision *out);
/* Whether that may be another deed than was planned. */
bool plan_may_change(const struct plan *p, uint32_t step);

/* The SQL of a piece of an action's step. */
void plan_sql(const struct plan *p, uint32_t step, uint32_t piece,
	      const struct decision *now, struct arena *arena,
	      struct sql_task *out);
/* The same with the rest of the script for the columns that were found. */
void plan_sql_changed(const struct plan *p, uint32_t step, uint32_t piece,
		      const struct decision *now,
		      const struct schema_change *change, struct arena *arena,
		      struct sql_task *out);
/* What to run when that was refused with its otherwise_if. */
void plan_sql_otherwise(const struct plan *p, uint32_t step,
			const struct decision *now, struct arena *arena,
			struct script *out);

/* For a dry run: false if an input of the step is not there yet, and the id of
 * its action. */
bool plan_has_inputs(const struct plan *p, uint32_t step, uint32_t *missing);

#endif
