/*
 * Statements that add rows to a table that is there: which columns they fill,
 * what a row of the query matches, and what each strategy makes of that.
 *
 * The query's side is called DATAFORM_SOURCE and the table's DATAFORM_DEST, as
 * Dataform calls them: predicates of the user's name them so.
 */
#include "base/arena.h"
#include "runtime/sql/partition.h"
#include "runtime/sql/sql_write.h"
#include "runtime/sql_lex.h"

/* The table's own columns: an insert names them, and the query gives them. */
static void put_prefixed(struct sql *s, const char *prefix)
{
	const struct strs *columns = &s->request->found->columns;

	for (size_t i = 0; i < columns->n; i++) {
		buf_adds(&s->b, i ? ", " : "");
		buf_adds(&s->b, prefix);
		dialect_put_ident(s->dialect, &s->b, columns->v[i]);
	}
}

void sql_put_columns(struct sql *s)
{
	put_prefixed(s, "");
}

void sql_put_source_columns(struct sql *s)
{
	put_prefixed(s, "DATAFORM_SOURCE.");
}

void sql_put_assignments(struct sql *s)
{
	const struct strs *columns = &s->request->found->columns;

	for (size_t i = 0; i < columns->n; i++) {
		buf_adds(&s->b, i ? ", " : "");
		dialect_put_ident(s->dialect, &s->b, columns->v[i]);
		buf_adds(&s->b, " = DATAFORM_SOURCE.");
		dialect_put_ident(s->dialect, &s->b, columns->v[i]);
	}
}

/* The column of that name as the table spells it; unset if it has none. */
static struct str find_column(const struct sql *s, struct str name)
{
	const struct strs *columns = &s->request->found->columns;
	struct str best = {0};

	for (size_t i = 0; i < columns->n; i++)
		if (str_eq(columns->v[i], name) ||
		    (!best.p && str_eq_nocase(columns->v[i], name)))
			best = columns->v[i];
	return best;
}

static struct str unquoted(struct str key)
{
	if (key.n > 2 && key.p[0] == '`' && key.p[key.n - 1] == '`')
		return str_sub(key, 1, key.n - 1);
	return key;
}

/* A key of one side. A column is quoted as the table spells it: unquoted,
 * "user" or "order" would be keywords. Behind the column of a struct comes the
 * field, as it is written; what is neither goes as it is. */
static void put_key(struct sql *s, const char *side, struct str key)
{
	bool in_brackets = s->dialect->kind == WAREHOUSE_POSTGRES;
	size_t dot = str_find(key, '.', 0);
	struct str column;

	key = unquoted(key);
	column = find_column(s, key);
	if (column.p)
		dot = key.n;
	else if (dot < key.n)
		column = find_column(s, str_sub(key, 0, dot));
	if (!column.p) {
		buf_printf(&s->b, "%s.%.*s", side, STR_ARG(key));
		return;
	}
	buf_adds(&s->b, in_brackets && dot < key.n ? "(" : "");
	buf_printf(&s->b, "%s.", side);
	dialect_put_ident(s->dialect, &s->b, column);
	buf_adds(&s->b, in_brackets && dot < key.n ? ")" : "");
	buf_add_str(&s->b, str_sub(key, dot, key.n));
}

void sql_put_source_keys(struct sql *s)
{
	const struct strs *keys = &s->action->unique_key;

	for (size_t i = 0; i < keys->n; i++) {
		buf_adds(&s->b, i ? ", " : "");
		put_key(s, "DATAFORM_SOURCE", keys->v[i]);
	}
}

static void put_predicates(struct sql *s)
{
	const struct value *bq = s->action->bigquery;
	const struct value *list = value_get(bq, "incrementalPredicates");
	struct str filter = value_get_str(bq, "updatePartitionFilter");

	if (filter.n) {
		buf_adds(&s->b, "\n\tand DATAFORM_DEST.");
		buf_add_str(&s->b, str_trim(filter));
		buf_adds(&s->b, str_has(filter, STR("--")) ? "\n\t" : "");
	}
	if (!list || list->kind != VALUE_ARRAY)
		return;
	for (uint32_t i = 0; i < list->n; i++) {
		if (list->items[i].kind != VALUE_STRING ||
		    !str_trim(list->items[i].string).n)
			continue;
		buf_adds(&s->b, "\n\tand (");
		buf_add_str(&s->b, list->items[i].string);
		buf_adds(&s->b, "\n\t)");
	}
}

void sql_put_condition(struct sql *s)
{
	const struct strs *keys = &s->action->unique_key;

	for (size_t i = 0; i < keys->n; i++) {
		buf_adds(&s->b, i ? " and " : "");
		put_key(s, "DATAFORM_DEST", keys->v[i]);
		buf_adds(&s->b, " = ");
		put_key(s, "DATAFORM_SOURCE", keys->v[i]);
	}
	put_predicates(s);
}

bool sql_changes_columns(const struct sql *s)
{
	const struct schema_change *c = s->request->change;

	return c && c->added.n + c->removed.n;
}

void sql_change_columns(struct sql *s)
{
	const struct schema_change *c = s->request->change;

	if (!sql_changes_columns(s))
		return;
	if (s->writer->lock)
		s->writer->lock(s);
	for (size_t i = 0; i < c->added.n; i++) {
		sql_put(s, "alter table $T add column if not exists ");
		dialect_put_ident(s->dialect, &s->b, c->added.v[i]);
		buf_printf(&s->b, " %.*s", STR_ARG(c->definitions.v[i]));
		sql_end(s);
	}
	for (size_t i = 0; i < c->removed.n; i++) {
		sql_put(s, "alter table $T drop column if exists ");
		dialect_put_ident(s->dialect, &s->b, c->removed.v[i]);
		sql_end(s);
	}
}

void sql_ask_columns(struct sql *s, struct sql_task *out)
{
	struct str stage =
		arena_printf(s->arena, "%.*s_columns", STR_ARG(s->stage));

	s->writer->put_columns_of(s, stage);
	out->query_columns = buf_move(&s->b, s->arena);
	s->writer->put_columns_of(s, s->target);
	out->table_columns = buf_move(&s->b, s->arena);
	if (!s->writer->put_indexes)
		return;
	s->writer->put_indexes(s);
	out->indexes = buf_move(&s->b, s->arena);
}

/* Of no rows, joined to one: its NULLs have the columns' types. */
void sql_ask_types(struct sql *s, struct sql_task *out)
{
	const struct strs *columns = &s->request->found->columns;

	sql_put(s, "select ");
	for (size_t i = 0; i < 2 * columns->n; i++) {
		buf_printf(&s->b, "%s%s(%s.", i ? ", " : "", s->writer->type_of,
			   i % 2 ? "t" : "q");
		dialect_put_ident(s->dialect, &s->b, columns->v[i / 2]);
		buf_addc(&s->b, ')');
	}
	sql_put(s, "\nfrom (select 1 as one) as o\n"
		   "left join (select * from ($Q) as insertions limit 0) as q\n"
		   "on true\n"
		   "left join (select * from $T limit 0) as t on true");
	out->types = buf_move(&s->b, s->arena);
}

void sql_insert(struct sql *s)
{
	sql_add(s, "insert into $T ($C)\nselect $C\nfrom ($Q) as insertions")
		->counts = true;
}

/* All rows of the query, once what they replace is gone. */
void sql_insert_staged(struct sql *s)
{
	sql_add(s, "insert into $T ($C)\nselect $C\nfrom $S")->counts = true;
	if (s->writer->end_stage)
		s->writer->end_stage(s);
}

/* While columns change nobody reads the table: the query is done by then. */
void sql_append(struct sql *s)
{
	if (!sql_changes_columns(s)) {
		sql_insert(s);
		return;
	}
	s->writer->stage(s);
	sql_change_columns(s);
	sql_insert_staged(s);
}

void sql_delete_insert(struct sql *s)
{
	s->writer->stage(s);
	sql_change_columns(s);
	if (s->writer->before_delete)
		s->writer->before_delete(s);
	sql_add(s, "delete from $T as DATAFORM_DEST\n"
		   "using $S as DATAFORM_SOURCE\n"
		   "where $O");
	sql_insert_staged(s);
}

/* The partition that a row of one side is in. */
static void put_partition(struct sql *s, const struct partition *p,
			  const char *side)
{
	const struct relation *found = s->request->found;
	struct str column = find_column(s, p->column);
	struct str type = STR(""), name;
	struct buf quoted = {0};

	for (size_t i = 0; i < found->types.n; i++)
		if (str_eq(found->columns.v[i], column))
			type = found->types.v[i];
	buf_printf(&quoted, "%s.", side);
	dialect_put_ident(s->dialect, &quoted, column.p ? column : p->column);
	name = buf_move(&quoted, s->arena);
	buf_free(&quoted);
	partition_put(p, s->dialect, name, type, &s->b);
}

/* IN is never true of a NULL, on either side. */
void sql_overwrite(struct sql *s)
{
	struct error refused = {0};
	struct partition p;

	if (!partition_of(s->action, &p, &refused))
		return; /* query_check() has said so */
	s->writer->stage(s);
	sql_change_columns(s);
	if (s->writer->before_delete)
		s->writer->before_delete(s);
	sql_put(s, "delete from $T as DATAFORM_DEST\nwhere ");
	put_partition(s, &p, "DATAFORM_DEST");
	sql_put(s, " in (\n\tselect distinct ");
	put_partition(s, &p, "DATAFORM_SOURCE");
	sql_put(s, "\n\tfrom $S as DATAFORM_SOURCE\n)");
	put_predicates(s);
	sql_end(s);
	sql_insert_staged(s);
}

static struct str where_applied(struct sql *s, struct str query)
{
	struct str where = sql_trim(s->action->where);

	if (!where.n)
		return query;
	return arena_printf(s->arena,
			    "select * from (\n%.*s\n) as subquery\nwhere %.*s",
			    STR_ARG(query), STR_ARG(where));
}

struct str sql_rows_query(struct sql *s)
{
	const struct action *a = s->action;
	bool has_own = a->incremental_query.p;

	return where_applied(
		s, sql_trim(has_own ? a->incremental_query : a->query));
}
