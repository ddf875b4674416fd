/* When the rows of a unit test are those that it expects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "runtime/row_compare.h"

static struct strs split(struct arena *arena, const char *text, char mark)
{
	struct str rest = str_of(text);
	struct str_vec all = {0};

	while (rest.n) {
		size_t end = str_find(rest, mark, 0);
		struct str one = str_sub(rest, 0, end);

		if (str_is(one, "NULL"))
			one = (struct str){0};
		VEC_PUSH(arena, &all, one);
		rest = str_sub(rest, end < rest.n ? end + 1 : end, rest.n);
	}
	return (struct strs){all.v, all.n};
}

/* "a b", "integer text", "1 x 2 y" */
static struct typed_rows make(struct arena *arena, const char *columns,
			      const char *types, const char *values)
{
	struct strs names = split(arena, columns, ' ');
	struct strs cells = split(arena, values, ' ');
	struct typed_rows r = {
		.rows = {.columns = names.v,
			 .ncolumns = (uint32_t)names.n,
			 .values = cells.v,
			 .nrows = (uint32_t)(cells.n / names.n)},
		.types = split(arena, types, '|'),
	};

	return r;
}

struct rows_case {
	const char *columns, *types, *values;
};

static enum row_verdict compare_some(struct rows_case expected,
				     struct rows_case actual, size_t max,
				     struct arena *arena,
				     struct comparison *out)
{
	struct typed_rows e =
		make(arena, expected.columns, expected.types, expected.values);
	struct typed_rows a =
		make(arena, actual.columns, actual.types, actual.values);

	rows_compare(&e, &a, max, arena, out);
	return out->verdict;
}

static enum row_verdict compare(struct rows_case expected,
				struct rows_case actual, struct arena *arena,
				struct comparison *out)
{
	return compare_some(expected, actual, SIZE_MAX, arena, out);
}

static void rows_are_the_same(void **state)
{
	static const struct rows_case all[][2] = {
		{{"a", "integer", ""}, {"b c", "text|text", ""}},
		{{"a", "integer", "1 2"}, {"A", "bigint", "1 2"}},
		{{"a b", "integer|text", "1 x"},
		 {"b a", "text|integer", "x 1"}},
		{{"a", "DECIMAL(3,2)", "1.50"}, {"a", "double", "1.5"}},
		{{"a", "numeric", "-0.00"}, {"a", "integer", "0"}},
		{{"a", "numeric", "007"}, {"a", "integer", "7"}},
		{{"a", "numeric", ".5"}, {"a", "float", "5e-1"}},
		{{"a", "text", "NULL"}, {"a", "integer", "NULL"}},
		{{"a", "VARCHAR", "x"}, {"a", "character varying(3)", "x"}},
		{{"a", "date", "2020-01-01"}, {"a", "timestamp", "2020-01-01"}},
		{{"a", "boolean", "t"}, {"a", "BOOLEAN", "true"}},
		{{"a a", "integer|integer", "1 2"},
		 {"a a", "integer|integer", "1 2"}},
	};
	struct arena *arena = arena_new();
	struct comparison c;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (compare(all[i][0], all[i][1], arena, &c) != ROWS_SAME)
			fail_msg("case %zu", i);
	arena_free(arena);
}

static void counts_and_columns_come_first(void **state)
{
	static const struct {
		struct rows_case expected, actual;
		enum row_verdict verdict;
	} all[] = {
		{{"a", "integer", "1"},
		 {"b", "integer", "1 2"},
		 ROWS_OTHER_COUNT},
		{{"a", "integer", "1"}, {"b", "integer", ""}, ROWS_OTHER_COUNT},
		{{"a", "integer", "1"},
		 {"b", "integer", "1"},
		 ROWS_OTHER_COLUMNS},
		{{"a", "integer", "1"},
		 {"a b", "integer|integer", "1 1"},
		 ROWS_OTHER_COLUMNS},
		{{"a b", "integer|integer", "1 1"},
		 {"a a", "integer|integer", "1 1"},
		 ROWS_OTHER_COLUMNS},
		{{"a", "integer", "1"},
		 {"a", "integer", "2"},
		 ROWS_OTHER_VALUES},
	};
	struct arena *arena = arena_new();
	struct comparison c;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_int_equal(
			compare(all[i].expected, all[i].actual, arena, &c),
			all[i].verdict);
	arena_free(arena);
}

/* A line a difference: row, column, expected, actual, kinds. */
static const char *text_of(const struct comparison *c, struct arena *arena)
{
	struct buf b = {0};
	const char *text;

	for (size_t i = 0; i < c->n; i++) {
		const struct row_difference *d = &c->v[i];

		buf_printf(&b, "%u %.*s %.*s %.*s%s%s\n", d->row,
			   STR_ARG(d->column),
			   STR_ARG(d->expected.p ? d->expected : STR("NULL")),
			   STR_ARG(d->actual.p ? d->actual : STR("NULL")),
			   d->expected_kind ? d->expected_kind : "",
			   d->actual_kind ? d->actual_kind : "");
	}
	text = arena_cstr(arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static void every_value_that_differs_is_told(void **state)
{
	static const struct {
		struct rows_case expected, actual;
		const char *text;
	} all[] = {
		{{"a b", "integer|text", "1 x 2 y"},
		 {"b a", "text|integer", "z 3 y 4"},
		 "0 b x z\n0 a 1 3\n1 a 2 4\n"},
		/* The first of these ends its row. */
		{{"a b", "integer|text", "NULL x"},
		 {"a b", "integer|text", "1 y"},
		 "0 a NULL 1\n"},
		{{"a b", "integer|text", "1 x"},
		 {"a b", "integer|text", "NULL y"},
		 "0 a 1 NULL\n"},
		{{"a b", "integer|text", "1 x"},
		 {"a b", "text|text", "1 y"},
		 "0 a 1 1numberstring\n"},
		{{"a", "boolean", "f"},
		 {"a", "boolean", "t"},
		 "0 a false true\n"},
		{{"a", "integer[]", "{1}"},
		 {"a", "integer", "1"},
		 "0 a {1} 1objectnumber\n"},
		{{"a", "numeric", "12345678901234567890"},
		 {"a", "numeric", "12345678901234567891"},
		 "0 a 12345678901234567890 12345678901234567891\n"},
		{{"a", "numeric", "1.10"},
		 {"a", "numeric", "1.20"},
		 "0 a 1.1 1.2\n"},
	};
	struct arena *arena = arena_new();
	struct comparison c;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		compare(all[i].expected, all[i].actual, arena, &c);
		assert_string_equal(text_of(&c, arena), all[i].text);
	}
	arena_free(arena);
}

static void all_differences_are_counted_and_the_first_are_kept(void **state)
{
	static const struct rows_case expected = {"a b", "integer|text",
						  "1 x 2 y 3 z 4 w"},
				      actual = {"a b", "integer|text",
						"0 x 2 y 0 0 0 w"};
	static const char *const kept[] = {"", "0 a 1 0\n",
					   "0 a 1 0\n2 a 3 0\n"};
	struct arena *arena = arena_new();
	struct comparison c;

	(void)state;
	for (size_t max = 0; max < sizeof(kept) / sizeof(kept[0]); max++) {
		assert_int_equal(compare_some(expected, actual, max, arena, &c),
				 ROWS_OTHER_VALUES);
		assert_string_equal(text_of(&c, arena), kept[max]);
		assert_int_equal(c.ndifferences, 4);
		assert_int_equal(c.nrows, 3);
		assert_int_equal(c.nexpected, 4);
		assert_int_equal(c.nactual, 4);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_the_same),
		cmocka_unit_test(counts_and_columns_come_first),
		cmocka_unit_test(every_value_that_differs_is_told),
		cmocka_unit_test(
			all_differences_are_counted_and_the_first_are_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
