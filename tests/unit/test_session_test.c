/* Unit tests of a project: what their SQL becomes, and what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/project_maker.h"

static const char totals[] =
	"config { type: \"table\" }\n"
	"SELECT ${name()}${self()}${incremental()} FROM ${ref(\"orders\")} "
	"JOIN ${resolve({ schema: \"ds\", name: \"cities\" })}";

static void start(struct project_maker *p)
{
	project_start(p);
	project_add(p, "definitions/totals.sqlx", totals);
	project_add(p, "definitions/raw.js",
		    "declare({ name: \"orders\" });\n"
		    "declare({ name: \"cities\" });\n");
}

static void a_tests_inputs_stand_in_the_place_of_refs(void **state)
{
	static const struct {
		const char *inputs, *query;
	} all[] = {
		{"input \"orders\" {o} input \"ds\", \"cities\" {c}",
		 "\nSELECT false FROM (o) JOIN (c)"},
		{"input \"orders\" {o} input \"ds\", \"cities\" {c} "
		 "input \"orders\" {${6 * 7}}",
		 "\nSELECT false FROM (42) JOIN (c)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct project_maker p;
		const struct action *a;
		struct str text;

		start(&p);
		text = arena_printf(
			p.arena,
			"config { type: \"test\", dataset: \"totals\" } %s x",
			all[i].inputs);
		project_add(&p, "definitions/t.sqlx", text.p);
		if (!project_make(&p))
			fail_msg("%s", project_errors(&p));
		a = project_action(&p, "ds.t");
		assert_int_equal(a->type, ACTION_TEST);
		assert_string_equal(arena_cstr(p.arena, a->query),
				    all[i].query);
		assert_int_equal(a->ndeps, 0);
		project_end(&p);
	}
}

static void what_is_wrong_with_a_test_is_said(void **state)
{
	static const struct {
		const char *js, *errors;
	} all[] = {
		{"test(\"t\").dataset(\"none\").expect(\"x\")",
		 "W201 definitions/t.js:1:1 there is no table or view "
		 "\"db.ds.none\"\n"},
		{"test(\"t\").dataset(\"orders\").expect(\"x\")",
		 "W201 definitions/t.js:1:1 there is no table or view "
		 "\"db.ds.orders\"\n"},
		{"test(\"t\").expect(\"x\")",
		 "W210 definitions/t.js:1:1 the test does not say what it "
		 "tests\n"},
		{"test(\"t\").dataset([])",
		 "W306 definitions/t.js:1:1 the dataset of a test cannot be "
		 "understood\n"},
		{"publish(\"v\", \"1\"); test(\"t\").dataset(\"v\")",
		 "W210 definitions/t.js:1:20 what the test expects is "
		 "empty\n"},
		{"publish(\"v\", \"1\"); test(\"t\").dataset(\"v\")"
		 ".expect(c => c.ref(\"v\"))",
		 "W210 definitions/t.js:1:55 inputs and expected rows of a "
		 "test are SQL of their own: nothing of the project can be "
		 "named in them\n"},
		{"publish(\"v\", c => c.ref(\"totals\"));\n"
		 "test(\"t\").dataset(\"v\").input(\"totals\", c => c.self())"
		 ".expect(\"x\")",
		 "W210 definitions/t.js:2:45 inputs and expected rows of a "
		 "test are SQL of their own: nothing of the project can be "
		 "named in them\n"},
		{"test(\"t\").input()",
		 "W210 definitions/t.js:1:1 the test does not say what it "
		 "tests\n"
		 "W210 definitions/t.js:1:11 input() takes the name of an "
		 "action and SQL\n"},
		{"publish(\"v\", \"1\"); test(\"v\").dataset(\"v\")",
		 "W202 definitions/t.js:1:20 \"db.ds.v\" is an action and a "
		 "test\n"},
		{"publish(\"v\", \"1\"); publish(\"v\", \"2\");\n"
		 "test(\"t\").dataset(\"v\")",
		 "W204 definitions/t.js:1:9 there are several actions "
		 "\"db.ds.v\"\n"
		 "W204 definitions/t.js:1:28 there are several actions "
		 "\"db.ds.v\"\n"
		 "W202 definitions/t.js:2:1 \"db.ds.v\" means several "
		 "actions of one name\n"},
		{"test(\"t\").config({ tags: \"daily\" })",
		 "W306 definitions/t.js:1:1 the tags of a test cannot be "
		 "understood\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct project_maker p;

		start(&p);
		project_add(&p, "definitions/t.js", all[i].js);
		assert_false(project_make(&p));
		assert_string_equal(project_errors(&p), all[i].errors);
		project_end(&p);
	}
}

/* A list names the dataset, and its canonical name backwards. */
static void a_test_called_like_what_is_tested_is_named(void **state)
{
	struct project_maker p;

	(void)state;
	start(&p);
	project_add(&p, "definitions/a.js",
		    "test(\"t\").dataset(\"totals\").expect(\"x\")");
	project_add(&p, "definitions/b.js",
		    "test(\"totals\")"
		    ".dataset(\"totals\")");
	assert_false(project_make(&p));
	assert_true(str_is(p.c.diags.v[0].help,
			   "give the test \"totals\" in definitions/b.js "
			   "another name"));
	project_end(&p);
}

static void a_list_is_read_twice(void **state)
{
	static const char js[] = "publish(\"v\", \"1\");\n"
				 "test(\"t\").dataset([\"ds\", \"v\"])"
				 ".expect(\"x\");\n";
	const struct action *a;
	struct project_maker p;

	(void)state;
	project_start(&p);
	project_add(&p, "definitions/t.js", js);
	if (!project_make(&p))
		fail_msg("%s", project_errors(&p));
	a = project_action(&p, "ds.t");
	assert_true(str_is(a->target.schema, "ds"));
	assert_true(str_is(a->canonical.schema, "v"));
	assert_true(str_is(a->canonical.name, "t"));
	project_end(&p);
}

static void a_table_waits_for_its_tests_if_the_project_says_so(void **state)
{
	static const struct {
		const char *settings, *deps;
	} all[] = {
		{"defaultDataset: ds\n", "ds.w"},
		{"defaultDataset: ds\nincludeTestsInCompiledGraph: true\n",
		 "ds.w ds.t2 ds.t1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct project_maker p;

		project_start(&p);
		project_add(&p, "workflow_settings.yaml", all[i].settings);
		project_add(&p, "definitions/v.js",
			    "test(\"t2\").dataset(\"v\").input(\"w\", \"1\")"
			    ".expect(\"x\");\n"
			    "publish(\"v\", c => c.ref(\"w\")); "
			    "publish(\"w\", \"1\");\n"
			    "test(\"t1\").dataset(\"v\").input(\"w\", \"1\")"
			    ".expect(\"x\");\n");
		if (!project_make(&p))
			fail_msg("%s", project_errors(&p));
		assert_string_equal(project_deps(&p, "ds.v"), all[i].deps);
		project_end(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tests_inputs_stand_in_the_place_of_refs),
		cmocka_unit_test(what_is_wrong_with_a_test_is_said),
		cmocka_unit_test(a_test_called_like_what_is_tested_is_named),
		cmocka_unit_test(a_list_is_read_twice),
		cmocka_unit_test(
			a_table_waits_for_its_tests_if_the_project_says_so),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
