/* Warehouses for tests: DuckDB in memory, and PostgreSQL where $PGURL says. */
#ifndef TESTS_UNIT_WAREHOUSES_H
#define TESTS_UNIT_WAREHOUSES_H

#include <stdatomic.h>

#include "compiler/graph.h"
#include "runtime/warehouse/warehouse.h"

struct test_warehouse {
	struct profile profile;
	struct warehouse *w;
	struct arena *arena; /* freed with it */
	bool missing;        /* there is no such warehouse here: skip */
};

/* For cmocka's setup and teardown; *state becomes a struct test_warehouse. */
int open_duckdb(void **state);
int open_postgres(void **state);
int close_warehouse(void **state);

/* Why PostgreSQL could not be opened so; interrupted may be NULL. */
struct error open_refused(const char *connection,
			  const atomic_int *interrupted);

/* The state, opened; or the test is skipped. */
struct test_warehouse *warehouse_or_skip(void **state);

/* Runs statements that must succeed; returns the count of rows. */
int64_t must_run(struct test_warehouse *t, const char *sql);
/* The rows of a query that must succeed, "a|b;c|NULL". */
const char *must_query(struct test_warehouse *t, const char *sql);

#endif
