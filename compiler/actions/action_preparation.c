/*
 * Data preparations that are SQL. Dataform does not check their configs: what
 * it does not know is ignored, and here that is a warning. Their target has
 * its suffixes from the start, and gets them once more when all others do,
 * which the graph shows.
 */
#include <math.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/path.h"
#include "compiler/actions/session.h"
#include "compiler/project/schema.h"

#define KEY(name)                                                              \
	{                                                                      \
		name, FIELD_ANY, SCHEMA_ALL, NULL                              \
	}

static const struct schema_field keys[] = {
	KEY("type"),
	KEY("name"),
	KEY("dataset"),
	KEY("project"),
	KEY("filename"),
	KEY("description"),
	KEY("tags"),
	KEY("disabled"),
	KEY("loadMode"),
	KEY("errorTable"),
	KEY("dependencyTargets"),
};
static const struct schema schema = {"a data preparation", keys,
				     ARRAY_LEN(keys)};

static struct span place_of(const struct draft *d, const char *key,
			    const char *below)
{
	const struct str path[2] = {str_of(key), str_of(below)};

	return config_locate(d->config, path, below ? 2 : 1);
}

static struct diag *refuse_key(struct session *s, struct draft *d,
			       const char *key, const char *below,
			       const char *text)
{
	d->failed = true;
	return draft_error(s, d, DIAG_BAD_CONFIG_VALUE, place_of(d, key, below),
			   "%s", text);
}

/* What other actions call one of the keys; NULL if it is none of theirs. */
static const char *key_meant(struct str key)
{
	return str_is(key, "schema")         ? "dataset"
	       : str_is(key, "database")     ? "project"
	       : str_is(key, "dependencies") ? "dependencyTargets"
					     : NULL;
}

static void warn_ignored(struct session *s, const struct draft *d,
			 const struct value *config)
{
	struct schema_reader r = draft_key_reader(s, d);

	for (uint32_t i = 0; i < config->n; i++) {
		const struct schema_path at = {.key = config->members[i].key};
		struct diag *diag;

		if (schema_find(&schema, at.key, SCHEMA_ALL))
			continue;
		diag = schema_ignore_key(&r, &schema, &at);
		if (key_meant(at.key))
			diag_help(s->diags, diag, "did you mean \"%s\"?",
				  key_meant(at.key));
	}
}

/* One of Dataform's five, by the mode that the config names. */
static bool find_mode(struct str mode, const char **kind, const char **needs)
{
	static const struct {
		const char *mode, *kind, *needs;
	} modes[] = {
		{"REPLACE_TABLE", "replace", NULL},
		{"APPEND", "append", NULL},
		{"MAXIMUM", "maximum", "incrementalColumn"},
		{"UNIQUE", "unique", "incrementalColumn"},
		{"MERGE", "merge", "uniqueKey"},
	};

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		if (!str_eq_nocase(mode, str_of(modes[i].mode)))
			continue;
		*kind = modes[i].kind;
		*needs = modes[i].needs;
		return true;
	}
	return false;
}

/* {columnName: "..."} or {uniqueKey: [...]}. False where nothing was given: of
 * what is no column Dataform keeps the target, and so do we. */
static bool read_columns(struct session *s, struct draft *d,
			 const struct value *load_mode, const char *key,
			 struct value *out)
{
	const struct value *v = value_get(load_mode, key);
	bool list = strcmp(key, "uniqueKey") == 0;
	struct strs names = value_strings(s->arena, v);
	struct diag *diag;

	*out = value_object(s->arena, 1);
	if (names.n > 0 && names.v[0].n > 0 &&
	    v->kind == (list ? VALUE_ARRAY : VALUE_STRING)) {
		value_put(out, list ? STR("uniqueKey") : STR("columnName"), *v);
		return true;
	}
	if (list && v && v->kind == VALUE_OBJECT && v->n == 0)
		return true;
	diag = refuse_key(s, d, "loadMode", v ? key : "mode",
			  list ? "this load mode needs \"uniqueKey\""
			       : "this load mode needs \"incrementalColumn\"");
	diag_help(s->diags, diag,
		  list ? "write uniqueKey: [\"id\"]"
		       : "write incrementalColumn: \"id\"");
	return value_is_truthy(v) && (v->kind != VALUE_ARRAY || v->n > 0);
}

static bool set_load(struct session *s, struct draft *d,
		     const struct value *load_mode, struct preparation *p)
{
	const struct value *mode = value_get(load_mode, "mode");
	const char *kind = "replace", *needs = NULL;
	struct value columns = value_object(s->arena, 0), load;
	struct diag *diag;

	if (value_is_truthy(mode) &&
	    !find_mode(script_to_text(s->script, mode), &kind, &needs)) {
		diag = refuse_key(s, d, "loadMode", "mode",
				  "there is no such load mode");
		diag_help(s->diags, diag,
			  "modes are REPLACE_TABLE, APPEND, MAXIMUM, UNIQUE "
			  "and MERGE");
		return false;
	}
	if (load_mode && load_mode->kind != VALUE_OBJECT) {
		diag = diag_warn(s->diags, DIAG_BAD_CONFIG_VALUE,
				 place_of(d, "loadMode", NULL),
				 "\"loadMode\" is no object, so that the table "
				 "is replaced");
		diag_help(s->diags, diag, "write loadMode: {mode: \"APPEND\"}");
	}
	if (needs && !read_columns(s, d, load_mode, needs, &columns))
		return false;
	load = value_object(s->arena, 1);
	value_put(&load, str_of(kind), columns);
	p->load = value_copy(s->arena, load);
	return true;
}

static void push_target(struct session *s, struct preparation *p,
			struct target canonical)
{
	struct target *t = &p->targets[p->ntargets];

	p->canonicals[p->ntargets++] = canonical;
	*t = suffixed_target(s, canonical);
}

static void set_error_table(struct session *s, struct draft *d,
			    const struct value *config, struct preparation *p)
{
	const struct value *table = value_get(config, "errorTable");
	const struct value *days;
	struct diag *diag;
	struct target t;

	if (!table || table->kind <= VALUE_NULL)
		return;
	t = (struct target){
		.database = value_get_str(table, "project"),
		.schema = value_get_str(table, "dataset"),
		.name = value_get_str(table, "name"),
	};
	if (!t.name.n) {
		diag = diag_warn(s->diags, DIAG_BAD_CONFIG_VALUE,
				 place_of(d, "errorTable", NULL),
				 "the table of errors has no name");
		diag_help(s->diags, diag, "write errorTable: {name: \"...\"}");
		t.name = STR("");
	}
	draft_check_names(s, d, &t);
	push_target(s, p, draft_with_defaults(s, ACTION_DATA_PREPARATION, t));
	p->error_table = p->targets[p->ntargets - 1];
	days = value_get(table, "retentionDays");
	p->retention_days = ARENA_NEW(s->arena, struct value, 1);
	*p->retention_days = value_number(
		days && days->kind == VALUE_NUMBER ? trunc(days->number) : 0);
}

void preparation_warn_twice(struct session *s, const struct draft *d)
{
	const struct settings *set = s->settings;
	struct target t = final_target(s, d);
	struct diag *diag;

	if (!set->database_suffix.n && !set->schema_suffix.n &&
	    !set->table_prefix.n)
		return;
	diag = diag_warn(s->diags, DIAG_SUFFIXED_TWICE, draft_span(d),
			 "the data preparation's own target gets suffixes and "
			 "prefix twice: \"%.*s\"",
			 STR_ARG(target_text(s->arena, &t)));
	diag_help(s->diags, diag,
		  "Dataform does the same; what it writes is named as it "
		  "should be");
}

/* d.dp.sqlx is called d. */
static struct str own_name(const struct draft *d, struct str name)
{
	if (!name.n)
		name = d->given_name;
	if (str_ends(name, STR(".dp")) &&
	    str_ends(d->made.file, STR(".dp.sqlx")))
		name.n -= 3;
	return name;
}

static void set_own_target(struct session *s, struct draft *d,
			   const struct value *config, struct preparation *p)
{
	enum { MOST = 2 }; /* what it writes, and the table of errors */
	struct target t = {
		.database = value_get_str(config, "project"),
		.schema = value_get_str(config, "dataset"),
		.name = own_name(d, value_get_str(config, "name")),
	};

	if (!t.schema.n)
		t.schema = value_get_str(config, "location");
	p->targets = ARENA_NEW(s->arena, struct target, MOST);
	p->canonicals = ARENA_NEW(s->arena, struct target, MOST);
	draft_check_names(s, d, &t);
	push_target(s, p, draft_with_defaults(s, ACTION_DATA_PREPARATION, t));
	d->target = p->targets[0];
	d->made.canonical = p->canonicals[0];
	set_error_table(s, d, config, p);
	preparation_warn_twice(s, d);
}

static void set_tags(struct session *s, struct draft *d,
		     const struct value *tags)
{
	struct strs all = value_strings(s->arena, tags);

	if (!tags || tags->kind == VALUE_UNDEFINED ||
	    (tags->kind == VALUE_OBJECT && tags->n == 0))
		return;
	if (tags->kind != VALUE_ARRAY || all.n != tags->n) {
		diag_help(s->diags,
			  refuse_key(s, d, "tags", NULL,
				     "tags are a list of texts"),
			  "write tags: [\"daily\"]");
		return;
	}
	for (size_t i = 0; i < all.n; i++)
		VEC_PUSH(s->arena, &d->tags, all.v[i]);
}

static void check_name(struct session *s, struct draft *d,
		       const struct value *config, const char *key)
{
	const struct value *v = value_get(config, key);

	if (v && v->kind != VALUE_UNDEFINED && v->kind != VALUE_STRING)
		refuse_key(s, d, key, NULL,
			   "names of a data preparation are text");
}

/* What Dataform needs at once to be text; it asks for no file of SQLX. */
static void check_texts(struct session *s, struct draft *d,
			const struct value *config)
{
	const struct value *name = value_get(config, "name");
	const struct value *file = value_get(config, "filename");
	bool has_dataset = value_is_truthy(value_get(config, "dataset"));
	struct diag *diag;

	check_name(s, d, config, "project");
	check_name(s, d, config, has_dataset ? "dataset" : "location");
	if (!has_dataset && !value_get(config, "location"))
		check_name(s, d, config, "dataset");
	if (value_is_truthy(name))
		check_name(s, d, config, "name");
	if (value_get(config, "protected")) {
		diag = draft_error(s, d, DIAG_BAD_CONFIG_VALUE,
				   place_of(d, "protected", NULL),
				   "only an incremental table is protected");
		diag_help(s->diags, diag, "remove it");
	}
	if (value_is_truthy(file))
		diag_help(s->diags,
			  refuse_key(
				  s, d, "filename", NULL,
				  "a data preparation in SQLX is its own file"),
			  "remove it");
}

static void set_disabled(struct session *s, struct draft *d,
			 const struct value *v)
{
	for (uint32_t i = 0; v && v->kind == VALUE_ARRAY && i < v->n; i++)
		if (v->items[i].kind == VALUE_NULL)
			refuse_key(s, d, "disabled", NULL,
				   "null is neither true nor false");
	if (value_is_truthy(v))
		draft_set_disabled(d, true);
}

struct draft *preparation_new(struct session *s, const struct value *config,
			      struct origin origin)
{
	struct preparation *p = ARENA_NEW(s->arena, struct preparation, 1);
	struct draft *d = draft_start(s, ACTION_DATA_PREPARATION, origin,
				      (struct str){0});
	const struct value *deps = value_get(config, "dependencyTargets");

	d->made.preparation = p;
	warn_ignored(s, d, config);
	check_texts(s, d, config);
	set_own_target(s, d, config, p);
	if (deps && deps->kind == VALUE_ARRAY)
		draft_add_dependencies(s, d, deps);
	else if (value_is_truthy(deps))
		diag_help(s->diags,
			  refuse_key(s, d, "dependencyTargets", NULL,
				     "dependencyTargets is a list"),
			  "write dependencyTargets: [{name: \"...\"}]");
	if (d->failed || !set_load(s, d, value_get(config, "loadMode"), p))
		return NULL;
	set_disabled(s, d, value_get(config, "disabled"));
	set_tags(s, d, value_get(config, "tags"));
	return d;
}
