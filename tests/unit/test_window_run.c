/* Window tables on real warehouses: what a run at some time makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/record/runs.h"
#include "tests/unit/window_maker.h"

static struct weir_options *options_of(struct real *r, struct action *a)
{
	struct weir_options *o =
		ARENA_NEW(r->made.arena, struct weir_options, 1);

	*o = *a->weir;
	a->weir = o;
	return o;
}

static void a_first_run_has_all_intervals_that_are_over(void **state)
{
	struct real *r = real_or_skip(state);

	window_make(r, "timestamptz", WINDOW_PLAIN);
	window_event(r, "01 00:00:00+00", 1);
	window_event(r, "01 02:59:59.999999+00", 2);
	window_event(r, "01 03:00:00+00", 3);
	real_do(r, "insert into s.events values "
		   "('2025-12-31 23:59:59.999999+00', 0), (null, 9)");
	window_runs(r, "01 03:59");
	assert_string_equal(window_rows(r), "1;2");
	assert_string_equal(window_recorded(r), "0|3|3|3");
	assert_int_equal(real_step(r, "s.w")->deed, DEED_CREATE);
	assert_int_equal(real_step(r, "s.w")->rows, 2);
}

static void what_is_done_stays_and_what_is_over_since_is_added(void **state)
{
	struct real *r = real_or_skip(state);
	const char *queries[] = {WINDOW_PLAIN, WINDOW_MARKED};

	for (int i = 0; i < 2; i++) {
		r->made.graph.nactions = 0;
		real_do(r, "drop schema if exists s cascade");
		window_make(r, "timestamptz", queries[i]);
		window_event(r, "01 00:30:00+00", 1);
		window_runs(r, "01 01:00");
		window_event(r, "01 00:40:00+00",
			     2); /* beyond a lookback of none */
		window_event(r, "01 01:30:00+00", 3);
		window_event(r, "01 02:30:00+00", 4);
		window_event(r, "01 03:30:00+00", 5);
		window_runs(r, "01 03:20");
		assert_string_equal(window_rows(r), "1;3;4");
		assert_string_equal(window_recorded(r), "0|3|3|3");
		assert_int_equal(real_step(r, "s.w")->deed, DEED_FILL);
		assert_int_equal(real_step(r, "s.w")->rows, 2);
		assert_int_equal(real_step(r, "s.w")->npieces, i ? 2 : 1);
		window_runs(r, "01 03:40");
		assert_int_equal(real_step(r, "s.w")->npieces, 0);
		assert_string_equal(window_rows(r), "1;3;4");
	}
}

static void an_interval_is_done_again_under_a_unique_index(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);
	struct weir_options *o = options_of(r, a);
	struct index_option index = {.columns = made_one(&r->made, "n"),
				     .unique = true};

	o->lookback_ms = 2 * HOUR;
	o->indexes = &index;
	o->nindexes = 1;
	window_event(r, "01 00:30:00+00", 1);
	window_runs(r, "01 02:10");
	window_event(r, "01 01:40:00+00", 2);
	window_runs(r, "01 03:10");
	assert_string_equal(real_status(r, "s.w"), "ok");
	assert_string_equal(window_rows(r), "1;2");
}

static void late_events_are_found_within_the_lookback(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	options_of(r, a)->lookback_ms = 2 * HOUR;
	window_event(r, "01 00:30:00+00", 1);
	window_runs(r, "01 03:10");
	window_event(r, "01 00:40:00+00", 2); /* too late */
	window_event(r, "01 01:40:00+00", 3);
	real_do(r, "delete from s.events where n = 1");
	window_runs(r, "01 03:50");
	assert_string_equal(window_rows(r), "1;3");
	assert_int_equal(real_step(r, "s.w")->npieces, 2);
}

/* The run in between did the newest interval, but not the late events. */
static void an_interval_stays_open_until_it_is_done_late_enough(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	options_of(r, a)->lookback_ms = HOUR;
	window_runs(r, "01 03:10");
	window_event(r, "01 02:50:00+00", 1);
	real_do(r, "insert into s.weir_intervals select table_name, "
		   "timestamptz '2026-01-01 03:00:00+00', "
		   "timestamptz '2026-01-01 08:00:00+00', run, sql_hash, "
		   "done_at, true from s.weir_intervals "
		   "where not is_final");
	window_runs(r, "01 08:10");
	assert_string_equal(window_rows(r), "1");
}

static void a_gap_is_filled(void **state)
{
	struct real *r = real_or_skip(state);

	window_make(r, "timestamptz", WINDOW_MARKED);
	window_runs(r, "01 06:00");
	real_do(r, "delete from s.weir_intervals where interval_start in ("
		   "'2026-01-01 01:00:00+00', '2026-01-01 04:00:00+00')");
	window_event(r, "01 01:30:00+00", 1);
	window_event(r, "01 02:30:00+00", 2);
	window_event(r, "01 04:30:00+00", 3);
	window_runs(r, "01 06:00");
	assert_string_equal(window_rows(r), "1;3");
	assert_string_equal(window_recorded(r), "0|6|6|6");
}

static struct period hours(int64_t from, int64_t to)
{
	return (struct period){WINDOW_START + from * HOUR,
			       WINDOW_START + to * HOUR};
}

static void a_backfill_does_its_intervals_and_nothing_else(void **state)
{
	struct real *r = real_or_skip(state);

	window_make(r, "timestamptz", WINDOW_MARKED);
	window_runs(r, "01 05:00");
	for (int i = 0; i < 8; i++)
		window_event(
			r, arena_printf(r->made.arena, "01 0%d:30:00+00", i).p,
			i);
	r->options.has_only = true;
	r->options.only = hours(1, 3);
	window_runs(r, "01 07:00");
	assert_string_equal(window_rows(r), "1;2");
	r->options.only = hours(4, 100);
	window_runs(r, "01 07:00");
	assert_string_equal(window_rows(r), "1;2;4;5;6");
	assert_string_equal(window_recorded(r), "0|7|7|7");
}

static void a_backfill_of_no_window_is_refused(void **state)
{
	struct real *r = real_or_skip(state);

	made_add(&r->made, ACTION_TABLE, "s.t", "select 1 as n", "");
	r->options.has_only = true;
	r->options.only = hours(1, 3);
	assert_false(run_graph(&r->made.graph, &r->options, NULL, r->made.arena,
			       &r->run, &r->err));
	assert_int_equal(r->err.kind, ERROR_USAGE);
}

static void a_table_that_is_gone_is_built_anew(void **state)
{
	struct real *r = real_or_skip(state);

	window_make(r, "timestamptz", WINDOW_MARKED);
	window_event(r, "01 00:30:00+00", 1);
	window_runs(r, "01 02:00");
	real_do(r, "drop table s.w");
	window_event(r, "01 00:40:00+00", 2);
	window_runs(r, "01 03:00");
	assert_string_equal(window_rows(r), "1;2");
	assert_string_equal(window_recorded(r), "0|3|3|3");
}

static void a_table_of_another_make_is_refused(void **state)
{
	struct real *r = real_or_skip(state);

	window_make(r, "timestamptz", WINDOW_MARKED);
	real_do(r, "create table s.w as select * from s.events");
	real_run_at(r, "2026-01-01 02:00");
	assert_non_null(strstr(real_status(r, "s.w"),
			       "failed: the table is there, but "
			       "weir_intervals says nothing of it"));
	assert_non_null(
		strstr(real_step(r, "s.w")->error.hint, "--full-refresh"));
	r->options.full_refresh = true;
	window_runs(r, "01 02:00");
	assert_string_equal(window_recorded(r), "0|2|2|2");
}

static void a_full_refresh_builds_all_unless_it_is_protected(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	a->query = STR("select ts, n + 10 as n from s.events");
	window_runs(r, "01 02:00");
	window_event(r, "01 00:30:00+00", 1);
	window_event(r, "01 02:30:00+00", 2);
	r->options.full_refresh = true;
	a->is_protected = true;
	window_runs(r, "01 03:00");
	assert_string_equal(window_rows(r), "2");
	a->is_protected = false;
	window_runs(r, "01 03:00");
	assert_int_equal(real_step(r, "s.w")->deed, DEED_REPLACE);
	assert_string_equal(window_rows(r), "11;12");
	assert_string_equal(window_recorded(r), "0|3|3|3");
}

static void changed_sql_is_for_what_is_to_come(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	window_event(r, "01 00:30:00+00", 1);
	window_event(r, "01 01:30:00+00", 2);
	window_runs(r, "01 01:00");
	a->incremental_query = STR("select ts, n + 10 as n from s.events");
	window_runs(r, "01 02:00");
	assert_string_equal(window_rows(r), "1;12");
	assert_int_equal(r->run.notes.n, 1);
	assert_true(str_has(r->run.notes.v[0], STR("its SQL has changed")));
	window_runs(r, "01 03:00");
	assert_int_equal(r->run.notes.n, 0);
}

static void another_interval_compares_what_time_is_done(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	window_runs(r, "01 11:00");
	window_event(r, "01 07:30:00+00", 1);
	window_event(r, "01 09:30:00+00", 2);
	window_event(r, "01 16:30:00+00", 3);
	options_of(r, a)->interval_ms = 4 * HOUR;
	window_runs(r, "01 17:00");
	assert_string_equal(window_rows(r), "2");
	assert_string_equal(window_recorded(r), "0|16|16|10");
	options_of(r, a)->interval_ms = 3 * HOUR;
	window_event(r, "01 15:10:00+00", 4);
	window_runs(r, "01 18:10");
	assert_string_equal(window_rows(r), "2;3;4");
	assert_string_equal(window_recorded(r), "0|18|18|11");
	options_of(r, a)->interval_ms = HOUR;
	r->options.has_only = true;
	r->options.only = hours(7, 8);
	window_runs(r, "01 18:10");
	assert_string_equal(window_rows(r), "1;2;3;4");
	assert_string_equal(window_recorded(r), "0|18|18|11");
}

static void a_start_to_come_gives_an_empty_table(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	options_of(r, a)->start_ms = WINDOW_START + 5 * HOUR;
	window_event(r, "01 04:30:00+00", 1);
	window_event(r, "01 05:30:00+00", 2);
	for (int i = 0; i < 2; i++) {
		window_runs(r, "01 05:30");
		assert_string_equal(window_rows(r), "");
	}
	window_runs(r, "01 06:00");
	assert_string_equal(window_rows(r), "2");
	assert_string_equal(window_recorded(r), "5|6|1|1");
}

static void a_start_within_an_interval_cuts_it(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);
	struct weir_options *o = options_of(r, a);

	o->start_ms = WINDOW_START + 3 * HOUR;
	o->interval_ms = 2 * HOUR;
	window_event(r, "01 02:30:00+00", 1);
	window_event(r, "01 03:30:00+00", 2);
	window_event(r, "01 04:30:00+00", 3);
	window_runs(r, "01 06:00");
	assert_string_equal(window_rows(r), "2;3");
	assert_string_equal(window_recorded(r), "3|6|3|2");
	window_runs(r, "01 09:00");
	assert_string_equal(window_recorded(r), "3|8|5|3");
}

static void a_clock_that_is_ahead_of_the_server_counts_for_nothing(void **state)
{
	struct real *r = real_or_skip(state);

	options_of(r, window_make(r, "timestamptz", WINDOW_PLAIN))
		->interval_ms = DAY;
	real_run_at(r, "2099-01-01");
	assert_string_equal(real_status(r, "s.w"), "ok");
	assert_string_equal(real_ask(r, "select count(*) > 300, "
					"bool_and(interval_end <= now()) "
					"from s.weir_intervals"),
			    "t|t");
}

static void a_clock_that_goes_back_does_no_harm(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	options_of(r, a)->lookback_ms = HOUR;
	for (int i = 0; i < 6; i++)
		window_event(
			r, arena_printf(r->made.arena, "01 0%d:30:00+00", i).p,
			i);
	window_runs(r, "01 05:00");
	window_runs(r, "01 02:00");
	window_runs(r, "01 05:00");
	assert_string_equal(window_rows(r), "0;1;2;3;4");
	assert_string_equal(window_recorded(r), "0|5|5|5");
}

/* Without a zone a time is one of UTC. */
static void times_are_utc_whatever_their_type(void **state)
{
	struct real *r = real_or_skip(state);

	for (int i = 0; i < 2; i++) {
		r->made.graph.nactions = 0;
		real_do(r, "drop schema if exists s cascade");
		window_make(r, i ? "timestamp" : "date", WINDOW_MARKED);
		window_event(r, "01", 1);
		window_event(r, "02", 2);
		window_event(r, "03", 3);
		window_runs(r, "01 05:00");
		assert_string_equal(window_rows(r), "1");
		window_runs(r, "02 00:59");
		assert_string_equal(window_rows(r), "1");
		window_runs(r, "02 01:00");
		assert_string_equal(window_rows(r), "1;2");
		window_runs(r, "03 01:00");
		assert_string_equal(window_rows(r), "1;2;3");
	}
}

static void a_day_is_one_of_utc(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	options_of(r, a)->interval_ms = DAY;
	window_event(r, "02 00:30:00+02", 1); /* still the first in UTC */
	window_event(r, "01 23:30:00-02", 2);
	window_runs(r, "02 00:00");
	assert_string_equal(window_rows(r), "1");
	window_runs(r, "03 00:00");
	assert_string_equal(window_rows(r), "1;2");
}

static void leap_days_are_days(void **state)
{
	struct real *r = real_or_skip(state);
	struct weir_options *o =
		options_of(r, window_make(r, "timestamptz", WINDOW_MARKED));

	o->start_ms = 1709078400000; /* 2024-02-28 */
	o->interval_ms = DAY;
	real_do(r, "insert into s.events values ('2024-02-28', 1), "
		   "('2024-02-29', 2), ('2024-03-01', 3)");
	real_run_at(r, "2024-03-01");
	assert_string_equal(real_status(r, "s.w"), "ok");
	assert_string_equal(window_rows(r), "1;2");
	real_run_at(r, "2024-03-02");
	assert_string_equal(window_rows(r), "1;2;3");
}

/* An interval at a time, of which the fourth will fail. */
static void make_failing(struct real *r)
{
	window_make(
		r, "timestamptz",
		"select ts, cast(case when n = 3 then 'x' else '5' end as int) "
		"as n from (" WINDOW_MARKED ") as e");
	r->options.jobs = 1;
	window_runs(r, "01 01:00");
	window_event(r, "01 01:30:00+00", 1);
	window_event(r, "01 03:30:00+00", 3);
}

static void an_interval_that_fails_is_left_for_later(void **state)
{
	struct real *r = real_or_skip(state);

	make_failing(r);
	real_run_at(r, "2026-01-01 04:00");
	assert_non_null(strstr(real_status(r, "s.w"), "failed: "));
	assert_string_equal(window_rows(r), "5");
	assert_string_equal(window_recorded(r), "0|3|3|3");
	real_do(r, "update s.events set n = 4 where n = 3");
	window_runs(r, "01 04:00");
	assert_string_equal(window_rows(r), "5;5");
	assert_string_equal(window_recorded(r), "0|4|4|4");
}

/* Its pieces are not those of the run that it continues. */
static void a_resumed_run_does_the_intervals_that_are_left(void **state)
{
	struct real *r = real_or_skip(state);
	struct past_run past;

	make_failing(r);
	window_event(r, "01 04:30:00+00", 4);
	real_run_at(r, "2026-01-01 06:00");
	assert_string_equal(window_recorded(r), "0|3|3|3");
	real_do(r, "update s.events set n = 4 where n = 3");
	if (!runs_to_resume(r->root, (struct str){0}, (struct str){0},
			    r->made.arena, &past, &r->err))
		fail_msg("%s", r->err.text);
	past.started = STR("9"); /* the computer's time, not this one */
	r->options.resumes = &past;
	window_runs(r, "01 06:01");
	assert_string_equal(window_rows(r), "5;5;5");
	assert_string_equal(window_recorded(r), "0|6|6|6");
}

/* Each interval goes on from what the one before left. */
static void a_query_that_reads_its_own_table_goes_in_turn(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", "");

	a->query = STR("select timestamptz '2026-01-01 00:10:00+00' as ts, "
		       "1 as n");
	a->incremental_query =
		STR("select " RUN_START_MARKER " as ts, "
		    "cast(max(n) + 1 as int) as n from \"s\".\"w\"");
	window_runs(r, "01 01:00");
	window_runs(r, "01 06:00");
	assert_true(real_step(r, "s.w")->in_turn);
	assert_int_equal(real_step(r, "s.w")->npieces, 5);
	assert_string_equal(real_ask(r, "select n from s.w order by ts"),
			    "1;2;3;4;5;6");
}

static void operations_are_part_of_each_interval(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	real_do(r, "create table s.log (a timestamptz, b timestamptz)");
	a->incremental_post_ops =
		made_one(&r->made, "insert into s.log values (" RUN_START_MARKER
				   ", " RUN_END_MARKER ")");
	window_runs(r, "01 01:00");
	window_runs(r, "01 03:00");
	assert_true(real_step(r, "s.w")->in_turn);
	assert_string_equal(
		real_ask(r, "select extract(hour from a), "
			    "extract(hour from b) from s.log order by 1"),
		"1|2;2|3");
}

static void columns_change_as_in_other_tables(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	a->on_schema_change = ON_CHANGE_EXTEND;
	for (int i = 0; i < 3; i++)
		window_event(
			r, arena_printf(r->made.arena, "01 0%d:30:00+00", i).p,
			i);
	window_runs(r, "01 01:00");
	a->incremental_query =
		STR("select ts, n, n + 10 as m from (" WINDOW_MARKED ") as e");
	window_runs(r, "01 03:00");
	assert_int_equal(real_step(r, "s.w")->npieces, 2);
	assert_string_equal(real_ask(r, "select n, m from s.w order by n"),
			    "0|NULL;1|11;2|12");
	assert_string_equal(window_recorded(r), "0|3|3|3");
}

static void a_unique_key_is_refused(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	a->unique_key = made_words(&r->made, "n");
	assert_false(run_graph(&r->made.graph, &r->options, NULL, r->made.arena,
			       &r->run, &r->err));
	assert_int_equal(r->err.kind, ERROR_CONFIG);
	assert_non_null(strstr(r->err.text, "uniqueKey"));
}

static void a_dry_run_says_which_intervals(void **state)
{
	struct real *r = real_or_skip(state);

	window_make(r, "timestamptz", WINDOW_MARKED);
	window_runs(r, "01 01:00");
	r->options.dry_run = true;
	real_run_at(r, "2026-01-01 04:00");
	assert_true(str_is(real_step(r, "s.w")->why,
			   "3 of 4 intervals, 2026-01-01 01:00 to "
			   "2026-01-01 04:00"));
	assert_int_equal(real_step(r, "s.w")->check, CHECK_OK);
	assert_string_equal(window_recorded(r), "0|1|1|1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_first_run_has_all_intervals_that_are_over),
		ON_BOTH(what_is_done_stays_and_what_is_over_since_is_added),
		ON_BOTH(late_events_are_found_within_the_lookback),
		ON_BOTH(an_interval_is_done_again_under_a_unique_index),
		ON_BOTH(an_interval_stays_open_until_it_is_done_late_enough),
		ON_BOTH(a_gap_is_filled),
		ON_BOTH(a_backfill_does_its_intervals_and_nothing_else),
		ON_BOTH(a_backfill_of_no_window_is_refused),
		ON_BOTH(a_table_that_is_gone_is_built_anew),
		ON_BOTH(a_table_of_another_make_is_refused),
		ON_BOTH(a_full_refresh_builds_all_unless_it_is_protected),
		ON_BOTH(changed_sql_is_for_what_is_to_come),
		ON_BOTH(another_interval_compares_what_time_is_done),
		ON_BOTH(a_start_to_come_gives_an_empty_table),
		ON_BOTH(a_start_within_an_interval_cuts_it),
		ON_BOTH(a_clock_that_goes_back_does_no_harm),
		ON_POSTGRES(
			a_clock_that_is_ahead_of_the_server_counts_for_nothing),
		ON_BOTH(times_are_utc_whatever_their_type),
		ON_BOTH(a_day_is_one_of_utc),
		ON_BOTH(leap_days_are_days),
		ON_BOTH(an_interval_that_fails_is_left_for_later),
		ON_BOTH(a_resumed_run_does_the_intervals_that_are_left),
		ON_BOTH(a_query_that_reads_its_own_table_goes_in_turn),
		ON_BOTH(operations_are_part_of_each_interval),
		ON_BOTH(columns_change_as_in_other_tables),
		ON_BOTH(a_unique_key_is_refused),
		ON_BOTH(a_dry_run_says_which_intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
