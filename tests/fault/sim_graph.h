/* Graphs for simulated runs, whose queries the simulated warehouse knows. */
#ifndef TESTS_FAULT_SIM_GRAPH_H
#define TESTS_FAULT_SIM_GRAPH_H

struct made;
struct sim_world;

/* One of each kind of action. */
void sim_fixed_graph(struct sim_world *w, struct made *m);
/* By the world's chance. */
void sim_random_graph(struct sim_world *w, struct made *m);

#endif
