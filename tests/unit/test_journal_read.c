/* Journals as they are found: whole, torn, and as no run writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "runtime/record/journal.h"
#include "runtime/record/journal_read.h"

#define START                                                                  \
	"{\"time\":\"2026-11-22T10:02:11.250Z\",\"event\":\"start\","          \
	"\"version\":1,\"run\":\"2026-11-22T10-02-11Z-4f1c\","                 \
	"\"target\":\"dev\",\"warehouse\":\"duckdb\","                         \
	"\"asked\":{\"compiled\":7}}\n"
#define PLAN                                                                   \
	"{\"time\":\"2026-11-22T10:02:11.260Z\",\"event\":\"plan\","           \
	"\"actions\":2}\n"
#define STEP(name, status, rest)                                               \
	"{\"time\":\"2026-11-22T10:02:11.300Z\",\"event\":\"action\","         \
	"\"name\":\"" name "\",\"type\":\"table\",\"do\":\"create\","          \
	"\"status\":\"" status "\",\"hash\":\"ab\"" rest "}\n"
#define END                                                                    \
	"{\"time\":\"2026-11-22T10:02:12.000Z\",\"event\":\"end\","            \
	"\"status\":\"failed\"}\n"

struct scene {
	struct arena *arena;
	char path[32];
	struct past_run run;
	struct error err;
};

static void start(struct scene *s)
{
	int fd;

	memset(s, 0, sizeof(*s));
	s->arena = arena_new();
	snprintf(s->path, sizeof(s->path), "/tmp/weir-test-XXXXXX");
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	close(fd);
}

static void end(struct scene *s)
{
	unlink(s->path);
	arena_free(s->arena);
}

static bool read_text(struct scene *s, struct str text)
{
	s->err = (struct error){0};
	assert_true(file_write(s->path, text, &s->err));
	return journal_read(s->path, s->arena, &s->run, &s->err);
}

static void the_last_line_of_an_action_counts(void **state)
{
	struct scene s;
	const struct past_action *a;

	(void)state;
	start(&s);
	assert_true(read_text(
		&s,
		STR(START PLAN STEP("s.a", "running", "") STEP(
			"s.b", "running", "") STEP("s.a", "ok", ",\"rows\":3")
			    STEP("s.b", "failed", ",\"error\":\"no\"") END)));
	assert_true(str_is(s.run.id, "2026-11-22T10-02-11Z-4f1c"));
	assert_true(s.run.planned);
	assert_int_equal(s.run.nactions, 2);
	assert_int_equal(s.run.n, 2);
	assert_int_equal(value_get(s.run.asked, "compiled")->number, 7);
	assert_true(str_is(past_status(&s.run), "failed"));
	a = map_get(&s.run.by_name, STR("s.a"));
	assert_true(past_is_done(a));
	assert_int_equal(a->rows, 3);
	assert_true(str_is(a->hash, "ab"));
	assert_true(str_is(s.run.actions[1].error, "no"));
	assert_false(past_is_done(&s.run.actions[1]));
	end(&s);
}

static void a_warning_is_known_to_all_that_take_it_over(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	assert_true(read_text(
		&s, STR(START STEP("s.a", "reused",
				   ",\"warned\":true") STEP("s.b", "reused", "")
				PLAN STEP("s.c", "warn", ",\"rows\":3") END)));
	assert_true(s.run.actions[0].warned);
	assert_false(s.run.actions[1].warned);
	assert_true(s.run.actions[2].warned);
	end(&s);
}

/* Whatever a kill leaves of the file, the whole lines of it are read. */
static void a_journal_may_end_anywhere(void **state)
{
	static const char text[] =
		START PLAN STEP("s.a", "running", "") STEP("s.a", "ok", "") END;
	struct scene s;

	(void)state;
	start(&s);
	for (size_t n = 0; n < sizeof(text); n++) {
		struct str part = {text, n};
		size_t lines = 0;

		for (size_t i = 0; i < n; i++)
			lines += text[i] == '\n';
		if (!read_text(&s, part))
			fail_msg("%zu: %s", n, s.err.text);
		assert_int_equal(s.run.id.n > 0, lines > 0);
		assert_int_equal(s.run.planned, lines > 1);
		assert_int_equal(s.run.n, lines > 2);
		assert_true(str_is(past_status(&s.run),
				   lines > 4 ? "failed" : "killed"));
	}
	end(&s);
}

static void what_no_run_writes_is_an_error(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"\n", "line 1: this is no line of a journal"},
		{"[]\n", "line 1: this is no line of a journal"},
		{"{}\n", "line 1: this is no line of a journal"},
		{START "{\"time\":\"x\"}\n", "line 2: this is no line"},
		{START PLAN "{\"time\":\n", "line 3: this is no line"},
		{PLAN, "line 1: the journal does not begin with its start"},
		{START START, "line 2: a run starts once"},
		{START END PLAN, "line 3: there is more behind the end"},
		{START "{\"time\":\"x\",\"event\":\"action\"}\n",
		 "line 2: an action has no name or no status"},
		{START "{\"time\":\"x\",\"event\":\"end\"}\n",
		 "line 2: the run has no status at its end"},
		{"{\"time\":\"x\",\"event\":\"start\",\"version\":2}\n",
		 "line 1: another version of weir has written this"},
		{"{\"time\":\"x\",\"event\":\"start\",\"version\":1}\n",
		 "line 1: it is not known which run this is"},
	};
	struct scene s;

	(void)state;
	start(&s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(read_text(&s, str_of(cases[i].text)));
		assert_int_equal(s.err.kind, ERROR_IO);
		if (!strstr(s.err.text, cases[i].error))
			fail_msg("%zu: %s", i, s.err.text);
	}
	assert_false(read_text(&s, (struct str){START "\0\0\0\n",
						sizeof(START "\0\0\0\n") - 1}));
	end(&s);
}

/* Each byte of a journal changed in turn: an error or other values, but no
 * harm. */
static void a_changed_byte_does_no_harm(void **state)
{
	static const char text[] = START PLAN STEP("s.a", "ok", "") END;
	char changed[sizeof(text)];
	struct scene s;

	(void)state;
	start(&s);
	for (size_t i = 0; i + 1 < sizeof(text); i++) {
		memcpy(changed, text, sizeof(text));
		changed[i] = (char)(changed[i] ^ 1 << i % 7);
		if (!read_text(&s, (struct str){changed, sizeof(text) - 1}))
			assert_int_equal(s.err.kind, ERROR_IO);
		if (i % 50 == 0)
			arena_reset(s.arena);
	}
	end(&s);
}

static void what_later_versions_add_is_passed_over(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	assert_true(read_text(&s, STR(START "{\"time\":\"x\",\"event\":\"new\","
					    "\"more\":[1]}\n" PLAN)));
	assert_true(s.run.planned);
	end(&s);
}

/* Another process has it; of our own the lock says nothing. */
static void a_journal_is_held_by_its_process(void **state)
{
	struct scene s;
	int ready[2], over[2];
	char byte = 0;
	pid_t pid;

	(void)state;
	start(&s);
	unlink(s.path);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(over), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct journal *j;
		struct error err = {0};
		bool ok = journal_open(s.path, &j, &err) &&
			  write(ready[1], &byte, 1) == 1;

		close(over[1]);
		_exit(ok && read(over[0], &byte, 1) == 0 ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(journal_holder(s.path), pid);
	close(over[0]);
	close(over[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(journal_holder(s.path), 0);
	close(ready[0]);
	close(ready[1]);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_line_of_an_action_counts),
		cmocka_unit_test(a_warning_is_known_to_all_that_take_it_over),
		cmocka_unit_test(a_journal_may_end_anywhere),
		cmocka_unit_test(what_no_run_writes_is_an_error),
		cmocka_unit_test(a_changed_byte_does_no_harm),
		cmocka_unit_test(what_later_versions_add_is_passed_over),
		cmocka_unit_test(a_journal_is_held_by_its_process),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
