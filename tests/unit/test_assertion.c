/* What the rows that break an assertion mean to a run, and what becomes of
 * them: the same on DuckDB and PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "runtime/perform/assertion.h"
#include "runtime/record/journal_read.h"
#include "runtime/sql/sql.h"
#include "tests/unit/real_run.h"

static struct weir_options *options(struct real *r, struct action *a)
{
	struct weir_options *o =
		ARENA_NEW(r->made.arena, struct weir_options, 1);

	o->warn_above = o->fail_above = -1;
	a->weir = o;
	return o;
}

/* Three rows break it; a view waits for it. */
static struct action *broken(struct real *r)
{
	struct action *a = made_add(
		&r->made, ACTION_ASSERTION, "checks.a",
		"select g as n from generate_series(1, 3) as t(g)", "");

	made_add(&r->made, ACTION_VIEW, "s.after", "select 1 as n", "checks.a");
	return a;
}

static void limits_decide_what_rows_mean(void **state)
{
	static const struct {
		bool only_warns;
		int64_t warn, fail, rows;
		enum verdict verdict;
	} cases[] = {
		{false, -1, -1, 0, VERDICT_HOLDS},
		{false, -1, -1, 1, VERDICT_FAILS},
		{false, -1, 10, 0, VERDICT_HOLDS},
		{false, -1, 10, 1, VERDICT_WARNS},
		{false, -1, 10, 10, VERDICT_WARNS},
		{false, -1, 10, 11, VERDICT_FAILS},
		{false, 5, 10, 5, VERDICT_HOLDS},
		{false, 5, 10, 6, VERDICT_WARNS},
		{false, 10, 10, 10, VERDICT_HOLDS},
		{false, 10, 10, 11, VERDICT_FAILS},
		{true, -1, -1, 0, VERDICT_HOLDS},
		{true, -1, -1, 1, VERDICT_WARNS},
		{true, 5, -1, 5, VERDICT_HOLDS},
		{true, 5, 10, 1000, VERDICT_WARNS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct weir_options o = {
			.only_warns = cases[i].only_warns,
			.warn_above = cases[i].warn,
			.fail_above = cases[i].fail,
		};
		const struct action a = {.weir = &o};

		if (assertion_judge(&a, cases[i].rows) != cases[i].verdict)
			fail_msg("case %zu", i);
	}
}

static void a_warning_holds_nothing_back(void **state)
{
	struct real *r = real_or_skip(state);
	const struct step *s;
	struct buf json = {0};

	options(r, broken(r))->only_warns = true;
	real_run(r);
	s = real_step(r, "checks.a");
	assert_string_equal(real_status(r, "checks.a"), "ok");
	assert_string_equal(step_outcome_name(s), "warn");
	assert_int_equal(s->rows, 3);
	assert_int_equal(s->sample.nrows, 3);
	assert_string_equal(real_status(r, "s.after"), "ok");
	assert_int_equal(r->run.status, RUN_OK);
	results_print(&r->run, &json);
	assert_non_null(strstr(json.p, "\"status\": \"warn\""));
	assert_non_null(strstr(json.p, "\"ok\": 1,"));
	assert_non_null(strstr(json.p, "\"warn\": 1"));
	buf_free(&json);
}

static void a_warning_is_done_to_who_reads_the_journal(void **state)
{
	struct real *r = real_or_skip(state);
	struct past_run past;
	const struct past_action *a;

	options(r, broken(r))->only_warns = true;
	real_run(r);
	assert_true(journal_read(
		arena_printf(r->made.arena, "%s/.weir/runs/%.*s/journal.jsonl",
			     r->root, STR_ARG(r->run.id))
			.p,
		r->made.arena, &past, &r->err));
	a = map_get(&past.by_name, STR("checks.a"));
	assert_true(str_is(a->status, "warn"));
	assert_true(past_is_done(a));
}

static void a_few_rows_warn_and_more_fail(void **state)
{
	struct real *r = real_or_skip(state);
	struct weir_options *o = options(r, broken(r));

	o->fail_above = 3;
	real_run(r);
	assert_string_equal(step_outcome_name(real_step(r, "checks.a")),
			    "warn");
	o->warn_above = 3;
	real_run(r);
	assert_string_equal(step_outcome_name(real_step(r, "checks.a")), "ok");
	assert_int_equal(real_step(r, "checks.a")->sample.nrows, 0);
	o->warn_above = o->fail_above = 2;
	real_run(r);
	assert_string_equal(real_status(r, "checks.a"),
			    "failed: the assertion does not hold: 3 rows break "
			    "it, and 2 may");
	assert_int_equal(real_step(r, "s.after")->status, STATUS_SKIPPED);
}

static void all_rows_are_stored_until_it_holds(void **state)
{
	static const char look[] =
		"select n, weir_run from checks.weir_failed_a order by n";
	struct real *r = real_or_skip(state);
	struct action *a = broken(r);
	struct arena *arena = r->made.arena;
	const char *wanted;

	options(r, a)->store_failures = true;
	real_run(r);
	assert_int_equal(real_step(r, "checks.a")->status, STATUS_FAILED);
	assert_true(str_is(real_step(r, "checks.a")->stored,
			   "checks.weir_failed_a"));
	a->query = STR("select 7 as n");
	real_run(r);
	wanted = arena_printf(arena, "7|%.*s", STR_ARG(r->run.id)).p;
	assert_string_equal(real_ask(r, look), wanted);
	a->query = STR("select 7 as n where false");
	real_run_ok(r, "checks.a");
	assert_null(real_step(r, "checks.a")->stored.p);
	assert_string_equal(
		real_ask(r, "select count(*) from information_schema.tables "
			    "where table_name = 'weir_failed_a'"),
		"0");
}

static void rows_that_cannot_be_stored_are_a_note(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = broken(r);

	options(r, a)->store_failures = true;
	a->query = STR("select 7 as n");
	real_do(r, "create schema if not exists checks");
	real_do(r, "create view checks.weir_failed_a as select 1 as n");
	real_run(r);
	assert_string_equal(
		real_status(r, "checks.a"),
		"failed: the assertion does not hold: 1 row breaks it");
	assert_int_equal(real_step(r, "checks.a")->notes.n, 1);
	assert_true(str_starts(real_step(r, "checks.a")->notes.v[0],
			       STR("the rows that break it could not be "
				   "stored: ")));
}

static void tables_of_long_names_differ_within_63_bytes(void **state)
{
	struct arena *arena = arena_new();
	struct action a = {
		.target = {.name = STR("orders_with_a_name_that_takes_all_of_"
				       "63_bytes_assertions_1_x")}};
	struct action b = {
		.target = {.name = STR("orders_with_a_name_that_takes_all_of_"
				       "63_bytes_assertions_1_y")}};
	struct str one = sql_failures_table(&dialect_postgres, arena, &a).name;
	struct str two = sql_failures_table(&dialect_postgres, arena, &b).name;

	(void)state;
	assert_int_equal(one.n, 63);
	assert_true(str_starts(one, STR("weir_failed_orders_with_a_name")));
	assert_false(str_eq(one, two));
	arena_free(arena);
}

/* The table s.t, audited, and an assertion about it that is also a step. */
static struct action *audited(struct real *r, enum action_type type,
			      const char *assertion)
{
	struct action *t = made_add(&r->made, type, "s.t", "select 1 as n", "");

	options(r, t)->audit = true;
	made_add(&r->made, ACTION_ASSERTION, "checks.a", assertion, "s.t");
	return t;
}

static const char rows_of_t[] = "select n from s.t order by n";

static void check_refused(struct real *r, const char *status)
{
	assert_string_equal(real_status(r, "s.t"), status);
	assert_int_equal(real_step(r, "checks.a")->status, STATUS_SKIPPED);
}

static void a_table_is_published_only_if_its_assertions_hold(void **state)
{
	/* The table's name as weir writes it, bare as an alias, or as the user
	 * does. */
	static const char *const assertions[] = {
		"select * from \"s\".\"t\" where n > 1 -- none",
		"select t.n from \"s\".\"t\" where t.n > 1",
		"with t as (select * from \"s\".\"t\") "
		"select * from t where n > 1",
		"select x.n from \"s\".\"t\" as x, s.t where x.n = t.n "
		"and x.n > 1",
		"select n from s.t where n > 1",
	};
	struct real *r = real_or_skip(state);
	struct action *t = audited(r, ACTION_TABLE, "");
	struct action *a = &r->made.actions[made_id(&r->made, "checks.a")];

	for (size_t i = 0; i < sizeof(assertions) / sizeof(*assertions); i++) {
		a->query = str_of(assertions[i]);
		t->query = STR("select 1 as n");
		real_run_ok(r, "s.t");
		assert_string_equal(real_status(r, "checks.a"), "ok");
		t->query = STR("select 2 as n union all select 3");
		real_run(r);
		check_refused(r, "failed: checks.a does not hold: 2 rows break "
				 "it");
		assert_int_equal(real_step(r, "s.t")->sample.nrows, 2);
		assert_string_equal(real_ask(r, rows_of_t), "1");
	}
	t->query = STR("select 0 as n");
	real_run(r);
	assert_string_equal(real_ask(r, rows_of_t), "0");
}

/* One connection does both. */
static void what_comes_after_a_refused_table_is_made(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *t = audited(r, ACTION_INCREMENTAL,
				   "select * from \"s\".\"t\" where n > 1");

	real_run(r);
	r->options.jobs = 1;
	made_add(&r->made, ACTION_TABLE, "s.z", "select 5 as n", "");
	t->incremental_query = STR("select 2 as n");
	real_run(r);
	check_refused(r, "failed: checks.a does not hold: 1 row breaks it");
	assert_string_equal(real_status(r, "s.z"), "ok");
	assert_string_equal(real_ask(r, "select n from s.z"), "5");
	assert_string_equal(real_ask(r, rows_of_t), "1");
}

static void what_post_operations_did_is_audited(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *t = audited(r, ACTION_TABLE,
				   "select * from \"s\".\"t\" where n > 1");

	real_run(r);
	t->post_ops = made_one(&r->made, "insert into s.t values (2)");
	real_run(r);
	check_refused(r, "failed: checks.a does not hold: 1 row breaks it");
	assert_string_equal(real_ask(r, rows_of_t), "1");
}

static void a_first_table_that_breaks_an_assertion_is_not_there(void **state)
{
	struct real *r = real_or_skip(state);

	audited(r, ACTION_TABLE, "select * from \"s\".\"t\"");
	real_run(r);
	check_refused(r, "failed: checks.a does not hold: 1 row breaks it");
	assert_string_equal(
		real_ask(r, "select count(*) from information_schema.tables "
			    "where table_schema = 's'"),
		"0");
}

static void rows_that_break_an_assertion_are_not_added(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *t = audited(r, ACTION_INCREMENTAL,
				   "select n from \"s\".\"t\" "
				   "group by n having count(*) > 1");

	real_run(r);
	t->incremental_query = STR("select 1 as n union all select 2");
	real_run(r);
	check_refused(r, "failed: checks.a does not hold: 1 row breaks it");
	assert_string_equal(real_ask(r, rows_of_t), "1");
	t->incremental_query = STR("select 2 as n");
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, rows_of_t), "1;2");
}

static void columns_are_not_added_where_an_assertion_breaks(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *t = audited(r, ACTION_INCREMENTAL,
				   "select n from \"s\".\"t\" where n > 1");

	real_run(r);
	t->on_schema_change = ON_CHANGE_EXTEND;
	t->incremental_query = STR("select 2 as n, 3 as more");
	real_run(r);
	check_refused(r, "failed: checks.a does not hold: 1 row breaks it");
	assert_string_equal(real_ask(r, "select * from s.t"), "1");
	t->incremental_query = STR("select 0 as n, 3 as more");
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, "select * from s.t order by n"),
			    "0|3;1|NULL");
}

static void a_warning_does_not_keep_a_table_back(void **state)
{
	struct real *r = real_or_skip(state);

	audited(r, ACTION_TABLE, "select * from \"s\".\"t\"");
	options(r, &r->made.actions[made_id(&r->made, "checks.a")])
		->only_warns = true;
	real_run_ok(r, "s.t");
	assert_true(step_has_warned(real_step(r, "checks.a")));
	assert_true(str_is(r->run.notes.v[0],
			   "s.t is not audited: no assertion about it can fail "
			   "before it is published"));
}

static void an_assertion_on_later_tables_is_asked_later(void **state)
{
	struct real *r = real_or_skip(state);

	options(r, made_add(&r->made, ACTION_TABLE, "s.t", "select 1 as n", ""))
		->audit = true;
	made_add(&r->made, ACTION_TABLE, "s.u", "select 1 as n", "s.t");
	made_add(&r->made, ACTION_ASSERTION, "checks.a",
		 "select n from \"s\".\"t\" except select n from "
		 "\"s\".\"u\"",
		 "s.t s.u");
	real_run_ok(r, "s.t");
	assert_string_equal(real_status(r, "checks.a"), "ok");
}

/* Its view would not be there yet, or show the table that was there before. */
static void an_assertion_on_another_one_is_asked_later(void **state)
{
	struct real *r = real_or_skip(state);

	audited(r, ACTION_TABLE, "select n from \"s\".\"t\" where n > 1");
	made_add(&r->made, ACTION_ASSERTION, "checks.b",
		 "select a.n from \"checks\".\"a\" as a, \"s\".\"t\" as t",
		 "checks.a s.t");
	for (int i = 0; i < 2; i++) {
		real_run_ok(r, "s.t");
		assert_string_equal(real_status(r, "checks.b"), "ok");
		assert_int_equal(r->run.notes.n, 1);
		assert_true(str_is(r->run.notes.v[0],
				   "s.t is published before checks.b is asked, "
				   "which needs what is made after it"));
	}
}

static const char *why(struct real *r, const char *name)
{
	return arena_printf(r->made.arena, "%s\n%s",
			    real_step(r, name)->error.text,
			    real_step(r, name)->error.hint)
		.p;
}

static void a_failed_audit_says_what_is_undone(void **state)
{
	struct real *r = real_or_skip(state);

	audited(r, ACTION_TABLE, "select * from \"s\".\"t\"");
	options(r, &r->made.actions[made_id(&r->made, "checks.a")])
		->store_failures = true;
	real_run(r);
	assert_string_equal(why(r, "s.t"),
			    "checks.a does not hold: 1 row breaks it\n"
			    "nothing was published: what was there before is "
			    "there still");
	assert_int_equal(real_step(r, "s.t")->notes.n, 1);
	assert_true(str_is(real_step(r, "s.t")->notes.v[0],
			   "the rows that break checks.a are not stored: they "
			   "are undone with the rest"));
}

static void a_failed_audit_of_a_window_undoes_an_interval(void **state)
{
	static const char query[] =
		"select " RUN_START_MARKER " as ts, case when " RUN_START_MARKER
		" >= timestamptz '2026-01-01 02:00:00+00' then 2 else 1 end as "
		"n";
	struct real *r = real_or_skip(state);
	struct action *t = audited(r, ACTION_INCREMENTAL,
				   "select * from \"s\".\"t\" where n > 1");
	struct weir_options *o = options(r, t);

	t->query = t->incremental_query = STR(query);
	o->audit = true;
	o->strategy = WEIR_WINDOW;
	o->time_column = STR("ts");
	o->interval_ms = 3600000;
	o->start_ms = 1767225600000; /* 2026-01-01 */
	real_run_at(r, "2026-01-01 01:10");
	assert_string_equal(real_status(r, "s.t"), "ok");
	real_run_at(r, "2026-01-01 03:10");
	assert_string_equal(why(r, "s.t"),
			    "checks.a does not hold: 1 row breaks it\n"
			    "nothing of this interval was published: intervals "
			    "that were done before stay as they are");
	assert_string_equal(real_ask(r, "select n, count(*) from s.t "
					"group by n order by n"),
			    "1|2");
}

static void an_assertion_that_cannot_be_asked_is_named(void **state)
{
	struct real *r = real_or_skip(state);

	audited(r, ACTION_TABLE, "select nope from \"s\".\"t\"");
	real_run(r);
	assert_true(str_starts(
		str_of(real_status(r, "s.t")),
		STR("failed: the assertion checks.a cannot be asked: ")));
	assert_true(str_has(str_of(real_status(r, "s.t")), STR("nope")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_decide_what_rows_mean),
		cmocka_unit_test(tables_of_long_names_differ_within_63_bytes),
		ON_BOTH(a_warning_holds_nothing_back),
		ON_BOTH(a_warning_is_done_to_who_reads_the_journal),
		ON_BOTH(a_few_rows_warn_and_more_fail),
		ON_BOTH(all_rows_are_stored_until_it_holds),
		ON_BOTH(rows_that_cannot_be_stored_are_a_note),
		ON_BOTH(a_table_is_published_only_if_its_assertions_hold),
		ON_BOTH(what_comes_after_a_refused_table_is_made),
		ON_BOTH(what_post_operations_did_is_audited),
		ON_BOTH(a_first_table_that_breaks_an_assertion_is_not_there),
		ON_BOTH(rows_that_break_an_assertion_are_not_added),
		ON_BOTH(columns_are_not_added_where_an_assertion_breaks),
		ON_BOTH(a_warning_does_not_keep_a_table_back),
		ON_BOTH(an_assertion_on_later_tables_is_asked_later),
		ON_BOTH(an_assertion_on_another_one_is_asked_later),
		ON_BOTH(a_failed_audit_says_what_is_undone),
		ON_BOTH(a_failed_audit_of_a_window_undoes_an_interval),
		ON_BOTH(an_assertion_that_cannot_be_asked_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
