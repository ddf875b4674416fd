/* Secrets in texts that are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/secrets.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct secrets make(struct arena *a, const char *const *values, size_t n)
{
	struct secrets s = {0};

	for (size_t i = 0; i < n; i++)
		secrets_add(a, &s, str_of(values[i]),
			    arena_printf(a, "${env:S%zu}", i));
	return s;
}

static void each_secret_is_hidden_once(void **state)
{
	static const struct {
		const char *secrets[3], *text, *want;
	} cases[] = {
		{{"hunter2"},
		 "is hunter2, hunter2!",
		 "is ${env:S0}, ${env:S0}!"},
		{{"hunter2"}, "nothing", "nothing"},
		/* the longest counts, whichever was first */
		{{"abcd", "abcdef"}, "abcdefg", "${env:S1}g"},
		{{"abcdef", "abcd"}, "abcde", "${env:S1}e"},
		/* what is put in is not looked at */
		{{"hunter2", "env:"}, "hunter2", "${env:S0}"},
		{{"${env", "hunter2"}, "hunter2", "${env:S1}"},
		/* too short to hide */
		{{"e", "D:", "abc"}, "Table e abc", "Table e abc"},
		{{""}, "text", "text"},
		{{"hunter2"}, "hunterhunter2", "hunter${env:S0}"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct arena *a = arena_new();
		size_t n = 0;
		struct secrets s;

		while (n < 3 && cases[i].secrets[n])
			n++;
		s = make(a, cases[i].secrets, n);
		assert_string_equal(
			secrets_hide(&s, a, str_of(cases[i].text)).p,
			cases[i].want);
		arena_free(a);
	}
}

static void a_value_is_known_by_its_first_name(void **state)
{
	static const char *const values[] = {"hunter2", "hunter2"};
	struct arena *a = arena_new();
	struct secrets s = make(a, values, 2);

	(void)state;
	assert_int_equal(s.n, 1);
	assert_string_equal(secrets_hide(&s, a, STR("hunter2")).p, "${env:S0}");
	arena_free(a);
}

static void an_error_hides_them_in_text_and_hint(void **state)
{
	static const char *const values[] = {"hunter2"};
	struct arena *a = arena_new();
	struct secrets s = make(a, values, 1);
	struct error err = {0};

	(void)state;
	error_set(&err, ERROR_SQL, "no user hunter2 here");
	error_hint(&err, "hunter2?");
	secrets_hide_error(&s, &err);
	assert_string_equal(err.text, "no user ${env:S0} here");
	assert_string_equal(err.hint, "${env:S0}?");
	arena_free(a);
}

static void a_secret_that_was_cut_is_hidden_too(void **state)
{
	static const char *const values[] = {"hunter2", "x"};
	struct arena *a = arena_new();
	struct secrets s = make(a, values, 2);
	struct error err = {0};
	const char *end;

	(void)state;
	error_set(&err, ERROR_SQL, "%2042shunter2", "");
	assert_string_equal(err.text + 2042, "hunte");
	secrets_hide_error(&s, &err);
	end = err.text + 2042;
	assert_string_equal(end, "${env");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_secret_is_hidden_once),
		cmocka_unit_test(a_value_is_known_by_its_first_name),
		cmocka_unit_test(an_error_hides_them_in_text_and_hint),
		cmocka_unit_test(a_secret_that_was_cut_is_hidden_too),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
