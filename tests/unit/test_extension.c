/* An npm package that takes part in the compile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/project_maker.h"

#define SETTINGS(mode)                                                         \
	"defaultProject: db\ndefaultDataset: ds\nextension:\n  name: ext\n"    \
	"  compilationMode: " mode "\n  options: {suffix: s}\n"

static const char maker[] =
	"exports.extension = () => ({compile(request, session) {\n"
	"  const {options, name} = request.compileConfig.extension\n"
	"  session.publish(name + '_' + options.suffix, {type: 'table'})\n"
	"    .query(ctx => `SELECT ${typeof publish} ${ctx.self()}`)\n"
	"}})";

static void start(struct project_maker *p, const char *settings,
		  const char *code)
{
	project_start(p);
	project_add(p, "workflow_settings.yaml", settings);
	project_add(p, "node_modules/ext/index.js", code);
	project_add(p, "definitions/a.sqlx", "SELECT ${ref(\"ext_s\")}");
}

static void a_prologue_comes_before_the_files(void **state)
{
	struct project_maker p;
	const struct action *made;

	(void)state;
	start(&p, SETTINGS("PROLOGUE"), maker);
	assert_true(project_make(&p));
	assert_string_equal(project_deps(&p, "ds.a"), "ds.ext_s");
	made = project_action(&p, "ds.ext_s");
	assert_true(str_is(made->file, "index.js"));
	project_end(&p);
}

static void application_code_replaces_the_files(void **state)
{
	struct project_maker p;

	(void)state;
	start(&p, SETTINGS("2"), maker);
	assert_true(project_make(&p));
	assert_int_equal(p.c.graph.nactions, 1);
	project_action(&p, "ds.ext_s");
	project_end(&p);
}

static void without_a_mode_nothing_is_run(void **state)
{
	struct project_maker p;

	(void)state;
	start(&p, SETTINGS("COMPILATION_MODE_UNSPECIFIED"), "throw 'ran'");
	project_add(&p, "definitions/a.sqlx", "SELECT 1");
	assert_true(project_make(&p));
	project_end(&p);
}

static void its_failures_are_errors(void **state)
{
	static const struct {
		const char *code, *want;
	} cases[] = {
		{"exports.extension = () => ({compile() {\n null.x }})",
		 "W401 node_modules/ext/index.js:2:7 TypeError: Cannot read "
		 "properties of null (reading 'x')\n"},
		{"exports.x = 1",
		 "W401 ext the extension \"ext\" has no extension()\n"},
		{"exports.extension = () => ({})",
		 "W401 ext the extension \"ext\" has no compile()\n"},
		{"exports.extension = () => ({compile(r, s) {\n"
		 "s.compileError(new Error('first'), 'a/b.txt')\n"
		 "s.compileError('second', 'c.txt') }})",
		 "W401 a/b.txt first\nW401 c.txt second\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project_maker p;

		start(&p, SETTINGS("PROLOGUE"), cases[i].code);
		project_add(&p, "definitions/a.sqlx", "SELECT 1");
		assert_false(project_make(&p));
		assert_string_equal(project_errors(&p), cases[i].want);
		project_action(&p, "ds.a");
		project_end(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prologue_comes_before_the_files),
		cmocka_unit_test(application_code_replaces_the_files),
		cmocka_unit_test(without_a_mode_nothing_is_run),
		cmocka_unit_test(its_failures_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
