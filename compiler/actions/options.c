/*
 * What actions' configs and weir.yaml say below weir, put together key by key:
 * first a table's options for its inline assertions, then the config, then
 * weir.yaml's patterns, then its names; of several the last counts. So a
 * project can stay one that Dataform accepts. What is put together is held
 * against the action at the end, when calls of JavaScript have had their say.
 */
#include "compiler/actions/options.h"
#include "base/arena.h"
#include "compiler/project/schema.h"

/* One action of weir.yaml. */
struct entry {
	const struct member *written;
	struct value options; /* checked */
	bool is_pattern;
	bool *used; /* of a pattern: which options some action has */
};

struct applying {
	struct session *s;
	const struct weirfile *w;
	struct graph *g;
	struct draft **drafts;   /* by id in the graph */
	struct options **chosen; /* by id; NULL where there are none */
};

static struct options *options_of(struct applying *a, uint32_t id)
{
	if (!a->chosen[id]) {
		a->chosen[id] = ARENA_NEW(a->s->arena, struct options, 1);
		a->chosen[id]->s = a->s;
		a->chosen[id]->w = a->w;
		a->chosen[id]->draft = a->drafts[id];
		a->chosen[id]->action = &a->g->actions[id];
	}
	return a->chosen[id];
}

const enum config_weir_key options_inherited[] = {
	CONFIG_WEIR_severity, CONFIG_WEIR_warnAbove, CONFIG_WEIR_failAbove,
	CONFIG_WEIR_storeFailures};

struct span option_span(const struct options *o, enum config_weir_key key)
{
	const struct option *option = &o->of[key];
	struct str path[2] = {STR("weir"), config_weir_name(key)};

	if (option->place)
		return weirfile_span(o->w, option->place->line,
				     option->place->key);
	return config_locate(o->draft->config, path, 2);
}

static void take_config(struct applying *a, uint32_t id)
{
	const struct value *weir = a->drafts[id]->weir;

	for (uint32_t i = 0; weir && i < weir->n; i++) {
		const struct member *m = &weir->members[i];
		struct options *o = options_of(a, id);

		o->of[config_weir_find(m->key)] = (struct option){
			.value = &m->value, .config = &m->value};
	}
}

/* The config of an inline assertion is its table's. */
static void inherit(struct applying *a, uint32_t id)
{
	const struct draft *parent = a->drafts[id]->parent;
	struct options *from;

	if (!parent || parent->id == ACTION_NONE || !a->chosen[parent->id])
		return;
	from = a->chosen[parent->id];
	from->has_assertions = true;
	for (size_t i = 0; i < OPTIONS_INHERITED; i++) {
		enum config_weir_key key = options_inherited[i];
		struct options *o;

		if (!from->of[key].value)
			continue;
		o = options_of(a, id);
		if (o->of[key].value)
			continue;
		o->of[key] = from->of[key];
		o->of[key].config = NULL;
		o->of[key].inherited = true;
	}
}

static struct schema_reader reader_of(const struct applying *a)
{
	return (struct schema_reader){
		.arena = a->s->arena,
		.diags = a->s->diags,
		.unknown = DIAG_BAD_WEIRFILE,
		.bad = DIAG_BAD_WEIRFILE,
		.strict = true,
		.kinds = SCHEMA_ALL,
		.locate = schema_locate_source,
		.place = a->w->src,
	};
}

/* What a pattern says of an action is for those options that it can have. */
static void take_entry(struct applying *a, struct entry *e, uint32_t id)
{
	enum action_type type = a->g->actions[id].type;

	for (uint32_t i = 0; i < e->options.n; i++) {
		const struct member *m = &e->options.members[i];
		enum config_weir_key key = config_weir_find(m->key);
		struct options *o;

		if (!config_weir_has(key, type)) {
			struct schema_reader r = reader_of(a);
			const struct schema_path at = {NULL, m->key, m->line,
						       m->column};

			if (!e->is_pattern)
				config_weir_refuse(&r, type, &at);
			continue;
		}
		e->used[key] = true;
		o = options_of(a, id);
		o->of[key].value = &m->value;
		o->of[key].place = m;
		o->of[key].of_pattern = e->is_pattern;
	}
}

/* Options of a pattern that nothing it means can have. */
static void check_used(struct applying *a, const struct entry *e)
{
	for (uint32_t i = 0; i < e->options.n; i++) {
		const struct member *m = &e->options.members[i];

		if (e->used[config_weir_find(m->key)])
			continue;
		diag_add(a->s->diags, DIAG_BAD_WEIRFILE,
			 weirfile_span(a->w, m->line, m->key),
			 "no action that \"%.*s\" means can have \"%.*s\"",
			 STR_ARG(e->written->key), STR_ARG(m->key));
	}
}

static void apply_pattern(struct applying *a, struct entry *e)
{
	bool found = false;
	struct diag *d;

	for (uint32_t id = 0; id < a->g->nactions; id++) {
		if (!action_is_runnable(&a->g->actions[id]) ||
		    !target_matches(&a->drafts[id]->target, e->written->key))
			continue;
		found = true;
		take_entry(a, e, id);
	}
	if (found) {
		check_used(a, e);
		return;
	}
	d = diag_add(a->s->diags, DIAG_BAD_WEIRFILE,
		     weirfile_span(a->w, e->written->line, e->written->key),
		     "no action matches \"%.*s\"", STR_ARG(e->written->key));
	diag_help(a->s->diags, d,
		  "`weir list` prints what can be run; names here are those "
		  "without suffixes");
}

static bool has_options(const struct draft *d)
{
	return action_is_runnable(&d->made);
}

static bool is_no_action(const struct draft *d)
{
	return !has_options(d);
}

static void apply_name(struct applying *a, struct entry *e,
		       const struct map *names, const struct map *others)
{
	const struct member *m = e->written;
	const struct draft *d = map_get(others, m->key);

	if (d && !map_has(names, m->key)) {
		diag_add(a->s->diags, DIAG_BAD_WEIRFILE,
			 weirfile_span(a->w, m->line, m->key),
			 "\"%.*s\" is a %s, which has no options",
			 STR_ARG(m->key), action_type_name(d->made.type));
		return;
	}
	d = weirfile_find_key(a->s, a->w, names, m->key, m->line, "action");

	if (d && d->id != ACTION_NONE)
		take_entry(a, e, d->id);
}

static bool read_entry(struct applying *a, const struct member *m,
		       struct entry *out)
{
	struct schema_reader r = reader_of(a);
	const struct schema_path at = {NULL, m->key, m->line, m->column};

	*out = (struct entry){
		.written = m,
		.is_pattern = str_find(m->key, '*', 0) < m->key.n,
		.used = ARENA_NEW(a->s->arena, bool, CONFIG_WEIR_NKEYS),
	};
	return config_weir_read(&r, &at, &m->value, &out->options);
}

static void apply_weirfile(struct applying *a)
{
	const struct value *actions = a->w->actions;
	uint32_t n = actions ? actions->n : 0;
	struct entry *entries = ARENA_NEW(a->s->arena, struct entry, n + 1);
	struct map names, others;

	for (uint32_t i = 0; i < n; i++)
		if (read_entry(a, &actions->members[i], &entries[i]) &&
		    entries[i].is_pattern)
			apply_pattern(a, &entries[i]);
	if (n > 0) {
		weirfile_list_keys(a->s, has_options, &names);
		weirfile_list_keys(a->s, is_no_action, &others);
	}
	for (uint32_t i = 0; i < n; i++)
		if (!entries[i].is_pattern)
			apply_name(a, &entries[i], &names, &others);
}

static void warn_overridden(const struct options *o, enum config_weir_key key)
{
	const struct option *option = &o->of[key];
	struct str path[2] = {STR("weir"), config_weir_name(key)};
	struct span config;
	struct diag *d;

	if (!option->place || !option->config ||
	    value_equal(option->value, option->config))
		return;
	d = diag_warn(o->s->diags, DIAG_CONFIG_CONFLICT, option_span(o, key),
		      "\"%.*s\" takes the place of what the config of \"%.*s\" "
		      "says",
		      STR_ARG(path[1]), STR_ARG(o->draft->target.name));
	config = config_locate(o->draft->config, path, 2);
	if (config.src)
		diag_note(o->s->diags, d, "the config has it in %.*s:%u",
			  STR_ARG(config.src->path),
			  source_position(config.src, config.start).line);
}

static void finish(struct options *o)
{
	struct arena *arena = o->s->arena;
	struct weir_options *out = ARENA_NEW(arena, struct weir_options, 1);
	struct value printed = value_object(arena, CONFIG_WEIR_NKEYS);

	*out = (struct weir_options){.warn_above = -1, .fail_above = -1};
	for (int k = 0; k < CONFIG_WEIR_NKEYS; k++) {
		enum config_weir_key key = (enum config_weir_key)k;

		if (!o->of[key].value)
			continue;
		warn_overridden(o, key);
		config_weir_set(arena, key, o->of[key].value, out);
		value_put(&printed, config_weir_name(key), *o->of[key].value);
	}
	out->printed = value_copy(arena, printed);
	o->action->weir = out;
	options_check(o, out);
}

void session_apply_options(struct session *s, const struct weirfile *w,
			   struct graph *g)
{
	struct applying a = {.s = s, .w = w, .g = g};

	a.drafts = ARENA_NEW(s->arena, struct draft *, g->nactions + 1);
	a.chosen = ARENA_NEW(s->arena, struct options *, g->nactions + 1);
	for (size_t i = 0; i < s->order.n; i++)
		if (s->order.v[i]->id != ACTION_NONE)
			a.drafts[s->order.v[i]->id] = s->order.v[i];
	for (uint32_t id = 0; id < g->nactions; id++)
		take_config(&a, id);
	apply_weirfile(&a);
	for (uint32_t id = 0; id < g->nactions; id++)
		inherit(&a, id);
	for (uint32_t id = 0; id < g->nactions; id++)
		if (a.chosen[id])
			finish(a.chosen[id]);
}
