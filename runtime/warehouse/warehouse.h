/*
 * One connection to a warehouse, whichever it is. It belongs to one worker
 * thread; only cancel may be called from another. Drivers keep no global
 * state, print nothing and never retry: the executor does. SQL text is made
 * elsewhere (sql.h).
 */
#ifndef RUNTIME_WAREHOUSE_WAREHOUSE_H
#define RUNTIME_WAREHOUSE_WAREHOUSE_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct arena;
struct cell_source;
struct profile;
struct target;

/* Result of a query. A NULL value has p == NULL. Numbers, times and so on as
 * the warehouse writes them. */
struct rows {
	struct str *columns;
	uint32_t ncolumns;
	struct str *values; /* nrows * ncolumns, row by row */
	uint32_t nrows;
	bool truncated; /* there were more than max_rows */
};

enum relation_kind {
	RELATION_NONE,
	RELATION_TABLE,
	RELATION_VIEW,
	RELATION_OTHER
};

/* What the warehouse has under a name. */
struct relation {
	enum relation_kind kind;
	bool is_partitioned; /* a table that cannot be replaced as one */
	struct strs columns; /* names in order, of those that can be filled */
	struct strs types;   /* as the warehouse writes them */
};

struct warehouse { /* drivers embed this as their first member */
	const struct warehouse_ops *ops;
	const struct profile *profile;
};

/* Errors of these may hold the profile's secrets: whoever lets them out of
 * runtime/ hides them. */
struct warehouse_ops {
	/* Runs statements one by one outside of or inside whatever transaction
	 * they open themselves; stops at the first that fails. *rows is the
	 * count that the last INSERT, UPDATE, DELETE, MERGE, COPY or CREATE
	 * TABLE AS reported, -1 if none did. After a failure the connection is
	 * in no transaction. */
	bool (*execute)(struct warehouse *w, struct str sql, int64_t *rows,
			struct error *err);
	/* Runs one query; keeps at most max_rows. */
	bool (*query)(struct warehouse *w, struct str sql, uint32_t max_rows,
		      struct arena *arena, struct rows *out, struct error *err);
	/* Looks a name up. A failed look-up is an error, never "not there". */
	bool (*describe)(struct warehouse *w, const struct target *t,
			 struct arena *arena, struct relation *out,
			 struct error *err);
	/* Asks the warehouse to check a statement without doing anything. */
	bool (*check)(struct warehouse *w, struct str sql, struct error *err);
	/* Adds rows to the table's columns of those names. A transaction must
	 * be open, and is rolled back when this fails. */
	bool (*append)(struct warehouse *w, const struct target *t,
		       const struct cell_source *from, int64_t *rows,
		       struct error *err);
	/* Rolls a transaction back that statements left open; false if there
	 * was none. */
	bool (*end_transaction)(struct warehouse *w);
	/* Whether a transaction is open that statements began. */
	bool (*in_transaction)(struct warehouse *w);
	/* Forgets what statements set for their session: settings, roles,
	 * temporary tables. No cancel may come meanwhile; after a failure the
	 * connection is fit to be closed only. */
	bool (*renew)(struct warehouse *w, struct error *err);
	/* Whether the connection still stands, as far as is known without
	 * asking. Nothing runs on it. */
	bool (*is_open)(struct warehouse *w);
	/* The server and database it is connected to; NULL of a driver whose
	 * database is a file. */
	struct str (*server)(struct warehouse *w, struct arena *arena);
	/* Stops whatever runs on w, in the warehouse too; it then fails with
	 * ERROR_CANCELLED. The connection does no work after that. Any thread;
	 * it may take its time. */
	void (*cancel)(struct warehouse *w);
	void (*close)(struct warehouse *w);
};

/* Connects; the caller closes it. root is the project's folder, from which a
 * relative DuckDB path counts. Several connections of one profile share one
 * DuckDB instance: give the first one as sibling, else NULL. When
 * *interrupted is no longer 0, whatever waits for a server, then or later,
 * gives up with ERROR_CANCELLED; NULL for never. */
MUST_CHECK bool warehouse_open(const struct profile *profile, const char *root,
			       struct warehouse *sibling,
			       const atomic_int *interrupted,
			       struct warehouse **out, struct error *err);
/* Does what takes time before the first warehouse_open() and needs no
 * connection. Any thread; what goes wrong is said when it is opened. */
void warehouse_get_ready(const struct profile *profile);
/* The file that a database is, NUL-terminated; NULL where it is none. */
const char *warehouse_file(const struct profile *profile, const char *root,
			   struct arena *arena);
/* Which database w is connected to, whatever its target is called: the file,
 * with its links followed, or "host:port/name". Unset if it cannot be said. It
 * may hold secrets of the profile. */
struct str warehouse_identity(struct warehouse *w, const char *root,
			      struct arena *arena);
void warehouse_get_duckdb_ready(void);
MUST_CHECK bool warehouse_open_duckdb(const struct profile *profile,
				      const char *root,
				      struct warehouse *sibling,
				      struct warehouse **out,
				      struct error *err);
MUST_CHECK bool warehouse_open_postgres(const struct profile *profile,
					const atomic_int *interrupted,
					struct warehouse **out,
					struct error *err);

/* For drivers: asks for rows of (kind, column, type), one a column. A relation
 * without columns has one row with NULLs, and one that is not there none. */
MUST_CHECK bool relation_ask(struct warehouse *w, struct str sql,
			     enum relation_kind (*kind_of)(struct str name),
			     struct arena *arena, struct relation *out,
			     struct error *err);

/* "DuckDB 1.5.4" or "PostgreSQL 15.18", for doctor. */
bool warehouse_version(struct warehouse *w, struct arena *arena,
		       struct str *out, struct error *err);

#endif
