/* Steps in pieces: how many at once, and what ends them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/directed.h"

static void pieces_run_at_once_or_in_turn(void **state)
{
	(void)state;
	for (int in_turn = 0; in_turn < 2; in_turn++) {
		struct directed s;

		directed_start(&s);
		s.pieces_of = "u";
		s.in_turn = in_turn;
		s.slow = "u";
		assert_true(directed_run(&s));
		assert_int_equal(s.run.status, RUN_OK);
		assert_int_equal(directed_step(&s, "u")->rows, 5 * 7);
		assert_int_equal(s.run.ndone, 3);
		assert_int_equal(directed_step(&s, "u")->ended_ms -
					 directed_step(&s, "u")->started_ms,
				 in_turn ? 50000 : 20000);
		assert_int_equal(s.crew.nhanded, 2 + 5);
		assert_int_equal(s.crew.most_at_once, in_turn ? 2 : 3);
		directed_end(&s);
	}
}

static void after_a_piece_that_failed_no_other_is_begun(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	s.pieces_of = "t";
	directed_break_t(&s, "42601", 1);
	assert_true(directed_run(&s));
	assert_int_equal(directed_step(&s, "t")->status, STATUS_FAILED);
	assert_string_equal(directed_step(&s, "t")->error.sqlstate, "42601");
	assert_int_equal(directed_step(&s, "t")->rows, 2 * 7);
	assert_int_equal(s.crew.nhanded, 3 + 1);
	directed_end(&s);
}

static void one_piece_is_tried_again_by_itself(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	s.pieces_of = "t";
	directed_break_t(&s, "40001", 1);
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(directed_step(&s, "t")->rows, 5 * 7);
	assert_int_equal(directed_step(&s, "t")->attempts, 2);
	assert_int_equal(s.crew.nhanded, 5 + 1 + 2);
	directed_end(&s);
}

static void an_interrupt_begins_no_other_piece(void **state)
{
	struct directed s;

	(void)state;
	directed_start(&s);
	s.pieces_of = "t";
	s.interrupt_at = "t";
	s.crew.deaf = true;
	assert_true(directed_run(&s));
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_int_equal(directed_step(&s, "t")->status, STATUS_CANCELLED);
	assert_int_equal(directed_step(&s, "t")->rows, 3 * 7);
	assert_int_equal(s.crew.nhanded, 3);
	directed_end(&s);
}

/* Between two pieces nothing of the step is under way. In turn, or with one
 * hand only, that is so whenever a piece ended. */
static void a_stop_between_two_pieces_ends_the_step(void **state)
{
	static const struct {
		const char *interrupt_at, *broken, *lose_at;
		int64_t timeout_ms;
		bool in_turn;
		enum step_status is;
	} cases[] = {
		{.interrupt_at = "t", .is = STATUS_CANCELLED},
		{.interrupt_at = "t", .in_turn = true, .is = STATUS_CANCELLED},
		{.broken = "select v", .in_turn = true, .is = STATUS_CANCELLED},
		{.lose_at = "u", .is = STATUS_CANCELLED},
		{.lose_at = "u", .in_turn = true, .is = STATUS_CANCELLED},
		{.timeout_ms = 1, .is = STATUS_FAILED},
		{.timeout_ms = 3, .in_turn = true, .is = STATUS_FAILED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct directed s;
		const struct step *t;

		directed_start(&s);
		s.pieces_of = cases[i].lose_at ? "u" : "t";
		s.in_turn = cases[i].in_turn;
		s.options.jobs = s.in_turn ? 2 : 1;
		s.options.fail_fast = true;
		s.interrupt_at = cases[i].interrupt_at;
		s.fake.broken = cases[i].broken;
		s.lose_at = cases[i].lose_at;
		s.taken_when_lost = s.lose_at != NULL;
		s.weir.timeout_ms = cases[i].timeout_ms;
		s.made.actions[made_id(&s.made, "s.t")].weir = &s.weir;
		s.crew.deaf = true;
		assert_true(directed_run(&s));
		t = directed_step(&s, s.pieces_of);
		if (t->status != cases[i].is)
			fail_msg("case %zu: %s", i,
				 step_status_name(t->status));
		assert_true(t->ended_ms >= t->started_ms);
		assert_true(t->rows < 5 * 7);
		assert_int_equal(s.run.status, cases[i].interrupt_at
						       ? RUN_CANCELLED
						       : RUN_FAILED);
		directed_end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_run_at_once_or_in_turn),
		cmocka_unit_test(after_a_piece_that_failed_no_other_is_begun),
		cmocka_unit_test(one_piece_is_tried_again_by_itself),
		cmocka_unit_test(an_interrupt_begins_no_other_piece),
		cmocka_unit_test(a_stop_between_two_pieces_ends_the_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
