/*
 * Locks between processes, kept by the warehouse for as long as a connection
 * lasts, so that whatever ends a process ends its locks. DuckDB has none: there
 * a run locks its database by lock_file.h, and nothing is done here.
 */
#ifndef RUNTIME_STATE_LOCK_H
#define RUNTIME_STATE_LOCK_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct arena;
struct graph;
struct target;
struct warehouse;

/* The number that locks "what" of that name: one of all our locks. */
uint64_t lock_key(const char *what, struct str name);

/* Under which runs exclude each other. */
struct str lock_name(const struct graph *g);
/* The number that transactions of a run lock, shared, if they must not be
 * beside one of the next run: that of a run that lost its lock, or was killed,
 * may still go on. */
uint64_t lock_work_key(struct str name);

/* The lock of a whole run, and the place behind it: whoever has that has the
 * lock next. */
struct run_lock {
	struct str name;
	bool is_next, is_held;
	bool is_alone; /* nothing of a run before goes on, or it is ours */
};

/* ERROR_LOCKED says who has the lock, or, when l has it, whose work goes on;
 * another try may follow on the same connection. run: its id, for those who
 * will be refused. */
MUST_CHECK bool lock_run(struct warehouse *w, struct run_lock *l,
			 struct str run, struct arena *arena,
			 struct error *err);
/* Gives up what l has. The server ends a session some time after its
 * connection was closed: a run that follows must not find it locked. */
void unlock_run(struct warehouse *w, struct run_lock *l, struct arena *arena);

/* The lock of a load on the table that it fills; waits for it. */
MUST_CHECK bool lock_table(struct warehouse *w, const struct target *t,
			   struct arena *arena, struct error *err);
void unlock_table(struct warehouse *w, const struct target *t,
		  struct arena *arena);

#endif
