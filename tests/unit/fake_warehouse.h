/*
 * A warehouse without data that counts its calls, over all connections, and
 * fails one of them. It knows whether a connection is in a transaction.
 */
#ifndef TESTS_UNIT_FAKE_WAREHOUSE_H
#define TESTS_UNIT_FAKE_WAREHOUSE_H

#include <pthread.h>

#include "runtime/executor.h"
#include "runtime/warehouse/warehouse.h"

struct fake {
	int fail_at; /* the call that fails, from 1; 0 for none */
	enum error_kind fail_how;
	const char *broken;  /* statements that hold it always fail */
	const char *endless; /* those that hold it run until cancelled */
	bool deaf;           /* ... and succeed all the same */
	bool worn;           /* connections cannot be renewed */
	bool lost;    /* the connection with the run's lock, if there is one */
	bool refuses; /* nobody can connect, and another try is vain */
	int starting; /* so often the server says that it starts */
	bool lock_is_taken;         /* by another run */
	int broken_times;           /* ... so many times; 0: always */
	const char *sqlstate;       /* of what is broken */
	enum error_kind broken_how; /* ERROR_SQL if not set */
	bool in_doubt;              /* ... and may be done */
	const char *there; /* the action whose table is there, as a number */
	bool kept_lock;    /* what failed was giving the run's lock back */
	bool lost_claim;   /* ... or the claim of an operation's statement */
	bool lost_making;  /* ... or making what was not there */
	const char *count; /* what every query answers; "0" if NULL */
	const struct profile *profile;
	struct fake_crew *crew;              /* of fake_crew.h, or NULL */
	struct fake_connection *connections; /* that are open */
	pthread_mutex_t lock;
	pthread_cond_t cancelled;
	/* What was seen. */
	bool has_lock; /* one of them asked for the run's lock */
	int calls, opens, open_now, running_now, running_most, checks;
};

struct connector fake_start(struct fake *f, const struct profile *profile);
/* Closes what a run left open that was left itself. */
void fake_close_all(struct fake *f);
/* Fails the test if a connection is still open. */
void fake_end(struct fake *f);

#endif
