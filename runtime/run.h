/*
 * One run, end to end: plan, lock, connect, execute, record. The only call
 * that the command line makes. It prints nothing: an observer is told.
 */
#ifndef RUNTIME_RUN_H
#define RUNTIME_RUN_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "runtime/clock.h"
#include "runtime/step.h"
#include "runtime/window.h"

struct arena;
struct buf;
struct graph;
struct past_run;
struct value;

struct run_options {
	const bool *selected; /* by action id */
	bool full_refresh;
	bool fail_fast;
	bool dry_run;
	/* Of windows: only the intervals that meet this period. */
	bool has_only;
	struct period only;
	int jobs;           /* 0: the target's own */
	uint32_t wait_ms;   /* for the lock, at most */
	struct strs reload; /* files to load again */
	/* How often an action that failed is tried again: RETRY_LIMIT. */
	int retry_limit;
	int64_t timeout_ms;             /* of compiling and running; 0: none */
	int64_t spent_ms;               /* of it, before the run */
	const struct value *asked;      /* for the journal; NULL */
	const struct past_run *resumes; /* NULL: none */
	/* The signal that asks to stop; SIGALRM when the time is up. */
	const atomic_int *interrupted; /* NULL: none comes */
	/* Becomes 1 when the run is to be left at once; NULL. */
	const atomic_int *insisted;
};

struct run;

/* An attempt that failed, and is made again after a while. */
struct retry {
	uint32_t step, attempt;
	const struct error *error;
	int64_t wait_ms;
};

struct run_observer {
	void *ctx;
	/* The plan is made; nothing runs yet. */
	void (*planned)(void *ctx, const struct run *r);
	/* A step's status changed: to RUNNING or a final one. */
	void (*changed)(void *ctx, const struct run *r, uint32_t step);
	/* May be NULL. */
	void (*retrying)(void *ctx, const struct run *r, const struct retry *t);
	/* At least four times a second, while something runs. */
	void (*tick)(void *ctx, const struct run *r);
	/* The run begins to wait for its lock, which is held as held says. */
	void (*waits)(void *ctx, const struct run *r, const struct error *held);
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
	struct str id;       /* 2026-11-22T10-02-11Z-4f1c */
	struct str resumes;  /* the run that it continues; unset for none */
	struct str database; /* as warehouse_identity() has it, once known */
	struct step *steps;
	uint32_t nsteps;
	struct clock clock; /* of all times here */
	int64_t started_ms, ended_ms;
	enum run_status status;
	uint32_t nok, nfailed, nskipped, nreused, nrunning, ndone;
	/* Left while jobs were under way: their threads still use what the run
	 * was given, and the process must end without waiting for them. */
	bool is_left;
	const char *results_path; /* unset in a dry run */
	struct strs notes;        /* about the run as a whole, each once */
	/* Why it could not be started, was ended before it was done, or what
	 * came of it not be written; else ERROR_NONE. */
	struct error error;
	struct refusals refusals; /* if actions are why: each with its place */
};

/* Runs (or with dry_run plans and checks) the selected actions. False if it
 * could not be started at all: err says why (usage, connection, lock). Failed
 * steps are no error here: see out->status, nor are results that could not be
 * written: see out->error. results.json is written on every way out. Everything
 * in out lives in arena. */
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

/* Sets err to: the run took too long. */
void run_set_timeout(const struct run_options *options, struct error *err);

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
