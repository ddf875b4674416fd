/* Runs of small graphs on a real warehouse, and questions about the result. */
#ifndef TESTS_UNIT_REAL_RUN_H
#define TESTS_UNIT_REAL_RUN_H

#include "runtime/run.h"
#include "tests/unit/graph_maker.h"
#include "tests/unit/warehouses.h"

struct real {
	struct made made;
	struct run_options options;
	struct run run;
	struct error err;
	char root[32];
	void (*change)(struct warehouse *w);
	/* While real_run_at() runs. */
	struct warehouse *first;
	struct time_source time;
	int64_t now_ms;
};

/* A test on one warehouse, or one on each. */
#define ON(warehouse, fn)                                                      \
	{                                                                      \
#fn " (" #warehouse ")", fn, real_##warehouse, real_end, NULL  \
	}
#define ON_DUCKDB(fn)   ON(duckdb, fn)
#define ON_POSTGRES(fn) ON(postgres, fn)
#define ON_BOTH(fn)     ON_DUCKDB(fn), ON_POSTGRES(fn)

/* For cmocka's setup and teardown; *state becomes a struct real. Schemas s
 * and checks are empty. */
int real_duckdb(void **state);
int real_postgres(void **state);
int real_end(void **state);

/* The state; the test is skipped if there is no such warehouse. */
struct real *real_or_skip(void **state);

/* Runs all actions that are selected. The run must start. */
void real_run(struct real *r);
/* The same, and that action must end well. */
void real_run_ok(struct real *r, const char *name);
/* Table s.t of (a, b), built once. */
struct action *real_table(struct real *r);
/* Runs all at a time of the test's choice, "2026-01-02 03:00". Connections go
 * through change, if it is set. What is tried again is so at once. */
void real_run_at(struct real *r, const char *time);
/* The status of an action, "ok" or "failed: why". */
const char *real_status(struct real *r, const char *name);
const struct step *real_step(struct real *r, const char *name);

/* Outside of a run: a session of its own, which the caller closes. */
void real_open(struct real *r, struct test_warehouse *t);
/* Outside of a run: statements that must succeed, and the rows of a query,
 * "a|b;c|NULL". */
void real_do(struct real *r, const char *sql);
const char *real_ask(struct real *r, const char *sql);

#endif
