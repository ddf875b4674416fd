/*
 * DuckDB driver, over its C interface. All connections of a run share one
 * database, counted in struct instance, because DuckDB lets one process hold
 * a file and one instance in it write.
 *
 * A text is split into statements by DuckDB itself, and they run one by one,
 * so that the last count of rows is known. A query is wrapped: DuckDB casts
 * every column to text, which it can do for all of its types.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/sql_token.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/sql_lex.h"
#include "runtime/warehouse/warehouse.h"
#include "runtime/warehouse/warehouse_duckdb.h"

struct instance {
	struct duckdb_library lib;
	duckdb_database database;
	atomic_int users;
};

struct duckdb {
	struct warehouse base;
	struct instance *shared;
	duckdb_connection connection;
	bool in_transaction;
	atomic_bool cancelled; /* for good: its run ends */
};

/* One text on its way through DuckDB. */
struct script {
	struct duckdb *db;
	struct str sql;
	size_t skip; /* bytes of sql that are not the caller's */
	duckdb_extracted_statements statements;
	idx_t n;
};

static struct duckdb *of(struct warehouse *w)
{
	return (struct duckdb *)w;
}

static bool script_start(struct script *s, struct duckdb *db, struct str sql,
			 size_t skip, struct error *err)
{
	const struct duckdb_library *lib = &db->shared->lib;
	char *text = mem_alloc(sql.n + 1);
	const char *message;

	memcpy(text, sql.p, sql.n);
	text[sql.n] = '\0';
	*s = (struct script){db, sql, skip, NULL, 0};
	s->n = lib->extract_statements(db->connection, text, &s->statements);
	free(text);
	message = lib->extract_statements_error(s->statements);
	if (message)
		return duckdb_error_set(err, message, sql, skip);
	return true;
}

static void script_end(struct script *s)
{
	s->db->shared->lib.destroy_extracted(&s->statements);
}

static bool prepare(struct script *s, idx_t i, duckdb_prepared_statement *out,
		    struct error *err)
{
	const struct duckdb_library *lib = &s->db->shared->lib;

	if (lib->prepare_extracted_statement(s->db->connection, s->statements,
					     i, out) == DuckDBSuccess)
		return true;
	duckdb_error_set(err, lib->prepare_error(*out), s->sql, s->skip);
	lib->destroy_prepare(out);
	return false;
}

/* Prepares and runs statement i. */
static bool run_one(struct script *s, idx_t i, duckdb_result *out,
		    duckdb_statement_type *type, struct error *err)
{
	const struct duckdb_library *lib = &s->db->shared->lib;
	duckdb_prepared_statement prepared;
	bool ok;

	if (!prepare(s, i, &prepared, err))
		return false;
	*type = lib->prepared_statement_type(prepared);
	ok = lib->execute_prepared(prepared, out) == DuckDBSuccess;
	if (!ok) {
		duckdb_error_set(err, lib->result_error(out), s->sql, s->skip);
		lib->destroy_result(out);
	}
	lib->destroy_prepare(&prepared);
	return ok;
}

/* The first value of the first row, -1 if there is none. */
static int64_t first_count(const struct duckdb_library *lib,
			   duckdb_result *result)
{
	duckdb_data_chunk chunk = lib->fetch_chunk(*result);
	int64_t count = -1;

	if (!chunk)
		return -1;
	if (lib->data_chunk_get_size(chunk) > 0 &&
	    lib->column_type(result, 0) == DUCKDB_TYPE_BIGINT)
		count = *(int64_t *)lib->vector_get_data(
			lib->data_chunk_get_vector(chunk, 0));
	lib->destroy_data_chunk(&chunk);
	return count;
}

/* What a statement reported as its count, or -1. CREATE TABLE AS has it in
 * its result only. */
static int64_t count_rows(const struct duckdb_library *lib,
			  duckdb_result *result, duckdb_statement_type type)
{
	switch ((int)type) {
	case DUCKDB_STATEMENT_TYPE_SELECT:
	case DUCKDB_STATEMENT_TYPE_EXPLAIN:
	case DUCKDB_STATEMENT_TYPE_TRANSACTION:
	case DUCKDB_STATEMENT_TYPE_SET:
	case DUCKDB_STATEMENT_TYPE_PRAGMA:
	case DUCKDB_STATEMENT_TYPE_CALL:
		return -1;
	case DUCKDB_STATEMENT_TYPE_CREATE:
		return first_count(lib, result);
	default:
		if (lib->result_return_type(*result) ==
		    DUCKDB_RESULT_TYPE_CHANGED_ROWS)
			return (int64_t)lib->rows_changed(result);
		return -1;
	}
}

/* DuckDB does not say where some mistakes are: then the start of the statement
 * is told, if it is clear which of several it was. */
static void point_at_statement(const struct script *s, idx_t which,
			       struct error *err)
{
	size_t start = 0, found = 0;
	idx_t n = 0;

	while (start < s->sql.n) {
		struct str rest = str_sub(s->sql, start, s->sql.n);
		struct sql_lexer l = {.text = rest};
		size_t end = sql_find_semicolon(rest);
		struct sql_token t;

		do
			t = sql_next(&l);
		while (t.kind == SQL_COMMENT);
		if (t.kind != SQL_END && t.start < end && n++ == which)
			found = start + t.start;
		start += end + 1;
	}
	if (err->position || s->n < 2 || n != s->n)
		return;
	err->position = (int)str_count_chars(str_sub(s->sql, 0, found)) + 1;
}

static void roll_back(struct duckdb *db)
{
	const struct duckdb_library *lib = &db->shared->lib;
	duckdb_result result;

	/* It fails where no transaction is open, which is as well. */
	lib->query(db->connection, "ROLLBACK", &result);
	lib->destroy_result(&result);
	db->in_transaction = false;
}

/* A conflict undoes what is not yet committed: all of it, if nothing was
 * committed before the statement that met the conflict. */
static bool duckdb_execute(struct warehouse *w, struct str sql, int64_t *rows,
			   struct error *err)
{
	struct duckdb *db = of(w);
	const struct duckdb_library *lib = &db->shared->lib;
	struct script s;
	bool committed = false, ok;

	*rows = -1;
	ok = script_start(&s, db, sql, 0, err);
	for (idx_t i = 0; ok && i < s.n; i++) {
		duckdb_statement_type type;
		duckdb_result result;
		int64_t count;

		ok = run_one(&s, i, &result, &type, err);
		if (!ok) {
			point_at_statement(&s, i, err);
			break;
		}
		if (type == DUCKDB_STATEMENT_TYPE_TRANSACTION)
			db->in_transaction = !db->in_transaction;
		committed |= !db->in_transaction &&
			     type != DUCKDB_STATEMENT_TYPE_SET &&
			     type != DUCKDB_STATEMENT_TYPE_SELECT;
		count = count_rows(lib, &result, type);
		if (count >= 0)
			*rows = count;
		lib->destroy_result(&result);
	}
	if (!ok) {
		err->in_doubt |= committed;
		roll_back(db);
	}
	script_end(&s);
	return ok;
}

static struct str text_at(const struct duckdb_library *lib,
			  duckdb_vector vector, idx_t row, struct arena *a)
{
	uint64_t *valid = lib->vector_get_validity(vector);
	duckdb_string_t *values = lib->vector_get_data(vector);

	if (valid && !(valid[row / 64] >> (row % 64) & 1))
		return (struct str){0};
	return arena_str(a, (struct str){lib->string_t_data(&values[row]),
					 lib->string_t_length(values[row])});
}

static void keep_rows(const struct duckdb_library *lib, duckdb_result *result,
		      uint32_t max_rows, struct arena *a, struct rows *out)
{
	struct str_vec values = {0};
	duckdb_data_chunk chunk;

	*out = (struct rows){
		.ncolumns = (uint32_t)lib->column_count(result),
	};
	out->columns = ARENA_NEW(a, struct str, out->ncolumns);
	for (uint32_t c = 0; c < out->ncolumns; c++)
		out->columns[c] =
			arena_str(a, str_of(lib->column_name(result, c)));
	while ((chunk = lib->fetch_chunk(*result)) != NULL) {
		idx_t n = lib->data_chunk_get_size(chunk);

		for (idx_t r = 0; r < n; r++) {
			if (out->nrows == max_rows) {
				out->truncated = true;
				break;
			}
			for (uint32_t c = 0; c < out->ncolumns; c++)
				VEC_PUSH(a, &values,
					 text_at(lib,
						 lib->data_chunk_get_vector(
							 chunk, c),
						 r, a));
			out->nrows++;
		}
		lib->destroy_data_chunk(&chunk);
	}
	out->values = values.v;
}

static bool duckdb_query_text(struct warehouse *w, struct str sql,
			      uint32_t max_rows, struct arena *arena,
			      struct rows *out, struct error *err)
{
	static const char head[] = "SELECT COLUMNS(*)::VARCHAR FROM (\n";
	const struct duckdb_library *lib = &of(w)->shared->lib;
	struct buf wrapped = {0};
	struct script s;
	duckdb_statement_type type;
	duckdb_result result;
	bool ok;

	sql = str_trim(sql);
	while (str_ends(sql, STR(";")))
		sql = str_trim(str_sub(sql, 0, sql.n - 1));
	buf_adds(&wrapped, head);
	buf_add_str(&wrapped, sql);
	buf_printf(&wrapped, "\n) LIMIT %llu", max_rows + 1ULL);
	ok = script_start(&s, of(w), buf_str(&wrapped), sizeof(head) - 1,
			  err) &&
	     run_one(&s, 0, &result, &type, err);
	if (ok) {
		keep_rows(lib, &result, max_rows, arena, out);
		lib->destroy_result(&result);
	} else {
		roll_back(of(w));
	}
	script_end(&s);
	buf_free(&wrapped);
	return ok;
}

static enum relation_kind kind_of(struct str table_type)
{
	if (str_is(table_type, "VIEW"))
		return RELATION_VIEW;
	if (str_is(table_type, "BASE TABLE"))
		return RELATION_TABLE;
	return RELATION_OTHER;
}

/* DuckDB finds names without regard to case. */
static void put_describe(struct buf *b, const struct target *t)
{
	buf_adds(b, "SELECT t.table_type, c.column_name, c.data_type "
		    "FROM information_schema.tables t "
		    "LEFT JOIN duckdb_columns() c "
		    "ON c.database_name = t.table_catalog "
		    "AND c.schema_name = t.table_schema "
		    "AND c.table_name = t.table_name "
		    "WHERE t.table_catalog = current_database() "
		    "AND lower(t.table_schema) = lower(");
	if (t->schema.n)
		dialect_put_string(&dialect_duckdb, b, t->schema);
	else
		buf_adds(b, "current_schema()");
	buf_adds(b, ") AND lower(t.table_name) = lower(");
	dialect_put_string(&dialect_duckdb, b, t->name);
	buf_adds(b, ") ORDER BY c.column_index");
}

static bool duckdb_describe(struct warehouse *w, const struct target *t,
			    struct arena *arena, struct relation *out,
			    struct error *err)
{
	struct buf sql = {0};
	bool ok;

	put_describe(&sql, t);
	ok = relation_ask(w, buf_str(&sql), kind_of, arena, out, err);
	buf_free(&sql);
	return ok;
}

/* What a statement after a CREATE or its like says of the names it uses is
 * not known before that one ran. */
static bool changes_names(duckdb_statement_type type)
{
	switch ((int)type) {
	case DUCKDB_STATEMENT_TYPE_CREATE:
	case DUCKDB_STATEMENT_TYPE_CREATE_FUNC:
	case DUCKDB_STATEMENT_TYPE_ALTER:
	case DUCKDB_STATEMENT_TYPE_DROP:
	case DUCKDB_STATEMENT_TYPE_ATTACH:
	case DUCKDB_STATEMENT_TYPE_DETACH:
	case DUCKDB_STATEMENT_TYPE_SET:
	case DUCKDB_STATEMENT_TYPE_LOAD:
		return true;
	default:
		return false;
	}
}

static bool duckdb_check(struct warehouse *w, struct str sql, struct error *err)
{
	const struct duckdb_library *lib = &of(w)->shared->lib;
	struct script s;
	bool ok = script_start(&s, of(w), sql, 0, err);
	bool more = true;

	for (idx_t i = 0; ok && more && i < s.n; i++) {
		duckdb_prepared_statement prepared;

		ok = prepare(&s, i, &prepared, err);
		if (!ok) {
			point_at_statement(&s, i, err);
			break;
		}
		more = !changes_names(lib->prepared_statement_type(prepared));
		lib->destroy_prepare(&prepared);
	}
	script_end(&s);
	return ok;
}

static bool duckdb_append(struct warehouse *w, const struct target *t,
			  const struct cell_source *from, int64_t *rows,
			  struct error *err)
{
	struct duckdb *db = of(w);

	if (duckdb_append_rows(&db->shared->lib, db->connection, t, from,
			       &db->cancelled, rows, err))
		return true;
	roll_back(db);
	return false;
}

static bool duckdb_in_transaction(struct warehouse *w)
{
	return of(w)->in_transaction;
}

static bool duckdb_end_transaction(struct warehouse *w)
{
	if (!of(w)->in_transaction)
		return false;
	roll_back(of(w));
	return true;
}

static bool duckdb_is_open(struct warehouse *w)
{
	(void)w;
	return true;
}

static void duckdb_cancel(struct warehouse *w)
{
	atomic_store(&of(w)->cancelled, true);
	of(w)->shared->lib.interrupt(of(w)->connection);
}

static void instance_release(struct instance *in)
{
	if (atomic_fetch_sub(&in->users, 1) > 1)
		return;
	in->lib.close(&in->database);
	free(in);
}

static void duckdb_close_connection(struct warehouse *w)
{
	struct duckdb *db = of(w);

	db->shared->lib.disconnect(&db->connection);
	instance_release(db->shared);
	free(db);
}

/* Times without a zone are UTC, as in BigQuery. */
static bool set_up(struct duckdb *db, struct error *err)
{
	int64_t rows;

	if (db->shared->lib.connect(db->shared->database, &db->connection) !=
	    DuckDBSuccess)
		return error_set(err, ERROR_CONNECT,
				 "DuckDB gave no connection");
	return duckdb_execute(&db->base,
			      STR("SET errors_as_json = true;"
				  "SET TimeZone = 'UTC'"),
			      &rows, err);
}

static bool duckdb_renew(struct warehouse *w, struct error *err)
{
	struct duckdb *db = of(w);

	db->shared->lib.disconnect(&db->connection);
	db->in_transaction = false;
	return set_up(db, err);
}

static const struct warehouse_ops ops = {
	.execute = duckdb_execute,
	.query = duckdb_query_text,
	.describe = duckdb_describe,
	.check = duckdb_check,
	.append = duckdb_append,
	.end_transaction = duckdb_end_transaction,
	.in_transaction = duckdb_in_transaction,
	.renew = duckdb_renew,
	.is_open = duckdb_is_open,
	.cancel = duckdb_cancel,
	.close = duckdb_close_connection,
};

static struct instance *instance_open(const struct profile *profile,
				      const char *root, struct error *err)
{
	struct instance *in = mem_zalloc(sizeof(*in));
	struct arena *a = arena_new();
	const char *path = warehouse_file(profile, root, a);
	bool ok = duckdb_library_load(&in->lib, err) &&
		  duckdb_file_open(&in->lib, path, a, &in->database, err);

	arena_free(a);
	if (ok)
		return in;
	free(in);
	return NULL;
}

bool warehouse_open_duckdb(const struct profile *profile, const char *root,
			   struct warehouse *sibling, struct warehouse **out,
			   struct error *err)
{
	struct instance *shared = sibling ? of(sibling)->shared
					  : instance_open(profile, root, err);
	struct duckdb *db;

	if (!shared)
		return false;
	atomic_fetch_add(&shared->users, 1);
	db = mem_zalloc(sizeof(*db));
	db->base = (struct warehouse){&ops, profile};
	db->shared = shared;
	if (!set_up(db, err)) {
		duckdb_close_connection(&db->base);
		return false;
	}
	*out = &db->base;
	return true;
}
