/* Unit tests run: what is kept of them, and how they are stopped. On DuckDB,
 * and on PostgreSQL where $PGURL says. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "runtime/unit_test.h"
#include "tests/unit/warehouses.h"

/* More rows, as text, than what a test may leave behind. */
#define MANY "SELECT i FROM generate_series(1, 50000) AS t (i) ORDER BY 1"
/* They end when they are cancelled: nobody counts to 10^18. */
#define ENDLESS_DUCKDB                                                         \
	"SELECT sum(a.i * b.i % 7 + c.i) FROM range(1000000) a(i), "           \
	"range(1000000) b(i), range(1000000) c(i)"
#define ENDLESS_POSTGRES                                                       \
	"SELECT count(*) FROM generate_series(1, 1000000000) a, "              \
	"generate_series(1, 1000000000) b, generate_series(1, 1000000000) c"

enum { NTESTS_MAX = 3 };

struct project {
	struct action actions[NTESTS_MAX];
	struct graph graph;
};

static const struct graph *make(struct project *p, const struct profile *target,
				const char *const (*queries)[2], uint32_t n)
{
	*p = (struct project){0};
	for (uint32_t i = 0; i < n; i++) {
		p->actions[i].type = ACTION_TEST;
		p->actions[i].tested = ACTION_NONE;
		p->actions[i].query = str_of(queries[i][0]);
		p->actions[i].expected_query = str_of(queries[i][1]);
	}
	p->graph.actions = p->actions;
	p->graph.nactions = n;
	p->graph.profile = target;
	p->graph.root = ".";
	return &p->graph;
}

static void run(const struct graph *g, const struct unit_test_options *options,
		struct arena *arena, struct unit_tests *out)
{
	struct error err = {0};

	if (!unit_tests_run(g, options, arena, out, &err))
		fail_msg("%s", err.text);
}

static void rows_go_when_their_test_has_passed(void **state)
{
	static const char *const queries[][2] = {
		{MANY, MANY}, {MANY, MANY}, {MANY, MANY}};
	static const struct unit_test_options options = {.max_rows = 10};
	struct test_warehouse *t = warehouse_or_skip(state);
	struct project p;
	struct unit_tests all;

	run(make(&p, &t->profile, queries, 3), &options, t->arena, &all);
	assert_int_equal(all.n, 3);
	assert_int_equal(all.nfailed, 0);
	for (size_t i = 0; i < all.n; i++)
		assert_true(all.v[i].passed);
	assert_in_range(arena_size(t->arena), 0, 100000);
}

static void only_the_first_rows_of_a_failed_test_are_kept(void **state)
{
	static const char *const queries[][2] = {
		{MANY, "SELECT -i AS i FROM (" MANY ") t ORDER BY 1 DESC"},
		{MANY, "SELECT 1 AS i"},
	};
	static const struct unit_test_options options = {.max_rows = 3,
							 .max_differences = 2};
	struct test_warehouse *t = warehouse_or_skip(state);
	const struct comparison *c;
	struct project p;
	struct unit_tests all;

	run(make(&p, &t->profile, queries, 2), &options, t->arena, &all);
	assert_int_equal(all.nfailed, 2);
	c = &all.v[0].comparison;
	assert_int_equal(c->verdict, ROWS_OTHER_VALUES);
	assert_int_equal(c->n, 2);
	assert_int_equal(c->ndifferences, 50000);
	assert_int_equal(c->nrows, 50000);
	assert_true(str_is(c->v[1].column, "i"));
	assert_true(str_is(c->v[1].expected, "-2"));
	assert_true(str_is(c->v[1].actual, "2"));
	c = &all.v[1].comparison;
	assert_int_equal(c->verdict, ROWS_OTHER_COUNT);
	assert_int_equal(c->nexpected, 1);
	assert_int_equal(c->nactual, 50000);
	assert_int_equal(all.v[1].expected.nrows, 1);
	assert_int_equal(all.v[1].actual.nrows, 3);
	assert_true(str_is(all.v[1].actual.values[2], "3"));
	assert_in_range(arena_size(t->arena), 0, 100000);
}

struct user {
	atomic_int caught;
};

/* He stops them when the first has ended. */
static void interrupt(void *ctx, const struct unit_test *t)
{
	struct user *user = ctx;

	(void)t;
	user->caught = SIGINT;
}

static void what_runs_is_cancelled(void **state)
{
	struct test_warehouse *t = warehouse_or_skip(state);
	const char *endless = t->profile.dialect->kind == WAREHOUSE_POSTGRES
				      ? ENDLESS_POSTGRES
				      : ENDLESS_DUCKDB;
	const char *const queries[][2] = {
		{"SELECT 1 AS a", "SELECT 1 AS a"},
		{endless, "SELECT 1"},
		{"SELECT 1 AS a", endless},
	};
	struct user user = {0};
	struct unit_test_options options = {
		.interrupted = &user.caught, .done = interrupt, .ctx = &user};
	struct project p;
	struct unit_tests all;

	run(make(&p, &t->profile, queries, 3), &options, t->arena, &all);
	assert_true(all.v[0].passed);
	assert_int_equal(all.nstopped, 2);
	assert_int_equal(all.nfailed, 0);
	assert_true(unit_test_is_stopped(&all.v[1]));
	assert_true(unit_test_is_stopped(&all.v[2]));
	assert_false(unit_test_is_stopped(&all.v[0]));
}

static void nothing_begins_after_an_interrupt(void **state)
{
	static const char *const queries[][2] = {{"no SQL at all", ""},
						 {"no SQL at all", ""}};
	struct test_warehouse *t = warehouse_or_skip(state);
	atomic_int caught = 0;
	struct unit_test_options options = {.interrupted = &caught};
	struct project p;
	struct unit_tests all;
	struct error err = {0};
	const struct graph *g = make(&p, &t->profile, queries, 2);

	run(g, &options, t->arena, &all);
	assert_int_equal(all.nfailed, 2);
	caught = SIGTERM;
	if (unit_tests_run(g, &options, t->arena, &all, &err))
		assert_int_equal(all.nstopped, 2);
	else
		assert_int_equal(err.kind, ERROR_CANCELLED);
}

#define ON_BOTH(f)                                                             \
	cmocka_unit_test_setup_teardown(f, open_duckdb, close_warehouse),      \
		cmocka_unit_test_setup_teardown(f, open_postgres,              \
						close_warehouse)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(rows_go_when_their_test_has_passed),
		ON_BOTH(only_the_first_rows_of_a_failed_test_are_kept),
		ON_BOTH(what_runs_is_cancelled),
		ON_BOTH(nothing_begins_after_an_interrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
