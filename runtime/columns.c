/*
 * Rows are added to the columns that a table has. What else the query gives is
 * left out, and what it does not give makes our statement fail in words that
 * are not the user's. Both are found by asking the query for its columns.
 */
#include "runtime/columns.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "compiler/graph.h"
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
