/*
 * The SQL text of what a run does to a warehouse. Pure: the same action and
 * the same state of the warehouse give the same text.
 */
#ifndef RUNTIME_SQL_SQL_H
#define RUNTIME_SQL_SQL_H

#include "base/str.h"
#include "runtime/step.h"
#include "runtime/window.h"

struct action;
struct arena;
struct audits;
struct dialect;
struct relation;
struct target;

struct statement {
	struct str sql;
	bool counts;   /* its rows are the step's, added to those of others */
	bool given;    /* by the user, who may do anything in it */
	bool claims;   /* refused by a duplicate, all has been done before */
	bool compares; /* the columns are compared after it, and all that comes
			* behind it is made anew, by what was found */
	/* It asks how many rows break this assertion, and sample for some of
	 * them: too many end the transaction, and undone says what that means.
	 * NULL for other statements. */
	const struct action *audit;
	struct str sample, undone;
	/* Not sent as it is: comments.c says what is not said yet. */
	const struct action *describes;
	struct str summary; /* for people, in place of a long text; unset */
	struct str makes;   /* for people: the config's indexes; or unset */
};

/* Statements that are sent one by one, in order, up to the first that fails. */
struct script {
	struct statement *v;
	size_t n, cap;
	bool is_transaction; /* the first begins it and the last commits */
};

/* All that is sent for one action. */
struct sql_task {
	struct script script;
	/* If script is refused with this SQLSTATE, having changed nothing,
	 * sql_make_otherwise has another way. NULL for none. */
	const char *otherwise_if;
	/* Of an assertion, once its view is there. */
	struct str count, sample;
	/* Where rows are added: a query of none of them, for its columns. */
	struct str columns;
	/* And one for their types beside those of the table: a row of two for
	 * each column of the table. */
	struct str types;
	/* Whether a statement compares, and queries for the columns of the
	 * query and of the table, rows of (name, type, definition, fills
	 * itself). */
	bool compares;
	struct str query_columns, table_columns;
	/* A query for the names of indexes with which the table's columns
	 * cannot change; unset for none. */
	struct str indexes;
	/* What a dry run asks the warehouse about. */
	struct strs checks;
};

/* The intervals that a statement about a window table is for. */
struct sql_window {
	struct period period;
	int64_t start, interval; /* of the table's window */
	int64_t settled;         /* late events of what ends later may come */
	struct str run, hash;    /* as weir_intervals records them */
	/* Intervals of another grid are recorded: those that overlap are cut
	 * to fit, one at a time. */
	bool regrids;
};

/* How the columns of a query differ from the table's (schema_change.h). */
struct schema_change {
	struct strs added, definitions; /* new columns, each with its type */
	struct strs removed;
	struct relation after; /* what the table is then */
	struct strs notes;     /* what was done, for people */
	struct str retyped;    /* columns of another type; unset for none */
};

struct sql_request {
	const struct dialect *dialect;
	const struct action *action;
	const struct relation *found; /* what stands under its name now */
	enum deed deed;
	uint32_t piece; /* of a step that is done in several */
	/* What says in the ledger that it is done; unset for none. */
	struct str claim;
	/* Once the columns are compared; found is what the table is then. */
	const struct schema_change *change;
	/* Assertions that must hold before it is published; may be NULL. */
	const struct audits *audits;
	/* Views that this run builds anew after this action. */
	const struct action **rebuilt;
	uint32_t nrebuilt;
	const struct sql_window *window; /* NULL if it has none */
	/* It is no window, and weir_intervals has rows of it: of what stood
	 * there when it was one. */
	bool forgets;
};

enum { SAMPLE_ROWS = 10 };

/* What a merge says when two rows of the query meet one of the table. */
#define SQL_DUPLICATE_KEY                                                      \
	"several rows of the query match one row of the table by unique key"

/* What stands between a window's query and the condition on its time. */
#define SQL_ROWS_OF_TIME "\n) as rows_of_time\nwhere "

/* What a swap says when the new relation would not have what the old one had.
 */
#define SQL_WOULD_BE_LOST "which would be lost"

void sql_make(const struct sql_request *request, struct arena *arena,
	      struct sql_task *out);

void sql_make_otherwise(const struct sql_request *request, struct arena *arena,
			struct script *out);

/* A query for what stands under the targets where wanted is true: rows of
 * (index, "table", "partitioned", "view" or "other", column, type) by index and
 * position of the column, those left out that fill themselves; a relation
 * without columns has one row with NULLs. */
struct str sql_list_relations(const struct dialect *d,
			      const struct action *actions, const bool *wanted,
			      uint32_t n, struct arena *arena);

/* The table of a schema that says which intervals are done, and a statement
 * that makes it. */
struct target sql_intervals_table(const struct target *of);
struct str sql_create_intervals(const struct dialect *d, struct arena *arena,
				const struct target *table);
/* A query for what is recorded of the actions where wanted is true: rows of
 * (index, is final, from, to, is off the grid, the newest interval's hash),
 * intervals that touch being one, by index. */
struct str sql_list_intervals(const struct dialect *d,
			      const struct action *actions, const bool *wanted,
			      uint32_t n, struct arena *arena);

/* A query that has a row if the window's run has recorded its period, all of
 * which is committed at once. */
struct str sql_ask_recorded(const struct dialect *d, const struct target *of,
			    const struct sql_window *w, struct arena *arena);

/* A query for the indexes of those actions of one schema, where wanted is true,
 * of which anything is recorded; and a statement that forgets all of one. */
struct str sql_list_recorded(const struct dialect *d,
			     const struct target *schema,
			     const struct action *actions, const bool *wanted,
			     uint32_t n, struct arena *arena);
struct str sql_forget_intervals(const struct dialect *d,
				const struct target *of, struct arena *arena);

/* A query for the names of all schemas, and a statement that makes one. */
struct str sql_list_schemas(const struct dialect *d);
struct str sql_create_schema(const struct dialect *d, struct arena *arena,
			     struct str schema);

/* sql_failures.c: the table for all rows that break an assertion. */
struct target sql_failures_table(const struct dialect *d, struct arena *arena,
				 const struct action *assertion);
/* Makes it anew, from the assertion's view, with the run's id in weir_run. */
void sql_store_failures(const struct dialect *d, const struct action *assertion,
			struct str run, struct arena *arena,
			struct script *out);
void sql_drop_failures(const struct dialect *d, const struct action *assertion,
		       struct arena *arena, struct script *out);

/* All statements as one text, for people: a summary is a comment. */
struct str sql_join(const struct script *s, struct arena *arena);

#endif
