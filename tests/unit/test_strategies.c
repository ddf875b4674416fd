/*
 * Every way to add rows against a model of it, on both warehouses: random
 * tables and queries with NULLs and rows twice. A failure names its seed.
 *
 * All tables of a round are steps of one run, so that hundreds of cases take
 * seconds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/vec.h"
#include "tests/unit/real_run.h"

enum { NOTHING = -100, ROWS_MAX = 12, ROUNDS = 6, TABLES = 50 };

enum way { APPEND, MERGE, DELETE_INSERT, OVERWRITE, NWAYS };

struct row {
	int k, s, t, v; /* NOTHING is NULL */
};

struct table {
	struct row rows[ROWS_MAX * 3];
	size_t n;
};

struct sample {
	enum way way;
	unsigned nkeys;   /* k, or k and s */
	unsigned form;    /* of the partition */
	unsigned filter;  /* of what matches */
	bool has_zone;    /* the type of t */
	bool other_order; /* of the query's columns */
	struct table before, query, after;
	bool fails;
	struct action *action;
	char name[16];
};

static const char *const texts[] = {"a", "A", "b"};

static const struct {
	const char *text;
	int hour, day, month, year;
} times[] = {
	{"2024-01-31 23:30:00", 0, 0, 0, 0},
	{"2024-01-31 23:59:59", 0, 0, 0, 0},
	{"2024-02-01 00:00:00", 1, 1, 1, 0},
	{"2024-02-01 05:10:00", 2, 1, 1, 0},
	{"2025-02-01 05:10:00", 3, 2, 2, 1},
};

enum { BY_K, BY_RANGE, BY_DATE, BY_HOUR, BY_DAY, BY_MONTH, BY_YEAR, NFORMS };

static const char *const forms[] = {
	[BY_K] = "K",
	[BY_RANGE] = "RANGE_BUCKET(k, GENERATE_ARRAY(-2, 3, 2))",
	[BY_DATE] = "DATE(t)",
	[BY_HOUR] = "TIMESTAMP_TRUNC(`t`, HOUR)",
	[BY_DAY] = "datetime_trunc(t, day)",
	[BY_MONTH] = "DATE_TRUNC( T , MONTH )",
	[BY_YEAR] = "DATE_TRUNC(t, YEAR)",
};

enum { NO_FILTER, FILTER, PREDICATE, SOURCE_PREDICATE, NFILTERS };

static const struct weir_options delete_insert = {
	.strategy = WEIR_DELETE_INSERT,
};

/* xorshift: the same everywhere. */
static unsigned draw(uint64_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)(*seed >> 33) % below;
}

static int draw_or_null(uint64_t *seed, unsigned below)
{
	return draw(seed, 5) ? (int)draw(seed, below) : NOTHING;
}

static struct row draw_row(uint64_t *seed, bool null_time)
{
	struct row r;

	r.k = draw_or_null(seed, 8);
	r.k = r.k == NOTHING ? r.k : r.k - 3;
	r.s = draw_or_null(seed, 3);
	r.t = draw_or_null(seed, 5);
	r.t = r.t == NOTHING && !null_time ? 0 : r.t;
	r.v = draw_or_null(seed, 4);
	return r;
}

static void draw_table(struct table *t, uint64_t *seed)
{
	t->n = draw(seed, ROWS_MAX);
	for (size_t i = 0; i < t->n; i++)
		t->rows[i] = i && !draw(seed, 6)
				     ? t->rows[draw(seed, (unsigned)i)]
				     : draw_row(seed, true);
}

static void draw_sample(struct sample *c, uint64_t *seed)
{
	c->way = draw(seed, NWAYS);
	c->nkeys = 1 + draw(seed, 2);
	c->form = draw(seed, NFORMS);
	c->filter = draw(seed, NFILTERS);
	c->has_zone = draw(seed, 2);
	c->other_order = draw(seed, 2);
	draw_table(&c->before, seed);
	draw_table(&c->query, seed);
	if (c->way == OVERWRITE && c->filter == SOURCE_PREDICATE)
		c->filter = PREDICATE;
}

/* The partition of a row; NOTHING for none. */
static int partition_of_row(const struct sample *c, const struct row *r)
{
	switch (c->form) {
	case BY_K:
		return r->k;
	case BY_RANGE: /* bounds -2, 0, 2 */
		if (r->k == NOTHING)
			return NOTHING;
		return (r->k >= -2) + (r->k >= 0) + (r->k >= 2);
	}
	if (r->t == NOTHING)
		return NOTHING;
	switch (c->form) {
	case BY_HOUR:
		return times[r->t].hour;
	case BY_MONTH:
		return times[r->t].month;
	case BY_YEAR:
		return times[r->t].year;
	default:
		return times[r->t].day;
	}
}

/* Whether a row of the query stands for one of the table. */
static bool matches(const struct sample *c, const struct row *dest,
		    const struct row *source)
{
	bool same;

	if (c->way == OVERWRITE) {
		int p = partition_of_row(c, dest);

		same = p != NOTHING && p == partition_of_row(c, source);
	} else {
		same = dest->k != NOTHING && dest->k == source->k;
		if (c->nkeys == 2)
			same &= dest->s != NOTHING && dest->s == source->s;
	}
	if (c->filter == FILTER || c->filter == PREDICATE)
		return same && dest->v > 1;
	if (c->filter == SOURCE_PREDICATE)
		return same && source->v > 1;
	return same;
}

static size_t count_matches(const struct sample *c, const struct row *dest,
			    size_t *last)
{
	size_t n = 0;

	for (size_t i = 0; i < c->query.n; i++) {
		if (!matches(c, dest, &c->query.rows[i]))
			continue;
		*last = i;
		n++;
	}
	return n;
}

/* What the table must hold afterwards. */
static void predict(struct sample *c)
{
	bool met[ROWS_MAX] = {false};

	c->after.n = 0;
	for (size_t i = 0; i < c->before.n; i++) {
		const struct row *dest = &c->before.rows[i];
		size_t last = 0, n = 0;

		if (c->way != APPEND)
			n = count_matches(c, dest, &last);
		if (n && c->way != MERGE)
			continue;
		met[last] |= n > 0;
		c->fails |= n > 1;
		c->after.rows[c->after.n++] = n ? c->query.rows[last] : *dest;
	}
	for (size_t i = 0; i < c->query.n; i++)
		if (!met[i] || c->way != MERGE)
			c->after.rows[c->after.n++] = c->query.rows[i];
	if (c->fails)
		c->after = c->before;
}

static void put_value(struct buf *b, int value, const char *type,
		      const char *text)
{
	if (value == NOTHING)
		buf_printf(b, "cast(null as %s)", type);
	else if (text)
		buf_printf(b, "cast('%s' as %s)", text, type);
	else
		buf_printf(b, "cast(%d as %s)", value, type);
}

static void put_row(struct buf *b, const struct sample *c, const struct row *r)
{
	const char *type =
		c->has_zone ? "timestamp with time zone" : "timestamp";
	char moment[40] = "";

	if (r->t != NOTHING)
		snprintf(moment, sizeof(moment), "%s%s", times[r->t].text,
			 c->has_zone ? "+00" : "");
	buf_adds(b, "select ");
	put_value(b, r->k, "integer", NULL);
	buf_adds(b, " as k, ");
	put_value(b, r->s, "varchar", r->s == NOTHING ? NULL : texts[r->s]);
	buf_adds(b, " as s, ");
	put_value(b, r->t, type, moment);
	buf_adds(b, " as t, ");
	put_value(b, r->v, "integer", NULL);
	buf_adds(b, " as v");
}

static struct str query_text(const struct sample *c, const struct table *t,
			     struct arena *arena)
{
	static const struct row none = {1, 1, 1, 1};
	struct buf b = {0};
	struct str text;

	buf_printf(&b, "select %s from (",
		   c->other_order ? "v, t, s, k" : "k, s, t, v");
	for (size_t i = 0; i < t->n; i++) {
		buf_adds(&b, i ? "\nunion all " : "");
		put_row(&b, c, &t->rows[i]);
	}
	if (!t->n)
		put_row(&b, c, &none);
	buf_printf(&b, ") as rows_of_it%s", t->n ? "" : " where false");
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Rows as lines in order, whatever order they have. */
static const char *sorted(struct arena *arena, const char *rows)
{
	struct buf b = {0};
	char *copy = arena_text(arena, strlen(rows) + 1), *lines[ROWS_MAX * 3];
	size_t n = 0;
	struct str text;

	memcpy(copy, rows, strlen(rows) + 1);
	for (char *p = strtok(copy, ";"); p; p = strtok(NULL, ";"))
		lines[n++] = p;
	qsort(lines, n, sizeof(lines[0]), compare_texts);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\n", lines[i]);
	buf_addc(&b, '\0');
	text = buf_move(&b, arena);
	buf_free(&b);
	return text.p;
}

static const char *table_text(struct arena *arena, const struct table *t)
{
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < t->n; i++) {
		const struct row *r = &t->rows[i];
		struct str null = STR("NULL");
		struct str k = null, v = null;

		if (r->k != NOTHING)
			k = arena_printf(arena, "%d", r->k);
		if (r->v != NOTHING)
			v = arena_printf(arena, "%d", r->v);
		buf_printf(&b, "%.*s|%s|%s|%.*s;", STR_ARG(k),
			   r->s == NOTHING ? "NULL" : texts[r->s],
			   r->t == NOTHING ? "NULL" : times[r->t].text,
			   STR_ARG(v));
	}
	buf_addc(&b, '\0');
	text = buf_move(&b, arena);
	buf_free(&b);
	return sorted(arena, text.p);
}

static void configure(struct real *r, struct sample *c)
{
	struct action *a = c->action;

	if (c->way == MERGE || c->way == DELETE_INSERT)
		a->unique_key =
			made_words(&r->made, c->nkeys == 2 ? "K s" : "k");
	if (c->way == DELETE_INSERT)
		a->weir = &delete_insert;
	if (c->way == OVERWRITE) {
		a->strategy = STRATEGY_INSERT_OVERWRITE;
		made_bigquery(&r->made, a, "partitionBy", forms[c->form]);
	}
	if (c->filter == FILTER)
		made_bigquery(&r->made, a, "updatePartitionFilter", "v > 1");
	if (c->filter == PREDICATE)
		made_predicate(&r->made, a, "DATAFORM_DEST.v > 1 -- filter");
	if (c->filter == SOURCE_PREDICATE)
		made_predicate(&r->made, a, "DATAFORM_SOURCE.v > 1");
	a->incremental_query = query_text(c, &c->query, r->made.arena);
}

static void add_sample(struct real *r, struct sample *c, uint64_t *seed,
		       unsigned i)
{
	draw_sample(c, seed);
	predict(c);
	snprintf(c->name, sizeof(c->name), "s.t%u", i);
	c->action =
		made_add(&r->made, ACTION_INCREMENTAL, c->name,
			 arena_cstr(r->made.arena,
				    query_text(c, &c->before, r->made.arena)),
			 "");
}

static void compare_sample(struct real *r, struct test_warehouse *t,
			   const struct sample *c, unsigned round)
{
	const struct step *s = real_step(r, c->name);
	const char *ask =
		arena_printf(t->arena,
			     "select k, s, cast(t%s as varchar), v from %s",
			     c->has_zone ? " at time zone 'UTC'" : "", c->name)
			.p;
	const char *got = sorted(t->arena, must_query(t, ask));
	const char *want = table_text(t->arena, &c->after);

	if ((s->status == STATUS_FAILED) == c->fails && strcmp(got, want) == 0)
		return;
	fail_msg("seed %u, %s: %s\n%.*s\nhad\n%swanted%s\n%sgot\n%s", round + 1,
		 c->name, real_status(r, c->name), STR_ARG(s->statement),
		 table_text(t->arena, &c->before), c->fails ? " an error" : "",
		 want, got);
}

static void forget_actions(struct made *m)
{
	memset(m->actions, 0, sizeof(m->actions));
	m->graph.nactions = 0;
}

static void rows_are_added_as_the_model_says(void **state)
{
	struct real *r = real_or_skip(state);
	unsigned failed = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct sample *all = calloc(TABLES, sizeof(*all));
		uint64_t seed = (round + 1) * UINT64_C(0x9e3779b97f4a7c15);
		struct test_warehouse t;

		assert_non_null(all);
		forget_actions(&r->made);
		if (round)
			real_do(r, "drop schema s cascade");
		for (unsigned i = 0; i < TABLES; i++)
			add_sample(r, &all[i], &seed, i);
		real_run(r);
		assert_int_equal(r->run.status, RUN_OK);
		for (unsigned i = 0; i < TABLES; i++)
			configure(r, &all[i]);
		real_run(r);
		real_open(r, &t);
		for (unsigned i = 0; i < TABLES; i++) {
			compare_sample(r, &t, &all[i], round);
			failed += all[i].fails;
		}
		t.w->ops->close(t.w);
		free(all);
	}
	assert_true(failed > 0);
}

/* An incremental table s.m with the rows of first, and its unique key. */
static struct action *keyed(struct real *r, const char *first, const char *key)
{
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.m", first, "");

	real_run_ok(r, "s.m");
	a->unique_key = made_one(&r->made, key);
	return a;
}

/* Both ways by key leave the same rows where no row is there twice. */
static void adds(struct real *r, struct action *a, const char *query,
		 const char *want)
{
	a->incremental_query = str_of(query);
	for (int i = 0; i < 2; i++) {
		a->weir = i ? &delete_insert : NULL;
		real_run_ok(r, "s.m");
		assert_string_equal(
			sorted(r->made.arena, real_ask(r, "select * from s.m")),
			want);
	}
}

static void a_key_may_have_any_name(void **state)
{
	static const struct {
		const char *column, *key;
	} cases[] = {
		{"\"order\"", "order"},
		{"\"user\"", "USER"},
		{"\"select\"", "`select`"},
		{"\"my key\"", "my key"},
		{"\"Mixed\"", "Mixed"},
		{"\"Mixed\"", "\"Mixed\""},
		{"\"a\"\"b\"", "a\"b"},
		{"\"a.b\"", "a.b"},
		{"\"d\u00e9j\u00e0\"", "d\u00e9j\u00e0"},
	};
	struct real *r = real_or_skip(state);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *first, *then;
		struct action *a;

		first = arena_printf(r->made.arena,
				     "select 1 as %s, 'a' as v union all "
				     "select 2, 'b'",
				     cases[i].column)
				.p;
		then = arena_printf(r->made.arena,
				    "select 'B' as v, 2 as %s union all "
				    "select 'C', 3",
				    cases[i].column)
			       .p;
		forget_actions(&r->made);
		if (i)
			real_do(r, "drop table s.m");
		a = keyed(r, first, cases[i].key);
		adds(r, a, then, "1|a\n2|B\n3|C\n");
	}
}

static void a_table_may_be_all_key(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		keyed(r, "select 1 as k, 'a' as v union all select 1, 'b'", "");

	a->unique_key = made_words(&r->made, "k V");
	adds(r, a, "select 1 as k, 'a' as v union all select 2, 'a'",
	     "1|a\n1|b\n2|a\n");
}

static void a_key_may_be_a_field(void **state)
{
	struct real *r = real_or_skip(state);
	bool duckdb = r->made.profile.dialect == &dialect_duckdb;
	struct action *a;

	real_do(r, "create schema if not exists s");
	if (!duckdb)
		real_do(r, "create type s.pair as (id int, more text)");
	a = keyed(r,
		  duckdb ? "select {'id': 1, 'more': 'a'} as p, 'x' as v"
			 : "select row(1, 'a')::s.pair as p, 'x' as v",
		  "p.id");
	adds(r, a,
	     duckdb ? "select {'id': 1, 'more': 'b'} as p, 'y' as v"
		    : "select row(1, 'b')::s.pair as p, 'y' as v",
	     duckdb ? "{'id': 1, 'more': b}|y\n" : "(1,b)|y\n");
}

/* What is deleted and inserted again breaks no constraint in between. */
static void a_table_may_have_a_primary_key(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a;

	real_do(r, "create schema if not exists s");
	real_do(r, "create table s.m (k int primary key, v text)");
	real_do(r, "insert into s.m values (1, 'a'), (2, 'b')");
	a = made_add(&r->made, ACTION_INCREMENTAL, "s.m", "", "");
	a->unique_key = made_one(&r->made, "k");
	adds(r, a, "select 2 as k, 'B' as v union all select 3, 'C'",
	     "1|a\n2|B\n3|C\n");
}

static void an_overwrite_that_fails_changes_nothing(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_INCREMENTAL, "s.m",
				    "select 1 as k, 'a' as v", "");

	real_run(r);
	a->strategy = STRATEGY_INSERT_OVERWRITE;
	made_bigquery(&r->made, a, "partitionBy", "k");
	a->incremental_query = STR("select 1 as k, 'b' as v");
	a->incremental_post_ops = made_one(&r->made, "select 1 / no_column");
	real_run(r);
	assert_int_equal(real_step(r, "s.m")->status, STATUS_FAILED);
	assert_string_equal(real_ask(r, "select * from s.m"), "1|a");
	a->incremental_post_ops.n = 0;
	real_run_ok(r, "s.m");
	assert_int_equal(real_step(r, "s.m")->rows, 1);
	assert_string_equal(real_ask(r, "select * from s.m"), "1|b");
}

static void a_key_or_partition_that_is_no_column_is_refused(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a =
		keyed(r, "select 1 as k, cast(null as date) as d", "no");

	a->weir = &delete_insert;
	real_run(r);
	assert_string_equal(real_status(r, "s.m"),
			    "failed: uniqueKey names \"no\", which the table "
			    "has not");
	a->weir = NULL;
	a->strategy = STRATEGY_INSERT_OVERWRITE;
	made_bigquery(&r->made, a, "partitionBy", "DATE(moment)");
	real_run(r);
	assert_string_equal(real_status(r, "s.m"),
			    "failed: partitionBy names \"moment\", which the "
			    "table has not");
}

/* Each run is a connection that has not seen the index yet. */
static void a_key_comes_back_under_a_unique_index(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = keyed(r, "select 1 as k", "k");
	struct index_option index = {a->unique_key, .unique = true};
	struct weir_options o = {.indexes = &index, .nindexes = 1};

	made_bigquery(&r->made, a, "partitionBy", "k");
	a->strategy = STRATEGY_INSERT_OVERWRITE;
	a->weir = &o;
	for (int i = 0; i < 4; i++) {
		o.strategy = i < 2 ? WEIR_DELETE_INSERT : WEIR_STRATEGY_NONE;
		real_run_ok(r, "s.m");
	}
	assert_string_equal(real_ask(r, "select k from s.m"), "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_key_comes_back_under_a_unique_index),
		ON_BOTH(rows_are_added_as_the_model_says),
		ON_BOTH(a_key_may_have_any_name),
		ON_BOTH(a_table_may_be_all_key),
		ON_BOTH(a_key_may_be_a_field),
		ON_BOTH(a_table_may_have_a_primary_key),
		ON_BOTH(an_overwrite_that_fails_changes_nothing),
		ON_BOTH(a_key_or_partition_that_is_no_column_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
