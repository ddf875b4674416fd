/* Plain data: JavaScript's notions of it, and its JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>

#include "base/arena.h"
#include "base/json_write.h"
#include "base/value.h"

static void numbers_print_as_in_javascript(void **state)
{
	static const struct {
		double d;
		const char *text;
	} cases[] = {
		{0, "0"},
		{-0.0, "0"},
		{1, "1"},
		{-12.5, "-12.5"},
		{0.1, "0.1"},
		{1.0 / 3, "0.3333333333333333"},
		{100, "100"},
		{1e21, "1e+21"},
		{123456789012345680000.0, "123456789012345680000"},
		{0.000001, "0.000001"},
		{0.0000001, "1e-7"},
		{1.5e-9, "1.5e-9"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(value_number_text(a, cases[i].d).p,
				    cases[i].text);
	assert_string_equal(value_number_text(a, NAN).p, "NaN");
	assert_string_equal(value_number_text(a, -INFINITY).p, "-Infinity");
	arena_free(a);
}

static void truth_is_javascripts(void **state)
{
	struct value empty = value_string(STR("")), nan = value_number(NAN);
	struct value zero = value_string(STR("0")),
		     array = {.kind = VALUE_ARRAY};

	(void)state;
	assert_false(value_is_truthy(NULL));
	assert_false(value_is_truthy(&empty));
	assert_false(value_is_truthy(&nan));
	assert_true(value_is_truthy(&zero));
	assert_true(value_is_truthy(&array));
}

static void members_are_found_by_name(void **state)
{
	struct arena *a = arena_new();
	struct value v = value_object(a, 2);

	(void)state;
	value_put(&v, STR("a"), value_number(1));
	value_put(&v, STR("b"), value_string(STR("x")));
	assert_true(str_is(value_get_str(&v, "b"), "x"));
	assert_null(value_get_str(&v, "a").p);
	assert_null(value_get(&v, "c"));
	assert_null(value_get(NULL, "c"));
	arena_free(a);
}

static struct value sample(struct arena *a)
{
	struct value v = value_object(a, 5), list = value_array(a, 3);

	value_push(&list, value_number(1.5));
	value_push(&list, (struct value){.kind = VALUE_UNDEFINED});
	value_push(&list, value_bool(true));
	value_put(&v, STR("text"), value_string(STR("a\"\\\n\t\x01\u00e9")));
	value_put(&v, STR("gone"), (struct value){.kind = VALUE_UNDEFINED});
	value_put(&v, STR("list"), list);
	value_put(&v, STR("none"), value_array(a, 0));
	value_put(&v, STR("nothing"), value_object(a, 0));
	return v;
}

static void strings_are_taken_out_of_what_may_hold_them(void **state)
{
	struct arena *a = arena_new();
	struct value list = value_array(a, 3);
	struct value text = value_string(STR("x"));
	struct value number = value_number(1);
	const struct value *copy = value_copy(a, text);

	(void)state;
	value_push(&list, text);
	value_push(&list, number);
	value_push(&list, value_string(STR("y")));
	assert_int_equal(value_strings(a, &list).n, 2);
	assert_true(str_is(value_strings(a, &list).v[1], "y"));
	assert_int_equal(value_strings(a, &text).n, 1);
	assert_int_equal(value_strings(a, &number).n, 0);
	assert_int_equal(value_strings(a, NULL).n, 0);
	text.string = STR("z");
	assert_true(str_is(copy->string, "x"));
	arena_free(a);
}

static void json_is_laid_out_as_stringify_does(void **state)
{
	static const char expected[] =
		"{\n"
		"  \"text\": \"a\\\"\\\\\\n\\t\\u0001\u00e9\",\n"
		"  \"list\": [\n"
		"    1.5,\n"
		"    null,\n"
		"    true\n"
		"  ],\n"
		"  \"none\": [],\n"
		"  \"nothing\": {}\n"
		"}";
	struct arena *a = arena_new();
	struct value v = sample(a);
	struct json_writer w;

	(void)state;
	json_start(&w, NULL, 2);
	json_value(&w, &v);
	assert_true(json_end(&w));
	assert_string_equal(w.out.p, expected);
	buf_free(&w.out);
	arena_free(a);
}

static void json_without_indent_is_one_line(void **state)
{
	struct json_writer w;

	(void)state;
	json_start(&w, NULL, 0);
	json_begin_object(&w);
	json_put_int(&w, "n", -9007199254740993);
	json_put_bool(&w, "b", false);
	json_put_str(&w, "unset", (struct str){0});
	json_key(&w, "a");
	json_begin_array(&w);
	json_number(&w, 1e300);
	json_number(&w, NAN);
	json_end_array(&w);
	json_end_object(&w);
	assert_true(json_end(&w));
	assert_string_equal(w.out.p, "{\"n\":-9007199254740993,\"b\":false,"
				     "\"unset\":null,\"a\":[1e+300,null]}");
	buf_free(&w.out);
}

static void json_streams_to_a_file(void **state)
{
	FILE *f = tmpfile();
	struct json_writer w;
	long size;

	(void)state;
	assert_non_null(f);
	json_start(&w, f, 0);
	json_begin_array(&w);
	for (int i = 0; i < 100000; i++)
		json_int(&w, 7);
	json_end_array(&w);
	assert_true(json_end(&w));
	size = ftell(f);
	assert_int_equal(size, 200001);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_print_as_in_javascript),
		cmocka_unit_test(truth_is_javascripts),
		cmocka_unit_test(members_are_found_by_name),
		cmocka_unit_test(strings_are_taken_out_of_what_may_hold_them),
		cmocka_unit_test(json_is_laid_out_as_stringify_does),
		cmocka_unit_test(json_without_indent_is_one_line),
		cmocka_unit_test(json_streams_to_a_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
