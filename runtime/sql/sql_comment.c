/*
 * A config's description and columns, as COMMENT ON has them. The graph holds
 * them as Dataform's descriptor: { description, columns: [{ description, path:
 * ["name", "inside of it", ...] }] }.
 */
#include "runtime/sql/sql_comment.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "compiler/dialect.h"
#include "compiler/graph.h"

static void add_column(struct descriptions *all, const struct value *column,
		       struct arena *arena)
{
	const struct value *path = value_get(column, "path");
	struct description d = {.text = value_get_str(column, "description")};

	if (!d.text.n || !path || path->kind != VALUE_ARRAY || path->n != 1 ||
	    path->items[0].kind != VALUE_STRING)
		return;
	d.column = path->items[0].string;
	VEC_PUSH(arena, all, d);
}

struct descriptions descriptions_of(const struct action *a, struct arena *arena)
{
	struct descriptions all = {0};
	const struct value *columns;
	struct description d = {0};

	if (!a->descriptor ||
	    (a->type != ACTION_TABLE && a->type != ACTION_VIEW &&
	     a->type != ACTION_INCREMENTAL))
		return all;
	d.text = value_get_str(a->descriptor, "description");
	if (d.text.n)
		VEC_PUSH(arena, &all, d);
	columns = value_get(a->descriptor, "columns");
	for (uint32_t i = 0;
	     columns && columns->kind == VALUE_ARRAY && i < columns->n; i++)
		add_column(&all, &columns->items[i], arena);
	return all;
}

static void put_comment(struct buf *b, const struct dialect *d,
			const struct action *a, const struct description *what)
{
	if (what->column.p)
		buf_adds(b, "comment on column ");
	else
		buf_adds(b, a->type == ACTION_VIEW ? "comment on view "
						   : "comment on table ");
	dialect_put_target(d, b, &a->target);
	if (what->column.p) {
		buf_addc(b, '.');
		dialect_put_ident(d, b, what->column);
	}
	buf_adds(b, " is ");
	dialect_put_string(d, b, what->text);
}

struct str sql_comment(const struct dialect *d, const struct action *a,
		       const struct description *what, struct arena *arena)
{
	struct buf b = {0};
	struct str sql;

	put_comment(&b, d, a, what);
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

struct str sql_comments(const struct dialect *d, const struct action *a,
			struct arena *arena)
{
	struct descriptions all = descriptions_of(a, arena);
	struct buf b = {0};
	struct str sql;

	for (size_t i = 0; i < all.n; i++) {
		buf_adds(&b, i ? ";\n" : "");
		put_comment(&b, d, a, &all.v[i]);
	}
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

static void put_postgres(struct buf *b, const struct dialect *d,
			 const struct target *t)
{
	struct buf name = {0};

	dialect_put_target(d, &name, t);
	buf_adds(b, "select null::text, obj_description(c.oid, 'pg_class')\n"
		    "from pg_class c where c.oid = ");
	dialect_put_string(d, b, buf_str(&name));
	buf_adds(b, "::regclass\n"
		    "union all\n"
		    "select attname::text, col_description(attrelid, attnum)\n"
		    "from pg_attribute\n"
		    "where attnum > 0 and not attisdropped and attrelid = ");
	dialect_put_string(d, b, buf_str(&name));
	buf_adds(b, "::regclass");
	buf_free(&name);
}

static void put_duckdb_where(struct buf *b, const struct dialect *d,
			     const struct target *t, const char *name)
{
	buf_adds(b, "\nwhere database_name = current_database()\n"
		    "and lower(schema_name) = lower(");
	if (t->schema.n)
		dialect_put_string(d, b, t->schema);
	else
		buf_adds(b, "current_schema()");
	buf_printf(b, ") and lower(%s) = lower(", name);
	dialect_put_string(d, b, t->name);
	buf_addc(b, ')');
}

static void put_duckdb(struct buf *b, const struct dialect *d,
		       const struct target *t)
{
	buf_adds(b, "select null as name, comment from duckdb_tables()");
	put_duckdb_where(b, d, t, "table_name");
	buf_adds(b, "\nunion all\nselect null, comment from duckdb_views()");
	put_duckdb_where(b, d, t, "view_name");
	buf_adds(b, "\nunion all\n"
		    "select column_name, comment from duckdb_columns()");
	put_duckdb_where(b, d, t, "table_name");
}

struct str sql_list_comments(const struct dialect *d, const struct action *a,
			     struct arena *arena)
{
	struct buf b = {0};
	struct str sql;

	if (d->kind == WAREHOUSE_POSTGRES)
		put_postgres(&b, d, &a->target);
	else
		put_duckdb(&b, d, &a->target);
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}
