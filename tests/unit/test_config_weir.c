/* Options below weir: what is refused, where, and that the rest can be set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "tests/unit/config_check.h"

static void what_is_wrong_is_refused_at_its_key(void **state)
{
	static const struct refusal cases[] = {
		{ACTION_INCREMENTAL, "{weir: {stategy: x}}",
		 "\"stategy\" is no option of weir",
		 "did you mean \"strategy\"?", "stategy"},
		{ACTION_TABLE, "{weir: {strategy: window}}",
		 "\"strategy\" is no option of weir",
		 "only incremental tables have it", "strategy"},
		{ACTION_VIEW, "{weir: {audit: true}}",
		 "\"audit\" is no option of weir",
		 "only tables and incremental tables have it", "audit"},
		{ACTION_OPERATION, "{weir: {severity: warn}}",
		 "\"severity\" is no option of weir",
		 "only tables, views, incremental tables and assertions have",
		 "severity"},
		{ACTION_TABLE, "{weir: x}", "\"weir\" must be an object",
		 "in braces", "weir"},
		{ACTION_TABLE, "{weir: {timeout: null}}",
		 "\"timeout\" must be a duration, not null", "90s", "timeout"},
		{ACTION_TABLE, "{weir: {timeout: 5}}",
		 "\"timeout\" must be a duration, not a number",
		 "write a time such as \"90s\"", "timeout"},
		{ACTION_TABLE, "{weir: {timeout: '90'}}",
		 "\"90\" is no value of \"timeout\"", "90s", "timeout"},
		{ACTION_INCREMENTAL, "{weir: {strategy: windwo}}",
		 "\"windwo\" is no value of \"strategy\"",
		 "did you mean \"window\"?", "strategy"},
		{ACTION_ASSERTION, "{weir: {severity: fatal}}",
		 "\"fatal\" is no value of \"severity\"",
		 "write \"error\" or \"warn\"", "severity"},
		{ACTION_INCREMENTAL, "{weir: {start: '2026-13-01'}}",
		 "\"2026-13-01\" is no value of \"start\"",
		 "write a date or a timestamp", "start"},
		{ACTION_INCREMENTAL, "{weir: {timeColumn: ' '}}",
		 "\"timeColumn\" is empty", NULL, "timeColumn"},
		{ACTION_TABLE, "{weir: {warnAbove: -1}}",
		 "\"warnAbove\" must be a whole number, 0 or more", NULL,
		 "warnAbove"},
		{ACTION_TABLE, "{weir: {failAbove: 1.5}}",
		 "\"failAbove\" must be a whole number, 0 or more", NULL,
		 "failAbove"},
		{ACTION_TABLE, "{weir: {failAbove: '1'}}",
		 "\"failAbove\" must be a number, not a string",
		 "without quotes", "failAbove"},
		{ACTION_TABLE, "{weir: {storeFailures: 'yes'}}",
		 "\"storeFailures\" must be true or false", "without quotes",
		 "storeFailures"},
		{ACTION_TABLE, "{weir: {indexes: [a]}}",
		 "\"indexes\" must be a list of lists", "write [[\"a\"]",
		 "indexes"},
		{ACTION_TABLE, "{weir: {indexes: [[]]}}",
		 "an index has no columns", NULL, "indexes"},
		{ACTION_TABLE,
		 "{weir: {indexes: [{columns: [a], uniqe: true}]}}",
		 "\"uniqe\" is no option of an index",
		 "did you mean \"unique\"?", "indexes"},
		{ACTION_TABLE, "{weir: {indexes: [{columns: [a], uniqe: {}}]}}",
		 "\"uniqe\" is no option of an index",
		 "did you mean \"unique\"?", "indexes"},
		{ACTION_TABLE, "{weir: {indexes: [[5]]}}", "must hold strings",
		 NULL, "indexes"},
		{ACTION_TABLE,
		 "{weir: {indexes: [{columns: [a], unique: 'yes'}]}}",
		 "\"unique\" must be true or false, not a string",
		 "without quotes", "indexes"},
		{ACTION_TABLE,
		 "{weir: {indexes: [{columns: [a], unique: []}]}}",
		 "\"unique\" must be true or false, not a list",
		 "without quotes", "indexes"},
		{ACTION_VIEW, "{weir: {indexes: [[a]]}}",
		 "\"indexes\" is no option of weir",
		 "only tables and incremental tables have it", "indexes"},
		{ACTION_TABLE, "{weir: {indexes: [[a], [b, c], [a]]}}",
		 "the index of a stands here twice", "remove", "indexes"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		refusal_check(&cases[i], false);
}

/* What is put into "create index ... (...)" must not end it. */
static void an_entry_of_an_index_is_one_column_or_expression(void **state)
{
	static const struct {
		const char *text;
		bool kept;
	} cases[] = {
		{"a", true},
		{"lower(a)", true},
		{"a desc nulls last", true},
		{"coalesce(a, ')', $$)$$)", true},
		{"\\\"my; col\\\"", true},
		{"a /* ; */", true},
		{"", false},
		{" ", false},
		{"a, b", false},
		{"a;", false},
		{"a); drop table b; --", false},
		{"a) where (b", false},
		{"lower(a", false},
		{"a -- b", false},
		{"a /* b", false},
		{"'a", false},
		{"a''b'", false},
		{"\\\"a", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct checked c;
		char text[128];

		snprintf(text, sizeof(text), "{weir: {indexes: [[\"%s\"]]}}",
			 cases[i].text);
		checked_read(&c, ACTION_TABLE, text, false);
		if (c.kept != cases[i].kept ||
		    (!c.kept && !strstr(c.diags.v[0].text.p,
					"neither a column nor an expression")))
			fail_msg("%s", cases[i].text);
		checked_free(&c);
	}
}

/* Options are read once to be checked, and once more when they are put
 * together, without anybody to report to. */
static void what_was_read_can_be_set(void **state)
{
	static const char *const values[] = {
		"true",
		"false",
		"0",
		"1",
		"-1",
		"1.5",
		"1e300",
		"null",
		"''",
		"x",
		"'true'",
		"window",
		"warn",
		"1d",
		"2026-01-01",
		"[]",
		"{}",
		"[a]",
		"[[a]]",
		"[[]]",
		"[{}]",
		"[null]",
		"[[a], [a]]",
		"[{columns: [a], unique: true}]",
		"[{columns: [a], unique: 'yes'}]",
		"[{columns: [a], unique: 1}]",
		"[{columns: [a], unique: []}]",
		"[{columns: [a], unique: null}]",
		"[{columns: a}]",
		"[{columns: {}}]",
		"[{columns: [a], other: {}}]",
	};
	size_t nset = 0;

	(void)state;
	for (int k = 0; k < CONFIG_WEIR_NKEYS; k++) {
		enum config_weir_key key = (enum config_weir_key)k;
		struct str name = config_weir_name(key);

		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			struct weir_options o = {0};
			const struct value *v;
			struct checked c;
			char text[128];

			snprintf(text, sizeof(text), "{weir: {%.*s: %s}}",
				 STR_ARG(name), values[i]);
			checked_read(&c, ACTION_INCREMENTAL, text, false);
			assert_int_equal(c.kept, c.diags.n == 0);
			v = value_get(value_get(&c.out, "weir"), name.p);
			if (c.kept && v) {
				config_weir_set(c.arena, key, v, &o);
				nset++;
			}
			checked_free(&c);
		}
	}
	assert_true(nset > CONFIG_WEIR_NKEYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_is_refused_at_its_key),
		cmocka_unit_test(
			an_entry_of_an_index_is_one_column_or_expression),
		cmocka_unit_test(what_was_read_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
