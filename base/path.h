/* Paths as text, '/' between names. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/str.h"

struct arena;

/* dir + "/" + name in arena, NUL-terminated. */
const char *path_join(struct arena *arena, const char *dir, const char *name);
/* "a/b/c.sqlx" -> "c.sqlx"; "a/b" for the folder, "" if there is none. */
struct str path_base(struct str path);
struct str path_folder(struct str path);
/* "c.d.sqlx" -> "sqlx", "" if there is no dot; and "c.d". */
struct str path_extension(struct str path);
struct str path_stem(struct str path);
/* The path of name, which may have "." and ".." in it, as seen from folder,
 * which has none; NUL-terminated in arena. Unset if it leads out of the root,
 * or holds a NUL: the system would see only what is before that. */
struct str path_within(struct arena *arena, struct str folder, struct str name);
/* The same as seen from the folder that file lies in. */
struct str path_beside(struct arena *arena, struct str file, struct str name);

/* Whether all of path is what pattern says: "*" is any text and "?" any byte
 * of one name, a name "**" is any folders. */
bool path_matches(struct str path, struct str pattern);

#endif
