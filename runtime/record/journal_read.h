/* A run as its journal tells it. */
#ifndef RUNTIME_RECORD_JOURNAL_READ_H
#define RUNTIME_RECORD_JOURNAL_READ_H

#include <stdint.h>

#include "base/error.h"
#include "base/map.h"
#include "base/str.h"
#include "base/value.h"

struct arena;

/* What to do about a journal that no run has left so. */
#define JOURNAL_HELP                                                           \
	"name another run: weir runs lists them; the folder of this one may "  \
	"be removed"

/* What is known of an action at the end of the journal; texts as written. */
struct past_action {
	struct str name, type, deed, status, hash;
	struct str error, cause; /* unset if there are none */
	struct str started, ended;
	int64_t rows;  /* -1: not known */
	bool warned;   /* when it was done, be it by a run before */
	bool in_doubt; /* as struct step has it */
};

struct past_run {
	struct str id, target, warehouse;
	struct str resumes; /* the ID of the run that it continues; or unset */
	struct str started, ended; /* of one that did not end: its last line */
	struct str status; /* "ok", ...; unset if the journal has no end */
	struct str error;  /* why the run was none, or ended; or unset */
	const struct value *asked;          /* NULL in an older journal */
	struct str database, database_hash; /* unset in an older journal */
	bool planned;                       /* before that it did nothing */
	uint32_t nactions;                  /* of the plan */
	struct past_action *actions; /* in the order of their first lines */
	uint32_t n;
	struct map by_name; /* to struct past_action */
	long holder;        /* the process that still runs it; 0 for none */
};

/* The process that writes the journal, or 0; of this one it says nothing. */
long journal_holder(const char *path);

/* Of a run that was killed as it started there is nothing, not even its ID. A
 * last line without its end was being written when the run was killed, and
 * is not there. Anything else that no run writes is ERROR_IO. */
MUST_CHECK bool journal_read(const char *path, struct arena *arena,
			     struct past_run *out, struct error *err);

/* "ok", "failed", "cancelled", "running" or "killed". */
struct str past_status(const struct past_run *r);
bool past_is_done(const struct past_action *a); /* ok, warn or reused */

#endif
