/* Circular dependencies and names that are there twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "tests/unit/project_maker.h"

/* Tables as "name: dep dep", one a word group, separated by ';'. */
static const char *make_script(struct buf *b, const char *tables)
{
	struct str all = str_of(tables);

	for (size_t at = 0, end; at < all.n; at = end + 1) {
		struct str table;
		size_t colon;

		end = str_find(all, ';', at);
		table = str_trim(str_sub(all, at, end));
		colon = str_find(table, ':', 0);
		buf_printf(
			b,
			"publish(\"%.*s\", \"1\").dependencies("
			"\"%.*s\".split(\" \").filter(x => x));\n",
			(int)colon, table.p,
			STR_ARG(str_trim(str_sub(table, colon + 1, table.n))));
	}
	return b->p;
}

static void cycles_are_printed_as_paths(void **state)
{
	static const struct {
		const char *tables, *error;
	} cases[] = {
		{"a:; b: a; c: a b; d: c a", ""},
		{"a: a", "W205 definitions/t.js:1:9 an action depends on "
			 "itself: a -> a\n"},
		{"a: b; b: a", "W205 definitions/t.js:1:32 actions depend on "
			       "each other: a -> b -> a\n"},
		{"a: b; b: c; c: a",
		 "W205 definitions/t.js:1:32 actions depend on each other: "
		 "a -> b -> c -> a\n"},
		{"x: a; a: b; b: c; c: a d; d: b; y: x",
		 "W205 definitions/t.js:5:32 actions depend on each other: "
		 "d -> b -> c -> d\n"},
		{"a: b; b: a; c: d; d: c",
		 "a -> b -> a\n"
		 "W205 definitions/t.js:3:32 actions depend on each other: "
		 "c -> d -> c\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct project_maker p;
		struct buf b = {0};

		project_start(&p);
		project_add(&p, "definitions/t.js",
			    make_script(&b, cases[i].tables));
		project_make(&p);
		if (!str_ends(str_of(project_errors(&p)),
			      str_of(cases[i].error)) ||
		    (p.c.diags.nerrors > 0) != (cases[i].error[0] != '\0'))
			fail_msg("%s: %s", cases[i].tables, project_errors(&p));
		project_end(&p);
		buf_free(&b);
	}
}

static void a_long_chain_needs_no_deep_stack(void **state)
{
	struct project_maker p;

	(void)state;
	project_start(&p);
	project_add(&p, "definitions/t.js",
		    "for (let i = 0; i < 20000; i++)\n"
		    "  publish(\"t\" + i, \"1\")"
		    ".dependencies(\"t\" + (i + 1) % 20000);\n");
	assert_false(project_make(&p));
	assert_int_equal(p.c.diags.nerrors, 1);
	assert_int_equal(p.c.diags.v[0].code, DIAG_CYCLE);
	project_end(&p);
}

static void of_a_name_that_is_there_twice_none_stays(void **state)
{
	struct project_maker p;

	(void)state;
	project_start(&p);
	project_add(&p, "definitions/a.sqlx",
		    "config { type: \"table\" } select 1");
	project_add(&p, "definitions/b.sqlx",
		    "config { type: \"view\", name: \"a\" } select 1");
	project_add(&p, "definitions/c.sqlx",
		    "config { type: \"declaration\", name: \"a\" }");
	project_add(&p, "definitions/d.sqlx",
		    "config { type: \"view\", schema: \"other\", "
		    "name: \"a\" } select 1");
	assert_false(project_make(&p));
	assert_string_equal(
		project_errors(&p),
		"W204 definitions/a.sqlx:1:8 there are several actions "
		"\"db.ds.a\"\n"
		"W204 definitions/b.sqlx:1:24 there are several actions "
		"\"db.ds.a\"\n"
		"W204 definitions/c.sqlx:1:31 there are several actions "
		"\"db.ds.a\"\n");
	assert_int_equal(p.c.graph.nactions, 1);
	assert_int_equal(p.c.graph.ntargets, 4);
	project_action(&p, "other.a");
	project_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cycles_are_printed_as_paths),
		cmocka_unit_test(a_long_chain_needs_no_deep_stack),
		cmocka_unit_test(of_a_name_that_is_there_twice_none_stays),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
