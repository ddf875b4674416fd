/* require(), includes, and which file an error or a call belongs to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/vec.h"
#include "tests/unit/project.h"

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
		"require('includes/once'), require('includes/once.js'), n < 2",
		"require('includes/a') === require('../includes/a.js')",
		"require('path').join('a', '../b', 'c.sql') === 'b/c.sql'",
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;
		struct str code;

		project_open(&p, modules, &project_limits);
		code = arena_printf(p.arena, "if (!(%s)) throw 'false'",
				    cases[i]);
		if (!script_run_file(
			    p.script,
			    project_source(&p, "definitions/t.js", code.p),
			    &err))
			fail_msg("%s: %.*s", cases[i], STR_ARG(err.message));
		project_close(&p);
	}
}

/* What node answers. */
static const struct {
	const char *call, *answer;
} paths[] = {
	{"join('a','b','../c')", "a/c"},
	{"join('/a','..','..','b')", "/b"},
	{"join('')", "."},
	{"join('a','','b/')", "a/b/"},
	{"join('..','a')", "../a"},
	{"normalize('/a/./b//../c/')", "/a/c/"},
	{"normalize('a/../..')", ".."},
	{"normalize('')", "."},
	{"basename('/a/b.sql')", "b.sql"},
	{"basename('/a/b.sql/')", "b.sql"},
	{"basename('b.sql','.sql')", "b"},
	{"basename('.sql','.sql')", ""},
	{"basename('/')", ""},
	{"dirname('/a/b/c')", "/a/b"},
	{"dirname('/a')", "/"},
	{"dirname('a')", "."},
	{"dirname('a/b/')", "a"},
	{"dirname('/')", "/"},
	{"dirname('a//b')", "a/"},
	{"extname('a.b.sql')", ".sql"},
	{"extname('.profile')", ""},
	{"extname('a.')", "."},
	{"extname('a/b.c/d')", ""},
	{"extname('..')", ""},
	{"resolve('/a','b','../c')", "/a/c"},
	{"resolve('/a','/b')", "/b"},
	{"resolve('/a/b/','..')", "/a"},
	{"relative('/a/b/c','/a/d')", "../../d"},
	{"relative('/a','/a')", ""},
	{"relative('/a/b','/a/b/c/d')", "c/d"},
	{"isAbsolute('/a')", "true"},
	{"isAbsolute('a')", "false"},
	{"parse('/a/b.sql').name", "b"},
	{"parse('/a/b.sql').dir", "/a"},
	{"parse('b.sql').dir", ""},
	{"parse('./b.sql').dir", "."},
	{"parse('/b').dir", "/"},
	{"sep", "/"},
};

static void paths_are_as_in_node(void **state)
{
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct project p;
		struct str code;

		project_open(&p, modules, &project_limits);
		code = arena_printf(p.arena,
				    "const got = String(require('path').%s);\n"
				    "if (got !== '%s') throw got",
				    paths[i].call, paths[i].answer);
		if (!script_run_file(
			    p.script,
			    project_source(&p, "definitions/t.js", code.p),
			    &err))
			fail_msg("%s: %.*s", paths[i].call,
				 STR_ARG(err.message));
		project_close(&p);
	}
}

static const struct {
	const char *name, *message, *place, *caller;
} bad_requires[] = {
	{"fs",
	 "Cannot find module 'fs': of node's own modules there is only "
	 "\"path\"",
	 "definitions/t.js:2:1 require", ""},
	{"lodash",
	 "Cannot find module 'lodash': it is neither a file of the "
	 "project nor a package in node_modules",
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
	{"./x.sqlx", "SQLX files cannot be required here",
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

static void require_failures_name_the_place_and_the_caller(void **state)
{
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad_requires) / sizeof(*bad_requires);
	     i++) {
		struct project p;
		struct str code;

		project_open(&p, modules, &project_limits);
		code = arena_printf(p.arena, "\nrequire('%s')",
				    bad_requires[i].name);
		assert_false(script_run_file(
			p.script,
			project_source(&p, "definitions/t.js", code.p), &err));
		assert_text(place_text(p.arena, err.span),
			    bad_requires[i].place);
		assert_text(place_text(p.arena, err.called_by),
			    bad_requires[i].caller);
		if (bad_requires[i].message)
			assert_text(err.message, bad_requires[i].message);
		project_close(&p);
	}
}

static void a_function_of_an_include_names_who_called_it(void **state)
{
	struct project p;
	struct script_error err;
	struct source *src;

	(void)state;
	project_open(&p, modules, &project_limits);
	src = project_source(&p, "definitions/t.js",
			     "const t = require('includes/throws');\n"
			     "function g() {\n  t.f() }\n\n [1].map(g)");
	assert_false(script_run_file(p.script, src, &err));
	assert_text(place_text(p.arena, err.span), "includes/throws.js:3:8 x");
	assert_text(place_text(p.arena, err.called_by),
		    "definitions/t.js:3:3 t.f");
	assert_int_equal(err.kind, SCRIPT_THREW);
	/* A file that failed fails again. */
	assert_false(script_run_file(p.script, src, &err));
	project_close(&p);
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
	project_open(&p, NULL, &project_limits);
	r = (struct reports){.arena = p.arena};
	for (int i = 0; i < 3; i++)
		files[i] = project_source(&p, texts[i][0], texts[i][1]);
	script_load_includes(p.script, files, 3, report, &r);
	assert_int_equal(r.v.n, 1);
	assert_text(r.v.v[0], "ReferenceError: a is not defined");
	assert_true(script_run_file(
		p.script,
		project_source(&p, "definitions/t.js",
			       "if (a.f() !== 'undefinedundefined') boom()\n"
			       "if (typeof c !== 'undefined') boom()"),
		&err));
	project_close(&p);
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
	project_open(&p, files, &project_limits);
	assert_true(project_call(&p,
				 "[() => [require('./h').n, __filename, "
				 "__dirname, require('definitions/h').f]"
				 ".join()]",
				 &none, &v, &err));
	assert_text(v.string, "5,/project/definitions/l.sqlx,"
			      "/project/definitions,"
			      "/project/definitions/h.js");
	project_close(&p);
}

static void the_caller_is_the_file_of_definitions(void **state)
{
	static const struct file files[] = {
		{"includes/i.js", "exports.f = () => {\n  where()\n}"},
		{NULL, NULL},
	};
	struct project p;
	struct script_error err;

	(void)state;
	project_open(&p, files, &project_limits);
	assert_true(script_run_file(
		p.script,
		project_source(&p, "definitions/t.js",
			       "const i = require('includes/i');\n\n  i.f(1)"),
		&err));
	assert_text(place_text(p.arena, p.caller), "definitions/t.js:3:3 i.f");
	project_close(&p);
}

static void a_caller_is_found_without_the_projects_error(void **state)
{
	struct project p;
	struct script_error err;

	(void)state;
	assert_true(project_run(&p,
				"globalThis.Error = function () { boom() };\n"
				"where()",
				&project_limits, &err));
	assert_text(place_text(p.arena, p.caller),
		    "definitions/t.js:2:1 where");
	project_close(&p);
	assert_true(project_run(&p, "globalThis.Error = undefined; where()",
				&project_limits, &err));
	assert_text(place_text(p.arena, p.caller),
		    "definitions/t.js:1:31 where");
	project_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(require_finds_files),
		cmocka_unit_test(paths_are_as_in_node),
		cmocka_unit_test(
			require_failures_name_the_place_and_the_caller),
		cmocka_unit_test(a_function_of_an_include_names_who_called_it),
		cmocka_unit_test(includes_become_globals_when_all_are_loaded),
		cmocka_unit_test(sqlx_requires_from_its_own_folder),
		cmocka_unit_test(the_caller_is_the_file_of_definitions),
		cmocka_unit_test(a_caller_is_found_without_the_projects_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
