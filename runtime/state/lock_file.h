/*
 * The lock of a database that is a file: PATH.weir-lock beside it, which is
 * never removed. The system takes the lock from a process that ends, however
 * it ends, so a file that was left behind locks nobody out.
 */
#ifndef RUNTIME_STATE_LOCK_FILE_H
#define RUNTIME_STATE_LOCK_FILE_H

#include "base/error.h"
#include "base/str.h"

struct arena;

struct lock_file { /* zeroed: nothing is held */
	int fd;
	bool is_open, is_next, is_held;
};

/* Takes the lock of a database for a run; fine if l has it. ERROR_LOCKED says
 * who has it: l is next in line then, or was not, and may try again. The
 * database's folder is made if it is missing. */
MUST_CHECK bool lock_file_take(struct lock_file *l, const char *database,
			       struct str run, struct arena *arena,
			       struct error *err);
void lock_file_release(struct lock_file *l);
/* False, with ERROR_LOCKED, if a run of another process has the lock. */
MUST_CHECK bool lock_file_is_free(const char *database, struct arena *arena,
				  struct error *err);

#endif
