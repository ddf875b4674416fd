/*
 * The director with a crew in a time of its own: what is tried again and when,
 * what has a time limit, and what a lost lock holds up.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "tests/unit/directed.h"

static void a_deadlock_is_tried_again_after_a_while(void **state)
{
	struct directed s;
	const struct step *t;

	(void)state;
	directed_start(&s);
	directed_break_t(&s, "40P01", 2);
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(s.nretries, 2);
	assert_true(s.waited_ms >= 250 + 500 && s.waited_ms <= 500 + 1000);
	t = directed_step(&s, "t");
	assert_int_equal(t->attempts, 3);
	assert_int_equal(t->error.kind, ERROR_NONE);
	assert_true(t->ended_ms - t->started_ms >= s.waited_ms);
	assert_int_equal(directed_step(&s, "v")->attempts, 1);
	assert_true(str_has(directed_file(&s, "results.json"),
			    STR("\"attempts\": 3")));
	assert_true(str_has(directed_file(&s, "journal.jsonl"),
			    STR("\"event\":\"retry\",\"name\":\"s.t\","
				"\"attempt\":2,")));
	directed_end(&s);
}

static void tries_have_a_limit(void **state)
{
	static const struct {
		const char *sqlstate;
		enum error_kind kind;
		int limit;
		uint32_t attempts;
	} cases[] = {
		{"40001", ERROR_SQL, 3, 4},     {"40001", ERROR_SQL, 0, 1},
		{"57P01", ERROR_LOST, 1, 2},    {"42601", ERROR_SQL, 3, 1},
		{"57014", ERROR_TIMEOUT, 3, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct directed s;

		directed_start(&s);
		directed_break_t(&s, cases[i].sqlstate, 0);
		s.fake.broken_how = cases[i].kind;
		s.options.retry_limit = cases[i].limit;
		assert_true(directed_run(&s));
		assert_int_equal(s.run.status, RUN_FAILED);
		assert_int_equal(directed_step(&s, "t")->attempts,
				 cases[i].attempts);
		assert_string_equal(directed_step(&s, "t")->error.sqlstate,
				    cases[i].sqlstate);
		assert_int_equal(directed_step(&s, "u")->status,
				 STATUS_SKIPPED);
		assert_int_equal(directed_step(&s, "v")->status, STATUS_OK);
		directed_end(&s);
	}
}

/* A table that is built anew may be built twice; what an operation commits by
 * itself may not be done twice. */
static void what_may_be_done_is_done_again_only_if_it_may(void **state)
{
	(void)state;
	for (int bare = 0; bare < 2; bare++) {
		struct directed s;

		directed_start(&s);
		made_add(&s.made, ACTION_OPERATION, "s.o",
			 "begin; select o; commit", "");
		s.fake.broken = bare ? "select o" : "select t";
		s.fake.broken_how = ERROR_LOST;
		s.fake.broken_times = 1;
		s.fake.in_doubt = true;
		assert_true(directed_run(&s));
		assert_int_equal(s.run.status, bare ? RUN_FAILED : RUN_OK);
		assert_int_equal(s.nretries, !bare);
		directed_end(&s);
	}
}

/* It was committed, but the answer was lost. */
static void what_to_do_is_decided_anew(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	directed_break_t(&s, "", 1);
	s.fake.broken_how = ERROR_LOST;
	s.fake.in_doubt = true;
	s.there_then = "0";
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(directed_step(&s, "t")->deed, DEED_REPLACE);
	assert_true(str_is(directed_step(&s, "t")->why, "built anew"));
	assert_int_equal(directed_step(&s, "u")->deed, DEED_CREATE);
	directed_end(&s);
}

static void an_interrupt_does_not_wait_for_another_try(void **state)
{
	struct directed s;
	int64_t ended;

	(void)state;
	directed_start(&s);
	directed_break_t(&s, "40P01", 0);
	s.interrupt_retry = true;
	assert_true(directed_run(&s));
	ended = s.run.ended_ms - s.run.started_ms;
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_int_equal(directed_step(&s, "t")->status, STATUS_CANCELLED);
	assert_true(ended < 100);
	directed_end(&s);
}

static void what_may_have_been_done_is_not_said_to_be_stopped(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	directed_break_t(&s, "", 0);
	s.fake.broken_how = ERROR_LOST;
	s.fake.in_doubt = true;
	s.interrupt_retry = true;
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_int_equal(directed_step(&s, "t")->status, STATUS_FAILED);
	assert_int_equal(directed_step(&s, "t")->error.kind, ERROR_LOST);
	directed_end(&s);
}

static void an_attempt_that_failed_does_not_clear_the_one_before(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	directed_break_t(&s, "40P01", 0);
	s.fake.in_doubt = s.sure_then = true;
	assert_true(directed_run(&s));
	assert_int_equal(s.nretries, 3);
	assert_true(directed_step(&s, "t")->error.in_doubt);
	assert_non_null(strstr(directed_step(&s, "t")->error.text,
			       "an earlier attempt may have been committed: "));
	directed_end(&s);
}

static void a_lost_lock_is_taken_again_before_anything_starts(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	s.options.jobs = 1;
	s.lose_at = "v";
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(s.run.nok, 3);
	/* Three tries in vain, the waits before and after them. */
	assert_true(directed_step(&s, "u")->started_ms - s.lost_ms >=
		    250 + 500 + 1000 + 2000);
	assert_true(str_has(s.run.notes.v[s.run.notes.n - 1],
			    STR("another took the lock again")));
	directed_end(&s);
}

static void a_lock_that_is_lost_again_is_one_note(void **state)
{
	struct directed s;
	size_t n;

	(void)state;
	directed_start(&s);
	s.options.jobs = 1;
	s.lose_at = "t";
	s.lose_next = "v";
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	n = s.run.notes.n;
	assert_true(str_has(s.run.notes.v[n - 1],
			    STR("another took the lock again, 2 times")));
	assert_true(n == 1 || !str_has(s.run.notes.v[n - 2], STR("lock")));
	directed_end(&s);
}

/* A limit on the size of files stands in for a full disk: the journal's start
 * fits. */
static bool run_on_a_full_disk(struct directed *s)
{
	struct rlimit before, small;
	bool ok;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 200;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	ok = directed_run(s);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_true(str_has(directed_file(s, "journal.jsonl"), STR("}\n")));
	return ok;
}

static void what_may_be_done_once_needs_its_plan_on_the_disk(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	assert_true(run_on_a_full_disk(&s));
	assert_int_equal(s.run.nok, 3);
	directed_end(&s);
	directed_start(&s);
	s.made.actions[made_id(&s.made, "s.t")].pre_ops =
		made_one(&s.made, "select");
	assert_false(run_on_a_full_disk(&s));
	assert_int_equal(s.err.kind, ERROR_IO);
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(directed_step(&s, "v")->started_ms, 0);
	directed_end(&s);
}

static void a_lock_that_another_run_took_ends_the_run(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	s.options.jobs = 1;
	s.lose_at = "v";
	s.taken_when_lost = true;
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(directed_step(&s, "v")->status, STATUS_OK);
	assert_int_equal(directed_step(&s, "u")->status, STATUS_CANCELLED);
	assert_true(str_has(s.run.notes.v[s.run.notes.n - 1],
			    STR("another run holds the lock")));
	directed_end(&s);
}

static void a_run_waits_for_a_server_that_starts(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	s.fake.starting = 3;
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_true(s.run.ended_ms - s.run.started_ms >= 250 + 500 + 1000);
	directed_end(&s);
	directed_start(&s);
	s.fake.starting = 4;
	assert_false(directed_run(&s));
	assert_int_equal(s.err.kind, ERROR_CONNECT);
	assert_string_equal(s.err.sqlstate, "57P03");
	directed_end(&s);
	directed_start(&s);
	s.fake.refuses = true;
	assert_false(directed_run(&s));
	assert_int_equal(s.run.ended_ms, s.run.started_ms);
	directed_end(&s);
}

static void an_action_has_a_time_limit(void **state)
{
	struct directed s;
	const struct step *t;

	(void)state;
	directed_start(&s);
	s.slow = "t";
	s.weir.timeout_ms = 1500;
	s.made.actions[made_id(&s.made, "s.t")].weir = &s.weir;
	assert_true(directed_run(&s));
	t = directed_step(&s, "t");
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(t->status, STATUS_FAILED);
	assert_int_equal(t->error.kind, ERROR_TIMEOUT);
	assert_string_equal(t->error.text, "it took longer than 1.5 s");
	assert_int_equal(t->ended_ms - t->started_ms, 1500);
	assert_int_equal(t->attempts, 1);
	assert_int_equal(directed_step(&s, "u")->status, STATUS_SKIPPED);
	assert_int_equal(directed_step(&s, "v")->status, STATUS_OK);
	directed_end(&s);
}

static void a_time_limit_counts_all_tries(void **state)
{
	struct directed s;
	const struct step *t;

	(void)state;
	directed_start(&s);
	directed_break_t(&s, "40001", 0);
	s.options.retry_limit = 100;
	s.weir.timeout_ms = 20000;
	s.made.actions[made_id(&s.made, "s.t")].weir = &s.weir;
	assert_true(directed_run(&s));
	t = directed_step(&s, "t");
	assert_int_equal(t->error.kind, ERROR_TIMEOUT);
	assert_int_equal(t->ended_ms - t->started_ms, 20000);
	assert_true(t->attempts > 3);
	directed_end(&s);
}

static void a_run_has_a_time_limit(void **state)
{
	struct directed s;
	const struct step *t;

	(void)state;
	directed_start(&s);
	s.slow = "t";
	s.options.timeout_ms = 2500;
	s.options.spent_ms = 500;
	assert_true(directed_run(&s));
	t = directed_step(&s, "t");
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(s.run.error.kind, ERROR_TIMEOUT);
	assert_string_equal(s.run.error.text, "the run took longer than 2.5 s");
	assert_int_equal(t->status, STATUS_FAILED);
	assert_int_equal(t->error.kind, ERROR_TIMEOUT);
	assert_true(t->ended_ms - s.run.started_ms < 2000 + 100);
	assert_int_equal(directed_step(&s, "v")->status, STATUS_OK);
	assert_true(str_has(directed_file(&s, "results.json"),
			    STR("\"code\": \"timeout\"")));
	directed_end(&s);
}

static void a_second_signal_leaves_but_not_without_results(void **state)
{
	struct directed s;
	const struct step *t;

	(void)state;
	directed_start(&s);
	s.slow = "t";
	s.crew.deaf = true;
	s.insist_at = "t";
	assert_true(directed_run(&s));
	assert_true(s.run.is_left);
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_true(s.run.ended_ms - s.run.started_ms <= 200);
	t = directed_step(&s, "t");
	assert_int_equal(t->status, STATUS_CANCELLED);
	assert_non_null(strstr(t->error.text, "not known what became of it"));
	assert_true(str_has(directed_file(&s, "results.json"),
			    STR("not known what became of it")));
	assert_true(str_has(directed_file(&s, "journal.jsonl"),
			    STR("\"event\":\"end\"")));
	fake_crew_end(&s.crew);
	fake_close_all(&s.fake);
	directed_end(&s);
}

static void what_is_left_is_in_doubt_if_it_may_be_done_twice(void **state)
{
	const struct str in_doubt = STR("\"inDoubt\"");

	(void)state;
	for (int bare = 0; bare < 2; bare++) {
		struct directed s;

		directed_start(&s);
		s.slow = "t";
		s.slow_is_bare = bare;
		s.crew.deaf = true;
		s.insist_at = "t";
		assert_true(directed_run(&s));
		assert_int_equal(directed_step(&s, "t")->in_doubt, bare);
		assert_int_equal(
			str_has(directed_file(&s, "results.json"), in_doubt),
			bare);
		assert_int_equal(
			str_has(directed_file(&s, "journal.jsonl"), in_doubt),
			bare);
		fake_crew_end(&s.crew);
		fake_close_all(&s.fake);
		directed_end(&s);
	}
}

/* Attempt 1 may have been committed; the time ends while the next one runs. */
static void a_time_limit_does_not_clear_doubt(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	directed_break_t(&s, "", 1);
	s.fake.broken_how = ERROR_LOST;
	s.fake.in_doubt = s.sure_then = true;
	s.slow = "t";
	s.weir.timeout_ms = 15000;
	s.made.actions[made_id(&s.made, "s.t")].weir = &s.weir;
	assert_true(directed_run(&s));
	assert_int_equal(directed_step(&s, "t")->error.kind, ERROR_TIMEOUT);
	assert_int_equal(directed_step(&s, "t")->attempts, 2);
	assert_true(directed_step(&s, "t")->error.in_doubt);
	directed_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deadlock_is_tried_again_after_a_while),
		cmocka_unit_test(tries_have_a_limit),
		cmocka_unit_test(what_may_be_done_is_done_again_only_if_it_may),
		cmocka_unit_test(what_to_do_is_decided_anew),
		cmocka_unit_test(an_interrupt_does_not_wait_for_another_try),
		cmocka_unit_test(
			what_may_have_been_done_is_not_said_to_be_stopped),
		cmocka_unit_test(
			an_attempt_that_failed_does_not_clear_the_one_before),
		cmocka_unit_test(
			a_lost_lock_is_taken_again_before_anything_starts),
		cmocka_unit_test(a_lock_that_is_lost_again_is_one_note),
		cmocka_unit_test(
			what_may_be_done_once_needs_its_plan_on_the_disk),
		cmocka_unit_test(a_lock_that_another_run_took_ends_the_run),
		cmocka_unit_test(a_run_waits_for_a_server_that_starts),
		cmocka_unit_test(an_action_has_a_time_limit),
		cmocka_unit_test(a_time_limit_counts_all_tries),
		cmocka_unit_test(a_run_has_a_time_limit),
		cmocka_unit_test(
			a_second_signal_leaves_but_not_without_results),
		cmocka_unit_test(
			what_is_left_is_in_doubt_if_it_may_be_done_twice),
		cmocka_unit_test(a_time_limit_does_not_clear_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
