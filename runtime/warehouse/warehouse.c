/* Opens the warehouse that a profile names. */
#define _XOPEN_SOURCE 700 /* realpath() */

#include "runtime/warehouse/warehouse.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/path.h"
#include "compiler/graph.h"

const char *warehouse_file(const struct profile *profile, const char *root,
			   struct arena *arena)
{
	const char *path = arena_cstr(arena, profile->path);

	if (profile->dialect->kind != WAREHOUSE_DUCKDB ||
	    strcmp(path, ":memory:") == 0)
		return NULL;
	return path[0] == '/' ? path : path_join(arena, root, path);
}

static struct str links_followed(struct arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	struct str s = arena_str(arena, str_of(real ? real : path));

	free(real);
	return s;
}

/* A project that is moved takes the file along that lies in it. */
struct str warehouse_identity(struct warehouse *w, const char *root,
			      struct arena *arena)
{
	const char *path;
	struct str identity, folder;

	if (w->profile->dialect->kind != WAREHOUSE_DUCKDB)
		return w->ops->server ? w->ops->server(w, arena)
				      : (struct str){0};
	path = warehouse_file(w->profile, root, arena);
	if (!path)
		return STR(":memory:");
	identity = links_followed(arena, path);
	folder = arena_printf(arena, "%.*s/",
			      STR_ARG(links_followed(arena, root)));
	if (str_starts(identity, folder))
		return str_sub(identity, folder.n, identity.n);
	return identity;
}

void warehouse_get_ready(const struct profile *profile)
{
	if (profile->dialect->kind == WAREHOUSE_DUCKDB)
		warehouse_get_duckdb_ready();
}

static bool open_driver(const struct profile *profile, const char *root,
			struct warehouse *sibling,
			const atomic_int *interrupted, struct warehouse **out,
			struct error *err)
{
	switch (profile->dialect->kind) {
	case WAREHOUSE_DUCKDB:
		return warehouse_open_duckdb(profile, root, sibling, out, err);
	case WAREHOUSE_POSTGRES:
		return warehouse_open_postgres(profile, interrupted, out, err);
	case WAREHOUSE_BIGQUERY:
		break;
	}
	error_set(err, ERROR_USAGE, "weir compiles for %s but cannot run on it",
		  profile->dialect->name);
	return error_hint(err,
			  "add a duckdb or postgres target to weir.yaml and "
			  "choose it with --target");
}

bool warehouse_open(const struct profile *profile, const char *root,
		    struct warehouse *sibling, const atomic_int *interrupted,
		    struct warehouse **out, struct error *err)
{
	if (open_driver(profile, root, sibling, interrupted, out, err))
		return true;
	secrets_hide_error(&profile->secrets, err);
	return false;
}

bool relation_ask(struct warehouse *w, struct str sql,
		  enum relation_kind (*kind_of)(struct str name),
		  struct arena *arena, struct relation *out, struct error *err)
{
	struct rows rows;
	size_t n = 0;

	if (!w->ops->query(w, sql, UINT32_MAX, arena, &rows, err))
		return false;
	out->kind = rows.nrows ? kind_of(rows.values[0]) : RELATION_NONE;
	out->columns.v = ARENA_NEW(arena, struct str, rows.nrows);
	out->types.v = ARENA_NEW(arena, struct str, rows.nrows);
	for (uint32_t r = 0; r < rows.nrows; r++) {
		const struct str *row = rows.values + (size_t)r * 3;

		if (!row[1].p)
			continue;
		out->columns.v[n] = row[1];
		out->types.v[n++] = row[2];
	}
	out->columns.n = out->types.n = n;
	return true;
}

bool warehouse_version(struct warehouse *w, struct arena *arena,
		       struct str *out, struct error *err)
{
	bool duckdb = w->profile->dialect->kind == WAREHOUSE_DUCKDB;
	struct rows rows;

	if (!w->ops->query(w,
			   duckdb ? STR("SELECT ltrim(version(), 'v')")
				  : STR("SHOW server_version"),
			   1, arena, &rows, err)) {
		secrets_hide_error(&w->profile->secrets, err);
		return false;
	}
	*out = arena_printf(arena, "%s %.*s", duckdb ? "DuckDB" : "PostgreSQL",
			    STR_ARG(rows.values[0]));
	return true;
}
