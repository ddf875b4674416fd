/* What a text means as a value of each type, and what is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "runtime/warehouse/cell.h"
#include "runtime/warehouse/copy_text.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* As cell_from_text wants it: writable, and something behind it. */
static bool read_as(enum cell_type type, const char *text, struct cell *out)
{
	static char room[256];

	snprintf(room, sizeof(room), "%s\n", text);
	return cell_from_text(type, room, strlen(text), out);
}

static void integers_are_exact(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
		{"0", 0},
		{"-0", 0},
		{"007", 7},
		{"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN},
		{"1.0", 1},
		{"-12.000", -12},
	};
	static const char *const bad[] = {
		"",
		"-",
		"+1",
		" 1",
		"1 ",
		"1.5",
		"1e3",
		"0x1",
		"1_000",
		"1.",
		"9223372036854775808",
		"-9223372036854775809",
		"abc",
		"1.0e0",
		"99999999999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		struct cell c = {0};

		assert_true(read_as(CELL_INT64, good[i].text, &c));
		assert_int_equal(c.i, good[i].value);
	}
	for (size_t i = 0; i < N(bad); i++) {
		struct cell c = {0};

		if (read_as(CELL_INT64, bad[i], &c))
			fail_msg("\"%s\" is an integer", bad[i]);
	}
}

static void floats_are_the_nearest_double(void **state)
{
	static const struct {
		const char *text;
		double value;
	} good[] = {
		{"0.1", 0.1},
		{"-2.5e-3", -2.5e-3},
		{"1e22", 1e22},
		{"123456789012345678901234567890",
		 123456789012345678901234567890.0},
		{"0.30000000000000004", 0.30000000000000004},
		{"5e-324", 5e-324},
		{"1.7976931348623157e308", 1.7976931348623157e308},
		{".5", 0.5},
		{"0e999", 0},
		{"-Infinity", -INFINITY},
		{"inf", INFINITY},
	};
	static const char *const bad[] = {"",       "1e400", "-1e400",
					  "1e-400", "1e",    "1,5",
					  "0x1",    ".",     "--1"};
	struct cell c;

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		assert_true(read_as(CELL_FLOAT64, good[i].text, &c));
		assert_true(c.d == good[i].value);
	}
	assert_true(read_as(CELL_FLOAT64, "NaN", &c));
	assert_true(isnan(c.d));
	for (size_t i = 0; i < N(bad); i++)
		assert_false(read_as(CELL_FLOAT64, bad[i], &c));
}

static void numerics_round_half_away_from_zero(void **state)
{
	static const struct {
		const char *text;
		int64_t high;
		uint64_t low;
	} good[] = {
		{"1.5", 0, 1500000000},
		{"-1", -1, 0 - 1000000000ULL},
		{"1.0000000005", 0, 1000000001},
		{"1.00000000049999", 0, 1000000000},
		{"5e-10", 0, 1},
		{"4e-10", 0, 0},
		{"-15e-10", -1, 0 - 2ULL},
		{"1e2", 0, 100000000000},
		{"18446744073.709551616", 1, 0},
		{"0e99", 0, 0},
		{"99999999999999999999999999999.999999999", 0x4b3b4ca85a86c47a,
		 0x098a223fffffffff},
	};
	static const char *const bad[] = {
		"",
		"NaN",
		"100000000000000000000000000000",
		"99999999999999999999999999999.9999999995",
		"1e29",
		"1e999",
		"1e",
		"abc",
	};
	struct cell c;

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		if (!read_as(CELL_NUMERIC, good[i].text, &c))
			fail_msg("%s", good[i].text);
		assert_int_equal(c.high, good[i].high);
		assert_int_equal((uint64_t)c.i, good[i].low);
	}
	for (size_t i = 0; i < N(bad); i++)
		assert_false(read_as(CELL_NUMERIC, bad[i], &c));
}

static void times_are_read_and_printed(void **state)
{
	static const struct {
		enum cell_type type;
		const char *text, *printed; /* NULL: no such value */
	} cases[] = {
		{CELL_TIMESTAMP, "2026-11-21T10:00:03Z",
		 "2026-11-21 10:00:03+00"},
		{CELL_TIMESTAMP, "2026-11-21 10:00:03.5+05:30",
		 "2026-11-21 04:30:03.500000+00"},
		{CELL_TIMESTAMP, "2026-11-21 10:00 UTC",
		 "2026-11-21 10:00:00+00"},
		{CELL_TIMESTAMP, "2026-11-21t23:00:03.1234567-0200",
		 "2026-11-22 01:00:03.123456+00"},
		{CELL_TIMESTAMP, "2026-11-21 10:00:03 -8",
		 "2026-11-21 18:00:03+00"},
		{CELL_TIMESTAMP, "2026-1-2", "2026-01-02 00:00:00+00"},
		{CELL_TIMESTAMP, "0001-01-01", "0001-01-01 00:00:00+00"},
		{CELL_TIMESTAMP, "9999-12-31 23:59:59.999999",
		 "9999-12-31 23:59:59.999999+00"},
		{CELL_TIMESTAMP, "1969-12-31 23:59:59.25Z",
		 "1969-12-31 23:59:59.250000+00"},
		{CELL_TIMESTAMP, "1732270000.5",
		 "2024-11-22 10:06:40.500000+00"},
		{CELL_TIMESTAMP, "-1", "1969-12-31 23:59:59+00"},
		{CELL_TIMESTAMP, "2000-02-29 00:00:00Z",
		 "2000-02-29 00:00:00+00"},
		{CELL_TIMESTAMP, "1900-02-29", NULL},
		{CELL_TIMESTAMP, "2026-02-30", NULL},
		{CELL_TIMESTAMP, "2026-11-21 24:00:00", NULL},
		{CELL_TIMESTAMP, "2026-11-21 10:60:00", NULL},
		{CELL_TIMESTAMP, "2026-11-21 10:00:60", NULL},
		{CELL_TIMESTAMP, "2026-11-21 10:00:03.", NULL},
		{CELL_TIMESTAMP, "2026-11-21 10:00:03 CET", NULL},
		{CELL_TIMESTAMP, "2026-11-21 10:00:03Zz", NULL},
		{CELL_TIMESTAMP, "2026-11-21 ", NULL},
		{CELL_TIMESTAMP, "2026-13-01", NULL},
		{CELL_TIMESTAMP, "0000-01-01", NULL},
		{CELL_TIMESTAMP, "0001-01-01 00:00+01", NULL},
		{CELL_TIMESTAMP, "1732270000123", NULL},
		{CELL_TIMESTAMP, "21.11.2026", NULL},
		{CELL_TIMESTAMP, "", NULL},
		{CELL_DATETIME, "2026-11-21T10:00:03", "2026-11-21 10:00:03"},
		{CELL_DATETIME, "2026-11-21T10:00:03Z", NULL},
		{CELL_DATE, "2026-11-21", "2026-11-21"},
		{CELL_DATE, "1582-10-10", "1582-10-10"},
		{CELL_DATE, "2026-11-21 00:00:00", NULL},
		{CELL_TIME, "23:59:59.000001", "23:59:59.000001"},
		{CELL_TIME, "7:30", "07:30:00"},
		{CELL_TIME, "24:00:00", NULL},
	};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		char out[MOMENT_MAX];
		struct cell c = {0};
		size_t n;

		if (read_as(cases[i].type, cases[i].text, &c) !=
		    (cases[i].printed != NULL))
			fail_msg("%s", cases[i].text);
		if (!cases[i].printed)
			continue;
		n = moment_print(cell_moment(cases[i].type), c.i, out);
		out[n] = '\0';
		assert_string_equal(out, cases[i].printed);
	}
}

static void every_day_survives_print_and_read(void **state)
{
	(void)state;
	for (int64_t day = -719162; day <= 2932896; day += 13) {
		char out[MOMENT_MAX];
		struct cell c = {0};
		size_t n = moment_print(MOMENT_DATE, day, out);

		out[n] = '\0';
		assert_true(read_as(CELL_DATE, out, &c));
		assert_int_equal(c.i, day);
	}
}

static void bytes_are_base64(void **state)
{
	static const struct {
		const char *text, *bytes;
	} good[] = {
		{"", ""},        {"YQ==", "a"},        {"YWI=", "ab"},
		{"YWJj", "abc"}, {"/+8=", "\xff\xef"},
	};
	static const char *const bad[] = {"YQ", "YQ=", "Y===", "Y Q=", "YQ==="};
	struct cell c;

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		assert_true(read_as(CELL_BYTES, good[i].text, &c));
		assert_true(str_is(c.s, good[i].bytes));
	}
	for (size_t i = 0; i < N(bad); i++)
		assert_false(read_as(CELL_BYTES, bad[i], &c));
}

static void booleans_are_bigquery_s(void **state)
{
	struct cell c;

	(void)state;
	assert_true(read_as(CELL_BOOL, "TRUE", &c) && c.i == 1);
	assert_true(read_as(CELL_BOOL, "no", &c) && c.i == 0);
	assert_true(read_as(CELL_BOOL, "1", &c) && c.i == 1);
	assert_false(read_as(CELL_BOOL, "2", &c));
	assert_false(read_as(CELL_BOOL, "", &c));
}

static void copy_text_escapes_what_copy_reads(void **state)
{
	const struct cell_column columns[] = {
		{STR("a"), CELL_STRING},
		{STR("b"), CELL_BYTES},
		{STR("c"), CELL_INT64},
		{STR("d"), CELL_BOOL},
	};
	const struct cell row[] = {
		{.s = STR("\\N\t\n\r.")},
		{.s = STR("\x01\xfe")},
		{.i = INT64_MIN},
		{.null = true},
	};
	struct cell_source from = {.columns = columns, .ncolumns = 4};
	struct buf b = {0};

	(void)state;
	copy_text_put_row(&b, &from, row);
	assert_true(str_is(buf_str(&b), "\\\\N\\t\\n\\r.\t\\\\x01fe\t"
					"-9223372036854775808\t\\N\n"));
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_exact),
		cmocka_unit_test(floats_are_the_nearest_double),
		cmocka_unit_test(numerics_round_half_away_from_zero),
		cmocka_unit_test(times_are_read_and_printed),
		cmocka_unit_test(every_day_survives_print_and_read),
		cmocka_unit_test(bytes_are_base64),
		cmocka_unit_test(booleans_are_bigquery_s),
		cmocka_unit_test(copy_text_escapes_what_copy_reads),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
