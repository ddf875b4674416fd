/*
 * Statements that add rows to a table that is there: which columns they fill,
 * what a row of the query matches, and what each strategy makes of that.
 *
 * The query's side is called DATAFORM_SOURCE and the table's DATAFORM_DEST, as
 * Dataform calls them: predicates of the user's name them so.
 */
#include "base/arena.h"
#include "runtime/sql_lex.h"
#include "runtime/sql_write.h"

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

/* A key is quoted as the table spells it: unquoted, "user" or "order" would
 * be keywords. What is no column, such as a field of a struct, goes as it is
 * written. */
static void put_key(struct sql *s, struct str key)
{
	const struct strs *columns = &s->request->found->columns;
	struct str best = {0};

	for (size_t i = 0; i < columns->n; i++)
		if (str_eq(columns->v[i], key) ||
		    (!best.p && str_eq_nocase(columns->v[i], key)))
			best = columns->v[i];
	if (best.p)
		dialect_put_ident(s->dialect, &s->b, best);
	else
		buf_add_str(&s->b, key);
}

void sql_put_source_keys(struct sql *s)
{
	const struct strs *keys = &s->action->unique_key;

	for (size_t i = 0; i < keys->n; i++) {
		buf_adds(&s->b, i ? ", DATAFORM_SOURCE." : "DATAFORM_SOURCE.");
		put_key(s, keys->v[i]);
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
		buf_adds(&s->b, i ? " and DATAFORM_DEST." : "DATAFORM_DEST.");
		put_key(s, keys->v[i]);
		buf_adds(&s->b, " = DATAFORM_SOURCE.");
		put_key(s, keys->v[i]);
	}
	put_predicates(s);
}

void sql_insert(struct sql *s)
{
	sql_add(s, "insert into $T ($C)\nselect $C\nfrom ($Q) as insertions")
		->counts = true;
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
