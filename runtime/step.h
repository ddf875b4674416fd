/* One step of a run: a load, or an action of the graph. */
#ifndef RUNTIME_STEP_H
#define RUNTIME_STEP_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "runtime/warehouse/warehouse.h"

struct load;

enum { STEP_HASH = 32 };

enum step_kind { STEP_LOAD, STEP_ACTION };

/* What is done to a step's target. */
enum deed {
	DEED_CREATE,        /* nothing of that name is there yet */
	DEED_REPLACE,       /* it is built anew and takes the old one's place */
	DEED_INSERT,        /* rows are added */
	DEED_MERGE,         /* rows are added or, by unique key, updated */
	DEED_DELETE_INSERT, /* those of the same unique key go first */
	DEED_OVERWRITE,     /* those of the same partitions go first */
	DEED_FILL,          /* intervals of time are computed anew */
	DEED_RUN,           /* an operation's statements */
	DEED_ASSERT,
	DEED_LOAD,
	DEED_NOTHING, /* disabled */
};

enum step_status {
	STATUS_WAITING,
	STATUS_RUNNING,
	STATUS_OK, /* this and all below are final */
	STATUS_FAILED,
	STATUS_SKIPPED, /* something it needs failed or was skipped */
	STATUS_DISABLED,
	STATUS_CANCELLED, /* the run was stopped before or while it ran */
	STATUS_REUSED,    /* the run that is resumed had done it */
};

enum sql_check {
	CHECK_NOT_ASKED,
	CHECK_OK,
	CHECK_PARTLY, /* there are statements that could not be asked about */
	CHECK_REFUSED,
	CHECK_UNKNOWN
};

/* One step of a run, for observers and results. */
struct step {
	enum step_kind kind;
	uint32_t action; /* id in the graph; of a load: its declaration */
	const struct load *load; /* of a load; else NULL */
	enum deed deed;
	/* Done twice, it may leave something else: it has a claim in the
	 * ledger. */
	bool once;
	/* Of what it is made from, in hexadecimal digits; the same if that has
	 * not changed. */
	char hash[STEP_HASH + 1];
	/* In a run that resumes another: that one had done all of it, or it may
	 * have claimed parts of it, which are this run's claims now. */
	bool reused, resumed;
	struct str why; /* of the deed, for the plan: "not there yet" */
	struct str sql; /* all its statements, as sent; may be unset before it
			 * ran where it depends on what is found then */
	uint32_t *deps; /* indexes of steps that must be done before */
	uint32_t ndeps;
	/* It is done in so many pieces; 0 and 1: in one. They may run at once,
	 * or one after another. */
	uint32_t npieces;
	bool in_turn;

	enum step_status status;
	int64_t started_ms, ended_ms; /* since 1970; 0: not yet */
	uint32_t attempts;            /* at the piece that took most */
	int64_t rows; /* added, or breaking an assertion; -1: not known */
	/* Of a window: to be done, and done; and when the one was that failed,
	 * of several that were filled. */
	uint32_t intervals, intervals_done;
	struct str interval;           /* "2026-11-20 to 2026-11-21" */
	uint32_t files, files_skipped; /* of a load */
	struct str statement;          /* the one that failed, or the last */
	/* It may have been done, or some of it, and nothing keeps that from
	 * being done again. */
	bool in_doubt;
	struct error error;    /* kind ERROR_NONE if it went well */
	uint32_t cause;        /* of a skipped one: the step that failed first;
				* UINT32_MAX for none */
	struct rows sample;    /* of an assertion that failed or warned */
	bool warned;           /* an assertion that is broken, and may be */
	struct str stored;     /* the table that has all of its rows */
	struct strs notes;     /* "partitionBy is ignored on duckdb" */
	enum sql_check check;  /* dry run: what the warehouse said */
	struct str check_text; /* "needs staging.events" */
};

const char *step_status_name(enum step_status s); /* "ok", "failed", ... */
/* Whether it is ok but for a warning; its outcome is "warn" then. */
bool step_has_warned(const struct step *s);
const char *step_outcome_name(const struct step *s);
const char *deed_name(enum deed d);
/* Whether rows are added to a table that stays. */
bool deed_adds_rows(enum deed d);

#endif
