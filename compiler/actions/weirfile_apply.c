/*
 * Which declaration each load of weir.yaml fills, and how its keys mean what
 * the project has: by name, schema.name or database.schema.name.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

struct span weirfile_span(const struct weirfile *w, uint32_t line,
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

void weirfile_list_keys(struct session *s, bool (*wanted)(const struct draft *),
			struct map *keys)
{
	map_init(keys, s->arena);
	for (size_t i = 0; i < s->order.n; i++) {
		struct draft *d = s->order.v[i];

		if (!wanted(d))
			continue;
		add_key(keys, d->target.name, d);
		if (d->target.schema.n)
			add_key(keys, target_short(s->arena, &d->target), d);
		if (d->target.database.n)
			add_key(keys, target_text(s->arena, &d->target), d);
	}
}

struct draft *weirfile_find_key(struct session *s, const struct weirfile *w,
				const struct map *keys, struct str key,
				uint32_t line, const char *noun)
{
	struct draft *d = map_get(keys, key);
	struct str *all, near;
	struct diag *diag;
	struct span span;

	if (d)
		return d;
	span = weirfile_span(w, line, key);
	if (map_has(keys, key)) {
		diag = diag_add(s->diags, DIAG_BAD_WEIRFILE, span,
				"\"%.*s\" means several %ss", STR_ARG(key),
				noun);
		diag_help(s->diags, diag, "write schema.name");
		return NULL;
	}
	diag = diag_add(s->diags, DIAG_BAD_WEIRFILE, span,
			"there is no %s \"%.*s\"", noun, STR_ARG(key));
	if (diags_is_full(s->diags))
		return NULL;
	all = ARENA_NEW(s->arena, struct str, keys->n + 1);
	for (size_t i = 0; i < keys->n; i++)
		all[i] = keys->entries[i].key;
	near = suggest(key, all, keys->n);
	if (near.p)
		diag_help(s->diags, diag, "did you mean \"%.*s\"?",
			  STR_ARG(near));
	return NULL;
}

static bool is_declaration(const struct draft *d)
{
	return d->made.type == ACTION_DECLARATION;
}

static void report_second(struct session *s, const struct weirfile *w,
			  const struct load *l, const struct load *first)
{
	struct diag *diag = diag_add(
		s->diags, DIAG_BAD_WEIRFILE, weirfile_span(w, l->line, l->key),
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
	weirfile_list_keys(s, is_declaration, &keys);
	filled = ARENA_NEW(s->arena, const struct load *, g->nactions + 1);
	g->loads = ARENA_NEW(s->arena, struct load, w->nloads);
	for (uint32_t i = 0; i < w->nloads; i++) {
		const struct load *l = &w->loads[i];
		struct draft *d = weirfile_find_key(s, w, &keys, l->key,
						    l->line, "declaration");

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
