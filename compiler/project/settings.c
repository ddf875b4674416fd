/*
 * The settings of a project. Both files are read against tables of keys made
 * from one list, which stands in the order in which the graph prints
 * projectConfig; overrides are laid over, and what results is kept twice: as
 * plain fields for the compiler, and as the value that is printed.
 */
#include "compiler/project/settings.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/path.h"
#include "base/yaml.h"
#include "compiler/diag.h"
#include "compiler/project/schema.h"
#include "compiler/project/settings_old.h"
#include "compiler/project/source.h"
#include "compiler/project/tree.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static const char yaml_name[] = "workflow_settings.yaml";
static const char json_name[] = "dataform.json";

static const struct schema_field snapshot_fields[] = {
	{"repositorySnapshotUri", FIELD_STRING, SCHEMA_ALL, NULL},
};
static const struct schema snapshot_schema = {
	"repositorySnapshotDestination", snapshot_fields, LEN(snapshot_fields)};

static const struct schema_field notebook_fields[] = {
	{"outputBucket", FIELD_STRING, SCHEMA_ALL, NULL},
	{"runtimeTemplateName", FIELD_STRING, SCHEMA_ALL, NULL},
	{"repositorySnapshotDestination", FIELD_MESSAGE, SCHEMA_ALL,
	 &snapshot_schema},
};
static const struct schema notebook_schema = {
	"defaultNotebookRuntimeOptions", notebook_fields, LEN(notebook_fields)};

static const struct schema_field iceberg_fields[] = {
	{"bucketName", FIELD_STRING, SCHEMA_ALL, NULL},
	{"tableFolderRoot", FIELD_STRING, SCHEMA_ALL, NULL},
	{"tableFolderSubpath", FIELD_STRING, SCHEMA_ALL, NULL},
	{"connection", FIELD_STRING, SCHEMA_ALL, NULL},
};
static const struct schema iceberg_schema = {
	"defaultIcebergConfig", iceberg_fields, LEN(iceberg_fields)};

static const struct schema_field extension_fields[] = {
	{"name", FIELD_STRING, SCHEMA_ALL, NULL},
	{"compilationMode", FIELD_ENUM, SCHEMA_ALL, NULL},
	{"options", FIELD_STRING_MAP, SCHEMA_ALL, NULL},
};
static const struct schema extension_schema = {"extension", extension_fields,
					       LEN(extension_fields)};

static const struct schema_field lineage_fields[] = {
	{"enabled", FIELD_BOOL, SCHEMA_ALL, NULL},
};
static const struct schema lineage_schema = {"lineage", lineage_fields,
					     LEN(lineage_fields)};

/* KEY(in the graph and dataform.json, in workflow_settings.yaml, ...) */
#define KEYS(KEY)                                                              \
	KEY(defaultSchema, defaultDataset, FIELD_STRING, NULL)                 \
	KEY(assertionSchema, defaultAssertionDataset, FIELD_STRING, NULL)      \
	KEY(schemaSuffix, datasetSuffix, FIELD_STRING, NULL)                   \
	KEY(defaultDatabase, defaultProject, FIELD_STRING, NULL)               \
	KEY(tablePrefix, namePrefix, FIELD_STRING, NULL)                       \
	KEY(vars, vars, FIELD_STRING_MAP, NULL)                                \
	KEY(databaseSuffix, projectSuffix, FIELD_STRING, NULL)                 \
	KEY(defaultLocation, defaultLocation, FIELD_STRING, NULL)              \
	KEY(defaultNotebookRuntimeOptions, defaultNotebookRuntimeOptions,      \
	    FIELD_MESSAGE, &notebook_schema)                                   \
	KEY(builtinAssertionNamePrefix, builtinAssertionNamePrefix,            \
	    FIELD_STRING, NULL)                                                \
	KEY(defaultIcebergConfig, defaultIcebergConfig, FIELD_MESSAGE,         \
	    &iceberg_schema)                                                   \
	KEY(disableAssertions, disableAssertions, FIELD_BOOL, NULL)            \
	KEY(defaultReservation, defaultReservation, FIELD_STRING, NULL)        \
	KEY(includeTestsInCompiledGraph, includeTestsInCompiledGraph,          \
	    FIELD_BOOL, NULL)                                                  \
	KEY(preserveGovernanceControls, preserveGovernanceControls,            \
	    FIELD_BOOL, NULL)

/* clang-format off */
static const struct schema_field yaml_fields[] = {
	{"dataformCoreVersion", FIELD_STRING, SCHEMA_ALL, NULL},
#define KEY(printed, written, type, message) \
	{#written, (type) == FIELD_STRING ? FIELD_TEXT : (type), SCHEMA_ALL, message},
	KEYS(KEY)
#undef KEY
	{"lineage", FIELD_MESSAGE, SCHEMA_ALL, &lineage_schema},
	{"extension", FIELD_MESSAGE, SCHEMA_ALL, &extension_schema},
};
static const struct schema yaml_schema = {yaml_name, yaml_fields,
					  LEN(yaml_fields)};

static const struct schema_field json_fields[] = {
	{"warehouse", FIELD_STRING, SCHEMA_ALL, NULL},
#define KEY(printed, written, type, message) {#printed, type, SCHEMA_ALL, message},
	KEYS(KEY)
#undef KEY
	{"lineageEnabled", FIELD_BOOL, SCHEMA_ALL, NULL},
};
static const struct schema json_schema = {json_name, json_fields,
					  LEN(json_fields)};

static const struct {
	const char *printed, *written;
	enum field_type type;
	const struct schema *message;
} keys[] = {
#define KEY(printed, written, type, message) \
	{#printed, #written, type, message},
	KEYS(KEY)
#undef KEY
};
/* clang-format on */

static bool parse(const struct source *src, bool is_yaml, struct arena *arena,
		  struct diags *diags, struct value *out)
{
	struct position at;
	struct error err = {0};
	uint32_t offset;
	bool ok;

	if (is_yaml)
		ok = yaml_parse(src->text, arena, out, &at, &err);
	else
		ok = json_parse(src->text, arena, out, &at, &err);
	if (ok)
		return true;
	offset = source_offset(src, at);
	diag_add(diags, DIAG_BAD_SETTINGS, span_of(src, offset, offset), "%s",
		 err.text);
	return false;
}

static bool is_empty_settings(const struct value *v, bool is_yaml)
{
	return v->kind == VALUE_UNDEFINED || (is_yaml && v->kind == VALUE_NULL);
}

/* The file's object with the keys it is known to have. */
static bool read_object(const struct source *src, bool is_yaml,
			struct arena *arena, struct diags *diags,
			struct value *out)
{
	struct schema_reader r = {
		.arena = arena,
		.diags = diags,
		.unknown = DIAG_UNKNOWN_SETTING,
		.bad = DIAG_BAD_SETTINGS,
		.kinds = SCHEMA_ALL,
		.locate = schema_locate_source,
		.place = src,
	};
	struct value v;
	struct diag *d;

	if (!parse(src, is_yaml, arena, diags, &v))
		return false;
	if (is_empty_settings(&v, is_yaml)) {
		d = diag_add(diags, DIAG_BAD_SETTINGS, span_of(src, 0, 0),
			     "the settings are empty");
		diag_help(diags, d, "start with: defaultDataset: my_dataset");
		return false;
	}
	if (v.kind != VALUE_OBJECT) {
		diag_add(diags, DIAG_BAD_SETTINGS, span_of(src, 0, 0),
			 "the settings must be an object, not %s",
			 value_noun(&v));
		return false;
	}
	if (!is_yaml)
		settings_drop_old(&v, src, arena, diags);
	return schema_read(&r, is_yaml ? &yaml_schema : &json_schema, NULL, &v,
			   out);
}

static struct value merge_vars(struct arena *arena, const struct value *vars,
			       const struct overrides *o)
{
	uint32_t n = vars ? vars->n : 0;
	struct value out = value_object(arena, n + (uint32_t)o->nvars);

	for (uint32_t i = 0; i < n; i++)
		if (!str_is(vars->members[i].key, "__proto__"))
			out.members[out.n++] = vars->members[i];
	for (size_t i = 0; i < o->nvars; i++) {
		struct member m = {.key = o->vars[i].name,
				   .value = value_string(o->vars[i].value)};
		uint32_t k = 0;

		while (k < out.n && !str_eq(out.members[k].key, m.key))
			k++;
		if (k < out.n)
			out.members[k].value = m.value;
		else
			out.members[out.n++] = m;
	}
	return value_as_json(arena, &out);
}

/* Members in the schema's order; empty ones only if the file was JSON. */
static struct value copy_message(struct arena *arena, const struct schema *s,
				 const struct value *v, bool keep_empty)
{
	struct value out = value_object(arena, (uint32_t)s->nfields);

	for (size_t i = 0; i < s->nfields; i++) {
		const struct schema_field *f = &s->fields[i];
		const struct value *m = value_get(v, f->name);

		if (!m || !(keep_empty || value_is_truthy(m)))
			continue;
		if (f->type == FIELD_MESSAGE)
			value_put(
				&out, str_of(f->name),
				copy_message(arena, f->message, m, keep_empty));
		else
			value_put(&out, str_of(f->name), *m);
	}
	return out;
}

/* The string that the command line gives for a key, or an unset one. */
static struct str override_of(const struct overrides *o, const char *printed)
{
	const struct {
		const char *key;
		struct str value;
	} all[] = {
#define KEY(name, field) {#name, o->field},
		OVERRIDE_STRINGS(KEY)
#undef KEY
	};

	for (size_t i = 0; i < LEN(all); i++)
		if (strcmp(all[i].key, printed) == 0)
			return all[i].value;
	return (struct str){0};
}

static void put_key(struct arena *arena, size_t k, const struct value *v,
		    const struct overrides *o, bool is_yaml, struct value *out)
{
	struct str printed = str_of(keys[k].printed);
	struct str given = override_of(o, keys[k].printed);

	if (str_is(printed, "vars")) {
		struct value vars = merge_vars(arena, v, o);

		if (vars.n)
			value_put(out, printed, vars);
		return;
	}
	if (given.n)
		value_put(out, printed, value_string(given));
	else if (str_is(printed, "disableAssertions") && o->disable_assertions)
		value_put(out, printed, value_bool(true));
	else if (!v || (is_yaml && !value_is_truthy(v)))
		return;
	else if (keys[k].message)
		value_put(out, printed,
			  copy_message(arena, keys[k].message, v, !is_yaml));
	else
		value_put(out, printed, *v);
}

static void make_config(struct arena *arena, const struct value *object,
			const struct overrides *o, bool is_yaml,
			struct value *out)
{
	const struct value *warehouse = value_get(object, "warehouse");
	const struct value *lineage = value_get(object, "lineageEnabled");

	*out = value_object(arena, LEN(keys) + 2);
	if (is_yaml) {
		value_put(out, STR("warehouse"), value_string(STR("bigquery")));
		lineage = value_get(value_get(object, "lineage"), "enabled");
	} else if (warehouse) {
		value_put(out, STR("warehouse"), *warehouse);
	}
	for (size_t k = 0; k < LEN(keys); k++)
		put_key(arena, k,
			value_get(object,
				  is_yaml ? keys[k].written : keys[k].printed),
			o, is_yaml, out);
	if (lineage && (!is_yaml || value_is_truthy(lineage)))
		value_put(out, STR("lineageEnabled"), *lineage);
}

/* A snapshot of a notebook needs a place to go to. */
static bool complete_notebook(struct value *object, struct arena *arena,
			      const struct source *src, struct diags *diags)
{
	const struct value *options =
		value_get(object, "defaultNotebookRuntimeOptions");
	const struct value *bucket = value_get(options, "outputBucket");
	struct schema_path path = {NULL, STR("repositorySnapshotDestination"),
				   0, 0};
	struct schema_reader r = {.diags = diags, .place = src};
	struct value *snapshot = NULL;

	for (uint32_t i = 0; options && i < options->n; i++)
		if (str_eq(options->members[i].key, path.key))
			snapshot = &options->members[i].value;
	if (!snapshot ||
	    value_is_truthy(value_get(snapshot, "repositorySnapshotUri")))
		return true;
	if (value_is_truthy(bucket)) {
		*snapshot = value_object(arena, 1);
		value_put(snapshot, STR("repositorySnapshotUri"), *bucket);
		return true;
	}
	diag_add(diags, DIAG_BAD_SETTINGS, schema_locate_source(&r, &path),
		 "a snapshot of a notebook needs repositorySnapshotUri or "
		 "outputBucket");
	return false;
}

/* By name or by number. False if it is neither. */
static bool read_mode(const struct value *v, enum extension_mode *out)
{
	static const char *const names[] = {
		[EXTENSION_NONE] = "COMPILATION_MODE_UNSPECIFIED",
		[EXTENSION_PROLOGUE] = "PROLOGUE",
		[EXTENSION_APPLICATION_CODE] = "APPLICATION_CODE",
	};

	*out = EXTENSION_NONE;
	for (size_t i = 0; v && i < LEN(names); i++) {
		if (v->kind == VALUE_STRING ? !str_is(v->string, names[i])
					    : v->number != (double)i)
			continue;
		*out = (enum extension_mode)i;
		return true;
	}
	return !v;
}

/* Dataform passes it over in silence; a mode that is written and is the one
 * for none is meant. */
static void warn_of_no_mode(const struct extension *e, struct span place,
			    struct diags *diags)
{
	struct diag *d;

	if (!e->name.n || value_get(e->settings, "compilationMode"))
		return;
	d = diag_warn(diags, DIAG_BAD_SETTINGS, place,
		      "the extension \"%.*s\" is not called: it has no "
		      "compilationMode",
		      STR_ARG(e->name));
	diag_help(diags, d,
		  "add compilationMode: PROLOGUE or APPLICATION_CODE");
}

static bool read_extension(const struct value *object, const struct source *src,
			   struct diags *diags, struct extension *out)
{
	const struct schema_path top = {NULL, STR("extension"), 0, 0};
	const struct schema_path mode = {&top, STR("compilationMode"), 0, 0};
	const struct schema_reader r = {.diags = diags, .place = src};
	struct diag *d;

	out->settings = value_get(object, "extension");
	out->name = value_get_str(out->settings, "name");
	if (!read_mode(value_get(out->settings, "compilationMode"),
		       &out->mode)) {
		d = diag_add(diags, DIAG_BAD_SETTINGS,
			     schema_locate_source(&r, &mode),
			     "an extension has no such compilationMode");
		diag_help(diags, d, "modes are PROLOGUE and APPLICATION_CODE");
		return false;
	}
	warn_of_no_mode(out, schema_locate_source(&r, &top), diags);
	if (out->mode == EXTENSION_NONE || out->name.n)
		return true;
	d = diag_add(diags, DIAG_BAD_SETTINGS, schema_locate_source(&r, &top),
		     "the extension has no name");
	diag_help(diags, d, "add the name of an npm package");
	return false;
}

static void put_once(struct value *object, const struct value *from,
		     struct str key)
{
	const struct value *v = value_find(from, key);

	if (v && !value_find(object, key))
		value_put(object, key, *v);
}

/* Dataform's own order is that in which it copies the keys: of YAML a fixed
 * one, of JSON the file's; what only the command line gives comes last. */
static struct value order_for_script(struct arena *arena,
				     const struct value *object,
				     const struct value *config, bool is_yaml)
{
	/* The key in JavaScript and in YAML. */
	static const char *const copied[][2] = {
		{"defaultDatabase", "defaultProject"},
		{"defaultSchema", "defaultDataset"},
		{"defaultLocation", "defaultLocation"},
		{"assertionSchema", "defaultAssertionDataset"},
		{"databaseSuffix", "projectSuffix"},
		{"schemaSuffix", "datasetSuffix"},
		{"tablePrefix", "namePrefix"},
		{"builtinAssertionNamePrefix", "builtinAssertionNamePrefix"},
		{"defaultNotebookRuntimeOptions",
		 "defaultNotebookRuntimeOptions"},
		{"defaultIcebergConfig", "defaultIcebergConfig"},
		{"disableAssertions", "disableAssertions"},
		{"defaultReservation", "defaultReservation"},
		{"includeTestsInCompiledGraph", "includeTestsInCompiledGraph"},
		{"preserveGovernanceControls", "preserveGovernanceControls"},
	};
	struct value out = value_object(arena, config->n + 1);

	put_once(&out, config, STR("vars"));
	if (!out.n)
		value_put(&out, STR("vars"), value_object(arena, 0));
	for (size_t i = 0; is_yaml && i < LEN(copied); i++)
		if (value_is_truthy(value_get(object, copied[i][1])))
			put_once(&out, config, str_of(copied[i][0]));
	for (uint32_t i = 0; !is_yaml && i < object->n; i++)
		put_once(&out, config, object->members[i].key);
	put_once(&out, config, STR("warehouse"));
	for (uint32_t i = 0; i < config->n; i++)
		put_once(&out, config, config->members[i].key);
	return out;
}

static void fill(struct settings *s, const struct value *object)
{
	const struct value *config = &s->project_config;

	s->core_version = value_get_str(object, "dataformCoreVersion");
	s->default_database = value_get_str(config, "defaultDatabase");
	s->default_schema = value_get_str(config, "defaultSchema");
	s->assertion_schema = value_get_str(config, "assertionSchema");
	s->database_suffix = value_get_str(config, "databaseSuffix");
	s->schema_suffix = value_get_str(config, "schemaSuffix");
	s->table_prefix = value_get_str(config, "tablePrefix");
	s->builtin_assertion_name_prefix =
		value_get_str(config, "builtinAssertionNamePrefix");
	s->disable_assertions =
		value_is_truthy(value_get(config, "disableAssertions"));
	s->preserve_governance = value_is_truthy(
		value_get(config, "preserveGovernanceControls"));
}

/* The settings file; NULL after an error if there is not just one. */
static const struct source *load(struct tree *tree, bool *is_yaml,
				 struct arena *arena, struct diags *diags)
{
	bool has_yaml = tree->ops->has(tree, yaml_name);
	bool has_json = tree->ops->has(tree, json_name);
	struct diag *d;

	*is_yaml = has_yaml;
	if (has_yaml && has_json) {
		d = diag_add_file(diags, DIAG_BAD_SETTINGS, str_of(json_name),
				  "the project has %s too", yaml_name);
		diag_help(diags, d, "keep one of them");
		return NULL;
	}
	if (!has_yaml && !has_json) {
		d = diag_add(diags, DIAG_NO_PROJECT, span_of(NULL, 0, 0),
			     "%s has no %s", tree->ops->root(tree), yaml_name);
		diag_help(diags, d, "\"weir init\" makes a new project");
		return NULL;
	}
	return source_load(tree, str_of(has_yaml ? yaml_name : json_name),
			   arena, diags);
}

bool settings_read(struct tree *tree, const struct overrides *overrides,
		   struct arena *arena, struct diags *diags,
		   struct settings *out)
{
	struct value object;
	bool is_yaml;

	*out = (struct settings){0};
	out->src = load(tree, &is_yaml, arena, diags);
	if (!out->src)
		return false;
	if (!read_object(out->src, is_yaml, arena, diags, &object) ||
	    !read_extension(&object, out->src, diags, &out->extension))
		return false;
	if (is_yaml && !complete_notebook(&object, arena, out->src, diags))
		return false;
	make_config(arena, &object, overrides, is_yaml, &out->project_config);
	out->script_config =
		order_for_script(arena, &object, &out->project_config, is_yaml);
	fill(out, &object);
	return true;
}

struct value settings_defaults(struct arena *arena)
{
	struct value v = value_object(arena, LEN(keys) + 1);

	value_put(&v, STR("warehouse"), value_string(STR("")));
	for (size_t i = 0; i < LEN(keys); i++) {
		struct value initial = {.kind = VALUE_NULL};

		if (keys[i].type == FIELD_STRING)
			initial = value_string(STR(""));
		else if (keys[i].type == FIELD_BOOL)
			initial = value_bool(false);
		else if (keys[i].type == FIELD_STRING_MAP)
			initial = value_object(arena, 0);
		value_put(&v, str_of(keys[i].printed), initial);
	}
	return v;
}

struct value settings_with_vars(struct arena *arena, const struct value *config,
				const struct value *vars)
{
	struct value v = value_object(arena, config->n + 1);

	put_once(&v, config, STR("warehouse"));
	for (size_t i = 0; i < LEN(keys); i++) {
		struct str key = str_of(keys[i].printed);

		if (!str_is(key, "vars"))
			put_once(&v, config, key);
		else if (vars->n)
			value_put(&v, key, *vars);
	}
	put_once(&v, config, STR("lineageEnabled"));
	return v;
}
