/*
 * Checks the configs of actions against one table of keys, as Dataform does
 * (DATAFORM's rules: unknown keys, wrong types, older spellings), and gives
 * them one shape. The table also gives "did you mean" and `weir help config`.
 * https://dataform-co.github.io/dataform/docs/configs-reference
 */
#ifndef COMPILER_CONFIG_H
#define COMPILER_CONFIG_H

#include <stdio.h>

#include "base/value.h"
#include "compiler/source.h"

struct arena;
struct diags;

enum config_kind {
	CONFIG_TABLE,
	CONFIG_VIEW,
	CONFIG_INCREMENTAL,
	CONFIG_OPERATION,
	CONFIG_ASSERTION,
	CONFIG_DECLARATION,
};

/* Where the config was written, to point at a key: the SQLX config block, or
 * for JavaScript the place of the call. */
struct config_place {
	const struct source *src;
	uint32_t start, end; /* of the object literal; start == end: a call */
};

/*
 * Checks what a project wrote and converts it to the names of today: dataset,
 * project, dependencyTargets (an array of {project, dataset, name,
 * includeDependentAssertions}), columns as an array of {path, description,
 * tags, bigqueryPolicyTags}, what was below bigquery hoisted to the top,
 * assertions.uniqueKey as an array, uniqueKeys as an array of {uniqueKey}.
 * Members without a value are left out. False, after an error, if Dataform
 * would drop the action.
 */
bool config_check(enum config_kind kind, const struct value *written,
		  struct config_place place, struct arena *arena,
		  struct diags *diags, struct value *out);

/* The place of the key that path names ("bigquery", "partitionBy"), found by
 * reading the literal; the whole place if it is not found. */
struct span config_locate(struct config_place place, const struct str *path,
			  size_t npath);

/* Prints every key with type, default and help: `weir help config`. */
void config_help(FILE *f);

#endif
