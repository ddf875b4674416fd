/* Paths as text: nothing here looks at the disk. */
#include "base/path.h"

#include "base/arena.h"
#include "base/buf.h"

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

/* Takes the last name off a path. False if there is none. */
static bool go_up(struct buf *path)
{
	size_t slash = str_rfind(buf_str(path), '/');

	if (path->n == 0)
		return false;
	path->n = slash < path->n ? slash : 0;
	path->p[path->n] = '\0';
	return true;
}

static bool walk(struct buf *path, struct str name)
{
	for (size_t start = 0, end; start < name.n; start = end + 1) {
		struct str part;

		end = str_find(name, '/', start);
		part = str_sub(name, start, end);
		if (part.n == 0 || str_is(part, "."))
			continue;
		if (str_is(part, "..")) {
			if (!go_up(path))
				return false;
			continue;
		}
		if (path->n)
			buf_addc(path, '/');
		buf_add_str(path, part);
	}
	return true;
}

struct str path_within(struct arena *arena, struct str folder, struct str name)
{
	struct buf path = {0};
	struct str out = {0};

	if (str_find(name, '\0', 0) < name.n)
		return out;
	buf_add_str(&path, folder);
	if (walk(&path, name))
		out = path.n ? buf_move(&path, arena) : STR("");
	buf_free(&path);
	return out;
}

struct str path_beside(struct arena *arena, struct str file, struct str name)
{
	return path_within(arena, path_folder(file), name);
}

/* "*" takes as little as it can; if that does not do, the last one more. */
static bool name_matches(struct str name, struct str pattern)
{
	size_t i = 0, p = 0, star = pattern.n, resume = 0;

	while (i < name.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			resume = i;
		} else if (p < pattern.n &&
			   (pattern.p[p] == '?' || pattern.p[p] == name.p[i])) {
			i++;
			p++;
		} else if (star < pattern.n) {
			p = star + 1;
			i = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

/* Cuts the first name off path, which is unset behind its last. */
static struct str take_name(struct str *path)
{
	size_t end = str_find(*path, '/', 0);
	struct str name = str_sub(*path, 0, end);

	*path = end < path->n ? str_sub(*path, end + 1, path->n)
			      : (struct str){0};
	return name;
}

/* The same as with bytes, where "**" is what "*" is there. */
bool path_matches(struct str path, struct str pattern)
{
	struct str after_stars = {0}, resume = {0};

	while (path.p) {
		struct str rest = path, next = pattern;
		struct str name = take_name(&rest);
		struct str wanted = next.p ? take_name(&next) : (struct str){0};

		if (wanted.p && str_is(wanted, "**")) {
			after_stars = pattern = next;
			resume = path;
			if (!next.p)
				return true;
		} else if (wanted.p && name_matches(name, wanted)) {
			path = rest;
			pattern = next;
		} else if (after_stars.p) {
			take_name(&resume);
			path = resume;
			pattern = after_stars;
		} else {
			return false;
		}
	}
	return !pattern.p;
}
