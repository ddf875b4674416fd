/* YAML: scalars as js-yaml reads them, positions, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/json_write.h"
#include "base/yaml.h"
#include "base/yaml_scalar.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

struct parsed {
	struct arena *arena;
	struct value value;
	struct position at;
	struct error err;
	bool ok;
};

static struct parsed parse(const char *text)
{
	struct parsed p = {.arena = arena_new()};

	p.ok = yaml_parse(str_of(text), p.arena, &p.value, &p.at, &p.err);
	return p;
}

/* Parses text, which must be right, and compares it as JSON. */
static void check_json(const char *text, const char *json)
{
	struct parsed p = parse(text);
	struct json_writer w;

	if (!p.ok)
		fail_msg("%s: %s", text, p.err.text);
	json_start(&w, NULL, 0);
	json_value(&w, &p.value);
	assert_string_equal(buf_str(&w.out).p, json);
	buf_free(&w.out);
	arena_free(p.arena);
}

static void scalars_are_typed_as_in_js_yaml(void **state)
{
	static const struct {
		const char *text;
		enum value_kind kind;
		double number;
	} cases[] = {
		{"0x1F", VALUE_NUMBER, 31},   {"0b11", VALUE_NUMBER, 3},
		{"0o17", VALUE_NUMBER, 15},   {"017", VALUE_NUMBER, 17},
		{"-0x10", VALUE_NUMBER, -16}, {"1e3", VALUE_NUMBER, 1000},
		{".5", VALUE_NUMBER, 0.5},    {"1.", VALUE_NUMBER, 1},
		{"+5", VALUE_NUMBER, 5},      {"12e+3", VALUE_NUMBER, 12000},
		{"0", VALUE_NUMBER, 0},       {"-1.5e-1", VALUE_NUMBER, -0.15},
		{"1_000", VALUE_STRING, 0},   {"-.5", VALUE_STRING, 0},
		{"1.5e", VALUE_STRING, 0},    {"1e+", VALUE_STRING, 0},
		{"0x", VALUE_STRING, 0},      {"0b2", VALUE_STRING, 0},
		{"0o8", VALUE_STRING, 0},     {".", VALUE_STRING, 0},
		{"+", VALUE_STRING, 0},       {"1e999", VALUE_STRING, 0},
		{"190:20", VALUE_STRING, 0},  {"yes", VALUE_STRING, 0},
		{"nULL", VALUE_STRING, 0},    {"~x", VALUE_STRING, 0},
		{"", VALUE_NULL, 0},          {"~", VALUE_NULL, 0},
		{"Null", VALUE_NULL, 0},      {"TRUE", VALUE_BOOL, 0},
		{"False", VALUE_BOOL, 0},     {"on", VALUE_STRING, 0},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct value v = yaml_scalar(str_of(cases[i].text), a);

		if (v.kind != cases[i].kind)
			fail_msg("%s has kind %d", cases[i].text, v.kind);
		if (v.kind == VALUE_NUMBER)
			assert_true(v.number == cases[i].number);
	}
	arena_free(a);
}

static void infinities_and_nan_are_numbers(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_true(yaml_scalar(STR("-.inf"), a).number < -1e308);
	assert_true(yaml_scalar(STR(".Inf"), a).number > 1e308);
	assert_int_equal(yaml_scalar(STR(".NaN"), a).kind, VALUE_NUMBER);
	assert_int_equal(yaml_scalar(STR("-.nan"), a).kind, VALUE_STRING);
	arena_free(a);
}

static void dates_become_iso_strings(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"2020-01-05", "2020-01-05T00:00:00.000Z"},
		{"2020-01-05 1:02:03.5 +02:00", "2020-01-04T23:02:03.500Z"},
		{"2020-01-05T01:02:03Z", "2020-01-05T01:02:03.000Z"},
		{"2020-01-05t1:02:03.123456-1:30", "2020-01-05T02:32:03.123Z"},
		{"2020-02-30", "2020-03-01T00:00:00.000Z"},
		{"2020-13-01", "2021-01-01T00:00:00.000Z"},
		{"2020-00-01", "2019-12-01T00:00:00.000Z"},
		{"0001-01-01", "1901-01-01T00:00:00.000Z"},
		{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
		{"9999-12-31T23:00:00-2", "+010000-01-01T01:00:00.000Z"},
		{"2020-1-5", "2020-1-5"},
		{"2020-01-05T1:2:3", "2020-01-05T1:2:3"},
		{"2020-01-05T01:02:03X", "2020-01-05T01:02:03X"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct value v = yaml_scalar(str_of(cases[i].text), a);

		assert_int_equal(v.kind, VALUE_STRING);
		assert_string_equal(arena_cstr(a, v.string), cases[i].want);
	}
	arena_free(a);
}

static void documents_become_values(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{"a: 1\nb: [x, 'y', null]\n",
		 "{\"a\":1,\"b\":[\"x\",\"y\",null]}"},
		{"- {a: b}\n- |\n  text\n", "[{\"a\":\"b\"},\"text\\n\"]"},
		{"\"5\"", "\"5\""},
		{"--- 5\n...\n", "5"},
		{"1: a\ntrue: b\n~: c\n",
		 "{\"1\":\"a\",\"true\":\"b\",\"null\":\"c\"}"},
		{"a: !!str 5\nb: !!int '7'\nc: ! 8\n",
		 "{\"a\":\"5\",\"b\":7,\"c\":\"8\"}"},
		{"a: &x {p: 1}\nb: *x\n", "{\"a\":{\"p\":1},\"b\":{\"p\":1}}"},
		{"a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n",
		 "{\"a\":{\"p\":1,\"q\":2},\"b\":{\"p\":1,\"q\":3}}"},
		{"<<: [{a: 1, b: 1}, {b: 2, c: 2}]\n",
		 "{\"a\":1,\"b\":1,\"c\":2}"},
		{"'<<': 1\n", "{\"<<\":1}"},
		{"\xef\xbb\xbf"
		 "a: 1\n",
		 "{\"a\":1}"},
		{"a: \xf0\x9f\x99\x82\r\nb: 2\r\n",
		 "{\"a\":\"\xf0\x9f\x99\x82\",\"b\":2}"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check_json(cases[i].text, cases[i].json);
}

static void an_empty_text_is_undefined(void **state)
{
	static const char *const texts[] = {"", "\n", "\xef\xbb\xbf"};

	(void)state;
	for (size_t i = 0; i < LEN(texts); i++) {
		struct parsed p = parse(texts[i]);

		assert_true(p.ok);
		assert_int_equal(p.value.kind, VALUE_UNDEFINED);
		arena_free(p.arena);
	}
}

static void line_ends_are_those_of_js_yaml(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{"\n\n", "null"},
		{"# nothing\n", "null"},
		{"---\n", "null"},
		{"a: |\n  x", "{\"a\":\"x\\n\"}"},
		{"a: |-\n  x", "{\"a\":\"x\"}"},
		{"a: |+\n  x\n", "{\"a\":\"x\\n\"}"},
		{"a: x\xe2\x80\xa8y", "{\"a\":\"x\xe2\x80\xa8y\"}"},
		{"a: \"x\xc2\x85 y\"", "{\"a\":\"x\xc2\x85 y\"}"},
		{"x\xe2\x80\xa9y: 1", "{\"x\xe2\x80\xa9y\":1}"},
		{"a: \xee\x80\x80 \xe2\x80\xa8y",
		 "{\"a\":\"\xee\x80\x80 \xe2\x80\xa8y\"}"},
		{"a: 1\n\xef\xbb\xbf"
		 "b: 2",
		 "{\"a\":1,\"\xef\xbb\xbf"
		 "b\":2}"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check_json(cases[i].text, cases[i].json);
}

static void tabs_that_indent_nothing_are_blanks(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{"a: 1\n\t\nb: 2\n", "{\"a\":1,\"b\":2}"},
		{"a: 1\n \t # c\nb: 2\n\t", "{\"a\":1,\"b\":2}"},
		{"\t# c\na: 1\n", "{\"a\":1}"},
		{"a:\n  b: 1\n\t\t\n  c: 2\n", "{\"a\":{\"b\":1,\"c\":2}}"},
		{"a:\n  - |\n    x\n\t\n  - y\n", "{\"a\":[\"x\\n\",\"y\"]}"},
		{"a: |\n  x\n  \t\n  y\n", "{\"a\":\"x\\n\\t\\ny\\n\"}"},
		{"-\ta\n- \t'b'\n-\t{c: 1}\n-\t\n-\td:e\n",
		 "[\"a\",\"b\",{\"c\":1},null,\"d:e\"]"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check_json(cases[i].text, cases[i].json);
}

static void escapes_of_json_make_one_character(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{"a: \"\\ud83d\\ude42!\"\nb: 2\n",
		 "{\"a\":\"\xf0\x9f\x99\x82!\",\"b\":2}"},
		{"[\"\\\\\\ud83d\\ude42\\\"\\ud83d\\ude42\", "
		 "\"\\ud83d\\ude42\"]",
		 "[\"\\\\\xf0\x9f\x99\x82\\\"\xf0\x9f\x99\x82\","
		 "\"\xf0\x9f\x99\x82\"]"},
		{"a: '\\ud83d\\ude42'\n", "{\"a\":\"\\\\ud83d\\\\ude42\"}"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check_json(cases[i].text, cases[i].json);
}

static void places_count_the_byte_order_mark(void **state)
{
	struct parsed p = parse("\xef\xbb\xbf---\na: 1\n");

	(void)state;
	assert_true(p.ok);
	assert_int_equal(p.value.members[0].line, 2);
	assert_int_equal(p.value.members[0].column, 1);
	arena_free(p.arena);
	p = parse("\xef\xbb\xbf"
		  "a: 1");
	assert_int_equal(p.value.members[0].column, 2);
	arena_free(p.arena);
}

/* Each is read again, from the start: that must end. */
static void thousands_of_tabs_are_refused_in_time(void **state)
{
	enum { LINES = 20000, SIZE = 7 };
	char *text = malloc(LINES * SIZE + 1);
	struct parsed p;

	(void)state;
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + i * SIZE, "- a\n\t\n\n", SIZE + 1);
	p = parse(text);
	assert_false(p.ok);
	assert_non_null(strstr(p.err.text, "cannot be indented by a tab"));
	arena_free(p.arena);
	free(text);
}

static void keys_and_values_know_their_place(void **state)
{
	struct parsed p = parse("# c\na: 1\nb:\n  \xc3\xa9t\xc3\xa9:  x\n");
	const struct member *b;

	(void)state;
	assert_true(p.ok);
	assert_int_equal(p.value.members[0].line, 2);
	assert_int_equal(p.value.members[0].value.column, 4);
	b = &p.value.members[1];
	assert_int_equal(b->line, 3);
	assert_int_equal(b->value.members[0].line, 4);
	assert_int_equal(b->value.members[0].column, 3);
	assert_int_equal(b->value.members[0].value.column, 9);
	arena_free(p.arena);
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
	static const struct {
		const char *text, *message;
		uint32_t line, column;
	} cases[] = {
		{"a: 1\nb: 2\na: 3\n", "\"a\" is there twice", 3, 1},
		{"a: [\n", "did not find expected node content", 2, 1},
		{"a: 1\n b: 2\n", "mapping values are not allowed", 2, 3},
		{"a: 1\n---\nb: 2\n", "more than one document", 2, 1},
		{"a: *x\n", "there is no anchor \"x\"", 1, 4},
		{"a: &x [*x]\n", "stands inside what it names", 1, 8},
		{"a: !!binary aGk=\n", "is not supported", 1, 4},
		{"a: !mine x\n", "\"!mine\" is not supported", 1, 4},
		{"a: !!int x\n", "no value of type int", 1, 4},
		{"<<: 5\n", "takes mappings only", 1, 1},
		{"a: 1\n\tb\n", "cannot be indented by a tab", 2, 1},
		{"-\ta: 1\n", "cannot start any token", 1, 2},
		{"-\t- a\n", "cannot start any token", 1, 2},
		{"a: |\n  x\n\t\n  y\n", "did not find expected key", 4, 3},
		{"a: \"\\ud83d\"\n", "invalid Unicode", 1, 7},
		{"a: \"\\ude42\\ud83d\"\n", "invalid Unicode", 1, 7},
		{"\xef\xbb\xbf"
		 "a: *x\n",
		 "there is no anchor", 1, 5},
		{"[a]: 5\n", "a key must be plain text", 1, 1},
		{"\xc3\xa4: 1\na:\n\tb: 1\n", "cannot be indented by a tab", 3,
		 1},
		{"a:\n  \tb: 1\n", "cannot be indented by a tab", 2, 3},
		{"ab: \x01\n", "U+0001 is not allowed", 1, 5},
		{"a: 1\nb: \xff\n", "the text is not UTF-8", 2, 4},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct parsed p = parse(cases[i].text);

		assert_false(p.ok);
		if (!strstr(p.err.text, cases[i].message))
			fail_msg("%s: %s", cases[i].text, p.err.text);
		if (p.at.line != cases[i].line ||
		    p.at.column != cases[i].column)
			fail_msg("%s: at %u:%u", cases[i].text, p.at.line,
				 p.at.column);
		arena_free(p.arena);
	}
}

static void a_nul_is_refused_at_its_place(void **state)
{
	struct parsed p = {.arena = arena_new()};

	(void)state;
	p.ok = yaml_parse((struct str){"a: 1\nb: \0\n", 10}, p.arena, &p.value,
			  &p.at, &p.err);
	assert_false(p.ok);
	assert_non_null(strstr(p.err.text, "U+0000"));
	assert_int_equal(p.at.line, 2);
	assert_int_equal(p.at.column, 4);
	arena_free(p.arena);
}

static void deep_nesting_is_refused(void **state)
{
	char text[301];
	struct parsed p;

	(void)state;
	memset(text, '[', 300);
	text[300] = '\0';
	p = parse(text);
	assert_false(p.ok);
	assert_non_null(strstr(p.err.text, "100 levels"));
	assert_int_equal(p.at.column, 101);
	arena_free(p.arena);
}

static void multiplying_aliases_are_refused(void **state)
{
	struct parsed p = parse("a: &a [x,x,x,x,x,x,x,x,x,x]\n"
				"b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
				"c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
				"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
				"e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
				"f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n");

	(void)state;
	assert_false(p.ok);
	assert_non_null(strstr(p.err.text, "aliases multiply"));
	arena_free(p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scalars_are_typed_as_in_js_yaml),
		cmocka_unit_test(infinities_and_nan_are_numbers),
		cmocka_unit_test(dates_become_iso_strings),
		cmocka_unit_test(documents_become_values),
		cmocka_unit_test(an_empty_text_is_undefined),
		cmocka_unit_test(line_ends_are_those_of_js_yaml),
		cmocka_unit_test(tabs_that_indent_nothing_are_blanks),
		cmocka_unit_test(escapes_of_json_make_one_character),
		cmocka_unit_test(places_count_the_byte_order_mark),
		cmocka_unit_test(thousands_of_tabs_are_refused_in_time),
		cmocka_unit_test(keys_and_values_know_their_place),
		cmocka_unit_test(what_is_wrong_is_named_with_its_place),
		cmocka_unit_test(a_nul_is_refused_at_its_place),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(multiplying_aliases_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
