/* What a load keeps in the warehouse: the raw table and weir_loads. */
#ifndef RUNTIME_LOAD_LOAD_TABLE_H
#define RUNTIME_LOAD_LOAD_TABLE_H

#include "base/map.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/warehouse/cell.h"
#include "runtime/warehouse/warehouse.h"

/* A file of which rows are in the raw table. */
struct loaded {
	int64_t number; /* weir_load of its rows */
	struct str path;
	uint64_t size;
	struct str hash;
	int64_t rows;
};

struct load_table {
	struct warehouse *w;
	struct arena *arena;
	const struct load *load;
	const struct dialect *dialect;
	struct target raw, book; /* book: weir_loads */
	/* Those of the load, then weir_load. */
	struct cell_column *columns;
	uint32_t ncolumns;
	/* The files by path, hash and size, the bytes of a uint64_t. Of several
	 * files of one hash or size the last is there. */
	struct map by_path, by_hash, by_size;
	int64_t next_number;
	bool raw_exists, book_exists;
};

/* Looks at what is there and reads which files were loaded; changes
 * nothing. */
MUST_CHECK bool load_table_open(struct load_table *t, struct warehouse *w,
				const struct graph *g, const struct load *l,
				struct arena *arena, struct error *err);

/* The names and types of the columns alone, without a warehouse. */
MUST_CHECK bool load_table_columns(struct load_table *t,
				   const struct dialect *d,
				   const struct graph *g, const struct load *l,
				   struct arena *arena, struct error *err);
/* CREATE TABLE for both. */
void load_table_put_sql(const struct load_table *t, struct buf *b);

/* Makes the tables that are missing, and their schema. */
MUST_CHECK bool load_table_make(struct load_table *t, struct error *err);

/* Opens a transaction; deletes the rows of the file that is replaced, if it is
 * not NULL. */
MUST_CHECK bool load_table_begin(struct load_table *t,
				 const struct loaded *replaced,
				 struct error *err);
/* Notes what was recorded. f stays where it is. */
void load_table_note(struct load_table *t, struct loaded *f);
/* Records the file and commits. f->number is given by this. */
MUST_CHECK bool load_table_commit(struct load_table *t, struct loaded *f,
				  struct error *err);
/* Ends the transaction if it is still open. */
void load_table_roll_back(struct load_table *t);

#endif
