/* Files and folders. Paths are as the caller gives them; names are bytes. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct arena;

/* Reads a whole regular file of at most max bytes into arena, NUL-terminated
 * behind the view. ERROR_IO or ERROR_TOO_LARGE says what is wrong with it. */
MUST_CHECK bool file_read(const char *path, size_t max, struct arena *arena,
			  struct str *out, struct error *err);

/* The same for a file that must lie in the folder root, a path without links,
 * wherever links on the way to it lead. */
MUST_CHECK bool file_read_inside(const char *path, const char *root, size_t max,
				 struct arena *arena, struct str *out,
				 struct error *err);
/* Whether what is at path lies in root, a path without links. */
bool file_is_inside(const char *path, const char *root);

/* Replaces path in one step: readers see the old content or the new. The
 * file's mode stays. */
MUST_CHECK bool file_write(const char *path, struct str content,
			   struct error *err);
/* The same if path still holds old, or content already, and the user may write
 * into that very file; else an error, so that what somebody protected or saved
 * meanwhile stays. Only in the moment between that look and the write can it be
 * lost. */
MUST_CHECK bool file_write_over(const char *path, struct str old,
				struct str content, struct error *err);
/* As file_write(), and only the user can read it: its mode becomes 0600. */
MUST_CHECK bool file_write_secret(const char *path, struct str content,
				  struct error *err);

enum file_kind {
	FILE_REGULAR,
	FILE_FOLDER,
	FILE_BROKEN_LINK, /* leads nowhere */
	FILE_OTHER
};

struct file_entry {
	struct str path; /* relative to the walked folder, '/' between names */
	enum file_kind kind;
	bool is_outside; /* a link that leads out of the walked folder */
	uint64_t size;
};

struct file_list {
	struct file_entry *v;
	size_t n, cap;
	bool has_links;
};

/* Everything below root but names that start with a dot and, at the top,
 * folders for which skip returns true (skip may be NULL), sorted as
 * JavaScript sorts paths. Symbolic links are followed; a folder that contains
 * itself is entered once, and one that lies outside of root is not.
 * ERROR_TOO_LARGE beyond WALK_ENTRIES_MAX. */
MUST_CHECK bool file_walk(const char *root, bool (*skip)(struct str name),
			  struct arena *arena, struct file_list *out,
			  struct error *err);

/* Makes the folder and its parents; fine if it is there. */
MUST_CHECK bool file_make_folder(const char *path, struct error *err);
bool file_exists(const char *path);
bool file_is_folder(const char *path);
bool file_is_regular(const char *path);

#endif
