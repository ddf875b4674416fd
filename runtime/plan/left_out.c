/*
 * Kinds are counted, and the first few of what there is are named. Whoever
 * selects actions knows that others are left out, and is not told; what is
 * disabled would not run anywhere.
 */
#include "runtime/plan/left_out.h"

#include "base/buf.h"
#include "compiler/graph.h"

static const struct {
	enum action_type type;
	const char *one, *many;
} kinds[] = {
	{ACTION_NOTEBOOK, "notebook", "notebooks"},
	{ACTION_DATA_PREPARATION, "data preparation", "data preparations"},
	{ACTION_PROPERTY_GRAPH, "property graph", "property graphs"},
};

enum { NKINDS = sizeof(kinds) / sizeof(kinds[0]), NAMES_SHOWN = 5 };

static bool is_of(const struct action *a, size_t kind)
{
	return a->type == kinds[kind].type && !a->disabled;
}

static bool is_whole(const struct graph *g, const bool *selected)
{
	for (uint32_t i = 0; i < g->nactions; i++)
		if (action_is_runnable(&g->actions[i]) && !selected[i])
			return false;
	return true;
}

static uint32_t count(const struct graph *g, size_t kind)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->nactions; i++)
		n += is_of(&g->actions[i], kind);
	return n;
}

/* "2 notebooks and 1 property graph"; how many in all. */
static uint32_t put_counts(const struct graph *g, struct buf *b)
{
	uint32_t counts[NKINDS], all = 0, kinds_left = 0;

	for (size_t k = 0; k < NKINDS; k++) {
		counts[k] = count(g, k);
		kinds_left += counts[k] > 0;
	}
	for (size_t k = 0; k < NKINDS; k++) {
		if (!counts[k])
			continue;
		if (all)
			buf_adds(b, kinds_left > 1 ? ", " : " and ");
		buf_printf(b, "%u %s", (unsigned)counts[k],
			   counts[k] == 1 ? kinds[k].one : kinds[k].many);
		kinds_left--;
		all += counts[k];
	}
	return all;
}

static void put_names(const struct graph *g, struct arena *arena, struct buf *b)
{
	uint32_t shown = 0;

	for (size_t k = 0; k < NKINDS; k++) {
		for (uint32_t i = 0; i < g->nactions; i++) {
			if (!is_of(&g->actions[i], k))
				continue;
			if (shown == NAMES_SHOWN) {
				buf_adds(b, ", ...");
				return;
			}
			buf_adds(b, shown++ ? ", " : "");
			buf_add_str(b,
				    target_short(arena, &g->actions[i].target));
		}
	}
}

struct str left_out_note(const struct graph *g, const bool *selected,
			 struct arena *arena)
{
	struct str note = {0};
	struct buf b = {0};
	uint32_t n;

	if (!is_whole(g, selected))
		return note;
	n = put_counts(g, &b);
	if (n) {
		buf_adds(&b, n == 1 ? " is not run: " : " are not run: ");
		put_names(g, arena, &b);
		note = buf_move(&b, arena);
	}
	buf_free(&b);
	return note;
}
