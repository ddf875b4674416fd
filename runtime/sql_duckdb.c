/*
 * DuckDB replaces a table or view in one statement, within a transaction if
 * need be, and its views know tables by name only. Its MERGE updates a row
 * twice where two rows of the source match it; BigQuery refuses that, so it
 * is looked for first.
 */
#include "runtime/sql_write.h"

static void duckdb_table(struct sql *s)
{
	if (s->request->found->kind == RELATION_VIEW)
		sql_add(s, "drop view $T");
	sql_add(s, "create or replace table $T as$Q")->counts = true;
}

static void duckdb_view(struct sql *s)
{
	if (s->request->found->kind == RELATION_TABLE)
		sql_add(s, "drop table $T");
	sql_add(s, "create or replace view $T as$Q");
}

static void duckdb_merge(struct sql *s)
{
	sql_add(s, "create or replace temp table $S as\n"
		   "select $C\nfrom ($Q) as insertions");
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
	sql_add(s, "drop table $S");
}

const struct sql_writer sql_duckdb = {
	.table = duckdb_table,
	.view = duckdb_view,
	.merge = duckdb_merge,
	.list_schemas = "select schema_name from information_schema.schemata "
			"where catalog_name = current_database()",
};
