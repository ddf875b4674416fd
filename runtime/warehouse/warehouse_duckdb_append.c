/*
 * Rows into a DuckDB table through its appender, a chunk of column vectors at
 * a time. The appender writes inside the connection's transaction, or commits
 * by itself when it is closed.
 */
#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/warehouse/cell.h"
#include "runtime/warehouse/warehouse_duckdb.h"

struct appender {
	const struct duckdb_library *lib;
	const struct cell_source *from;
	const atomic_bool *cancelled;
	duckdb_appender appender;
	duckdb_data_chunk chunk;
	struct column {
		duckdb_vector vector;
		void *values;
		uint64_t *valid; /* NULL until there is a NULL */
	} * columns;
	idx_t n, capacity; /* rows in the chunk */
	int64_t rows;
};

static duckdb_logical_type logical_type(const struct duckdb_library *lib,
					enum cell_type type)
{
	static const duckdb_type types[] = {
		[CELL_INT64] = DUCKDB_TYPE_BIGINT,
		[CELL_FLOAT64] = DUCKDB_TYPE_DOUBLE,
		[CELL_STRING] = DUCKDB_TYPE_VARCHAR,
		[CELL_BOOL] = DUCKDB_TYPE_BOOLEAN,
		[CELL_TIMESTAMP] = DUCKDB_TYPE_TIMESTAMP_TZ,
		[CELL_DATE] = DUCKDB_TYPE_DATE,
		[CELL_DATETIME] = DUCKDB_TYPE_TIMESTAMP,
		[CELL_TIME] = DUCKDB_TYPE_TIME,
		[CELL_BYTES] = DUCKDB_TYPE_BLOB,
		[CELL_JSON] = DUCKDB_TYPE_VARCHAR,
	};

	if (type == CELL_NUMERIC)
		return lib->create_decimal_type(38, 9);
	return lib->create_logical_type(types[type]);
}

static void make_chunk(struct appender *a, struct arena *arena)
{
	const struct duckdb_library *lib = a->lib;
	uint32_t n = a->from->ncolumns;
	duckdb_logical_type *types = ARENA_NEW(arena, duckdb_logical_type, n);

	for (uint32_t c = 0; c < n; c++)
		types[c] = logical_type(lib, a->from->columns[c].type);
	a->chunk = lib->create_data_chunk(types, n);
	for (uint32_t c = 0; c < n; c++)
		lib->destroy_logical_type(&types[c]);
	a->columns = ARENA_NEW(arena, struct column, n);
	a->capacity = lib->vector_size();
}

/* A chunk that was appended and reset may have its vectors elsewhere. */
static void find_vectors(struct appender *a)
{
	for (uint32_t c = 0; c < a->from->ncolumns; c++) {
		struct column *col = &a->columns[c];

		col->vector = a->lib->data_chunk_get_vector(a->chunk, c);
		col->values = a->lib->vector_get_data(col->vector);
		col->valid = NULL;
	}
}

static void put_null(struct appender *a, struct column *col)
{
	if (!col->valid) {
		a->lib->vector_ensure_validity_writable(col->vector);
		col->valid = a->lib->vector_get_validity(col->vector);
	}
	a->lib->validity_set_row_invalid(col->valid, a->n);
}

static void put_cell(struct appender *a, enum cell_type type,
		     struct column *col, const struct cell *cell)
{
	switch (type) {
	case CELL_INT64:
	case CELL_TIMESTAMP:
	case CELL_DATETIME:
	case CELL_TIME:
		((int64_t *)col->values)[a->n] = cell->i;
		break;
	case CELL_FLOAT64:
		((double *)col->values)[a->n] = cell->d;
		break;
	case CELL_NUMERIC:
		((duckdb_hugeint *)col->values)[a->n] = (duckdb_hugeint){
			.lower = (uint64_t)cell->i,
			.upper = cell->high,
		};
		break;
	case CELL_BOOL:
		((bool *)col->values)[a->n] = cell->i != 0;
		break;
	case CELL_DATE:
		((int32_t *)col->values)[a->n] = (int32_t)cell->i;
		break;
	case CELL_STRING:
	case CELL_BYTES:
	case CELL_JSON:
		a->lib->vector_assign_string_element_len(col->vector, a->n,
							 cell->s.p, cell->s.n);
		break;
	}
}

static bool set_error(struct appender *a, struct error *err)
{
	return duckdb_error_set(err, a->lib->appender_error(a->appender),
				STR(""), 0);
}

static bool flush_chunk(struct appender *a, struct error *err)
{
	if (atomic_load(a->cancelled))
		return error_set(err, ERROR_CANCELLED, "the load was stopped");
	if (a->n == 0)
		return true;
	a->lib->data_chunk_set_size(a->chunk, a->n);
	if (a->lib->append_data_chunk(a->appender, a->chunk) != DuckDBSuccess)
		return set_error(a, err);
	a->lib->data_chunk_reset(a->chunk);
	a->rows += (int64_t)a->n;
	a->n = 0;
	find_vectors(a);
	return true;
}

static bool append_all(struct appender *a, struct error *err)
{
	const struct cell *row;

	find_vectors(a);
	for (;;) {
		if (!a->from->next(a->from->ctx, &row, err))
			return false;
		if (!row)
			break;
		for (uint32_t c = 0; c < a->from->ncolumns; c++) {
			if (row[c].null)
				put_null(a, &a->columns[c]);
			else
				put_cell(a, a->from->columns[c].type,
					 &a->columns[c], &row[c]);
		}
		if (++a->n == a->capacity && !flush_chunk(a, err))
			return false;
	}
	return flush_chunk(a, err) &&
	       (a->lib->appender_close(a->appender) == DuckDBSuccess ||
		set_error(a, err));
}

static bool open_appender(struct appender *a, duckdb_connection connection,
			  const struct target *t, struct arena *arena,
			  struct error *err)
{
	const char *schema = t->schema.n ? arena_cstr(arena, t->schema) : NULL;

	if (a->lib->appender_create(connection, schema,
				    arena_cstr(arena, t->name),
				    &a->appender) != DuckDBSuccess)
		return set_error(a, err);
	for (uint32_t c = 0; c < a->from->ncolumns; c++)
		if (a->lib->appender_add_column(
			    a->appender,
			    arena_cstr(arena, a->from->columns[c].name)) !=
		    DuckDBSuccess)
			return set_error(a, err);
	return true;
}

bool duckdb_append_rows(const struct duckdb_library *lib,
			duckdb_connection connection, const struct target *t,
			const struct cell_source *from,
			const atomic_bool *cancelled, int64_t *rows,
			struct error *err)
{
	struct appender a = {.lib = lib, .from = from, .cancelled = cancelled};
	struct arena *arena = arena_new();
	bool ok = open_appender(&a, connection, t, arena, err);

	if (ok) {
		make_chunk(&a, arena);
		ok = append_all(&a, err);
		lib->destroy_data_chunk(&a.chunk);
	}
	lib->appender_destroy(&a.appender);
	arena_free(arena);
	*rows = ok ? a.rows : -1;
	return ok;
}
