/*
 * Two maps to linked lists: by name, and by schema and name. A database that
 * was written is compared along the list: two actions seldom differ in it
 * alone.
 */
#include "compiler/actions/names.h"

#include "base/arena.h"
#include "compiler/graph.h"

struct name_list {
	struct name_entry *first, *last;
};

enum { KEY_ON_STACK = 256 };

/* Of by_schema: schema, NUL, name; on the stack if it is short. */
struct key {
	char room[KEY_ON_STACK];
	struct buf heap;
	struct str text;
};

static void key_make(struct key *k, const struct target *t)
{
	size_t n = t->schema.n + 1 + t->name.n;
	char *p = k->room;

	k->heap = (struct buf){0};
	if (n > sizeof(k->room))
		p = buf_room(&k->heap, n);
	if (t->schema.n)
		memcpy(p, t->schema.p, t->schema.n);
	p[t->schema.n] = '\0';
	if (t->name.n)
		memcpy(p + t->schema.n + 1, t->name.p, t->name.n);
	k->text = (struct str){p, n};
}

void names_init(struct names *names, struct arena *arena)
{
	names->arena = arena;
	map_init(&names->by_name, arena);
	map_init(&names->by_schema, arena);
}

static struct name_list *list_at(struct map *map, struct str key, bool copy)
{
	struct name_list *list = map_get(map, key);

	if (list)
		return list;
	list = ARENA_NEW(map->arena, struct name_list, 1);
	map_put(map, copy ? arena_str(map->arena, key) : key, list);
	return list;
}

void names_add(struct names *names, const struct target *target,
	       struct draft *draft)
{
	struct name_entry *e = ARENA_NEW(names->arena, struct name_entry, 1);
	struct name_list *list;
	struct key key;

	e->target = target;
	e->draft = draft;
	list = list_at(&names->by_name, target->name, false);
	if (list->last)
		list->last->next_name = e;
	else
		list->first = e;
	list->last = e;
	if (!target->schema.n)
		return;
	key_make(&key, target);
	list = list_at(&names->by_schema, key.text, true);
	buf_free(&key.heap);
	if (list->last)
		list->last->next_schema = e;
	else
		list->first = e;
	list->last = e;
}

static const struct name_entry *skip(const struct name_entry *e,
				     const struct target *wanted)
{
	while (e && wanted->database.n &&
	       !str_eq(e->target->database, wanted->database))
		e = wanted->schema.n ? e->next_schema : e->next_name;
	return e;
}

const struct name_entry *names_first(const struct names *names,
				     const struct target *wanted)
{
	const struct name_list *list;
	struct key key;

	if (!wanted->schema.n) {
		list = map_get(&names->by_name, wanted->name);
		return list ? skip(list->first, wanted) : NULL;
	}
	key_make(&key, wanted);
	list = map_get(&names->by_schema, key.text);
	buf_free(&key.heap);
	return list ? skip(list->first, wanted) : NULL;
}

const struct name_entry *names_next(const struct name_entry *entry,
				    const struct target *wanted)
{
	return skip(wanted->schema.n ? entry->next_schema : entry->next_name,
		    wanted);
}
