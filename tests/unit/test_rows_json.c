/* Rows as JSON: what is a number there, and what stays text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "cli/rows_json.h"
#include "runtime/warehouse/warehouse.h"

static void numbers_are_numbers_where_they_are_exact(void **state)
{
	static const struct {
		const char *type, *value, *json;
	} cases[] = {
		{"INTEGER", "-42", "-42"},
		{"bigint", "123456789012345", "123456789012345"},
		{"BIGINT", "9007199254740993", "\"9007199254740993\""},
		{"numeric(10,2)", "10.25", "10.25"},
		{"DECIMAL(38,9)", "0.1234567890123456",
		 "\"0.1234567890123456\""},
		{"numeric", "NaN", "\"NaN\""},
		{"DOUBLE", "1e+300", "1e+300"},
		{"double precision", "0.1", "0.1"},
		{"double precision", "Infinity", "\"Infinity\""},
		{"real", "nan", "\"nan\""},
		{"BOOLEAN", "false", "false"},
		{"boolean", "t", "true"},
		{"VARCHAR", "12", "\"12\""},
		{"INTEGER[]", "[1]", "\"[1]\""},
		{"DECIMAL(4,1)[]", "[1.0]", "\"[1.0]\""},
		{"integer", NULL, "null"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str name = STR("x"), value = str_of(cases[i].value);
		struct str type = str_of(cases[i].type);
		struct rows rows = {&name, 1, &value, 1, false};
		struct buf got = {0}, want = {0};

		rows_json_put(&rows, &(struct strs){&type, 1}, &got);
		buf_printf(&want, "[\n{\"x\":%s}\n]\n", cases[i].json);
		assert_string_equal(got.p, want.p);
		buf_free(&got);
		buf_free(&want);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_numbers_where_they_are_exact),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
