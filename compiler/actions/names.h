/*
 * Finds actions by the parts of a name that somebody wrote: name, schema and
 * name, database and name, or all three. One name may mean several actions.
 */
#ifndef COMPILER_NAMES_H
#define COMPILER_NAMES_H

#include "base/buf.h"
#include "base/map.h"

struct arena;
struct draft;
struct target;

struct name_entry {
	const struct target *target;
	struct draft *draft;
	/* The next of the same name, and of the same schema and name. */
	struct name_entry *next_name, *next_schema;
};

struct names {
	struct map by_name, by_schema;
	struct arena *arena;
};

void names_init(struct names *names, struct arena *arena);
/* target is not copied. */
void names_add(struct names *names, const struct target *target,
	       struct draft *draft);

/* The entries that wanted means, in the order in which they were added:
 * entry = names_first(...); entry = names_next(entry, wanted). An empty part
 * of wanted counts as not written. */
const struct name_entry *names_first(const struct names *names,
				     const struct target *wanted);
const struct name_entry *names_next(const struct name_entry *entry,
				    const struct target *wanted);

#endif
