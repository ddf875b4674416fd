/*
 * Loads libduckdb.so. WEIR_DUCKDB_LIBRARY names it, and then no other is
 * tried; else it lies where the build or the installation put it, counted
 * from our own executable; else the system's loader may know one.
 */
#include "runtime/warehouse/warehouse_duckdb.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "runtime/warehouse/warehouse.h"

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
#define SYMBOL(name) {"duckdb_" #name, offsetof(struct duckdb_library, name)},
#include "runtime/warehouse/warehouse_duckdb_symbols.def"
#undef SYMBOL
};

/* The folder of the running program; "." if the system does not tell. */
static const char *own_folder(struct arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	if (n <= 0 || (size_t)n == sizeof(path))
		return ".";
	return arena_cstr(a, path_folder((struct str){path, (size_t)n}));
}

static const char *library_path(struct arena *a)
{
	const char *folder = own_folder(a);
	const char *named = getenv("WEIR_DUCKDB_LIBRARY");
	const char *built = path_join(a, folder, ".deps/duckdb/libduckdb.so");
	const char *installed =
		path_join(a, folder, "../lib/weir/libduckdb.so");

	if (named && named[0])
		return named;
	if (file_exists(built))
		return built;
	if (file_exists(installed))
		return installed;
	return "libduckdb.so";
}

static bool find_symbols(void *handle, const char *path,
			 struct duckdb_library *out, struct error *err)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *p = dlsym(handle, symbols[i].name);

		if (!p) {
			error_set(err, ERROR_CONNECT,
				  "%s is no DuckDB library that weir can use: "
				  "it has no %s",
				  path, symbols[i].name);
			return error_hint(err, "weir needs DuckDB 1.4 or 1.5");
		}
		memcpy((char *)out + symbols[i].offset, &p, sizeof(p));
	}
	return true;
}

/* The loader keeps what it has loaded, and is quick the second time. */
void warehouse_get_duckdb_ready(void)
{
	struct arena *a = arena_new();

	(void)dlopen(library_path(a), RTLD_LAZY | RTLD_LOCAL);
	arena_free(a);
}

bool duckdb_library_load(struct duckdb_library *out, struct error *err)
{
	struct arena *a = arena_new();
	const char *path = library_path(a);
	void *handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	bool ok = handle && find_symbols(handle, path, out, err);

	if (!handle) {
		error_set(err, ERROR_CONNECT,
			  "DuckDB's library cannot be loaded: %s", dlerror());
		error_hint(err, "install it with scripts/deps.sh in weir's "
				"source folder, or name a libduckdb.so by the "
				"variable WEIR_DUCKDB_LIBRARY");
	}
	arena_free(a);
	return ok;
}
