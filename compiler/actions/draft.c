/*
 * What is done to an action in the making, by whoever makes it: names, tags,
 * dependencies, errors about it. What wins and what is kept twice is
 * Dataform's to the letter.
 */
#include "compiler/actions/session.h"

#include <stdarg.h>

#include "base/path.h"
#include "compiler/project/schema.h"

struct span draft_span(const struct draft *d)
{
	return (struct span){d->made.place.src, d->made.place.offset,
			     d->made.place.offset};
}

/* A config may say that the action belongs to another file, one that need not
 * even be there: the place counts, if there is one. */
void draft_blame(const struct draft *d, struct diag *diag)
{
	diag->action = &d->target;
	if (!diag->file.p)
		diag->file = d->made.file;
	else if (d->made.file.p && !str_eq(diag->file, d->made.file))
		diag->blamed = d->made.file;
}

struct diag *draft_error(struct session *s, const struct draft *d,
			 enum diag_code code, struct span span, const char *fmt,
			 ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, fmt);
	diag = diag_addv(s->diags, code, span, fmt, ap);
	va_end(ap);
	draft_blame(d, diag);
	return diag;
}

static struct span locate_key(const struct schema_reader *r,
			      const struct schema_path *path)
{
	const struct draft *d = r->place;

	return config_locate(d->config, &path->key, 1);
}

struct schema_reader draft_key_reader(struct session *s, const struct draft *d)
{
	return (struct schema_reader){
		.arena = s->arena,
		.diags = s->diags,
		.unknown = DIAG_UNKNOWN_CONFIG_KEY,
		.bad = DIAG_BAD_CONFIG_VALUE,
		.kinds = SCHEMA_ALL,
		.locate = locate_key,
		.place = d,
	};
}

struct draft *draft_start(struct session *s, enum action_type type,
			  struct origin origin, struct str file)
{
	struct draft *d = ARENA_NEW(s->arena, struct draft, 1);

	map_init(&d->wished, s->arena);
	d->made.type = type;
	d->made.place.src = origin.place.src;
	d->made.place.offset = origin.place.start;
	d->config = origin.config;
	d->given_name = origin.name;
	if (file.n)
		d->made.file = file;
	else if (origin.place.src)
		d->made.file = origin.place.src->path;
	else
		d->made.file = STR("index.js"); /* as Dataform calls it */
	return d;
}

void draft_push(struct session *s, struct draft *d)
{
	d->number = (uint32_t)s->numbers.n;
	d->id = ACTION_NONE;
	VEC_PUSH(s->arena, &s->numbers, d);
	if (d->made.type == ACTION_TEST)
		VEC_PUSH(s->arena, &s->tests, d);
	else
		VEC_PUSH(s->arena, &s->order, d);
}

void draft_replace(struct session *s, struct draft *d, struct draft *other)
{
	other->number = (uint32_t)s->numbers.n;
	other->id = ACTION_NONE;
	VEC_PUSH(s->arena, &s->numbers, other);
	for (size_t i = s->order.n; i-- > 0;) {
		if (s->order.v[i] != d)
			continue;
		s->order.v[i] = other;
		return;
	}
}

static struct str either(struct str a, struct str b)
{
	return a.n ? a : b.n ? b : (struct str){0};
}

struct target draft_with_defaults(const struct session *s,
				  enum action_type type, struct target t)
{
	const struct settings *set = s->settings;
	struct str schema = set->default_schema;

	if (type == ACTION_ASSERTION)
		schema = either(set->assertion_schema, schema);
	t.schema = either(t.schema, schema);
	t.database = either(t.database, set->default_database);
	return t;
}

static void check_part(struct session *s, const struct draft *d,
		       struct str part, const char *what, const char *key)
{
	struct str path = str_of(key);
	struct span span;
	struct diag *diag;

	if (!part.n || str_find(part, '.', 0) == part.n)
		return;
	if (d->made.type == ACTION_NOTEBOOK && str_is(path, "schema"))
		path = STR("location");
	span = config_locate(d->config, &path, 1);
	if (d->config.is_call)
		span = session_narrow(span, part);
	diag = draft_error(s, d, DIAG_BAD_NAME, span,
			   "the %s \"%.*s\" has a dot in it", what,
			   STR_ARG(part));
	if (str_is(path, "name"))
		diag_help(s->diags, diag,
			  "write schema: \"...\", name: \"...\" apart, or "
			  "rename the file");
	else
		diag_help(s->diags, diag,
			  "database, schema and name are keys of their own");
}

void draft_check_names(struct session *s, const struct draft *d,
		       const struct target *t)
{
	check_part(s, d, t->name, "name", "name");
	check_part(s, d, t->schema, "schema", "schema");
	check_part(s, d, t->database, "database", "database");
}

void draft_set_names(struct session *s, struct draft *d,
		     const struct value *config, struct str given)
{
	const char *schema =
		d->made.type == ACTION_NOTEBOOK ? "location" : "dataset";
	struct target t = {
		.database = value_get_str(config, "project"),
		.schema = value_get_str(config, schema),
		.name = value_get_str(config, "name"),
	};

	if (!t.name.n)
		t.name = given.n ? given : path_stem(path_base(d->made.file));
	d->target = draft_with_defaults(s, d->made.type, t);
	d->made.canonical = d->target;
	if (d->made.type == ACTION_DECLARATION)
		return;
	draft_check_names(s, d, &t);
}

void draft_set_target(struct session *s, struct draft *d, struct str database,
		      struct str schema)
{
	struct target t = d->target;

	if (database.p) {
		t.database = database;
		check_part(s, d, database, "database", "database");
	}
	if (schema.p) {
		t.schema = schema;
		check_part(s, d, schema, "schema", "schema");
	}
	d->target = draft_with_defaults(s, d->made.type, t);
}

void draft_set_disabled(struct draft *d, bool disabled)
{
	d->made.disabled = disabled;
	d->made.disabled_is_set = true;
	for (size_t i = 0; i < d->assertions.n; i++)
		draft_set_disabled(d->assertions.v[i], disabled);
}

/* Only datasets and declarations keep a tag that is there already. */
void draft_add_tag(struct session *s, struct draft *d, struct str tag)
{
	bool once = d->made.type == ACTION_ASSERTION ||
		    d->made.type == ACTION_OPERATION;

	for (size_t i = 0; i < d->assertions.n; i++)
		draft_add_tag(s, d->assertions.v[i], tag);
	for (size_t i = 0; once && i < d->tags.n; i++)
		if (str_eq(d->tags.v[i], tag))
			return;
	VEC_PUSH(s->arena, &d->tags, tag);
}

/* What makes two wishes the same to Dataform: their names after defaults. */
static bool same_wish(const struct session *s, const struct target *a,
		      const struct target *b)
{
	const struct settings *set = s->settings;

	return str_eq(a->name, b->name) &&
	       str_eq(either(a->schema, set->default_schema),
		      either(b->schema, set->default_schema)) &&
	       str_eq(either(a->database, set->default_database),
		      either(b->database, set->default_database));
}

bool draft_has_flags(const struct draft *d)
{
	return d->made.type <= ACTION_OPERATION ||
	       d->made.type == ACTION_NOTEBOOK;
}

/* An assertion is found by the name that it uses for what it reads. */
static void add_wish(struct session *s, struct draft *d, struct wish *last,
		     struct wish wish)
{
	struct wish *copy = ARENA_NEW(s->arena, struct wish, 1);

	*copy = wish;
	if (last)
		last->same_name = copy;
	else
		map_put(&d->wished, wish.target.name, copy);
	VEC_PUSH(s->arena, &d->wishes, copy);
	if (d->made.type == ACTION_ASSERTION)
		names_add(&s->asserted, &copy->target, d);
}

/* Data preparations have no flag of their own, but conflicts. */
static bool minds_flags(const struct draft *d)
{
	return draft_has_flags(d) || d->made.type == ACTION_DATA_PREPARATION;
}

bool draft_depend(struct session *s, struct draft *d,
		  const struct target *target, enum include_assertions include)
{
	struct wish wish = {.target = *target, .include = include};
	struct wish *last = NULL;
	struct diag *diag;

	if (include == INCLUDE_UNSET && draft_has_flags(d))
		wish.include = d->include_assertions ? INCLUDE_YES : INCLUDE_NO;
	for (struct wish *w = map_get(&d->wished, target->name); w;
	     w = w->same_name) {
		last = w;
		if (!same_wish(s, &w->target, target))
			continue;
		if (w->include == wish.include && target_eq(&w->target, target))
			return true;
		if (w->include == wish.include || !minds_flags(d))
			continue;
		diag = session_error_here(
			s, DIAG_ASSERTION_FLAG_CONFLICT, target->name,
			arena_printf(s->arena,
				     "\"%.*s\" is used with "
				     "includeDependentAssertions and "
				     "without",
				     STR_ARG(target->name)));
		draft_blame(d, diag);
		d->failed |= d->made.type == ACTION_DATA_PREPARATION;
		diag_help(s->diags, diag,
			  "say the same wherever this action names it, or set "
			  "dependOnDependencyAssertions in the config");
		return false;
	}
	add_wish(s, d, last, wish);
	return true;
}
