/* The engine: what projects may do, what stops them, and where errors are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/vec.h"
#include "compiler/lower.h"
#include "compiler/script.h"
#include "compiler/tree.h"

struct file {
	const char *path, *text;
};

/* A project in memory; the first field makes it a tree. */
struct project {
	struct tree tree;
	const struct file *files; /* ends with a NULL path */
	struct arena *arena;
	struct script *script;
	struct span caller; /* as the last where() saw it */
	uint32_t last_object;
};

static const struct file *find(const struct project *p, const char *path)
{
	for (const struct file *f = p->files; f && f->path; f++)
		if (strcmp(f->path, path) == 0)
			return f;
	return NULL;
}

static bool tree_has(struct tree *t, const char *path)
{
	return find((struct project *)t, path);
}

static bool tree_read(struct tree *t, const char *path, size_t max,
		      struct arena *arena, struct str *out, struct error *err)
{
	const struct file *f = find((struct project *)t, path);

	(void)max;
	(void)arena;
	if (!f)
		return error_set(err, ERROR_IO, "no file %s", path);
	*out = str_of(f->text);
	return true;
}

static const char *tree_root(struct tree *t)
{
	(void)t;
	return "/project";
}

static const struct tree_ops tree_ops = {
	.read = tree_read,
	.has = tree_has,
	.root = tree_root,
};

enum { ECHO, BOOM, WHERE, MAKE, SEEN, TEXT, REVERSE };
enum { CLASS_CONTEXT, CLASS_ACTION };

static bool global_function(struct script_call *call)
{
	struct project *p = call->host;

	switch (call->id) {
	case ECHO:
		call->answer = ANSWER_VALUE;
		if (call->nargs)
			call->value = call->args[0];
		return true;
	case BOOM:
		call->error = STR("the host said no");
		return false;
	case WHERE:
		p->caller = script_caller(p->script);
		return true;
	case MAKE:
		call->answer = ANSWER_OBJECT;
		call->class_id = CLASS_ACTION;
		call->object_id = (uint32_t)call->args[0].number;
		return true;
	case REVERSE:
		call->reverse_first_arg = true;
		return true;
	default:
		return false;
	}
}

static bool action_method(struct script_call *call)
{
	struct project *p = call->host;

	p->last_object = call->object;
	call->answer = ANSWER_THIS;
	return true;
}

/* ref("x") gives "<N:x>" for the context's number N. */
static bool context_function(struct script_call *call)
{
	struct project *p = call->host;
	struct str arg = STR("");

	if (call->nargs && call->args[0].kind == VALUE_STRING)
		arg = call->args[0].string;
	call->answer = ANSWER_VALUE;
	call->value = value_string(arena_printf(p->arena, "<%u:%.*s>",
						call->object, STR_ARG(arg)));
	return true;
}

static const struct script_method globals[] = {
	{"echo", ECHO}, {"boom", BOOM},       {"where", WHERE},
	{"make", MAKE}, {"reverse", REVERSE}, {NULL},
};

static const struct script_method action_methods[] = {{"chain", 0}, {NULL}};

static const struct script_method context_methods[] = {
	{"ref", CONTEXT_REF},
	{"self", CONTEXT_SELF},
	{"incremental", CONTEXT_INCREMENTAL},
	{"dependencies", CONTEXT_NFUNCTIONS},
	{NULL},
};

static const struct script_class classes[] = {
	[CLASS_CONTEXT] = {"context", context_methods, context_function},
	[CLASS_ACTION] = {"action", action_methods, action_method},
};

static const struct script_limits limits = {64 << 20, 1 << 20, 10000};

static void open_project(struct project *p, const struct file *files,
			 const struct script_limits *l)
{
	const struct script_host host = {
		.host = p,
		.classes = classes,
		.nclasses = 2,
		.context_class = CLASS_CONTEXT,
		.globals = globals,
		.globals_fn = global_function,
	};

	*p = (struct project){.tree.ops = &tree_ops, .files = files};
	p->arena = arena_new();
	p->script = script_new(l, &host, &p->tree, p->arena);
	script_define_globals(p->script);
}

static void close_project(struct project *p)
{
	script_free(p->script);
	arena_free(p->arena);
}

static struct source *make_source(struct project *p, const char *path,
				  const char *text)
{
	struct source *src = ARENA_NEW(p->arena, struct source, 1);

	*src = (struct source){str_of(path), str_of(text)};
	return src;
}

static bool run(struct project *p, const char *path, struct script_error *err)
{
	const struct file *f = find(p, path);

	assert_non_null(f);
	return script_run_file(p->script, make_source(p, path, f->text), err);
}

/* Runs code as definitions/t.js of a project of its own. */
static bool run_code(struct project *p, const char *code,
		     const struct script_limits *l, struct script_error *err)
{
	open_project(p, NULL, l);
	return script_run_file(p->script,
			       make_source(p, "definitions/t.js", code), err);
}

static void assert_text(struct str got, const char *want)
{
	if (!str_is(got, want))
		fail_msg("got  \"%.*s\"\n    want \"%s\"", STR_ARG(got), want);
}

/* "FILE:LINE:COLUMN TEXT" of a span; "" for none. */
static struct str span_text(struct arena *a, struct span span)
{
	struct position at;

	if (!span.src)
		return STR("");
	assert_true(span.start <= span.end && span.end <= span.src->text.n);
	at = source_position(span.src, span.start);
	return arena_printf(
		a, "%.*s:%u:%u %.*s", STR_ARG(span.src->path), at.line,
		at.column,
		STR_ARG(str_sub(span.src->text, span.start, span.end)));
}

static void code_runs(void **state)
{
	static const char *const cases[] = {
		"",
		"return; never()",
		"const module = 1, require = 2, exports = 3;",
		"if (typeof setTimeout(() => boom(), 1) !== 'number') boom()",
		"if (process.env.HOME !== undefined || global.x) boom()",
		"if (typeof std + typeof os + typeof fetch !== "
		"'undefinedundefinedundefined') boom()",
		"if (__filename !== '/project/definitions/t.js') boom()",
		"if (__dirname !== '/project/definitions') boom()",
		"if (this !== exports) boom()",
		"function f() { return this } if (f() !== undefined) boom()",
		"Promise.resolve().then(boom)",
		"const o = {}; o.o = o; try { echo(o) } catch (e) { return } "
		"boom()",
		"if (make(7).chain().chain() === undefined) boom()",
		"const a = [1, 2]; reverse(a); if (a[0] !== 2) boom()",
		"// a comment at the end",
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;

		if (!run_code(&p, cases[i], &limits, &err))
			fail_msg("%s: %.*s", cases[i], STR_ARG(err.message));
		close_project(&p);
	}
}

static void errors_have_a_message_and_a_place(void **state)
{
	static const struct {
		const char *code;
		enum script_failure kind;
		const char *message, *place;
	} cases[] = {
		{"throw new Error('no')", SCRIPT_THREW, "no", "1:11 Error"},
		{"\n  foo.bar", SCRIPT_THREW,
		 "ReferenceError: foo is not defined", "2:3 foo"},
		{"const o = {};\no.p.q = 1", SCRIPT_THREW,
		 "TypeError: Cannot set properties of undefined (setting 'q')",
		 "2:5 q"},
		{"const o = {};\no.\xc3\xa9.q", SCRIPT_THREW,
		 "TypeError: Cannot read properties of undefined (reading "
		 "'q')",
		 "2:5 q"},
		{"const o = {}; /* \xe2\x82\xac */ o.f(1)", SCRIPT_THREW,
		 "TypeError: o.f is not a function", "1:23 o.f"},
		{"(class {}).x()", SCRIPT_THREW,
		 "TypeError: x is not a function", "1:12 x"},
		{"const o = {};\nnew o()", SCRIPT_THREW,
		 "TypeError: o is not a constructor", "2:5 o"},
		{"let a = b, b = 1", SCRIPT_THREW,
		 "ReferenceError: Cannot access 'b' before initialization",
		 "1:9 b"},
		{"const a = 1;\n  a = 2", SCRIPT_THREW,
		 "TypeError: Assignment to constant variable 'a'", "2:3 a"},
		{"undeclared = 1", SCRIPT_THREW,
		 "ReferenceError: undeclared is not defined", "1:1 undeclared"},
		{"boom(1)", SCRIPT_THREW, "the host said no", "1:1 boom"},
		{"throw 'just text'", SCRIPT_THREW, "just text", "1:1 "},
		{"throw {message: 'in a member'}", SCRIPT_THREW, "in a member",
		 "1:1 "},
		{"throw {code: 7}", SCRIPT_THREW, "{\"code\":7}", "1:1 "},
		{"throw undefined", SCRIPT_THREW, "undefined", "1:1 "},
		{"throw ''", SCRIPT_THREW, "an empty value was thrown", "1:1 "},
		{"let a = 1;\n  a = = 3", SCRIPT_BAD_SYNTAX,
		 "SyntaxError: unexpected token in expression: '='", "2:7 ="},
		{"f(1,\n2", SCRIPT_BAD_SYNTAX, "SyntaxError: expecting ','",
		 "2:2 "},
		{"import x from 'y'", SCRIPT_BAD_SYNTAX, NULL, "1:8 x"},
		{"export const a = 1", SCRIPT_BAD_SYNTAX, NULL, "1:1 export"},
		{"with (Math) {}", SCRIPT_BAD_SYNTAX, NULL, "1:1 with"},
		{"const o = {}; o.o = o;\necho(o)", SCRIPT_THREW,
		 "TypeError: the value contains itself, or is nested deeper "
		 "than 100 levels",
		 "2:1 echo"},
		{"echo(Array(5e6))", SCRIPT_THREW,
		 "TypeError: the value has more than 1048576 items",
		 "1:1 echo"},
		{"make(1).chain.call({})", SCRIPT_THREW,
		 "TypeError: chain() is a method of action", "1:9 chain.call"},
		{"require()", SCRIPT_THREW,
		 "TypeError: require() needs the name of a file as a string",
		 "1:1 require"},
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;

		if (run_code(&p, cases[i].code, &limits, &err))
			fail_msg("no error: %s", cases[i].code);
		assert_text(span_text(p.arena, err.span),
			    arena_printf(p.arena, "definitions/t.js:%s",
					 cases[i].place)
				    .p);
		if (cases[i].message)
			assert_text(err.message, cases[i].message);
		assert_int_equal(err.kind, cases[i].kind);
		assert_null(err.called_by.src);
		close_project(&p);
	}
}

/* Each case is a file that throws unless all is well. */
static const struct file modules[] = {
	{"includes/a.js", "exports.name = 'a'; exports.b = require('./b.js')"},
	{"includes/b.js", "exports.seen = require('./a').name"},
	{"includes/deep/c.js", "module.exports = require('../a.js').name + "
			       "require('includes/b').seen"},
	{"includes/dir/index.js", "module.exports = 'index'"},
	{"data.json", "{\"x\": [1, {\"y\": null}]}"},
	{"data/d.yaml", "x:\n  - 1\n  - y: two\n"},
	{"data/d.yml", "x: 3\n"},
	{"data/q.sql", "SELECT `x` ${y}\r\n"},
	{"data/t.md", "one\r\ntwo\rthree\n"},
	{"data/bad.json", "{\"x\": 1,\n  y}"},
	{"data/bad.yaml", "x: 1\nx: 2\n"},
	{"data/latin.js", "'\xe9'"},
	{"includes/once.js", "global.n = (global.n || 0) + 1"},
	{"includes/broken.js", "\n\nlet = = 1"},
	{"includes/throws.js", "\nexports.f = () => {\n  null.x\n}"},
	{"includes/loads.js", "\nundefined.y"},
	{"definitions/x.sqlx", "SELECT 1"},
	{NULL, NULL},
};

static void require_finds_files(void **state)
{
	static const char *const cases[] = {
		"require('../includes/a').b.seen === 'a'",
		"require('includes/a.js').name === 'a'",
		"require('./../includes/./a').name === 'a'",
		"require('includes/deep/c') === 'aa'",
		"require('/project/includes/deep/c') === 'aa'",
		"require('includes/dir') === 'index'",
		"require('data').x[1].y === null",
		"require('data/d.yaml').asJson.x[1].y === 'two'",
		"require('data/d.yml').asJson.x === 3",
		"require('../data/q.sql').query === 'SELECT `x` ${y}\\r\\n'",
		"require('data/t.md').contents === 'one\\ntwo\\rthree\\n'",
		"require('includes/once'), require('../includes/once.js'), "
		"n === 1",
		"require('includes/a') === require('../includes/a.js')",
		"require('path').join('a', '../b', 'c.sql') === 'b/c.sql'",
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;
		struct str code;

		open_project(&p, modules, &limits);
		code = arena_printf(p.arena, "if (!(%s)) throw 'false'",
				    cases[i]);
		if (!script_run_file(
			    p.script,
			    make_source(&p, "definitions/t.js", code.p), &err))
			fail_msg("%s: %.*s", cases[i], STR_ARG(err.message));
		close_project(&p);
	}
}

static void require_failures_name_the_place_and_the_caller(void **state)
{
	static const struct {
		const char *name, *message, *place, *caller;
	} cases[] = {
		{"fs",
		 "Cannot find module 'fs': it is no file of the project, and "
		 "packages are not available: copy what you need of it to "
		 "includes/",
		 "definitions/t.js:2:1 require", ""},
		{"./nowhere",
		 "Cannot find module './nowhere': there is no such file in "
		 "the project",
		 "definitions/t.js:2:1 require", ""},
		{"../../etc/passwd",
		 "Cannot find module '../../etc/passwd': it lies outside the "
		 "project",
		 "definitions/t.js:2:1 require", ""},
		{"/etc/passwd",
		 "Cannot find module '/etc/passwd': it lies outside the "
		 "project",
		 "definitions/t.js:2:1 require", ""},
		{"/projects/x",
		 "Cannot find module '/projects/x': it lies outside the "
		 "project",
		 "definitions/t.js:2:1 require", ""},
		{"./x.sqlx",
		 "Cannot find module './x.sqlx': SQLX files cannot be "
		 "required",
		 "definitions/t.js:2:1 require", ""},
		{"data/latin.js", "data/latin.js is not UTF-8",
		 "definitions/t.js:2:1 require", ""},
		{"data/bad.json", NULL, "data/bad.json:2:3 y",
		 "definitions/t.js:2:1 require"},
		{"data/bad.yaml", NULL, "data/bad.yaml:2:1 x",
		 "definitions/t.js:2:1 require"},
		{"includes/broken", "SyntaxError: variable name expected",
		 "includes/broken.js:3:5 =", "definitions/t.js:2:1 require"},
		{"includes/loads",
		 "TypeError: Cannot read properties of undefined (reading "
		 "'y')",
		 "includes/loads.js:2:11 y", "definitions/t.js:2:1 require"},
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;
		struct str code;

		open_project(&p, modules, &limits);
		code = arena_printf(p.arena, "\nrequire('%s')", cases[i].name);
		assert_false(script_run_file(
			p.script, make_source(&p, "definitions/t.js", code.p),
			&err));
		assert_text(span_text(p.arena, err.span), cases[i].place);
		assert_text(span_text(p.arena, err.called_by), cases[i].caller);
		if (cases[i].message)
			assert_text(err.message, cases[i].message);
		close_project(&p);
	}
}

static void a_function_of_an_include_names_who_called_it(void **state)
{
	struct project p;
	struct script_error err;
	struct source *src;

	(void)state;
	open_project(&p, modules, &limits);
	src = make_source(&p, "definitions/t.js",
			  "const t = require('includes/throws');\n"
			  "function g() {\n  t.f() }\n\n [1].map(g)");
	assert_false(script_run_file(p.script, src, &err));
	assert_text(span_text(p.arena, err.span), "includes/throws.js:3:8 x");
	assert_text(span_text(p.arena, err.called_by),
		    "definitions/t.js:3:3 t.f");
	assert_int_equal(err.kind, SCRIPT_THREW);
	/* A file that failed fails again. */
	assert_false(script_run_file(p.script, src, &err));
	close_project(&p);
}

struct reports {
	struct arena *arena;
	struct str_vec v;
};

static void report(void *ctx, const struct source *src,
		   const struct script_error *err)
{
	struct reports *r = ctx;

	assert_ptr_equal(src, err->span.src);
	VEC_PUSH(r->arena, &r->v,
		 arena_printf(r->arena, "%.*s", STR_ARG(err->message)));
}

static void includes_become_globals_when_all_are_loaded(void **state)
{
	static const char *const texts[][2] = {
		{"includes/a.js", "exports.f = () => b.value"},
		{"includes/b.js", "exports.value = typeof a + typeof publish"},
		{"includes/c.js", "a.f"},
	};
	const struct source *files[3];
	struct project p;
	struct reports r;
	struct script_error err;

	(void)state;
	open_project(&p, NULL, &limits);
	r = (struct reports){.arena = p.arena};
	for (int i = 0; i < 3; i++)
		files[i] = make_source(&p, texts[i][0], texts[i][1]);
	script_load_includes(p.script, files, 3, report, &r);
	assert_int_equal(r.v.n, 1);
	assert_text(r.v.v[0], "ReferenceError: a is not defined");
	assert_true(script_run_file(
		p.script,
		make_source(&p, "definitions/t.js",
			    "if (a.f() !== 'undefinedundefined') boom()\n"
			    "if (typeof c !== 'undefined') boom()"),
		&err));
	close_project(&p);
}

/* Quickly reached; time is short where only time can end it. */
static const struct script_limits small = {16 << 20, 256 << 10, 60000};
static const struct script_limits brief = {16 << 20, 256 << 10, 200};

static void limits_end_what_would_not_end(void **state)
{
	static const struct {
		const char *code;
		enum script_failure kind;
		const char *message;
	} cases[] = {
		{"\nfor (;;);", SCRIPT_TIMED_OUT,
		 "JavaScript ran longer than 0.2 seconds"},
		{"for (;;) try { for (;;); } catch (e) {}", SCRIPT_TIMED_OUT,
		 NULL},
		{"/(a*)*b/.test('a'.repeat(40))", SCRIPT_TIMED_OUT, NULL},
		{"const f = () => f() + 1; f()", SCRIPT_OUT_OF_STACK,
		 "JavaScript recursed too deep"},
		{"JSON.parse('['.repeat(100000))", SCRIPT_OUT_OF_STACK, NULL},
		{"eval('['.repeat(100000))", SCRIPT_OUT_OF_STACK, NULL},
		{"let a = []; for (;;) a.push({})", SCRIPT_OUT_OF_MEMORY,
		 "JavaScript needed more than 16 MB of memory"},
		{"let a = []; for (;;) try { for (;;) a = [a, {}] } "
		 "catch (e) {}",
		 SCRIPT_OUT_OF_MEMORY, NULL},
		{"let s = 'x'; for (;;) s += s", SCRIPT_THREW,
		 "InternalError: string too long"},
		{"const l = []; for (;;) l.push('x'.repeat(1e6))",
		 SCRIPT_OUT_OF_MEMORY, NULL},
		{"new Uint8Array(1e9)", SCRIPT_OUT_OF_MEMORY, NULL},
		{"const m = new Map(); for (let i = 0;; i++) m.set(i, [i])",
		 SCRIPT_OUT_OF_MEMORY, NULL},
		{"for (;;) echo('x'.repeat(1e6))", SCRIPT_OUT_OF_MEMORY, NULL},
		{"const l = []; for (;;) l.push(() => l)", SCRIPT_OUT_OF_MEMORY,
		 NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;
		struct script_error err;

		assert_false(run_code(
			&p, cases[i].code,
			cases[i].kind == SCRIPT_TIMED_OUT ? &brief : &small,
			&err));
		if (err.kind != cases[i].kind)
			fail_msg("%s: kind %d: %.*s", cases[i].code, err.kind,
				 STR_ARG(err.message));
		if (cases[i].message)
			assert_text(err.message, cases[i].message);
		assert_non_null(err.span.src);
		close_project(&p);
	}
}

static void nothing_runs_after_a_time_out(void **state)
{
	struct project p;
	struct script_error err;

	(void)state;
	assert_false(run_code(&p, "\n  for (;;);", &brief, &err));
	assert_int_equal(err.kind, SCRIPT_TIMED_OUT);
	assert_false(script_run_file(
		p.script, make_source(&p, "definitions/u.js", "0"), &err));
	assert_int_equal(err.kind, SCRIPT_TIMED_OUT);
	close_project(&p);
}

static void memory_that_was_freed_can_be_used_again(void **state)
{
	struct project p;
	struct script_error err;

	(void)state;
	assert_false(
		run_code(&p, "let a = []; for (;;) a.push([])", &small, &err));
	assert_int_equal(err.kind, SCRIPT_OUT_OF_MEMORY);
	assert_true(script_run_file(
		p.script,
		make_source(&p, "definitions/u.js",
			    "let a = []; for (let i = 0; i < 1e4; i++) "
			    "a.push([])"),
		&err));
	close_project(&p);
}

/* Whatever allocation is the one that fails, the engine says so and can be
 * freed. */
static void memory_may_end_anywhere(void **state)
{
	static const char *const codes[] = {
		"const l = []; for (;;) l.push(`x${l.length}`, [l], {l})",
		"const l = []; for (;;) l.push('y'.repeat(1 << 20))",
		"const l = []; for (;;) l.push(new Uint8Array(1500000))",
		"let a = Array(1 << 12).fill(0); for (;;) a = a.concat(a)",
		"let f = () => 1; for (;;) { const g = f; f = () => g }",
		"let s = '1'; for (;;) s = JSON.stringify([s, s])",
		"let s = 'a'; for (;;) s = s.replace(/./g, '$&$&')",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		for (size_t kb = 256; kb < 16384; kb += kb + 77) {
			struct script_limits l = {kb << 10, 256 << 10, 60000};
			struct script_error err;
			struct project p;

			assert_false(run_code(&p, codes[i], &l, &err));
			if (err.kind != SCRIPT_OUT_OF_MEMORY)
				fail_msg("%s: %.*s", codes[i],
					 STR_ARG(err.message));
			close_project(&p);
		}
	}
}

static const struct value *get(const struct value *v, uint32_t i)
{
	assert_true(i < v->n);
	return v->kind == VALUE_ARRAY ? &v->items[i] : &v->members[i].value;
}

/* Calls the only function of a lowered file. */
static bool call_lowered(struct project *p, const char *text,
			 const struct script_context *ctx, struct value *out,
			 struct script_error *err)
{
	struct source *src = make_source(p, "definitions/l.sqlx", text);
	struct script_context with_file = *ctx;
	struct lowered code = {
		.text = src->text,
		.nfunctions = 1,
		.has_code = true,
	};
	struct lowered_segment all = {0, 0, (uint32_t)src->text.n};
	uint32_t function;

	with_file.src = src;
	code.segments = ARENA_NEW(p->arena, struct lowered_segment, 1);
	code.segments[0] = all;
	code.nsegments = 1;
	return script_compile_lowered(p->script, src, &code, &function, err) &&
	       script_call_function(p->script, function, &with_file, out, err);
}

static void values_are_copied(void **state)
{
	static const struct script_context none = {.sqlx = true};
	struct project p;
	struct script_error err;
	struct value v;

	(void)state;
	open_project(&p, NULL, &limits);
	assert_true(call_lowered(
		&p,
		"[() => ({b: 1.5, 2: null, a: [true, 'x\\u20ac', undefined], "
		"1: 'one', f() {}, get g() { return -0 }, "
		"[Symbol('s')]: 1, d: new Date(0), n: 12345678901234567890n, "
		"s: 'a\\ud800b', __proto__: {hidden: 1}})]",
		&none, &v, &err));
	assert_int_equal(v.kind, VALUE_OBJECT);
	assert_int_equal(v.n, 9);
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
	assert_text(script_to_text(p.script, get(&v, 3)),
		    "true,x\xe2\x82\xac,");
	assert_text(script_to_text(p.script, &v), "[object Object]");
	assert_text(script_to_text(p.script, get(&v, 4)), "f() {}");
	close_project(&p);
}

static void a_getter_that_throws_is_an_error(void **state)
{
	static const struct script_context none = {.sqlx = true};
	struct project p;
	struct script_error err;
	struct value v;

	(void)state;
	open_project(&p, NULL, &limits);
	assert_false(call_lowered(&p, "[() => ({a: [{get x() { throw 7 }}]})]",
				  &none, &v, &err));
	assert_text(err.message, "7");
	close_project(&p);
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

		open_project(&p, NULL, &limits);
		if (!call_lowered(
			    &p, arena_printf(p.arena, "[%s]", cases[i].code).p,
			    &ctx, &v, &err))
			fail_msg("%s: %.*s", cases[i].code,
				 STR_ARG(err.message));
		assert_text(v.string, cases[i].text);
		close_project(&p);
	}
}

static void sqlx_requires_from_its_own_folder(void **state)
{
	static const struct script_context none = {.sqlx = true};
	static const struct file files[] = {
		{"definitions/h.js", "exports.n = 5; exports.f = __filename"},
		{NULL, NULL},
	};
	struct project p;
	struct script_error err;
	struct value v;

	(void)state;
	open_project(&p, files, &limits);
	assert_true(call_lowered(&p,
				 "[() => [require('./h').n, __filename, "
				 "__dirname, require('definitions/h').f]"
				 ".join()]",
				 &none, &v, &err));
	assert_text(v.string, "5,/project/definitions/l.sqlx,"
			      "/project/definitions,"
			      "/project/definitions/h.js");
	close_project(&p);
}

static void objects_carry_their_number(void **state)
{
	struct project p;
	struct script_error err;

	(void)state;
	assert_true(run_code(&p, "const a = make(5), b = make(6); a.chain()",
			     &limits, &err));
	assert_int_equal(p.last_object, 5);
	close_project(&p);
}

static void the_caller_is_the_file_of_definitions(void **state)
{
	static const struct file files[] = {
		{"includes/i.js", "exports.f = () => {\n  where()\n}"},
		{"definitions/t.js",
		 "const i = require('includes/i');\n\n  i.f(1)"},
		{NULL, NULL},
	};
	struct project p;
	struct script_error err;

	(void)state;
	open_project(&p, files, &limits);
	assert_true(run(&p, "definitions/t.js", &err));
	assert_text(span_text(p.arena, p.caller), "definitions/t.js:3:3 i.f");
	close_project(&p);
}

static void the_clock_is_one_instant(void **state)
{
	static const struct {
		const char *code;
		bool reads;
	} cases[] = {
		{"if (Date.now() !== 86400000) boom()", true},
		{"if (+new Date() !== 86400000) boom()", true},
		{"if (typeof Date() !== 'string') boom()", true},
		{"if (Math.random() === Math.random()) boom()", true},
		{"const r = Math.random(); if (r < 0 || r >= 1) boom()", true},
		{"if (new Date(5).getTime() !== 5) boom()", false},
		{"if (new Date(2020, 0).getFullYear() !== 2020) boom()", false},
		{"if (Date.UTC(1970, 0, 2) !== 86400000) boom()", false},
		{"if (Date.parse('1970-01-02') !== 86400000) boom()", false},
		{"if (!(new Date(0) instanceof Date)) boom()", false},
		{"class D extends Date { x() { return 1 } }; "
		 "if (new D(0).x() !== 1) boom()",
		 false},
		{"if (new Date(0).constructor !== Date) boom()", false},
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;

		if (!run_code(&p, cases[i].code, &limits, &err))
			fail_msg("%s", cases[i].code);
		assert_int_equal(script_read_clock(p.script), cases[i].reads);
		close_project(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_runs),
		cmocka_unit_test(errors_have_a_message_and_a_place),
		cmocka_unit_test(require_finds_files),
		cmocka_unit_test(
			require_failures_name_the_place_and_the_caller),
		cmocka_unit_test(a_function_of_an_include_names_who_called_it),
		cmocka_unit_test(includes_become_globals_when_all_are_loaded),
		cmocka_unit_test(limits_end_what_would_not_end),
		cmocka_unit_test(nothing_runs_after_a_time_out),
		cmocka_unit_test(memory_that_was_freed_can_be_used_again),
		cmocka_unit_test(memory_may_end_anywhere),
		cmocka_unit_test(values_are_copied),
		cmocka_unit_test(a_getter_that_throws_is_an_error),
		cmocka_unit_test(contexts_have_their_functions),
		cmocka_unit_test(sqlx_requires_from_its_own_folder),
		cmocka_unit_test(objects_carry_their_number),
		cmocka_unit_test(the_caller_is_the_file_of_definitions),
		cmocka_unit_test(the_clock_is_one_instant),
	};

	setenv("SOURCE_DATE_EPOCH", "86400", 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
