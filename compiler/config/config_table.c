/*
 * Makes tables of config_fields.def: one schema for each object that has keys
 * of its own, the older names, and the text of `weir help config`.
 */
#include "compiler/config/config_int.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define T      CONFIG_BIT(ACTION_TABLE)
#define V      CONFIG_BIT(ACTION_VIEW)
#define I      CONFIG_BIT(ACTION_INCREMENTAL)
#define O      CONFIG_BIT(ACTION_OPERATION)
#define A      CONFIG_BIT(ACTION_ASSERTION)
#define D      CONFIG_BIT(ACTION_DECLARATION)
#define X      CONFIG_BIT(ACTION_TEST)
#define N      CONFIG_BIT(ACTION_NOTEBOOK)
#define P      CONFIG_BIT(ACTION_DATA_PREPARATION)

/* clang-format off */
#define OBJECT_FIELD(name, type, schema, help) {#name, FIELD_##type, SCHEMA_ALL, schema},

static const struct schema_field unique_key_fields[] = {
#define UNIQUE_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema unique_key_schema = {
	"uniqueKeys", unique_key_fields, LEN(unique_key_fields)};

static const struct schema_field assertions_fields[] = {
#define ASSERTIONS_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema assertions_schema = {
	"assertions", assertions_fields, LEN(assertions_fields)};

static const struct schema_field target_fields[] = {
#define TARGET_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema target_schema = {
	"a dependency", target_fields, LEN(target_fields)};

static const struct schema_field column_fields[] = {
#define COLUMN_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema column_schema = {
	"a column", column_fields, LEN(column_fields)};

static const struct schema_field iceberg_fields[] = {
#define ICEBERG_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema iceberg_schema = {
	"iceberg", iceberg_fields, LEN(iceberg_fields)};

static const struct schema_field metadata_fields[] = {
#define METADATA_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema metadata_schema = {
	"metadata", metadata_fields, LEN(metadata_fields)};

static const struct schema_field error_table_fields[] = {
#define ERROR_TABLE_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema error_table_schema = {
	"errorTable", error_table_fields, LEN(error_table_fields)};

static const struct schema_field load_mode_fields[] = {
#define LOAD_MODE_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
static const struct schema load_mode_schema = {
	"loadMode", load_mode_fields, LEN(load_mode_fields)};

static const struct schema_field top_fields[] = {
#define KEY(name, type, kinds, schema, initial, help) \
	{#name, FIELD_##type, kinds, schema},
#define ALIAS(older, name, kinds) {#older, FIELD_ANY, kinds, NULL},
#include "compiler/config/config_fields.def"
};

static const struct schema_field bigquery_fields[] = {
#define BIGQUERY(name, kinds) {#name, FIELD_ANY, kinds, NULL},
#include "compiler/config/config_fields.def"
};
const struct schema config_bigquery_schema = {
	"bigquery", bigquery_fields, LEN(bigquery_fields)};

static const struct schema_field weir_fields[] = {
#define WEIR_KEY(name, type, member, kinds, initial, help) {#name, FIELD_ANY, kinds, NULL},
#include "compiler/config/config_fields.def"
};
const struct schema config_weir_schema = {
	"weir", weir_fields, LEN(weir_fields)};

static const struct schema_field index_fields[] = {
#define INDEX_KEY OBJECT_FIELD
#include "compiler/config/config_fields.def"
};
const struct schema config_index_schema = {
	"an index", index_fields, LEN(index_fields)};

static const struct config_alias aliases[] = {
#define ALIAS(older, name, kinds) {#older, #name, kinds},
#include "compiler/config/config_fields.def"
};

/* What help prints beside a key. */
static const struct {
	const char *object, *name, *type;
	uint32_t kinds;
	const char *initial, *help;
} lines[] = {
#define KEY(name, type, kinds, schema, initial, help) \
	{NULL, #name, TYPE_##type, kinds, initial, help},
#define LINE(object, name, type, help) \
	{object, #name, TYPE_##type, 0, "", help},
#define ASSERTIONS_KEY(name, type, schema, help) \
	LINE("assertions", name, type, help)
#define UNIQUE_KEY(name, type, schema, help) \
	LINE("uniqueKeys", name, type, help)
#define TARGET_KEY(name, type, schema, help) \
	LINE("dependencyTargets", name, type, help)
#define COLUMN_KEY(name, type, schema, help) \
	LINE("columns", name, type, help)
#define ICEBERG_KEY(name, type, schema, help) \
	LINE("iceberg", name, type, help)
#define METADATA_KEY(name, type, schema, help) \
	LINE("metadata", name, type, help)
#define ERROR_TABLE_KEY(name, type, schema, help) \
	LINE("errorTable", name, type, help)
#define LOAD_MODE_KEY(name, type, schema, help) \
	LINE("loadMode", name, type, help)
#define WEIR_KEY(name, type, member, kinds, initial, help) \
	{"weir", #name, TYPE_##type, kinds, initial, help},
#define INDEX_KEY(name, type, schema, help) \
	LINE("indexes", name, type, help)
#define TYPE_STRING "string"
#define TYPE_TEXT "string"
#define TYPE_BOOL "boolean"
#define TYPE_FLAG "boolean"
#define TYPE_TRUE_OR_FALSE "boolean"
#define TYPE_INT "number"
#define TYPE_ENUM "string"
#define TYPE_STRINGS "strings"
#define TYPE_STRING_MAP "object of strings"
#define TYPE_MESSAGE "object"
#define TYPE_MESSAGES "objects"
#define TYPE_STRUCT "object"
#define TYPE_ANY "object"
#define TYPE_STRATEGY "string"
#define TYPE_SEVERITY "string"
#define TYPE_DURATION "duration"
#define TYPE_TIME "date or timestamp"
#define TYPE_COUNT "number"
#define TYPE_INDEXES "lists of strings, or objects"
#include "compiler/config/config_fields.def"
};
/* clang-format on */

const char *const config_kinds_text[] = {
	[ACTION_TABLE] = "tables",
	[ACTION_VIEW] = "views",
	[ACTION_INCREMENTAL] = "incremental tables",
	[ACTION_OPERATION] = "operations",
	[ACTION_ASSERTION] = "assertions",
	[ACTION_DECLARATION] = "declarations",
	[ACTION_TEST] = "tests",
	[ACTION_NOTEBOOK] = "notebooks",
	[ACTION_DATA_PREPARATION] = "data preparations",
	[ACTION_PROPERTY_GRAPH] = "property graphs",
};

struct schema config_keys(enum action_type kind)
{
	return (struct schema){action_type_phrase(kind), top_fields,
			       LEN(top_fields)};
}

const struct config_alias *config_alias_find(struct str key,
					     enum action_type kind)
{
	for (size_t i = 0; i < LEN(aliases); i++)
		if ((aliases[i].kinds & CONFIG_BIT(kind)) &&
		    str_is(key, aliases[i].older))
			return &aliases[i];
	return NULL;
}

static const char *older_name(const char *name)
{
	for (size_t i = 0; i < LEN(aliases); i++)
		if (strcmp(aliases[i].name, name) == 0)
			return aliases[i].older;
	return NULL;
}

static void print_kinds(uint32_t kinds, FILE *f)
{
	static const char *const names[] = {
		[ACTION_TABLE] = "table",
		[ACTION_VIEW] = "view",
		[ACTION_INCREMENTAL] = "incremental",
		[ACTION_OPERATION] = "operations",
		[ACTION_ASSERTION] = "assertion",
		[ACTION_DECLARATION] = "declaration",
		[ACTION_TEST] = "test",
		[ACTION_NOTEBOOK] = "notebook",
		[ACTION_DATA_PREPARATION] = "dataPreparation",
	};
	const char *gap = "      only: ";

	if (!kinds || !(~kinds & (T | V | I | O | A | D)))
		return;
	for (size_t i = 0; i < LEN(names); i++) {
		if (!(kinds & CONFIG_BIT(i)))
			continue;
		fprintf(f, "%s%s", gap, names[i]);
		gap = ", ";
	}
	fputc('\n', f);
}

void config_help(FILE *f)
{
	const char *older;

	fputs("config { type: \"table\", ... }: keys of an action's config\n"
	      "\n"
	      "The same keys may stand in the object that publish(), "
	      "operate(), assert() and\ndeclare() take. What a warehouse "
	      "cannot do is reported by a run.\n",
	      f);
	for (size_t i = 0; i < LEN(lines); i++) {
		if (i && lines[i].object != lines[i - 1].object &&
		    lines[i].object)
			fprintf(f, "\nbelow %s:\n", lines[i].object);
		if (!lines[i].object)
			fputs("\n", f);
		fprintf(f, "  %-29s %s\n      %s\n", lines[i].name,
			lines[i].type, lines[i].help);
		print_kinds(lines[i].kinds, f);
		if (*lines[i].initial)
			fprintf(f, "      default: %s\n", lines[i].initial);
		older = lines[i].object ? NULL : older_name(lines[i].name);
		if (older)
			fprintf(f, "      older name: %s\n", older);
	}
	fputs("\nbelow bigquery:\n", f);
	for (size_t i = 0; i < LEN(bigquery_fields); i++)
		fprintf(f, "  %s\n", bigquery_fields[i].name);
}
