/*
 * DuckDB calls a database by its file's name and looks for that before it
 * looks for a schema: where both have one name, nothing in the schema can be
 * named by schema and name.
 */
#include "runtime/state/schemas.h"

#include "base/arena.h"
#include "base/map.h"
#include "compiler/graph.h"
#include "runtime/sql/sql.h"
#include "runtime/state/create.h"
#include "runtime/warehouse/warehouse.h"

static bool refuse_name(struct str schema, const struct profile *profile,
			struct error *err)
{
	error_set(err, ERROR_USAGE,
		  "the schema \"%.*s\" has the name of the database: DuckDB "
		  "cannot tell \"%.*s\".\"table\" from a table of the database",
		  STR_ARG(schema), STR_ARG(schema));
	return error_hint(err,
			  "give the file another name, in path of target "
			  "\"%.*s\" of weir.yaml",
			  STR_ARG(profile->name));
}

/* As DuckDB makes it of the file's name: what stands before the first dot
 * that does not lead. */
static struct str database_of(struct str path)
{
	struct str name = path;
	size_t end = 0;

	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == '/')
			name = str_sub(path, i + 1, path.n);
	while (name.n && name.p[0] == '.')
		name = str_sub(name, 1, name.n);
	while (end < name.n && name.p[end] != '.')
		end++;
	return str_sub(name, 0, end);
}

bool schemas_check(const struct profile *profile, const struct strs *wanted,
		   struct error *err)
{
	struct str database = database_of(profile->path);

	if (profile->dialect->kind != WAREHOUSE_DUCKDB)
		return true;
	for (size_t i = 0; i < wanted->n; i++)
		if (str_eq_nocase(wanted->v[i], database))
			return refuse_name(wanted->v[i], profile, err);
	return true;
}

static bool make_one(struct warehouse *w, struct str schema,
		     struct arena *arena, struct error *err)
{
	struct str sql = sql_create_schema(w->profile->dialect, arena, schema);

	return create_missing(w, sql, err) ||
	       error_prefix(err, "cannot create the schema \"%.*s\"",
			    STR_ARG(schema));
}

bool schemas_make(struct warehouse *w, const struct strs *wanted,
		  struct arena *arena, struct error *err)
{
	struct str list = sql_list_schemas(w->profile->dialect);
	struct map there;
	struct rows rows;

	if (!w->ops->query(w, list, UINT32_MAX, arena, &rows, err))
		return error_prefix(err, "cannot list the schemas");
	map_init(&there, arena);
	for (uint32_t i = 0; i < rows.nrows; i++)
		map_intern(&there, rows.values[i]);
	for (size_t i = 0; i < wanted->n; i++)
		if (!map_has(&there, wanted->v[i]) &&
		    !make_one(w, wanted->v[i], arena, err))
			return false;
	return true;
}
