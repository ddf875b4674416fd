/* What is done once, on real warehouses: claims, and attempts after others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/perform/perform.h"
#include "runtime/plan/plan.h"
#include "runtime/state/catalog.h"
#include "runtime/state/ledger.h"
#include "tests/unit/real_run.h"

/* The steps of one run, which a test does one by one, as often as it likes. */
struct scene {
	struct real *r;
	struct test_warehouse t;
	struct plan_request request;
	struct plan plan;
	struct ledger ledger;
	struct outcome out;
	int64_t timeout_ms;
};

static bool is_stopped(void *ctx)
{
	(void)ctx;
	return false;
}

static void look_up(struct scene *s)
{
	const struct graph *g = &s->r->made.graph;
	struct error err = {0};

	if (!catalog_look_up(
		    s->t.w, g,
		    plan_looks_up(g, s->r->made.selected, false, s->t.arena),
		    s->t.arena, &s->request.found, &err) ||
	    !plan_make(&s->request, s->t.arena, &s->plan, &err))
		fail_msg("%s", err.text);
}

static void start(struct scene *s, void **state)
{
	struct error err = {0};

	memset(s, 0, sizeof(*s));
	s->r = real_or_skip(state);
	s->r->made.graph.default_schema = STR("s");
	real_do(s->r, "create schema if not exists s");
	real_open(s->r, &s->t);
	s->request.graph = &s->r->made.graph;
	s->request.selected = s->r->made.selected;
	s->request.ledger = &s->ledger;
	if (!ledger_open(&s->ledger, s->t.w, s->request.graph, STR("one"),
			 s->t.arena, &err) ||
	    !ledger_make(&s->ledger, s->t.w, s->request.graph, s->t.arena,
			 &err))
		fail_msg("%s", err.text);
}

static void end(struct scene *s)
{
	s->t.w->ops->close(s->t.w);
}

/* "ok", "ok, NOTE" or the error. */
static const char *attempt(struct scene *s, const char *name, uint32_t n)
{
	atomic_bool in_doubt = false;
	struct performer p = {
		.plan = &s->plan,
		.warehouse = s->t.w,
		.attempt = n,
		.in_doubt = &in_doubt,
		.timeout_ms = s->timeout_ms,
		.stop = {is_stopped, NULL},
	};

	look_up(s);
	if (!perform(&p, s->plan.step_of[made_id(&s->r->made, name)], 0,
		     s->t.arena, &s->out))
		return s->out.error.text;
	if (!s->out.notes.n)
		return "ok";
	return arena_printf(s->t.arena, "ok, %.*s", STR_ARG(s->out.notes.v[0]))
		.p;
}

static struct action *add_operation(struct scene *s, const char *const *sql)
{
	struct action *a =
		made_add(&s->r->made, ACTION_OPERATION, "s.o", "", "");
	size_t n = 0;

	while (sql[n])
		n++;
	a->queries.v = ARENA_NEW(s->r->made.arena, struct str, n);
	a->queries.n = n;
	for (size_t i = 0; i < n; i++)
		a->queries.v[i] = str_of(sql[i]);
	return a;
}

static const char claims[] = "select part from s.weir_steps order by part";

static void what_was_committed_is_not_done_again(void **state)
{
	struct scene s;

	start(&s, state);
	must_run(&s.t, "create table s.i as select 1 as n");
	made_add(&s.r->made, ACTION_INCREMENTAL, "s.i", "select 2 as n", "");
	assert_string_equal(attempt(&s, "s.i", 1), "ok");
	assert_int_equal(s.out.rows, 1);
	assert_string_equal(attempt(&s, "s.i", 2), "ok, " STEP_WAS_DONE);
	assert_int_equal(s.out.rows, -1);
	assert_string_equal(must_query(&s.t, "select n from s.i order by n"),
			    "1;2");
	assert_string_equal(must_query(&s.t, claims), "0");
	end(&s);
}

static void an_incremental_table_is_not_filled_again(void **state)
{
	struct scene s;

	start(&s, state);
	made_add(&s.r->made, ACTION_INCREMENTAL, "s.i", "select 2 as n", "");
	assert_string_equal(attempt(&s, "s.i", 1), "ok");
	assert_string_equal(attempt(&s, "s.i", 2), "ok, " STEP_WAS_DONE);
	assert_string_equal(must_query(&s.t, "select n from s.i"), "2");
	end(&s);
}

/* More milliseconds than the server counts. */
static void a_limit_may_be_as_long_as_one_likes(void **state)
{
	struct scene s;

	start(&s, state);
	s.timeout_ms = INT64_C(30) * 86400 * 1000;
	made_add(&s.r->made, ACTION_TABLE, "s.t", "select 1 as n", "");
	assert_string_equal(attempt(&s, "s.t", 1), "ok");
	end(&s);
}

static void what_failed_is_not_claimed(void **state)
{
	struct scene s;
	struct action *a;

	start(&s, state);
	a = made_add(&s.r->made, ACTION_TABLE, "s.t", "select 1 as n", "");
	a->post_ops = made_one(&s.r->made, "select nix");
	assert_non_null(strstr(attempt(&s, "s.t", 1), "nix"));
	a->post_ops = made_one(&s.r->made, "insert into s.t values (2)");
	assert_string_equal(attempt(&s, "s.t", 2), "ok");
	assert_string_equal(must_query(&s.t, "select n from s.t order by n"),
			    "1;2");
	end(&s);
}

static void an_assertion_is_counted_all_the_same(void **state)
{
	struct scene s;
	struct action *a;

	start(&s, state);
	a = made_add(&s.r->made, ACTION_ASSERTION, "s.c", "select 1 as n", "");
	a->pre_ops = made_one(&s.r->made, "create table s.log as select 1");
	assert_non_null(strstr(attempt(&s, "s.c", 1), "does not hold"));
	assert_non_null(strstr(attempt(&s, "s.c", 2), "does not hold"));
	end(&s);
}

static void an_operation_goes_on_behind_its_last_statement(void **state)
{
	static const char *const broken[] = {"create table s.log (n integer)",
					     "insert into s.log values (1)",
					     "insert into s.log select nix",
					     NULL};
	struct scene s;
	struct action *a;

	start(&s, state);
	a = add_operation(&s, broken);
	assert_non_null(strstr(attempt(&s, "s.o", 1), "nix"));
	assert_true(str_is(s.out.statement, broken[2]));
	assert_false(s.out.is_bare);
	assert_string_equal(must_query(&s.t, claims), "1;2");
	a->queries.v[2] = STR("insert into s.log values (3)");
	assert_string_equal(attempt(&s, "s.o", 2),
			    "ok, 2 of 3 statements had been done "
			    "before");
	assert_string_equal(must_query(&s.t, "select n from s.log order by n"),
			    "1;3");
	end(&s);
}

static void a_claim_says_what_another_session_did(void **state)
{
	static const char *const sql[] = {"insert into s.log values (1)",
					  "insert into s.log values (2)", NULL};
	struct scene s;
	struct error err = {0};
	int64_t rows;

	start(&s, state);
	must_run(&s.t, "create table s.log (n integer)");
	add_operation(&s, sql);
	assert_true(s.t.w->ops->execute(
		s.t.w, ledger_claim(&s.ledger, s.t.arena, STR("s.o"), 1, 1),
		&rows, &err));
	assert_string_equal(attempt(&s, "s.o", 1),
			    "ok, 1 of 2 statements had been done "
			    "before");
	assert_string_equal(must_query(&s.t, "select n from s.log"), "2");
	end(&s);
}

struct parts_case {
	const char *sql[5];
	const char *claims; /* when it has ended */
};

/* A second attempt finds all done. */
static void check_parts(struct scene *s, const struct parts_case *c)
{
	must_run(&s->t, "delete from s.weir_steps");
	s->r->made.graph.nactions = 0;
	add_operation(s, c->sql);
	print_message("# %s\n", c->sql[0]);
	assert_string_equal(attempt(s, "s.o", 1), "ok");
	assert_false(s->out.is_bare);
	assert_string_equal(must_query(&s->t, claims), c->claims);
	assert_true(str_starts(str_of(attempt(s, "s.o", 2)), STR("ok, ")));
}

static void postgres_says_what_cannot_be_in_a_transaction(void **state)
{
	static const struct parts_case cases[] = {
		{{"vacuum s.log"}, "1"},
		{{"create index concurrently log_n on s.log (n)"}, "1"},
		{{"call s.commits()"}, "1"},
		{{"begin; insert into s.log values (7); commit"}, "1"},
		{{"begin", "insert into s.log values (7)", "commit"}, "1;2;3"},
		{{"begin", "insert into s.log values (5)", "rollback"},
		 "1;2;3"},
		{{"create temp table kept as select 7 as n",
		  "insert into s.log select n from kept"},
		 "1;2"},
		{{"set role pg_monitor", "select 1", "reset role"}, "1;2;3"},
		{{"set search_path = s", "insert into log values (9)"}, "1;2"},
	};
	struct scene s;

	start(&s, state);
	must_run(&s.t, "create table s.log (n integer);"
		       "create procedure s.commits() language plpgsql as "
		       "'begin insert into s.log values (8); commit; end'");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_parts(&s, &cases[i]);
	assert_string_equal(
		must_query(&s.t, "select n, count(*) from s.log group by n "
				 "order by n"),
		"7|3;8|1;9|1");
	end(&s);
}

/* A procedure may have committed before it failed; what is in a transaction of
 * the user's is undone. */
static void what_was_committed_in_part_is_not_tried_again(void **state)
{
	static const struct {
		const char *sql[4];
		bool in_doubt;
	} cases[] = {
		{{"call s.halfway()"}, true},
		{{"do $$ begin commit; perform 1/0; end $$"}, true},
		{{"begin; insert into s.log values (2); commit; select 1/0"},
		 true},
		{{"begin; insert into s.log values (2); select 1/0; commit"},
		 false},
		{{"begin", "insert into s.log select 1/0", "commit"}, false},
		{{"begin; commit; begin", "select 1/0", "commit"}, true},
	};
	struct scene s;

	start(&s, state);
	must_run(&s.t, "create table s.log (n integer);"
		       "create procedure s.halfway() language plpgsql as "
		       "'begin insert into s.log values (1); commit; "
		       "raise ''deadlock'' using errcode = ''40P01''; end'");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("# %s\n", cases[i].sql[0]);
		s.r->made.graph.nactions = 0;
		add_operation(&s, cases[i].sql);
		assert_string_not_equal(attempt(&s, "s.o", 1), "ok");
		assert_int_equal(s.out.is_bare, cases[i].in_doubt);
	}
	end(&s);
}

/* Without its claim it could be done twice: it is not done at all. */
static void what_cannot_be_claimed_for_now_is_not_done(void **state)
{
	static const char *const sql[] = {"insert into s.log values (1)", NULL};
	struct scene s;

	start(&s, state);
	must_run(&s.t, "create table s.log (n integer);"
		       "create function s.full() returns trigger "
		       "language plpgsql as 'begin raise ''disk full'' "
		       "using errcode = ''53100''; end';"
		       "create trigger full_disk before insert on s.weir_steps "
		       "execute function s.full()");
	add_operation(&s, sql);
	assert_string_equal(attempt(&s, "s.o", 1), "disk full");
	assert_false(s.out.is_bare);
	must_run(&s.t, "drop trigger full_disk on s.weir_steps");
	assert_string_equal(attempt(&s, "s.o", 2), "ok");
	assert_string_equal(must_query(&s.t, "select n from s.log"), "1");
	end(&s);
}

static void duckdb_says_what_cannot_be_in_a_transaction(void **state)
{
	static const struct parts_case cases[] = {
		{{"checkpoint"}, "1"},
		{{"attach ':memory:' as other",
		  "create table other.t as select 7 as n",
		  "insert into s.log select n from other.t",
		  "insert into other.t values (1)"},
		 "1;2;3;4"},
		{{"begin; insert into s.log values (7); commit"}, "1"},
		{{"begin", "insert into s.log values (7)", "commit"}, "1;2;3"},
		{{"begin", "insert into s.log values (5)", "rollback"},
		 "1;2;3"},
		{{"create temp table kept as select 7 as n",
		  "insert into s.log select n from kept"},
		 "1;2"},
		{{"use other", "create table here as select 1", "use test"},
		 "1;2;3"},
		{{"insert into s.log values (7); "
		  "insert into other.t values (1)"},
		 "1"},
	};
	struct scene s;

	start(&s, state);
	must_run(&s.t, "create table s.log (n integer)");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_parts(&s, &cases[i]);
	assert_string_equal(must_query(&s.t, "select n, count(*) from s.log "
					     "group by n"),
			    "7|5");
	assert_string_equal(
		must_query(&s.t, "select count(*) from other.main.t"), "3");
	end(&s);
}

/* A statement that is refused is not sent again without its transaction. */
static void what_is_wrong_is_wrong_once(void **state)
{
	static const char *const sql[] = {"insert into s.log values (1); "
					  "select nix",
					  NULL};
	struct scene s;

	start(&s, state);
	must_run(&s.t, "create table s.log (n integer)");
	add_operation(&s, sql);
	assert_non_null(strstr(attempt(&s, "s.o", 1), "nix"));
	assert_string_equal(must_query(&s.t, "select count(*) from s.log"),
			    "0");
	end(&s);
}

static void a_table_of_that_name_is_left_alone(void **state)
{
	struct scene s;
	struct error err = {0};

	start(&s, state);
	must_run(&s.t, "drop table s.weir_steps;"
		       "create table s.weir_steps (mine integer)");
	assert_false(ledger_make(&s.ledger, s.t.w, s.request.graph, s.t.arena,
				 &err));
	assert_int_equal(err.kind, ERROR_CONFIG);
	end(&s);
}

static void claims_of_long_ago_are_deleted(void **state)
{
	struct scene s;
	struct error err = {0};

	start(&s, state);
	must_run(&s.t, "insert into s.weir_steps values "
		       "('old', 's.o', 1, now() - interval '31 days'), "
		       "('new', 's.o', 2, now() - interval '29 days')");
	assert_true(ledger_make(&s.ledger, s.t.w, s.request.graph, s.t.arena,
				&err));
	assert_string_equal(must_query(&s.t, claims), "2");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(what_was_committed_is_not_done_again),
		ON_BOTH(an_incremental_table_is_not_filled_again),
		ON_BOTH(what_failed_is_not_claimed),
		ON_BOTH(a_limit_may_be_as_long_as_one_likes),
		ON_BOTH(an_assertion_is_counted_all_the_same),
		ON_BOTH(an_operation_goes_on_behind_its_last_statement),
		ON_POSTGRES(a_claim_says_what_another_session_did),
		ON_POSTGRES(postgres_says_what_cannot_be_in_a_transaction),
		ON_POSTGRES(what_was_committed_in_part_is_not_tried_again),
		ON_POSTGRES(what_cannot_be_claimed_for_now_is_not_done),
		ON_DUCKDB(duckdb_says_what_cannot_be_in_a_transaction),
		ON_POSTGRES(what_is_wrong_is_wrong_once),
		ON_BOTH(a_table_of_that_name_is_left_alone),
		ON_BOTH(claims_of_long_ago_are_deleted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
