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

struct str path_beside(struct arena *arena, struct str file, struct str name)
{
	struct str folder = path_folder(file);
	struct str all = folder.n ? arena_printf(arena, "%.*s/%.*s",
						 STR_ARG(folder), STR_ARG(name))
				  : name;
	char *out = arena_text(arena, all.n + 1);
	size_t n = 0;

	if (str_find(name, '\0', 0) < name.n)
		return (struct str){0};
	for (size_t start = 0, end; start < all.n; start = end + 1) {
		struct str part;

		end = str_find(all, '/', start);
		part = str_sub(all, start, end);
		if (part.n == 0 || str_is(part, "."))
			continue;
		if (!str_is(part, "..")) {
			if (n)
				out[n++] = '/';
			memcpy(out + n, part.p, part.n);
			n += part.n;
			continue;
		}
		if (n == 0)
			return (struct str){0};
		while (n > 0 && out[--n] != '/')
			;
	}
	return arena_str(arena, (struct str){out, n});
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
