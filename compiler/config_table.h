/* The table of config keys as data, for config*.c. */
#ifndef COMPILER_CONFIG_TABLE_H
#define COMPILER_CONFIG_TABLE_H

#include "compiler/config.h"
#include "compiler/schema.h"

#define CONFIG_BIT(kind) (UINT32_C(1) << (kind))

struct config_alias {
	const char *older, *name;
	uint32_t kinds;
};

/* The top-level keys; what is "a view" and so on. */
struct schema config_keys(enum config_kind kind);
/* Keys that may stand below bigquery, and those below weir. */
extern const struct schema config_bigquery_schema, config_weir_schema;
/* By bit of the kind: "tables", "views", ... */
extern const char *const config_kinds_text[];

/* The key's older name; NULL if it is none for this kind. */
const struct config_alias *config_alias_find(struct str key,
					     enum config_kind kind);

#endif
