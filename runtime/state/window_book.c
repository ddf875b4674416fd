/*
 * weir_intervals stands in the schema of the tables that it speaks of. Where
 * it is not there yet, nothing is recorded.
 *
 * What it says of a table is true of what windows made of it. Where a step of
 * another kind has the name now, it deletes that in its transaction, so that
 * the table is not taken for complete when it is a window again.
 */
#include "runtime/state/window_book.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/sql/sql.h"
#include "runtime/state/create.h"
#include "runtime/warehouse/warehouse.h"

enum { COLUMNS = 6 };

bool is_window(const struct action *a)
{
	return a->type == ACTION_INCREMENTAL && a->weir &&
	       a->weir->strategy == WEIR_WINDOW;
}

/* A schema of actions, and whether it has a weir_intervals. */
struct shelf {
	const struct target *of; /* one of them */
	bool has_book;
};

static struct str key_of(const struct action *a)
{
	return a->target.schema.p ? a->target.schema : STR("");
}

/* By schema, those of the actions that are wanted. */
static void list_shelves(const struct graph *g, const bool *wanted,
			 struct arena *arena, struct map *out)
{
	map_init(out, arena);
	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];
		struct shelf *shelf;

		if (!wanted[i] || map_has(out, key_of(a)))
			continue;
		shelf = ARENA_NEW(arena, struct shelf, 1);
		shelf->of = &a->target;
		map_put(out, key_of(a), shelf);
	}
}

static bool *list_windows(const struct graph *g, const bool *selected,
			  struct arena *arena)
{
	bool *windows = ARENA_NEW(arena, bool, g->nactions);

	for (uint32_t i = 0; i < g->nactions; i++)
		windows[i] = selected[i] && !g->actions[i].disabled &&
			     is_window(&g->actions[i]);
	return windows;
}

/* What else may put something under its name, known to weir. */
static bool *list_others(const struct graph *g, const bool *selected,
			 struct arena *arena)
{
	bool *others = ARENA_NEW(arena, bool, g->nactions);

	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];

		others[i] = selected[i] && !a->disabled && !is_window(a) &&
			    (a->type != ACTION_OPERATION || a->has_output) &&
			    a->type != ACTION_DECLARATION;
	}
	for (uint32_t i = 0; i < g->nloads; i++)
		others[g->loads[i].action] = true;
	return others;
}

/* All schemas in one query. What has the name by chance is none of ours. */
static bool find_books(struct warehouse *w, const struct map *shelves,
		       struct arena *arena, struct error *err)
{
	struct action *books = ARENA_NEW(arena, struct action, shelves->n);
	bool *wanted = ARENA_NEW(arena, bool, shelves->n);
	struct rows rows;
	struct str sql;

	if (!shelves->n)
		return true;
	for (size_t i = 0; i < shelves->n; i++) {
		const struct shelf *shelf = shelves->entries[i].value;

		books[i].target = sql_intervals_table(shelf->of);
		wanted[i] = true;
	}
	sql = sql_list_relations(w->profile->dialect, books, wanted,
				 (uint32_t)shelves->n, arena);
	if (!w->ops->query(w, sql, UINT32_MAX, arena, &rows, err))
		return false;
	for (uint32_t i = 0; i < rows.nrows; i++) {
		const struct str *row = rows.values + (size_t)i * 4;
		struct shelf *shelf;

		if (!row[2].p || !str_is(row[2], "table_name"))
			continue;
		shelf = shelves->entries[strtoul(row[0].p, NULL, 10)].value;
		shelf->has_book = true;
	}
	return true;
}

/* Leaves those of which something may be recorded. */
static bool keep_recorded(const struct graph *g, const struct map *shelves,
			  bool *wanted)
{
	bool any = false;

	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct shelf *shelf;

		if (!wanted[i])
			continue;
		shelf = map_get(shelves, key_of(&g->actions[i]));
		wanted[i] = shelf->has_book;
		any |= wanted[i];
	}
	return any;
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

/* Of what is no window it is enough to know that there is anything. */
static bool ask_of_others(struct warehouse *w, const struct graph *g,
			  const struct shelf *shelf, const bool *others,
			  struct arena *arena, struct window_book *books,
			  struct error *err)
{
	bool *here = ARENA_NEW(arena, bool, g->nactions);
	bool any = false;
	struct rows rows;
	struct str sql;

	for (uint32_t i = 0; i < g->nactions; i++) {
		here[i] = others[i] && str_eq(g->actions[i].target.schema,
					      shelf->of->schema);
		any |= here[i];
	}
	if (!any)
		return true;
	sql = sql_list_recorded(w->profile->dialect, shelf->of, g->actions,
				here, g->nactions, arena);
	if (!w->ops->query(w, sql, UINT32_MAX, arena, &rows, err))
		return false;
	for (uint32_t i = 0; i < rows.nrows; i++)
		books[strtoul(rows.values[i].p, NULL, 10)].is_known = true;
	return true;
}

static bool ask_of_windows(struct warehouse *w, const struct graph *g,
			   const bool *windows, struct arena *arena,
			   struct window_book *books, struct error *err)
{
	struct str sql = sql_list_intervals(w->profile->dialect, g->actions,
					    windows, g->nactions, arena);
	struct rows rows;

	if (!w->ops->query(w, sql, UINT32_MAX, arena, &rows, err))
		return false;
	for (uint32_t i = 0; i < rows.nrows; i++)
		take_row(rows.values + (size_t)i * COLUMNS, books, arena);
	for (uint32_t i = 0; i < g->nactions; i++) {
		periods_merge(&books[i].done);
		periods_merge(&books[i].open);
	}
	return true;
}

bool window_books_look_up(struct warehouse *w, const struct graph *g,
			  const bool *selected, struct arena *arena,
			  const struct window_book **out, struct error *err)
{
	struct window_book *books =
		ARENA_NEW(arena, struct window_book, g->nactions);
	bool *windows = list_windows(g, selected, arena);
	bool *others = list_others(g, selected, arena);
	bool *all = ARENA_NEW(arena, bool, g->nactions);
	struct map shelves;
	bool ok = true;

	*out = books;
	for (uint32_t i = 0; i < g->nactions; i++)
		all[i] = windows[i] || others[i];
	list_shelves(g, all, arena, &shelves);
	if (!find_books(w, &shelves, arena, err))
		return error_prefix(err, "cannot look up weir_intervals");
	if (keep_recorded(g, &shelves, windows))
		ok = ask_of_windows(w, g, windows, arena, books, err);
	for (size_t i = 0; ok && i < shelves.n; i++) {
		const struct shelf *shelf = shelves.entries[i].value;

		if (shelf->has_book)
			ok = ask_of_others(w, g, shelf, others, arena, books,
					   err);
	}
	return ok || error_prefix(err, "cannot read weir_intervals");
}

bool window_books_now(struct warehouse *w, const struct graph *g,
		      const bool *selected, struct arena *arena,
		      int64_t *now_ms, struct error *err)
{
	const bool *windows = list_windows(g, selected, arena);
	bool any = false;
	struct rows rows;
	int64_t server;

	for (uint32_t i = 0; i < g->nactions; i++)
		any |= windows[i];
	if (!any || g->profile->dialect->kind != WAREHOUSE_POSTGRES)
		return true;
	if (!w->ops->query(w,
			   STR("select floor(extract(epoch from now()) * "
			       "1000)::bigint"),
			   1, arena, &rows, err))
		return error_prefix(err, "cannot ask for the server's time");
	server = strtoll(rows.values[0].p, NULL, 10);
	*now_ms = server < *now_ms ? server : *now_ms;
	return true;
}

bool window_book_has(struct warehouse *w, const struct target *of,
		     const struct sql_window *period, struct arena *arena,
		     bool *has, struct error *err)
{
	struct str sql =
		sql_ask_recorded(w->profile->dialect, of, period, arena);
	struct rows rows;

	if (!w->ops->query(w, sql, 1, arena, &rows, err))
		return error_prefix(err, "cannot read weir_intervals");
	*has = rows.nrows > 0;
	return true;
}

bool window_books_forget(struct warehouse *w, const struct target *of,
			 struct arena *arena, struct error *err)
{
	int64_t rows;

	return w->ops->execute(
		       w, sql_forget_intervals(w->profile->dialect, of, arena),
		       &rows, err) ||
	       error_prefix(err, "cannot delete from weir_intervals");
}

bool window_books_make(struct warehouse *w, const struct graph *g,
		       const bool *selected, struct arena *arena,
		       struct error *err)
{
	struct map shelves;

	list_shelves(g, list_windows(g, selected, arena), arena, &shelves);
	for (size_t s = 0; s < shelves.n; s++) {
		const struct shelf *shelf = shelves.entries[s].value;
		struct target book = sql_intervals_table(shelf->of);

		if (!create_missing(w,
				    sql_create_intervals(w->profile->dialect,
							 arena, &book),
				    err))
			return error_prefix(err, "cannot make weir_intervals");
	}
	return true;
}
