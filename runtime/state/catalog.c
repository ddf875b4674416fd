/*
 * One query for all names: asked one by one, DuckDB reads its whole catalog
 * for each, and PostgreSQL answers as many times as there are names.
 */
#include "runtime/state/catalog.h"

#include <stdlib.h>

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/sql/sql.h"
#include "runtime/warehouse/warehouse.h"

static enum relation_kind kind_of(struct str word)
{
	if (str_is(word, "table") || str_is(word, "partitioned"))
		return RELATION_TABLE;
	return str_is(word, "view") ? RELATION_VIEW : RELATION_OTHER;
}

/* The rows of one relation, n of them from row on. */
static void fill(struct relation *out, const struct str *row, uint32_t n,
		 struct arena *arena)
{
	out->kind = kind_of(row[1]);
	out->is_partitioned = str_is(row[1], "partitioned");
	out->columns.v = ARENA_NEW(arena, struct str, n);
	out->types.v = ARENA_NEW(arena, struct str, n);
	for (uint32_t i = 0; i < n; i++, row += 4) {
		if (!row[2].p)
			continue;
		out->columns.v[out->columns.n++] = row[2];
		out->types.v[out->types.n++] = row[3];
	}
}

static void fill_all(const struct rows *rows, struct relation *found,
		     struct arena *arena)
{
	const struct str *v = rows->values;

	for (uint32_t start = 0, end; start < rows->nrows; start = end) {
		const struct str *row = v + (size_t)start * 4;

		end = start + 1;
		while (end < rows->nrows && str_eq(v[(size_t)end * 4], row[0]))
			end++;
		fill(&found[strtoul(row[0].p, NULL, 10)], row, end - start,
		     arena);
	}
}

bool catalog_look_up(struct warehouse *w, const struct graph *g,
		     const bool *wanted, struct arena *arena,
		     const struct relation **out, struct error *err)
{
	struct relation *found = ARENA_NEW(arena, struct relation, g->nactions);
	bool any = false;
	struct rows rows;
	struct str sql;

	*out = found;
	for (uint32_t i = 0; i < g->nactions; i++)
		any |= wanted[i];
	if (!any)
		return true;
	sql = sql_list_relations(g->profile->dialect, g->actions, wanted,
				 g->nactions, arena);
	if (!w->ops->query(w, sql, UINT32_MAX, arena, &rows, err))
		return error_prefix(err, "cannot look up what is there");
	fill_all(&rows, found, arena);
	return true;
}
