/* What a run looks like in a pipe and on a terminal, from runs made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "cli/report.h"
#include "cli/term.h"
#include "compiler/project/source.h"
#include "runtime/run.h"
#include "tests/unit/graph_maker.h"

enum { LOAD, VIEW, INCREMENT, CHECK, TABLE, NSTEPS };

struct fixture {
	struct made made;
	struct step steps[NSTEPS];
	struct load load;
	struct run run;
	struct term term;
	struct report report;
	struct buf out;
};

static void set_step(struct fixture *f, int i, const char *name,
		     enum step_status status, enum deed deed, int64_t rows,
		     int64_t took_ms)
{
	f->steps[i] = (struct step){
		.kind = STEP_ACTION,
		.action = made_id(&f->made, name),
		.status = status,
		.deed = deed,
		.rows = rows,
		.started_ms = took_ms < 0 ? 0 : 1000,
		.ended_ms = took_ms < 0 ? 0 : 1000 + took_ms,
		.cause = UINT32_MAX,
	};
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct made *m = &f->made;

	made_start(m, &dialect_duckdb);
	made_add(m, ACTION_DECLARATION, "raw.changes", NULL, "");
	made_add(m, ACTION_VIEW, "staging.events", NULL, "raw.changes");
	made_add(m, ACTION_INCREMENTAL, "staging.staged", NULL,
		 "staging.events");
	made_add(m, ACTION_ASSERTION, "checks.named", NULL, "staging.staged")
		->file = STR("definitions/named.sqlx");
	made_add(m, ACTION_TABLE, "marts.agg", NULL, "checks.named");
	f->load.line = 7;
	set_step(f, LOAD, "raw.changes", STATUS_OK, DEED_LOAD, 24981, 210);
	f->steps[LOAD].kind = STEP_LOAD;
	f->steps[LOAD].load = &f->load;
	f->steps[LOAD].files = 1;
	set_step(f, VIEW, "staging.events", STATUS_OK, DEED_CREATE, -1, 10);
	set_step(f, INCREMENT, "staging.staged", STATUS_OK, DEED_INSERT, 24981,
		 80);
	set_step(f, CHECK, "checks.named", STATUS_FAILED, DEED_ASSERT, 3, 10);
	set_step(f, TABLE, "marts.agg", STATUS_SKIPPED, DEED_CREATE, -1, -1);
	f->steps[TABLE].cause = CHECK;
	f->run = (struct run){
		.graph = &m->graph,
		.arena = m->arena,
		.steps = f->steps,
		.nsteps = NSTEPS,
		.started_ms = 1000,
		.ended_ms = 1600,
		.nok = 3,
		.nfailed = 1,
		.nskipped = 1,
		.ndone = NSTEPS,
		.status = RUN_FAILED,
		.id = STR("2026-11-22T10-02-11Z-4f1c"),
		.results_path = ".weir/runs/x/results.json",
	};
	f->report.term = &f->term;
	f->report.arena = m->arena;
	report_init(&f->report, &f->run);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	buf_free(&f->out);
	made_end(&f->made);
	free(f);
	return 0;
}

static void steps_stand_in_columns(void **state)
{
	struct fixture *f = *state;

	for (uint32_t i = 0; i < NSTEPS; i++)
		report_step(&f->report, &f->run, i, &f->out);
	assert_string_equal(
		f->out.p,
		"  ok     load       raw.changes                   24,981 "
		"rows   1 file      0.21 s\n"
		"  ok     view       staging.events                           "
		"               0.01 s\n"
		"  ok     increment  staging.staged               +24,981 "
		"rows               0.08 s\n"
		"  FAIL   assertion  checks.named                 3 rows break "
		"it            0.01 s\n"
		"  skip   table      marts.agg                    needs "
		"checks.named\n");
}

static void a_long_name_widens_its_column(void **state)
{
	struct fixture *f = *state;
	struct action *a =
		made_add(&f->made, ACTION_VIEW,
			 "schema.a_name_that_is_quite_a_bit_longer", NULL, "");

	f->steps[VIEW].action = (uint32_t)(a - f->made.actions);
	report_init(&f->report, &f->run);
	assert_int_equal(f->report.name_width, 42);
}

static void each_status_has_a_word(void **state)
{
	static const struct {
		enum step_status status;
		const char *line;
	} cases[] = {
		{STATUS_DISABLED, "  off    view       staging.events"
				  "               disabled\n"},
		{STATUS_CANCELLED,
		 "  stop   view       staging.events               cancelled"
		 "                  0.01 s\n"},
		{STATUS_FAILED,
		 "  FAIL   view       staging.events               no such "
		 "column             0.01 s\n"},
	};
	struct fixture *f = *state;

	error_set(&f->steps[VIEW].error, ERROR_SQL, "no such column\nLINE 1");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&f->out);
		f->steps[VIEW].status = cases[i].status;
		report_step(&f->report, &f->run, VIEW, &f->out);
		assert_string_equal(f->out.p, cases[i].line);
	}
}

static void a_load_of_known_files_says_so(void **state)
{
	struct fixture *f = *state;

	f->steps[LOAD].files = 0;
	f->steps[LOAD].files_skipped = 2;
	f->steps[LOAD].rows = 0;
	report_step(&f->report, &f->run, LOAD, &f->out);
	assert_non_null(strstr(f->out.p, " no new files"));
	assert_null(strstr(f->out.p, "0 rows"));
}

static void a_broken_assertion_shows_sample_rows(void **state)
{
	static struct str columns[] = {{"id", 2}, {"user", 4}};
	static struct str values[] = {
		{"10041", 5}, {NULL, 0}, {"7", 1}, {"a\tb", 3}};
	struct fixture *f = *state;

	f->steps[CHECK].sample = (struct rows){columns, 2, values, 2, false};
	report_failures(&f->report, &f->run, &f->out);
	assert_string_equal(f->out.p, "  checks.named: 3 rows, for example\n"
				      "     id      user\n"
				      "     10041   NULL\n"
				      "     7       a\\tb\n"
				      "  definitions/named.sqlx\n\n");
}

static void an_error_shows_where_the_statement_is_wrong(void **state)
{
	struct fixture *f = *state;
	struct step *s = &f->steps[CHECK];

	s->rows = -1;
	s->statement = STR("select 1,\n  usr from x");
	error_set(&s->error, ERROR_SQL, "column \"usr\" does not exist");
	error_hint(&s->error, "perhaps user");
	memcpy(s->error.sqlstate, "42703", 6);
	s->error.position = 13;
	report_failures(&f->report, &f->run, &f->out);
	assert_string_equal(
		f->out.p,
		"  checks.named: column \"usr\" does not exist (SQLSTATE "
		"42703)\n"
		"     in the SQL as it was sent:\n"
		"   |\n"
		" 2 |   usr from x\n"
		"   |   ^\n"
		"     = help: perhaps user\n"
		"  definitions/named.sqlx\n\n");
}

static void an_interval_that_failed_is_shown(void **state)
{
	struct fixture *f = *state;
	struct step *s = &f->steps[CHECK];

	error_set(&s->error, ERROR_SQL, "division by zero");
	s->intervals = 3;
	s->intervals_done = 1;
	s->interval = STR("2026-11-20 to 2026-11-21");
	report_failures(&f->report, &f->run, &f->out);
	assert_non_null(strstr(f->out.p, "division by zero\n"
					 "     it was to do 2026-11-20 to "
					 "2026-11-21; 1 of 3 intervals is "
					 "done\n"));
}

static void an_error_shows_the_line_that_the_user_wrote(void **state)
{
	struct fixture *f = *state;
	struct source src = {STR("definitions/named.sqlx"),
			     STR("config {}\n\nselect 1,\n  usr from x")};
	struct action *a = &f->made.actions[made_id(&f->made, "checks.named")];
	struct step *s = &f->steps[CHECK];

	a->query = STR("\nselect 1,\n  usr from x");
	a->place.src = &src;
	s->rows = -1;
	s->statement = STR("create view é as\nselect 1,\n  usr from x");
	error_set(&s->error, ERROR_SQL, "column \"usr\" does not exist");
	s->error.position = 30;
	report_failures(&f->report, &f->run, &f->out);
	assert_string_equal(f->out.p,
			    "  checks.named: column \"usr\" does not exist\n"
			    "   |\n"
			    " 4 |   usr from x\n"
			    "   |   ^\n"
			    "  definitions/named.sqlx:4\n\n");
}

static void the_summary_counts_what_there_is(void **state)
{
	struct fixture *f = *state;

	report_summary(&f->report, &f->run, &f->out);
	assert_string_equal(f->out.p,
			    "3 ok, 1 failed, 1 skipped in 0.6 s.   Details: "
			    "weir runs show 4f1c   Again from here: weir run "
			    "--resume\n");
	buf_clear(&f->out);
	f->run.nok = 5;
	f->run.nfailed = f->run.nskipped = 0;
	f->run.results_path = NULL;
	report_summary(&f->report, &f->run, &f->out);
	assert_string_equal(f->out.p, "5 ok in 0.6 s.\n");
}

static void running_steps_fit_the_terminal(void **state)
{
	struct fixture *f = *state;

	f->steps[TABLE].started_ms = 1000;
	report_running(&f->report, &f->run, TABLE, 66000, 200, &f->out);
	assert_string_equal(f->out.p,
			    "  run    table      marts.agg                  "
			    "                              1m05s\n");
	buf_clear(&f->out);
	report_running(&f->report, &f->run, TABLE, 2000, 36, &f->out);
	assert_string_equal(f->out.p, "  run    table      mart...   1.00 s\n");
	buf_clear(&f->out);
	report_running(&f->report, &f->run, TABLE, 2000, 30, &f->out);
	assert_int_equal(f->out.n, 0);
	f->run.ndone = 2;
	f->run.nrunning = 1;
	report_rest(&f->report, &f->run, 80, &f->out);
	assert_string_equal(f->out.p, "  ...                              "
				      "              1 running, 2 to go\n");
}

static void colours_surround_the_status_only(void **state)
{
	struct fixture *f = *state;

	f->term.color = true;
	report_step(&f->report, &f->run, TABLE, &f->out);
	assert_string_equal(f->out.p,
			    "  \033[33mskip\033[0m   table      marts.agg    "
			    "                needs checks.named\n");
}

static void a_plan_says_what_and_why(void **state)
{
	struct fixture *f = *state;

	f->steps[VIEW].why = STR("not there yet");
	f->steps[VIEW].check = CHECK_OK;
	f->steps[INCREMENT].why = STR("has a unique key");
	f->steps[INCREMENT].deed = DEED_MERGE;
	f->steps[INCREMENT].check = CHECK_UNKNOWN;
	f->steps[INCREMENT].check_text = STR("needs staging.events");
	f->steps[INCREMENT].sql = STR("\nmerge into x\nusing y\n");
	f->run.steps = &f->steps[VIEW];
	f->run.nsteps = 2;
	f->report.verbose = true;
	report_plan(&f->report, &f->run, &f->out);
	assert_string_equal(
		f->out.p,
		"\n"
		"  create   view       staging.events               not there "
		"yet     checked\n"
		"  merge    increment  staging.staged               has a "
		"unique key  unknown: needs staging.events\n"
		"\n      merge into x\n      using y\n\n"
		"2 steps. Nothing was run.\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(steps_stand_in_columns),
		TEST(a_long_name_widens_its_column),
		TEST(each_status_has_a_word),
		TEST(a_load_of_known_files_says_so),
		TEST(a_broken_assertion_shows_sample_rows),
		TEST(an_error_shows_where_the_statement_is_wrong),
		TEST(an_interval_that_failed_is_shown),
		TEST(an_error_shows_the_line_that_the_user_wrote),
		TEST(the_summary_counts_what_there_is),
		TEST(running_steps_fit_the_terminal),
		TEST(colours_surround_the_status_only),
		TEST(a_plan_says_what_and_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
