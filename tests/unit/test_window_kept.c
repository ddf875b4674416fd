/* What weir_intervals says of a table holds only for what windows made of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/window_maker.h"

/* A window that is made a step of another kind for a day. */
struct other_day {
	enum action_type type;
	const char *query;
};

static void a_table_that_was_no_window_in_between_is_refused(void **state)
{
	static const struct other_day days[] = {
		{ACTION_TABLE, "select ts, n from s.events where false"},
		{ACTION_VIEW, "select ts, n from s.events"},
		{ACTION_INCREMENTAL, "select null::timestamptz as ts, 7 as n"},
	};
	struct real *r = real_or_skip(state);

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		const struct weir_options *weir;
		struct action *a;

		r->made.graph.nactions = 0;
		real_do(r, "drop schema if exists s cascade");
		a = window_make(r, "timestamptz", WINDOW_PLAIN);
		weir = a->weir;
		window_event(r, "01 00:30:00+00", 1);
		window_runs(r, "01 02:00");
		assert_string_equal(window_recorded(r), "0|2|2|2");
		a->weir = NULL;
		a->type = days[i].type;
		a->query = a->incremental_query = str_of(days[i].query);
		window_runs(r, "01 03:00");
		assert_true(str_has(r->run.notes.v[0], STR("was a window")));
		assert_string_equal(real_ask(r, "select count(*) "
						"from s.weir_intervals"),
				    "0");
		window_runs(r, "01 04:00");
		assert_int_equal(r->run.notes.n, 0);
		a->weir = weir;
		a->type = ACTION_INCREMENTAL;
		a->query = a->incremental_query = STR(WINDOW_PLAIN);
		real_run_at(r, "2026-01-01 04:00");
		if (days[i].type == ACTION_VIEW)
			assert_string_equal(real_status(r, "s.w"), "ok");
		else
			assert_non_null(strstr(real_status(r, "s.w"),
					       "weir_intervals says nothing"));
		r->options.full_refresh = true;
		window_runs(r, "01 04:00");
		r->options.full_refresh = false;
		assert_string_equal(window_rows(r), "1");
		assert_string_equal(window_recorded(r), "0|4|4|4");
	}
}

static void
another_kind_of_step_that_fails_leaves_what_is_recorded(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_PLAIN);
	const struct weir_options *weir = a->weir;

	window_event(r, "01 00:30:00+00", 1);
	window_runs(r, "01 02:00");
	a->weir = NULL;
	a->type = ACTION_TABLE;
	a->query = STR("select ts, cast('x' as int) as n from s.events");
	real_run_at(r, "2026-01-01 03:00");
	assert_non_null(strstr(real_status(r, "s.w"), "failed"));
	a->weir = weir;
	a->type = ACTION_INCREMENTAL;
	a->query = STR("select ts, n from s.events");
	window_event(r, "01 02:30:00+00", 2);
	window_runs(r, "01 03:00");
	assert_string_equal(window_rows(r), "1;2");
	assert_int_equal(real_step(r, "s.w")->intervals, 1);
}

static void an_operation_of_its_name_forgets_a_window(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_PLAIN);
	struct str remake = STR("delete from s.w");
	const struct weir_options *weir = a->weir;

	window_event(r, "01 00:30:00+00", 1);
	window_runs(r, "01 02:00");
	a->weir = NULL;
	a->type = ACTION_OPERATION;
	a->has_output = true;
	a->queries = (struct strs){&remake, 1};
	window_runs(r, "01 03:00");
	a->weir = weir;
	a->type = ACTION_INCREMENTAL;
	a->has_output = false;
	a->queries = (struct strs){0};
	real_run_at(r, "2026-01-01 03:00");
	assert_non_null(
		strstr(real_status(r, "s.w"), "weir_intervals says nothing"));
}

static struct weir_options *options_of(struct real *r, struct action *a)
{
	struct weir_options *o =
		ARENA_NEW(r->made.arena, struct weir_options, 1);

	*o = *a->weir;
	a->weir = o;
	return o;
}

static void an_interval_that_fails_is_named_and_those_done_counted(void **state)
{
	struct real *r = real_or_skip(state);
	const struct step *s;

	window_make(r, "timestamptz",
		    "select ts, cast(case when n = 3 then 'x' else '5' end "
		    "as int) as n from (" WINDOW_MARKED ") as e");
	r->options.jobs = 1;
	window_runs(r, "01 01:00");
	assert_int_equal(real_step(r, "s.w")->intervals_done, 1);
	window_event(r, "01 02:30:00+00", 3);
	real_run_at(r, "2026-01-01 04:00");
	s = real_step(r, "s.w");
	assert_int_equal(s->status, STATUS_FAILED);
	assert_string_equal(s->interval.p, "2026-01-01 02:00 to "
					   "2026-01-01 03:00");
	assert_int_equal(s->intervals, 3);
	assert_int_equal(s->intervals_done, 1);
	real_do(r, "delete from s.events");
	window_runs(r, "01 04:00");
	assert_null(real_step(r, "s.w")->interval.p);
	assert_int_equal(real_step(r, "s.w")->intervals_done, 2);
}

/* Two pieces that do not see each other would not see that a key is twice. */
static void an_audited_window_goes_in_turn(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);
	const struct step *s;

	options_of(r, a)->audit = true;
	made_add(&r->made, ACTION_ASSERTION, "s.once",
		 "select n from s.w group by n having count(*) > 1", "s.w");
	window_runs(r, "01 01:00");
	window_event(r, "01 01:30:00+00", 1);
	window_event(r, "01 02:30:00+00", 1);
	real_run_at(r, "2026-01-01 03:00");
	s = real_step(r, "s.w");
	assert_true(s->in_turn);
	assert_int_equal(s->status, STATUS_FAILED);
	assert_string_equal(s->interval.p, "2026-01-01 02:00 to "
					   "2026-01-01 03:00");
	assert_non_null(strstr(s->error.hint, "interval"));
	assert_string_equal(window_rows(r), "1");
}

/* A later start cuts an interval that is recorded whole. */
static void intervals_never_overlap(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);
	static const char overlaps[] =
		"select count(*) from s.weir_intervals a "
		"join s.weir_intervals b "
		"on a.interval_start < b.interval_start "
		"and a.interval_end > b.interval_start";

	options_of(r, a)->lookback_ms = 2 * HOUR;
	window_runs(r, "01 02:00");
	options_of(r, a)->start_ms = WINDOW_START + HOUR / 2;
	window_runs(r, "01 02:00");
	assert_string_equal(real_ask(r, overlaps), "0");
	window_runs(r, "01 09:00");
	window_runs(r, "01 10:00");
	assert_int_equal(real_step(r, "s.w")->intervals, 3);
	options_of(r, a)->interval_ms = HOUR / 4;
	r->options.has_only = true;
	r->options.only = (struct period){WINDOW_START, WINDOW_START + DAY};
	window_runs(r, "01 10:00");
	assert_string_equal(real_ask(r, overlaps), "0");
}

static void a_query_sees_the_table_before_its_columns_change(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	a->on_schema_change = ON_CHANGE_SYNCHRONIZE;
	window_event(r, "01 00:30:00+00", 7);
	window_event(r, "01 01:30:00+00", 8);
	window_runs(r, "01 01:00");
	a->incremental_query = STR("select ts, (select max(n) from s.w) as m "
				   "from (" WINDOW_MARKED ") as e");
	window_runs(r, "01 02:00");
	assert_string_equal(real_ask(r, "select m from s.w order by ts"),
			    "NULL;7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_table_that_was_no_window_in_between_is_refused),
		ON_BOTH(another_kind_of_step_that_fails_leaves_what_is_recorded),
		ON_BOTH(an_operation_of_its_name_forgets_a_window),
		ON_BOTH(an_interval_that_fails_is_named_and_those_done_counted),
		ON_BOTH(an_audited_window_goes_in_turn),
		ON_BOTH(intervals_never_overlap),
		ON_BOTH(a_query_sees_the_table_before_its_columns_change),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
