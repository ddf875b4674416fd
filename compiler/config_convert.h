/* Older and shorter ways to write a config's values, to the shape that the
 * table of keys describes. For config*.c. */
#ifndef COMPILER_CONFIG_CONVERT_H
#define COMPILER_CONFIG_CONVERT_H

#include "compiler/schema.h"

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

/* Any value as google.protobuf.Struct prints it: {fields: {k: {stringValue}}}
 */
struct value config_struct(struct arena *arena, const struct value *in);

#endif
