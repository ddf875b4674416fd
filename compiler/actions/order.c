/*
 * Circular dependencies: Tarjan's strongly connected components, without
 * recursion, in the order in which Dataform visits, so that a cycle is blamed
 * on the same action. Of each component one shortest cycle is printed.
 * https://doi.org/10.1137/0201010
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

struct vertex {
	struct draft *draft;
	uint32_t index, low; /* index 0: not yet visited */
	uint32_t next;       /* how many dependencies are done */
	uint32_t component;  /* 0: still open */
	uint32_t from;       /* of the search for a cycle */
};

struct tarjan {
	struct session *s;
	struct vertex *v; /* by draft id */
	uint32_t n, visited, ncomponents;
	uint32_t *path, npath;   /* being visited */
	uint32_t *stack, nstack; /* without a component */
	uint32_t *queue, *cycle; /* room for the search for a cycle */
};

static bool is_vertex(const struct draft *d)
{
	return d->id != ACTION_NONE && d->made.type != ACTION_DECLARATION;
}

static bool depends_on_itself(const struct draft *d)
{
	for (size_t i = 0; i < d->deps.n; i++)
		if (d->deps.v[i] == d)
			return true;
	return false;
}

/* The shortest way from start back to start, as ids behind one another in
 * v[].from. */
static void find_cycle(struct tarjan *t, uint32_t start)
{
	uint32_t *queue = t->queue;
	uint32_t head = 0, tail = 0;

	queue[tail++] = start;
	while (head < tail) {
		uint32_t id = queue[head++];
		const struct draft *d = t->v[id].draft;

		for (size_t i = 0; i < d->deps.n; i++) {
			uint32_t to = d->deps.v[i]->id;

			if (!is_vertex(d->deps.v[i]) ||
			    t->v[to].component != t->v[start].component ||
			    t->v[to].from != ACTION_NONE)
				continue;
			t->v[to].from = id;
			if (to == start)
				return;
			queue[tail++] = to;
		}
	}
}

/* "a -> b -> c -> a", where a reads b, and the second of them. */
static struct str cycle_text(struct tarjan *t, uint32_t start, uint32_t *second)
{
	struct buf *b = &t->s->text;
	uint32_t n = 0, *ids = t->cycle, id = start;

	find_cycle(t, start);
	do {
		ids[n++] = id;
		id = t->v[id].from;
	} while (id != start);
	*second = ids[n - 1];
	buf_clear(b);
	buf_add_str(b, t->v[start].draft->target.name);
	while (n-- > 0) {
		buf_adds(b, " -> ");
		buf_add_str(b, t->v[ids[n]].draft->target.name);
	}
	return buf_str(b);
}

static void report(struct tarjan *t, uint32_t start)
{
	struct session *s = t->s;
	struct draft *d = t->v[start].draft;
	struct str next;
	uint32_t second;
	struct str text = cycle_text(t, start, &second);
	const struct source *src = d->made.place.src;
	struct span span = {src, d->made.place.offset, d->made.place.offset};
	struct diag *diag;

	next = t->v[second].draft->target.name;
	if (src && !session_find_quoted(src, d->made.place.offset, next, &span))
		session_find_quoted(src, 0, next, &span);
	diag = draft_error(s, d, DIAG_CYCLE, span, "%s: %.*s",
			   start == second ? "an action depends on itself"
					   : "actions depend on each other",
			   STR_ARG(text));
	diag->action = &d->made.target;
	diag_help(s->diags, diag,
		  "one of them must not read the next: resolve() names a table "
		  "without waiting for it");
}

/* All above root on the stack are one component. */
static void close_component(struct tarjan *t, uint32_t root)
{
	uint32_t top = t->stack[t->nstack - 1], id;

	t->ncomponents++;
	do {
		id = t->stack[--t->nstack];
		t->v[id].component = t->ncomponents;
	} while (id != root);
	if (top != root || depends_on_itself(t->v[root].draft))
		report(t, top);
}

static void enter(struct tarjan *t, uint32_t id)
{
	t->v[id].index = t->v[id].low = ++t->visited;
	t->path[t->npath++] = id;
	t->stack[t->nstack++] = id;
}

static void lower(struct vertex *v, uint32_t to)
{
	if (to < v->low)
		v->low = to;
}

/* Dependencies are visited last first. */
static void visit(struct tarjan *t, uint32_t root)
{
	enter(t, root);
	while (t->npath > 0) {
		uint32_t id = t->path[t->npath - 1];
		struct vertex *v = &t->v[id];
		size_t n = v->draft->deps.n;
		struct draft *dep;

		if (v->next == n) {
			if (v->low == v->index)
				close_component(t, id);
			if (--t->npath > 0)
				lower(&t->v[t->path[t->npath - 1]], v->low);
			continue;
		}
		dep = v->draft->deps.v[n - ++v->next];
		if (!is_vertex(dep))
			continue;
		if (!t->v[dep->id].index)
			enter(t, dep->id);
		else if (!t->v[dep->id].component)
			lower(v, t->v[dep->id].index);
	}
}

static void visit_new(struct tarjan *t, const struct draft *d)
{
	if (is_vertex(d) && !t->v[d->id].index)
		visit(t, d->id);
}

/* drafts by id; roots are visited in the order of types. */
void order_check_cycles(struct session *s, struct draft *const *drafts,
			uint32_t n)
{
	static const enum action_type kinds[][2] = {
		{ACTION_TABLE, ACTION_INCREMENTAL},
		{ACTION_ASSERTION, ACTION_ASSERTION},
		{ACTION_OPERATION, ACTION_OPERATION},
		{ACTION_NOTEBOOK, ACTION_NOTEBOOK},
		{ACTION_DATA_PREPARATION, ACTION_DATA_PREPARATION},
		{ACTION_PROPERTY_GRAPH, ACTION_PROPERTY_GRAPH},
		{ACTION_TEST, ACTION_TEST},
	};
	struct tarjan t = {.s = s, .n = n};

	t.v = ARENA_NEW(s->arena, struct vertex, n + 1);
	t.path = ARENA_NEW(s->arena, uint32_t, n + 1);
	t.stack = ARENA_NEW(s->arena, uint32_t, n + 1);
	t.queue = ARENA_NEW(s->arena, uint32_t, n + 1);
	t.cycle = ARENA_NEW(s->arena, uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		t.v[i].draft = drafts[i];
		t.v[i].from = ACTION_NONE;
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (uint32_t i = 0; i < n; i++) {
			const struct draft *d = drafts[i];

			if (d->made.type < kinds[k][0] ||
			    d->made.type > kinds[k][1])
				continue;
			for (size_t j = 0; j < d->deps.n; j++)
				visit_new(&t, d->deps.v[j]);
			visit_new(&t, d);
		}
	}
}
