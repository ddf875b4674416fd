/* Paths as text: nothing here looks at the disk. */
#include "base/path.h"

#include "base/arena.h"

const char *path_join(struct arena *arena, const char *dir, const char *name)
{
	size_t n = strlen(dir);

	if (n == 0 || dir[n - 1] == '/')
		return arena_printf(arena, "%s%s", dir, name).p;
	return arena_printf(arena, "%s/%s", dir, name).p;
}

struct str path_base(struct str path)
{
	size_t slash = str_rfind(path, '/');

	return slash == path.n ? path : str_sub(path, slash + 1, path.n);
}

struct str path_folder(struct str path)
{
	size_t slash = str_rfind(path, '/');

	return slash == path.n ? STR("") : str_sub(path, 0, slash);
}

struct str path_extension(struct str path)
{
	struct str base = path_base(path);
	size_t dot = str_rfind(base, '.');

	return dot == base.n ? STR("") : str_sub(base, dot + 1, base.n);
}

struct str path_stem(struct str path)
{
	struct str base = path_base(path);
	size_t dot = str_rfind(base, '.');

	return str_sub(base, 0, dot);
}
