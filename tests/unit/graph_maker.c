/* Small graphs for tests. */
#include "tests/unit/graph_maker.h"

#include <assert.h>

#include "base/vec.h"

void made_start(struct made *m, const struct dialect *d)
{
	memset(m, 0, sizeof(*m));
	m->arena = arena_new();
	m->profile = (struct profile){.name = STR("dev"), .dialect = d};
	m->graph.actions = m->actions;
	m->graph.profile = &m->profile;
	m->graph.root = ".";
}

void made_end(struct made *m)
{
	arena_free(m->arena);
}

struct strs made_words(struct made *m, const char *text)
{
	struct str s = str_of(text);
	struct str_vec words = {0};

	for (size_t at = 0; at < s.n;) {
		size_t end = str_find(s, ' ', at);

		if (end > at)
			VEC_PUSH(m->arena, &words, str_sub(s, at, end));
		at = end + 1;
	}
	return (struct strs){words.v, words.n};
}

struct strs made_one(struct made *m, const char *text)
{
	struct str *v = ARENA_NEW(m->arena, struct str, 1);

	v[0] = str_of(text);
	return (struct strs){v, 1};
}

static struct target target_of(struct str name)
{
	size_t dot = str_find(name, '.', 0);

	assert(dot < name.n);
	return (struct target){
		.schema = str_sub(name, 0, dot),
		.name = str_sub(name, dot + 1, name.n),
	};
}

static uint32_t find(const struct made *m, struct str name)
{
	struct target t = target_of(name);
	uint32_t i = 0;

	while (i < m->graph.nactions && !target_eq(&m->actions[i].target, &t))
		i++;
	assert(i < m->graph.nactions);
	return i;
}

uint32_t made_id(const struct made *m, const char *name)
{
	return find(m, str_of(name));
}

struct action *made_add(struct made *m, enum action_type type, const char *name,
			const char *query, const char *deps)
{
	uint32_t id = m->graph.nactions++;
	struct action *a = &m->actions[id];
	struct strs names = made_words(m, deps);

	assert(id < MADE_ACTIONS);
	a->type = type;
	a->target = a->canonical = target_of(str_of(name));
	a->deps = ARENA_NEW(m->arena, struct target, names.n);
	a->dep_ids = ARENA_NEW(m->arena, uint32_t, names.n);
	a->ndeps = (uint32_t)names.n;
	for (uint32_t i = 0; i < a->ndeps; i++) {
		a->dep_ids[i] = find(m, names.v[i]);
		a->deps[i] = m->actions[a->dep_ids[i]].target;
	}
	if (type == ACTION_OPERATION)
		a->queries = made_one(m, query);
	else
		a->query = query && *query ? str_of(query) : STR("select 1");
	m->selected[id] = type != ACTION_DECLARATION;
	return a;
}

static void set_bigquery(struct made *m, struct action *a, const char *key,
			 struct value what)
{
	struct value *v = ARENA_NEW(m->arena, struct value, 1);
	uint32_t n = a->bigquery ? a->bigquery->n : 0;

	*v = value_object(m->arena, n + 1);
	for (uint32_t i = 0; i < n; i++)
		value_put(v, a->bigquery->members[i].key,
			  a->bigquery->members[i].value);
	value_put(v, str_of(key), what);
	a->bigquery = v;
}

void made_bigquery(struct made *m, struct action *a, const char *key,
		   const char *text)
{
	set_bigquery(m, a, key, value_string(str_of(text)));
}

void made_predicate(struct made *m, struct action *a, const char *text)
{
	struct value list = value_array(m->arena, 1);

	value_push(&list, value_string(str_of(text)));
	set_bigquery(m, a, "incrementalPredicates", list);
}
