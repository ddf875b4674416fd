/*
 * What an action builds is in its transaction, so a run that is killed leaves
 * nothing in a warehouse. But DuckDB puts what does not fit into memory into
 * files, in a folder beside the database, and a killed process never removes
 * them, nor does the next: they may fill a disk in time. Whoever has opened the
 * database is alone with it, so those that are there then have no owner. Only
 * files that have DuckDB's names are removed, and the folder if it is empty.
 */
#include "runtime/state/leftovers.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/warehouse/warehouse.h"

static bool is_spilled(int folder, const char *name)
{
	struct str s = str_of(name);
	struct stat st;

	return ((str_starts(s, STR("duckdb_temp_storage_")) &&
		 str_ends(s, STR(".tmp"))) ||
		(str_starts(s, STR("duckdb_temp_block-")) &&
		 str_ends(s, STR(".block")))) &&
	       fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode);
}

void leftovers_sweep(const struct graph *g, struct arena *arena)
{
	const char *path = warehouse_file(g->profile, g->root, arena);
	struct dirent *e;
	DIR *folder;

	if (!path)
		return;
	path = arena_printf(arena, "%s.tmp", path).p;
	folder = opendir(path);
	if (!folder)
		return;
	while ((e = readdir(folder)) != NULL)
		if (is_spilled(dirfd(folder), e->d_name))
			unlinkat(dirfd(folder), e->d_name, 0);
	closedir(folder);
	rmdir(path);
}
