/*
 * What is said now is asked first: most runs find all of it said, and to say
 * it again would write to the catalog, and for DuckDB conflict with others.
 * What the config does not describe keeps its comment.
 */
#include "runtime/state/comments.h"

#include "base/arena.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/sql/sql_comment.h"
#include "runtime/state/columns.h"
#include "runtime/warehouse/warehouse.h"

/* The row of a description: that of its column, as it is spelt or else in
 * another case. False if there is none. */
static bool find(const struct rows *said, const struct description *what,
		 uint32_t *row)
{
	bool found = false;

	for (uint32_t i = 0; i < said->nrows; i++) {
		struct str name = said->values[2 * i];
		bool same = what->column.p
				    ? name.p && str_eq(name, what->column)
				    : !name.p;

		if (same || (!found && name.p && what->column.p &&
			     str_eq_nocase(name, what->column)))
			*row = i;
		else
			continue;
		found = true;
		if (same)
			break;
	}
	return found;
}

static bool say(struct warehouse *w, const struct action *a,
		const struct description *what, struct arena *arena,
		struct error *err)
{
	int64_t rows;

	return w->ops->execute(w,
			       sql_comment(w->profile->dialect, a, what, arena),
			       &rows, err);
}

bool comments_say(struct warehouse *w, const struct action *a,
		  struct arena *arena, struct str *note, struct error *err)
{
	struct descriptions all = descriptions_of(a, arena);
	struct str_vec missing = {0};
	struct strs names;
	struct rows said;

	if (!w->ops->query(w, sql_list_comments(w->profile->dialect, a, arena),
			   UINT32_MAX, arena, &said, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		struct description d = all.v[i];
		uint32_t row;

		if (!find(&said, &d, &row)) {
			if (d.column.p)
				VEC_PUSH(arena, &missing, d.column);
			continue;
		}
		if (d.column.p)
			d.column = said.values[2 * row];
		if (!str_eq(said.values[2 * row + 1], d.text) &&
		    !say(w, a, &d, arena, err))
			return false;
	}
	names = (struct strs){missing.v, missing.n};
	if (missing.n)
		*note = arena_printf(
			arena, "the config describes %.*s, which is not there",
			STR_ARG(columns_text(&names, arena)));
	return true;
}
