/* The engine: what projects may do, what comes out, and where errors are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/arena.h"
#include "tests/unit/project.h"

static const char *const good_codes[] = {
	"",
	"return; never()",
	"const module = 1, require = 2, exports = 3;",
	"if (typeof setTimeout(() => boom(), 1) !== 'object') boom()",
	"if (process.env.HOME !== undefined || global.x) boom()",
	"if (typeof std + typeof os + typeof fetch !== "
	"'undefinedundefinedundefined') boom()",
	"if (__filename !== '/project/definitions/t.js') boom()",
	"if (__dirname !== '/project/definitions') boom()",
	"if (this !== globalThis) boom()",
	"function f() { return this } if (f() !== undefined) boom()",
	"Promise.resolve().then(boom)",
	"const o = {}; o.o = o; try { echo(o) } catch (e) { return } "
	"boom()",
	"if (make(7).chain().chain() === undefined) boom()",
	"// a comment at the end",
	"if (Buffer.from('h\xc3\xa9').toString('base64') !== 'aMOp') boom()",
	"if (Buffer.from('a?>').toString('base64url') !== 'YT8-') boom()",
	"if (`${Buffer.from('aMOp\\n=', 'base64')}` !== 'h\xc3\xa9') boom()",
	"if (Buffer.from('FF00Zz', 'hex').toString('hex') !== 'ff00') boom()",
	"if (Buffer.from('\xc3\xa9', 'latin1')[0] !== 233) boom()",
	"if (Buffer.from([233]).toString('latin1') !== '\xc3\xa9') boom()",
};

static void code_runs(void **state)
{
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(good_codes) / sizeof(*good_codes); i++) {
		struct project p;

		if (!project_run(&p, good_codes[i], &project_limits, &err))
			fail_msg("%s: %.*s", good_codes[i],
				 STR_ARG(err.message));
		project_close(&p);
	}
}

static const struct {
	const char *code;
	enum script_failure kind;
	const char *message, *place;
} bad_codes[] = {
	{"throw new Error('no')", SCRIPT_THREW, "no", "1:11 Error"},
	{"\n  foo.bar", SCRIPT_THREW, "ReferenceError: foo is not defined",
	 "2:3 foo"},
	{"const o = {};\no.p.q = 1", SCRIPT_THREW,
	 "TypeError: Cannot set properties of undefined (setting 'q')",
	 "2:5 q"},
	{"const o = {};\no.\xc3\xa9.q", SCRIPT_THREW,
	 "TypeError: Cannot read properties of undefined (reading "
	 "'q')",
	 "2:5 q"},
	{"const o = {}; /* \xe2\x82\xac */ o.f(1)", SCRIPT_THREW,
	 "TypeError: o.f is not a function", "1:23 o.f"},
	{"(class {}).x()", SCRIPT_THREW, "TypeError: x is not a function",
	 "1:12 x"},
	{"const o = {};\nnew o()", SCRIPT_THREW,
	 "TypeError: o is not a constructor", "2:5 o"},
	{"let a = b, b = 1", SCRIPT_THREW,
	 "ReferenceError: Cannot access 'b' before initialization", "1:9 b"},
	{"const a = 1;\n  a = 2", SCRIPT_THREW,
	 "TypeError: Assignment to constant variable 'a'", "2:3 a"},
	{"undeclared = 1", SCRIPT_THREW,
	 "ReferenceError: undeclared is not defined", "1:1 undeclared"},
	{"boom(1)", SCRIPT_THREW, "the host said no", "1:1 boom"},
	{"throw 'just text'", SCRIPT_THREW, "just text", "1:1 "},
	{"throw {message: 'in a member'}", SCRIPT_THREW, "in a member", "1:1 "},
	{"throw {code: 7}", SCRIPT_THREW, "{\"code\":7}", "1:1 "},
	{"throw undefined", SCRIPT_THREW, "undefined", "1:1 "},
	{"throw ''", SCRIPT_THREW, "an empty value was thrown", "1:1 "},
	{"let a = 1;\n  a = = 3", SCRIPT_BAD_SYNTAX,
	 "SyntaxError: unexpected token in expression: '='", "2:7 ="},
	{"f(1,\n2", SCRIPT_BAD_SYNTAX, "SyntaxError: expecting ','", "2:2 "},
	{"import x from 'y'", SCRIPT_BAD_SYNTAX, NULL, "1:8 x"},
	{"export const a = 1", SCRIPT_BAD_SYNTAX, NULL, "1:1 export"},
	{"with (Math) {}", SCRIPT_BAD_SYNTAX, NULL, "1:1 with"},
	{"const o = {}; o.o = o;\necho(o)", SCRIPT_THREW,
	 "TypeError: the value contains itself, or is nested deeper "
	 "than 100 levels",
	 "2:1 echo"},
	{"echo(Array(5e6))", SCRIPT_THREW,
	 "TypeError: the value has more than 1048576 items", "1:1 echo"},
	{"make(1).chain.call({})", SCRIPT_THREW,
	 "TypeError: chain() is a method of action", "1:9 chain.call"},
	{"Buffer.from('x', 'utf7')", SCRIPT_THREW,
	 "TypeError: there is no encoding \"utf7\"", "1:1 Buffer.from"},
	{"require()", SCRIPT_THREW,
	 "TypeError: require() needs the name of a file as a string",
	 "1:1 require"},
};

static void errors_have_a_message_and_a_place(void **state)
{
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_codes) / sizeof(*bad_codes); i++) {
		struct project p;

		if (project_run(&p, bad_codes[i].code, &project_limits, &err))
			fail_msg("no error: %s", bad_codes[i].code);
		assert_text(place_text(p.arena, err.span),
			    arena_printf(p.arena, "definitions/t.js:%s",
					 bad_codes[i].place)
				    .p);
		if (bad_codes[i].message)
			assert_text(err.message, bad_codes[i].message);
		assert_int_equal(err.kind, bad_codes[i].kind);
		assert_null(err.called_by.src);
		project_close(&p);
	}
}

static const struct value *get(const struct value *v, uint32_t i)
{
	assert_true(i < v->n);
	return v->kind == VALUE_ARRAY ? &v->items[i] : &v->members[i].value;
}

static void values_are_copied(void **state)
{
	static const struct script_context none = {.sqlx = true};
	struct project p;
	struct script_error err;
	struct value v;

	(void)state;
	project_open(&p, NULL, &project_limits);
	assert_true(project_call(
		&p,
		"[() => ({b: 1.5, 2: null, a: [true, 'x\\u20ac', undefined], "
		"1: 'one', f() {}, get g() { return -0 }, "
		"[Symbol('s')]: 1, d: new Date(0), n: 12345678901234567890n, "
		"s: 'a\\ud800b', 'k\\0b': 1, __proto__: {hidden: 1}})]",
		&none, &v, &err));
	assert_int_equal(v.kind, VALUE_OBJECT);
	assert_int_equal(v.n, 10);
	assert_text(v.members[0].key, "1");
	assert_text(get(&v, 0)->string, "one");
	assert_text(v.members[1].key, "2");
	assert_int_equal(get(&v, 1)->kind, VALUE_NULL);
	assert_text(v.members[2].key, "b");
	assert_true(get(&v, 2)->number == 1.5);
	assert_int_equal(get(&v, 3)->kind, VALUE_ARRAY);
	assert_true(get(get(&v, 3), 0)->boolean);
	assert_text(get(get(&v, 3), 1)->string, "x\xe2\x82\xac");
	assert_int_equal(get(get(&v, 3), 2)->kind, VALUE_UNDEFINED);
	assert_int_equal(get(&v, 4)->kind, VALUE_FUNCTION);
	assert_int_equal(get(&v, 5)->kind, VALUE_NUMBER);
	assert_text(get(&v, 6)->string, "1970-01-01T00:00:00.000Z");
	assert_text(get(&v, 7)->string, "12345678901234567890");
	assert_text(get(&v, 8)->string, "a\xef\xbf\xbd"
					"b");
	assert_true(str_eq(v.members[9].key, STR("k\0b")));
	assert_text(script_to_text(p.script, get(&v, 3)),
		    "true,x\xe2\x82\xac,");
	assert_text(script_to_text(p.script, &v), "[object Object]");
	assert_text(script_to_text(p.script, get(&v, 4)), "f() {}");
	project_close(&p);
}

static void a_getter_that_throws_is_an_error(void **state)
{
	static const struct script_context none = {.sqlx = true};
	struct project p;
	struct script_error err;
	struct value v;

	(void)state;
	project_open(&p, NULL, &project_limits);
	assert_false(project_call(&p, "[() => ({a: [{get x() { throw 7 }}]})]",
				  &none, &v, &err));
	assert_text(err.message, "7");
	project_close(&p);
}

static void contexts_have_their_functions(void **state)
{
	static const unsigned all = (1u << CONTEXT_NFUNCTIONS) - 1;
	static const unsigned no_incremental = ~(1u << CONTEXT_INCREMENTAL);
	static const struct {
		unsigned functions;
		bool sqlx;
		const char *code, *text;
	} cases[] = {
		{all, true, "(ctx, self, ref) => ref('a') + ctx.ref('b')",
		 "<7:a><7:b>"},
		{all, true, "(ctx, self) => [1].map(() => self('x')) + ''",
		 "<7:x>"},
		{all, true, "ctx => ctx.dependencies('d')", "<7:d>"},
		{all & no_incremental, true,
		 "(ctx, self, ref, resolve, name, when, incremental) => "
		 "typeof incremental + typeof ctx.incremental + "
		 "typeof ctx.ref",
		 "undefinedundefinedfunction"},
		{all, true,
		 "(ctx, self, ref, resolve, name, when, incremental, schema, "
		 "database, EXPECT) => typeof database + EXPECT",
		 "functionundefined"},
		{0, true, "(ctx, self, ref) => typeof ctx.ref + typeof ref",
		 "undefinedundefined"},
		{all, true,
		 "ctx => { try { ctx.ref.call(make(3)) } catch (e) { return "
		 "e.message } }",
		 "ref() is a method of context"},
		{all, false, "(...args) => args.length + args[0].ref('c')",
		 "1<7:c>"},
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct script_context ctx = {
			.object = 7,
			.functions = cases[i].functions,
			.sqlx = cases[i].sqlx,
		};
		struct project p;
		struct value v;

		project_open(&p, NULL, &project_limits);
		if (!project_call(
			    &p, arena_printf(p.arena, "[%s]", cases[i].code).p,
			    &ctx, &v, &err))
			fail_msg("%s: %.*s", cases[i].code,
				 STR_ARG(err.message));
		assert_text(v.string, cases[i].text);
		project_close(&p);
	}
}

static void objects_carry_their_number(void **state)
{
	struct project p;
	struct script_error err;

	(void)state;
	assert_true(project_run(&p, "const a = make(5), b = make(6); a.chain()",
				&project_limits, &err));
	assert_int_equal(p.last_object, 5);
	project_close(&p);
}

static void the_clock_is_one_instant(void **state)
{
	static const char *const cases[] = {
		"if (Date.now() !== 86400000) boom()",
		"if (+new Date() !== 86400000) boom()",
		"if (typeof Date() !== 'string') boom()",
		"if (Math.random() === Math.random()) boom()",
		"const r = Math.random(); if (r < 0 || r >= 1) boom()",
		"if (new Date(5).getTime() !== 5) boom()",
		"if (new Date(2020, 0).getFullYear() !== 2020) boom()",
		"if (Date.UTC(1970, 0, 2) !== 86400000) boom()",
		"if (Date.parse('1970-01-02') !== 86400000) boom()",
		"if (!(new Date(0) instanceof Date)) boom()",
		"class D extends Date {}; if (+new D(9) !== 9) boom()",
		"if (new Date(0).constructor !== Date) boom()",
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;

		project_open(&p, NULL, &project_limits);
		script_set_clock(p.script, 86400);
		if (!script_run_file(
			    p.script,
			    project_source(&p, "definitions/t.js", cases[i]),
			    &err))
			fail_msg("%s", cases[i]);
		project_close(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_runs),
		cmocka_unit_test(errors_have_a_message_and_a_place),
		cmocka_unit_test(values_are_copied),
		cmocka_unit_test(a_getter_that_throws_is_an_error),
		cmocka_unit_test(contexts_have_their_functions),
		cmocka_unit_test(objects_carry_their_number),
		cmocka_unit_test(the_clock_is_one_instant),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
