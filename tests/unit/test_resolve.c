/* What names mean: ref() and its kin, dependencies, suffixes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/project_maker.h"

static void add_orders(struct project_maker *p)
{
	project_add(p, "definitions/orders.sqlx",
		    "config { type: \"table\" } select 1");
	project_add(p, "definitions/raw.js",
		    "declare({ schema: \"raw\", name: \"users\" });\n"
		    "declare({ database: \"x\", schema: \"raw\", "
		    "name: \"events\" });\n");
}

/* Each expression stands in a table beside ds.orders, raw.users and
 * x.raw.events. */
static void every_form_of_ref_finds_its_action(void **state)
{
	static const struct {
		const char *sqlx, *query, *deps;
	} cases[] = {
		{"config { type: \"table\" }${ref(\"orders\")}",
		 "`db.ds.orders`", "ds.orders"},
		{"config { type: \"table\" }${ref(\"ds\", \"orders\")}",
		 "`db.ds.orders`", "ds.orders"},
		{"config { type: \"table\" }${ref(\"x\", \"raw\", \"events\")}",
		 "`x.raw.events`", "raw.events"},
		{"config { type: \"table\" }${ref([\"raw\", \"users\"])}",
		 "`db.raw.users`", "raw.users"},
		{"config { type: \"table\" }${ref({name: \"users\"})}",
		 "`db.raw.users`", "raw.users"},
		{"config { type: \"table\" }"
		 "${ref({database: \"x\", name: \"events\"})}",
		 "`x.raw.events`", "raw.events"},
		{"config { type: \"table\" }"
		 "${ref({dataset: \"raw\", name: \"users\"})}",
		 "`db.raw.users`", "raw.users"},
		{"config { type: \"table\" }${resolve(\"users\")}",
		 "`db.raw.users`", ""},
		{"config { type: \"table\" }${self()}", "`db.ds.t`", ""},
		{"config { type: \"view\" }"
		 "${name()} ${schema()} ${database()} ${incremental()}",
		 "t ds db false", ""},
		{"config { type: \"view\" }"
		 "${when(true, 1, 2)}${when(false, 1)}${when(0, 1, 2)}",
		 "12", ""},
		{"config { type: \"table\", dependencies: [\"raw.users\"] }"
		 "${ref(\"orders\")}${ref(\"users\")}${ref(\"orders\")}",
		 "`db.ds.orders``db.raw.users``db.ds.orders`",
		 "raw.users ds.orders"},
		{"config { type: \"table\" }"
		 "${ctx.dependencies(\"orders\")}${ctx.tags(\"x\")}1",
		 "1", "ds.orders"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct project_maker p;
		const struct action *a;

		project_start(&p);
		add_orders(&p);
		project_add(&p, "definitions/t.sqlx", cases[i].sqlx);
		if (!project_make(&p))
			fail_msg("%s: %s", cases[i].sqlx, project_errors(&p));
		a = project_action(&p, "ds.t");
		assert_true(str_is(a->query, cases[i].query));
		assert_string_equal(project_deps(&p, "ds.t"), cases[i].deps);
		project_end(&p);
	}
}

static void what_no_name_means_is_an_error_at_the_name(void **state)
{
	static const struct {
		const char *expression, *error;
	} cases[] = {
		{"ref(\"ordrs\")",
		 "W201 definitions/t.sqlx:2:7 there is no action \"ordrs\"\n"},
		{"ref(\"raw\", \"orders\")",
		 "W201 definitions/t.sqlx:2:14 there is no action "
		 "\"raw.orders\"\n"},
		{"ref(\"ds.orders\")",
		 "W201 definitions/t.sqlx:2:7 there is no action "
		 "\"ds.orders\"\n"},
		{"ref(\"two\")",
		 "W202 definitions/t.sqlx:2:7 \"two\" means 2 actions\n"},
		{"ref(\"silent\")",
		 "W203 definitions/t.sqlx:2:7 \"silent\" is an operation that "
		 "makes no table\n"},
		{"ref()", "W208 definitions/t.sqlx:2:3 ref() needs the name of "
			  "an action\n"},
		{"ref(null)", "W208 definitions/t.sqlx:2:3 ref() needs the "
			      "name of an action\n"},
		{"ref({})", "W208 definitions/t.sqlx:2:3 ref() needs the name "
			    "of an action\n"},
		{"ref(\"a\", 1)", "W208 definitions/t.sqlx:2:3 ref() takes one "
				  "to three texts\n"},
		{"ref([\"a\"], \"b\")", "W208 definitions/t.sqlx:2:3 ref() "
					"takes one to three texts\n"},
		{"resolve(\"ordrs\")", "W201 definitions/t.sqlx:2:11 there is "
				       "no action \"ordrs\"\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct project_maker p;
		char text[200];

		project_start(&p);
		add_orders(&p);
		project_add(&p, "definitions/others.js",
			    "publish(\"two\");\n"
			    "publish(\"two\", { schema: \"other\" });\n"
			    "operate(\"silent\", \"select 1\");\n");
		snprintf(text, sizeof(text),
			 "config { type: \"incremental\" }\n${%s}",
			 cases[i].expression);
		project_add(&p, "definitions/t.sqlx", text);
		assert_false(project_make(&p));
		assert_string_equal(project_errors(&p), cases[i].error);
		project_end(&p);
	}
}

static void help_is_the_nearest_name(void **state)
{
	static const struct {
		const char *expression, *help;
	} cases[] = {
		{"ref(\"ordesr\")",
		 "did you mean \"orders\"? (definitions/orders.sqlx)"},
		{"ref(\"ds.orders\")", "write ref(\"ds\", \"orders\")"},
		{"ref(\"ds\", \"users\")",
		 "did you mean \"db.raw.users\"? (definitions/raw.js)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct project_maker p;
		char text[200];

		project_start(&p);
		add_orders(&p);
		snprintf(text, sizeof(text),
			 "config { type: \"table\" }\n${%s}",
			 cases[i].expression);
		project_add(&p, "definitions/t.sqlx", text);
		assert_false(project_make(&p));
		assert_true(str_is(p.c.diags.v[0].help, cases[i].help));
		project_end(&p);
	}
}

static void suffixes_and_prefix_change_all_but_declarations(void **state)
{
	struct project_maker p;
	const struct action *a;

	(void)state;
	project_start(&p);
	add_orders(&p);
	project_add(&p, "definitions/t.sqlx",
		    "config { type: \"table\", "
		    "assertions: { nonNull: [\"id\"] } }"
		    "${ref(\"users\")}${ref(\"orders\")}${self()}");
	p.options.overrides.schema_suffix = STR("dev");
	p.options.overrides.database_suffix = STR("me");
	p.options.overrides.table_prefix = STR("my");
	assert_true(project_make(&p));
	a = project_action(&p, "ds_dev.my_t");
	assert_true(str_is(a->query, "`db.raw.users``db_me.ds_dev.my_orders`"
				     "`db_me.ds_dev.my_t`"));
	assert_string_equal(project_deps(&p, "ds_dev.my_t"),
			    "raw.users ds_dev.my_orders");
	assert_true(str_is(a->canonical.name, "t"));
	assert_true(str_is(a->canonical.schema, "ds"));
	a = project_action(&p, "checks_dev.my_ds_t_assertions_rowConditions");
	assert_true(str_is(a->parent->name, "my_t"));
	assert_true(str_is(p.c.graph.targets[0].schema, "ds"));
	project_end(&p);
}

/* As Dataform prints it, though BigQuery takes no such name. */
static void without_a_schema_its_dot_is_there(void **state)
{
	static const struct {
		const char *settings, *query;
	} cases[] = {
		{"defaultProject: db\n", "`db..a``db.s.b``db..t`"},
		{"defaultLocation: EU\n", "`.a``s.b``.t`"},
		{"projectSuffix: x\n", "`.a``s.b``.t`"},
		{"datasetSuffix: x\n", "`_x.a``s.b``_x.t`"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct project_maker p;

		project_start(&p);
		project_add(&p, "workflow_settings.yaml", cases[i].settings);
		project_add(&p, "definitions/a.js",
			    "publish(\"a\", \"select 1\");\n"
			    "declare({ schema: \"s\", name: \"b\" });\n"
			    "publish(\"t\").query(c => c.ref(\"a\") + "
			    "c.ref(\"b\") + c.self());\n");
		if (!project_make(&p))
			fail_msg("%s", project_errors(&p));
		assert_int_equal(p.c.graph.nactions, 3);
		if (!str_is(p.c.graph.actions[2].query, cases[i].query))
			fail_msg("%.*s", STR_ARG(p.c.graph.actions[2].query));
		project_end(&p);
	}
}

static void other_warehouses_quote_schema_and_name(void **state)
{
	struct project_maker p;

	(void)state;
	project_start(&p);
	add_orders(&p);
	project_add(&p, "weir.yaml",
		    "targets:\n  dev: { warehouse: duckdb, path: a.db }\n");
	project_add(&p, "definitions/t.sqlx",
		    "config { type: \"table\", "
		    "assertions: { uniqueKey: [\"id\"] } }"
		    "${ref(\"orders\")} ${self()}");
	assert_true(project_make(&p));
	assert_true(str_is(project_action(&p, "ds.t")->query,
			   "\"ds\".\"orders\" \"ds\".\"t\""));
	assert_true(str_has(
		project_action(&p, "checks.ds_t_assertions_uniqueKey_0")->query,
		STR("FROM \"ds\".\"t\"\n")));
	project_add(&p, "definitions/other.js",
		    "publish(\"t\", { database: \"elsewhere\" });\n");
	assert_false(project_make(&p));
	assert_string_equal(project_errors(&p),
			    "W207 definitions/t.sqlx:1:8 "
			    "\"elsewhere.ds.t\" and \"db.ds.t\" differ only in "
			    "their database\n");
	project_end(&p);
}

static void names_that_differ_in_case_are_one_on_duckdb(void **state)
{
	static const struct {
		const char *weirfile, *errors;
	} cases[] = {
		{"targets: { t: { warehouse: duckdb, path: a.db } }",
		 "W207 definitions/b.sqlx:1:8 \"db.ds.T\" and \"db.DS.t\" "
		 "differ only in upper and lower case\n"},
		{"targets: { t: { warehouse: postgres, connection: x } }", ""},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct project_maker p;

		project_start(&p);
		project_add(&p, "weir.yaml", cases[i].weirfile);
		project_add(&p, "definitions/a.sqlx",
			    "config { type: \"table\", name: \"T\", "
			    "assertions: { nonNull: [\"id\"] } } select 1");
		project_add(&p, "definitions/b.sqlx",
			    "config { type: \"table\", name: \"t\", "
			    "schema: \"DS\", "
			    "assertions: { nonNull: [\"id\"] } } select 1");
		project_make(&p);
		assert_string_equal(project_errors(&p), cases[i].errors);
		project_end(&p);
	}
}

/* Dataform finds the assertions by the words that they use themselves. */
static void assertions_of_dependencies_follow_them(void **state)
{
	static const struct {
		const char *sqlx, *deps;
	} cases[] = {
		{"config { type: \"table\" }${ref(\"orders\")}", "ds.orders"},
		{"config { type: \"table\", dependOnDependencyAssertions: true "
		 "}${ref(\"orders\")}",
		 "ds.orders checks.by_name checks.by_schema "
		 "checks.ds_orders_assertions_uniqueKey_0"},
		{"config { type: \"table\" }${ref({schema: \"ds\", "
		 "name: \"orders\", includeDependentAssertions: true})}",
		 "ds.orders checks.by_schema "
		 "checks.ds_orders_assertions_uniqueKey_0"},
		{"config { type: \"table\", dependOnDependencyAssertions: true "
		 "}${ref({name: \"orders\", includeDependentAssertions: "
		 "false})}",
		 "ds.orders"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct project_maker p;

		project_start(&p);
		project_add(&p, "definitions/orders.sqlx",
			    "config { type: \"table\", "
			    "assertions: { uniqueKey: [\"id\"] } } select 1");
		project_add(&p, "definitions/a.js",
			    "assert(\"by_name\", c => c.ref(\"orders\"));\n"
			    "assert(\"by_schema\", c => c.ref(\"ds\", "
			    "\"orders\"));\n");
		project_add(&p, "definitions/t.sqlx", cases[i].sqlx);
		assert_true(project_make(&p));
		assert_string_equal(project_deps(&p, "ds.t"), cases[i].deps);
		project_end(&p);
	}
}

/* The one that stays, because the other has an error, is still not meant. */
static void a_name_of_two_is_nobodys_though_one_fails(void **state)
{
	struct project_maker p;

	(void)state;
	project_start(&p);
	project_add(&p, "definitions/a.sqlx",
		    "config { type: \"table\" }${self()}|");
	project_add(&p, "definitions/b.sqlx",
		    "config { type: \"table\", name: \"a\" }${missing()}");
	project_add(&p, "definitions/c.sqlx", "select ${ref(\"a\")}");
	assert_false(project_make(&p));
	assert_string_equal(project_errors(&p),
			    "W401 definitions/b.sqlx:1:38 ReferenceError: "
			    "missing is not defined\n"
			    "W202 definitions/c.sqlx:1:14 \"a\" means several "
			    "actions of one name\n");
	assert_true(str_is(project_action(&p, "ds.a")->query, "|"));
	project_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_ref_finds_its_action),
		cmocka_unit_test(what_no_name_means_is_an_error_at_the_name),
		cmocka_unit_test(help_is_the_nearest_name),
		cmocka_unit_test(
			suffixes_and_prefix_change_all_but_declarations),
		cmocka_unit_test(without_a_schema_its_dot_is_there),
		cmocka_unit_test(other_warehouses_quote_schema_and_name),
		cmocka_unit_test(names_that_differ_in_case_are_one_on_duckdb),
		cmocka_unit_test(assertions_of_dependencies_follow_them),
		cmocka_unit_test(a_name_of_two_is_nobodys_though_one_fails),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
