/* Views of bytes, and what suggestions are made from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/str.h"

static void prefix_sorts_first(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_int_equal(str_cmp(STR(""), (struct str){0}), 0);
}

static void sorts_like_javascript(void **state)
{
	/* In rising order of UTF-16 code units. */
	static const char *const rising[] = {
		"",       "A",      "Z",      "_",          "a", "a/b",
		"ab",     "\u00e9", "\u4e2d", "\U0001f600", /* D83D DE00 */
		"\ue000", "\uffee",
	};
	size_t n = sizeof(rising) / sizeof(rising[0]);

	(void)state;
	for (size_t i = 0; i + 1 < n; i++) {
		struct str a = str_of(rising[i]), b = str_of(rising[i + 1]);

		assert_true(str_cmp_utf16(a, b) < 0);
		assert_true(str_cmp_utf16(b, a) > 0);
		assert_int_equal(str_cmp_utf16(a, a), 0);
	}
}

static void finds_characters_and_parts(void **state)
{
	struct str s = STR("a.b.c");

	(void)state;
	assert_int_equal(str_find(s, '.', 0), 1);
	assert_int_equal(str_find(s, '.', 2), 3);
	assert_int_equal(str_find(s, 'x', 0), s.n);
	assert_int_equal(str_find(s, 'a', 9), s.n);
	assert_int_equal(str_rfind(s, '.'), 3);
	assert_int_equal(str_rfind(s, 'x'), s.n);
	assert_true(str_has(s, STR("b.c")));
	assert_true(str_has(s, STR("")));
	assert_false(str_has(s, STR("b.d")));
	assert_false(str_has(STR("ab"), STR("abc")));
	assert_int_equal(str_search(STR("xabab"), STR("ab"), 0), 1);
	assert_int_equal(str_search(STR("xabab"), STR("ab"), 2), 3);
	assert_int_equal(str_search(STR("xabab"), STR("ab"), 4), 5);
	assert_int_equal(str_search(STR("xa"), STR("aa"), 0), 2);
}

static void trims_white_space_only(void **state)
{
	(void)state;
	assert_true(str_is(str_trim(STR(" \t\r\n a b\v\f ")), "a b"));
	assert_int_equal(str_trim(STR(" \n ")).n, 0);
}

static void finds_malformed_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t bad;
	} cases[] = {
		{"plain", 5},
		{"\u00e9\u4e2d\U0001f600", 9},
		{"ab\xff", 2},
		{"\xc0\x80", 0},         /* overlong */
		{"\xe0\x80\x80", 0},     /* overlong */
		{"a\xed\xa0\x80", 1},    /* surrogate */
		{"\xf4\x90\x80\x80", 0}, /* beyond U+10FFFF */
		{"abc\xe4\xb8", 3},      /* cut off */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(str_bad_utf8(str_of(cases[i].text)),
				 cases[i].bad);
	assert_int_equal(str_count_chars(STR("\u00e9\u4e2d\U0001f600x")), 4);
}

static void counts_edits(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
		{"orders", "orders", 0},
		{"ordesr", "orders", 1},
		{"partitonBy", "partitionBy", 1},
		{"", "ab", 2},
		{"abc", "xyz", 3},
		{"kitten", "sitting", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			str_distance(str_of(cases[i].a), str_of(cases[i].b), 5),
			cases[i].distance);
	assert_int_equal(str_distance(STR("abcdef"), STR("uvwxyz"), 2), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefix_sorts_first),
		cmocka_unit_test(sorts_like_javascript),
		cmocka_unit_test(finds_characters_and_parts),
		cmocka_unit_test(trims_white_space_only),
		cmocka_unit_test(finds_malformed_utf8),
		cmocka_unit_test(counts_edits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
