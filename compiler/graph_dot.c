/* The graph for Graphviz: https://graphviz.org/doc/info/lang.html */
#include "base/arena.h"
#include "base/buf.h"
#include "compiler/graph_print.h"

static void put_quoted(struct buf *b, struct str s)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s.p[i]);
	}
	buf_addc(b, '"');
}

struct dot {
	struct buf out;
	struct arena *scratch;
};

static bool is_dataset(const struct action *a)
{
	return a->type <= ACTION_INCREMENTAL;
}

static void put_node(struct dot *d, const struct action *a)
{
	struct str name = target_short(d->scratch, &a->target);

	put_quoted(&d->out, name);
	buf_adds(&d->out, " [label=");
	if (is_dataset(a))
		name = arena_printf(d->scratch, "%.*s [%s]", STR_ARG(name),
				    action_type_name(a->type));
	put_quoted(&d->out, name);
	buf_adds(&d->out, "];\n");
}

static void put_edges(struct dot *d, const struct action *a)
{
	struct str name = target_short(d->scratch, &a->target);

	for (uint32_t i = 0; i < a->ndeps; i++) {
		put_quoted(&d->out, target_short(d->scratch, &a->deps[i]));
		buf_adds(&d->out, " -> ");
		put_quoted(&d->out, name);
		buf_adds(&d->out, ";\n");
	}
}

/* Datasets, then assertions, then operations, as Dataform has them. */
static void put_all(struct dot *d, const struct graph *g, const bool *selected,
		    void (*put)(struct dot *d, const struct action *a))
{
	static const enum action_type last[] = {
		ACTION_INCREMENTAL, ACTION_ASSERTION, ACTION_OPERATION};

	for (size_t k = 0; k < sizeof(last) / sizeof(last[0]); k++) {
		for (uint32_t i = 0; i < g->nactions; i++) {
			const struct action *a = &g->actions[i];

			if (selected && !selected[i])
				continue;
			if (a->type == last[k] || (k == 0 && is_dataset(a)))
				put(d, a);
		}
	}
}

bool graph_print_dot(const struct graph *g, const bool *selected, FILE *f)
{
	struct dot d = {.scratch = arena_new()};
	bool ok;

	buf_adds(&d.out, "digraph {\n");
	put_all(&d, g, selected, put_node);
	put_all(&d, g, selected, put_edges);
	buf_adds(&d.out, "}\n");
	ok = fwrite(d.out.p, 1, d.out.n, f) == d.out.n;
	buf_free(&d.out);
	arena_free(d.scratch);
	return ok;
}
