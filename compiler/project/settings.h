/*
 * workflow_settings.yaml, or the older dataform.json, with the command line's
 * overrides merged in.
 * https://dataform-co.github.io/dataform/docs/configs-reference#dataform-WorkflowSettings
 */
#ifndef COMPILER_SETTINGS_H
#define COMPILER_SETTINGS_H

#include "base/str.h"
#include "base/value.h"

struct arena;
struct diags;
struct source;
struct tree;

struct variable {
	struct str name, value;
};

/* The strings that the command line and a target may override: the key of
 * dataform.json and of a target, the field of struct overrides. */
#define OVERRIDE_STRINGS(KEY)                                                  \
	KEY(defaultDatabase, default_database)                                 \
	KEY(defaultSchema, default_schema)                                     \
	KEY(defaultLocation, default_location)                                 \
	KEY(assertionSchema, assertion_schema)                                 \
	KEY(databaseSuffix, database_suffix)                                   \
	KEY(schemaSuffix, schema_suffix)                                       \
	KEY(tablePrefix, table_prefix)                                         \
	KEY(defaultReservation, default_reservation)

/* What the command line may override; unset or false: it does not. */
struct overrides {
	struct str default_database, default_schema, default_location;
	struct str assertion_schema, database_suffix, schema_suffix;
	struct str table_prefix, default_reservation;
	bool disable_assertions;
	struct variable *vars; /* each name once */
	size_t nvars;
};

/* An npm package that takes part in the compile. */
enum extension_mode {
	EXTENSION_NONE,
	EXTENSION_PROLOGUE,         /* before the project's files */
	EXTENSION_APPLICATION_CODE, /* in place of them */
};

struct extension {
	enum extension_mode mode;
	struct str name;
	const struct value *settings; /* as written */
};

struct settings {
	const struct source *src;
	struct str core_version; /* unset if the file names none */
	struct str default_database, default_schema;
	struct str assertion_schema, database_suffix, schema_suffix;
	struct str table_prefix, builtin_assertion_name_prefix;
	bool disable_assertions, preserve_governance;
	struct extension extension;
	/* With vars, and every key in the order in which the graph prints
	 * projectConfig. */
	struct value project_config;
	/* The same, with vars in any case, in the order in which JavaScript
	 * sees it. */
	struct value script_config;
};

/* False if the project cannot be compiled at all; diags says why. */
bool settings_read(struct tree *tree, const struct overrides *overrides,
		   struct arena *arena, struct diags *diags,
		   struct settings *out);

/* config, a project_config, with other vars. */
struct value settings_with_vars(struct arena *arena, const struct value *config,
				const struct value *vars);

/* What dataform.projectConfig answers for keys that are not set: "", false,
 * null, an empty object. */
struct value settings_defaults(struct arena *arena);

#endif
