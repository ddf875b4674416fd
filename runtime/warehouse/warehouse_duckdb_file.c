/*
 * A file that DuckDB has begun to make and did not finish, because the process
 * was killed, is no database, and nobody could open it again. So it is made
 * beside, under a name of its own, and gets the right one when it is whole.
 * What a killed process left there is used or made again.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "runtime/warehouse/warehouse_duckdb.h"

/* "... Conflicting lock is held in /usr/bin/duckdb (PID 19509). See ..." */
static bool set_locked(const char *path, struct str message, struct error *err)
{
	static const char mark[] = "lock is held in ";
	const char *holder = strstr(message.p, mark);
	const char *end = holder ? strstr(holder, ")") : NULL;

	if (!str_has(message, STR("Could not set lock on file")))
		return false;
	if (end) {
		holder += sizeof(mark) - 1;
		error_set(err, ERROR_LOCKED,
			  "the database %s is in use by %.*s", path,
			  (int)(end + 1 - holder), holder);
	} else {
		error_set(err, ERROR_LOCKED,
			  "the database %s is in use by another program", path);
	}
	error_hint(err, "DuckDB lets one program at a time hold a file: close "
			"that one, or give this target another path");
	return true;
}

static bool open_database(const struct duckdb_library *lib, const char *path,
			  duckdb_database *out, struct error *err)
{
	char *message = NULL;
	struct str text;

	if (lib->open_ext(path, out, NULL, &message) == DuckDBSuccess)
		return true;
	text = str_of(message ? message : "unknown error");
	if (!set_locked(path, text, err))
		error_set(err, ERROR_CONNECT, "cannot open the database %s: %s",
			  path, text.p);
	lib->free(message);
	return false;
}

/* Another process may have made it meanwhile: then ours goes. Not every file
 * system has links. */
static bool make_database(const struct duckdb_library *lib, const char *path,
			  struct arena *arena, struct error *err)
{
	const char *beside = arena_printf(arena, "%s.weir-new", path).p;
	duckdb_database made;

	if (!open_database(lib, beside, &made, err)) {
		if (err->kind == ERROR_LOCKED || remove(beside) != 0)
			return false;
		*err = (struct error){0};
		if (!open_database(lib, beside, &made, err))
			return false;
	}
	lib->close(&made);
	if (link(beside, path) != 0 && !file_exists(path) &&
	    rename(beside, path) != 0)
		return error_errno(err, "cannot make the database %s", path);
	remove(beside);
	return true;
}

bool duckdb_file_open(const struct duckdb_library *lib, const char *path,
		      struct arena *arena, duckdb_database *out,
		      struct error *err)
{
	struct str folder;

	if (!path)
		return open_database(lib, ":memory:", out, err);
	folder = path_folder(str_of(path));
	if (folder.n && !file_make_folder(arena_cstr(arena, folder), err))
		return false;
	return (file_exists(path) || make_database(lib, path, arena, err)) &&
	       open_database(lib, path, out, err);
}
