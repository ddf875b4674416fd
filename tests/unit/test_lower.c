/* SQLX through JavaScript and back: what the SQL becomes, and where errors in
 * generated code are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/diag.h"
#include "compiler/project/tree.h"
#include "compiler/script/script.h"
#include "compiler/sqlx/lower.h"

/* ref() gives its number of arguments, self() "me". */
static bool context_function(struct script_call *call)
{
	call->answer = ANSWER_VALUE;
	call->value = call->id == CONTEXT_SELF ? value_string(STR("me"))
					       : value_number(call->nargs);
	return true;
}

static const struct script_method methods[] = {{"ref", CONTEXT_REF}, {NULL}};

static const struct script_class classes[] = {
	{"context", methods, context_function},
};

static const char *root(struct tree *t)
{
	(void)t;
	return "/";
}

static const struct tree_ops tree_ops = {.root = root, .real_root = root};

enum { NINPUTS_MAX = 4 }; /* of one file here */

struct unit {
	struct arena *arena;
	struct tree tree;
	struct script *script;
	struct source src;
	struct sqlx_file file;
	struct lowered code;
	uint32_t functions[LOWERED_NFUNCTIONS + NINPUTS_MAX];
	struct script_error err;
};

/* False: the engine refused it. */
static bool open_unit(struct unit *u, const char *text)
{
	static const struct script_limits limits = {16 << 20, 1 << 20, 10000};
	const struct script_host host = {.classes = classes, .nclasses = 1};
	struct sqlx_parser *parser = sqlx_parser_new();
	struct diags diags;

	*u = (struct unit){.arena = arena_new(), .tree.ops = &tree_ops};
	u->src = (struct source){STR("definitions/u.sqlx"), str_of(text)};
	diags_init(&diags, u->arena);
	sqlx_parse(parser, &u->src, u->arena, &diags, &u->file);
	sqlx_parser_free(parser);
	lower_sqlx(&u->src, &u->file, u->arena, &u->code);
	u->script = script_new(&limits, &host, &u->tree, u->arena);
	return script_compile_lowered(u->script, &u->src, &u->code,
				      u->functions, &u->err);
}

static void close_unit(struct unit *u)
{
	script_free(u->script);
	arena_free(u->arena);
}

static bool call(struct unit *u, int which, struct value *out)
{
	const struct script_context ctx = {
		.functions = (1u << CONTEXT_NFUNCTIONS) - 1,
		.sqlx = true,
		.src = &u->src,
	};

	assert_int_not_equal(u->functions[which], 0);
	return script_call_function(u->script, u->functions[which], &ctx, out,
				    &u->err);
}

static const struct sqlx_sql *sql_of(const struct unit *u, int which)
{
	switch (which) {
	case LOWERED_SQL:
		return &u->file.sql;
	case LOWERED_PRE:
		return &u->file.pre;
	case LOWERED_POST:
		return &u->file.post;
	default:
		return &u->file.where;
	}
}

/* The statements with "|" between them. */
static struct str text_of(struct unit *u, int which)
{
	bool constant = u->functions[which] == 0;
	struct value values;
	struct strs out;
	struct buf b = {0};
	struct str text;

	if (!constant && !call(u, which, &values))
		fail_msg("%.*s", STR_ARG(u->err.message));
	out = lower_join(&u->src, sql_of(u, which), constant ? NULL : &values,
			 u->arena);
	for (size_t i = 0; i < out.n; i++) {
		if (i > 0)
			buf_addc(&b, '|');
		buf_add_str(&b, out.v[i]);
	}
	text = arena_str(u->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static void sql_is_put_together(void **state)
{
	static const struct {
		int which;
		const char *text, *sql;
	} cases[] = {
		{LOWERED_SQL, "SELECT 1\n", "SELECT 1\n"},
		{LOWERED_SQL, "", ""},
		{LOWERED_SQL, "a ${1 + 1} b ${'x'}${`y${3}`}", "a 2 b xy3"},
		{LOWERED_SQL, "${ref('a', 'b')} ${self()} ${ctx.ref()}",
		 "2 me 0"},
		{LOWERED_SQL, "${undefined} ${null} ${[1, [2, 3]]} ${{}}",
		 "undefined null 1,2,3 [object Object]"},
		{LOWERED_SQL, "a\r\nb\rc\nd ${'\\r\\n'}\r\n",
		 "a\nb\nc\nd \r\n\n"},
		{LOWERED_SQL, "`back\\slash` '\\n' ${1}",
		 "`back\\slash` '\\n' 1"},
		{LOWERED_SQL, "-- a\\nb `${x}`\n${1}", "-- a\nb `${x}`\n1"},
		{LOWERED_SQL, "-- \\u0041\r\n1", "-- A\n1"},
		{LOWERED_SQL, "-- plain `${x}`\r\n1", "-- plain `${x}`\n1"},
		{LOWERED_SQL, "a\n---\nb ${1}\n---\n", "a\n|\nb 1\n|\n"},
		{LOWERED_SQL, "js { const n = 4 }\nx ${n}", "\nx 4"},
		{LOWERED_SQL, "js { const n = 4 } js { const m = n + 1 }${m}",
		 " 5"},
		{LOWERED_SQL, "js { const n = 4 // end\n}${n}", "4"},
		{LOWERED_SQL, "js { let n = 0; }${n++}${n++}${n}", "012"},
		{LOWERED_SQL, "${1 // a comment\n}", "1"},
		{LOWERED_SQL, "config { type: \"table\" }\nx", "\nx"},
		{LOWERED_SQL, "${typeof EXPECT}", "undefined"},
		{LOWERED_SQL, "${(function () { return typeof this })()}",
		 "undefined"},
		{LOWERED_PRE, "pre_operations { SET x = ${1}\n---\ny }z",
		 " SET x = 1\n|\ny "},
		{LOWERED_PRE, "pre_operations { }z", " "},
		{LOWERED_POST, "js { const n = 2 }post_operations {${n}}", "2"},
		{LOWERED_WHERE, "incremental_where { a > ${1} }", " a > 1 "},
		{LOWERED_SQL, "js { const n = 6 }input \"a\" {${x}}${n}", "6"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct unit u;
		struct str got;

		if (!open_unit(&u, cases[i].text))
			fail_msg("%s: %.*s", cases[i].text,
				 STR_ARG(u.err.message));
		got = text_of(&u, cases[i].which);
		if (!str_is(got, cases[i].sql))
			fail_msg("%s\n    got  \"%.*s\"\n    want \"%s\"",
				 cases[i].text, STR_ARG(got), cases[i].sql);
		close_unit(&u);
	}
}

static void only_what_is_needed_is_compiled(void **state)
{
	static const struct {
		const char *text;
		bool has_code, compiled[LOWERED_INPUTS + NINPUTS_MAX];
	} cases[] = {
		{"SELECT 1", false, {false}},
		{"config { a: 1 } SELECT 1", false, {false}},
		{"config { a: b } SELECT 1", true, {true}},
		{"SELECT ${1}", true, {false, true}},
		{"pre_operations { a } post_operations { ${1} }",
		 true,
		 {false, false, false, true}},
		{"js { } x", true, {false, true}},
		{"input \"a\" { 1 }", false, {false}},
		{"input \"a\" { ${1} } input \"b\" { } input \"c\" { ${1} }",
		 true,
		 {[LOWERED_INPUTS] = true, [LOWERED_INPUTS + 2] = true}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct unit u;

		assert_true(open_unit(&u, cases[i].text));
		assert_int_equal(u.code.has_code, cases[i].has_code);
		for (uint32_t f = 0; f < LOWERED_INPUTS + u.code.ninputs; f++)
			if ((u.functions[f] > 0) != cases[i].compiled[f])
				fail_msg("%s: function %u", cases[i].text, f);
		close_unit(&u);
	}
}

/* The config as the compiler reads it. */
static bool get_config(struct unit *u, struct value *out)
{
	if (!u->code.config)
		return script_call_config(u->script,
					  u->functions[LOWERED_CONFIG], &u->src,
					  out, &u->err);
	*out = *u->code.config;
	return true;
}

static void configs_are_evaluated(void **state)
{
	static const struct {
		const char *text, *member;
	} cases[] = {
		{"config { x: 'a' }", "a"},
		{"config { x: ['a', 'b'].join() }", "a,b"},
		{"config { x: 'first' }\nconfig { x: 'last' }", "last"},
		{"config {\n  // {\n  x: `in ${1}`\n}", "in 1"},
		{"config { x: typeof ref + typeof n } js { const n = 1 }",
		 "undefinedundefined"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct unit u;
		struct value v;
		struct str got;

		assert_true(open_unit(&u, cases[i].text));
		assert_true(get_config(&u, &v));
		got = value_get_str(&v, "x");
		if (!str_is(got, cases[i].member))
			fail_msg("%s: got \"%.*s\"", cases[i].text,
				 STR_ARG(got));
		close_unit(&u);
	}
}

static void js_blocks_run_for_every_part(void **state)
{
	struct unit u;

	(void)state;
	assert_true(open_unit(&u, "js { globalThis.n = (globalThis.n || 0) + "
				  "1 }\npre_operations { constant }${n}"));
	assert_true(str_is(text_of(&u, LOWERED_PRE), " constant "));
	assert_true(str_is(text_of(&u, LOWERED_SQL), "\n2"));
	close_unit(&u);
}

static void errors_are_in_the_file(void **state)
{
	static const struct {
		const char *text, *place, *message;
	} cases[] = {
		{"SELECT\n  ${a.b}\n", "2:5 a",
		 "ReferenceError: a is not defined"},
		{"SELECT \xc3\xa9\xe2\x82\xac ${ref.x.y}\n", "1:19 y",
		 "TypeError: Cannot read properties of undefined (reading "
		 "'y')"},
		{"${1}\n${'\xc3\xa9' + missing('x')}", "2:9 missing",
		 "ReferenceError: missing is not defined"},
		{"js {\n  const x = {}\n\n  x.f(1)\n}\n${1}", "4:3 x.f",
		 "TypeError: x.f is not a function"},
		{"a\r\nb ${\r\n  nope\r\n}", "3:3 nope",
		 "ReferenceError: nope is not defined"},
		{"SELECT ${a b}", "1:12 b", NULL},
		{"SELECT ${}", "1:10 }", NULL},
		{"js { let a; let a }", "1:19 }", NULL},
		{"-- \\u12 \n1", "1:4 \\", NULL},
		{"SELECT 1 ${ (1 }\n FROM x", NULL, NULL},
		{"${Symbol()}", "1:3 Symbol", NULL},
		{"config { a: 1 b: 2 }", "1:15 b", NULL},
		{"${1}\nconfig {\n  a: nope }", "3:6 nope",
		 "ReferenceError: nope is not defined"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct unit u;
		struct value v;
		struct position at;
		struct str got;

		if (open_unit(&u, cases[i].text) && call(&u, LOWERED_SQL, &v) &&
		    get_config(&u, &v))
			fail_msg("no error: %s", cases[i].text);
		assert_ptr_equal(u.err.span.src, &u.src);
		at = source_position(&u.src, u.err.span.start);
		got = arena_printf(u.arena, "%u:%u %.*s", at.line, at.column,
				   STR_ARG(str_sub(u.src.text, u.err.span.start,
						   u.err.span.end)));
		if (cases[i].place && !str_is(got, cases[i].place))
			fail_msg("%s\n    got  %.*s\n    want %s",
				 cases[i].text, STR_ARG(got), cases[i].place);
		if (cases[i].message &&
		    !str_is(u.err.message, cases[i].message))
			fail_msg("%s: %.*s", cases[i].text,
				 STR_ARG(u.err.message));
		close_unit(&u);
	}
}

static void every_character_keeps_its_place(void **state)
{
	static const char text[] = "js { const a = 1 }\nSELECT ${a} -- ` $"
				   "{x} \\n\n, ${ref(\"x\")}";
	struct unit u;

	(void)state;
	assert_true(open_unit(&u, text));
	for (uint32_t i = 0; i < u.code.nsegments; i++) {
		const struct lowered_segment *seg = &u.code.segments[i];
		uint32_t source;

		assert_memory_equal(u.code.text.p + seg->at, text + seg->source,
				    seg->length);
		assert_true(lowered_origin(&u.code, seg->at, &source));
		assert_int_equal(source, seg->source);
	}
	assert_true(u.code.nsegments > 4);
	assert_false(lowered_origin(&u.code, 0, &(uint32_t){0}));
	close_unit(&u);
}

/* A place is looked for by counting the characters of its line. */
static void lines_stay_short(void **state)
{
	struct buf text = {0};
	struct unit u;
	struct str code;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_adds(&text, "${i}, ");
	assert_true(open_unit(&u, text.p));
	code = u.code.text;
	for (size_t start = 0, end; start < code.n; start = end + 1) {
		end = str_find(code, '\n', start);
		assert_in_range(end - start, 0, 200);
	}
	buf_free(&text);
	close_unit(&u);
}

static void values_that_are_missing_are_empty(void **state)
{
	static const struct value none = {.kind = VALUE_ARRAY};
	struct unit u;
	struct strs out;

	(void)state;
	assert_true(open_unit(&u, "a ${1} b"));
	out = lower_join(&u.src, &u.file.sql, &none, u.arena);
	assert_int_equal(out.n, 1);
	assert_true(str_is(out.v[0], "a  b"));
	close_unit(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sql_is_put_together),
		cmocka_unit_test(only_what_is_needed_is_compiled),
		cmocka_unit_test(configs_are_evaluated),
		cmocka_unit_test(js_blocks_run_for_every_part),
		cmocka_unit_test(errors_are_in_the_file),
		cmocka_unit_test(every_character_keeps_its_place),
		cmocka_unit_test(lines_stay_short),
		cmocka_unit_test(values_that_are_missing_are_empty),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
