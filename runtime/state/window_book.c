/*
 * weir_intervals stands in the schema of the tables that it speaks of. Where
 * it is not there yet, nothing is recorded.
 */
#include "runtime/state/window_book.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/sql/sql.h"
#include "runtime/warehouse/warehouse.h"

enum { COLUMNS = 6, ATTEMPTS = 3 };

bool is_window(const struct action *a)
{
	return a->type == ACTION_INCREMENTAL && a->weir &&
	       a->weir->strategy == WEIR_WINDOW;
}

/* An action of each schema that has windows. */
static void list_schemas(const struct graph *g, const bool *selected,
			 struct arena *arena, struct map *out)
{
	map_init(out, arena);
	for (uint32_t i = 0; i < g->nactions; i++) {
		struct action *a = &g->actions[i];
		struct str schema = a->target.schema;

		if (!selected[i] || a->disabled || !is_window(a))
			continue;
		if (!schema.p)
			schema = STR("");
		if (!map_has(out, schema))
			map_put(out, schema, a);
	}
}

/* By action id: whether something may be recorded of it. */
static bool find_recorded(struct warehouse *w, const struct graph *g,
			  const bool *selected, struct arena *arena,
			  bool *recorded, bool *any, struct error *err)
{
	struct map schemas;

	list_schemas(g, selected, arena, &schemas);
	for (size_t s = 0; s < schemas.n; s++) {
		const struct action *first = schemas.entries[s].value;
		struct target book = sql_intervals_table(&first->target);
		struct relation r;

		if (!w->ops->describe(w, &book, arena, &r, err))
			return false;
		if (r.kind == RELATION_NONE)
			continue;
		*any = true;
		for (uint32_t i = 0; i < g->nactions; i++)
			recorded[i] |= selected[i] &&
				       is_window(&g->actions[i]) &&
				       !g->actions[i].disabled &&
				       str_eq(g->actions[i].target.schema,
					      first->target.schema);
	}
	return true;
}

/* A row is an island of intervals. */
static void take_row(const struct str *row, struct window_book *books,
		     struct arena *arena)
{
	struct window_book *b = &books[strtoul(row[0].p, NULL, 10)];
	struct period s = {strtoll(row[2].p, NULL, 10),
			   strtoll(row[3].p, NULL, 10)};

	b->is_known = true;
	b->off_grid |= row[4].p[0] == '1';
	b->hash = row[5];
	VEC_PUSH(arena, &b->done, s);
	if (row[1].p[0] == 'f')
		VEC_PUSH(arena, &b->open, s);
}

bool window_books_look_up(struct warehouse *w, const struct graph *g,
			  const bool *selected, struct arena *arena,
			  const struct window_book **out, struct error *err)
{
	struct window_book *books =
		ARENA_NEW(arena, struct window_book, g->nactions);
	bool *recorded = ARENA_NEW(arena, bool, g->nactions);
	bool any = false;
	struct rows rows;
	struct str sql;

	*out = books;
	if (!find_recorded(w, g, selected, arena, recorded, &any, err))
		return error_prefix(err, "cannot look up weir_intervals");
	if (!any)
		return true;
	sql = sql_list_intervals(w->profile->dialect, g->actions, recorded,
				 g->nactions, arena);
	if (!w->ops->query(w, sql, UINT32_MAX, arena, &rows, err))
		return error_prefix(err, "cannot read weir_intervals");
	for (uint32_t i = 0; i < rows.nrows; i++)
		take_row(rows.values + (size_t)i * COLUMNS, books, arena);
	for (uint32_t i = 0; i < g->nactions; i++) {
		periods_merge(&books[i].done);
		periods_merge(&books[i].open);
	}
	return true;
}

/* IF NOT EXISTS does not keep two that make the same from meeting. */
static bool make_book(struct warehouse *w, struct str sql, struct error *err)
{
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		struct error met = {0};
		int64_t rows;

		if (w->ops->execute(w, sql, &rows, &met))
			return true;
		if (attempt == ATTEMPTS - 1 || met.kind != ERROR_SQL) {
			*err = met;
			break;
		}
	}
	return error_prefix(err, "cannot make weir_intervals");
}

bool window_books_make(struct warehouse *w, const struct graph *g,
		       const bool *selected, struct arena *arena,
		       struct error *err)
{
	struct map schemas;

	list_schemas(g, selected, arena, &schemas);
	for (size_t s = 0; s < schemas.n; s++) {
		const struct action *first = schemas.entries[s].value;
		struct target book = sql_intervals_table(&first->target);

		if (!make_book(w,
			       sql_create_intervals(w->profile->dialect, arena,
						    &book),
			       err))
			return false;
	}
	return true;
}
