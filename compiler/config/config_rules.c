/*
 * Keys that contradict or need each other. Dataform reports these and keeps
 * the action, so nothing here changes the config.
 */
#include "compiler/config/config_int.h"

#include "compiler/diag.h"

struct rules {
	enum action_type kind;
	const struct value *written, *config;
	struct config_place place;
	struct diags *diags;
};

static bool has(const struct rules *r, const char *key)
{
	const struct value *v = value_get(r->config, key);

	if (v && (v->kind == VALUE_ARRAY || v->kind == VALUE_OBJECT))
		return v->n > 0;
	return value_is_truthy(v);
}

/* Where the key was written, by whatever name and wherever. */
static struct span place_of(const struct rules *r, const char *key)
{
	struct str path[2] = {STR("bigquery"), str_of(key)};
	const struct value *bigquery = value_get(r->written, "bigquery");

	if (value_is_truthy(value_get(bigquery, key)))
		return config_locate(r->place, path, 2);
	return config_locate(r->place, path + 1, 1);
}

static void conflict(const struct rules *r, const char *key, const char *text,
		     const char *help)
{
	struct diag *d = diag_add(r->diags, DIAG_CONFIG_CONFLICT,
				  place_of(r, key), "%s", text);

	diag_help(r->diags, d, "%s", help);
}

static void check_partitions(const struct rules *r)
{
	static const char *const keys[] = {"partitionExpirationDays",
					   "requirePartitionFilter"};

	for (size_t i = 0; i < 2 && !has(r, "partitionBy"); i++) {
		struct diag *d;

		if (!has(r, keys[i]))
			continue;
		d = diag_add(r->diags, DIAG_CONFIG_CONFLICT,
			     place_of(r, keys[i]),
			     "\"%s\" is for partitioned tables", keys[i]);
		diag_help(r->diags, d, "add \"partitionBy\", or remove it");
	}
}

static void check_declared_twice(const struct rules *r)
{
	static const struct {
		const char *key, *option;
	} pairs[] = {
		{"partitionExpirationDays", "partition_expiration_days"},
		{"requirePartitionFilter", "require_partition_filter"},
	};
	const struct value *options = value_get(r->config, "additionalOptions");

	for (size_t i = 0; i < 2; i++) {
		struct diag *d;

		if (!has(r, pairs[i].key) ||
		    !value_is_truthy(value_get(options, pairs[i].option)))
			continue;
		d = diag_add(r->diags, DIAG_CONFIG_CONFLICT,
			     place_of(r, pairs[i].key), "\"%s\" is given twice",
			     pairs[i].key);
		diag_help(r->diags, d, "remove \"%s\" of additionalOptions",
			  pairs[i].option);
	}
}

static void check_view(const struct rules *r)
{
	static const char *const keys[] = {"partitionBy", "clusterBy"};

	for (size_t i = 0; i < 2 && !has(r, "materialized"); i++) {
		struct diag *d;

		if (!has(r, keys[i]))
			continue;
		d = diag_add(r->diags, DIAG_CONFIG_CONFLICT,
			     place_of(r, keys[i]),
			     "\"%s\" is for materialized views", keys[i]);
		diag_help(r->diags, d,
			  "add \"materialized: true\", or remove it");
	}
}

static void check_incremental(const struct rules *r)
{
	struct str strategy = value_get_str(r->config, "incrementalStrategy");

	if (str_is(strategy, "INSERT_OVERWRITE") && !has(r, "partitionBy"))
		conflict(r, "incrementalStrategy",
			 "INSERT_OVERWRITE needs \"partitionBy\"",
			 "name the partitions that new rows replace");
	if (str_is(strategy, "MERGE") && !has(r, "uniqueKey"))
		conflict(r, "incrementalStrategy", "MERGE needs \"uniqueKey\"",
			 "name the columns by which new rows replace old ones");
	if (has(r, "updatePartitionFilter") && has(r, "incrementalPredicates"))
		conflict(r, "updatePartitionFilter",
			 "\"updatePartitionFilter\" and "
			 "\"incrementalPredicates\" exclude each other",
			 "move the filter to \"incrementalPredicates\"");
}

static void check_assertions(const struct rules *r)
{
	const struct value *assertions = value_get(r->config, "assertions");
	const struct value *one = value_get(assertions, "uniqueKey");
	const struct value *several = value_get(assertions, "uniqueKeys");
	struct str path[2] = {STR("assertions"), STR("uniqueKeys")};
	struct diag *d;

	if (!one || !several || !one->n || !several->n)
		return;
	d = diag_add(r->diags, DIAG_CONFIG_CONFLICT,
		     config_locate(r->place, path, 2),
		     "\"uniqueKey\" and \"uniqueKeys\" exclude each other");
	diag_help(r->diags, d, "move \"uniqueKey\" into \"uniqueKeys\"");
}

void config_rules(enum action_type kind, const struct value *written,
		  struct config_place place, struct diags *diags,
		  const struct value *config)
{
	const struct rules r = {kind, written, config, place, diags};

	check_assertions(&r);
	switch (kind) {
	case ACTION_TABLE:
		check_partitions(&r);
		check_declared_twice(&r);
		break;
	case ACTION_INCREMENTAL:
		check_declared_twice(&r);
		check_incremental(&r);
		break;
	case ACTION_VIEW:
		check_view(&r);
		break;
	case ACTION_OPERATION:
		/* In JavaScript, .hasOutput() may follow. */
		if (!place.is_call && has(&r, "columns") &&
		    !has(&r, "hasOutput"))
			conflict(&r, "columns",
				 "an operation without output has no columns",
				 "add \"hasOutput: true\", or remove them");
		break;
	default:
		break;
	}
}
