/*
 * DuckDB replaces a table or view in one statement, within a transaction if
 * need be, and its views know tables by name only. Its MERGE updates a row
 * twice where two rows of the source match it; BigQuery refuses that, so it
 * is looked for first.
 */
#include "runtime/sql/sql_write.h"

static void duckdb_table(struct sql *s)
{
	if (s->request->found->kind == RELATION_VIEW)
		sql_add(s, "drop view $T");
	sql_add(s, "create or replace table $T as$Q")->counts = true;
	sql_add_indexes(s, "", "$T");
}

static void duckdb_missing_indexes(struct sql *s)
{
	sql_add_indexes(s, "if not exists ", "$T");
}

static void duckdb_view(struct sql *s)
{
	if (s->request->found->kind == RELATION_TABLE)
		sql_add(s, "drop table $T");
	sql_add(s, "create or replace view $T as$Q");
}

static void duckdb_stage(struct sql *s)
{
	if (sql_changes_columns(s)) {
		sql_add(s, "create or replace temp table $S as\n"
			   "select $C\nfrom ($Q) as insertions");
		return;
	}
	sql_add(s, "create or replace temp table $S as\n"
		   "select $C\nfrom $T\nlimit 0");
	sql_add(s, "insert into $S ($C)\nselect $C\nfrom ($Q) as insertions");
}

static void duckdb_end_stage(struct sql *s)
{
	sql_add(s, "drop table $S");
}

/* The keys of deleted rows are free for the rest of a transaction only if the
 * table's indexes are loaded when they are deleted. Whoever inserts loads them,
 * be it nothing. */
static void duckdb_before_delete(struct sql *s)
{
	sql_add(s, "insert into $T ($C)\nselect $C\nfrom $T\nwhere false");
}

static void duckdb_stage_columns(struct sql *s)
{
	struct statement *st =
		sql_add(s, "create or replace temp table $S_columns as\n"
			   "select *\nfrom ($Q) as insertions\nlimit 0");

	st->compares = true;
	sql_add(s, "drop table $S_columns");
}

static void duckdb_put_columns_of(struct sql *s, struct str relation)
{
	buf_printf(&s->b,
		   "select column_name, column_type, column_type, false\n"
		   "from (describe %.*s)",
		   STR_ARG(relation));
}

/* Those of constraints have no statement, and do not stand in the way. */
static void duckdb_put_indexes(struct sql *s)
{
	const struct target *t = &s->action->target;

	buf_adds(&s->b,
		 "select index_name\n"
		 "from duckdb_indexes()\n"
		 "where database_name = current_database() and sql <> ''\n"
		 "and lower(schema_name) = lower(");
	if (t->schema.n)
		dialect_put_string(s->dialect, &s->b, t->schema);
	else
		buf_adds(&s->b, "current_schema()");
	buf_adds(&s->b, ") and lower(table_name) = lower(");
	dialect_put_string(s->dialect, &s->b, t->name);
	buf_adds(&s->b, ")\norder by index_name");
}

static void duckdb_merge(struct sql *s)
{
	duckdb_stage(s);
	sql_change_columns(s);
	sql_put(s, "select error('");
	sql_put(s, SQL_DUPLICATE_KEY "')\n");
	sql_add(s, "from (\n"
		   "\tselect 1\n"
		   "\tfrom $T as DATAFORM_DEST\n"
		   "\tjoin $S as DATAFORM_SOURCE\n"
		   "\ton $O\n"
		   "\tgroup by DATAFORM_DEST.rowid\n"
		   "\thaving count(*) > 1\n"
		   "\tlimit 1\n"
		   ")");
	sql_put(s, "merge into $T as DATAFORM_DEST\n"
		   "using $S as DATAFORM_SOURCE\n"
		   "on ($O)\n"
		   "when matched then update set ");
	sql_put_assignments(s);
	sql_put(s, "\nwhen not matched then insert ($C)\nvalues (");
	sql_put_source_columns(s);
	sql_add(s, ")")->counts = true;
	duckdb_end_stage(s);
}

const struct sql_writer sql_duckdb = {
	.table = duckdb_table,
	.view = duckdb_view,
	.missing_indexes = duckdb_missing_indexes,
	.merge = duckdb_merge,
	.stage = duckdb_stage,
	.end_stage = duckdb_end_stage,
	.before_delete = duckdb_before_delete,
	.stage_columns = duckdb_stage_columns,
	.put_columns_of = duckdb_put_columns_of,
	.put_indexes = duckdb_put_indexes,
	.type_of = "typeof",
	.list_schemas = "select schema_name from information_schema.schemata "
			"where catalog_name = current_database()",
	/* DuckDB finds names without regard to case. */
	.relations_head =
		"select w.i, case t.table_type when 'BASE TABLE' then 'table' "
		"when 'VIEW' then 'view' else 'other' end, "
		"c.column_name, c.data_type",
	.list_open = "[",
	.relations_tail = "join information_schema.tables t "
			  "on t.table_catalog = current_database() "
			  "and lower(t.table_schema) = "
			  "lower(coalesce(nullif(w.s, ''), current_schema())) "
			  "and lower(t.table_name) = lower(w.n)\n"
			  "left join duckdb_columns() c "
			  "on c.database_name = t.table_catalog "
			  "and c.schema_name = t.table_schema "
			  "and c.table_name = t.table_name\n"
			  "order by w.i, c.column_index",
};
