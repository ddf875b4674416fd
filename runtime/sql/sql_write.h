/* How the dialects' writers of SQL work together; for runtime/sql*.c only. */
#ifndef RUNTIME_SQL_SQL_WRITE_H
#define RUNTIME_SQL_SQL_WRITE_H

#include "base/buf.h"
#include "compiler/dialect.h"
#include "compiler/graph.h"
#include "runtime/sql/audit.h"
#include "runtime/sql/sql.h"
#include "runtime/warehouse/warehouse.h"

struct sql {
	const struct sql_request *request;
	const struct dialect *dialect;
	const struct action *action;
	const struct sql_writer *writer;
	struct arena *arena;
	struct script *script; /* where statements go */
	void (*add_rows)(struct sql *s);
	struct buf b;         /* the statement being written */
	struct str query;     /* the action's, trimmed */
	struct str target;    /* "schema"."name" */
	struct str temp;      /* "schema"."weir_tmp_1f...": built beside */
	struct str stage;     /* a temporary table's name */
	struct str temp_name; /* the same without its schema */
	bool swaps;           /* what was beside takes the target's place */
	bool audited_beside;  /* before that */
};

/* What differs between warehouses. Each writes statements into s->script. */
struct sql_writer {
	/* Makes or replaces the target by a table or view of s->query. */
	void (*table)(struct sql *s);
	void (*view)(struct sql *s);
	/* What of a swap must come after post operations. */
	void (*built)(struct sql *s);
	/* The same where view's way was refused with otherwise_if. */
	void (*view_otherwise)(struct sql *s);
	const char *otherwise_if;
	/* Makes the action's indexes where its table lacks them. */
	void (*missing_indexes)(struct sql *s);
	/* Merges s->query into the target by its unique key. */
	void (*merge)(struct sql *s);
	/* Puts the rows of s->query into a temporary table $S of the columns
	 * $C, of the table's types unless its columns change, and takes it
	 * away, unless it goes with the transaction: NULL. */
	void (*stage)(struct sql *s);
	void (*end_stage)(struct sql *s);
	/* Before rows are deleted whose keys are inserted again in the same
	 * transaction; NULL if nothing has to be done. */
	void (*before_delete)(struct sql *s);
	/* A claim is the first of a transaction, or else the last. */
	bool claims_first;
	/* Missing indexes are made once rows are added, perhaps with the
	 * columns that they are on; else before, as none can be made on rows
	 * that the transaction changed. */
	bool indexes_last;
	/* An empty table $S_columns of the query's columns; it goes as $S does.
	 * And a query for the columns of a relation, as in struct sql_task. */
	void (*stage_columns)(struct sql *s);
	void (*put_columns_of)(struct sql *s, struct str relation);
	/* The query for indexes of struct sql_task; NULL for none. */
	void (*put_indexes)(struct sql *s);
	/* Before columns change; NULL if nobody could be waited for. */
	void (*lock)(struct sql *s);
	const char *type_of; /* a function of a value, even of NULL */
	const char *list_schemas;
	/* A query of (i, kind, column, type) around a relation w (i, s, n) of
	 * numbers, schemas ('' is the current one) and names: what stands under
	 * each name, a row a column, in their order. */
	const char *relations_head, *relations_tail;
	const char *list_open; /* of a list that "]" closes */
};

extern const struct sql_writer sql_duckdb, sql_postgres;

/* Appends to the statement: text in which $T stands for the target, $N for
 * the table beside, $S for the stage, $Q for the query on lines of its own,
 * $C for the column list, $K for the unique key in
 * DATAFORM_SOURCE, $O for the condition that joins DATAFORM_SOURCE to
 * DATAFORM_DEST; $$ for $. */
void sql_put(struct sql *s, const char *text);
/* Ends the statement and adds it to the script. */
struct statement *sql_end(struct sql *s);
/* Both at once. */
struct statement *sql_add(struct sql *s, const char *text);

/* In sql_audit.c. Adds the questions whether the audits' assertions hold: for
 * the target, or for what was built beside, unless that is not possible. */
void sql_audit(struct sql *s);
bool sql_audit_beside(struct sql *s);

/* In sql_rows.c. What a strategy adds: the query, with the action's where. */
struct str sql_rows_query(struct sql *s);
void sql_insert(struct sql *s);
void sql_append(struct sql *s);
void sql_delete_insert(struct sql *s);
void sql_overwrite(struct sql *s);
/* Adds and drops the columns that were found to be new and gone. Where there is
 * a stage, it is filled before, by a query that sees the table as it was. */
void sql_change_columns(struct sql *s);
bool sql_changes_columns(const struct sql *s);
/* Inserts the stage's rows, and takes it away. */
void sql_insert_staged(struct sql *s);
void sql_ask_columns(struct sql *s, struct sql_task *out);
void sql_ask_types(struct sql *s, struct sql_task *out);
/* "a", ... */
void sql_put_columns(struct sql *s);
/* DATAFORM_SOURCE.key, ... */
void sql_put_source_keys(struct sql *s);
void sql_put_condition(struct sql *s);
/* "a" = DATAFORM_SOURCE."a", ... */
void sql_put_assignments(struct sql *s);
/* DATAFORM_SOURCE."a", ... */
void sql_put_source_columns(struct sql *s);

/* In sql_window.c. Of a text with run_start_time() and run_end_time(): with
 * the times of the request's period in their place. */
struct str sql_window_text(struct sql *s, struct str text);
/* The query's rows of the request's period. */
struct str sql_window_query(struct sql *s, struct str query);
/* Records the period as done: first of all in its transaction, so that whoever
 * else does the same waits. */
void sql_window_record(struct sql *s);
/* Deletes what is recorded of the table. */
void sql_window_forget(struct sql *s);
/* Puts s->query in the place of the rows of the period. */
void sql_window_fill(struct sql *s);

/* In sql_index.c: the indexes that the action's config asks for. */
struct str sql_index_name(struct sql *s, const struct index_option *index);
/* "a", lower(b), ... */
struct str sql_index_columns(struct sql *s, const struct index_option *index);
/* "the config's index (a, lower(b))", of n of them, for people. */
struct str sql_index_words(struct sql *s, const struct index_option *indexes,
			   uint32_t n);
/* create index HEAD NAME on ON (...): head and on are as of sql_put. */
void sql_put_index(struct sql *s, const struct index_option *index,
		   const char *head, const char *on);
/* All of them, each as a statement. */
void sql_add_indexes(struct sql *s, const char *head, const char *on);

#endif
