/* Connecting to PostgreSQL. Only the PostgreSQL driver includes this. */
#ifndef RUNTIME_WAREHOUSE_POSTGRES_H
#define RUNTIME_WAREHOUSE_POSTGRES_H

#include <signal.h>

#include "base/error.h"

struct buf;
struct pg_conn; /* libpq's PGconn */
struct profile;

/* Of a failed attempt *out may be set too: the caller ends it. interrupted
 * may be NULL. */
MUST_CHECK bool postgres_connect(const struct profile *profile,
				 const volatile sig_atomic_t *interrupted,
				 struct pg_conn **out, struct error *err);

/* Adds one line of what the server or libpq wrote on several. */
void postgres_put_line(struct buf *b, const char *text);

#endif
