/* Two sessions that make the same at the same time, on PostgreSQL. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "runtime/load/load_table.h"
#include "runtime/state/create.h"
#include "runtime/state/ledger.h"
#include "runtime/state/schemas.h"
#include "runtime/state/window_book.h"
#include "tests/unit/graph_maker.h"
#include "tests/unit/warehouses.h"

struct second {
	struct warehouse *w;
	struct made *made;
	bool (*make)(struct second *s, struct error *err);
	struct error err;
	bool ok;
	atomic_bool ended;
};

static bool make_schema(struct second *s, struct error *err)
{
	struct str name = STR("s");
	struct strs wanted = {&name, 1};

	return schemas_make(s->w, &wanted, s->made->arena, err);
}

static bool make_steps(struct second *s, struct error *err)
{
	struct ledger l;

	return ledger_open(&l, s->w, &s->made->graph, STR("one"),
			   s->made->arena, err) &&
	       ledger_make(&l, s->w, &s->made->graph, s->made->arena, err);
}

static bool make_intervals(struct second *s, struct error *err)
{
	return window_books_make(s->w, &s->made->graph, s->made->selected,
				 s->made->arena, err);
}

static bool make_loads(struct second *s, struct error *err)
{
	struct load_column columns[] = {{STR("n"), STR("int64")}};
	struct load load = {.key = STR("s.raw"),
			    .columns = columns,
			    .ncolumns = 1,
			    .action = made_id(s->made, "s.raw")};
	struct load_table t;

	return load_table_open(&t, s->w, &s->made->graph, &load, s->made->arena,
			       err) &&
	       load_table_make(&t, err);
}

static bool make_broken(struct second *s, struct error *err)
{
	return create_missing(s->w, STR("create table s.no.no.no (n int)"),
			      err);
}

static void *run_second(void *ctx)
{
	struct second *s = ctx;

	s->ok = s->make(s, &s->err);
	s->ended = true;
	return NULL;
}

/* What the first has made is not committed before the second waits for it. */
static void meet(struct test_warehouse *first, struct second *s,
		 const char *sql)
{
	struct test_warehouse second = *first;
	struct error err = {0};
	const char *waits;
	pthread_t thread;

	if (!warehouse_open(&first->profile, ".", NULL, NULL, &second.w, &err))
		fail_msg("%s", err.text);
	s->w = second.w;
	waits = arena_printf(first->arena,
			     "select count(*) from pg_locks where not granted "
			     "and pid = %s",
			     must_query(&second, "select pg_backend_pid()"))
			.p;
	must_run(first, arena_printf(first->arena, "begin; %s", sql).p);
	assert_int_equal(pthread_create(&thread, NULL, run_second, s), 0);
	while (!s->ended && strcmp(must_query(first, waits), "0") == 0)
		;
	assert_false(s->ended);
	must_run(first, "commit");
	pthread_join(thread, NULL);
	second.w->ops->close(second.w);
}

static void who_comes_second_finds_what_the_first_made(void **state)
{
	static const char drop[] = "drop schema if exists s cascade";
	static const struct {
		bool (*make)(struct second *s, struct error *err);
		const char *before, *sql;
	} cases[] = {
		{make_schema, drop, "create schema s"},
		{make_steps, "create schema s",
		 "create table s.weir_steps (run text, action text, "
		 "part integer, done timestamptz, "
		 "primary key (run, action, part))"},
		{make_intervals, "create schema s",
		 "create table s.weir_intervals (table_name text)"},
		{make_loads, drop, "create schema s"},
		{make_loads, "create schema s",
		 "create table s.weir_loads (table_name text)"},
	};
	struct weir_options window = {.strategy = WEIR_WINDOW};
	struct test_warehouse *t = warehouse_or_skip(state);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct second s = {.make = cases[i].make};
		struct made made;

		made_start(&made, &dialect_postgres);
		made.profile = t->profile;
		made.graph.default_schema = STR("s");
		made_add(&made, ACTION_DECLARATION, "s.raw", "", "");
		made_add(&made, ACTION_INCREMENTAL, "s.w", "", "")->weir =
			&window;
		s.made = &made;
		must_run(t, drop);
		must_run(t, cases[i].before);
		meet(t, &s, cases[i].sql);
		if (!s.ok)
			fail_msg("case %zu: %s", i, s.err.text);
		made_end(&made);
	}
	must_run(t, drop);
}

static void what_is_wrong_is_said_all_the_same(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	struct second s = {.w = t->w};

	assert_false(make_broken(&s, &s.err));
	assert_int_equal(s.err.kind, ERROR_SQL);
	assert_non_null(strstr(s.err.text, "s.no.no.no"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			who_comes_second_finds_what_the_first_made,
			open_postgres, close_warehouse),
		cmocka_unit_test_setup_teardown(
			what_is_wrong_is_said_all_the_same, open_postgres,
			close_warehouse),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
