/*
 * What a simulated warehouse holds: relations, sessions, locks and claims. It
 * lies in memory that the processes of a run's lives share, so nothing in it
 * is a pointer, and it survives them.
 */
#ifndef TESTS_FAULT_SIM_WORLD_H
#define TESTS_FAULT_SIM_WORLD_H

#include <signal.h>

#include "base/error.h"
#include "runtime/run.h"
#include "runtime/warehouse/warehouse.h"
#include "tests/fault/sim_sql.h"

enum {
	SIM_RELATIONS_MAX = 96,
	SIM_ROWS_MAX = 48,
	SIM_SESSIONS_MAX = 96,
	SIM_CLAIMS_MAX = 512,
	SIM_LOCKS_MAX = 64,
	SIM_STEPS_MAX = 16,
	SIM_PARTS_MAX = 3,
	SIM_RETRIES = 3
};

struct sim_content {
	enum relation_kind kind;
	uint32_t nrows;
	uint64_t rows[SIM_ROWS_MAX];
	struct sim_query query; /* of a view */
};

/* A name. Who changes what stands under it has it locked until the
 * transaction ends; others see what is committed. */
struct sim_relation {
	char name[SIM_NAME];
	int locked_by; /* session, or -1 */
	bool is_temporary;
	struct sim_content committed, working;
	bool is_changed;  /* by the transaction that has it locked */
	uint32_t effects; /* committed changes since the chain began */
};

struct sim_claim {
	char run[SIM_NAME], action[SIM_NAME];
	uint32_t part;
	int owner; /* session; -1 when committed */
};

struct sim_lock {
	int64_t key;
	int owner; /* session; -1 for a free place */
	bool is_shared, until_commit;
};

enum sim_session_state {
	SESSION_FREE,
	SESSION_LIVE,
	SESSION_ZOMBIE /* its client is gone, and its last statement runs on */
};

struct sim_session {
	enum sim_session_state state;
	bool in_transaction, is_cancelled;
	bool has_pending; /* a statement was sent and is not done */
	struct sim_command pending;
};

/* What a run is to do, to judge what it did. */
struct sim_step {
	char name[SIM_NAME];                     /* of the action */
	char relations[SIM_PARTS_MAX][SIM_NAME]; /* that it changes */
	uint32_t nrelations;
	uint32_t deps[SIM_STEPS_MAX], ndeps; /* indexes */
	bool is_once;
	bool is_assertion, fails; /* there are rows that should not be */
	bool is_broken;
	/* In this life: how often its first statement was sent, and how it
	 * ended, as the run says. */
	uint32_t sent;
	bool is_told, in_doubt;
	enum step_status status;
	uint32_t before; /* effects on its last relation when it began */
};

enum sim_fault {
	FAULT_NONE,
	FAULT_DIE_BEFORE, /* the statement is never sent */
	FAULT_DIE_DURING, /* the server goes on with it */
	FAULT_DIE_AFTER,
	FAULT_LOSE_BEFORE,
	FAULT_LOSE_DURING,
	FAULT_LOSE_AFTER,
	FAULT_CONFLICT,  /* the transaction is undone; another may succeed */
	FAULT_DISK_FULL, /* undone, and no other will succeed */
	FAULT_DELAY,
	FAULT_INTERRUPT,
	FAULT_LOSE_LOCK,
	FAULT_KINDS
};

struct sim_world {
	struct sim_relation relations[SIM_RELATIONS_MAX];
	uint32_t nrelations;
	struct sim_session sessions[SIM_SESSIONS_MAX];
	struct sim_claim claims[SIM_CLAIMS_MAX];
	uint32_t nclaims;
	struct sim_lock locks[SIM_LOCKS_MAX];
	char schemas[8][SIM_NAME];
	uint32_t nschemas;
	struct sim_step steps[SIM_STEPS_MAX];
	uint32_t nsteps;
	uint64_t chance;
	int64_t clock_ms;
	/* Faults: one at a call, or 1 of so many calls (0: none), of nkinds. */
	uint32_t calls, life, fault_at, fault_one_of, first_fault, nkinds;
	enum sim_fault fault;
	uint32_t nfaults; /* that happened */
	/* What the run told: its id, and how it ended. */
	char run[SIM_NAME];
	bool has_ended, was_locked, is_over;
	enum run_status status;
	bool trace;
	char broken[400]; /* the invariant that was; "" for none */
};

/* Chance: the same seed gives the same numbers. */
uint64_t sim_random(struct sim_world *w);
uint32_t sim_below(struct sim_world *w, uint32_t n);

/* The relation of a name, which may be nothing yet. */
struct sim_relation *sim_relation(struct sim_world *w, const char *name);
int sim_session_open(struct sim_world *w);
/* Ends the session and undoes its transaction. */
void sim_session_end(struct sim_world *w, int session);
/* A client that is gone: what it had sent may go on without it. */
void sim_session_abandon(struct sim_world *w, int session, bool goes_on);
/* Undoes the session's transaction, if there is one. */
void sim_roll_back(struct sim_world *w, int session);

/* A statement was sent that changes the relation. */
void sim_note_sent(struct sim_world *w, const char *relation);

enum sim_result { SIM_DONE, SIM_REFUSED, SIM_BLOCKED };

struct sim_answer {
	int64_t rows;
	uint64_t count;
	bool has_next, has_lock;
	bool parts[SIM_PARTS_MAX + 1]; /* by number */
	char actions[SIM_STEPS_MAX][SIM_NAME];
	uint32_t min_part[SIM_STEPS_MAX], nactions;
};

/* Fills err; SIM_REFUSED. */
enum sim_result sim_refuse(struct error *err, const char *state,
			   const char *text, const char *name);

/* Does a statement, all or nothing; SIM_BLOCKED if another transaction must
 * end first. */
enum sim_result sim_do(struct sim_world *w, int session,
		       const struct sim_command *c, struct sim_answer *out,
		       struct error *err);

/* One session whose client is gone does what it has left, if it can. False
 * if there is none that could. */
bool sim_zombie_step(struct sim_world *w);
bool sim_has_zombies(const struct sim_world *w);

/* Notes the first invariant that was broken. */
void sim_broken(struct sim_world *w, const char *fmt, ...) PRINTF(2, 3);

#endif
