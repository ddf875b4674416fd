/* What config*.c share. */
#ifndef COMPILER_CONFIG_INT_H
#define COMPILER_CONFIG_INT_H

#include "compiler/config/config.h"
#include "compiler/project/schema.h"

/* config_table.c: the table of keys as data. */

#define CONFIG_BIT(kind) (UINT32_C(1) << (kind))

struct config_alias {
	const char *older, *name;
	uint32_t kinds;
};

/* The top-level keys; what is "a view" and so on. */
struct schema config_keys(enum action_type kind);
/* Keys that may stand below bigquery, those below weir, those of an index. */
extern const struct schema config_bigquery_schema, config_weir_schema,
	config_index_schema;
/* By bit of the kind: "tables", "views", ... */
extern const char *const config_kinds_text[];
/* The key's older name; NULL if it is none for this kind. */
const struct config_alias *config_alias_find(struct str key,
					     enum action_type kind);

/* config_convert.c: older and shorter ways to write a config's values, to the
 * shape that the table of keys describes. */

/* {name: "text" or {description, columns, ...}} to an array of {path, ...},
 * a record before its columns. */
MUST_CHECK bool config_columns(struct schema_reader *r,
			       const struct schema_path *path,
			       const struct value *in, struct value *out);
/* A list of "name", "schema.name", "db.schema.name" or objects, to objects. */
MUST_CHECK bool config_dependencies(struct schema_reader *r,
				    const struct schema_path *path,
				    const struct value *in, struct value *out);
/* A single column or key where a list belongs. What it makes is still to be
 * checked. */
struct value config_assertions(struct arena *arena, const struct value *in);

/* config_weir.c: the error that a value is not what is wanted, "a string"; help
 * may be NULL. Returns false. */
bool config_weir_wrong_type(struct schema_reader *r,
			    const struct schema_path *path, const char *wanted,
			    const struct value *in, const char *help);

/* config_index.c: what stands below indexes. */
MUST_CHECK bool config_indexes_read(struct schema_reader *r,
				    const struct schema_path *path,
				    const struct value *in,
				    struct weir_options *out);

/* config_struct.c: metadata's extraProperties as the graph prints them. */
MUST_CHECK bool config_properties(struct schema_reader *r,
				  const struct schema_path *path,
				  const struct value *in, struct value *out);

/* config_rules.c: rules about several keys of one config at once. config is
 * what config_check() made of written. Reports; the action stays. */
void config_rules(enum action_type kind, const struct value *written,
		  struct config_place place, struct diags *diags,
		  const struct value *config);

#endif
