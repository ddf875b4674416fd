/*
 * ${env:NAME} in the strings of a target. Nothing else is replaced, there is no
 * way to escape it, and what comes out is not looked at again.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/secrets.h"
#include "compiler/project/weirfile_int.h"

static const struct str opening = {"${env:", 6};

/* Offset of the next "${"; s.n if there is none. */
static size_t find_dollar(struct str s, size_t from)
{
	for (size_t i = from; i + 1 < s.n; i++)
		if (s.p[i] == '$' && s.p[i + 1] == '{')
			return i;
	return s.n;
}

static bool is_name_char(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* The name of the ${env:NAME} at offset at; empty if it is none. */
static struct str name_at(struct str s, size_t at)
{
	size_t start = at + opening.n, end = start;

	if (!str_starts(str_sub(s, at, s.n), opening))
		return STR("");
	while (end < s.n && is_name_char(s.p[end]))
		end++;
	if (end == s.n || s.p[end] != '}')
		return STR("");
	return str_sub(s, start, end);
}

bool env_is_valid(struct str s)
{
	size_t i = 0;

	while ((i = find_dollar(s, i)) < s.n) {
		if (name_at(s, i).n == 0)
			return false;
		i++;
	}
	return true;
}

bool env_is_used(struct str s)
{
	return find_dollar(s, 0) < s.n;
}

static struct str fill(struct environment *env, struct str s)
{
	struct buf b = {0};
	struct str out;
	size_t from = 0, at;

	while ((at = find_dollar(s, from)) < s.n) {
		struct str name = name_at(s, at);
		const char *value = getenv(arena_cstr(env->arena, name));

		buf_add_str(&b, str_sub(s, from, at));
		from = at + opening.n + name.n + 1;
		if (!value) {
			if (!env->missing.p)
				env->missing = name;
			continue;
		}
		buf_adds(&b, value);
		if (env->secrets)
			secrets_add(env->arena, env->secrets,
				    arena_str(env->arena, str_of(value)),
				    str_sub(s, at, from));
	}
	buf_add_str(&b, str_sub(s, from, s.n));
	out = buf_move(&b, env->arena);
	buf_free(&b);
	return out;
}

struct value env_fill(struct environment *env, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_STRING && env_is_used(v->string))
		out.string = fill(env, v->string);
	if (v->kind == VALUE_ARRAY && v->n) {
		out.items = ARENA_NEW(env->arena, struct value, v->n);
		for (uint32_t i = 0; i < v->n; i++)
			out.items[i] = env_fill(env, &v->items[i]);
	}
	if (v->kind == VALUE_OBJECT && v->n) {
		out.members = ARENA_NEW(env->arena, struct member, v->n);
		for (uint32_t i = 0; i < v->n; i++) {
			out.members[i] = v->members[i];
			out.members[i].value =
				env_fill(env, &v->members[i].value);
		}
	}
	return out;
}
