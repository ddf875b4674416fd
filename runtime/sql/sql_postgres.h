/* Parts of PostgreSQL's writer; for runtime/sql_postgres*.c only. */
#ifndef RUNTIME_SQL_SQL_POSTGRES_H
#define RUNTIME_SQL_SQL_POSTGRES_H

struct sql;
struct statement;

/* Gives the relation beside the name of the old one. Each is a "table" or a
 * "view". */
void postgres_add_swap(struct sql *s, const char *old_kind, const char *kind);
/* Locks the target as changing its columns does, but waits no longer than a
 * swap. */
void postgres_add_lock(struct sql *s);
/* What is left of a swap to do after the action's post operations. */
void postgres_add_swap_end(struct sql *s);

/* Ends a statement that is a block of PL/pgSQL, which may hold any name: its
 * text so far lacks the last "end". */
struct statement *postgres_end_block(struct sql *s);
/* Lines of a block, at the depth of its loops. */
void postgres_put_lines(struct sql *s, unsigned depth, const char *lines);

/* The beginning of a query, with deepest (id, depth): the relation old_id and
 * the views that stand on it, directly or on one another. */
extern const char postgres_deepest[];

/* Declared by a block that locks. */
extern const char postgres_lock_variables[];
/* Locks the target, which is in place, in a mode, or fails with 55P03. */
void postgres_put_lock(struct sql *s, const char *mode);
/* Locks it and what stands on it from all others. Between the two comes what
 * looks at that: the relations that it found are in seen, and if one of them is
 * not locked, all begins again. Until the block resets lock_timeout, a lock
 * that is still wanted is waited for no longer than these. */
void postgres_begin_locks(struct sql *s);
void postgres_end_locks(struct sql *s);

/* Declared by a block that has the two parts below. */
extern const char postgres_carry_variables[];
/* Makes on the table beside what hangs on the old one; after that carried
 * holds it. */
void postgres_put_carry(struct sql *s);
/* Gives what is carried its name on the table, whose name is in place. */
void postgres_put_settle(struct sql *s);

#endif
