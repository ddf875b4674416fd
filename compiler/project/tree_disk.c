/* A project in a folder of the disk. */
#define _XOPEN_SOURCE 700 /* realpath() */

#include <stdlib.h>

#include "base/arena.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/project/tree.h"

struct disk {
	struct tree tree;
	const char *root, *real_root;
	bool has_no_links; /* where it was walked */
};

static bool is_npm_folder(struct str name)
{
	return str_is(name, "node_modules");
}

static bool disk_list(struct tree *t, struct arena *arena,
		      struct file_list *out, struct error *err)
{
	struct disk *d = (struct disk *)t;

	d->has_no_links = false;
	if (!file_walk(d->root, is_npm_folder, arena, out, err))
		return false;
	d->has_no_links = !out->has_links;
	return true;
}

/* Whether path is among what file_walk() looks at. */
static bool is_walked(struct str path)
{
	bool at_start = true;

	if (is_npm_folder(str_sub(path, 0, str_find(path, '/', 0))))
		return false;
	for (size_t i = 0; i < path.n; i++) {
		if (at_start && path.p[i] == '.')
			return false;
		at_start = path.p[i] == '/';
	}
	return true;
}

static bool disk_read(struct tree *t, const char *path, size_t max,
		      struct arena *arena, struct str *out, struct error *err)
{
	struct disk *d = (struct disk *)t;
	const char *full = path_join(arena, d->root, path);

	/* Asking where a file really lies takes as long as reading it. */
	if (d->has_no_links && is_walked(str_of(path)))
		return file_read(full, max, arena, out, err);
	return file_read_inside(full, d->real_root, max, arena, out, err);
}

static bool disk_has(struct tree *t, const char *path)
{
	struct disk *d = (struct disk *)t;
	struct arena *a = arena_new();
	bool has = file_is_regular(path_join(a, d->root, path));

	arena_free(a);
	return has;
}

static bool disk_is_inside(struct tree *t, const char *path)
{
	struct disk *d = (struct disk *)t;
	struct arena *a = arena_new();
	bool inside = file_is_inside(path_join(a, d->root, path), d->real_root);

	arena_free(a);
	return inside;
}

static const char *disk_root(struct tree *t)
{
	struct disk *d = (struct disk *)t;

	return d->root;
}

static const char *disk_real_root(struct tree *t)
{
	struct disk *d = (struct disk *)t;

	return d->real_root;
}

static const struct tree_ops disk_ops = {
	.list = disk_list,
	.read = disk_read,
	.has = disk_has,
	.is_inside = disk_is_inside,
	.root = disk_root,
	.real_root = disk_real_root,
};

struct tree *tree_disk(struct arena *arena, const char *root)
{
	struct disk *d = ARENA_NEW(arena, struct disk, 1);
	char *real = realpath(root, NULL);

	d->tree.ops = &disk_ops;
	d->root = root;
	d->real_root = real ? arena_cstr(arena, str_of(real)) : root;
	free(real);
	return &d->tree;
}
