/* dataform.projectConfig: its order, what is unset, and writing to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/project_maker.h"

static const char yaml[] = "defaultReservation: r\ndefaultDataset: d\n"
			   "vars: {b: x, a: y}\ndefaultProject: p\n"
			   "namePrefix: n\n";

static void it_reads_as_in_dataform(void **state)
{
	static const struct {
		const char *code, *want;
	} cases[] = {
		{"Object.keys(c)", "vars,defaultDatabase,defaultSchema,"
				   "tablePrefix,defaultReservation,warehouse"},
		{"JSON.stringify(c)",
		 "{\"warehouse\":\"bigquery\",\"defaultSchema\":\"d\","
		 "\"defaultDatabase\":\"p\",\"tablePrefix\":\"n\",\"vars\":"
		 "{\"b\":\"x\",\"a\":\"y\"},\"defaultReservation\":\"r\"}"},
		{"c.schemaSuffix === ''", "true"},
		{"c.disableAssertions", "false"},
		{"c.defaultIcebergConfig", "null"},
		{"c.hasOwnProperty('schemaSuffix')", "false"},
		{"'schemaSuffix' in c", "true"},
		{"c.vars.none", "undefined"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project_maker p;
		struct str code;

		project_start(&p);
		code = arena_printf(p.arena,
				    "const c = dataform.projectConfig\n"
				    "const got = String(%s)\n"
				    "if (got !== `%s`) throw got",
				    cases[i].code, cases[i].want);
		project_add(&p, "workflow_settings.yaml", yaml);
		project_add(&p, "definitions/a.js", code.p);
		project_make(&p);
		assert_string_equal(project_errors(&p), "");
		project_end(&p);
	}
}

static void vars_is_there_without_vars(void **state)
{
	struct project_maker p;

	(void)state;
	project_start(&p);
	project_add(&p, "definitions/a.js",
		    "const c = dataform.projectConfig\n"
		    "if (Object.keys(c)[0] !== 'vars') throw Object.keys(c)\n"
		    "if (JSON.stringify(c).includes('vars')) throw 'printed'");
	project_make(&p);
	assert_string_equal(project_errors(&p), "");
	project_end(&p);
}

static void vars_that_code_adds_are_in_the_graph(void **state)
{
	const struct value *vars;
	struct project_maker p;

	(void)state;
	project_start(&p);
	project_add(&p, "workflow_settings.yaml", yaml);
	project_add(&p, "definitions/a.js",
		    "dataform.projectConfig.vars.added = 'z'");
	project_make(&p);
	assert_string_equal(project_errors(&p), "");
	vars = value_get(&p.c.graph.project_config, "vars");
	assert_int_equal(vars->n, 3);
	assert_true(str_is(value_get_str(vars, "added"), "z"));
	project_end(&p);
}

static void what_was_used_cannot_be_changed(void **state)
{
	static const struct {
		const char *code, *key;
	} cases[] = {
		{"c.defaultSchema = 'e'", "defaultSchema"},
		{"delete c.tablePrefix", "tablePrefix"},
		{"c.schemaSuffix = 's'", "schemaSuffix"},
		{"c.vars.n = 5", "vars"},
		{"c.vars = []", "vars"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project_maker p;
		struct str code;

		project_start(&p);
		code = arena_printf(p.arena,
				    "const c = dataform.projectConfig; %s",
				    cases[i].code);
		project_add(&p, "workflow_settings.yaml", yaml);
		project_add(&p, "definitions/a.js", code.p);
		assert_false(project_make(&p));
		code = arena_printf(p.arena,
				    "W105 workflow_settings.yaml the project's "
				    "JavaScript changes projectConfig.%s, "
				    "which is read before it\n",
				    cases[i].key);
		assert_string_equal(project_errors(&p), code.p);
		project_end(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_as_in_dataform),
		cmocka_unit_test(vars_is_there_without_vars),
		cmocka_unit_test(vars_that_code_adds_are_in_the_graph),
		cmocka_unit_test(what_was_used_cannot_be_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
