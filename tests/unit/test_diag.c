/* Places in files, the order of diagnostics, and suggestions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "compiler/diag.h"

static const struct source file = {
	.path = {"b.sqlx", 6},
	.text = {"one\ntw\u00f6 x\r\n\nend", 16},
};

static void places_count_characters(void **state)
{
	static const struct {
		uint32_t offset, line, column;
	} cases[] = {
		{0, 1, 1},  {3, 1, 4},  {4, 2, 1},  {6, 2, 3},  {8, 2, 4},
		{12, 3, 1}, {13, 4, 1}, {16, 4, 4}, {99, 4, 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct position at = source_position(&file, cases[i].offset);

		assert_int_equal(at.line, cases[i].line);
		assert_int_equal(at.column, cases[i].column);
		if (cases[i].offset <= file.text.n)
			assert_int_equal(source_offset(&file, at),
					 cases[i].offset);
	}
	assert_true(str_is(source_line(&file, 8), "tw\u00f6 x"));
	assert_true(str_is(source_line(&file, 14), "end"));
}

static void sorted_by_file_then_place_then_age_without_repeats(void **state)
{
	static const struct source first = {.path = {"a.sqlx", 6}};
	struct arena *a = arena_new();
	struct diags d;

	(void)state;
	diags_init(&d, a);
	diag_add(&d, DIAG_UNKNOWN_REF, span_of(&file, 5, 6), "third");
	diag_warn(&d, DIAG_HASH_COMMENT, span_of(&file, 5, 5), "fourth");
	diag_add(&d, DIAG_CYCLE, span_of(&file, 1, 2), "second");
	diag_add(&d, DIAG_CYCLE, span_of(&first, 9, 9), "first");
	diag_add(&d, DIAG_NO_PROJECT, (struct span){0}, "zeroth");
	diag_add(&d, DIAG_CYCLE, span_of(&file, 1, 2), "second");
	diags_sort(&d);
	assert_string_equal(d.v[0].text.p, "zeroth");
	assert_string_equal(d.v[1].text.p, "first");
	assert_string_equal(d.v[2].text.p, "second");
	assert_string_equal(d.v[3].text.p, "third");
	assert_string_equal(d.v[4].text.p, "fourth");
	assert_int_equal(d.nerrors, 4);
	assert_int_equal(d.nwarnings, 1);
	arena_free(a);
}

/* A, B, A, B: what two evaluations of the same code say. */
static void repeats_are_dropped_across_others(void **state)
{
	struct arena *a = arena_new();
	struct diags d;

	(void)state;
	diags_init(&d, a);
	for (int i = 0; i < 2; i++) {
		diag_add(&d, DIAG_UNKNOWN_REF, span_of(&file, 5, 6), "a");
		diag_add(&d, DIAG_UNKNOWN_REF, span_of(&file, 5, 6), "b");
	}
	diags_sort(&d);
	assert_int_equal(d.n, 2);
	assert_int_equal(d.nerrors, 2);
	arena_free(a);
}

static void a_flood_of_one_file_is_cut(void **state)
{
	static const struct source other = {.path = {"c.sqlx", 6}};
	struct arena *a = arena_new();
	struct diags d;

	(void)state;
	diags_init(&d, a);
	diag_add(&d, DIAG_CYCLE, span_of(&other, 1, 2), "of another file");
	for (uint32_t i = 0; i < 700; i++)
		diag_add(&d, DIAG_CYCLE, span_of(&file, i, i), "no. %u", i);
	diags_sort(&d);
	assert_int_equal(d.n, 501);
	assert_int_equal(d.nerrors, 701);
	assert_string_equal(d.v[499].text.p, "no. 499");
	assert_string_equal(d.v[499].note.p,
			    "200 more in this file are not shown");
	assert_string_equal(d.v[500].text.p, "of another file");
	assert_null(d.v[500].note.p);
	arena_free(a);
}

static void long_texts_end_at_a_character(void **state)
{
	struct arena *a = arena_new();
	char name[2001] = "";
	struct diags d;
	struct str text;

	(void)state;
	for (size_t i = 0; i < 2000; i += 2)
		memcpy(name + i, "\u00f6", 3);
	diags_init(&d, a);
	text = diag_add(&d, DIAG_BAD_NAME, (struct span){0}, "x%s", name)->text;
	assert_int_equal(text.n, 999 + 3);
	assert_int_equal(str_bad_utf8(text), text.n);
	assert_true(str_ends(text, STR("\u00f6...")));
	arena_free(a);
}

static void codes_are_found_by_name(void **state)
{
	enum diag_code code;

	(void)state;
	assert_true(diag_code_find("w201", &code));
	assert_int_equal(code, DIAG_UNKNOWN_REF);
	assert_string_equal(diag_code_name(DIAG_CYCLE), "W205");
	assert_false(diag_code_find("W999", &code));
}

static void suggests_only_what_is_near(void **state)
{
	static const struct str names[] = {
		{"orders", 6},
		{"customers", 9},
		{"ORDERS_DAILY", 12},
	};

	(void)state;
	assert_true(str_is(suggest(STR("ordesr"), names, 3), "orders"));
	assert_true(str_is(suggest(STR("Customers"), names, 3), "customers"));
	assert_true(
		str_is(suggest(STR("orders_daily"), names, 3), "ORDERS_DAILY"));
	assert_null(suggest(STR("payments"), names, 3).p);
	assert_null(suggest(STR("x"), names, 0).p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_count_characters),
		cmocka_unit_test(
			sorted_by_file_then_place_then_age_without_repeats),
		cmocka_unit_test(repeats_are_dropped_across_others),
		cmocka_unit_test(a_flood_of_one_file_is_cut),
		cmocka_unit_test(long_texts_end_at_a_character),
		cmocka_unit_test(codes_are_found_by_name),
		cmocka_unit_test(suggests_only_what_is_near),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
