/* What is tried again, warehouse by warehouse, and how long after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "runtime/plan/retry.h"

static struct error error_of(enum error_kind kind, const char *sqlstate,
			     const char *text)
{
	struct error err = {0};

	error_set(&err, kind, "%s", text);
	snprintf(err.sqlstate, sizeof(err.sqlstate), "%s", sqlstate);
	return err;
}

static void postgres_is_judged_by_its_codes(void **state)
{
	static const struct {
		enum error_kind kind;
		const char *sqlstate;
		bool helps, helps_start;
	} cases[] = {
		{ERROR_SQL, "40001", true, false},
		{ERROR_SQL, "40P01", true, false},
		{ERROR_SQL, "55P03", true, false},
		{ERROR_LOST, "", true, false},
		{ERROR_LOST, "08006", true, false},
		{ERROR_LOST, "57P01", true, false},
		{ERROR_LOST, "57P02", true, false},
		{ERROR_LOST, "57P05", true, false},
		{ERROR_CONNECT, "57P03", true, true},
		{ERROR_CONNECT, "53300", true, true},
		{ERROR_CONNECT, "08001", true, false},
		{ERROR_CONNECT, "", false, false}, /* a wrong password */
		{ERROR_CONNECT, "28P01", false, false},
		{ERROR_CONNECT, "3D000", false, false},
		{ERROR_LOST, "57P04", false, false}, /* dropped database */
		{ERROR_LOST, "25P03", false, false}, /* idle too long */
		{ERROR_TIMEOUT, "57014", false, false},
		{ERROR_CANCELLED, "57014", false, false},
		{ERROR_SQL, "53100", false, false}, /* disk full */
		{ERROR_SQL, "53200", false, false}, /* out of memory */
		{ERROR_SQL, "42601", false, false},
		{ERROR_SQL, "23505", false, false},
		{ERROR_SQL, "40002", false, false},
		{ERROR_SQL, "", false, false},
		{ERROR_IO, "", false, false},
		{ERROR_ASSERTION, "40001", false, false},
		{ERROR_LOCKED, "", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err =
			error_of(cases[i].kind, cases[i].sqlstate, "it failed");

		assert_int_equal(retry_helps(WAREHOUSE_POSTGRES, &err),
				 cases[i].helps);
		assert_int_equal(retry_helps_start(WAREHOUSE_POSTGRES, &err),
				 cases[i].helps_start);
	}
}

static void what_others_made_first_is_told_by_its_code(void **state)
{
	static const struct {
		enum warehouse_kind warehouse;
		const char *sqlstate, *text;
		bool overtaken;
	} cases[] = {
		{WAREHOUSE_POSTGRES, "42P07", "", true},
		{WAREHOUSE_POSTGRES, "23505",
		 "violates \"pg_type_typname_nsp_index\"", true},
		{WAREHOUSE_POSTGRES, "23505",
		 "violates \"pg_class_relname_nsp_index\"", true},
		{WAREHOUSE_POSTGRES, "23505", "violates \"t_pkey\"", false},
		{WAREHOUSE_POSTGRES, "42710", "", false},
		{WAREHOUSE_DUCKDB, "", "already exists", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err =
			error_of(ERROR_SQL, cases[i].sqlstate, cases[i].text);

		assert_int_equal(retry_was_overtaken(cases[i].warehouse, &err),
				 cases[i].overtaken);
	}
}

static void one_internal_error_of_postgres_passes(void **state)
{
	struct error updated =
		error_of(ERROR_SQL, "XX000", "tuple concurrently updated");
	struct error other = error_of(ERROR_SQL, "XX000", "cache lookup");

	(void)state;
	assert_true(retry_helps(WAREHOUSE_POSTGRES, &updated));
	assert_false(retry_helps(WAREHOUSE_POSTGRES, &other));
}

static void duckdb_is_judged_by_its_words(void **state)
{
	static const struct {
		enum error_kind kind;
		const char *text;
		bool helps;
	} cases[] = {
		{ERROR_SQL, "Catalog write-write conflict on create with \"t\"",
		 true},
		{ERROR_SQL, "Conflict on update", true},
		{ERROR_SQL, "Conflict on tuple deletion", true},
		{ERROR_SQL,
		 "Failed to commit: write-write conflict on key: \"1\"", true},
		{ERROR_SQL,
		 "Transaction conflict: attempting to insert into table \"t\" "
		 "but it has been altered by a different transaction",
		 true},
		{ERROR_SQL, "cannot start a transaction within a transaction",
		 false},
		{ERROR_SQL, "Could not write file: No space left on device",
		 false},
		{ERROR_SQL, "ON CONFLICT clause needs a unique key", false},
		{ERROR_SQL, "Table with name t does not exist", false},
		{ERROR_LOST, "database has been invalidated", false},
		{ERROR_CONNECT, "Conflicting lock is held", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = error_of(cases[i].kind, "", cases[i].text);

		assert_int_equal(retry_helps(WAREHOUSE_DUCKDB, &err),
				 cases[i].helps);
		assert_false(retry_helps_start(WAREHOUSE_DUCKDB, &err));
	}
}

static void waits_double_up_to_half_a_minute(void **state)
{
	static const int64_t most[] = {500,   1000,  2000,  4000, 8000,
				       16000, 30000, 30000, 30000};
	uint64_t chance = 7, other = 8;
	int64_t sum = 0, other_sum = 0;

	(void)state;
	for (uint32_t a = 1; a <= sizeof(most) / sizeof(most[0]); a++) {
		int64_t ms = retry_wait_ms(a, &chance);

		assert_true(ms >= most[a - 1] / 2 && ms <= most[a - 1]);
		sum += ms;
		other_sum += retry_wait_ms(a, &other);
	}
	assert_true(sum != other_sum);
	assert_true(retry_wait_ms(UINT32_MAX, &chance) <= 30000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(postgres_is_judged_by_its_codes),
		cmocka_unit_test(what_others_made_first_is_told_by_its_code),
		cmocka_unit_test(one_internal_error_of_postgres_passes),
		cmocka_unit_test(duckdb_is_judged_by_its_words),
		cmocka_unit_test(waits_double_up_to_half_a_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
