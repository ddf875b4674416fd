/*
 * Map from names to pointers. Iterates in order of insertion, so that what is
 * printed from it is the same every time. Lives in an arena; entries are not
 * removed. Keys are not copied.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

struct map_entry {
	struct str key;
	void *value;
	uint64_t hash;
};

struct map {
	struct arena *arena;
	struct map_entry *entries; /* n of them, in order of insertion */
	size_t n, cap;
	uint32_t *slots; /* index + 1 into entries; 0 is free */
	size_t nslots;   /* a power of two, or 0 */
};

void map_init(struct map *m, struct arena *arena);
/* NULL if there is no such key. */
void *map_get(const struct map *m, struct str key);
bool map_has(const struct map *m, struct str key);
/* Adds or replaces; returns what the key had before, or NULL. */
void *map_put(struct map *m, struct str key, void *value);
/* The key as it lies in the map, added if new: one pointer per name. */
struct str map_intern(struct map *m, struct str key);

#endif
