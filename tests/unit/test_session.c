/* What is said of a project's mistakes, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/project_maker.h"

struct mistake {
	const char *path, *text, *errors;
};

static void check(const struct mistake *m)
{
	struct project_maker p;

	project_start(&p);
	project_add(&p, m->path, m->text);
	project_add(&p, "definitions/raw.js",
		    "declare({ schema: \"raw\", name: \"events\" });\n");
	assert_int_equal(project_make(&p), !*m->errors);
	assert_string_equal(project_errors(&p), m->errors);
	project_end(&p);
}

/* filename may name a file that is not there. */
static void the_file_of_a_place_is_the_one_it_is_in(void **state)
{
	static const struct mistake all[] = {
		{"definitions/t.js",
		 "publish(\"t\", { filename: \"definitions/gone.sqlx\" })\n"
		 ".query(() => 1);\n",
		 "W406 definitions/t.js:1:1 a query must be text\n"},
		{"definitions/t.sqlx",
		 "config { type: \"table\", filename: \"gone.sqlx\" }\n"
		 "select 1;",
		 "W501 definitions/t.sqlx:2:9 the SQL ends with a "
		 "semicolon\n"},
		{"definitions/t.js",
		 "operate(\"t\", { filename: \"gone.sqlx\" })\n"
		 ".columns([{ path: [\"a\"] }]).queries(\"select 1\");\n",
		 "W307 definitions/t.js:1:1 an operation without output has "
		 "no columns\n"},
	};
	struct project_maker p;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		check(&all[i]);
	project_start(&p);
	project_add(&p, all[0].path, all[0].text);
	assert_false(project_make(&p));
	assert_true(str_is(p.c.diags.v[0].blamed, "definitions/gone.sqlx"));
	project_end(&p);
}

static void what_a_host_function_refused_is_known_again(void **state)
{
	static const struct mistake all[] = {
		{"definitions/t.js", "declare({});\n",
		 "W206 definitions/t.js:1:1 a declaration needs a name\n"},
		{"definitions/t.js",
		 "try { declare({}); } catch (e) { }\n"
		 "throw new Error(\"a declaration needs a name\");\n",
		 "W401 definitions/t.js:2:11 a declaration needs a name\n"},
		{"definitions/t.js",
		 "try { declare({}); } catch (e) { throw e; }\n",
		 "W206 definitions/t.js:1:7 a declaration needs a name\n"},
		{"definitions/t.js",
		 "try { declare({}); } catch (e) { throw new Error(\"so: \" +\n"
		 "e.message); }\n",
		 "W401 definitions/t.js:1:44 so: a declaration needs a "
		 "name\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		check(&all[i]);
}

static void a_dependency_has_a_name(void **state)
{
	static const struct mistake all[] = {
		{"definitions/t.sqlx",
		 "config { type: \"table\", dependencies: [{}] } select 1",
		 "W208 definitions/t.sqlx:1:25 a dependency needs the name of "
		 "an action\n"},
		{"definitions/t.js",
		 "publish(\"t\").query(\"select 1\").dependencies({});\n",
		 "W208 definitions/t.js:1:1 a dependency needs the name of an "
		 "action\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		check(&all[i]);
}

static void a_declaration_has_one_load(void **state)
{
	static const struct mistake all[] = {
		{"weir.yaml",
		 "targets: { dev: { warehouse: duckdb, path: a.db } }\n"
		 "loads:\n"
		 "  raw.events: { files: a.csv, columns: { id: STRING } }\n"
		 "  events: { files: b.csv, columns: { id: STRING } }\n",
		 "W107 weir.yaml:4:3 \"events\" is filled by another load "
		 "already\n"},
	};
	struct project_maker p;

	(void)state;
	check(&all[0]);
	project_start(&p);
	project_add(&p, "weir.yaml", all[0].text);
	project_add(&p, "definitions/raw.js",
		    "declare({ schema: \"raw\", name: \"events\" });\n");
	assert_false(project_make(&p));
	assert_true(str_is(p.c.diags.v[0].help,
			   "\"raw.events\" in line 3 means the same "
			   "declaration: remove one of them"));
	project_end(&p);
}

/* In bytes; what a run does not make is as long as it is. */
static void a_name_that_the_warehouse_would_cut_is_refused(void **state)
{
	static const struct {
		const char *js;
		bool fits;
	} all[] = {
		{"publish(\"a\".repeat(63), \"select 1\")", true},
		{"publish(\"a\".repeat(64), \"select 1\")", false},
		{"publish(\"\u00e9\".repeat(32), \"select 1\")", false},
		{"publish(\"v\", { schema: \"a\".repeat(64) }).query(\"1\")",
		 false},
		{"assert(\"a\".repeat(64), \"select 1\")", false},
		{"publish(\"a\".repeat(40), { assertions: { nonNull: [\"b\"] } "
		 "}).query(\"select 1\")",
		 false},
		{"operate(\"a\".repeat(64), \"select 1\")", true},
		{"operate(\"a\".repeat(64), { hasOutput: true })"
		 ".queries(\"select 1\")",
		 false},
		{"publish(\"a\".repeat(64), { disabled: true })"
		 ".query(\"select 1\")",
		 true},
		{"declare({ schema: \"s\", name: \"a\".repeat(64) })", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct project_maker p;

		project_start(&p);
		project_add(&p, "weir.yaml",
			    "targets: { dev: { warehouse: postgres, "
			    "connection: \"\" } }\n");
		project_add(&p, "definitions/t.js", all[i].js);
		if (project_make(&p) != all[i].fits)
			fail_msg("%s: %s", all[i].js, project_errors(&p));
		if (!all[i].fits)
			assert_memory_equal(project_errors(&p),
					    "W206 definitions/t.js:1:1 ", 26);
		project_end(&p);
	}
}

static void help_names_what_was_called(void **state)
{
	static const struct {
		const char *path, *text, *help;
	} all[] = {
		{"definitions/t.js", "assert(5);",
		 "write assert(\"name\", ...)"},
		{"definitions/t.js", "operate(5);",
		 "write operate(\"name\", ...)"},
		{"definitions/t.sqlx",
		 "config { type: \"assertion\" } pre_operations { select 1 } "
		 "select 1",
		 "this action is an assertion"},
		{"definitions/t.sqlx",
		 "config { type: \"incremental\" } input \"a\" { select 1 } "
		 "select 1",
		 "this action is an incremental table"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct project_maker p;

		project_start(&p);
		project_add(&p, all[i].path, all[i].text);
		assert_false(project_make(&p));
		if (!str_is(p.c.diags.v[0].help, all[i].help))
			fail_msg("%.*s", STR_ARG(p.c.diags.v[0].help));
		project_end(&p);
	}
}

/* As many dependencies as a generator may write, in their order. */
static void many_dependencies_are_kept_once(void **state)
{
	struct project_maker p;
	const struct action *a;

	(void)state;
	project_start(&p);
	project_add(&p, "definitions/a.js",
		    "for (let i = 0; i < 3000; i++)\n"
		    "  declare({ schema: \"s\" + i % 3, name: \"d\" + i });\n"
		    "publish(\"t\", { type: \"table\" }).query(c => {\n"
		    "  for (let i = 0; i < 6000; i++)\n"
		    "    c.ref(\"d\" + i % 3000);\n"
		    "  return c.ref(\"s0\", \"d0\");\n"
		    "});\n");
	if (!project_make(&p))
		fail_msg("%s", project_errors(&p));
	a = project_action(&p, "ds.t");
	assert_int_equal(a->ndeps, 3000);
	for (uint32_t i = 0; i < a->ndeps; i++)
		assert_true(str_eq(a->deps[i].name,
				   arena_printf(p.arena, "d%u", i)));
	project_end(&p);
}

/* Packages read what they have made: its schema, say. */
static void what_an_action_is_can_be_read_not_written(void **state)
{
	struct project_maker p;

	(void)state;
	project_start(&p);
	project_add(
		&p, "definitions/a.js",
		"const a = publish(\"a\", { schema: \"s\", tags: [\"x\"] });\n"
		"a.schema(\"t\");\n"
		"const { proto } = a;\n"
		"let text = JSON.stringify(proto);\n"
		"for (const change of [() => proto.type = 1,\n"
		"    () => proto.target.name = 1, () => proto.tags.push(1),\n"
		"    () => proto.more = 1, () => a.proto = 1])\n"
		"  try { change(); text += \"changed\" } catch (e) {}\n"
		"a.query(text);\n"
		"operate(\"o\", String(declare({ name: \"d\" }).proto.type));");
	if (!project_make(&p))
		fail_msg("%s", project_errors(&p));
	assert_true(str_is(
		project_action(&p, "t.a")->query,
		"{\"type\":\"view\",\"target\":{\"schema\":\"t\",\"name\":"
		"\"a\","
		"\"database\":\"db\"},\"disabled\":false,\"fileName\":"
		"\"definitions/a.js\",\"tags\":[\"x\"],\"canonicalTarget\":{"
		"\"schema\":\"s\",\"name\":\"a\",\"database\":\"db\"}}"));
	assert_true(
		str_is(project_action(&p, "ds.o")->queries.v[0], "undefined"));
	project_end(&p);
}

/* A package that puts SQL before all others would do nothing in silence. */
static void the_list_of_actions_is_not_given_away(void **state)
{
	static const char *const cases[] = {
		"if (global.dataform.actions) publish(\"x\");",
		"const make = dataform.sqlxAction;",
		"dataform.indexedActions.find(\"x\");",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project_maker p;

		project_start(&p);
		project_add(&p, "definitions/a.js", cases[i]);
		assert_false(project_make(&p));
		assert_non_null(strstr(project_errors(&p),
				       "which weir does not give away"));
		project_end(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_of_a_place_is_the_one_it_is_in),
		cmocka_unit_test(what_a_host_function_refused_is_known_again),
		cmocka_unit_test(a_dependency_has_a_name),
		cmocka_unit_test(a_declaration_has_one_load),
		cmocka_unit_test(
			a_name_that_the_warehouse_would_cut_is_refused),
		cmocka_unit_test(help_names_what_was_called),
		cmocka_unit_test(many_dependencies_are_kept_once),
		cmocka_unit_test(what_an_action_is_can_be_read_not_written),
		cmocka_unit_test(the_list_of_actions_is_not_given_away),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
