/*
 * DuckDB's library, loaded when a DuckDB target is used and never before:
 * whoever runs on another warehouse needs none. Only the DuckDB driver
 * includes this.
 */
#ifndef RUNTIME_WAREHOUSE_WAREHOUSE_DUCKDB_H
#define RUNTIME_WAREHOUSE_WAREHOUSE_DUCKDB_H

#include <duckdb.h>

#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"

struct arena;
struct cell_source;
struct target;

/* duckdb->open_ext is duckdb_open_ext() and so on, of the header's types. */
struct duckdb_library {
#define SYMBOL(name) __typeof__(duckdb_##name) *name;
#include "runtime/warehouse/warehouse_duckdb_symbols.def"
#undef SYMBOL
};

/* Finds and loads the library; it stays loaded until the process ends. */
MUST_CHECK bool duckdb_library_load(struct duckdb_library *out,
				    struct error *err);

/* Opens the database in a file, which is made with its folder if it is not
 * there, or one in memory if path is NULL. */
MUST_CHECK bool duckdb_file_open(const struct duckdb_library *lib,
				 const char *path, struct arena *arena,
				 duckdb_database *out, struct error *err);

/* Fills err from DuckDB's message, which is JSON on our connections, for a
 * statement that starts at byte skip of what DuckDB was given as sql. */
bool duckdb_error_set(struct error *err, const char *message, struct str sql,
		      size_t skip);

/* Appends rows; *cancelled is looked at now and then. Nothing is rolled back
 * here. */
bool duckdb_append_rows(const struct duckdb_library *lib,
			duckdb_connection connection, const struct target *t,
			const struct cell_source *from,
			const atomic_bool *cancelled, int64_t *rows,
			struct error *err);

#endif
