/*
 * The files of a project, wherever they are: on the disk, and later in git.
 * Nothing else in the compiler opens files.
 */
#ifndef COMPILER_TREE_H
#define COMPILER_TREE_H

#include "base/error.h"
#include "base/file.h"
#include "compiler/project/source.h"

struct arena;

struct tree {
	const struct tree_ops *ops;
};

struct tree_ops {
	/* All files and folders but dot files and a top-level node_modules,
	 * sorted as Dataform sorts paths. Asked once. */
	bool (*list)(struct tree *t, struct arena *arena, struct file_list *out,
		     struct error *err);
	/* One file, whole. ERROR_IO if it is missing, no file or unreadable,
	 * ERROR_TOO_LARGE if it is larger than max. */
	bool (*read)(struct tree *t, const char *path, size_t max,
		     struct arena *arena, struct str *out, struct error *err);
	/* Whether it is there as a regular file. */
	bool (*has)(struct tree *t, const char *path);
	/* Whether a file that is there lies in the root, links followed. */
	bool (*is_inside)(struct tree *t, const char *path);
	/* The root as the user knows it, for messages. */
	const char *(*root)(struct tree *t);
	/* The root as JavaScript sees it: absolute, without links. */
	const char *(*real_root)(struct tree *t);
};

/* A folder on the disk. root must outlive it. */
struct tree *tree_disk(struct arena *arena, const char *root);

#endif
