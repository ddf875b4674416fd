/* Names of actions. */
#include "compiler/graph.h"

#include "base/arena.h"
#include "base/buf.h"

bool target_eq(const struct target *a, const struct target *b)
{
	return str_eq(a->name, b->name) && str_eq(a->schema, b->schema) &&
	       str_eq(a->database, b->database);
}

static struct str join(struct arena *arena, struct str a, struct str b)
{
	if (!a.n)
		return b;
	return arena_printf(arena, "%.*s.%.*s", STR_ARG(a), STR_ARG(b));
}

struct str target_short(struct arena *arena, const struct target *t)
{
	return join(arena, t->schema, t->name);
}

struct str target_text(struct arena *arena, const struct target *t)
{
	return join(arena, t->database, target_short(arena, t));
}

const char *action_type_name(enum action_type type)
{
	static const char *const names[] = {
		[ACTION_TABLE] = "table",
		[ACTION_VIEW] = "view",
		[ACTION_INCREMENTAL] = "incremental",
		[ACTION_OPERATION] = "operation",
		[ACTION_ASSERTION] = "assertion",
		[ACTION_DECLARATION] = "declaration",
	};

	return names[type];
}

static struct str hide_one(struct arena *arena, struct str text,
			   struct str secret, struct str name)
{
	struct buf b = {0};
	struct str out = text;
	size_t i = 0;

	if (secret.n == 0 || !str_has(text, secret))
		return out;
	while (i < text.n) {
		if (str_starts(str_sub(text, i, text.n), secret)) {
			buf_printf(&b, "${env:%.*s}", STR_ARG(name));
			i += secret.n;
		} else {
			buf_addc(&b, text.p[i++]);
		}
	}
	out = buf_move(&b, arena);
	buf_free(&b);
	return out;
}

struct str profile_hide(struct arena *arena, const struct profile *p,
			struct str text)
{
	for (size_t i = 0; i < p->secrets.n; i++)
		text = hide_one(arena, text, p->secrets.v[i],
				p->secret_names.v[i]);
	return text;
}
