/*
 * One run, end to end: plan, lock, connect, execute, record. The only call
 * that the command line makes. It prints nothing: an observer is told.
 */
#ifndef RUNTIME_RUN_H
#define RUNTIME_RUN_H

#include <signal.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "runtime/clock.h"
#include "runtime/warehouse.h"

struct arena;
struct buf;
struct graph;

enum step_kind { STEP_LOAD, STEP_ACTION };

/* What is done to a step's target. */
enum deed {
	DEED_CREATE,  /* nothing of that name is there yet */
	DEED_REPLACE, /* it is built anew and takes the old one's place */
	DEED_INSERT,  /* rows are added */
	DEED_MERGE,   /* rows are added or, by unique key, updated */
	DEED_RUN,     /* an operation's statements */
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
	struct str why; /* of the deed, for the plan: "not there yet" */
	struct str sql; /* all its statements, as sent; may be unset before it
			 * ran where it depends on what is found then */
	uint32_t *deps; /* indexes of steps that must be done before */
	uint32_t ndeps;

	enum step_status status;
	int64_t started_ms, ended_ms; /* since 1970; 0: not yet */
	int64_t rows; /* added, or breaking an assertion; -1: not known */
	uint32_t files, files_skipped; /* of a load */
	struct str statement;          /* the one that failed, or the last */
	struct error error;            /* kind ERROR_NONE if it went well */
	uint32_t cause;        /* of a skipped one: the step that failed first;
				* UINT32_MAX for none */
	struct rows sample;    /* of a failed assertion */
	struct strs notes;     /* "partitionBy is ignored on duckdb" */
	enum sql_check check;  /* dry run: what the warehouse said */
	struct str check_text; /* "needs staging.events" */
};

struct run_options {
	const bool *selected; /* by action id */
	bool full_refresh;
	bool fail_fast;
	bool dry_run;
	int jobs;                                 /* 0: the target's own */
	struct strs reload;                       /* files to load again */
	const volatile sig_atomic_t *interrupted; /* becomes 1 or more; NULL */
};

struct run;

struct run_observer {
	void *ctx;
	/* The plan is made; nothing runs yet. */
	void (*planned)(void *ctx, const struct run *r);
	/* A step's status changed: to RUNNING or a final one. */
	void (*changed)(void *ctx, const struct run *r, uint32_t step);
	/* At least four times a second, while something runs. */
	void (*tick)(void *ctx, const struct run *r);
};

/* Why no run can have an action in it, as it stands. */
struct refusal {
	uint32_t action;       /* id in the graph */
	uint32_t line, column; /* of its file; 0 where they are not known */
	struct error error;
};

struct refusals {
	struct refusal *v;
	size_t n, cap;
};

enum run_status { RUN_OK, RUN_FAILED, RUN_CANCELLED };

struct run {
	const struct graph *graph;
	struct arena *arena;
	struct str id; /* 2026-11-22T10-02-11Z-4f1c */
	struct step *steps;
	uint32_t nsteps;
	struct clock clock; /* of all times here */
	int64_t started_ms, ended_ms;
	enum run_status status;
	uint32_t nok, nfailed, nskipped, nrunning, ndone;
	const char *results_path; /* unset in a dry run */
	struct strs notes;        /* about the run as a whole, each once */
	struct error error; /* why it could not be started; else ERROR_NONE */
	struct refusals refusals; /* if actions are why: each with its place */
};

/* Runs (or with dry_run plans and checks) the selected actions. False if it
 * could not be started at all: err says why (usage, connection, lock). Failed
 * steps are no error here: see out->status. results.json is written on every
 * way out. Everything in out lives in arena. */
MUST_CHECK bool run_graph(const struct graph *graph,
			  const struct run_options *options,
			  const struct run_observer *observer,
			  struct arena *arena, struct run *out,
			  struct error *err);

/* The same over connections that the caller makes: for tests. */
struct connector;
MUST_CHECK bool run_graph_over(const struct connector *connector,
			       const struct graph *graph,
			       const struct run_options *options,
			       const struct run_observer *observer,
			       struct arena *arena, struct run *out,
			       struct error *err);

const char *step_status_name(enum step_status s); /* "ok", "failed", ... */
const char *deed_name(enum deed d);
const char *run_status_name(enum run_status s);
/* "load", or as action_type_name: "table", "view", ... */
const char *step_type_name(const struct run *r, const struct step *s);

/* The line of the action's file that the warehouse refused, or where the
 * refused statement begins; false if it is not known. *column is 0 where only
 * the line is. */
bool step_origin(const struct run *r, const struct step *s, uint32_t *line,
		 uint32_t *column);

/* The run as results.json has it (docs/results.md). */
void results_print(const struct run *r, struct buf *out);

#endif
