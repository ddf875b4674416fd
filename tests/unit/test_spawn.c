/* Programs that are run and waited for. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/spawn.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static bool run_shell(const char *folder, const char *script, int *status,
		      struct error *err)
{
	char sh[] = "sh", option[] = "-c", text[256];
	char *const argv[] = {sh, option, text, NULL};

	snprintf(text, sizeof(text), "%s", script);
	return spawn_wait(folder, argv, status, err);
}

static void how_it_ended_is_told(void **state)
{
	static const struct {
		const char *script;
		int status;
	} cases[] = {
		{"exit 0", 0},
		{"exit 7", 7},
		{"kill -TERM $$", 128 + SIGTERM},
		{"kill -INT $$; exit 3", 128 + SIGINT},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct error err = {0};
		int status = -1;

		assert_true(run_shell(".", cases[i].script, &status, &err));
		assert_int_equal(status, cases[i].status);
	}
}

static void it_works_in_its_folder_and_we_stay_in_ours(void **state)
{
	char before[4096], after[4096];
	struct error err = {0};
	int status = -1;

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	assert_true(run_shell("/", "test \"$(pwd)\" = /", &status, &err));
	assert_int_equal(status, 0);
	assert_non_null(getcwd(after, sizeof(after)));
	assert_string_equal(before, after);
}

static void keys_are_heeded_again_when_it_has_ended(void **state)
{
	struct sigaction before, after;
	struct error err = {0};
	int status = -1;

	(void)state;
	sigaction(SIGINT, NULL, &before);
	/* A key press reaches us, too. */
	assert_true(run_shell(".", "kill -INT $PPID", &status, &err));
	assert_int_equal(status, 0);
	sigaction(SIGINT, NULL, &after);
	assert_true(before.sa_handler == after.sa_handler);
}

static void what_cannot_be_run_is_named(void **state)
{
	char program[] = "no-such-program-anywhere";
	char *const argv[] = {program, NULL};
	struct error err = {0};
	int status = -1;

	(void)state;
	assert_false(spawn_wait(".", argv, &status, &err));
	assert_non_null(strstr(err.text, "\"no-such-program-anywhere\""));
	memset(&err, 0, sizeof(err));
	assert_false(run_shell("/no/such/folder", "exit 0", &status, &err));
	assert_non_null(strstr(err.text, "no folder \"/no/such/folder\""));
	assert_int_equal(status, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_it_ended_is_told),
		cmocka_unit_test(it_works_in_its_folder_and_we_stay_in_ours),
		cmocka_unit_test(keys_are_heeded_again_when_it_has_ended),
		cmocka_unit_test(what_cannot_be_run_is_named),
	};

	signal(SIGINT, SIG_DFL); /* whoever runs the tests may ignore it */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
