/* require() of npm packages, and of weir's own @dataform/core. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/project.h"

static const struct file files[] = {
	{"package.json", "{\"name\": \"me\", \"imports\": {\"#b\": "
			 "\"./includes/b.js\"},"
			 "\"exports\": {\"./in/*\": \"./includes/*.js\"}}"},
	{"includes/a.js", "module.exports = 'own a'"},
	{"includes/b.js", "module.exports = 'own b'"},
	{"definitions/index.js", "module.exports = 'index'"},
	{"node_modules/plain/index.js", "module.exports = 'plain'"},
	{"node_modules/plain/sub/x.js", "module.exports = 'sub x'"},
	{"node_modules/plain/d.json", "[1]"},
	{"node_modules/plain/q.sql", "SELECT 1"},
	{"node_modules/main/package.json", "{\"main\": \"./lib/go\"}"},
	{"node_modules/main/lib/go.js",
	 "module.exports = [require('./z'), require('includes/a')].join()"},
	{"node_modules/main/lib/z.js", "module.exports = 'z'"},
	{"node_modules/folder/package.json", "{\"main\": \"dist\"}"},
	{"node_modules/folder/dist/index.js", "module.exports = 'dist'"},
	{"node_modules/gone/package.json", "{\"main\": \"gone.js\"}"},
	{"node_modules/gone/index.js", "module.exports = 'still here'"},
	{"node_modules/blank/package.json", ""},
	{"node_modules/blank/index.js", "module.exports = 'blank'"},
	{"node_modules/@s/p/package.json", "{\"main\": \"m.js\"}"},
	{"node_modules/@s/p/m.js", "module.exports = 'scoped'"},
	{"node_modules/@s/p/deep/y.js", "module.exports = 'deep'"},
	{"node_modules/out/index.js",
	 "module.exports = require('in') + require('plain')"},
	{"node_modules/out/node_modules/in.js",
	 "module.exports = 'in ' + require('plain')"},
	{"node_modules/ex/package.json",
	 "{\"main\": \"./hidden.js\", \"exports\": {"
	 "\".\": {\"import\": \"./m.mjs\", \"require\": \"./m.js\"},"
	 "\"./f\": [\"bad\", \"./lib/f.js\"],"
	 "\"./p/*\": \"./lib/*.js\","
	 "\"./p/q/*\": \"./other/*.js\","
	 "\"./no\": null, \"./up\": \"./../plain/index.js\"}}"},
	{"node_modules/ex/m.js", "module.exports = 'm'"},
	{"node_modules/ex/hidden.js", "module.exports = 'hidden'"},
	{"node_modules/ex/lib/f.js", "module.exports = 'f'"},
	{"node_modules/ex/lib/g/h.js", "module.exports = 'h'"},
	{"node_modules/ex/other/r.js", "module.exports = 'r'"},
	{"node_modules/one/package.json", "{\"exports\": \"./only.js\"}"},
	{"node_modules/one/only.js", "module.exports = 'only'"},
	{"node_modules/bad/package.json", "{,}"},
	{"node_modules/@dataform/core/index.js", "throw 'an installed core'"},
	{NULL, NULL},
};

/* code sees name and want. */
static void run(const char *name, const char *want, const char *code)
{
	struct script_error err;
	struct project p;
	struct str text;

	project_open(&p, files, &project_limits);
	text = arena_printf(p.arena, "const name = '%s', want = '%s';\n%s",
			    name, want, code);
	if (!script_run_file(p.script,
			     project_source(&p, "definitions/t.js", text.p),
			     &err))
		fail_msg("%s: %.*s", name, STR_ARG(err.message));
	project_close(&p);
}

static void packages_are_found_as_in_node(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{"plain", "plain"},
		{"plain/", "plain"},
		{"plain/sub/x", "sub x"},
		{"plain/sub/x.js", "sub x"},
		{"plain/../plain", "plain"},
		{"main", "z,own a"},
		{"folder", "dist"},
		{"gone", "still here"},
		{"blank", "blank"},
		{"@s/p", "scoped"},
		{"@s/p/deep/y", "deep"},
		{"out", "in plainplain"},
		{"ex", "m"},
		{"ex/f", "f"},
		{"ex/p/g/h", "h"},
		{"ex/p/q/r", "r"},
		{"one", "only"},
		{"me/in/a", "own a"},
		{"#b", "own b"},
		{"./", "index"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		run(cases[i].name, cases[i].want,
		    "const got = require(name);\n"
		    "if (got !== want) throw JSON.stringify(got)");
	run("plain/d", "1", "if (require(name)[0] != want) throw 'no JSON'");
	run("plain/q", "SELECT 1", "if (require(name).query !== want) throw 0");
}

static void a_package_gives_away_only_what_it_exports(void **state)
{
	static const struct {
		const char *name, *why;
	} cases[] = {
		{"ex/hidden", "\"exports\" of node_modules/ex/package.json"},
		{"ex/hidden.js", "\"exports\" of node_modules/ex/"},
		{"ex/no", "\"exports\" of node_modules/ex/package.json"},
		{"ex/up", "\"exports\" of node_modules/ex/package.json"},
		{"one/only", "\"exports\" of node_modules/one/package.json"},
		{"me/includes/a", "\"exports\" of package.json"},
		{"me", "\"exports\" of package.json"},
		{"bad", "node_modules/bad/package.json: "},
		{"@s", "neither a file of the project nor a package"},
		{"in", "neither a file of the project nor a package"},
		{"../../../x", "outside the project"},
		{"node:fs", "only \"path\""},
		{"fs/promises", "only \"path\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		run(cases[i].name, cases[i].why,
		    "let text = 'nothing was thrown';\n"
		    "try { require(name) } catch (e) { text = e.message }\n"
		    "if (!text.includes(want)) throw text");
}

static void a_broken_package_json_breaks_every_require(void **state)
{
	static const struct file broken[] = {
		{"package.json", "{,}"},
		{"definitions/b.js", "module.exports = 1"},
		{NULL, NULL},
	};
	static const char *const cases[] = {
		"require('./b')",
		"require('definitions/b')",
	};
	struct script_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project p;

		project_open(&p, broken, &project_limits);
		assert_false(script_run_file(
			p.script,
			project_source(&p, "definitions/t.js", cases[i]),
			&err));
		assert_true(str_starts(err.message, STR("package.json: ")));
		project_close(&p);
	}
}

/* Each "*" of what "exports" says stands for what was asked for. */
static void a_path_that_no_system_has_is_not_built(void **state)
{
	enum { NSTARS = 1000, ROOM = 1 << 20 };
	static const char code[] =
		"let text = 'nothing was thrown';\n"
		"try { require('p/' + 'x'.repeat(4000)) }\n"
		"catch (e) { text = e.message }\n"
		"if (!text.includes('\"exports\" of node_modules/p')) "
		"throw text";
	struct script_error err;
	char json[NSTARS + 64] = "{\"exports\": {\"./*\": \"./";
	struct file wide[] = {
		{"node_modules/p/package.json", json},
		{NULL, NULL},
	};
	size_t n = strlen(json), before;
	struct project p;

	(void)state;
	memset(json + n, '*', NSTARS);
	strcpy(json + n + NSTARS, "\"}}");
	project_open(&p, wide, &project_limits);
	before = arena_size(p.arena);
	if (!script_run_file(p.script,
			     project_source(&p, "definitions/t.js", code),
			     &err))
		fail_msg("%.*s", STR_ARG(err.message));
	assert_true(arena_size(p.arena) - before < ROOM);
	project_close(&p);
}

static void the_core_is_ours(void **state)
{
	static const char *const cases[] = {
		"core.session === dataform",
		"core === require(`@dataform/core`)",
		"typeof core.main === `function`",
		"core.Session === undefined",
		"typeof core.version === `string`",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		run(cases[i], "true",
		    "globalThis.dataform = {};\n"
		    "const core = require('@dataform/core');\n"
		    "if (String(eval(name)) !== want) throw 'false'");
	run("main", "compiled already",
	    "try { require('@dataform/core')[name]() } catch (e) {\n"
	    "if (e.message.includes(want)) return\n} throw 'called'");
}

static void a_module_knows_itself(void **state)
{
	static const char *const cases[] = {
		"module.filename === __filename",
		"module.id === `/project/definitions/t.js`",
		"module.path === __dirname",
		"module.loaded === false",
		"typeof module.parent === `object`",
		"require.main === undefined",
		"typeof require.cache === `object`",
		("require.resolve(`plain`) === "
		 "`/project/node_modules/plain/index.js`"),
		"require.resolve(`path`) === `path`",
		"module.require(`plain`) === `plain`",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		run(cases[i], "true",
		    "if (String(eval(name)) !== want) throw 'false'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_are_found_as_in_node),
		cmocka_unit_test(a_package_gives_away_only_what_it_exports),
		cmocka_unit_test(a_broken_package_json_breaks_every_require),
		cmocka_unit_test(a_path_that_no_system_has_is_not_built),
		cmocka_unit_test(the_core_is_ours),
		cmocka_unit_test(a_module_knows_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
