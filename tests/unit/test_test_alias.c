/* Which inputs of a unit test get a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
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
		{"from -- don't\n(A) where 1",
		 "from -- don't\n(A) AS \"a\" where 1"},
		{"from /* \"where (' */ (A)",
		 "from /* \"where (' */ (A) AS \"a\""},
		{"from -- where\n(A)", "from -- where\n(A) AS \"a\""},
		{"from (A) -- it's\n", "from (A) AS \"a\" -- it's\n"},
		{"from (A) -- so\n x", "from (A) -- so\n x"},
		{"where x = 'a''b from ' and (A)",
		 "where x = 'a''b from ' and (A)"},
		{"from f(x) g, (A)", "from f(x) g, (A) AS \"a\""},
		{"select $$ from $$, (A)", "select $$ from $$, (A)"},
		{"from (A) -- (A)\n", "from (A) AS \"a\" -- (A)\n"},
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

static void each_of_many_inputs_has_its_own_name(void **state)
{
	enum { N = 20000 };
	struct arena *arena = arena_new();
	struct alias_input *many = ARENA_NEW(arena, struct alias_input, N);
	struct buf query = {0}, aliased = {0};
	struct str got;

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		many[i].text = arena_printf(arena, "(%u)", i * 7 % N);
		many[i].name = arena_printf(arena, "t%u", i * 7 % N);
	}
	for (unsigned i = 0; i < N; i++) {
		buf_printf(&query, "%s (%u)", i ? "," : "from", i);
		buf_printf(&aliased, "%s (%u) AS \"t%u\"", i ? "," : "from", i,
			   i);
	}
	got = test_alias(&dialect_duckdb, buf_str(&query), many, N, arena);
	assert_true(str_eq(got, buf_str(&aliased)));
	buf_free(&query);
	buf_free(&aliased);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_like_a_table_has_a_name),
		cmocka_unit_test(each_of_many_inputs_has_its_own_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
