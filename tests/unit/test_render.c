/* Diagnostics as text: the caret stands below its place whatever the line
 * holds, and nothing from a file controls the terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cli/explain.h"
#include "cli/render.h"
#include "cli/text.h"

static const struct term plain = {0};

static struct source source_of(const char *text)
{
	return (struct source){STR("a.sqlx"), str_of(text)};
}

/* The diagnostic's text for the first place where mark stands in text. */
static const char *render(struct arena *arena, const char *text,
			  const char *mark)
{
	struct source *src = ARENA_NEW(arena, struct source, 1);
	uint32_t start = (uint32_t)(strstr(text, mark) - text);
	struct diag d = {.code = DIAG_UNKNOWN_REF, .text = STR("wrong")};
	struct buf b = {0};
	const char *out;

	*src = source_of(text);
	d.span = span_of(src, start, start + (uint32_t)strlen(mark));
	d.file = src->path;
	render_text(&d, &plain, &b);
	out = buf_move(&b, arena).p;
	buf_free(&b);
	return out;
}

static void the_caret_stands_below_its_place(void **state)
{
	static const struct {
		const char *text, *mark, *excerpt;
	} cases[] = {
		{"select 1\nfrom x\n", "x",
		 "  --> a.sqlx:2:6\n   |\n 2 | from x\n   |      ^\n"},
		{"\tab\tx", "x",
		 "  --> a.sqlx:1:5\n   |\n 1 |     ab  x\n   |         ^\n"},
		{"\xe6\xbc\xa2\xe5\xad\x97 x", "x",
		 "  --> a.sqlx:1:4\n   |\n 1 | \xe6\xbc\xa2\xe5\xad\x97 x\n"
		 "   |      ^\n"},
		{"e\xcc\x81 x", "x",
		 "  --> a.sqlx:1:4\n   |\n 1 | e\xcc\x81 x\n   |   ^\n"},
		{"a \xf0\x9f\x98\x80 b", "\xf0\x9f\x98\x80",
		 "  --> a.sqlx:1:3\n   |\n 1 | a \xf0\x9f\x98\x80 b\n"
		 "   |   ^^\n"},
		{"a\x1b[31m x", "x",
		 "  --> a.sqlx:1:8\n   |\n 1 | a\\x1b[31m x\n"
		 "   |           ^\n"},
		{"one two\r\nthree", "two",
		 "  --> a.sqlx:1:5\n   |\n 1 | one two\n   |     ^^^\n"},
		{"one two\nthree", "two\nthree",
		 "  --> a.sqlx:1:5\n   |\n 1 | one two\n   |     ^^^\n"},
		{"ab", "", "  --> a.sqlx:1:1\n   |\n 1 | ab\n   | ^\n"},
		{"", "", "  --> a.sqlx:1:1\n   |\n 1 |\n   | ^\n"},
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = render(arena, cases[i].text, cases[i].mark);
		const char *want = arena_printf(arena, "error[W201]: wrong\n%s",
						cases[i].excerpt)
					   .p;

		assert_string_equal(got, want);
	}
	arena_free(arena);
}

static void the_gutter_is_as_wide_as_the_line_number(void **state)
{
	struct arena *arena = arena_new();
	char text[300];
	const char *got;

	(void)state;
	memset(text, '\n', sizeof(text));
	text[122] = 'x';
	text[299] = '\0';
	got = render(arena, text, "x");
	assert_string_equal(got, "error[W201]: wrong\n   --> a.sqlx:123:1\n"
				 "    |\n123 | x\n    | ^\n");
	arena_free(arena);
}

static void a_long_line_is_cut_around_the_place(void **state)
{
	struct arena *arena = arena_new();
	char text[1001];
	const char *got, *line, *caret;

	(void)state;
	memset(text, 'a', 1000);
	text[1000] = '\0';
	text[700] = 'x';
	got = render(arena, text, "x");
	line = strstr(got, " 1 | ");
	caret = strstr(line, "\n   | ");
	assert_non_null(strstr(line, " 1 | ...aaa"));
	assert_non_null(strstr(line, "aaa...\n"));
	assert_true(caret - line < 180);
	assert_int_equal(strchr(caret, '^') - caret - 1,
			 strchr(line, 'x') - line);
	arena_free(arena);
}

static void a_long_span_ends_with_the_cut(void **state)
{
	struct arena *arena = arena_new();
	char text[1001];
	const char *got;

	(void)state;
	memset(text, 'a', 1000);
	text[1000] = '\0';
	got = render(arena, text, text);
	assert_true(strlen(got) < 400);
	assert_null(strstr(got, "| ..."));
	arena_free(arena);
}

static void notes_help_and_files_without_a_place(void **state)
{
	struct diag d = {
		.code = DIAG_UNREADABLE_FILE,
		.severity = SEVERITY_WARNING,
		.file = STR("b\n.js"),
		.text = STR("odd \x1b[2Jname"),
		.note = STR("seen"),
		.help = STR("rename it\nsoon"),
	};
	struct buf b = {0};

	(void)state;
	render_text(&d, &plain, &b);
	assert_string_equal(b.p, "warning[W102]: odd \\x1b[2Jname\n"
				 "  --> b\\n.js\n"
				 "   = note: seen\n"
				 "   = help: rename it\n"
				 "           soon\n");
	buf_free(&b);
}

static void files_are_counted_once(void **state)
{
	struct arena *arena = arena_new();
	struct source src = source_of("x");
	struct buf b = {0};
	struct diags d;

	(void)state;
	diags_init(&d, arena);
	diag_add(&d, DIAG_NO_PROJECT, (struct span){0}, "none");
	render_summary(&d, &plain, &b);
	diag_add(&d, DIAG_CYCLE, span_of(&src, 0, 1), "one");
	diag_warn(&d, DIAG_CYCLE, span_of(&src, 0, 1), "two");
	render_summary(&d, &plain, &b);
	diag_add_file(&d, DIAG_BAD_UTF8, STR("b.js"), "three");
	render_summary(&d, &plain, &b);
	assert_string_equal(b.p, "1 error\n"
				 "2 errors and 1 warning in 1 file\n"
				 "3 errors and 1 warning in 2 files\n");
	buf_free(&b);
	arena_free(arena);
}

static void json_and_github_carry_the_place(void **state)
{
	struct source src = source_of("one\ntwo, \"x\"\n");
	struct diag d = {
		.code = DIAG_UNKNOWN_REF,
		.span = {&src, 4, 7},
		.file = STR("a,b.sqlx"),
		.text = STR("50% of \"x\""),
		.help = STR("this\nthat"),
	};
	struct buf b = {0};

	(void)state;
	render_json(&d, &b);
	render_github(&d, ".", &b);
	render_github(&d, "shop", &b);
	assert_string_equal(
		b.p,
		"{\"code\":\"W201\",\"severity\":\"error\","
		"\"file\":\"a,b.sqlx\",\"line\":2,\"column\":1,"
		"\"end\":{\"line\":2,\"column\":4},"
		"\"message\":\"50% of \\\"x\\\"\",\"help\":\"this\\nthat\"}\n"
		"::error file=a%2Cb.sqlx,line=2,col=1,endLine=2,endColumn=4,"
		"title=W201 unknown action::50%25 of \"x\"%0Ahelp: "
		"this%0Athat\n"
		"::error file=shop/a%2Cb.sqlx,line=2,col=1,endLine=2,"
		"endColumn=4,title=W201 unknown action::50%25 of \"x\"%0Ahelp: "
		"this%0Athat\n");
	buf_free(&b);
}

static void control_characters_are_shown_not_sent(void **state)
{
	static const struct {
		const char *text, *shown;
		size_t width;
	} cases[] = {
		{"a\tb", "a\\tb", 4},        {"\x7f", "\\x7f", 4},
		{"\xc2\x9b", "\\u009b", 6},  {"\xe2\x80\xae", "\\u202e", 6},
		{"\xff", "\\xff", 4},        {"\xc3", "\\xc3", 4},
		{"\xc3\xa9", "\xc3\xa9", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = {0};
		size_t width = text_put(&b, str_of(cases[i].text));

		assert_string_equal(b.p, cases[i].shown);
		assert_int_equal(width, cases[i].width);
		buf_free(&b);
	}
}

static void numbers_have_separators(void **state)
{
	struct buf b = {0};

	(void)state;
	text_put_count(&b, 0);
	buf_addc(&b, ' ');
	text_put_count(&b, 999);
	buf_addc(&b, ' ');
	text_put_count(&b, 1000);
	buf_addc(&b, ' ');
	text_put_count(&b, -1234567);
	assert_string_equal(b.p, "0 999 1,000 -1,234,567");
	buf_free(&b);
}

static void every_code_is_explained_with_an_example(void **state)
{
	(void)state;
	for (unsigned i = 0; i < DIAG_NCODES; i++) {
		const char *text = explain_text((enum diag_code)i);

		if (!text)
			fail_msg("cli/explain.def lacks %s",
				 diag_code_name((enum diag_code)i));
		if (!strstr(text, "\n    "))
			fail_msg("%s has no example",
				 diag_code_name((enum diag_code)i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_caret_stands_below_its_place),
		cmocka_unit_test(the_gutter_is_as_wide_as_the_line_number),
		cmocka_unit_test(a_long_line_is_cut_around_the_place),
		cmocka_unit_test(a_long_span_ends_with_the_cut),
		cmocka_unit_test(notes_help_and_files_without_a_place),
		cmocka_unit_test(files_are_counted_once),
		cmocka_unit_test(json_and_github_carry_the_place),
		cmocka_unit_test(control_characters_are_shown_not_sent),
		cmocka_unit_test(numbers_have_separators),
		cmocka_unit_test(every_code_is_explained_with_an_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
