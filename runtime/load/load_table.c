/*
 * The raw table has the load's columns and one more, weir_load, the number of
 * the file that a row came from: without it a file's rows could not be
 * replaced. weir_loads says what file a number is.
 *
 * A raw table that does not exist has no rows, whatever weir_loads says: its
 * lines there are deleted, so that dropping a table loads it anew.
 */
#include "runtime/load/load_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "runtime/state/create.h"

/* As the warehouses' own catalogs write them. */
static const struct {
	const char *duckdb, *postgres;
} types[] = {
	[CELL_INT64] = {"BIGINT", "bigint"},
	[CELL_FLOAT64] = {"DOUBLE", "double precision"},
	[CELL_NUMERIC] = {"DECIMAL(38,9)", "numeric(38,9)"},
	[CELL_STRING] = {"VARCHAR", "text"},
	[CELL_BOOL] = {"BOOLEAN", "boolean"},
	[CELL_TIMESTAMP] = {"TIMESTAMP WITH TIME ZONE",
			    "timestamp with time zone"},
	[CELL_DATE] = {"DATE", "date"},
	[CELL_DATETIME] = {"TIMESTAMP", "timestamp without time zone"},
	[CELL_TIME] = {"TIME", "time without time zone"},
	[CELL_BYTES] = {"BLOB", "bytea"},
	[CELL_JSON] = {"JSON", "jsonb"},
};

static const char *type_name(const struct load_table *t, enum cell_type type)
{
	return t->dialect->kind == WAREHOUSE_DUCKDB ? types[type].duckdb
						    : types[type].postgres;
}

static bool add_column(struct load_table *t, const struct load_column *column,
		       struct error *err)
{
	struct cell_column *c = &t->columns[t->ncolumns];

	c->name = column->name;
	if (str_is(c->name, "weir_load"))
		return error_set(err, ERROR_CONFIG,
				 "load %.*s: a column cannot be called "
				 "\"weir_load\", which weir adds by itself",
				 STR_ARG(t->load->key));
	if (!cell_type_find(column->type, &c->type))
		return error_set(err, ERROR_CONFIG,
				 "load %.*s: there is no column type \"%.*s\"",
				 STR_ARG(t->load->key), STR_ARG(column->type));
	t->ncolumns++;
	return true;
}

bool load_table_columns(struct load_table *t, const struct dialect *d,
			const struct graph *g, const struct load *l,
			struct arena *arena, struct error *err)
{
	*t = (struct load_table){
		.arena = arena,
		.load = l,
		.dialect = d,
		.raw = g->actions[l->action].target,
		.next_number = 1,
	};
	map_init(&t->by_path, arena);
	map_init(&t->by_hash, arena);
	map_init(&t->by_size, arena);
	t->book = t->raw;
	t->book.name = STR("weir_loads");
	t->columns = ARENA_NEW(arena, struct cell_column, l->ncolumns + 1);
	for (uint32_t i = 0; i < l->ncolumns; i++)
		if (!add_column(t, &l->columns[i], err))
			return false;
	t->columns[t->ncolumns++] = (struct cell_column){
		.name = STR("weir_load"),
		.type = CELL_INT64,
	};
	return true;
}

static bool same_name(const struct load_table *t, struct str a, struct str b)
{
	return t->dialect->kind == WAREHOUSE_DUCKDB ? str_eq_nocase(a, b)
						    : str_eq(a, b);
}

static bool check_column(const struct load_table *t, const struct relation *r,
			 const struct cell_column *c, struct error *err)
{
	struct str raw = target_short(t->arena, &t->raw);
	const char *type = type_name(t, c->type);
	size_t i = 0;

	while (i < r->columns.n && !same_name(t, r->columns.v[i], c->name))
		i++;
	if (i < r->columns.n && str_is(r->types.v[i], type))
		return true;
	if (i < r->columns.n)
		error_set(err, ERROR_CONFIG,
			  "column \"%.*s\" of %.*s is %.*s, but its load says "
			  "%s, which is %s",
			  STR_ARG(c->name), STR_ARG(raw),
			  STR_ARG(r->types.v[i]), cell_type_name(c->type),
			  type);
	else
		error_set(err, ERROR_CONFIG, "%.*s has no column \"%.*s\"",
			  STR_ARG(raw), STR_ARG(c->name));
	return error_hint(err, "ALTER the table or change weir.yaml; or drop "
			       "the table, and all its files are loaded "
			       "again");
}

static bool check_raw(struct load_table *t, struct error *err)
{
	struct relation r;

	if (!t->w->ops->describe(t->w, &t->raw, t->arena, &r, err))
		return false;
	t->raw_exists = r.kind != RELATION_NONE;
	if (!t->raw_exists)
		return true;
	if (r.kind != RELATION_TABLE)
		return error_set(err, ERROR_CONFIG,
				 "%.*s is no table, so a load cannot fill it",
				 STR_ARG(target_short(t->arena, &t->raw)));
	for (uint32_t c = 0; c < t->ncolumns; c++)
		if (!check_column(t, &r, &t->columns[c], err))
			return false;
	return true;
}

static void put_where(const struct load_table *t, struct buf *b)
{
	buf_adds(b, " WHERE table_name = ");
	dialect_put_string(t->dialect, b, t->raw.name);
}

static int64_t int_of(struct str digits)
{
	return strtoll(digits.p, NULL, 10);
}

void load_table_note(struct load_table *t, struct loaded *f)
{
	struct str size = {(const char *)&f->size, sizeof(f->size)};

	map_put(&t->by_path, f->path, f);
	map_put(&t->by_hash, f->hash, f);
	map_put(&t->by_size, size, f);
}

static bool read_book(struct load_table *t, struct error *err)
{
	struct buf sql = {0};
	struct relation r;
	struct rows rows;
	bool ok;

	if (!t->w->ops->describe(t->w, &t->book, t->arena, &r, err))
		return false;
	t->book_exists = r.kind != RELATION_NONE;
	if (!t->book_exists || !t->raw_exists)
		return true;
	buf_adds(&sql, "SELECT weir_load, path, size, sha256, rows FROM ");
	dialect_put_target(t->dialect, &sql, &t->book);
	put_where(t, &sql);
	ok = t->w->ops->query(t->w, buf_str(&sql), UINT32_MAX, t->arena, &rows,
			      err);
	buf_free(&sql);
	for (uint32_t i = 0; ok && i < rows.nrows; i++) {
		const struct str *row = rows.values + (size_t)i * 5;
		struct loaded *f = ARENA_NEW(t->arena, struct loaded, 1);

		*f = (struct loaded){
			.number = int_of(row[0]),
			.path = row[1],
			.size = (uint64_t)int_of(row[2]),
			.hash = row[3],
			.rows = int_of(row[4]),
		};
		if (f->number >= t->next_number)
			t->next_number = f->number + 1;
		load_table_note(t, f);
	}
	return ok;
}

bool load_table_open(struct load_table *t, struct warehouse *w,
		     const struct graph *g, const struct load *l,
		     struct arena *arena, struct error *err)
{
	if (!load_table_columns(t, w->profile->dialect, g, l, arena, err))
		return false;
	t->w = w;
	return check_raw(t, err) && read_book(t, err);
}

static void put_raw(const struct load_table *t, struct buf *b)
{
	buf_adds(b, "CREATE TABLE IF NOT EXISTS ");
	dialect_put_target(t->dialect, b, &t->raw);
	buf_adds(b, " (\n");
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		buf_adds(b, c ? ",\n  " : "  ");
		dialect_put_ident(t->dialect, b, t->columns[c].name);
		buf_printf(b, " %s", type_name(t, t->columns[c].type));
	}
	buf_adds(b, "\n);\n");
}

static void put_book(const struct load_table *t, struct buf *b)
{
	buf_adds(b, "CREATE TABLE IF NOT EXISTS ");
	dialect_put_target(t->dialect, b, &t->book);
	buf_adds(b, " (\n  table_name text NOT NULL,\n"
		    "  weir_load bigint NOT NULL,\n"
		    "  path text NOT NULL,\n"
		    "  size bigint NOT NULL,\n"
		    "  sha256 text NOT NULL,\n"
		    "  rows bigint NOT NULL,\n"
		    "  loaded_at timestamp with time zone NOT NULL\n);\n");
}

void load_table_put_sql(const struct load_table *t, struct buf *b)
{
	put_raw(t, b);
	put_book(t, b);
}

static bool execute(struct load_table *t, struct buf *sql, struct error *err)
{
	int64_t rows;
	bool ok = t->w->ops->execute(t->w, buf_str(sql), &rows, err);

	buf_free(sql);
	return ok;
}

static bool schema_exists(struct load_table *t, bool *exists, struct error *err)
{
	struct buf sql = {0};
	struct rows rows;
	bool ok;

	buf_adds(&sql,
		 "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ");
	dialect_put_string(t->dialect, &sql, t->raw.schema);
	ok = t->w->ops->query(t->w, buf_str(&sql), 1, t->arena, &rows, err);
	buf_free(&sql);
	*exists = ok && rows.nrows > 0;
	return ok;
}

static void put_missing(const struct load_table *t, bool has_schema,
			struct buf *b)
{
	buf_adds(b, "BEGIN;\n");
	if (!has_schema && t->raw.schema.n) {
		buf_adds(b, "CREATE SCHEMA IF NOT EXISTS ");
		dialect_put_ident(t->dialect, b, t->raw.schema);
		buf_adds(b, ";\n");
	}
	load_table_put_sql(t, b);
	if (!t->raw_exists) {
		buf_adds(b, "DELETE FROM ");
		dialect_put_target(t->dialect, b, &t->book);
		put_where(t, b);
		buf_adds(b, ";\n");
	}
	buf_adds(b, "COMMIT");
}

bool load_table_make(struct load_table *t, struct error *err)
{
	struct buf sql = {0};
	bool has_schema;

	if (t->raw_exists && t->book_exists)
		return true;
	if (!schema_exists(t, &has_schema, err))
		return false;
	put_missing(t, has_schema, &sql);
	t->raw_exists = t->book_exists =
		create_missing(t->w, buf_str(&sql), err);
	buf_free(&sql);
	return t->raw_exists;
}

bool load_table_begin(struct load_table *t, const struct loaded *replaced,
		      struct error *err)
{
	struct buf sql = {0};

	buf_adds(&sql, "BEGIN");
	if (replaced) {
		buf_adds(&sql, ";\nDELETE FROM ");
		dialect_put_target(t->dialect, &sql, &t->raw);
		buf_printf(&sql, " WHERE weir_load = %lld;\nDELETE FROM ",
			   (long long)replaced->number);
		dialect_put_target(t->dialect, &sql, &t->book);
		put_where(t, &sql);
		buf_printf(&sql, " AND weir_load = %lld",
			   (long long)replaced->number);
	}
	return execute(t, &sql, err);
}

bool load_table_commit(struct load_table *t, struct loaded *f,
		       struct error *err)
{
	struct buf sql = {0};

	f->number = t->next_number;
	buf_adds(&sql, "INSERT INTO ");
	dialect_put_target(t->dialect, &sql, &t->book);
	buf_adds(&sql, " (table_name, weir_load, path, size, sha256, rows, "
		       "loaded_at) VALUES (");
	dialect_put_string(t->dialect, &sql, t->raw.name);
	buf_printf(&sql, ", %lld, ", (long long)f->number);
	dialect_put_string(t->dialect, &sql, f->path);
	buf_printf(&sql, ", %llu, ", (unsigned long long)f->size);
	dialect_put_string(t->dialect, &sql, f->hash);
	buf_printf(&sql, ", %lld, now());\nCOMMIT", (long long)f->rows);
	if (!execute(t, &sql, err)) {
		if (err->kind == ERROR_LOST)
			error_hint(err, "run the same command again: what was "
					"committed is not loaded twice");
		return false;
	}
	t->next_number++;
	return true;
}

void load_table_roll_back(struct load_table *t)
{
	struct error ignored = {0};
	int64_t rows;

	/* A connection that a failure ended has nothing to roll back. */
	t->w->ops->execute(t->w, STR("ROLLBACK"), &rows, &ignored);
}
