/*
 * Which declaration each load of weir.yaml fills: its key is a name or
 * schema.name.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

static struct span span_of_key(const struct weirfile *w, uint32_t line,
			       struct str key)
{
	uint32_t start = source_offset(
		w->src, (struct position){.line = line, .column = 1});
	struct str text = source_line(w->src, start);
	size_t at = str_search(text, key, 0);

	if (!key.n || at == text.n)
		return span_of(w->src, start, start);
	return span_of(w->src, start + (uint32_t)at,
		       start + (uint32_t)(at + key.n));
}

/* A key that means several declarations is NULL in the map. */
static void add_key(struct map *keys, struct str key, struct draft *d)
{
	struct draft *other = map_get(keys, key);

	if (map_has(keys, key) && other != d)
		d = NULL;
	map_put(keys, key, d);
}

static void list_keys(struct session *s, struct map *keys)
{
	map_init(keys, s->arena);
	for (size_t i = 0; i < s->order.n; i++) {
		struct draft *d = s->order.v[i];

		if (d->made.type != ACTION_DECLARATION)
			continue;
		add_key(keys, d->target.name, d);
		if (d->target.schema.n)
			add_key(keys, target_short(s->arena, &d->target), d);
	}
}

static struct draft *find_key(struct session *s, const struct weirfile *w,
			      const struct map *keys, struct str key,
			      uint32_t line)
{
	struct draft *d = map_get(keys, key);
	struct str *all, near;
	struct diag *diag;

	if (d)
		return d;
	if (map_has(keys, key)) {
		diag = diag_add(
			s->diags, DIAG_BAD_WEIRFILE, span_of_key(w, line, key),
			"\"%.*s\" means several declarations", STR_ARG(key));
		diag_help(s->diags, diag, "write schema.name");
		return NULL;
	}
	diag = diag_add(s->diags, DIAG_BAD_WEIRFILE, span_of_key(w, line, key),
			"there is no declaration \"%.*s\"", STR_ARG(key));
	all = ARENA_NEW(s->arena, struct str, keys->n + 1);
	for (size_t i = 0; i < keys->n; i++)
		all[i] = keys->entries[i].key;
	near = suggest(key, all, keys->n);
	if (near.p)
		diag_help(s->diags, diag, "did you mean \"%.*s\"?",
			  STR_ARG(near));
	return NULL;
}

static void report_second(struct session *s, const struct weirfile *w,
			  const struct load *l, const struct load *first)
{
	struct diag *diag = diag_add(
		s->diags, DIAG_BAD_WEIRFILE, span_of_key(w, l->line, l->key),
		"\"%.*s\" is filled by another load already", STR_ARG(l->key));

	diag_help(s->diags, diag,
		  "\"%.*s\" in line %u means the same declaration: remove one "
		  "of them",
		  STR_ARG(first->key), first->line);
}

void session_apply_loads(struct session *s, const struct weirfile *w,
			 struct graph *g)
{
	const struct load **filled;
	struct map keys;

	if (w->nloads == 0)
		return;
	list_keys(s, &keys);
	filled = ARENA_NEW(s->arena, const struct load *, g->nactions + 1);
	g->loads = ARENA_NEW(s->arena, struct load, w->nloads);
	for (uint32_t i = 0; i < w->nloads; i++) {
		const struct load *l = &w->loads[i];
		struct draft *d = find_key(s, w, &keys, l->key, l->line);

		if (!d || d->id == ACTION_NONE)
			continue;
		if (filled[d->id]) {
			report_second(s, w, l, filled[d->id]);
			continue;
		}
		filled[d->id] = l;
		g->loads[g->nloads] = *l;
		g->loads[g->nloads++].action = d->id;
	}
}
