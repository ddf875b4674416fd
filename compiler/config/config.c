/*
 * Checks one action's config. Its keys are taken in three rounds, because what
 * comes later wins: keys of today, their older names, what stands below
 * bigquery. Each value is converted and read by the table of keys; then come
 * the rules that involve several keys.
 */
#include "compiler/config/config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/config/config_int.h"
#include "compiler/diag.h"
#include "compiler/graph.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

enum { PATH_MAX_DEPTH = 16 };

struct checker {
	enum action_type kind;
	struct config_place place;
	struct arena *arena;
	struct diags *diags;
	struct schema schema;
	struct schema_reader reader;
	const struct value *written;
	struct value *out;
	size_t diags_before;
	bool ok; /* Dataform would keep the action */
};

static struct span locate(const struct schema_reader *r,
			  const struct schema_path *path)
{
	const struct checker *c = r->place;
	struct str keys[PATH_MAX_DEPTH];
	size_t depth = 0, n = c->diags->n - c->diags_before;

	if (n > SCHEMA_PLACES_MAX ||
	    n * (c->place.end - c->place.start) > SCHEMA_BYTES_MAX)
		return span_of(c->place.src, c->place.start, c->place.end);
	for (const struct schema_path *p = path; p; p = p->up)
		depth++;
	while (depth > PATH_MAX_DEPTH) {
		path = path->up;
		depth--;
	}
	for (size_t i = depth; i > 0; i--, path = path->up)
		keys[i - 1] = path->key;
	return config_locate(c->place, keys, depth);
}

static void put(struct value *object, struct str key, struct value v)
{
	for (uint32_t i = 0; i < object->n; i++) {
		if (str_eq(object->members[i].key, key)) {
			object->members[i].value = v;
			return;
		}
	}
	value_put(object, key, v);
}

/* operate("x", {...}) is the one call whose object has no older forms; of
 * what actions.yaml has, Dataform takes a declaration's columns for one. */
static bool has_older_forms(const struct checker *c)
{
	if (c->place.yaml)
		return c->kind == ACTION_DECLARATION;
	return c->kind != ACTION_OPERATION || !c->place.is_call ||
	       value_is_truthy(value_get(c->written, "type"));
}

static bool convert_metadata(struct checker *c, const struct schema_path *path,
			     struct value *metadata)
{
	const struct value *overview = value_get(metadata, "overview");
	const struct value *extra = value_get(metadata, "extraProperties");
	const struct schema_path at = {path, STR("extraProperties"), 0, 0};
	struct value out = value_object(c->arena, 2), properties;
	bool ok = true;

	if (overview)
		value_put(&out, STR("overview"), *overview);
	if (extra) {
		ok = config_properties(&c->reader, &at, extra, &properties);
		value_put(&out, STR("extraProperties"), properties);
	}
	*metadata = out;
	return ok;
}

static bool check_iceberg(struct checker *c, const struct schema_path *path,
			  const struct value *iceberg)
{
	const struct value *format = value_get(iceberg, "fileFormat");
	struct schema_path at = {path, STR("fileFormat"), 0, 0};
	struct diag *d;

	if (!format || (format->kind == VALUE_STRING && !format->string.n) ||
	    (format->kind == VALUE_STRING &&
	     str_eq_nocase(format->string, STR("PARQUET"))))
		return true;
	d = schema_error(&c->reader, &at, "this file format is not supported");
	diag_help(c->diags, d, "BigQuery's Iceberg tables are \"PARQUET\"");
	return false;
}

static struct str upper(struct arena *arena, struct str s)
{
	char *p = arena_text(arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32
							     : s.p[i]);
	return (struct str){p, s.n};
}

/* IGNORE, Ignore or 0: the value's name, of n in the order of their numbers. */
static bool read_choice(struct checker *c, const struct schema_path *path,
			const struct value *in, const char *const *names,
			size_t n, struct value *out)
{
	struct buf list = {0};
	struct str known[8];
	struct str near = {0};
	struct diag *d;

	*out = (struct value){0};
	if (!value_is_truthy(in))
		return true;
	for (size_t i = 0; i < n; i++) {
		known[i] = str_of(names[i]);
		if ((in->kind == VALUE_STRING &&
		     str_eq_nocase(in->string, known[i])) ||
		    (in->kind == VALUE_NUMBER && in->number == (double)i)) {
			*out = value_string(known[i]);
			return true;
		}
	}
	if (in->kind == VALUE_STRING) {
		d = schema_error(&c->reader, path,
				 "\"%.*s\" is no value of \"%.*s\"",
				 STR_ARG(in->string), STR_ARG(path->key));
		near = suggest(upper(c->arena, in->string), known, n);
	} else {
		d = schema_error(&c->reader, path,
				 "this is no value of \"%.*s\"",
				 STR_ARG(path->key));
	}
	for (size_t i = 0; i < n; i++)
		if (!str_ends(known[i], STR("_UNSPECIFIED")))
			buf_printf(&list, "%s\"%s\"", list.n ? ", " : "",
				   names[i]);
	if (near.p)
		diag_help(c->diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
	else
		diag_help(c->diags, d, "values are %s", list.p);
	buf_free(&list);
	return false;
}

static bool read_enum(struct checker *c, const struct schema_field *f,
		      const struct schema_path *path, const struct value *in,
		      struct value *out)
{
	struct value v;

	if (!schema_read_field(&c->reader, f, path, in, &v))
		return false;
	if (strcmp(f->name, "onSchemaChange") == 0)
		return read_choice(c, path, &v, on_schema_change_names,
				   LEN(on_schema_change_names), out);
	return read_choice(c, path, &v, incremental_strategy_names,
			   LEN(incremental_strategy_names), out);
}

static bool read_value(struct checker *c, const struct schema_field *f,
		       const struct schema_path *path, const struct value *in,
		       struct value *out)
{
	struct value converted;

	*out = (struct value){0};
	if (in->kind == VALUE_NULL && str_is(path->key, "filename"))
		return true;
	if (f->type == FIELD_ENUM)
		return read_enum(c, f, path, in, out);
	if (strcmp(f->name, "columns") == 0 && value_is_truthy(in) &&
	    has_older_forms(c))
		return (!c->place.yaml || schema_read_field(&c->reader, f, path,
							    in, &converted)) &&
		       config_columns(&c->reader, path, in, out);
	if (str_is(path->key, "dependencies")) {
		if (!config_dependencies(&c->reader, path, in, &converted))
			return false;
		in = &converted;
	} else if (strcmp(f->name, "assertions") == 0 && !c->place.yaml) {
		converted = config_assertions(c->arena, in);
		in = &converted;
	}
	if (!schema_read_field(&c->reader, f, path, in, out))
		return false;
	if (out->kind != VALUE_OBJECT)
		return true;
	if (strcmp(f->name, "iceberg") == 0)
		return check_iceberg(c, path, out);
	if (strcmp(f->name, "metadata") == 0)
		return convert_metadata(c, path, out);
	return true;
}

/* An option of weir that stands beside weir. Dataform lets unknown keys pass
 * that are empty. */
static bool is_option(const struct checker *c, const struct schema_path *path,
		      const struct value *in)
{
	bool is_list = in->kind == VALUE_ARRAY || in->kind == VALUE_OBJECT;
	enum config_weir_key key = config_weir_find(path->key);

	return !path->up && in->kind > VALUE_NULL && (!is_list || in->n > 0) &&
	       key != CONFIG_WEIR_NKEYS && config_weir_has(key, c->kind);
}

/* name is today's name of the key that path ends with. */
static void read_key(struct checker *c, const char *name,
		     const struct schema_path *path, const struct value *in)
{
	const struct schema_field *f =
		schema_find(&c->schema, str_of(name), c->reader.kinds);
	struct value v;
	struct diag *d;

	if (!f && is_option(c, path, in)) {
		c->ok = false;
		d = schema_refuse_key(&c->reader, &c->schema, path);
		diag_help(c->diags, d, "write it below weir: weir: { %s: ... }",
			  name);
		return;
	}
	if (!f) {
		if (!schema_unknown(&c->reader, &c->schema, path, in))
			c->ok = false;
		return;
	}
	if (!read_value(c, f, path, in, &v))
		c->ok = false;
	else if (v.kind != VALUE_UNDEFINED)
		put(c->out, str_of(f->name), v);
}

/* Where Dataform lists the keys it takes, {} is no excuse. */
static void refuse_key(struct checker *c, const struct schema *s,
		       const struct schema_path *path, const struct value *in)
{
	c->reader.strict = true;
	if (!schema_unknown(&c->reader, s, path, in))
		c->ok = false;
	c->reader.strict = false;
}

/* Below bigquery Dataform takes nothing that is false or empty. */
static void read_bigquery(struct checker *c, const struct value *bigquery)
{
	static const struct schema_field object = {.type = FIELD_STRUCT};
	const struct schema_path up = {NULL, STR("bigquery"), 0, 0};
	struct value v;
	struct diag *d;

	if (!schema_read_field(&c->reader, &object, &up, bigquery, &v)) {
		c->ok = false;
		return;
	}
	for (uint32_t i = 0; v.kind == VALUE_OBJECT && i < v.n; i++) {
		const struct member *m = &v.members[i];
		const struct schema_path at = {&up, m->key, 0, 0};
		const struct schema_field *f = schema_find(
			&config_bigquery_schema, m->key, c->reader.kinds);

		if (!f) {
			refuse_key(c, &config_bigquery_schema, &at, &m->value);
		} else if (value_is_truthy(&m->value)) {
			read_key(c, f->name, &at, &m->value);
		} else {
			c->ok = false;
			d = schema_error(&c->reader, &at,
					 "\"%.*s\" below bigquery must not be "
					 "empty or false",
					 STR_ARG(m->key));
			diag_help(c->diags, d,
				  "remove it, or write it beside bigquery");
		}
	}
}

static void read_weir(struct checker *c, const struct value *weir)
{
	const struct schema_path up = {NULL, STR("weir"), 0, 0};
	struct value v;

	if (!config_weir_read(&c->reader, &up, weir, &v))
		c->ok = false;
	else if (v.n > 0)
		put(c->out, up.key, v);
}

static void read_alias(struct checker *c, const struct config_alias *alias,
		       const struct schema_path *path, const struct value *in)
{
	static const struct value null = {.kind = VALUE_NULL};
	struct diag *d;

	if (in->kind == VALUE_UNDEFINED)
		return;
	if (has_older_forms(c)) {
		read_key(c, alias->name, path,
			 value_is_truthy(in) ? in : &null);
		return;
	}
	c->ok = false;
	d = diag_add(c->diags, c->reader.unknown, locate(&c->reader, path),
		     "\"%s\" is no option of operate()", alias->older);
	diag_help(c->diags, d, "write \"%s\"", alias->name);
}

/* Keys of other configs that actions.yaml does not have. */
static bool refuse_in_yaml(struct checker *c, const struct member *m,
			   const struct config_alias *alias)
{
	const struct schema_path path = {NULL, m->key, 0, 0};
	const struct value *v = &m->value;
	struct diag *d;

	if (!alias && !str_is(m->key, "type") && !str_is(m->key, "bigquery"))
		return false;
	if ((v->kind == VALUE_OBJECT || v->kind == VALUE_ARRAY) && v->n == 0)
		return true;
	c->ok = false;
	d = diag_add(c->diags, c->reader.unknown, locate(&c->reader, &path),
		     "\"%.*s\" is no option of actions.yaml", STR_ARG(m->key));
	if (alias)
		diag_help(c->diags, d, "write \"%s\"", alias->name);
	else if (str_is(m->key, "bigquery"))
		diag_help(c->diags, d, "write its keys beside the others");
	else
		diag_help(c->diags, d,
			  "the key above says what is made: table, view, ...");
	return true;
}

enum round { KEYS_OF_TODAY, OLDER_NAMES, BELOW_BIGQUERY };

static bool may_have_bigquery(enum action_type kind)
{
	return kind == ACTION_TABLE || kind == ACTION_VIEW ||
	       kind == ACTION_INCREMENTAL;
}

static void read_member(struct checker *c, const struct member *m,
			enum round round)
{
	const struct schema_path path = {NULL, m->key, 0, 0};
	const struct config_alias *alias = config_alias_find(m->key, c->kind);
	enum round its = KEYS_OF_TODAY;

	if (c->place.yaml) {
		if (round != KEYS_OF_TODAY || refuse_in_yaml(c, m, alias))
			return;
	} else if (alias) {
		its = OLDER_NAMES;
	} else if (may_have_bigquery(c->kind) && str_is(m->key, "bigquery")) {
		its = BELOW_BIGQUERY;
	}
	if (its != round ||
	    (str_is(m->key, "type") && c->kind != ACTION_NOTEBOOK))
		return;
	if (its == OLDER_NAMES)
		read_alias(c, alias, &path, &m->value);
	else if (its == BELOW_BIGQUERY)
		read_bigquery(c, &m->value);
	else if (str_is(m->key, "weir") && c->kind != ACTION_DECLARATION)
		read_weir(c, &m->value);
	else
		read_key(c, arena_cstr(c->arena, m->key), &path, &m->value);
}

static bool has_name(const struct checker *c)
{
	const struct value *name = value_get(c->written, "name");
	const struct schema_path path = {NULL, STR("name"), 0, 0};

	if (c->kind != ACTION_DECLARATION || value_is_truthy(name))
		return true;
	if (!name && !c->place.is_call && !c->place.yaml)
		return true; /* the file's name */
	schema_error(&c->reader, &path, "a declaration must have a name");
	return false;
}

bool config_check(enum action_type kind, const struct value *written,
		  struct config_place place, struct arena *arena,
		  struct diags *diags, struct value *out)
{
	const struct value *bigquery = value_get(written, "bigquery");
	struct checker c = {
		.kind = kind,
		.place = place,
		.arena = arena,
		.diags = diags,
		.schema = config_keys(kind),
		.reader = {.arena = arena,
			   .diags = diags,
			   .unknown = DIAG_UNKNOWN_CONFIG_KEY,
			   .bad = DIAG_BAD_CONFIG_VALUE,
			   .kinds = CONFIG_BIT(kind),
			   .kinds_text = config_kinds_text,
			   .locate = locate},
		.written = written,
		.out = out,
		.diags_before = diags->n,
		.ok = true,
	};

	c.reader.place = &c;
	*out = value_object(arena, written->n + (bigquery ? bigquery->n : 0));
	for (int round = KEYS_OF_TODAY; round <= BELOW_BIGQUERY; round++)
		for (uint32_t i = 0; i < written->n; i++)
			read_member(&c, &written->members[i],
				    (enum round)round);
	if (!has_name(&c) || !c.ok)
		return false;
	config_rules(kind, written, place, diags, out);
	return true;
}
