/* The settings of a project: what they become, and what is refused where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json_write.h"
#include "base/path.h"
#include "compiler/diag.h"
#include "compiler/project/settings.h"
#include "compiler/project/tree.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A project in memory: settings of either kind; NULL for none. */
struct memory {
	struct tree tree;
	const char *yaml, *json;
};

static const char *text_of(struct tree *t, const char *path)
{
	struct memory *m = (struct memory *)t;

	if (strcmp(path, "workflow_settings.yaml") == 0)
		return m->yaml;
	return strcmp(path, "dataform.json") == 0 ? m->json : NULL;
}

static bool memory_has(struct tree *t, const char *path)
{
	return text_of(t, path) != NULL;
}

static bool memory_read(struct tree *t, const char *path, size_t max,
			struct arena *arena, struct str *out, struct error *err)
{
	if (!text_of(t, path))
		return error_set(err, ERROR_IO, "no such file");
	if (strlen(text_of(t, path)) > max)
		return error_set(err, ERROR_TOO_LARGE, "%s is too large", path);
	*out = arena_str(arena, str_of(text_of(t, path)));
	return true;
}

static const char *memory_root(struct tree *t)
{
	(void)t;
	return "/project";
}

static const struct tree_ops memory_ops = {
	.read = memory_read,
	.has = memory_has,
	.root = memory_root,
};

struct got {
	struct arena *arena;
	struct diags diags;
	struct settings settings;
	bool ok;
};

static void read_both(struct got *g, const char *yaml, const char *json,
		      const struct overrides *o)
{
	struct memory m = {{&memory_ops}, yaml, json};
	struct overrides none = {0};

	g->arena = arena_new();
	diags_init(&g->diags, g->arena);
	g->ok = settings_read(&m.tree, o ? o : &none, g->arena, &g->diags,
			      &g->settings);
}

static void check_config(const char *yaml, const char *json,
			 const struct overrides *o, const char *want)
{
	struct json_writer w;
	struct got g;

	read_both(&g, yaml, json, o);
	if (!g.ok)
		fail_msg("%s: %.*s", yaml ? yaml : json,
			 STR_ARG(g.diags.v[0].text));
	json_start(&w, NULL, 0);
	json_value(&w, &g.settings.project_config);
	assert_string_equal(buf_str(&w.out).p, want);
	buf_free(&w.out);
	arena_free(g.arena);
}

static void yaml_becomes_a_project_config_in_the_graphs_order(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"defaultLocation: EU\ndefaultProject: p\ndefaultDataset: d\n"
		 "defaultAssertionDataset: a\n",
		 "{\"warehouse\":\"bigquery\",\"defaultSchema\":\"d\","
		 "\"assertionSchema\":\"a\",\"defaultDatabase\":\"p\","
		 "\"defaultLocation\":\"EU\"}"},
		{"projectSuffix: ''\ndisableAssertions: false\nvars: {}\n",
		 "{\"warehouse\":\"bigquery\"}"},
		{"disableAssertions: true\nnamePrefix: n\ndatasetSuffix: s\n"
		 "projectSuffix: x\nbuiltinAssertionNamePrefix: b\n",
		 "{\"warehouse\":\"bigquery\",\"schemaSuffix\":\"s\","
		 "\"tablePrefix\":\"n\",\"databaseSuffix\":\"x\","
		 "\"builtinAssertionNamePrefix\":\"b\","
		 "\"disableAssertions\":true}"},
		{"vars: {b: x, 10: y, 2: z, d: 2020-01-01}\n",
		 "{\"warehouse\":\"bigquery\",\"vars\":{\"2\":\"z\","
		 "\"10\":\"y\",\"b\":\"x\","
		 "\"d\":\"2020-01-01T00:00:00.000Z\"}}"},
		{"defaultIcebergConfig: {connection: c, bucketName: ''}\n",
		 "{\"warehouse\":\"bigquery\",\"defaultIcebergConfig\":"
		 "{\"connection\":\"c\"}}"},
		{"defaultNotebookRuntimeOptions:\n  outputBucket: gs://b\n"
		 "  repositorySnapshotDestination: {}\n",
		 "{\"warehouse\":\"bigquery\","
		 "\"defaultNotebookRuntimeOptions\":{\"outputBucket\":"
		 "\"gs://b\",\"repositorySnapshotDestination\":"
		 "{\"repositorySnapshotUri\":\"gs://b\"}}}"},
		{"lineage: {enabled: true}\nextension: {}\n",
		 "{\"warehouse\":\"bigquery\",\"lineageEnabled\":true}"},
		{"dataformCoreVersion: 3.0.62\nfoo: {}\n",
		 "{\"warehouse\":\"bigquery\"}"},
		{"defaultLocation: false\ndefaultProject: 0\nfoo: []\n",
		 "{\"warehouse\":\"bigquery\"}"},
		{"vars: [a, b]\n",
		 "{\"warehouse\":\"bigquery\",\"vars\":{\"0\":\"a\","
		 "\"1\":\"b\"}}"},
		{"vars: {__proto__: x, toString: y}\n",
		 "{\"warehouse\":\"bigquery\",\"vars\":{\"toString\":\"y\"}}"},
		{"defaultIcebergConfig: []\n",
		 "{\"warehouse\":\"bigquery\",\"defaultIcebergConfig\":{}}"},
		{"defaultNotebookRuntimeOptions: {outputBucket: b, "
		 "repositorySnapshotDestination: []}\n",
		 "{\"warehouse\":\"bigquery\","
		 "\"defaultNotebookRuntimeOptions\":{\"outputBucket\":"
		 "\"b\",\"repositorySnapshotDestination\":"
		 "{\"repositorySnapshotUri\":\"b\"}}}"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		check_config(cases[i].text, NULL, NULL, cases[i].want);
}

static void json_stays_as_it_is_written(void **state)
{
	(void)state;
	check_config(NULL, "{}", NULL, "{}");
	check_config(NULL,
		     "{\"defaultSchema\": \"\", \"warehouse\": \"redshift\","
		     " \"vars\": {\"a\": \"b\"}}",
		     NULL,
		     "{\"warehouse\":\"redshift\",\"defaultSchema\":\"\","
		     "\"vars\":{\"a\":\"b\"}}");
}

static void old_keys_of_json_are_one_warning(void **state)
{
	static const struct {
		const char *text, *want, *message, *help;
		uint32_t column;
	} cases[] = {
		{"{\"warehouse\": \"bigquery\", \"gcloudProjectId\": \"g\", "
		 "\"defaultSchema\": \"d\"}",
		 "{\"warehouse\":\"bigquery\",\"defaultSchema\":\"d\","
		 "\"defaultDatabase\":\"g\"}",
		 "knew \"gcloudProjectId\"", "\"defaultDatabase\"", 28},
		{"{\"defaultDatabase\": \"p\", \"gcloudProjectId\": \"g\"}",
		 "{\"defaultDatabase\":\"p\"}", "knew \"gcloudProjectId\"",
		 "no effect: remove them", 27},
		{"{\"useRunCache\": false, \"concurrentQueryLimit\": null, "
		 "\"idempotentActionRetries\": {\"a\": [1]}}",
		 "{}",
		 "\"useRunCache\", \"concurrentQueryLimit\", "
		 "\"idempotentActionRetries\"",
		 "no effect: remove them", 3},
		{"{\"gcloudProjectId\": 5}", "{}", "\"gcloudProjectId\"",
		 "no effect", 3},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const struct diag *d;
		struct got g;

		check_config(NULL, cases[i].text, NULL, cases[i].want);
		read_both(&g, NULL, cases[i].text, NULL);
		assert_int_equal(g.diags.n, 1);
		d = &g.diags.v[0];
		assert_int_equal(d->severity, SEVERITY_WARNING);
		assert_int_equal(d->code, DIAG_OLD_SETTING);
		assert_true(str_has(d->text, str_of(cases[i].message)));
		assert_true(str_has(d->help, str_of(cases[i].help)));
		assert_int_equal(d->span.start + 1, cases[i].column);
		arena_free(g.arena);
	}
}

static void overrides_win_and_vars_are_merged(void **state)
{
	struct variable vars[] = {{STR("b"), STR("2")}, {STR("c"), STR("3")}};
	const struct overrides o = {
		.default_schema = STR("over"),
		.schema_suffix = STR("sfx"),
		.default_database = STR(""),
		.disable_assertions = true,
		.vars = vars,
		.nvars = LEN(vars),
	};

	(void)state;
	check_config("defaultDataset: d\ndefaultProject: p\n"
		     "vars: {a: '1', b: '1'}\n",
		     NULL, &o,
		     "{\"warehouse\":\"bigquery\",\"defaultSchema\":\"over\","
		     "\"schemaSuffix\":\"sfx\",\"defaultDatabase\":\"p\","
		     "\"vars\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"},"
		     "\"disableAssertions\":true}");
}

static void fields_repeat_the_config(void **state)
{
	struct got g;

	(void)state;
	read_both(&g,
		  "dataformCoreVersion: 3.0.62\ndefaultProject: p\n"
		  "preserveGovernanceControls: 'yes'\n",
		  NULL, NULL);
	assert_true(g.ok);
	assert_true(str_is(g.settings.core_version, "3.0.62"));
	assert_true(str_is(g.settings.default_database, "p"));
	assert_null(g.settings.default_schema.p);
	assert_true(g.settings.preserve_governance);
	assert_int_equal(g.diags.nwarnings, 1);
	arena_free(g.arena);
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
	static const struct {
		const char *yaml, *json, *message, *help;
		enum diag_code code;
		uint32_t line, column;
	} cases[] = {
		{"a: 1\nfoo: 1\n", NULL, "\"a\" is no option", NULL,
		 DIAG_UNKNOWN_SETTING, 1, 1},
		{"defaultDatset: x\n", NULL, "\"defaultDatset\" is no option",
		 "did you mean \"defaultDataset\"?", DIAG_UNKNOWN_SETTING, 1,
		 1},
		{"vars:\n  a: 1\n", NULL, "\"a\" must be a string",
		 "put quotes around it", DIAG_BAD_SETTINGS, 2, 3},
		{"vars: [a, true]\n", NULL, "\"1\" must be a string", NULL,
		 DIAG_BAD_SETTINGS, 1, 1},
		{"vars:\n  a:\n", NULL, "\"a\" has no value", "give it",
		 DIAG_BAD_SETTINGS, 2, 3},
		{"projectSuffix:\n", NULL, "\"projectSuffix\" has no value",
		 "give it", DIAG_BAD_SETTINGS, 1, 1},
		{"defaultProject: 5\n", NULL, "must be a string, not a number",
		 "quotes", DIAG_BAD_SETTINGS, 1, 1},
		{"", NULL, "the settings are empty", "defaultDataset",
		 DIAG_BAD_SETTINGS, 1, 1},
		{"- a\n", NULL, "must be an object, not a list", NULL,
		 DIAG_BAD_SETTINGS, 1, 1},
		{"a: [\n", NULL, "did not find", NULL, DIAG_BAD_SETTINGS, 2, 1},
		{"extension: {name: x, compilationMode: SOON}\n", NULL,
		 "no such compilationMode", "PROLOGUE and APPLICATION_CODE",
		 DIAG_BAD_SETTINGS, 1, 22},
		{"extension: {compilationMode: 1}\n", NULL,
		 "the extension has no name", "npm package", DIAG_BAD_SETTINGS,
		 1, 1},
		{"extension: {mode: 1}\n", NULL,
		 "\"mode\" is no option of extension", NULL,
		 DIAG_UNKNOWN_SETTING, 1, 13},
		{"defaultNotebookRuntimeOptions:\n"
		 "  repositorySnapshotDestination: {}\n",
		 NULL, "needs repositorySnapshotUri", NULL, DIAG_BAD_SETTINGS,
		 2, 3},
		{"defaultIcebergConfig: {bucket: b}\n", NULL,
		 "\"bucket\" is no option of defaultIcebergConfig", NULL,
		 DIAG_UNKNOWN_SETTING, 1, 24},
		{NULL, "{\n  \"useCache\": true }", "\"useCache\"", NULL,
		 DIAG_UNKNOWN_SETTING, 2, 4},
		{NULL, "{ \"vars\": {\"a\": 1} }", "\"a\" must be a string",
		 "quotes", DIAG_BAD_SETTINGS, 1, 13},
		{NULL, "{\"a\": }", "unexpected token", NULL, DIAG_BAD_SETTINGS,
		 1, 7},
		{NULL, "null", "must be an object, not null", NULL,
		 DIAG_BAD_SETTINGS, 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const char *text =
			cases[i].yaml ? cases[i].yaml : cases[i].json;
		const struct diag *d;
		struct position at;
		struct got g;

		read_both(&g, cases[i].yaml, cases[i].json, NULL);
		if (g.ok || g.diags.n == 0)
			fail_msg("%s: accepted", text);
		d = &g.diags.v[0];
		at = source_position(d->span.src, d->span.start);
		if (!str_has(d->text, str_of(cases[i].message)) ||
		    d->code != cases[i].code)
			fail_msg("%s: %s %.*s", text, diag_code_name(d->code),
				 STR_ARG(d->text));
		if (cases[i].help &&
		    (!d->help.p || !str_has(d->help, str_of(cases[i].help))))
			fail_msg("%s: help %.*s", text, STR_ARG(d->help));
		if (at.line != cases[i].line || at.column != cases[i].column)
			fail_msg("%s: at %u:%u", text, at.line, at.column);
		arena_free(g.arena);
	}
}

static void an_extension_without_a_mode_is_a_warning(void **state)
{
	static const struct {
		const char *yaml;
		size_t nwarnings;
	} cases[] = {
		{"extension: {name: x}\n", 1},
		{"extension: {name: x, options: {a: b}}\n", 1},
		{"extension: {name: x, compilationMode: PROLOGUE}\n", 0},
		{"extension:\n  name: x\n"
		 "  compilationMode: COMPILATION_MODE_UNSPECIFIED\n",
		 0},
		{"extension: {}\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct got g;

		read_both(&g, cases[i].yaml, NULL, NULL);
		assert_true(g.ok);
		assert_int_equal(g.diags.nwarnings, cases[i].nwarnings);
		if (g.diags.n)
			assert_true(str_has(g.diags.v[0].text,
					    STR("\"x\" is not called")));
		arena_free(g.arena);
	}
}

static void every_problem_is_reported(void **state)
{
	struct got g;

	(void)state;
	read_both(&g, "a: 1\nb: 2\ndefaultProject: 5\n", NULL, NULL);
	assert_false(g.ok);
	assert_int_equal(g.diags.nerrors, 3);
	arena_free(g.arena);
}

/* Each place would be looked for from the start of a file of megabytes. */
static void not_every_one_of_many_problems_is_looked_for(void **state)
{
	struct buf json = {0};
	struct got g;
	struct diag *last;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_printf(&json, "%s\"no%d\": 1", i ? ",\n" : "{", i);
	buf_adds(&json, "}");
	read_both(&g, NULL, json.p, NULL);
	assert_false(g.ok);
	assert_int_equal(g.diags.n, 1000);
	assert_int_not_equal(g.diags.v[199].span.start, 0);
	last = &g.diags.v[999];
	assert_non_null(last->span.src);
	assert_int_equal(last->span.start, 0);
	arena_free(g.arena);
	buf_free(&json);
}

static void exactly_one_file_is_needed(void **state)
{
	struct got g;

	(void)state;
	read_both(&g, NULL, NULL, NULL);
	assert_false(g.ok);
	assert_int_equal(g.diags.v[0].code, DIAG_NO_PROJECT);
	assert_true(str_has(g.diags.v[0].help, STR("weir init")));
	arena_free(g.arena);
	read_both(&g, "defaultDataset: d\n", "{}", NULL);
	assert_false(g.ok);
	assert_true(str_is(g.diags.v[0].file, "dataform.json"));
	arena_free(g.arena);
}

static void bytes_that_are_no_utf8_are_refused(void **state)
{
	struct position at;
	struct got g;

	(void)state;
	read_both(&g, "a: 1\nb: \xff\n", NULL, NULL);
	assert_false(g.ok);
	assert_int_equal(g.diags.v[0].code, DIAG_BAD_UTF8);
	at = source_position(g.diags.v[0].span.src, g.diags.v[0].span.start);
	assert_int_equal(at.line, 2);
	assert_int_equal(at.column, 4);
	arena_free(g.arena);
}

/* What a number is to a key of the type: "must be a string, not a number". */
static void check_documented(const char *key, const char *type)
{
	static const struct {
		const char *type, *says;
	} types[] = {
		{"string", "must be a string, not a number"},
		{"boolean", "is a number and counts as true"},
		{"object", "must be an object, not a number"},
		{"object of strings",
		 "must be an object of strings, not a number"},
	};
	struct buf yaml = {0};
	struct got g;

	buf_printf(&yaml, "%s: 5\n", key);
	read_both(&g, yaml.p, NULL, NULL);
	for (size_t i = 0; i < LEN(types); i++) {
		if (strcmp(types[i].type, type) != 0)
			continue;
		if (g.diags.n != 1 ||
		    !str_has(g.diags.v[0].text, str_of(types[i].says)))
			fail_msg("%s is no %s", key, type);
		arena_free(g.arena);
		buf_free(&yaml);
		return;
	}
	fail_msg("%s has the type \"%s\"", key, type);
}

/* One row: | `key`, `key` | type | text | */
static size_t check_row(struct str line)
{
	char row[512], *type, *end, *key;
	size_t n = 0;

	snprintf(row, sizeof(row), "%.*s", STR_ARG(line));
	type = strstr(row, " | ");
	assert_non_null(type);
	*type = '\0';
	type += 3;
	end = strstr(type, " | ");
	assert_non_null(end);
	*end = '\0';
	for (key = strtok(row, "| ,`"); key; key = strtok(NULL, "| ,`")) {
		check_documented(key, type);
		n++;
	}
	return n;
}

static void documentation_has_the_keys_and_their_types(void **state)
{
	struct arena *a = arena_new();
	struct value keys = settings_defaults(a);
	struct error err = {0};
	struct str page;
	size_t start, end, n = 0;

	(void)state;
	assert_true(
		file_read("docs/configuration.md", 1 << 20, a, &page, &err));
	start = (size_t)(strstr(page.p, "\n## workflow_settings") + 1 - page.p);
	for (; start < page.n; start = end + 1) {
		struct str line;

		end = str_find(page, '\n', start);
		line = str_sub(page, start, end);
		if (str_starts(line, STR("## dataform.json")))
			break;
		if (str_starts(line, STR("| `")))
			n += check_row(line);
	}
	/* Beside those that both have: dataformCoreVersion, lineage and
	 * extension in the page, warehouse in the list. */
	assert_int_equal(n, keys.n + 2);
	for (uint32_t i = 0; i < keys.n; i++)
		if (!str_has(page, arena_printf(a, "`%.*s`",
						STR_ARG(keys.members[i].key))))
			fail_msg("configuration.md lacks %.*s",
				 STR_ARG(keys.members[i].key));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			yaml_becomes_a_project_config_in_the_graphs_order),
		cmocka_unit_test(json_stays_as_it_is_written),
		cmocka_unit_test(old_keys_of_json_are_one_warning),
		cmocka_unit_test(overrides_win_and_vars_are_merged),
		cmocka_unit_test(fields_repeat_the_config),
		cmocka_unit_test(what_is_wrong_is_named_with_its_place),
		cmocka_unit_test(an_extension_without_a_mode_is_a_warning),
		cmocka_unit_test(every_problem_is_reported),
		cmocka_unit_test(not_every_one_of_many_problems_is_looked_for),
		cmocka_unit_test(documentation_has_the_keys_and_their_types),
		cmocka_unit_test(exactly_one_file_is_needed),
		cmocka_unit_test(bytes_that_are_no_utf8_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
