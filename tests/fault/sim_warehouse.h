/*
 * A warehouse of one process's, over a world that outlives it (sim_world.h).
 * Each call may meet a fault, by number or by chance.
 */
#ifndef TESTS_FAULT_SIM_WAREHOUSE_H
#define TESTS_FAULT_SIM_WAREHOUSE_H

#include <stdatomic.h>

#include "runtime/executor.h"
#include "tests/fault/sim_world.h"

enum { SIM_DIED = 3 }; /* exit status of a process that a fault ended */

struct sim {
	struct sim_world *world;
	const struct profile *profile;
	struct sim_crew *crew; /* NULL before the run has one */
	atomic_int interrupted;
	bool lock_lost;
	/* What the run connects with. */
	struct connector connector;
	struct time_source time;
};

void sim_start(struct sim *s, struct sim_world *w,
	       const struct profile *profile);

/* Something that the run does apart from the warehouse: it may die there. */
void sim_note(struct sim *s, const char *what);

#endif
