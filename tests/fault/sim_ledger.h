/* Advisory locks, and the claims of the ledger, of a simulated warehouse. */
#ifndef TESTS_FAULT_SIM_LEDGER_H
#define TESTS_FAULT_SIM_LEDGER_H

#include "tests/fault/sim_world.h"

/* SIM_BLOCKED if another session has it; SIM_REFUSED if there is no wish to
 * wait. */
enum sim_result sim_take_lock(struct sim_world *w, int session,
			      const struct sim_command *c);
/* The lock and the place behind it: which of them were had is in out. */
enum sim_result sim_try_lock(struct sim_world *w, int session,
			     const struct sim_command *c,
			     struct sim_answer *out);
void sim_free_lock(struct sim_world *w, int session, int64_t key);

enum sim_result sim_claim_parts(struct sim_world *w, int session,
				const struct sim_command *c, struct error *err);
enum sim_result sim_carry(struct sim_world *w, int session,
			  const struct sim_command *c);
enum sim_result sim_done_actions(struct sim_world *w,
				 const struct sim_command *c,
				 struct sim_answer *out);
enum sim_result sim_done_parts(struct sim_world *w, const struct sim_command *c,
			       struct sim_answer *out);

#endif
