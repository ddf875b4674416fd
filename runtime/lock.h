/*
 * Locks between processes, kept by the warehouse for as long as a connection
 * lasts, so that whatever ends a process ends its locks. A DuckDB file belongs
 * to one process anyway: nothing is done there.
 */
#ifndef RUNTIME_LOCK_H
#define RUNTIME_LOCK_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct arena;
struct target;
struct warehouse;

/* The number that locks "what" of that name: one of all our locks. */
uint64_t lock_key(const char *what, struct str name);

/* The lock of a whole run. ERROR_LOCKED says who has it. run: its id, for
 * those who will be refused. */
MUST_CHECK bool lock_run(struct warehouse *w, struct str name, struct str run,
			 struct arena *arena, struct error *err);
/* The server ends a session some time after its connection was closed: a run
 * that follows must not find the lock of the one before. */
void unlock_run(struct warehouse *w, struct str name, struct arena *arena);

/* The lock of a load on the table that it fills; waits for it. */
MUST_CHECK bool lock_table(struct warehouse *w, const struct target *t,
			   struct arena *arena, struct error *err);
void unlock_table(struct warehouse *w, const struct target *t,
		  struct arena *arena);

#endif
