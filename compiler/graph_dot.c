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

static void put_node(struct buf *b, struct arena *scratch,
		     const struct action *a)
{
	struct str name = target_short(scratch, &a->target);

	put_quoted(b, name);
	buf_adds(b, " [label=");
	put_quoted(b, arena_printf(scratch, "%.*s [%s]", STR_ARG(name),
				   action_type_name(a->type)));
	buf_adds(b, "];\n");
}

static void put_edges(struct buf *b, struct arena *scratch,
		      const struct action *a)
{
	struct str name = target_short(scratch, &a->target);

	for (uint32_t i = 0; i < a->ndeps; i++) {
		put_quoted(b, target_short(scratch, &a->deps[i]));
		buf_adds(b, " -> ");
		put_quoted(b, name);
		buf_adds(b, ";\n");
	}
}

bool graph_print_dot(const struct graph *g, const bool *selected, FILE *f)
{
	struct arena *scratch = arena_new();
	struct buf b = {0};
	bool ok;

	buf_adds(&b, "digraph {\n");
	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];

		if (a->type == ACTION_DECLARATION || (selected && !selected[i]))
			continue;
		put_node(&b, scratch, a);
		put_edges(&b, scratch, a);
	}
	buf_adds(&b, "}\n");
	ok = fwrite(b.p, 1, b.n, f) == b.n;
	buf_free(&b);
	arena_free(scratch);
	return ok;
}
