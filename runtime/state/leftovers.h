/* What a run that was killed may have left, swept by the next. */
#ifndef RUNTIME_STATE_LEFTOVERS_H
#define RUNTIME_STATE_LEFTOVERS_H

struct arena;
struct graph;

/* Once the warehouse is open and locked, before anything runs. What cannot be
 * removed stays: it harms nobody. */
void leftovers_sweep(const struct graph *g, struct arena *arena);

#endif
