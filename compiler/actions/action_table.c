/* What tables, views and incremental tables have beyond other actions: the
 * options of BigQuery, Iceberg storage, keys and strategies. */
#include "base/arena.h"
#include "compiler/actions/session.h"

/* Options as the graph prints them, in this order. */
static const char *const bigquery_keys[] = {
	"partitionBy",
	"clusterBy",
	"updatePartitionFilter",
	"labels",
	"partitionExpirationDays",
	"requirePartitionFilter",
	"additionalOptions",
	"connection",
	"tableFormat",
	"fileFormat",
	"storageUri",
	"incrementalPredicates",
	"preserveGovernanceControls",
};

enum { NKEYS = sizeof(bigquery_keys) / sizeof(bigquery_keys[0]) };

static bool is_empty_list(const struct value *v)
{
	return (v->kind == VALUE_ARRAY || v->kind == VALUE_OBJECT) && v->n == 0;
}

static bool says_something(const struct value *v, bool keep_falsy)
{
	return v && !is_empty_list(v) && v->kind != VALUE_NULL &&
	       v->kind != VALUE_UNDEFINED && (keep_falsy || value_is_truthy(v));
}

static struct value choose_options(struct session *s,
				   const struct value *options, bool keep_falsy)
{
	const struct value *chosen[NKEYS];
	struct value out;
	uint32_t n = 0;

	for (size_t i = 0; i < NKEYS; i++) {
		chosen[i] = value_get(options, bigquery_keys[i]);
		if (!says_something(chosen[i], keep_falsy))
			chosen[i] = NULL;
		n += chosen[i] != NULL;
	}
	out = value_object(s->arena, n);
	for (size_t i = 0; i < NKEYS; i++)
		if (chosen[i])
			value_put(&out, str_of(bigquery_keys[i]), *chosen[i]);
	return out;
}

static bool is_bigquery_key(struct str key)
{
	for (size_t i = 0; i < NKEYS; i++)
		if (str_is(key, bigquery_keys[i]))
			return true;
	return false;
}

static bool check_keys(struct session *s, const struct value *options)
{
	struct str known[NKEYS];
	bool ok = true;

	for (size_t i = 0; i < NKEYS; i++)
		known[i] = str_of(bigquery_keys[i]);
	for (uint32_t i = 0; i < options->n; i++) {
		struct str key = options->members[i].key;
		struct str near;
		struct diag *d;

		if (is_bigquery_key(key))
			continue;
		ok = false;
		d = session_error_here(
			s, DIAG_UNKNOWN_CONFIG_KEY, key,
			arena_printf(s->arena,
				     "\"%.*s\" is no option of bigquery",
				     STR_ARG(key)));
		near = suggest(key, known, NKEYS);
		if (near.p)
			diag_help(s->diags, d, "did you mean \"%.*s\"?",
				  STR_ARG(near));
	}
	return ok;
}

/* A view takes options as they are; a table only those that say something. */
static void set_bigquery(struct session *s, struct draft *d,
			 const struct value *options)
{
	const struct value *labels = value_get(options, "labels");
	bool view = d->made.type == ACTION_VIEW;
	struct value chosen = choose_options(s, options, view);

	if (labels && labels->kind == VALUE_OBJECT && (view || labels->n > 0))
		d->labels = value_copy(s->arena, *labels);
	if (view || chosen.n > 0)
		d->made.bigquery = value_copy(s->arena, chosen);
}

bool draft_set_bigquery(struct session *s, struct draft *d,
			const struct value *options)
{
	if (options->kind != VALUE_OBJECT || !check_keys(s, options))
		return false;
	set_bigquery(s, d, options);
	return true;
}

/* A view's options are printed if one of them is set, partitionBy even then
 * when it is not. */
static void apply_view_options(struct session *s, struct draft *d,
			       const struct value *config)
{
	static const char *const keys[] = {"labels", "additionalOptions",
					   "clusterBy"};
	struct member room[4];
	struct value options = {.kind = VALUE_OBJECT, .members = room};
	const struct value *by = value_get(config, "partitionBy");
	bool any = by && value_is_truthy(by);

	value_put(&options, STR("partitionBy"),
		  by ? *by : value_string(STR("")));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct value *v = value_get(config, keys[i]);

		any |= v && v->n > 0;
		if (v)
			value_put(&options, str_of(keys[i]), *v);
		else if (i == 0)
			value_put(&options, STR("labels"),
				  value_object(s->arena, 0));
	}
	if (any)
		set_bigquery(s, d, &options);
}

static bool is_word(struct str s, const char *more)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && !(c >= '0' && c <= '9') && !strchr(more, c))
			return false;
	}
	return s.n > 0;
}

bool config_is_connection(struct str s)
{
	static const char *const fixed[] = {"projects", "locations",
					    "connections"};
	size_t dots = 0, part = 0, start = 0;

	if (str_is(s, "DEFAULT"))
		return true;
	for (size_t end; start <= s.n && is_word(s, "-_."); start = end + 1) {
		end = str_find(s, '.', start);
		if (end == start)
			return false;
		dots++;
	}
	if (dots)
		return dots == 3;
	for (size_t end; start <= s.n; start = end + 1, part++) {
		end = str_find(s, '/', start);
		if (end == start || part > 5 ||
		    (part % 2 == 0 &&
		     !str_is(str_sub(s, start, end), fixed[part / 2])))
			return false;
	}
	return part == 6;
}

static struct str pick(const struct value *config, const struct value *defaults,
		       const char *key, struct str otherwise)
{
	struct str own = value_get_str(config, key);
	struct str set = value_get_str(defaults, key);

	return own.n ? own : set.n ? set : otherwise;
}

static bool iceberg_error(struct session *s, struct draft *d, const char *key,
			  const char *text, const char *help)
{
	struct str path[] = {STR("iceberg"), str_of(key)};
	struct diag *diag =
		draft_error(s, d, DIAG_BAD_CONFIG_VALUE,
			    config_locate(d->config, path, 2), "%s", text);

	diag_help(s->diags, diag, "%s", help);
	return false;
}

static void put_text(struct value *options, const char *key, struct str text)
{
	value_put(options, str_of(key), value_string(text));
}

/* Puts what an Iceberg table's storage is into options. Without a bucket there
 * is no such table; a bad connection fails it when it is evaluated. */
static bool add_iceberg(struct session *s, struct draft *d,
			const struct value *config, struct value *options)
{
	const struct value *set =
		value_get(&s->settings->project_config, "defaultIcebergConfig");
	struct str bucket = pick(config, set, "bucketName", (struct str){0});
	struct str root =
		pick(config, set, "tableFolderRoot", STR("_dataform"));
	struct str own =
		arena_printf(s->arena, "%.*s/%.*s", STR_ARG(d->target.schema),
			     STR_ARG(d->target.name));
	struct str path = pick(config, set, "tableFolderSubpath", own);
	struct str connection = pick(config, set, "connection", STR("DEFAULT"));

	if (!bucket.n)
		return iceberg_error(
			s, d, "bucketName", "an Iceberg table needs a bucket",
			"set bucketName here, or for all in "
			"defaultIcebergConfig of workflow_settings.yaml");
	if (!config_is_connection(connection))
		d->failed = !iceberg_error(
			s, d, "connection",
			"the connection cannot be understood",
			"write project.location.connection_id, "
			"projects/.../locations/.../connections/... or "
			"DEFAULT");
	put_text(options, "connection", connection);
	put_text(options, "tableFormat", STR("ICEBERG"));
	put_text(options, "fileFormat", STR("PARQUET"));
	put_text(options, "storageUri",
		 arena_printf(s->arena, "gs://%.*s/%.*s/%.*s", STR_ARG(bucket),
			      STR_ARG(root), STR_ARG(path)));
	return true;
}

static bool apply_table_options(struct session *s, struct draft *d,
				const struct value *config)
{
	const struct value *iceberg = value_get(config, "iceberg");
	struct member room[NKEYS];
	struct value options = {.kind = VALUE_OBJECT, .members = room};

	for (size_t i = 0; i < NKEYS; i++) {
		const struct value *v = value_get(config, bigquery_keys[i]);

		if (v)
			value_put(&options, str_of(bigquery_keys[i]), *v);
	}
	if (d->made.type == ACTION_TABLE && s->settings->preserve_governance &&
	    !value_get(config, "preserveGovernanceControls"))
		value_put(&options, STR("preserveGovernanceControls"),
			  value_bool(true));
	if (iceberg && iceberg->kind == VALUE_OBJECT &&
	    !add_iceberg(s, d, iceberg, &options))
		return false;
	set_bigquery(s, d, &options);
	return true;
}

/* config_check() has made it one of the names; the first if it is not there. */
static unsigned enum_of(const struct value *config, const char *key,
			const char *const *names, unsigned n)
{
	struct str name = value_get_str(config, key);

	for (unsigned i = 0; i < n; i++)
		if (str_is(name, names[i]))
			return i;
	return 0;
}

static void apply_incremental(struct session *s, struct draft *d,
			      const struct value *config)
{
	d->made.unique_key =
		value_strings(s->arena, value_get(config, "uniqueKey"));
	d->made.is_protected = value_is_truthy(value_get(config, "protected"));
	d->made.on_schema_change = (enum on_schema_change)enum_of(
		config, "onSchemaChange", on_schema_change_names,
		ON_CHANGE_SYNCHRONIZE + 1);
	d->made.strategy = (enum incremental_strategy)enum_of(
		config, "incrementalStrategy", incremental_strategy_names,
		STRATEGY_INSERT_OVERWRITE + 1);
}

static void add_operations(struct session *s, struct producers *list,
			   const struct value *statements)
{
	struct producer p = {.value = statements};

	if (statements && statements->kind == VALUE_ARRAY && statements->n > 0)
		VEC_PUSH(s->arena, list, p);
}

bool draft_apply_table_config(struct session *s, struct draft *d,
			      const struct value *config)
{
	add_operations(s, &d->pre, value_get(config, "preOperations"));
	add_operations(s, &d->post, value_get(config, "postOperations"));
	if (d->made.type == ACTION_VIEW) {
		d->made.materialized =
			value_is_truthy(value_get(config, "materialized"));
		apply_view_options(s, d, config);
		return true;
	}
	if (d->made.type == ACTION_INCREMENTAL)
		apply_incremental(s, d, config);
	return apply_table_options(s, d, config);
}

void draft_take_bigquery(struct session *s, struct draft *d)
{
	const struct value *bigquery = value_get(d->written, "bigquery");
	struct str key = STR("bigquery");
	struct diag *diag;

	if (d->made.type > ACTION_INCREMENTAL || !bigquery ||
	    bigquery->kind != VALUE_OBJECT)
		return;
	if (!script_empty_given(s->script, "bigquery") || bigquery->n > 0)
		return;
	diag = diag_warn(s->diags, DIAG_SHARED_OPTIONS,
			 config_locate(d->config, &key, 1),
			 "this bigquery object was given to an action before, "
			 "and is empty since");
	diag_help(s->diags, diag,
		  "Dataform does the same: give each action a copy, "
		  "bigquery: {...options}");
}
