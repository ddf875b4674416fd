/* Which inputs of a unit test get a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "compiler/actions/test_alias.h"
#include "compiler/dialect.h"

static const struct alias_input inputs[] = {
	{{"(A)", sizeof("(A)") - 1}, {"a", sizeof("a") - 1}},
	{{"(A) )", sizeof("(A) )") - 1}, {"long", sizeof("long") - 1}},
	{{"(B)", sizeof("(B)") - 1}, {"b\"c", sizeof("b\"c") - 1}},
};

static void what_is_read_like_a_table_has_a_name(void **state)
{
	static const struct {
		const char *query, *aliased;
	} all[] = {
		{"select 1 from (A)", "select 1 from (A) AS \"a\""},
		{"select 1 FROM\n-- x\n(A) where 1",
		 "select 1 FROM\n-- x\n(A) AS \"a\" where 1"},
		{"from (A)) x", "from (A) AS \"a\") x"},
		{"from (A) )", "from (A) ) AS \"long\""},
		{"from (A) as x", "from (A) as x"},
		{"from (A) /* so */ x where 1", "from (A) /* so */ x where 1"},
		{"from (A) \"where\"", "from (A) \"where\""},
		{"from (A) join (B) on 1",
		 "from (A) AS \"a\" join (B) AS \"b\"\"c\" on 1"},
		{"from (A), (B) y, (A)",
		 "from (A) AS \"a\", (B) y, (A) AS \"a\""},
		{"select (A), 1 from x", "select (A), 1 from x"},
		{"from x where y in (A)", "from x where y in (A)"},
		{"from x where y = ')' and exists (A)",
		 "from x where y = ')' and exists (A)"},
		{"with q as (select 1 from (A)) select 1 from q",
		 "with q as (select 1 from (A) AS \"a\") select 1 from q"},
		{"select f((A))", "select f((A))"},
		{"from (C)", "from (C)"},
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct str got =
			test_alias(&dialect_postgres, str_of(all[i].query),
				   inputs, 3, arena);

		assert_string_equal(arena_cstr(arena, got), all[i].aliased);
		got = test_alias(&dialect_bigquery, str_of(all[i].query),
				 inputs, 3, arena);
		assert_string_equal(arena_cstr(arena, got), all[i].query);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_like_a_table_has_a_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
