/* Small graphs for tests, without a compiler. */
#ifndef TESTS_UNIT_GRAPH_MAKER_H
#define TESTS_UNIT_GRAPH_MAKER_H

#include "base/arena.h"
#include "compiler/graph.h"

enum { MADE_ACTIONS = 64 };

struct made {
	struct arena *arena;
	struct graph graph;
	struct profile profile;
	struct action actions[MADE_ACTIONS];
	bool selected[MADE_ACTIONS]; /* all that are no declarations */
};

void made_start(struct made *m, const struct dialect *d);
void made_end(struct made *m);

/* name is "schema.name"; deps are names that were added before, separated by
 * spaces. query is the one statement of an operation; of a
 * table and so on "select 1" where it is empty or NULL. */
struct action *made_add(struct made *m, enum action_type type, const char *name,
			const char *query, const char *deps);
uint32_t made_id(const struct made *m, const char *name);
/* A list of the words in text, separated by spaces. */
struct strs made_words(struct made *m, const char *text);
struct strs made_one(struct made *m, const char *text);
/* bigquery: { key: text }, added to what is there. */
void made_bigquery(struct made *m, struct action *a, const char *key,
		   const char *text);
/* incrementalPredicates: [text] */
void made_predicate(struct made *m, struct action *a, const char *text);

#endif
