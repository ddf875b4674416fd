/*
 * How a warehouse writes names and values, and what it can do. Text only: no
 * connection. Names from a project reach SQL through these functions alone.
 */
#ifndef COMPILER_DIALECT_H
#define COMPILER_DIALECT_H

#include "base/buf.h"
#include "base/str.h"

struct target;

enum warehouse_kind {
	WAREHOUSE_BIGQUERY,
	WAREHOUSE_DUCKDB,
	WAREHOUSE_POSTGRES
};

struct dialect {
	enum warehouse_kind kind;
	const char *name;      /* as in weir.yaml: "bigquery", "duckdb", ... */
	bool has_database;     /* names may have three parts */
	bool folds_case;       /* names that differ only in case are one */
	size_t max_identifier; /* bytes; finish.c refuses longer ones */
	int jobs;              /* actions at once, unless the user says */
};

extern const struct dialect dialect_bigquery, dialect_duckdb, dialect_postgres;

/* NULL if there is no such warehouse. */
const struct dialect *dialect_find(struct str name);

/* BigQuery: `db.schema.name` in one pair of backticks, only an unset database
 * is left out; else "schema"."name", quotes doubled, or "name" without one. */
void dialect_put_target(const struct dialect *d, struct buf *b,
			const struct target *t);
void dialect_put_ident(const struct dialect *d, struct buf *b, struct str name);
/* A string literal. */
void dialect_put_string(const struct dialect *d, struct buf *b, struct str s);
/* The same for a row condition that an assertion names: on BigQuery as
 * Dataform writes it, line breaks and all. */
void dialect_put_condition(const struct dialect *d, struct buf *b,
			   struct str condition);

#endif
