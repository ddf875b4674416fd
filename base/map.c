/* Open addressing over an array of entries kept in order of insertion. */
#include "base/map.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"

void map_init(struct map *m, struct arena *arena)
{
	*m = (struct map){.arena = arena};
}

/* The slot of key, or the free slot where it belongs. */
static uint32_t *find_slot(const struct map *m, struct str key, uint64_t hash)
{
	size_t i = (size_t)hash & (m->nslots - 1);

	while (m->slots[i]) {
		const struct map_entry *e = &m->entries[m->slots[i] - 1];

		if (e->hash == hash && str_eq(e->key, key))
			break;
		i = (i + 1) & (m->nslots - 1);
	}
	return &m->slots[i];
}

static void grow(struct map *m)
{
	size_t cap = m->cap ? m->cap * 2 : 8;
	struct map_entry *entries = ARENA_NEW(m->arena, struct map_entry, cap);

	assert(cap < UINT32_MAX / 2);
	if (m->n)
		memcpy(entries, m->entries, m->n * sizeof(*entries));
	m->entries = entries;
	m->cap = cap;
	m->nslots = cap * 2;
	m->slots = ARENA_NEW(m->arena, uint32_t, m->nslots);
	for (size_t i = 0; i < m->n; i++)
		*find_slot(m, entries[i].key, entries[i].hash) =
			(uint32_t)i + 1;
}

static struct map_entry *find(const struct map *m, struct str key)
{
	uint32_t slot;

	if (m->n == 0)
		return NULL;
	slot = *find_slot(m, key, str_hash(key));
	return slot ? &m->entries[slot - 1] : NULL;
}

void *map_get(const struct map *m, struct str key)
{
	const struct map_entry *e = find(m, key);

	return e ? e->value : NULL;
}

bool map_has(const struct map *m, struct str key)
{
	return find(m, key) != NULL;
}

static void add(struct map *m, struct str key, void *value)
{
	uint64_t hash = str_hash(key);

	if (m->n == m->cap)
		grow(m);
	m->entries[m->n++] = (struct map_entry){key, value, hash};
	*find_slot(m, key, hash) = (uint32_t)m->n;
}

void *map_put(struct map *m, struct str key, void *value)
{
	struct map_entry *e = find(m, key);
	void *before;

	if (!e) {
		add(m, key, value);
		return NULL;
	}
	before = e->value;
	e->value = value;
	return before;
}

struct str map_intern(struct map *m, struct str key)
{
	struct map_entry *e = find(m, key);

	if (e)
		return e->key;
	key = arena_str(m->arena, key);
	add(m, key, NULL);
	return key;
}
