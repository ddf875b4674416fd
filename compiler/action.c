/*
 * Drafts of actions from checked configs: names, tags, dependencies, what
 * actions of every type have. Dataform's rules for what wins and what is
 * printed hold to the letter.
 */
#include "base/arena.h"
#include "base/path.h"
#include "compiler/session.h"

const struct value *copy_value(struct arena *arena, struct value v)
{
	struct value *copy = ARENA_NEW(arena, struct value, 1);

	*copy = v;
	return copy;
}

struct strs strs_of_value(struct arena *arena, const struct value *v)
{
	struct strs list = {0};

	if (!v)
		return list;
	if (v->kind == VALUE_STRING) {
		list.v = ARENA_NEW(arena, struct str, 1);
		list.v[list.n++] = v->string;
		return list;
	}
	if (v->kind != VALUE_ARRAY || v->n == 0)
		return list;
	list.v = ARENA_NEW(arena, struct str, v->n);
	for (uint32_t i = 0; i < v->n; i++)
		if (v->items[i].kind == VALUE_STRING)
			list.v[list.n++] = v->items[i].string;
	return list;
}

static struct str either(struct str a, struct str b)
{
	return a.n ? a : b.n ? b : (struct str){0};
}

static struct target with_defaults(struct session *s, enum action_type type,
				   struct target t)
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

static void set_names(struct session *s, struct draft *d,
		      const struct value *config, struct str given)
{
	struct target t = {
		.database = value_get_str(config, "project"),
		.schema = value_get_str(config, "dataset"),
		.name = value_get_str(config, "name"),
	};

	if (!t.name.n)
		t.name = given.n ? given : path_stem(path_base(d->made.file));
	d->target = with_defaults(s, d->made.type, t);
	d->made.canonical = d->target;
	if (d->made.type == ACTION_DECLARATION)
		return;
	check_part(s, d, t.name, "name", "name");
	check_part(s, d, t.schema, "schema", "schema");
	check_part(s, d, t.database, "database", "database");
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
	d->target = with_defaults(s, d->made.type, t);
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

/* In the order in which they are printed. What comes from a config has a
 * description, be it empty. */
static struct value column_printed(struct session *s, const struct value *c,
				   bool is_config)
{
	static const char *const lists[] = {"path", "tags",
					    "bigqueryPolicyTags"};
	const struct value *text = value_get(c, "description");
	struct value out = value_object(s->arena, c->n + 1);

	if (text && text->kind == VALUE_STRING)
		value_put(&out, STR("description"), *text);
	else if (is_config)
		value_put(&out, STR("description"), value_string(STR("")));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct value *list = value_get(c, lists[i]);

		if (list && list->kind == VALUE_ARRAY && list->n > 0)
			value_put(&out, str_of(lists[i]), *list);
	}
	return out;
}

void draft_set_columns(struct session *s, struct draft *d,
		       const struct value *columns, bool is_config)
{
	struct value out;

	if (!columns || columns->kind != VALUE_ARRAY)
		return;
	out = value_array(s->arena, columns->n);
	for (uint32_t i = 0; i < columns->n; i++)
		value_push(&out,
			   column_printed(s, &columns->items[i], is_config));
	d->columns = copy_value(s->arena, out);
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

static bool has_flags(enum action_type type)
{
	return type != ACTION_ASSERTION && type != ACTION_DECLARATION;
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

bool draft_depend(struct session *s, struct draft *d,
		  const struct target *target, enum include_assertions include)
{
	struct wish wish = {.target = *target, .include = include};
	struct wish *last = NULL;
	struct diag *diag;

	if (include == INCLUDE_UNSET && has_flags(d->made.type))
		wish.include = d->include_assertions ? INCLUDE_YES : INCLUDE_NO;
	for (struct wish *w = map_get(&d->wished, target->name); w;
	     w = w->same_name) {
		last = w;
		if (!same_wish(s, &w->target, target))
			continue;
		if (w->include == wish.include && target_eq(&w->target, target))
			return true;
		if (w->include == wish.include || !has_flags(d->made.type))
			continue;
		diag = session_error_here(
			s, DIAG_ASSERTION_FLAG_CONFLICT, target->name,
			arena_printf(s->arena,
				     "\"%.*s\" is used with "
				     "includeDependentAssertions and "
				     "without",
				     STR_ARG(target->name)));
		draft_blame(d, diag);
		diag_help(s->diags, diag,
			  "say the same wherever this action names it, or set "
			  "dependOnDependencyAssertions in the config");
		return false;
	}
	add_wish(s, d, last, wish);
	return true;
}

static void apply_dependencies(struct session *s, struct draft *d,
			       const struct value *list)
{
	if (!list || list->kind != VALUE_ARRAY)
		return;
	for (uint32_t i = 0; i < list->n; i++) {
		const struct value *v = &list->items[i];
		const struct value *flag =
			value_get(v, "includeDependentAssertions");
		struct target t = {
			.database = value_get_str(v, "project"),
			.schema = value_get_str(v, "dataset"),
			.name = value_get_str(v, "name"),
		};

		draft_depend(s, d, &t,
			     !flag                   ? INCLUDE_UNSET
			     : value_is_truthy(flag) ? INCLUDE_YES
						     : INCLUDE_NO);
	}
}

static bool is_true(const struct value *config, const char *key)
{
	return value_is_truthy(value_get(config, key));
}

static void set_hermeticity(struct draft *d, const struct value *config)
{
	bool hermetic = is_true(config, "hermetic");

	if (hermetic)
		d->made.hermeticity = HERMETIC;
	else if (has_flags(d->made.type))
		d->made.hermeticity = NON_HERMETIC;
}

static void set_tags(struct session *s, struct draft *d,
		     const struct value *config)
{
	struct strs tags = strs_of_value(s->arena, value_get(config, "tags"));

	for (size_t i = 0; i < tags.n; i++)
		draft_add_tag(s, d, tags.v[i]);
}

static void apply_common_config(struct session *s, struct draft *d,
				const struct value *config)
{
	d->include_assertions = is_true(config, "dependOnDependencyAssertions");
	apply_dependencies(s, d, value_get(config, "dependencyTargets"));
	set_hermeticity(d, config);
	set_tags(s, d, config);
	if (is_true(config, "disabled") || (d->made.type == ACTION_ASSERTION &&
					    s->settings->disable_assertions))
		draft_set_disabled(d, true);
	if (is_true(config, "description"))
		d->description = value_get_str(config, "description");
	if (is_true(config, "reservation"))
		d->reservation = value_get_str(config, "reservation");
	d->metadata = value_get(config, "metadata");
	if (value_get(config, "columns") && value_get(config, "columns")->n)
		draft_set_columns(s, d, value_get(config, "columns"), true);
}

static enum config_kind config_kind_of(enum action_type type)
{
	static const enum config_kind kinds[] = {
		[ACTION_TABLE] = CONFIG_TABLE,
		[ACTION_VIEW] = CONFIG_VIEW,
		[ACTION_INCREMENTAL] = CONFIG_INCREMENTAL,
		[ACTION_OPERATION] = CONFIG_OPERATION,
		[ACTION_ASSERTION] = CONFIG_ASSERTION,
		[ACTION_DECLARATION] = CONFIG_DECLARATION,
	};

	return kinds[type];
}

static void set_file(struct draft *d, const struct value *config,
		     struct origin origin)
{
	struct str named = value_get_str(config, "filename");

	d->made.place.src = origin.place.src;
	d->made.place.offset = origin.place.start;
	if (named.n)
		d->made.file = named;
	else if (origin.place.src)
		d->made.file = origin.place.src->path;
}

struct draft *draft_new(struct session *s, enum action_type type,
			const struct value *written, struct origin origin)
{
	struct value config;
	struct draft *d;

	if (!config_check(config_kind_of(type), written, origin.config,
			  s->arena, s->diags, &config))
		return NULL;
	d = ARENA_NEW(s->arena, struct draft, 1);
	map_init(&d->wished, s->arena);
	d->made.type = type;
	d->config = origin.config;
	d->written = written;
	d->given_name = origin.name;
	set_file(d, &config, origin);
	set_names(s, d, &config, origin.name);
	apply_common_config(s, d, &config);
	if (type == ACTION_OPERATION)
		d->made.has_output = is_true(&config, "hasOutput");
	else if (type <= ACTION_INCREMENTAL &&
		 !draft_apply_table_config(s, d, &config))
		return NULL;
	return d;
}

void draft_push(struct session *s, struct draft *d)
{
	d->number = (uint32_t)s->numbers.n;
	d->id = ACTION_NONE;
	VEC_PUSH(s->arena, &s->numbers, d);
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
