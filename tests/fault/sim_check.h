/* What must hold of a simulated run, whatever faults it met. The first that
 * does not is in w->broken. */
#ifndef TESTS_FAULT_SIM_CHECK_H
#define TESTS_FAULT_SIM_CHECK_H

#include "tests/fault/sim_world.h"

struct arena;

/* NULL if there is none of that name. */
struct sim_step *sim_step_of(struct sim_world *w, const char *name);
/* What the step changes last. */
const char *sim_last_relation(const struct sim_step *s);

/* After a life: what the run said of its steps is so. */
void sim_check_told(struct sim_world *w);
/* The same of what its journal says, which is of whole lines. */
void sim_check_journal(struct sim_world *w, const char *root,
		       struct arena *arena);
/* Nothing was done more often than it may be. */
void sim_check_effects(struct sim_world *w);
/* After a run that ended by itself: no session is open. */
void sim_check_quiet(struct sim_world *w);
/* Both have the same rows, and w nothing that is not to stay. */
void sim_check_same(struct sim_world *w, struct sim_world *expected);

#endif
