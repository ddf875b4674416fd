/* Between the files of the PostgreSQL driver. */
#ifndef RUNTIME_WAREHOUSE_WAREHOUSE_POSTGRES_H
#define RUNTIME_WAREHOUSE_WAREHOUSE_POSTGRES_H

#include <stdatomic.h>

#include "base/error.h"

struct buf;
struct pg_conn;   /* libpq's PGconn */
struct pg_result; /* its PGresult */
struct profile;

/* Of a failed attempt *out may be set too: the caller ends it. interrupted
 * may be NULL. */
MUST_CHECK bool postgres_connect(const struct profile *profile,
				 const atomic_int *interrupted,
				 struct pg_conn **out, struct error *err);

/* Sets err, unless it is set, and returns false. why: what libpq says if NULL.
 * in_doubt: what was sent may be committed, if we are cut off. cancelled: we
 * asked for that. */
bool postgres_set_lost(const struct pg_conn *conn, const char *why,
		       bool in_doubt, struct error *err);
bool postgres_set_error(const struct pg_conn *conn, const struct pg_result *res,
			bool cancelled, bool in_doubt, struct error *err);

/* Adds one line of what the server or libpq wrote on several. */
void postgres_put_line(struct buf *b, const char *text);

#endif
