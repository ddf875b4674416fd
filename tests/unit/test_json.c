/* JSON texts to values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/limits.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static void texts_become_values(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"{\"b\": 1, \"a\": [true, null, -0.5]}",
		 "{\"b\":1,\"a\":[true,null,-0.5]}"},
		{"{\"a\": 1, \"b\": 2, \"a\": 3}", "{\"a\":3,\"b\":2}"},
		{"\"\\u00e9\\ud83d\\ude42\"", "\"\xc3\xa9\xf0\x9f\x99\x82\""},
		{"123456789012345678901234567890", "1.2345678901234568e+29"},
		{" [] ", "[]"},
		{"{}", "{}"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct position at;
		struct error err = {0};
		struct json_writer w;
		struct value v;

		assert_true(
			json_parse(str_of(cases[i].text), a, &v, &at, &err));
		json_start(&w, NULL, 0);
		json_value(&w, &v);
		assert_string_equal(buf_str(&w.out).p, cases[i].want);
		buf_free(&w.out);
	}
	arena_free(a);
}

static void an_escaped_nul_is_kept(void **state)
{
	struct arena *a = arena_new();
	struct position at;
	struct error err = {0};
	struct value v;

	(void)state;
	assert_true(json_parse(STR("\"a\\u0000b\""), a, &v, &at, &err));
	assert_int_equal(v.string.n, 3);
	assert_memory_equal(v.string.p, "a\0b", 3);
	arena_free(a);
}

static void errors_name_their_line_and_column(void **state)
{
	static const struct {
		const char *text;
		uint32_t line, column;
	} cases[] = {
		{"", 1, 1},
		{"{\"a\": 1,\n \"b\": }", 2, 7},
		{"[1, 2", 1, 5},
		{"{\"a\": 1} x", 1, 10},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct position at;
		struct error err = {0};
		struct value v;

		assert_false(
			json_parse(str_of(cases[i].text), a, &v, &at, &err));
		assert_true(err.text[0] != '\0');
		if (at.line != cases[i].line || at.column != cases[i].column)
			fail_msg("%s: at %u:%u", cases[i].text, at.line,
				 at.column);
	}
	arena_free(a);
}

static void deep_nesting_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct position at;
	struct error err = {0};
	struct value v;
	char text[2 * VALUE_DEPTH_MAX + 2];
	size_t n = VALUE_DEPTH_MAX;

	(void)state;
	memset(text, '[', n);
	memset(text + n, ']', n);
	assert_true(json_parse((struct str){text, 2 * n}, a, &v, &at, &err));
	n++;
	memset(text, '[', n);
	memset(text + n, ']', n);
	assert_false(json_parse((struct str){text, 2 * n}, a, &v, &at, &err));
	assert_non_null(strstr(err.text, "100 levels"));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_values),
		cmocka_unit_test(an_escaped_nul_is_kept),
		cmocka_unit_test(errors_name_their_line_and_column),
		cmocka_unit_test(deep_nesting_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
