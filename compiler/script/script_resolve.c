/*
 * Which file require(name) means: node's rules, as the official command has
 * them. "./name" is looked for beside the file that asks. Any other name is a
 * package first, in the node_modules beside the file and in those of the
 * folders above it, as far up as the project's root, and then a path from that
 * root. What a package gives away is said in its package.json: "exports" if
 * there is such a key, else "main", else index.js. Nothing outside of the
 * project is found, whether by "..", by an absolute path or by a link.
 */
#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/path.h"
#include "compiler/project/tree.h"
#include "compiler/script/script_int.h"

enum { PATH_BYTES_MAX = 4096 }; /* in a package, as its "exports" say it */

enum found {
	FOUND,
	MISSING,
	FAILED, /* an exception is set */
};

/* What a name may lack at its end, in the order they are tried. */
static const char *const endings[] = {"",      ".js",  ".sql", ".sqlx",
				      ".yaml", ".yml", ".json"};

struct package {
	struct value json; /* undefined if package.json is missing or empty */
};

/* A subpath of a package that "exports" or "imports" is asked for. */
struct subpath {
	struct str folder; /* of the package */
	struct str name;   /* as it was required, for messages */
	struct str star;   /* what "*" of the key stands for */
	bool has_star;
};

static enum found fail(struct script *s, struct str message)
{
	script_throw(s, message);
	return FAILED;
}

/* Unset if it leads out of the project. */
static struct str join(struct script *s, struct str folder, struct str name)
{
	return path_within(s->arena, folder, name);
}

static bool is_relative(struct str name)
{
	return str_starts(name, STR("./")) || str_starts(name, STR("../")) ||
	       str_is(name, ".") || str_is(name, "..");
}

static bool is_file(struct script *s, struct str path)
{
	const struct tree_ops *ops = s->tree->ops;

	return map_get(&s->modules, path) ||
	       (ops->has(s->tree, path.p) && ops->is_inside(s->tree, path.p));
}

static bool try_file(struct script *s, struct str path, struct str *out)
{
	if (!path.n)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		*out = arena_printf(s->arena, "%.*s%s", STR_ARG(path),
				    endings[i]);
		if (is_file(s, *out))
			return true;
	}
	return false;
}

static bool try_index(struct script *s, struct str folder, struct str *out)
{
	return try_file(s, join(s, folder, STR("index")), out);
}

/* The folder's package.json, read once. NULL and an exception if it is none. */
static const struct value *read_package(struct script *s, struct str folder)
{
	struct str path = join(s, folder, STR("package.json")), text;
	struct package *package = map_get(&s->packages, path);
	struct position at;
	struct error err = {0};

	if (package)
		return &package->json;
	package = ARENA_NEW(s->arena, struct package, 1);
	if (is_file(s, path)) {
		if (!s->tree->ops->read(s->tree, path.p, SOURCE_SIZE_MAX,
					s->arena, &text, &err) ||
		    (text.n > 0 &&
		     !json_parse(text, s->arena, &package->json, &at, &err))) {
			fail(s, arena_printf(s->arena, "%.*s: %s",
					     STR_ARG(path), err.text));
			return NULL;
		}
	}
	map_put(&s->packages, path, package);
	return &package->json;
}

static enum found try_folder(struct script *s, struct str folder,
			     struct str *out)
{
	const struct value *package = read_package(s, folder);
	struct str main;

	if (!package)
		return FAILED;
	main = value_get_str(package, "main");
	if (main.p) {
		main = join(s, folder, main);
		if (main.p &&
		    (try_file(s, main, out) || try_index(s, main, out)))
			return FOUND;
	}
	return try_index(s, folder, out) ? FOUND : MISSING;
}

/* name from folder, as a file or a folder. */
static enum found try_path(struct script *s, struct str folder, struct str name,
			   struct str *out)
{
	struct str path = join(s, folder, name);

	if (!path.p)
		return MISSING;
	if (!str_ends(name, STR("/")) && try_file(s, path, out))
		return FOUND;
	return try_folder(s, path, out);
}

/* Whether a part of path behind the first is one that leads elsewhere. */
static bool strays(struct str path)
{
	size_t start = str_find(path, '/', 0) + 1;

	while (start < path.n) {
		size_t end = str_find(path, '/', start);
		struct str part = str_sub(path, start, end);

		if (str_is(part, ".") || str_is(part, "..") ||
		    str_eq_nocase(part, STR("node_modules")))
			return true;
		start = end + 1;
	}
	return false;
}

/* target with the star in it. False if no path is as long. */
static bool put_star(struct buf *path, const struct subpath *sub,
		     struct str target)
{
	for (size_t i = 0; i < target.n && path->n <= PATH_BYTES_MAX; i++) {
		if (target.p[i] == '*' && sub->has_star)
			buf_add_str(path, sub->star);
		else
			buf_addc(path, target.p[i]);
	}
	return path->n <= PATH_BYTES_MAX;
}

static enum found target_file(struct script *s, const struct subpath *sub,
			      struct str target, struct str *out)
{
	struct buf path = {0};
	bool found = str_starts(target, STR("./")) && !strays(target) &&
		     put_star(&path, sub, target);

	if (found) {
		*out = join(s, sub->folder, buf_str(&path));
		found = out->p && is_file(s, *out);
	}
	buf_free(&path);
	return found ? FOUND : MISSING;
}

/* The first condition that is ours decides, as does the first of a list that
 * is a path inside the package. */
static enum found resolve_target(struct script *s, const struct subpath *sub,
				 const struct value *target, struct str *out)
{
	enum found found = MISSING;

	if (target->kind == VALUE_STRING)
		return target_file(s, sub, target->string, out);
	if (target->kind == VALUE_ARRAY)
		for (uint32_t i = 0; i < target->n && found == MISSING; i++)
			found = resolve_target(s, sub, &target->items[i], out);
	if (target->kind == VALUE_OBJECT)
		for (uint32_t i = 0; i < target->n && found == MISSING; i++) {
			const struct member *m = &target->members[i];

			if (str_is(m->key, "default") ||
			    str_is(m->key, "node") || str_is(m->key, "require"))
				found = resolve_target(s, sub, &m->value, out);
		}
	return found;
}

/* Whether key, which holds one "*", stands for name. */
static bool matches(struct str key, struct str name, struct str *star)
{
	size_t at = str_find(key, '*', 0);
	struct str head, tail;

	if (at == key.n || str_find(key, '*', at + 1) < key.n || name.n < key.n)
		return false;
	head = str_sub(key, 0, at);
	tail = str_sub(key, at + 1, key.n);
	if (!str_starts(name, head) || !str_ends(name, tail))
		return false;
	*star = str_sub(name, head.n, name.n - tail.n);
	return true;
}

/* The member for name: its own, or that of the longest pattern. */
static const struct value *find_subpath(const struct value *map,
					struct str name, struct subpath *sub)
{
	const struct value *found = value_find(map, name);
	size_t best = 0;
	struct str star;

	if (found)
		return found;
	for (uint32_t i = 0; i < map->n; i++) {
		struct str key = map->members[i].key;
		size_t head = str_find(key, '*', 0) + 1;

		if (head <= best || !matches(key, name, &star))
			continue;
		best = head;
		found = &map->members[i].value;
		sub->star = star;
		sub->has_star = true;
	}
	return found;
}

static bool has_subpaths(const struct value *exports)
{
	return exports->kind == VALUE_OBJECT && exports->n > 0 &&
	       str_starts(exports->members[0].key, STR("."));
}

/* rest is what is behind the package's name: "" or "/...". */
static enum found try_exports(struct script *s, struct subpath *sub,
			      const struct value *exports, struct str rest,
			      struct str *out)
{
	const struct value *target = exports;

	if (has_subpaths(exports))
		target = find_subpath(
			exports, arena_printf(s->arena, ".%.*s", STR_ARG(rest)),
			sub);
	else if (rest.n)
		target = NULL;
	if (target && resolve_target(s, sub, target, out) == FOUND)
		return FOUND;
	return fail(s, arena_printf(s->arena,
				    "Cannot find module '%.*s': \"exports\" of "
				    "%.*s%spackage.json does not give it",
				    STR_ARG(sub->name), STR_ARG(sub->folder),
				    sub->folder.n ? "/" : ""));
}

/* The package's part of "package/x" or "@scope/package/x". */
static struct str package_name(struct str name)
{
	size_t end = str_find(name, '/', 0);

	if (str_starts(name, STR("@")) && end < name.n)
		end = str_find(name, '/', end + 1);
	return str_sub(name, 0, end);
}

/* name in folder, a node_modules. */
static enum found try_package(struct script *s, struct str folder,
			      struct str name, struct str *out)
{
	struct str first = package_name(name);
	struct subpath sub = {.name = name};
	const struct value *package, *exports;

	sub.folder = join(s, folder, first);
	if (!sub.folder.p)
		return MISSING;
	package = read_package(s, sub.folder);
	if (!package)
		return FAILED;
	exports = value_get(package, "exports");
	if (value_is_truthy(exports))
		return try_exports(s, &sub, exports,
				   str_sub(name, first.n, name.n), out);
	return try_path(s, folder, name, out);
}

static enum found try_packages(struct script *s, struct str folder,
			       struct str name, struct str *out)
{
	enum found found = MISSING;

	for (;;) {
		if (!str_is(path_base(folder), "node_modules"))
			found = try_package(
				s, join(s, folder, STR("node_modules")), name,
				out);
		if (found != MISSING || !folder.n)
			return found;
		folder = path_folder(folder);
	}
}

/* A package that names itself, and "#name" of its "imports". */
static enum found try_own_package(struct script *s, struct str folder,
				  struct str name, struct str *out)
{
	struct subpath sub = {.name = name};
	const struct value *package, *map, *target;
	struct str own;

	do {
		folder = path_folder(folder);
		if (str_is(path_base(folder), "node_modules"))
			return MISSING;
		package = read_package(s, folder);
		if (!package)
			return FAILED;
	} while (folder.n && package->kind != VALUE_OBJECT);
	sub.folder = folder;
	own = value_get_str(package, "name");
	map = value_get(package, "exports");
	if (value_is_truthy(map) && own.n && str_eq(package_name(name), own))
		return try_exports(s, &sub, map, str_sub(name, own.n, name.n),
				   out);
	map = value_get(package, "imports");
	if (!str_starts(name, STR("#")) || !map || map->kind != VALUE_OBJECT)
		return MISSING;
	target = find_subpath(map, name, &sub);
	return target ? resolve_target(s, &sub, target, out) : MISSING;
}

static bool is_of_node(struct str name)
{
	static const char *const names[] = {
		"assert", "buffer",  "child_process", "crypto", "events",
		"fs",     "http",    "https",         "module", "net",
		"os",     "process", "stream",        "url",    "util",
		"vm",     "zlib",
	};

	if (str_starts(name, STR("node:")))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is(package_name(name), names[i]))
			return true;
	return false;
}

static enum found fail_missing(struct script *s, struct str name)
{
	const char *advice = "there is no such file in the project";

	if (is_of_node(name))
		advice = "of node's own modules there is only \"path\"";
	else if (!is_relative(name) && !str_starts(name, STR("/")))
		advice = "it is neither a file of the project nor a package in "
			 "node_modules";
	return fail(s, arena_printf(s->arena, "Cannot find module '%.*s': %s",
				    STR_ARG(name), advice));
}

static enum found fail_outside(struct script *s, struct str name)
{
	return fail(s, arena_printf(s->arena,
				    "Cannot find module '%.*s': it lies "
				    "outside the project",
				    STR_ARG(name)));
}

/* "./name", or an absolute path. */
static enum found try_place(struct script *s, struct str folder,
			    struct str name, struct str *out)
{
	struct str path = name;

	if (str_starts(name, STR("/"))) {
		if (!str_starts(name, s->root) || name.n <= s->root.n ||
		    name.p[s->root.n] != '/')
			return fail_outside(s, name);
		folder = STR("");
		path = str_sub(name, s->root.n, name.n);
	}
	if (!join(s, folder, path).p)
		return fail_outside(s, name);
	return try_path(s, folder, path, out);
}

bool script_resolve(struct script *s, struct str folder, struct str name,
		    struct str *out)
{
	enum found found;

	/* A broken one of the project's own is an error wherever it counts. */
	if (!read_package(s, (struct str){0}))
		return false;
	if (is_relative(name) || str_starts(name, STR("/"))) {
		found = try_place(s, folder, name, out);
	} else {
		found = try_own_package(s, folder, name, out);
		if (found == MISSING && name.n)
			found = try_packages(s, folder, name, out);
		if (found == MISSING)
			found = try_path(s, STR(""), name, out);
	}
	if (found == MISSING)
		found = fail_missing(s, name);
	return found == FOUND;
}
