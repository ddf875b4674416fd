/* Parts of PostgreSQL's writer; for runtime/sql_postgres*.c only. */
#ifndef RUNTIME_SQL_POSTGRES_H
#define RUNTIME_SQL_POSTGRES_H

struct sql;
struct statement;

/* Ends a statement that is a block of PL/pgSQL, which may hold any name: its
 * text so far lacks the last "end". */
struct statement *postgres_end_block(struct sql *s);
/* Gives the relation beside the name of the old one. Each is a "table" or a
 * "view". */
void postgres_add_swap(struct sql *s, const char *old_kind, const char *kind);
/* Locks the target as changing its columns does, but waits no longer than a
 * swap. */
void postgres_add_lock(struct sql *s);

#endif
