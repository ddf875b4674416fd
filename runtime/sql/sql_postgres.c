/*
 * PostgreSQL. A table that is there is built anew beside the old one and
 * takes its name in the same transaction (sql_postgres_swap.c), so readers
 * see one or the other.
 *
 * A merge is an update and an insert of what did not match, decided before
 * the update: that is what MERGE does, and it works from version 13 on.
 */
#include "runtime/sql/sql_postgres.h"

#include "base/arena.h"
#include "runtime/sql/sql_write.h"

static const char *kind_word(enum relation_kind kind)
{
	return kind == RELATION_VIEW ? "view" : "table";
}

static void postgres_table(struct sql *s)
{
	enum relation_kind old = s->request->found->kind;

	if (old == RELATION_NONE) {
		sql_add(s, "create table $T as$Q")->counts = true;
		sql_add_indexes(s, "", "$T");
		return;
	}
	sql_add(s, "create table $N as$Q")->counts = true;
	if (old == RELATION_VIEW)
		sql_add_indexes(s, "", "$N");
	s->audited_beside = sql_audit_beside(s);
	postgres_add_swap(s, kind_word(old), "table");
}

/* To look whether an index is there, CREATE INDEX waits for all who write to
 * the table. Of several who look at once, one makes it. */
static void postgres_missing_indexes(struct sql *s)
{
	const struct weir_options *weir = s->action->weir;
	struct statement *st;

	sql_put(s, "begin\n");
	for (uint32_t i = 0; i < weir->nindexes; i++) {
		struct target index = s->action->target;
		struct buf name = {0};

		index.name = sql_index_name(s, &weir->indexes[i]);
		dialect_put_target(s->dialect, &name, &index);
		sql_put(s, "\tif to_regclass(");
		dialect_put_string(s->dialect, &s->b, buf_str(&name));
		sql_put(s, ") is null then\n"
			   "\t\tlock table $T in share update exclusive "
			   "mode;\n\t\t");
		sql_put_index(s, &weir->indexes[i], "if not exists ", "$T");
		sql_put(s, ";\n\tend if;\n");
		buf_free(&name);
	}
	st = postgres_end_block(s);
	st->summary = arena_printf(s->arena, "indexes of %.*s that are missing",
				   STR_ARG(s->target));
	st->makes = sql_index_words(s, weir->indexes, weir->nindexes);
}

static void postgres_view(struct sql *s)
{
	if (s->request->found->kind == RELATION_TABLE) {
		sql_add(s, "create view $N as$Q");
		postgres_add_swap(s, "table", "view");
	} else {
		sql_add(s, "create or replace view $T as$Q");
	}
}

/* "create or replace" refuses other columns than the view had. */
static void postgres_view_otherwise(struct sql *s)
{
	sql_add(s, "create view $N as$Q");
	postgres_add_swap(s, "view", "view");
}

/* Two rows that match one have the same key, which is quickly found out not
 * to be the case. A predicate may name a column that PL/pgSQL has a variable
 * for, such as found. A count makes the server plan for all rows; for an EXISTS
 * it would plan for the first one, with loops in loops. */
static void add_duplicate_check(struct sql *s)
{
	sql_put(s, "#variable_conflict use_column\n"
		   "begin\n"
		   "\tif (select count(*) from (\n"
		   "\t\tselect from $S as DATAFORM_SOURCE\n"
		   "\t\tgroup by $K\n"
		   "\t\thaving count(*) > 1\n"
		   "\t) same_key) = 0 then\n"
		   "\t\treturn;\n"
		   "\tend if;\n"
		   "\tif (select count(*) from (\n"
		   "\t\tselect from $T as DATAFORM_DEST\n"
		   "\t\tjoin $S as DATAFORM_SOURCE\n"
		   "\t\ton $O\n"
		   "\t\tgroup by DATAFORM_DEST.tableoid, DATAFORM_DEST.ctid\n"
		   "\t\thaving count(*) > 1\n"
		   "\t) met_twice) > 0 then\n"
		   "\t\traise exception '" SQL_DUPLICATE_KEY "'\n"
		   "\t\t\tusing errcode = '21000';\n"
		   "\tend if;\n");
	postgres_end_block(s);
}

static void postgres_stage(struct sql *s)
{
	if (sql_changes_columns(s)) {
		sql_add(s, "create temp table $S on commit drop as\n"
			   "select $C\nfrom ($Q) as insertions");
	} else {
		sql_add(s, "create temp table $S on commit drop as\n"
			   "select $C\nfrom $T\nwith no data");
		sql_add(s, "insert into $S ($C)\n"
			   "select $C\nfrom ($Q) as insertions");
	}
	sql_add(s, "analyze $S");
}

static void postgres_stage_columns(struct sql *s)
{
	sql_add(s, "create temp table $S_columns on commit drop as\n"
		   "select *\nfrom ($Q) as insertions\nlimit 0")
		->compares = true;
}

static void postgres_put_columns_of(struct sql *s, struct str relation)
{
	buf_adds(&s->b,
		 "select a.attname, format_type(a.atttypid, a.atttypmod),\n"
		 "\tformat_type(a.atttypid, a.atttypmod) || case\n"
		 "\t\twhen a.attcollation <> t.typcollation\n"
		 "\t\tthen ' collate ' || a.attcollation::regcollation\n"
		 "\t\telse '' end,\n"
		 "\tcase when a.attgenerated <> '' or a.attidentity = 'a'\n"
		 "\t\tthen 'true' else 'false' end\n"
		 "from pg_attribute a\n"
		 "join pg_type t on t.oid = a.atttypid\n"
		 "where a.attrelid = ");
	dialect_put_string(s->dialect, &s->b, relation);
	buf_adds(&s->b, "::regclass\n"
			"and a.attnum > 0 and not a.attisdropped\n"
			"order by a.attnum");
}

static void postgres_merge(struct sql *s)
{
	postgres_stage(s);
	sql_change_columns(s);
	add_duplicate_check(s);
	sql_add(s, "create temp table $S_new on commit drop as\n"
		   "select * from $S as DATAFORM_SOURCE\n"
		   "where not exists (\n"
		   "\tselect from $T as DATAFORM_DEST\n"
		   "\twhere $O\n"
		   ")");
	sql_put(s, "update $T as DATAFORM_DEST\nset ");
	sql_put_assignments(s);
	sql_add(s, "\nfrom $S as DATAFORM_SOURCE\nwhere $O")->counts = true;
	sql_add(s, "insert into $T ($C)\nselect $C from $S_new")->counts = true;
}

const struct sql_writer sql_postgres = {
	.table = postgres_table,
	.view = postgres_view,
	.view_otherwise = postgres_view_otherwise,
	.built = postgres_add_swap_end,
	.otherwise_if = "42P16", /* invalid_table_definition */
	.missing_indexes = postgres_missing_indexes,
	.merge = postgres_merge,
	.stage = postgres_stage,
	.claims_first = true,
	.indexes_last = true,
	.stage_columns = postgres_stage_columns,
	.lock = postgres_add_lock,
	.put_columns_of = postgres_put_columns_of,
	.type_of = "pg_typeof",
	.list_schemas = "select nspname from pg_namespace",
	.relations_head = "select w.i, case c.relkind when 'r' then 'table' "
			  "when 'p' then 'partitioned' when 'v' then 'view' "
			  "else 'other' end, "
			  "a.attname, format_type(a.atttypid, a.atttypmod)",
	.list_open = "array[",
	.relations_tail =
		"join pg_namespace n on n.nspname = "
		"coalesce(nullif(w.s, ''), current_schema())::name\n"
		"join pg_class c "
		"on c.relnamespace = n.oid and c.relname = w.n::name\n"
		"left join pg_attribute a on a.attrelid = c.oid "
		"and a.attnum > 0 and not a.attisdropped "
		"and a.attgenerated = '' and a.attidentity <> 'a'\n"
		"order by w.i, a.attnum",
};
