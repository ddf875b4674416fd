/* Whether what a step is made from has changed between two runs. */
#ifndef RUNTIME_PLAN_STEP_HASH_H
#define RUNTIME_PLAN_STEP_HASH_H

#include "runtime/step.h"

struct graph;

/* Sets the step's hash. */
void step_set_hash(const struct graph *g, struct step *s);

#endif
