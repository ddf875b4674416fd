/*
 * onSchemaChange against a model: tables and queries of k and some of a to d,
 * each row's value of a column being its own. A failure names its seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/real_run.h"

enum { NCOLUMNS = 4, TABLES = 60, SEEDS = 2 };

struct sample {
	enum on_schema_change policy;
	bool merges, fails;
	unsigned before, query, after; /* sets of columns */
	char name[16];
	struct action *action;
};

static unsigned draw(uint64_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)(*seed >> 33) % below;
}

/* select 10 as "k", 11 as "a", ... */
static const char *row_of(struct arena *arena, unsigned set, int row)
{
	const char *sql = arena_printf(arena, "select %d as k", 10 * row).p;

	for (int i = NCOLUMNS - 1; i >= 0; i--)
		if (set & 1U << i)
			sql = arena_printf(arena, "%s, %d as %c", sql,
					   10 * row + i + 1, 'a' + i)
				      .p;
	return sql;
}

static void predict(struct sample *c)
{
	unsigned added = c->query & ~c->before, removed = c->before & ~c->query;

	switch (c->policy) {
	case ON_CHANGE_IGNORE:
		c->fails = removed;
		break;
	case ON_CHANGE_FAIL:
		c->fails = added | removed;
		break;
	case ON_CHANGE_EXTEND:
		c->fails = removed;
		c->after = c->before | added;
		return;
	case ON_CHANGE_SYNCHRONIZE:
		c->after = c->query;
		return;
	}
	c->after = c->before;
}

static void add_sample(struct real *r, struct sample *c, uint64_t *seed,
		       unsigned i)
{
	*c = (struct sample){
		.policy = draw(seed, ON_CHANGE_SYNCHRONIZE + 1),
		.merges = draw(seed, 2),
		.before = draw(seed, 1U << NCOLUMNS),
		.query = draw(seed, 1U << NCOLUMNS),
	};
	if (!draw(seed, 3))
		c->query = c->before;
	predict(c);
	c->after = c->fails ? c->before : c->after;
	snprintf(c->name, sizeof(c->name), "s.t%u", i);
	c->action = made_add(&r->made, ACTION_INCREMENTAL, c->name,
			     row_of(r->made.arena, c->before, 1), "");
}

/* The row of a table whose columns were had at first, or came later. */
static const char *want_row(struct arena *arena, const struct sample *c,
			    unsigned filled, int row)
{
	const char *text = arena_printf(arena, "%d", 10 * row).p;

	for (int i = 0; i < NCOLUMNS; i++) {
		if (!(c->after & 1U << i))
			continue;
		if (filled & 1U << i)
			text = arena_printf(arena, "%s|%d", text,
					    10 * row + i + 1)
				       .p;
		else
			text = arena_printf(arena, "%s|NULL", text).p;
	}
	return text;
}

static void compare_sample(struct real *r, struct test_warehouse *t,
			   const struct sample *c, unsigned seed)
{
	const struct step *s = real_step(r, c->name);
	struct arena *arena = r->made.arena;
	const char *want = want_row(arena, c, c->before, 1), *ask, *got;

	if (!c->fails)
		want = arena_printf(arena, "%s;%s", want,
				    want_row(arena, c, c->query, 2))
			       .p;
	ask = "select k";
	for (int i = 0; i < NCOLUMNS; i++)
		if (c->after & 1U << i)
			ask = arena_printf(arena, "%s, %c", ask, 'a' + i).p;
	ask = arena_printf(arena, "%s from %s order by k", ask, c->name).p;
	got = must_query(t, ask);
	if ((s->status == STATUS_FAILED) == c->fails && strcmp(got, want) == 0)
		return;
	fail_msg("seed %u, %s, %s: %s; wanted%s %s, got %s", seed, c->name,
		 on_schema_change_names[c->policy], real_status(r, c->name),
		 c->fails ? " an error and" : "", want, got);
}

static void columns_change_as_the_model_says(void **state)
{
	struct real *r = real_or_skip(state);

	for (unsigned i = 1; i <= SEEDS; i++) {
		uint64_t seed = i * UINT64_C(0x9e3779b97f4a7c15);
		struct sample all[TABLES];
		struct test_warehouse t;

		memset(r->made.actions, 0, sizeof(r->made.actions));
		r->made.graph.nactions = 0;
		if (i > 1)
			real_do(r, "drop schema s cascade");
		for (unsigned k = 0; k < TABLES; k++)
			add_sample(r, &all[k], &seed, k);
		real_run(r);
		assert_int_equal(r->run.status, RUN_OK);
		for (unsigned k = 0; k < TABLES; k++) {
			struct action *a = all[k].action;

			a->on_schema_change = all[k].policy;
			a->incremental_query =
				str_of(row_of(r->made.arena, all[k].query, 2));
			if (all[k].merges)
				a->unique_key = made_words(&r->made, "k");
		}
		real_run(r);
		real_open(r, &t);
		for (unsigned k = 0; k < TABLES; k++)
			compare_sample(r, &t, &all[k], i);
		t.w->ops->close(t.w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(columns_change_as_the_model_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
