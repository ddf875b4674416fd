/*
 * The director with a crew in a time of its own: what is tried again and when,
 * what has a time limit, what a lost lock holds up, and steps in pieces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/unit/fake_crew.h"
#include "tests/unit/fake_warehouse.h"
#include "tests/unit/graph_maker.h"

struct scene {
	struct made made;
	struct fake fake;
	struct fake_crew crew;
	struct connector connector;
	struct weir_options weir;
	struct run_options options;
	struct run_observer observer;
	struct run run;
	struct error err;
	char root[32];
	atomic_int interrupted, insisted;
	const char *pieces_of;  /* this action is done in 5 pieces */
	bool in_turn;           /* ... one after another */
	const char *slow;       /* this action takes 10 s */
	const char *there_then; /* after an attempt that failed */
	bool interrupt_retry;   /* when one is told */
	bool sure_then;      /* of those behind it, it is known what they did */
	const char *lose_at; /* when this action starts, the lock is lost */
	bool taken_when_lost; /* ... by another run */
	int64_t lost_ms;      /* when it was */
	const char *interrupt_at, *insist_at;
	int nretries;
	int64_t waited_ms;
};

static bool is_named(const struct run *r, uint32_t step, const char *name)
{
	uint32_t action = r->steps[step].action;

	return name && str_is(r->graph->actions[action].target.name, name);
}

static void planned(void *ctx, const struct run *r)
{
	struct scene *s = ctx;

	for (uint32_t i = 0; i < r->nsteps; i++)
		if (is_named(r, i, s->pieces_of)) {
			r->steps[i].npieces = 5;
			r->steps[i].in_turn = s->in_turn;
		}
}

static void changed(void *ctx, const struct run *r, uint32_t step)
{
	struct scene *s = ctx;

	if (r->steps[step].status != STATUS_RUNNING)
		return;
	assert_int_equal(s->fake.starting, 0);
	if (is_named(r, step, s->lose_at)) {
		s->fake.lost = true;
		s->fake.starting = 3;
		s->lost_ms = s->crew.now_ms;
		s->lose_at = NULL;
		s->fake.lock_is_taken = s->taken_when_lost;
	}
	if (is_named(r, step, s->interrupt_at))
		s->interrupted = SIGINT;
	if (is_named(r, step, s->insist_at))
		s->interrupted = s->insisted = 1;
}

static void retrying(void *ctx, const struct run *r, const struct retry *t)
{
	struct scene *s = ctx;

	assert_int_equal(r->steps[t->step].status, STATUS_RUNNING);
	assert_int_equal(t->attempt, s->nretries + 1);
	assert_int_not_equal(t->error->kind, ERROR_NONE);
	s->nretries++;
	s->waited_ms += t->wait_ms;
	if (s->sure_then)
		s->fake.in_doubt = false;
	if (s->interrupt_retry)
		s->interrupted = SIGINT;
	s->fake.there = s->there_then;
}

static void tick(void *ctx, const struct run *r)
{
	(void)ctx;
	assert_true(r->nrunning > 0);
}

static int64_t takes_ms(void *ctx, const struct job *j)
{
	struct scene *s = ctx;

	return is_named(&s->run, j->step, s->slow) ? 10000 : 1;
}

/* t - u, and v alone */
static void start(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	made_start(&s->made, &dialect_postgres);
	made_add(&s->made, ACTION_TABLE, "s.t", "select t", "");
	made_add(&s->made, ACTION_TABLE, "s.u", "select u", "s.t");
	made_add(&s->made, ACTION_TABLE, "s.v", "select v", "");
	s->connector = fake_start(&s->fake, &s->made.profile);
	fake_crew_start(&s->crew, &s->fake, &s->connector);
	s->crew.takes_ms = takes_ms;
	s->crew.ctx = s;
	snprintf(s->root, sizeof(s->root), "/tmp/weir-test-XXXXXX");
	assert_non_null(mkdtemp(s->root));
	s->made.graph.root = s->root;
	s->options.selected = s->made.selected;
	s->options.jobs = 3;
	s->options.retry_limit = 3;
	s->options.interrupted = &s->interrupted;
	s->options.insisted = &s->insisted;
	s->observer = (struct run_observer){
		.ctx = s,
		.planned = planned,
		.changed = changed,
		.retrying = retrying,
		.tick = tick,
	};
}

static bool run(struct scene *s)
{
	return run_graph_over(&s->connector, &s->made.graph, &s->options,
			      &s->observer, s->made.arena, &s->run, &s->err);
}

static void end(struct scene *s)
{
	const char *command =
		arena_printf(s->made.arena, "rm -rf '%s'", s->root).p;

	fake_end(&s->fake);
	assert_int_equal(system(command), 0);
	made_end(&s->made);
}

static const struct step *step_of(const struct scene *s, const char *name)
{
	for (uint32_t i = 0; i < s->run.nsteps; i++)
		if (is_named(&s->run, i, name))
			return &s->run.steps[i];
	fail_msg("no step for %s", name);
	return NULL;
}

static struct str file_of(struct scene *s, const char *name)
{
	struct error err = {0};
	struct str text;
	const char *path = arena_printf(s->made.arena, "%s/.weir/runs/%s/%s",
					s->root, s->run.id.p, name)
				   .p;

	assert_true(file_read(path, 1 << 20, s->made.arena, &text, &err));
	return text;
}

static void break_t(struct scene *s, const char *sqlstate, int times)
{
	s->fake.broken = "select t";
	s->fake.sqlstate = sqlstate;
	s->fake.broken_times = times;
}

static void a_deadlock_is_tried_again_after_a_while(void **state)
{
	struct scene s;
	const struct step *t;

	(void)state;
	start(&s);
	break_t(&s, "40P01", 2);
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(s.nretries, 2);
	assert_true(s.waited_ms >= 250 + 500 && s.waited_ms <= 500 + 1000);
	t = step_of(&s, "t");
	assert_int_equal(t->attempts, 3);
	assert_int_equal(t->error.kind, ERROR_NONE);
	assert_true(t->ended_ms - t->started_ms >= s.waited_ms);
	assert_int_equal(step_of(&s, "v")->attempts, 1);
	assert_true(
		str_has(file_of(&s, "results.json"), STR("\"attempts\": 3")));
	assert_true(str_has(file_of(&s, "journal.jsonl"),
			    STR("\"event\":\"retry\",\"name\":\"s.t\","
				"\"attempt\":2,")));
	end(&s);
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
		struct scene s;

		start(&s);
		break_t(&s, cases[i].sqlstate, 0);
		s.fake.broken_how = cases[i].kind;
		s.options.retry_limit = cases[i].limit;
		assert_true(run(&s));
		assert_int_equal(s.run.status, RUN_FAILED);
		assert_int_equal(step_of(&s, "t")->attempts, cases[i].attempts);
		assert_string_equal(step_of(&s, "t")->error.sqlstate,
				    cases[i].sqlstate);
		assert_int_equal(step_of(&s, "u")->status, STATUS_SKIPPED);
		assert_int_equal(step_of(&s, "v")->status, STATUS_OK);
		end(&s);
	}
}

/* A table that is built anew may be built twice; what an operation commits by
 * itself may not be done twice. */
static void what_may_be_done_is_done_again_only_if_it_may(void **state)
{
	(void)state;
	for (int bare = 0; bare < 2; bare++) {
		struct scene s;

		start(&s);
		made_add(&s.made, ACTION_OPERATION, "s.o",
			 "begin; select o; commit", "");
		s.fake.broken = bare ? "select o" : "select t";
		s.fake.broken_how = ERROR_LOST;
		s.fake.broken_times = 1;
		s.fake.in_doubt = true;
		assert_true(run(&s));
		assert_int_equal(s.run.status, bare ? RUN_FAILED : RUN_OK);
		assert_int_equal(s.nretries, !bare);
		end(&s);
	}
}

/* It was committed, but the answer was lost. */
static void what_to_do_is_decided_anew(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	break_t(&s, "", 1);
	s.fake.broken_how = ERROR_LOST;
	s.fake.in_doubt = true;
	s.there_then = "0";
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(step_of(&s, "t")->deed, DEED_REPLACE);
	assert_true(str_is(step_of(&s, "t")->why, "built anew"));
	assert_int_equal(step_of(&s, "u")->deed, DEED_CREATE);
	end(&s);
}

static void an_interrupt_does_not_wait_for_another_try(void **state)
{
	struct scene s;
	int64_t ended;

	(void)state;
	start(&s);
	break_t(&s, "40P01", 0);
	s.interrupt_retry = true;
	assert_true(run(&s));
	ended = s.run.ended_ms - s.run.started_ms;
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_int_equal(step_of(&s, "t")->status, STATUS_CANCELLED);
	assert_true(ended < 100);
	end(&s);
}

static void what_may_have_been_done_is_not_said_to_be_stopped(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	break_t(&s, "", 0);
	s.fake.broken_how = ERROR_LOST;
	s.fake.in_doubt = true;
	s.interrupt_retry = true;
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_int_equal(step_of(&s, "t")->status, STATUS_FAILED);
	assert_int_equal(step_of(&s, "t")->error.kind, ERROR_LOST);
	end(&s);
}

static void an_attempt_that_failed_does_not_clear_the_one_before(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	break_t(&s, "40P01", 0);
	s.fake.in_doubt = s.sure_then = true;
	assert_true(run(&s));
	assert_int_equal(s.nretries, 3);
	assert_true(step_of(&s, "t")->error.in_doubt);
	assert_non_null(strstr(step_of(&s, "t")->error.text,
			       "an earlier attempt may have been committed: "));
	end(&s);
}

static void a_lost_lock_is_taken_again_before_anything_starts(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.options.jobs = 1;
	s.lose_at = "v";
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(s.run.nok, 3);
	/* Three tries in vain, the waits before and after them. */
	assert_true(step_of(&s, "u")->started_ms - s.lost_ms >=
		    250 + 500 + 1000 + 2000);
	assert_true(str_has(s.run.notes.v[s.run.notes.n - 1],
			    STR("another took the lock again")));
	end(&s);
}

static void a_lock_that_another_run_took_ends_the_run(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.options.jobs = 1;
	s.lose_at = "v";
	s.taken_when_lost = true;
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(step_of(&s, "v")->status, STATUS_OK);
	assert_int_equal(step_of(&s, "u")->status, STATUS_CANCELLED);
	assert_true(str_has(s.run.notes.v[s.run.notes.n - 1],
			    STR("another run holds the lock")));
	end(&s);
}

static void a_run_waits_for_a_server_that_starts(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.fake.starting = 3;
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_true(s.run.ended_ms - s.run.started_ms >= 250 + 500 + 1000);
	end(&s);
	start(&s);
	s.fake.starting = 4;
	assert_false(run(&s));
	assert_int_equal(s.err.kind, ERROR_CONNECT);
	assert_string_equal(s.err.sqlstate, "57P03");
	end(&s);
	start(&s);
	s.fake.refuses = true;
	assert_false(run(&s));
	assert_int_equal(s.run.ended_ms, s.run.started_ms);
	end(&s);
}

static void an_action_has_a_time_limit(void **state)
{
	struct scene s;
	const struct step *t;

	(void)state;
	start(&s);
	s.slow = "t";
	s.weir.timeout_ms = 1500;
	s.made.actions[made_id(&s.made, "s.t")].weir = &s.weir;
	assert_true(run(&s));
	t = step_of(&s, "t");
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(t->status, STATUS_FAILED);
	assert_int_equal(t->error.kind, ERROR_TIMEOUT);
	assert_string_equal(t->error.text, "it took longer than 1.5 s");
	assert_int_equal(t->ended_ms - t->started_ms, 1500);
	assert_int_equal(t->attempts, 1);
	assert_int_equal(step_of(&s, "u")->status, STATUS_SKIPPED);
	assert_int_equal(step_of(&s, "v")->status, STATUS_OK);
	end(&s);
}

static void a_time_limit_counts_all_tries(void **state)
{
	struct scene s;
	const struct step *t;

	(void)state;
	start(&s);
	break_t(&s, "40001", 0);
	s.options.retry_limit = 100;
	s.weir.timeout_ms = 20000;
	s.made.actions[made_id(&s.made, "s.t")].weir = &s.weir;
	assert_true(run(&s));
	t = step_of(&s, "t");
	assert_int_equal(t->error.kind, ERROR_TIMEOUT);
	assert_int_equal(t->ended_ms - t->started_ms, 20000);
	assert_true(t->attempts > 3);
	end(&s);
}

static void a_run_has_a_time_limit(void **state)
{
	struct scene s;
	const struct step *t;

	(void)state;
	start(&s);
	s.slow = "t";
	s.options.timeout_ms = 2500;
	s.options.spent_ms = 500;
	assert_true(run(&s));
	t = step_of(&s, "t");
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(s.run.error.kind, ERROR_TIMEOUT);
	assert_string_equal(s.run.error.text, "the run took longer than 2.5 s");
	assert_int_equal(t->status, STATUS_FAILED);
	assert_int_equal(t->error.kind, ERROR_TIMEOUT);
	assert_true(t->ended_ms - s.run.started_ms < 2000 + 100);
	assert_int_equal(step_of(&s, "v")->status, STATUS_OK);
	assert_true(str_has(file_of(&s, "results.json"),
			    STR("\"code\": \"timeout\"")));
	end(&s);
}

static void a_second_signal_leaves_but_not_without_results(void **state)
{
	struct scene s;
	const struct step *t;

	(void)state;
	start(&s);
	s.slow = "t";
	s.crew.deaf = true;
	s.insist_at = "t";
	assert_true(run(&s));
	assert_true(s.run.is_left);
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_true(s.run.ended_ms - s.run.started_ms <= 200);
	t = step_of(&s, "t");
	assert_int_equal(t->status, STATUS_CANCELLED);
	assert_non_null(strstr(t->error.text, "not known what became of it"));
	assert_true(str_has(file_of(&s, "results.json"),
			    STR("not known what became of it")));
	assert_true(str_has(file_of(&s, "journal.jsonl"),
			    STR("\"event\":\"end\"")));
	fake_crew_end(&s.crew);
	fake_close_all(&s.fake);
	end(&s);
}

static void pieces_run_at_once_or_in_turn(void **state)
{
	(void)state;
	for (int in_turn = 0; in_turn < 2; in_turn++) {
		struct scene s;

		start(&s);
		s.pieces_of = "u";
		s.in_turn = in_turn;
		s.slow = "u";
		assert_true(run(&s));
		assert_int_equal(s.run.status, RUN_OK);
		assert_int_equal(step_of(&s, "u")->rows, 5 * 7);
		assert_int_equal(s.run.ndone, 3);
		assert_int_equal(step_of(&s, "u")->ended_ms -
					 step_of(&s, "u")->started_ms,
				 in_turn ? 50000 : 20000);
		assert_int_equal(s.crew.nhanded, 2 + 5);
		assert_int_equal(s.crew.most_at_once, in_turn ? 2 : 3);
		end(&s);
	}
}

static void after_a_piece_that_failed_no_other_is_begun(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.pieces_of = "t";
	break_t(&s, "42601", 1);
	assert_true(run(&s));
	assert_int_equal(step_of(&s, "t")->status, STATUS_FAILED);
	assert_string_equal(step_of(&s, "t")->error.sqlstate, "42601");
	assert_int_equal(step_of(&s, "t")->rows, 2 * 7);
	assert_int_equal(s.crew.nhanded, 3 + 1);
	end(&s);
}

static void one_piece_is_tried_again_by_itself(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.pieces_of = "t";
	break_t(&s, "40001", 1);
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(step_of(&s, "t")->rows, 5 * 7);
	assert_int_equal(step_of(&s, "t")->attempts, 2);
	assert_int_equal(s.crew.nhanded, 5 + 1 + 2);
	end(&s);
}

static void an_interrupt_begins_no_other_piece(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.pieces_of = "t";
	s.interrupt_at = "t";
	s.crew.deaf = true;
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_int_equal(step_of(&s, "t")->status, STATUS_CANCELLED);
	assert_int_equal(step_of(&s, "t")->rows, 3 * 7);
	assert_int_equal(s.crew.nhanded, 3);
	end(&s);
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
		cmocka_unit_test(a_lock_that_another_run_took_ends_the_run),
		cmocka_unit_test(a_run_waits_for_a_server_that_starts),
		cmocka_unit_test(an_action_has_a_time_limit),
		cmocka_unit_test(a_time_limit_counts_all_tries),
		cmocka_unit_test(a_run_has_a_time_limit),
		cmocka_unit_test(
			a_second_signal_leaves_but_not_without_results),
		cmocka_unit_test(pieces_run_at_once_or_in_turn),
		cmocka_unit_test(after_a_piece_that_failed_no_other_is_begun),
		cmocka_unit_test(one_piece_is_tried_again_by_itself),
		cmocka_unit_test(an_interrupt_begins_no_other_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
