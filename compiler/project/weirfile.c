/*
 * weir.yaml as a whole: its top-level keys, the choice of a target, and what a
 * target overrides of the project's settings. Everything in it is checked
 * when it is read; only what comes from the environment is looked up when the
 * target that needs it is chosen.
 */
#include "compiler/project/weirfile.h"

#include "base/arena.h"
#include "base/yaml.h"
#include "compiler/project/settings.h"
#include "compiler/project/source.h"
#include "compiler/project/tree.h"
#include "compiler/project/weirfile_int.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static const char file_name[] = "weir.yaml";

static const struct schema_field file_fields[] = {
	{"defaultTarget", FIELD_STRING, SCHEMA_ALL, NULL},
	{"targets", FIELD_STRUCT, SCHEMA_ALL, NULL},
	{"loads", FIELD_STRUCT, SCHEMA_ALL, NULL},
	{"actions", FIELD_STRUCT, SCHEMA_ALL, NULL},
	{"schedules", FIELD_STRUCT, SCHEMA_ALL, NULL},
	{"notify", FIELD_ANY, SCHEMA_ALL, NULL},
};
static const struct schema file_schema = {file_name, file_fields,
					  LEN(file_fields)};

static struct schema_reader reader_of(const struct source *src,
				      struct arena *arena, struct diags *diags)
{
	return (struct schema_reader){
		.arena = arena,
		.diags = diags,
		.unknown = DIAG_BAD_WEIRFILE,
		.bad = DIAG_BAD_WEIRFILE,
		.strict = true,
		.kinds = SCHEMA_ALL,
		.locate = schema_locate_source,
		.place = src,
	};
}

static bool parse(struct schema_reader *r, const struct source *src,
		  struct value *out)
{
	struct position at;
	struct error err = {0};
	uint32_t offset;

	if (yaml_parse(src->text, r->arena, out, &at, &err))
		return true;
	offset = source_offset(src, at);
	diag_add(r->diags, r->bad, span_of(src, offset, offset), "%s",
		 err.text);
	return false;
}

static const struct profile *find_profile(const struct weirfile *w,
					  struct str name)
{
	for (uint32_t i = 0; i < w->nprofiles; i++)
		if (str_eq(w->profiles[i].name, name))
			return &w->profiles[i];
	return NULL;
}

/* "did you mean" or, where nothing is near, what there is. */
static void help_targets(const struct weirfile *w, struct str name,
			 struct arena *arena, struct diags *diags,
			 struct diag *d)
{
	struct str *names = ARENA_NEW(arena, struct str, w->nprofiles + 1);
	struct buf list = {0};
	struct str near;

	for (uint32_t i = 0; i < w->nprofiles; i++) {
		names[i] = w->profiles[i].name;
		buf_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
	}
	near = name.n ? suggest(name, names, w->nprofiles) : (struct str){0};
	if (w->nprofiles == 0)
		diag_help(diags, d, "targets are listed in %s", file_name);
	else if (near.p)
		diag_help(diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
	else
		diag_help(diags, d, "%s has: %s", file_name, list.p);
	buf_free(&list);
}

static bool check_default(struct schema_reader *r, const struct value *file,
			  struct weirfile *out)
{
	const struct schema_path path = {NULL, STR("defaultTarget"), 0, 0};
	struct str name = value_get_str(file, "defaultTarget");
	struct diag *d;

	if (!name.p || find_profile(out, name)) {
		out->default_profile = name;
		return true;
	}
	d = diag_add(r->diags, DIAG_UNKNOWN_TARGET, r->locate(r, &path),
		     "there is no target \"%.*s\"", STR_ARG(name));
	help_targets(out, name, r->arena, r->diags, d);
	return false;
}

/* Keys of later versions: a project may be shared with them. */
static void warn_unused(struct schema_reader *r, const struct value *file)
{
	static const char *const keys[] = {"schedules", "notify"};

	for (size_t i = 0; i < LEN(keys); i++) {
		const struct value *v = value_get(file, keys[i]);
		const struct schema_path path = {NULL, str_of(keys[i]), 0, 0};

		if (v && v->n > 0)
			diag_warn(r->diags, r->bad, r->locate(r, &path),
				  "this version of weir does nothing with "
				  "\"%s\"",
				  keys[i]);
	}
}

static bool read_file(struct schema_reader *r, const struct value *written,
		      struct weirfile *out)
{
	const struct value *targets, *loads, *actions;
	struct value file;
	bool ok;

	if (written->kind <= VALUE_NULL)
		return true;
	if (written->kind != VALUE_OBJECT) {
		diag_add(r->diags, r->bad, span_of(out->src, 0, 0),
			 "%s must be an object, not %s", file_name,
			 value_noun(written));
		return false;
	}
	ok = schema_read(r, &file_schema, NULL, written, &file);
	targets = value_get(&file, "targets");
	loads = value_get(&file, "loads");
	if (targets)
		ok = weirfile_read_targets(r, targets, out) && ok;
	if (loads)
		ok = weirfile_read_loads(r, loads, out) && ok;
	actions = value_get(&file, "actions");
	if (actions)
		out->actions = value_copy(r->arena, *actions);
	warn_unused(r, &file);
	return ok && check_default(r, &file, out);
}

static void warn_other_name(struct tree *tree, struct diags *diags)
{
	static const char other[] = "weir.yml";
	const struct span nowhere = {0};
	struct diag *d;

	if (!tree->ops->has(tree, other))
		return;
	d = diag_warn(diags, DIAG_BAD_WEIRFILE, nowhere, "%s is not read",
		      other);
	diag_help(diags, d, "name it %s", file_name);
}

bool weirfile_read(struct tree *tree, struct arena *arena, struct diags *diags,
		   struct weirfile *out)
{
	struct schema_reader r;
	struct value written;

	*out = (struct weirfile){0};
	if (!tree->ops->has(tree, file_name)) {
		warn_other_name(tree, diags);
		return true;
	}
	out->src = source_load(tree, str_of(file_name), arena, diags);
	if (!out->src)
		return false;
	r = reader_of(out->src, arena, diags);
	return parse(&r, out->src, &written) && read_file(&r, &written, out);
}

/* The rest ends up in names and files that everybody sees. */
static bool is_secret(struct str key)
{
	return str_is(key, "connection") || str_is(key, "path") ||
	       str_is(key, "credentials");
}

/* False, after an error, if a variable is not set. */
static bool fill_env(struct schema_reader *r, struct profile *p)
{
	struct environment secret = {r->arena, &p->secrets, {0}};
	struct environment plain = {.arena = r->arena};
	struct value *more = ARENA_NEW(r->arena, struct value, 1);
	struct diag *d;

	*more = value_object(r->arena, p->more->n);
	for (uint32_t i = 0; i < p->more->n; i++) {
		struct member m = p->more->members[i];
		struct environment *env = is_secret(m.key) ? &secret : &plain;
		const struct schema_path up = {NULL, p->name, 0, 0};
		const struct schema_path at = {&up, m.key, m.line, m.column};

		m.value = env_fill(env, &m.value);
		more->members[more->n++] = m;
		if (!env->missing.p)
			continue;
		d = schema_error(r, &at,
				 "the environment variable \"%.*s\" is not set",
				 STR_ARG(env->missing));
		diag_help(r->diags, d, "target \"%.*s\" needs it",
			  STR_ARG(p->name));
		return false;
	}
	p->more = more;
	return true;
}

/* A copy of p with the environment's values in it; NULL after an error. */
static const struct profile *fill_in(const struct weirfile *w,
				     const struct profile *p,
				     struct arena *arena, struct diags *diags)
{
	struct schema_reader r = reader_of(w->src, arena, diags);
	const struct schema_path path = {NULL, STR("jobs"), 0, 0};
	struct profile *filled = ARENA_NEW(arena, struct profile, 1);

	*filled = *p;
	if (!fill_env(&r, filled))
		return NULL;
	if (weirfile_fill_profile(&r, filled))
		return filled;
	schema_error(&r, &path,
		     "\"jobs\" of target \"%.*s\", from the environment, is no "
		     "whole number from 1 to %d",
		     STR_ARG(p->name), JOBS_MAX);
	return NULL;
}

const struct profile *weirfile_profile(const struct weirfile *w,
				       struct str name, struct arena *arena,
				       struct diags *diags)
{
	static const struct profile bigquery = {
		.name = {"bigquery", 8},
		.dialect = &dialect_bigquery,
	};
	const struct span nowhere = {0};
	const struct profile *p = NULL;
	struct diag *d;

	if (!name.p)
		name = w->default_profile;
	if (name.p)
		p = find_profile(w, name);
	else if (w->nprofiles == 0)
		return &bigquery;
	else if (w->nprofiles == 1)
		p = w->profiles;
	if (p)
		return fill_in(w, p, arena, diags);
	if (name.p)
		d = diag_add(diags, DIAG_UNKNOWN_TARGET, nowhere,
			     "there is no target \"%.*s\"", STR_ARG(name));
	else
		d = diag_add(diags, DIAG_UNKNOWN_TARGET, nowhere,
			     "%s has several targets and no defaultTarget",
			     file_name);
	help_targets(w, name, arena, diags, d);
	return NULL;
}

static bool has_variable(const struct overrides *o, struct str name)
{
	for (size_t i = 0; i < o->nvars; i++)
		if (str_eq(o->vars[i].name, name))
			return true;
	return false;
}

/* The target's variables that the command line does not set, then its own. */
static void add_vars(const struct value *vars, struct arena *arena,
		     struct overrides *o)
{
	struct variable *all;
	size_t n = 0;

	if (!vars || vars->kind != VALUE_OBJECT)
		return;
	all = ARENA_NEW(arena, struct variable, vars->n + o->nvars);
	for (uint32_t i = 0; i < vars->n; i++) {
		const struct member *m = &vars->members[i];

		if (!has_variable(o, m->key))
			all[n++] = (struct variable){m->key, m->value.string};
	}
	for (size_t i = 0; i < o->nvars; i++)
		all[n++] = o->vars[i];
	o->vars = all;
	o->nvars = n;
}

void weirfile_overrides(const struct profile *p, struct arena *arena,
			struct overrides *o)
{
	const struct {
		const char *key;
		struct str *field;
	} all[] = {
#define KEY(name, member) {#name, &o->member},
		OVERRIDE_STRINGS(KEY)
#undef KEY
	};

	for (size_t i = 0; i < LEN(all); i++)
		if (!all[i].field->n)
			*all[i].field = value_get_str(p->more, all[i].key);
	if (value_is_truthy(value_get(p->more, "disableAssertions")))
		o->disable_assertions = true;
	add_vars(value_get(p->more, "vars"), arena, o);
}
