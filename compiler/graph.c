/* Names of actions and of their options. */
#include "compiler/graph.h"

#include "base/arena.h"

const char *const on_schema_change_names[] = {
	[ON_CHANGE_IGNORE] = "IGNORE",
	[ON_CHANGE_FAIL] = "FAIL",
	[ON_CHANGE_EXTEND] = "EXTEND",
	[ON_CHANGE_SYNCHRONIZE] = "SYNCHRONIZE",
};
const char *const incremental_strategy_names[] = {
	[STRATEGY_UNSPECIFIED] = "INCREMENTAL_STRATEGY_UNSPECIFIED",
	[STRATEGY_MERGE] = "MERGE",
	[STRATEGY_INSERT_OVERWRITE] = "INSERT_OVERWRITE",
};

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

/* A name's parts with dots between them, as if it were one text. */
struct dotted {
	struct str parts[3];
	size_t n;
};

static char char_at(const struct dotted *d, size_t i)
{
	for (size_t k = 0; k < d->n; k++) {
		if (i < d->parts[k].n)
			return d->parts[k].p[i];
		i -= d->parts[k].n;
		if (i-- == 0)
			return k + 1 < d->n ? '.' : '\0';
	}
	return '\0';
}

static bool matches(struct str pattern, const struct dotted *text)
{
	size_t p = 0, t = 0, star = pattern.n, mark = 0;
	char c;

	while ((c = char_at(text, t)) != '\0') {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			mark = t;
		} else if (p < pattern.n && pattern.p[p] == c) {
			p++;
			t++;
		} else if (star < pattern.n) {
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

bool target_matches(const struct target *t, struct str pattern)
{
	const struct dotted name = {{t->name}, 1};
	const struct dotted of_schema = {{t->schema, t->name}, 2};
	const struct dotted whole = {{t->database, t->schema, t->name}, 3};

	if (matches(pattern, &name))
		return true;
	if (str_find(pattern, '.', 0) == pattern.n)
		return false;
	return (t->schema.n && matches(pattern, &of_schema)) ||
	       (t->database.n && matches(pattern, &whole));
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
		[ACTION_TEST] = "test",
		[ACTION_NOTEBOOK] = "notebook",
		[ACTION_DATA_PREPARATION] = "dataPreparation",
		[ACTION_PROPERTY_GRAPH] = "propertyGraph",
	};

	return names[type];
}

const char *action_type_phrase(enum action_type type)
{
	static const char *const phrases[] = {
		[ACTION_TABLE] = "a table",
		[ACTION_VIEW] = "a view",
		[ACTION_INCREMENTAL] = "an incremental table",
		[ACTION_OPERATION] = "an operation",
		[ACTION_ASSERTION] = "an assertion",
		[ACTION_DECLARATION] = "a declaration",
		[ACTION_TEST] = "a test",
		[ACTION_NOTEBOOK] = "a notebook",
		[ACTION_DATA_PREPARATION] = "a data preparation",
		[ACTION_PROPERTY_GRAPH] = "a property graph",
	};

	return phrases[type];
}

bool action_is_runnable(const struct action *a)
{
	return a->type <= ACTION_ASSERTION;
}
