/* Which partition expressions are understood, and what becomes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "compiler/dialect.h"
#include "runtime/sql/partition.h"

static void what_bigquery_allows_is_understood(void **state)
{
	static const struct {
		const char *text, *type, *duckdb, *postgres;
	} cases[] = {
		{"d", "date", "c", "c"},
		{" `d` ", "date", "c", "c"},
		{"DATE(d)", "timestamp", "cast(cast(c as timestamp) as date)",
		 "cast(cast(c as timestamp) as date)"},
		{"date ( \"d\" )", "timestamp with time zone",
		 "cast((cast(c as timestamp with time zone) at time zone "
		 "'UTC') as date)",
		 "cast((cast(c as timestamp with time zone) at time zone "
		 "'UTC') as date)"},
		{"TIMESTAMP_TRUNC(d, HOUR)", "TIMESTAMP",
		 "date_trunc('hour', cast(c as timestamp))",
		 "date_trunc('hour', cast(c as timestamp))"},
		{"datetime_trunc(d,\n month)", "TIMESTAMP",
		 "date_trunc('month', cast(c as timestamp))",
		 "date_trunc('month', cast(c as timestamp))"},
		{"RANGE_BUCKET(d, GENERATE_ARRAY(-5, 6, 3))", "BIGINT",
		 "case when c is null then null when c < -5 then 0 else "
		 "least((cast(c as hugeint) - -5) // 3 + 1, 4) end",
		 "case when c is null then null when c < -5 then 0 else "
		 "least(div(cast(c as numeric) - -5, 3) + 1, 4) end"},
		{"range_bucket(d, generate_array(0, 10))", "BIGINT",
		 "case when c is null then null when c < 0 then 0 else "
		 "least((cast(c as hugeint) - 0) // 1 + 1, 11) end",
		 "case when c is null then null when c < 0 then 0 else "
		 "least(div(cast(c as numeric) - 0, 1) + 1, 11) end"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		struct partition p;
		struct buf b = {0};

		if (!partition_parse(str_of(cases[i].text), &p, &err))
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_true(str_is(p.column, "d"));
		partition_put(&p, &dialect_duckdb, STR("c"),
			      str_of(cases[i].type), &b);
		buf_addc(&b, '\0');
		assert_string_equal(b.p, cases[i].duckdb);
		buf_clear(&b);
		partition_put(&p, &dialect_postgres, STR("c"),
			      str_of(cases[i].type), &b);
		buf_addc(&b, '\0');
		assert_string_equal(b.p, cases[i].postgres);
		buf_free(&b);
	}
}

static void all_else_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"1",
		"d + 1",
		"d, e",
		"DATE(d",
		"DATE(d))",
		"DATE(d, \"Europe/Paris\")",
		"DATE(a.d)",
		"DATE(DATE(d))",
		"date_trunc('month', d)",
		"DATE_TRUNC(d)",
		"DATE_TRUNC(d, WEEK)",
		"TIMESTAMP_TRUNC(d, DAY, \"UTC\")",
		"RANGE_BUCKET(d, GENERATE_ARRAY(0, 10, 0))",
		"RANGE_BUCKET(d, GENERATE_ARRAY(0, 10, -1))",
		"RANGE_BUCKET(d, GENERATE_ARRAY(10, 0, 1))",
		"RANGE_BUCKET(d, GENERATE_ARRAY(0, 1e3))",
		"RANGE_BUCKET(d, GENERATE_ARRAY(0, 9999999999999999999))",
		"RANGE_BUCKET(d, [1, 2])",
		"d; drop table t",
		"`d",
		"``",
		"_PARTITIONDATE",
		"DATE(_PARTITIONTIME)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		struct partition p;

		if (partition_parse(str_of(cases[i]), &p, &err))
			fail_msg("\"%s\" is taken for something", cases[i]);
		assert_int_equal(err.kind, ERROR_CONFIG);
		assert_true(err.hint[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_bigquery_allows_is_understood),
		cmocka_unit_test(all_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
