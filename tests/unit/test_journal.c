/* The journal's lines, and what becomes of one that cannot be written. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/secrets.h"
#include "base/value.h"
#include "runtime/record/journal.h"
#include "runtime/run.h"
#include "tests/unit/graph_maker.h"

struct scene {
	struct made made;
	struct run run;
	struct step steps[2];
	struct journal *journal;
	char path[32];
};

static void start(struct scene *s)
{
	struct error err = {0};
	int fd;

	memset(s, 0, sizeof(*s));
	made_start(&s->made, &dialect_duckdb);
	made_add(&s->made, ACTION_TABLE, "s.a", "", "");
	made_add(&s->made, ACTION_TABLE, "s.b", "", "s.a");
	s->steps[1].action = 1;
	s->steps[0].kind = s->steps[1].kind = STEP_ACTION;
	s->steps[0].cause = s->steps[1].cause = UINT32_MAX;
	s->steps[0].rows = s->steps[1].rows = -1;
	s->run = (struct run){
		.graph = &s->made.graph,
		.arena = s->made.arena,
		.id = STR("2026-11-22T10-02-11Z-4f1c"),
		.steps = s->steps,
		.nsteps = 2,
		.started_ms = 1795341731250,
		.ended_ms = 1795341732000,
		.status = RUN_FAILED,
	};
	snprintf(s->path, sizeof(s->path), "/tmp/weir-test-XXXXXX");
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	close(fd);
	unlink(s->path);
	assert_true(journal_open(s->path, &s->journal, &err));
}

static void end(struct scene *s)
{
	unlink(s->path);
	made_end(&s->made);
}

static const char *text_of(struct scene *s)
{
	struct error err = {0};
	struct str text;

	assert_true(file_read(s->path, 1 << 20, s->made.arena, &text, &err));
	return text.p;
}

static void each_change_is_a_line(void **state)
{
	struct scene s;
	struct error err = {0};

	(void)state;
	start(&s);
	journal_start(s.journal, &s.run, NULL);
	assert_true(journal_plan(s.journal, &s.run, 1795341731290, &err));
	s.steps[0].status = STATUS_RUNNING;
	journal_step(s.journal, &s.run, 0, 1795341731300);
	s.steps[0].status = STATUS_FAILED;
	s.steps[0].rows = 3;
	error_set(&s.steps[0].error, ERROR_SQL, "no \"x\"\nthere");
	journal_step(s.journal, &s.run, 0, 1795341731999);
	s.steps[1].status = STATUS_SKIPPED;
	s.steps[1].cause = 0;
	journal_step(s.journal, &s.run, 1, 1795341731999);
	journal_end(s.journal, &s.run);
	assert_true(journal_is_whole(s.journal, &err));
	journal_close(s.journal);
	assert_string_equal(
		text_of(&s),
		"{\"time\":\"2026-11-22T10:02:11.250Z\",\"event\":\"start\","
		"\"version\":1,\"run\":\"2026-11-22T10-02-11Z-4f1c\","
		"\"target\":\"dev\",\"warehouse\":\"duckdb\"}\n"
		"{\"time\":\"2026-11-22T10:02:11.290Z\",\"event\":\"plan\","
		"\"actions\":2}\n"
		"{\"time\":\"2026-11-22T10:02:11.300Z\",\"event\":\"action\","
		"\"name\":\"s.a\",\"type\":\"table\",\"do\":\"create\","
		"\"status\":\"running\",\"hash\":\"\"}\n"
		"{\"time\":\"2026-11-22T10:02:11.999Z\",\"event\":\"action\","
		"\"name\":\"s.a\",\"type\":\"table\",\"do\":\"create\","
		"\"status\":\"failed\",\"hash\":\"\","
		"\"rows\":3,\"error\":\"no \\\"x\\\"\\nthere\"}\n"
		"{\"time\":\"2026-11-22T10:02:11.999Z\",\"event\":\"action\","
		"\"name\":\"s.b\",\"type\":\"table\",\"do\":\"create\","
		"\"status\":\"skipped\",\"hash\":\"\","
		"\"cause\":\"s.a\"}\n"
		"{\"time\":\"2026-11-22T10:02:12.000Z\",\"event\":\"end\","
		"\"status\":\"failed\"}\n");
	end(&s);
}

/* Whoever resumes this run has to know what it had taken over, even if the run
 * never came to begin it. */
static void what_is_taken_over_is_told_before_the_plan(void **state)
{
	static const char a[] = "\"name\":\"s.a\"", b[] = "\"name\":\"s.b\"";
	struct scene s;
	struct error err = {0};
	const char *text, *plan;

	(void)state;
	start(&s);
	s.steps[0].reused = s.steps[0].warned = true;
	s.steps[1].resumed = true;
	journal_start(s.journal, &s.run, NULL);
	assert_true(journal_plan(s.journal, &s.run, 1795341731290, &err));
	journal_close(s.journal);
	text = text_of(&s);
	plan = strstr(text, "\"event\":\"plan\"");
	assert_non_null(strstr(strstr(text, a), "\"status\":\"reused\""));
	assert_non_null(strstr(strstr(text, a), "\"warned\":true"));
	assert_non_null(strstr(strstr(text, b), "\"status\":\"waiting\""));
	assert_true(strstr(text, a) < plan && strstr(text, b) < plan);
	end(&s);
}

static void a_line_is_there_as_soon_as_it_is_written(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	journal_start(s.journal, &s.run, NULL);
	assert_non_null(strstr(text_of(&s), "\"start\""));
	journal_close(s.journal);
	end(&s);
}

static void what_was_asked_is_there_but_for_secrets(void **state)
{
	struct scene s;
	struct value asked, vars;
	struct error err = {0};

	(void)state;
	start(&s);
	secrets_add(s.made.arena, &s.made.profile.secrets, STR("hush hush"),
		    STR("${env:PASSWORD}"));
	asked = value_object(s.made.arena, 2);
	vars = value_object(s.made.arena, 2);
	value_put(&vars, STR("a"), value_string(STR("x=hush hush")));
	value_put(&vars, STR("b"), value_string(STR("plain")));
	value_put(&asked, STR("fullRefresh"), value_bool(true));
	value_put(&asked, STR("vars"), vars);
	s.run.resumes = STR("2026-11-21T10-02-11Z-beef");
	journal_start(s.journal, &s.run, &asked);
	s.steps[1].reused = true;
	strcpy(s.steps[1].hash, "ab");
	assert_true(journal_plan(s.journal, &s.run, 1795341731290, &err));
	s.steps[1].status = STATUS_REUSED;
	journal_step(s.journal, &s.run, 1, 1795341731300);
	assert_true(journal_is_whole(s.journal, &err));
	journal_close(s.journal);
	assert_string_equal(
		text_of(&s),
		"{\"time\":\"2026-11-22T10:02:11.250Z\",\"event\":\"start\","
		"\"version\":1,\"run\":\"2026-11-22T10-02-11Z-4f1c\","
		"\"target\":\"dev\",\"warehouse\":\"duckdb\","
		"\"resumes\":\"2026-11-21T10-02-11Z-beef\","
		"\"asked\":{\"fullRefresh\":true,"
		"\"vars\":{\"a\":null,\"b\":\"plain\"}}}\n"
		"{\"time\":\"2026-11-22T10:02:11.290Z\",\"event\":\"action\","
		"\"name\":\"s.b\",\"type\":\"table\",\"do\":\"create\","
		"\"status\":\"reused\",\"hash\":\"ab\"}\n"
		"{\"time\":\"2026-11-22T10:02:11.290Z\",\"event\":\"plan\","
		"\"actions\":2}\n");
	end(&s);
}

/* A host may be a secret: the name then hides which it was, the hash tells. */
static void the_plan_names_the_database_but_for_secrets(void **state)
{
	struct scene s;
	struct error err = {0};
	char hash[STEP_HASH + 1], other[STEP_HASH + 1];
	const char *text;

	(void)state;
	start(&s);
	secrets_add(s.made.arena, &s.made.profile.secrets, STR("db.example"),
		    STR("${env:HOST}"));
	s.run.database = STR("db.example:5432/shop");
	journal_start(s.journal, &s.run, NULL);
	assert_true(journal_plan(s.journal, &s.run, 1795341731290, &err));
	journal_close(s.journal);
	text = text_of(&s);
	assert_non_null(strstr(text, "\"database\":\"${env:HOST}:5432/shop\""));
	assert_null(strstr(text, "example"));
	journal_hash(s.run.database, hash);
	journal_hash(STR("db.sample:5432/shop"), other);
	assert_non_null(strstr(text, hash));
	assert_string_not_equal(hash, other);
	end(&s);
}

static void a_journal_replaces_no_other(void **state)
{
	struct scene s;
	struct journal *other;
	struct error err = {0};

	(void)state;
	start(&s);
	assert_false(journal_open(s.path, &other, &err));
	assert_int_equal(err.kind, ERROR_IO);
	journal_close(s.journal);
	end(&s);
}

/* A limit on the size of files stands in for a full disk. */
static void nothing_follows_a_line_that_does_not_fit(void **state)
{
	struct rlimit before, small;
	struct scene s;
	struct error err = {0};

	(void)state;
	start(&s);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 40;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	journal_start(s.journal, &s.run, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	journal_end(s.journal, &s.run);
	assert_int_equal(strlen(text_of(&s)), 40);
	assert_false(journal_is_whole(s.journal, &err));
	assert_int_equal(err.kind, ERROR_IO);
	journal_close(s.journal);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_a_line),
		cmocka_unit_test(what_is_taken_over_is_told_before_the_plan),
		cmocka_unit_test(a_line_is_there_as_soon_as_it_is_written),
		cmocka_unit_test(what_was_asked_is_there_but_for_secrets),
		cmocka_unit_test(the_plan_names_the_database_but_for_secrets),
		cmocka_unit_test(a_journal_replaces_no_other),
		cmocka_unit_test(nothing_follows_a_line_that_does_not_fit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
