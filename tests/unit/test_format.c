/* Files laid out, and those that are refused: {what was written, what comes
 * out} or, for a refused one, the message with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/path.h"
#include "compiler/diag.h"
#include "compiler/format/format.h"
#include "compiler/project/source.h"
#include "compiler/script/script_pretty.h"

struct format_case {
	const char *text, *made;
};

static int set_up(void **state)
{
	*state = formatter_new(FORMAT_MS_MAX);
	return 0;
}

static int tear_down(void **state)
{
	formatter_free(*state);
	return 0;
}

static struct str describe(const struct diag *d, struct arena *arena)
{
	struct position at;

	if (!d->span.src)
		return d->text;
	at = source_position(d->span.src, d->span.start);
	return arena_printf(arena, "%u:%u %.*s", at.line, at.column,
			    STR_ARG(d->text));
}

static void check(void **state, bool is_sqlx, const struct format_case *cases,
		  size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct source src = {STR("x"), str_of(cases[i].text)};
		struct diags diags;
		struct str made;

		diags_init(&diags, a);
		if (!format_source(*state, &src, is_sqlx, a, &diags, &made)) {
			assert_int_equal(diags.nerrors, 1);
			made = describe(&diags.v[0], a);
		}
		assert_string_equal(arena_cstr(a, made), cases[i].made);
		arena_free(a);
	}
}

#define CHECK_SQLX(cases) check(state, true, cases, ARRAY_LEN(cases))

#define CHANGES "formatting this file would change what it means"

static void sql_is_laid_out(void **state)
{
	static const struct format_case cases[] = {
		{"", "\n"},
		{"select 1", "SELECT\n  1\n"},
		{"SELECT\n  1\n", "SELECT\n  1\n"},
		{"select a,b from t where x and y\n\n\n",
		 "SELECT\n  a,\n  b\nFROM\n  t\nWHERE\n  x\n  AND y\n"},
		{"select sum(a) over (partition by b)",
		 "SELECT\n  SUM(a) OVER (PARTITION BY b)\n"},
		{"select 1\r\n---\r\nselect 2",
		 "SELECT\n  1\n\n---\n\nSELECT\n  2\n"},
		{"\xef\xbb\xbfselect\xc2\xa0"
		 "1",
		 "SELECT\n  1\n"},
		{"select `from t`, '\xc3\xa4', _p1", "SELECT\n  `from t`,\n"
						     "  '\xc3\xa4',\n  _p1\n"},
	};

	CHECK_SQLX(cases);
}

static void blocks_come_in_one_order(void **state)
{
	static const struct format_case cases[] = {
		{"post_operations { select 2 } select 1 config { type: 'view' }"
		 " js { const a=1; } pre_operations { select 0\n---\nselect 3}",
		 "config {\n  type: 'view'\n}\n\njs {\n  const a = 1;\n}\n\n"
		 "SELECT\n  1\n\n"
		 "post_operations {\n  SELECT\n    2\n}\n\n"
		 "pre_operations {\n  SELECT\n    0\n\n  ---\n\n"
		 "  SELECT\n    3\n}\n"},
		{"select 1 input \"a\" { select 2 }",
		 "SELECT\n  1\n\ninput \"a\" {\n  SELECT\n    2\n}\n"},
	};

	CHECK_SQLX(cases);
}

static void strings_and_placeholders_stay_in_their_line(void **state)
{
	static const struct format_case cases[] = {
		{"select 'from  a', \"${ref('x')}\" from ${ref( 'y' )} z",
		 "SELECT\n  'from  a',\n  \"${ref('x')}\"\nFROM\n"
		 "  ${ref('y')} z\n"},
		{"select \"${ref(\"a\")}\", 'it''s' from t",
		 "SELECT\n  \"${ref(\"a\")}\",\n  'it''s'\nFROM\n  t\n"},
		{"select a.${b}, `${c}.d`", "SELECT\n  a.${b},\n  `${c}.d`\n"},
		{"select '''x\n   y''' from t",
		 "SELECT\n  '''x\n   y'''\nFROM\n  t\n"},
	};

	CHECK_SQLX(cases);
}

static void comments_get_lines_of_their_own(void **state)
{
	static const struct format_case cases[] = {
		{"select a, -- one\nb /* two */ from t",
		 "SELECT\n  a,\n  -- one\n  b\n  /* two */\nFROM\n  t\n"},
		{"select a /* one\n   two */, b",
		 "SELECT\n  a\n  /* one\n  two */\n  ,\n  b\n"},
		{"select 1 -- $& and $' stay\n",
		 "SELECT\n  1\n  -- $& and $' stay\n"},
	};

	CHECK_SQLX(cases);
}

static void a_change_of_meaning_is_refused(void **state)
{
	static const struct format_case cases[] = {
		{"select 1,\n 'two\n   lines' as text", "2:2 " CHANGES},
		{"select '''blank  \nend'''", "1:8 " CHANGES},
		{"select `don't`,\n 'x', 'y'", "1:12 " CHANGES},
		{"select a, # one\r\nb from t", "1:1 " CHANGES},
		{"select $$a  b$$", "1:8 " CHANGES},
		{"select 1 from my-from-project.a.b", "1:1 " CHANGES},
		{"select 1 ${when(x, `a\n  b`)}", CHANGES},
		{"js {\n  const a = `x  \ny`;\n}\n", CHANGES},
		{"config { type: \"view\"",
		 "1:8 this config block is not closed"},
	};

	CHECK_SQLX(cases);
}

static void javascript_is_laid_out(void **state)
{
	static const struct format_case cases[] = {
		{"", "\n"},
		{"const a={b:1}\n\n\n\nf( a )",
		 "const a = {\n  b: 1\n}\n\nf(a)\n"},
		{"const t=`a\n  b`", "const t = `a\n  b`\n"},
		{"const broken = ;", "const broken = ;\n"},
		{"f(\n  `${a} as ${b}`\n)", "f(\n  `${a} as ${b}`\n)\n"},
		{"const t = `\nselect ${f(a || {}).map(x =>\n  `${x} as "
		 "${x}`\n)}\n`;",
		 CHANGES},
	};

	check(state, false, cases, ARRAY_LEN(cases));
}

static void what_is_made_is_final(void **state)
{
	static const char text[] =
		"config{} select case when a then 1 else 2 end, f(b,c) from "
		"(select * from ${ref({name:'a', schema: 'b'})}) where a in "
		"('x','y') order by 1 limit 3";
	struct arena *a = arena_new();
	struct source src = {STR("x"), STR(text)};
	struct diags diags;
	struct str once, twice;

	diags_init(&diags, a);
	assert_true(format_source(*state, &src, true, a, &diags, &once));
	src.text = once;
	assert_true(format_source(*state, &src, true, a, &diags, &twice));
	assert_string_equal(once.p, twice.p);
	arena_free(a);
}

static void many_empty_lines_take_no_time(void **state)
{
	struct arena *a = arena_new();
	struct source src = {.path = STR("x")};
	struct buf text = {0};
	struct diags diags;
	struct str made;

	buf_adds(&text, "select");
	for (int i = 0; i < 1000; i++)
		buf_adds(&text, i % 2 ? "\n" : " \t\n");
	buf_adds(&text, "1");
	src.text = buf_str(&text);
	diags_init(&diags, a);
	assert_true(format_source(*state, &src, true, a, &diags, &made));
	assert_string_equal(made.p, "SELECT\n  1\n");
	buf_free(&text);
	arena_free(a);
}

/* before, n times c, and behind. */
static struct str repeat(struct arena *a, const char *before, char c, size_t n,
			 const char *behind)
{
	char *run = arena_text(a, n);

	memset(run, c, n);
	return arena_printf(a, "%s%.*s%s", before, (int)n, run, behind);
}

static void a_large_file_is_laid_out(void **state)
{
	static const char *const before[] = {
		"// ",
		"// \xe2\x86\x92 ", /* two bytes a character in the engine */
		"/* ",
	};

	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		struct arena *a = arena_new();
		bool open = before[i][1] == '*';
		struct source src = {.path = STR("x")};
		struct diags diags;
		struct str made, want;

		src.text = repeat(a, before[i], 'x', 2 << 20,
				  open ? " */\nf( )" : "\nf( )");
		want = repeat(a, before[i], 'x', 2 << 20,
			      open ? " */\nf()\n" : "\nf()\n");
		diags_init(&diags, a);
		assert_true(
			format_source(*state, &src, false, a, &diags, &made));
		assert_true(str_eq(made, want));
		arena_free(a);
	}
}

static void what_is_nested_too_deep_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct str open = repeat(a, "", '(', 30000, "");
	struct str close = repeat(a, "", ')', 30000, "");
	struct source src = {
		STR("x"), arena_printf(a, "a =%s`b  \nc`%s", open.p, close.p)};
	struct diags diags;
	struct str made;

	diags_init(&diags, a);
	assert_false(format_source(*state, &src, false, a, &diags, &made));
	assert_string_equal(arena_cstr(a, diags.v[0].text),
			    "this is nested too deep to be formatted");
	arena_free(a);
}

static void the_calls_of_a_file_share_its_time(void **state)
{
	struct script_pretty *p = script_pretty_new();
	struct arena *a = arena_new();
	struct str text = repeat(a, "f( '", 'x', 8 << 20, "')"), made;
	struct error err = {0};
	bool same;

	(void)state;
	script_pretty_begin(p, 0);
	for (int i = 0; i < 2; i++) {
		assert_false(script_pretty_js(p, text, a, &made, &err));
		assert_int_equal(err.kind, ERROR_TIMEOUT);
	}
	script_pretty_begin(p, 60000);
	assert_true(script_pretty_js(p, STR("f( 1)"), a, &made, &err));
	assert_string_equal(made.p, "f(1)");
	script_pretty_begin(p, 0);
	assert_false(script_pretty_same(p, text, STR("g()"), &same, &err));
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	assert_false(same);
	arena_free(a);
	script_pretty_free(p);
}

static void scripts_are_the_same_but_for_their_layout(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"f(1,2)", "f(\n  1,\n  2)", true},
		{"f(1,2)", "f(1,3)", false},
		{"f(`a`)", "f(`a `)", false},
		{"return_1()", "return\n_1()", false},
		{"f(", "g(", true},
		{"f()", "g(", false},
	};
	struct script_pretty *p = script_pretty_new();

	(void)state;
	script_pretty_begin(p, 60000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = {0};
		bool same;

		assert_true(script_pretty_same(p, str_of(cases[i].a),
					       str_of(cases[i].b), &same,
					       &err));
		assert_int_equal(same, cases[i].same);
	}
	script_pretty_free(p);
}

static void paths_match_patterns(void **state)
{
	static const struct {
		const char *path, *pattern;
		bool matches;
	} cases[] = {
		{"a/b.js", "a/b.js", true},
		{"a/b.js", "a/*.js", true},
		{"a/b.js", "*.js", false},
		{"a/b.js", "*", false},
		{"a/b.js", "**", true},
		{"a/b.js", "**/*.js", true},
		{"b.js", "**/*.js", true},
		{"a/b/c/d.js", "a/**/d.js", true},
		{"a/b/c/d.js", "a/**/c/*", true},
		{"a/b/c/d.js", "a/**/b/*", false},
		{"a/b/a/b/c", "**/b/c", true},
		{"a/b", "a/?", true},
		{"a/b", "a/??", false},
		{"a/b", "a/b/", false},
		{"a/b", "a", false},
		{"aXbXc", "a*X*c", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(path_matches(str_of(cases[i].path),
					      str_of(cases[i].pattern)),
				 cases[i].matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sql_is_laid_out),
		cmocka_unit_test(blocks_come_in_one_order),
		cmocka_unit_test(strings_and_placeholders_stay_in_their_line),
		cmocka_unit_test(comments_get_lines_of_their_own),
		cmocka_unit_test(a_change_of_meaning_is_refused),
		cmocka_unit_test(javascript_is_laid_out),
		cmocka_unit_test(what_is_made_is_final),
		cmocka_unit_test(many_empty_lines_take_no_time),
		cmocka_unit_test(a_large_file_is_laid_out),
		cmocka_unit_test(what_is_nested_too_deep_is_refused),
		cmocka_unit_test(the_calls_of_a_file_share_its_time),
		cmocka_unit_test(scripts_are_the_same_but_for_their_layout),
		cmocka_unit_test(paths_match_patterns),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
