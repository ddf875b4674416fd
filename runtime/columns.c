/*
 * What a table's columns must be for rows to be added to it.
 *
 * Rows are added to the columns that a table has. What else the query gives is
 * left out, and what it does not give makes our statement fail in words that
 * are not the user's. Both are found by asking the query for its columns.
 */
#include "runtime/columns.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/partition.h"
#include "runtime/warehouse.h"

static bool has(const struct strs *all, struct str name, bool folds_case)
{
	for (size_t i = 0; i < all->n; i++)
		if (folds_case ? str_eq_nocase(all->v[i], name)
			       : str_eq(all->v[i], name))
			return true;
	return false;
}

static struct strs without(const struct strs *all, const struct strs *others,
			   bool folds_case, struct arena *arena)
{
	struct str_vec left = {0};

	for (size_t i = 0; i < all->n; i++)
		if (!has(others, all->v[i], folds_case))
			VEC_PUSH(arena, &left, all->v[i]);
	return (struct strs){left.v, left.n};
}

bool columns_compare(struct warehouse *w, struct str query,
		     const struct relation *table, struct arena *arena,
		     struct column_change *out)
{
	bool folds_case = w->profile->dialect->folds_case;
	struct error ignored = {0};
	struct strs given;
	struct rows rows;

	if (!w->ops->query(w, query, 1, arena, &rows, &ignored))
		return false;
	given = (struct strs){rows.columns, rows.ncolumns};
	out->added = without(&given, &table->columns, folds_case, arena);
	out->removed = without(&table->columns, &given, folds_case, arena);
	return true;
}

struct str columns_text(const struct strs *columns, struct arena *arena)
{
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < columns->n; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "",
			   STR_ARG(columns->v[i]));
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

struct str columns_list(const struct strs *names, struct arena *arena)
{
	struct buf b = {0};
	struct str list;

	for (size_t i = 0; i < names->n; i++) {
		buf_adds(&b, i ? ", " : "");
		buf_add_str(&b, names->v[i]);
	}
	list = buf_move(&b, arena);
	buf_free(&b);
	return list;
}

/* A field is found through its column, and what is quoted by the warehouse. */
static bool has_key(const struct strs *columns, struct str key)
{
	struct str name = key;

	if (name.n > 2 && name.p[0] == '`' && name.p[name.n - 1] == '`')
		name = str_sub(name, 1, name.n - 1);
	return has(columns, name, true) ||
	       has(columns, str_sub(name, 0, str_find(name, '.', 0)), true) ||
	       str_has(key, STR("\""));
}

static bool lacks(const char *option, struct str name,
		  const struct strs *columns, struct arena *arena,
		  struct error *err)
{
	struct str list = columns_list(columns, arena);

	error_set(err, ERROR_SQL, "%s names \"%.*s\", which the table has not",
		  option, STR_ARG(name));
	return error_hint(err, "the columns that a query can fill are: %.*s",
			  STR_ARG(list));
}

bool columns_suffice(const struct action *a, enum deed deed,
		     const struct strs *columns, struct arena *arena,
		     struct error *err)
{
	struct partition p;

	if (deed == DEED_OVERWRITE)
		return partition_of(a, &p, err) &&
		       (has(columns, p.column, true) ||
			lacks("partitionBy", p.column, columns, arena, err));
	for (size_t i = 0; deed != DEED_INSERT && i < a->unique_key.n; i++)
		if (!has_key(columns, a->unique_key.v[i]))
			return lacks("uniqueKey", a->unique_key.v[i], columns,
				     arena, err);
	return true;
}

bool columns_may_change(const struct action *a)
{
	return a->on_schema_change == ON_CHANGE_EXTEND ||
	       a->on_schema_change == ON_CHANGE_SYNCHRONIZE;
}
