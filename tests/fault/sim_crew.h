/*
 * A crew without threads: each of its hands is a coroutine, and at each call
 * of the warehouse chance decides who goes on. Nothing else is left to chance,
 * so a seed gives the same run again.
 */
#ifndef TESTS_FAULT_SIM_CREW_H
#define TESTS_FAULT_SIM_CREW_H

#include <stdbool.h>

struct crew;
struct execution;
struct sim_crew;
struct sim_world;

struct sim_crew *sim_crew_new(struct sim_world *w, const struct execution *e);
struct crew *sim_crew_base(struct sim_crew *c);

/* Lets others go on, if a hand of the crew calls it; c may be NULL. blocked:
 * it cannot go on before another has. False if it waits in vain: the others
 * wait for it. */
bool sim_crew_pause(struct sim_crew *c, struct sim_world *w, bool blocked);

#endif
