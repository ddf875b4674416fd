/*
 * Checks the configs of actions against one table of keys as Dataform does
 * (unknown keys, wrong types, older spellings), and gives them one shape. The
 * table also gives "did you mean" and `weir help config`.
 * https://dataform-co.github.io/dataform/docs/configs-reference
 */
#ifndef COMPILER_CONFIG_H
#define COMPILER_CONFIG_H

#include <stdio.h>

#include "base/value.h"
#include "compiler/graph.h"
#include "compiler/project/source.h"

struct arena;
struct diags;
struct schema_path;
struct schema_reader;

/* Where the config was written, to point at a key: the object literal of a SQLX
 * config block or of a call; start == end if there is none to be seen. */
struct config_place {
	const struct source *src;
	uint32_t start, end;
	bool is_call; /* of publish() and the like */
	/* Of actions.yaml: the config, with lines and columns. No older forms
	 * are known there. */
	const struct value *yaml;
};

/*
 * Checks what a project wrote, with the type and name that a call or file gives
 * merged in as Dataform does, and converts it to one shape. *out is an object
 * without "type" and "bigquery"; members without a value are left out:
 *   dataset, project: for schema, database; filename: for fileName
 *   dependencyTargets: [{name, dataset, project, includeDependentAssertions}]
 *   columns: [{path: [..], description, tags: [..], bigqueryPolicyTags: [..]}],
 *     a record before its columns
 *   what was below bigquery, at the top
 *   assertions: {uniqueKey: [..], uniqueKeys: [{uniqueKey: [..]}],
 *     nonNull: [..], rowConditions: [..]}
 *   onSchemaChange: "IGNORE", "FAIL", "EXTEND", "SYNCHRONIZE"
 *   incrementalStrategy: "MERGE", "INSERT_OVERWRITE",
 *     "INCREMENTAL_STRATEGY_UNSPECIFIED"
 *   metadata: {overview, extraProperties: {fields: ...}} as the graph prints it
 *   flags are booleans, partitionExpirationDays is a whole number
 *   weir: as config_weir_read() leaves it, if anything is in it
 * Keys keep the order in which they were written, older names after those of
 * today. Dots in names, and what needs the settings (iceberg's bucket and
 * connection), are not looked at. False, after an error, if Dataform would
 * drop the action.
 */
bool config_check(enum action_type kind, const struct value *written,
		  struct config_place place, struct arena *arena,
		  struct diags *diags, struct value *out);

/* config_weir.c: what stands below weir in a config, or for an action in
 * weir.yaml. */
enum config_weir_key {
#define WEIR_KEY(name, type, member, kinds, initial, help) CONFIG_WEIR_##name,
#include "compiler/config/config_fields.def"
	CONFIG_WEIR_NKEYS
};
/* Checks keys and values; keys that not all of r->kinds have are none. *out has
 * what is right, as it was written, with its places. */
bool config_weir_read(struct schema_reader *r, const struct schema_path *up,
		      const struct value *in, struct value *out);
struct str config_weir_name(enum config_weir_key key);
/* CONFIG_WEIR_NKEYS if there is no such key. */
enum config_weir_key config_weir_find(struct str name);
bool config_weir_has(enum config_weir_key key, enum action_type kind);
/* The error that actions of that kind do not have the key. */
void config_weir_refuse(struct schema_reader *r, enum action_type kind,
			const struct schema_path *path);
/* Sets what a value says that was read without an error: then there are no
 * warnings either, as nothing is converted. */
void config_weir_set(struct arena *arena, enum config_weir_key key,
		     const struct value *v, struct weir_options *out);

/* An object as google.protobuf.Struct prints it: {fields: {k: {stringValue}}}
 */
struct value config_struct(struct arena *arena, const struct value *in);

/* The place of the key that path names ("bigquery", "partitionBy"), found by
 * reading the literal; the whole place if it is not found. */
struct span config_locate(struct config_place place, const struct str *path,
			  size_t npath);

/* In YAML, the place of a string of that text that is the value of a member
 * called key, somewhere below the member that path names. */
bool config_locate_text(struct config_place place, const char *path,
			const char *key, struct str text, struct span *out);

/* The place of the config that is written in the arguments of a call; call is
 * the called name. */
struct config_place config_of_call(struct span call);

/* Prints every key with type, default and help: `weir help config`. */
void config_help(FILE *f);

/* Whether BigQuery knows a connection by such a name: DEFAULT,
 * project.location.id, or
 * projects/PROJECT/locations/LOCATION/connections/ID. */
bool config_is_connection(struct str s);

#endif
