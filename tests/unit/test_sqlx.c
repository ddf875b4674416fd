/*
 * A file's blocks and pieces, written out: config, js, sql, pre, post, where
 * and input with their pieces, as t (text), c (comment), p (placeholder; q
 * between double quotes) or |
 * (separator) and what stands there. A diagnostic ends with its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/diag.h"
#include "compiler/project/source.h"
#include "compiler/sqlx/sqlx.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

struct sqlx_case {
	const char *text, *parsed;
};

static void add_span(struct buf *out, struct str text, char kind,
		     uint32_t start, uint32_t end)
{
	buf_addc(out, kind);
	buf_addc(out, '[');
	buf_add_str(out, str_sub(text, start, end));
	buf_addc(out, ']');
}

static void add_sql(struct buf *out, struct str text, const char *name,
		    const struct sqlx_sql *sql)
{
	if (!sql->present)
		return;
	buf_printf(out, " %s:", name);
	for (uint32_t i = 0; i < sql->npieces; i++)
		add_span(out, text, "tcp|q"[sql->pieces[i].kind],
			 sql -> pieces[i].start, sql->pieces[i].end);
}

static void add_file(struct buf *out, struct str text,
		     const struct sqlx_file *file)
{
	if (file->has_config)
		add_span(out, text, ':', file->config.start, file->config.end);
	for (uint32_t i = 0; i < file->njs; i++)
		add_span(out, text, 'j', file->js[i].start, file->js[i].end);
	if (file->sql.npieces > 0)
		add_sql(out, text, "sql", &file->sql);
	add_sql(out, text, "pre", &file->pre);
	add_sql(out, text, "post", &file->post);
	add_sql(out, text, "where", &file->where);
	for (uint32_t i = 0; i < file->ninputs; i++) {
		const struct sqlx_input *input = &file->inputs[i];

		for (uint32_t j = 0; j < input->nnames; j++) {
			buf_addc(out, j ? '/' : ' ');
			buf_add_str(out, input->names[j]);
		}
		add_sql(out, text, "input", &input->sql);
	}
}

static void add_diags(struct buf *out, const struct diags *diags)
{
	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *d = &diags->v[i];
		struct position at =
			source_position(d->span.src, d->span.start);

		buf_printf(out, "%s%s %u:%u %.*s", out->n ? "; " : "",
			   diag_code_name(d->code), at.line, at.column,
			   STR_ARG(d->text));
	}
}

static void check(struct sqlx_parser *parser, struct str text,
		  const char *parsed, const char *told)
{
	struct source src = {.path = STR("definitions/a.sqlx"), .text = text};
	struct arena *a = arena_new();
	struct buf out = {0};
	struct sqlx_file file;
	struct diags diags;

	diags_init(&diags, a);
	sqlx_parse(parser, &src, a, &diags, &file);
	if (parsed) {
		add_file(&out, text, &file);
		assert_string_equal(buf_str(&out).p, parsed);
	}
	buf_clear(&out);
	add_diags(&out, &diags);
	assert_string_equal(buf_str(&out).p, told);
	buf_free(&out);
	arena_free(a);
}

/* Cases that nothing is said about. */
static void check_all(const struct sqlx_case *cases, size_t n)
{
	struct sqlx_parser *parser = sqlx_parser_new();

	for (size_t i = 0; i < n; i++)
		check(parser, str_of(cases[i].text), cases[i].parsed, "");
	sqlx_parser_free(parser);
}

static void blocks_are_taken_out_of_the_sql(void **state)
{
	static const struct sqlx_case cases[] = {
		{"", ""},
		{"select 1\n", " sql:t[select 1\n]"},
		{"config { a: 1 }\nselect 1", ":[{ a: 1 }] sql:t[\nselect 1]"},
		{"a config { a: { b: 1 } } c",
		 ":[{ a: { b: 1 } }] sql:t[a ]t[ c]"},
		{"js { x }js {y}", "j[ x ]j[y]"},
		{"js {}", "j[]"},
		{"pre_operations { a }\nb\npost_operations { c }",
		 " sql:t[\nb\n] pre:t[ a ] post:t[ c ]"},
		{"pre_operations {}", " pre:"},
		{"incremental_where { a > ${b} }", " where:t[ a > ]p[b]t[ ]"},
		{"input \"a\" { b }", " a input:t[ b ]"},
		{"input \"a-1\",\n\t\"B_2\",\"c\" {b}input \"d\" {}",
		 " a-1/B_2/c input:t[b] d input:"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void the_last_block_of_a_kind_wins(void **state)
{
	static const struct sqlx_case cases[] = {
		{"config { a }config { b }", ":[{ b }]"},
		{"pre_operations { a }pre_operations { b }", " pre:t[ b ]"},
		{"post_operations { a }post_operations {}", " post:"},
		{"incremental_where { a }incremental_where { b }",
		 " where:t[ b ]"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void keywords_need_one_space_and_no_word_of_their_own(void **state)
{
	static const struct sqlx_case cases[] = {
		{"Config { a }", " sql:t[Config { a }]"},
		{"input \"a\"{ b }", " sql:t[input \"a\"{ b }]"},
		{"input  \"a\" { b }", " sql:t[input  \"a\" { b }]"},
		{"input \"a\" , \"b\" { c }",
		 " sql:t[input \"a\" , \"b\" { c }]"},
		{"input \"\" { a }", " sql:t[input \"\" { a }]"},
		{"input \"a.b\" { c }", " sql:t[input \"a.b\" { c }]"},
		{"input \"${a}\" { }", " sql:t[input \"]q[a]t[\" { }]"},
		{"myconfig { a }", ":[{ a }] sql:t[my]"},
		{"nodejs {a}", "j[a] sql:t[node]"},
		{"confinput \"a\" {b}", " sql:t[conf] a input:t[b]"},
		{"inconfig { a }", ":[{ a }] sql:t[in]"},
		{"incconfig { a }", ":[{ a }] sql:t[inc]"},
		{"pre_opre_operations {a}", " sql:t[pre_o] pre:t[a]"},
		{"post_operatinput \"a\" {}", " sql:t[post_operat] a input:"},
		{"config config { a }", ":[{ a }] sql:t[config ]"},
		{"'config { a }' \"js { b }\"",
		 " sql:t['config { a }' \"js { b }\"]"},
		{"-- config { a }", " sql:t[-- config { a }]"},
		{"`config { a }`", ":[{ a }] sql:t[`]t[`]"},
		{"pre_operations { js { a }", " pre:t[ js { a ]"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void separators_take_the_blanks_of_their_line(void **state)
{
	static const struct sqlx_case cases[] = {
		{"a\n---\nb", " sql:t[a\n]|[---]t[\nb]"},
		{"a \t--- \t\r\nb", " sql:t[a]|[ \t--- \t]t[\r\nb]"},
		{"a---", " sql:t[a]|[---]"},
		{"---\n---", " sql:|[---]t[\n]|[---]"},
		{"a --- b", " sql:t[a --- b]"},
		{"a\n----\nb", " sql:t[a\n----\nb]"},
		{"a\n- --\nb", " sql:t[a\n- --\nb]"},
		{"'\n---\n'", " sql:t['\n---\n']"},
		{"/*\n---\n*/", " sql:t[/*\n---\n*/]"},
		{"config ---\nb", " sql:t[config]|[ ---]t[\nb]"},
		{"input \"a\" ---\nb", " sql:t[input \"a\"]|[ ---]t[\nb]"},
		{"a\xc2\xa0---\xe3\x80\x80\nb",
		 " sql:t[a]|[\xc2\xa0---\xe3\x80\x80]t[\nb]"},
		/* U+2028 is a blank and an end of line. */
		{"a---\xe2\x80\xa8 b", " sql:t[a]|[---]t[\xe2\x80\xa8 b]"},
		{"a---\xe2\x80\xa8\nb", " sql:t[a]|[---\xe2\x80\xa8]t[\nb]"},
		{"pre_operations { a\n---\nb }", " pre:t[ a\n]|[---]t[\nb ]"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void strings_hide_what_is_in_them(void **state)
{
	static const struct sqlx_case cases[] = {
		{"'a -- b' ${c}", " sql:t['a -- b' ]p[c]"},
		{"'a\\' -- b' ${c}", " sql:t['a\\' -- b' ]p[c]"},
		{"'a\\\\' -- ${b}", " sql:t['a\\\\' -- ${b}]"},
		{"\"a\\\" -- b\" ${c}", " sql:t[\"a\\\" -- b\" ]p[c]"},
		{"\"a'b\" -- ${c}'", " sql:t[\"a'b\" -- ${c}']"},
		{"'''a'b''c''' -- ${d}", " sql:t['''a'b''c''' -- ${d}]"},
		{"'''a\\''' -- ${b}", " sql:t['''a\\''' -- ${b}]"},
		{"'''a\\\\''' -- ${b}", " sql:t['''a\\\\''' -- ${b}]"},
		{"\"\"\"a\"b\"\"\" -- ${c}",
		 " sql:t[\"\"\"a\"b\"\"\" -- ${c}]"},
		{"'' -- ${a}", " sql:t['' -- ${a}]"},
		/* An apostrophe in a quoted name opens a string. */
		{"`it's` -- ${a}", " sql:t[`it's` -- ]p[a]"},
		{"'a", " sql:t['a]"},
		{"'a\\", " sql:t['a\\]"},
		{"'''a''", " sql:t['''a'']"},
		{"pre_operations { '}' \"}\" '''}''' -- }\n }",
		 " pre:t[ '}' \"}\" '''}''' -- }\n ]"},
		{"pre_operations { `}`", " sql:t[`] pre:t[ `]"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void comments_with_a_backslash_stand_apart(void **state)
{
	static const struct sqlx_case cases[] = {
		{"a -- b ${c}\nd", " sql:t[a -- b ${c}\nd]"},
		{"a /* b ${c}\n */ d", " sql:t[a /* b ${c}\n */ d]"},
		{"a -- b\\n\nc", " sql:t[a ]c[-- b\\n]t[\nc]"},
		{"a /* \\\n ${b} */ c", " sql:t[a ]c[/* \\\n ${b} */]t[ c]"},
		{"-- \\", " sql:c[-- \\]"},
		{"a -- 'b\n${c}", " sql:t[a -- 'b\n]p[c]"},
		{"/* a ${b}", " sql:t[/* a ]p[b]"},
		{"/*/ ${a}", " sql:t[/*/ ]p[a]"},
		{"/**/${a}/***/${b}", " sql:t[/**/]p[a]t[/***/]p[b]"},
		{"a -- b\rc${d}", " sql:t[a -- b\rc]p[d]"},
		{"a -- b\xe2\x80\xa9${c}", " sql:t[a -- b\xe2\x80\xa9]p[c]"},
		{"pre_operations { /* } */ }", " pre:t[ /* } */ ]"},
		{"a -- b\\\\\nc", " sql:t[a ]c[-- b\\\\]t[\nc]"},
		{"a -- b\\", " sql:t[a ]c[-- b\\]"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void placeholders_are_found_in_text_and_strings(void **state)
{
	static const struct sqlx_case cases[] = {
		{"${a}", " sql:p[a]"},
		{"${}", " sql:p[]"},
		{"a${b}${ c }d", " sql:t[a]p[b]p[ c ]t[d]"},
		{"'a${b}c'", " sql:t['a]p[b]t[c']"},
		{"'${b}'", " sql:t[']p[b]t[']"},
		{"'''${a}''${b}'''", " sql:t[''']p[a]t['']p[b]t[''']"},
		{"`${a}`", " sql:t[`]p[a]t[`]"},
		{"\"${a}\"", " sql:t[\"]q[a]t[\"]"},
		{"\"\"\"${a}\"\"\"", " sql:t[\"\"\"]p[a]t[\"\"\"]"},
		{"\\${a}", " sql:t[\\]p[a]"},
		{"'\\${a}'", " sql:t['\\]p[a]t[']"},
		{"$${a}}", " sql:t[$]p[a]t[}]"},
		{"$a { ${b}", " sql:t[$a { ]p[b]"},
		{"pre_operations { '${a}}' }", " pre:t[ ']p[a]t[}' ]"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void javascript_is_read_as_javascript(void **state)
{
	static const struct sqlx_case cases[] = {
		{"\"${`a`}\"", " sql:t[\"]q[`a`]t[\"]"},
		{"\"${f(\"a\")}\"", " sql:t[\"]q[f(\"a\")]t[\"]"},
		{"${ { a: {} } }b", " sql:p[ { a: {} } ]t[b]"},
		{"${'}'}b", " sql:p['}']t[b]"},
		{"${\"x\\n}\"}b", " sql:p[\"x\\n}\"]t[b]"},
		{"${'\\'}'}b", " sql:p['\\'}']t[b]"},
		{"${`}`}b", " sql:p[`}`]t[b]"},
		{"${`${{}}}`}b", " sql:p[`${{}}}`]t[b]"},
		{"${`${`${`}`}`}`}b", " sql:p[`${`${`}`}`}`]t[b]"},
		{"${`\\${`}b", " sql:p[`\\${`]t[b]"},
		{"${`\\\\`}b", " sql:p[`\\\\`]t[b]"},
		{"${`\\`{\\``}b", " sql:p[`\\`{\\``]t[b]"},
		{"${`\\``}b", " sql:p[`\\``]t[b]"},
		{"${a // }\n}b", " sql:p[a // }\n]t[b]"},
		{"${a /* } ' */}b", " sql:p[a /* } ' */]t[b]"},
		{"${a.match(/}/)}b", " sql:p[a.match(/}/)]t[b]"},
		{"${/[/}]\\/}/}b", " sql:p[/[/}]\\/}/]t[b]"},
		{"${(() => { return /}/ })}b",
		 " sql:p[(() => { return /}/ })]t[b]"},
		{"${a / b}c${d / e}", " sql:p[a / b]t[c]p[d / e]"},
		{"${(a) / b['c'] / d++ / e.in / 2}f",
		 " sql:p[(a) / b['c'] / d++ / e.in / 2]t[f]"},
		{"${a + 'b' + /}/}c", " sql:p[a + 'b' + /}/]t[c]"},
		{"${a+'b'+/}/}c", " sql:p[a+'b'+/}/]t[c]"},
		{"${1./2 + '}'}b / c", " sql:p[1./2 + '}']t[b / c]"},
		{"js { // it's\n}a", "j[ // it's\n] sql:t[a]"},
		{"js { a = `b\\`c\\``; }d", "j[ a = `b\\`c\\``; ] sql:t[d]"},
		{"config { a: /\"/ }b", ":[{ a: /\"/ }] sql:t[b]"},
	};

	(void)state;
	check_all(cases, LEN(cases));
}

static void bytes_of_any_kind_are_text(void **state)
{
	static const char nul[] = "a\0'${b\0}\0--\0c";
	static const char want[] = " sql:t[a\0']p[b\0]t[\0--\0c]";
	static const struct sqlx_case cases[] = {
		{"\xef\xbb\xbf"
		 "config { a }b",
		 ":[{ a }] sql:t[\xef\xbb\xbf]t[b]"},
		{"\xc3\xa9${'\xf0\x9f\xa6\x86'}\xc3\xa9",
		 " sql:t[\xc3\xa9]p['\xf0\x9f\xa6\x86']t[\xc3\xa9]"},
	};
	struct sqlx_parser *parser = sqlx_parser_new();
	struct source src = {.text = {nul, sizeof(nul) - 1}};
	struct arena *a = arena_new();
	struct buf out = {0};
	struct sqlx_file file;
	struct diags diags;

	(void)state;
	check_all(cases, LEN(cases));
	diags_init(&diags, a);
	sqlx_parse(parser, &src, a, &diags, &file);
	add_file(&out, src.text, &file);
	assert_int_equal(out.n, sizeof(want) - 1);
	assert_memory_equal(out.p, want, out.n);
	buf_free(&out);
	arena_free(a);
	sqlx_parser_free(parser);
}

static void what_is_not_closed_is_named_where_it_opens(void **state)
{
	static const struct sqlx_case cases[] = {
		{"a\nconfig { b", "W110 2:8 this config block is not closed"},
		{"js {", "W110 1:4 this js block is not closed"},
		{"js { a = `b\\`c`; }\nd",
		 "W110 1:4 this js block is not closed"},
		{"a\n pre_operations { b\n",
		 "W110 2:17 this pre_operations block is not closed"},
		{"post_operations {",
		 "W110 1:17 this post_operations block is not closed"},
		{"incremental_where { a > 'b }",
		 "W110 1:19 this incremental_where block is not closed"},
		{"input \"a\",\n\"b\" { c",
		 "W110 2:5 this input block is not closed"},
		{"a ${b", "W110 1:3 this placeholder is not closed"},
		{"'a ${", "W110 1:4 this placeholder is not closed"},
		{"pre_operations { 'a ${ b }",
		 "W110 1:16 this pre_operations block is not closed"},
		/* Once: what is open inside takes the outer brace along. */
		{"pre_operations { a ${ { b\n}",
		 "W110 1:20 this placeholder is not closed"},
	};
	struct sqlx_parser *parser = sqlx_parser_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check(parser, str_of(cases[i].text), NULL, cases[i].parsed);
	sqlx_parser_free(parser);
}

static void help_says_what_keeps_a_block_open(void **state)
{
	static const struct sqlx_case cases[] = {
		{"js { a", "add the \"}\" that ends it"},
		{"pre_operations {\na\ndon't }\n",
		 "the string that begins on line 3 never ends, and takes the "
		 "\"}\" with it"},
		{"pre_operations { 'a'", "add the \"}\" that ends it"},
		{"js { a = `b\\`c`; }",
		 "add the \"}\" that ends it; \"\\`\" ends a JavaScript "
		 "template in Dataform, ${\"`\"} does not"},
	};
	struct sqlx_parser *parser = sqlx_parser_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct source src = {.text = str_of(cases[i].text)};
		struct arena *a = arena_new();
		struct sqlx_file file;
		struct diags diags;

		diags_init(&diags, a);
		sqlx_parse(parser, &src, a, &diags, &file);
		assert_int_equal(diags.nerrors, 1);
		assert_string_equal(diags.v[0].help.p, cases[i].parsed);
		arena_free(a);
	}
	sqlx_parser_free(parser);
}

#define QUOTE                                                                  \
	" this quote opens a string: \"#\" does not begin a comment in SQLX"
#define EVALUATED                                                              \
	" this placeholder is evaluated: \"#\" does not begin a comment in "   \
	"SQLX"

static void a_head_that_is_sql_is_warned_of(void **state)
{
	static const struct sqlx_case cases[] = {
		{"config{ a }", "W118 1:1 this is SQL, not a config block"},
		{"a\nconfig  { a }",
		 "W118 2:1 this is SQL, not a config block"},
		{"js\n{ a }", "W118 1:1 this is SQL, not a js block"},
		{"input a {}", "W118 1:1 this is SQL, not an input block"},
		{"select config{a: 1}", ""},
		{"a input b {}", ""},
		{"'\nconfig{'", ""},
	};
	struct sqlx_parser *parser = sqlx_parser_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check(parser, str_of(cases[i].text), NULL, cases[i].parsed);
	sqlx_parser_free(parser);
}

static void a_hash_is_warned_of_where_it_hurts(void **state)
{
	static const struct sqlx_case cases[] = {
		{"a # don't\nb", "W111 1:8" QUOTE},
		{"#a\n  # b \" c\n", "W111 2:7" QUOTE},
		{"# ${a}", "W111 1:3" EVALUATED},
		{"# ${a} don't ${b}",
		 "W111 1:3" EVALUATED "; W111 1:14" EVALUATED
		 "; W111 1:11" QUOTE},
		{"# 'a ${b}'", "W111 1:6" EVALUATED},
		{"a # b\n# c\n", ""},
		{"# 'a' \"b\"\n", ""},
		{"# a -- don't ${b}\n", ""},
		{"-- # don't\n", ""},
		{"/* # don't */\n", ""},
		{"'# ${a}'", ""},
		{"`a # b` ${c}", ""},
		{"a#b ${c}", ""},
		{"a #>> '{b' -- }'", ""},
		{"pre_operations {\n# don't\n'\n}", "W111 2:6" QUOTE},
	};
	struct sqlx_parser *parser = sqlx_parser_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check(parser, str_of(cases[i].text), NULL, cases[i].parsed);
	sqlx_parser_free(parser);
}

static void
a_comment_that_ends_with_a_backslash_takes_its_line_end(void **state)
{
	static const struct sqlx_case cases[] = {
		{"a -- b\\\nc", " sql:t[a ]c[-- b\\\n]t[c]"},
		{"a -- b\\\r\nc", " sql:t[a ]c[-- b\\\r\n]t[c]"},
		{"a -- b\\\rc", " sql:t[a ]c[-- b\\\r]t[c]"},
	};
	struct sqlx_parser *parser = sqlx_parser_new();

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check(parser, str_of(cases[i].text), cases[i].parsed,
		      "W117 1:7 the backslash at the end of this comment joins "
		      "it with the next line");
	sqlx_parser_free(parser);
}

/* n times head, then n times tail. */
static struct str repeat(struct buf *out, size_t n, const char *head,
			 const char *tail)
{
	buf_clear(out);
	for (size_t i = 0; i < n; i++)
		buf_adds(out, head);
	for (size_t i = 0; i < n; i++)
		buf_adds(out, tail);
	return buf_str(out);
}

static void nesting_has_a_limit(void **state)
{
	struct sqlx_parser *parser = sqlx_parser_new();
	struct buf text = {0};

	(void)state;
	check(parser, repeat(&text, 4000, "${", "}"), NULL, "");
	check(parser, repeat(&text, 2000, "${`", "`}"), NULL, "");
	check(parser, repeat(&text, 5000, "${", "}"), NULL,
	      "W110 1:1 this placeholder has too many braces within one "
	      "another");
	check(parser, repeat(&text, 5000, "js {", "}"), NULL,
	      "W110 1:4 this js block has too many braces within one another");
	buf_free(&text);
	sqlx_parser_free(parser);
}

/* Each of these takes minutes if anything is looked at again and again. */
static void long_texts_are_read_once(void **state)
{
	static const char *const parts[] = {
		"/* ", "config ", "input \"a\",\n", " -- ",
		"# `", "'",       "${`\\`",
	};
	struct sqlx_parser *parser = sqlx_parser_new();
	struct buf text = {0};

	(void)state;
	for (size_t i = 0; i < LEN(parts); i++) {
		struct source src = {
			.text = repeat(&text, 100000, parts[i], "")};
		struct arena *a = arena_new();
		struct sqlx_file file;
		struct diags diags;

		diags_init(&diags, a);
		sqlx_parse(parser, &src, a, &diags, &file);
		assert_true(file.sql.present);
		arena_free(a);
	}
	buf_free(&text);
	sqlx_parser_free(parser);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_taken_out_of_the_sql),
		cmocka_unit_test(the_last_block_of_a_kind_wins),
		cmocka_unit_test(
			keywords_need_one_space_and_no_word_of_their_own),
		cmocka_unit_test(separators_take_the_blanks_of_their_line),
		cmocka_unit_test(strings_hide_what_is_in_them),
		cmocka_unit_test(comments_with_a_backslash_stand_apart),
		cmocka_unit_test(
			a_comment_that_ends_with_a_backslash_takes_its_line_end),
		cmocka_unit_test(placeholders_are_found_in_text_and_strings),
		cmocka_unit_test(javascript_is_read_as_javascript),
		cmocka_unit_test(bytes_of_any_kind_are_text),
		cmocka_unit_test(what_is_not_closed_is_named_where_it_opens),
		cmocka_unit_test(help_says_what_keeps_a_block_open),
		cmocka_unit_test(a_head_that_is_sql_is_warned_of),
		cmocka_unit_test(a_hash_is_warned_of_where_it_hurts),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(long_texts_are_read_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
