/* Names of actions. */
#include "compiler/graph.h"

#include "base/arena.h"

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
