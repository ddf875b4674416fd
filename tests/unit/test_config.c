/* Configs of actions: what is accepted, converted, refused, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json_write.h"
#include "compiler/config/config_int.h"
#include "tests/unit/config_check.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static void what_is_right_gets_one_shape(void **state)
{
	static const struct {
		enum action_type kind;
		const char *text, *want;
	} cases[] = {
		{ACTION_TABLE, "{type: table}", "{}"},
		{ACTION_TABLE, "{type: table, schema: s, database: d}",
		 "{\"dataset\":\"s\",\"project\":\"d\"}"},
		{ACTION_TABLE, "{dataset: today, schema: older}",
		 "{\"dataset\":\"older\"}"},
		{ACTION_VIEW, "{dependencies: [a, s.b, d.s.c, {name: e}]}",
		 "{\"dependencyTargets\":[{\"name\":\"a\"},{\"name\":\"b\","
		 "\"dataset\":\"s\"},{\"name\":\"c\",\"dataset\":\"s\","
		 "\"project\":\"d\"},{\"name\":\"e\"}]}"},
		{ACTION_TABLE,
		 "{columns: {a: text, r: {description: rec, columns: {x: 1 st},"
		 " tags: t}}}",
		 "{\"columns\":[{\"path\":[\"a\"],\"description\":\"text\"},"
		 "{\"path\":[\"r\"],\"description\":\"rec\",\"tags\":[\"t\"]},"
		 "{\"path\":[\"r\",\"x\"],\"description\":\"1 st\"}]}"},
		{ACTION_TABLE,
		 "{partitionBy: a, bigquery: {partitionBy: b, clusterBy: [c]}}",
		 "{\"partitionBy\":\"b\",\"clusterBy\":[\"c\"]}"},
		{ACTION_TABLE, "{bigquery: {}}", "{}"},
		{ACTION_TABLE,
		 "{assertions: {uniqueKey: a, nonNull: b, rowConditions: [c]}}",
		 "{\"assertions\":{\"uniqueKey\":[\"a\"],\"nonNull\":[\"b\"],"
		 "\"rowConditions\":[\"c\"]}}"},
		{ACTION_VIEW, "{assertions: {uniqueKeys: [[a], [b, c]]}}",
		 "{\"assertions\":{\"uniqueKeys\":[{\"uniqueKey\":[\"a\"]},"
		 "{\"uniqueKey\":[\"b\",\"c\"]}]}}"},
		{ACTION_INCREMENTAL,
		 "{uniqueKey: [a], onSchemaChange: extend, "
		 "incrementalStrategy: merge}",
		 "{\"uniqueKey\":[\"a\"],\"onSchemaChange\":\"EXTEND\","
		 "\"incrementalStrategy\":\"MERGE\"}"},
		{ACTION_INCREMENTAL, "{onSchemaChange: 3}",
		 "{\"onSchemaChange\":\"SYNCHRONIZE\"}"},
		{ACTION_INCREMENTAL, "{onSchemaChange: ''}", "{}"},
		{ACTION_TABLE,
		 "{metadata: {extraProperties: {a: 1, b: [true, null], c: {}},"
		 " overview: o}}",
		 "{\"metadata\":{\"overview\":\"o\",\"extraProperties\":{"
		 "\"fields\":{\"a\":{\"numberValue\":1},\"b\":{\"listValue\":{"
		 "\"values\":[{\"boolValue\":true},{\"nullValue\":"
		 "\"NULL_VALUE\"}]}},\"c\":{\"structValue\":{}}}}}}"},
		{ACTION_TABLE,
		 "{metadata: {extraProperties: {fields: {a: {boolValue: "
		 "false, nullValue: 0}, b: {listValue: {values: [{stringValue: "
		 "x}]}}, c: {structValue: {d: 1}}, e: {}}}}}",
		 "{\"metadata\":{\"extraProperties\":{\"fields\":{\"a\":{"
		 "\"nullValue\":\"NULL_VALUE\",\"boolValue\":false},\"b\":{"
		 "\"listValue\":{\"values\":[{\"stringValue\":\"x\"}]}},"
		 "\"c\":{\"structValue\":{\"fields\":{\"d\":{\"numberValue\""
		 ":1}}}},\"e\":{}}}}}"},
		{ACTION_TABLE,
		 "{metadata: {extraProperties: {a: {fields: {b: {numberValue: "
		 "1}}}, c: {fields: {}}}}}",
		 "{\"metadata\":{\"extraProperties\":{\"fields\":{\"a\":{"
		 "\"structValue\":{\"fields\":{\"b\":{\"numberValue\":1}}}},"
		 "\"c\":{\"structValue\":{}}}}}}"},
		{ACTION_TABLE, "{partitionBy: a, partitionExpirationDays: '7'}",
		 "{\"partitionBy\":\"a\",\"partitionExpirationDays\":7}"},
		{ACTION_OPERATION,
		 "{type: operations, hasOutput: true, columns: {a: b}}",
		 "{\"hasOutput\":true,\"columns\":[{\"path\":[\"a\"],"
		 "\"description\":\"b\"}]}"},
		{ACTION_ASSERTION, "{schema: s, hermetic: true}",
		 "{\"hermetic\":true,\"dataset\":\"s\"}"},
		{ACTION_DECLARATION, "{schema: s, name: n, columns: {}}",
		 "{\"name\":\"n\",\"columns\":[],\"dataset\":\"s\"}"},
		{ACTION_TABLE, "{assertions: {uniqueKey: [[a, b], 1]}}",
		 "{\"assertions\":{\"uniqueKey\":[\"a,b\",\"1\"]}}"},
		/* Dataform lets these through. */
		{ACTION_TABLE, "{description: false, filename: null}", "{}"},
		{ACTION_VIEW,
		 "{iceberg: {}, protected: [], tags: [], clusterBy: []}", "{}"},
		{ACTION_DECLARATION, "{assertions: {}}", "{}"},
		{ACTION_TABLE, "{weir: {}}", "{}"},
		{ACTION_TABLE, "{weir: {timeout: 90s, audit: true}}",
		 "{\"weir\":{\"timeout\":\"90s\",\"audit\":true}}"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct json_writer w;
		struct checked c;

		checked_read(&c, cases[i].kind, cases[i].text, false);
		if (!c.kept || c.diags.n)
			fail_msg("%s: %.*s", cases[i].text,
				 STR_ARG(c.diags.v[0].text));
		json_start(&w, NULL, 0);
		json_value(&w, &c.out);
		assert_string_equal(buf_str(&w.out).p, cases[i].want);
		buf_free(&w.out);
		checked_free(&c);
	}
}

static void what_dataform_drops_is_refused_at_its_key(void **state)
{
	static const struct refusal cases[] = {
		{ACTION_TABLE, "{foo: 1}", "\"foo\" is no option of a table",
		 NULL, "foo"},
		{ACTION_TABLE, "{foo: ''}", "\"foo\" is no option", NULL,
		 "foo"},
		{ACTION_TABLE, "{bigquery: {partitonBy: x}}",
		 "\"partitonBy\" is no option of bigquery",
		 "did you mean \"partitionBy\"?", "partitonBy"},
		{ACTION_TABLE, "{bigquery: {foo: {}}}",
		 "\"foo\" is no option of bigquery", NULL, "foo"},
		{ACTION_TABLE, "{dependancies: [a]}", "\"dependancies\"",
		 "\"dependencies\"", "dependancies"},
		{ACTION_TABLE, "{materialized: true}",
		 "\"materialized\" is no option of a table", "only views",
		 "materialized"},
		{ACTION_ASSERTION, "{columns: {a: b}}", "of an assertion",
		 "tables, views, incremental tables", "columns"},
		{ACTION_INCREMENTAL, "{preserveGovernanceControls: true}",
		 "of an incremental table", "only tables",
		 "preserveGovernanceControls"},
		{ACTION_TABLE, "{bigquery: {updatePartitionFilter: x}}",
		 "\"updatePartitionFilter\" is no option of a table",
		 "only incremental tables", "updatePartitionFilter"},
		{ACTION_VIEW, "{bigquery: {partitionExpirationDays: 1}}",
		 "no option of bigquery", "only tables and incremental tables",
		 "partitionExpirationDays"},
		{ACTION_OPERATION, "{bigquery: {labels: {a: b}}}",
		 "no option of an operation",
		 "only tables, views and incremental tables", "bigquery"},
		{ACTION_TABLE, "{bigquery: {requirePartitionFilter: false}}",
		 "must not be empty or false", "beside bigquery",
		 "requirePartitionFilter"},
		{ACTION_TABLE, "{tags: x}", "must be a list of strings",
		 "write [\"x\"]", "tags"},
		{ACTION_TABLE, "{tags: [a, 1]}", "item 2 is a number", NULL,
		 "tags"},
		{ACTION_TABLE, "{clusterBy: a}", "must be a list of strings",
		 "write [\"a\"]", "clusterBy"},
		{ACTION_TABLE, "{labels: {a: 3}}",
		 "\"a\" must be a string, not a number", "quotes", "a"},
		{ACTION_TABLE, "{description: null}", "has no value",
		 "give it a value", "description"},
		{ACTION_TABLE, "{schema: ''}", "\"schema\" has no value",
		 "give it a value", "schema"},
		{ACTION_TABLE, "{dependencies: x}", "must be a list",
		 "write [\"x\"]", "dependencies"},
		{ACTION_TABLE, "{dependencies: [a.b.c.d]}",
		 "more than three parts", "database.schema.name",
		 "dependencies"},
		{ACTION_TABLE, "{dependencies: [{schema: s, name: n}]}",
		 "\"schema\" is no option of a dependency", NULL,
		 "dependencies"},
		{ACTION_TABLE, "{columns: {a: null}}",
		 "column \"a\" has no value", NULL, "a"},
		{ACTION_TABLE, "{columns: {a: {columns: {b: {tags: 5}}}}}",
		 "\"tags\" must be a list", NULL, "tags"},
		{ACTION_TABLE,
		 "{metadata: {extraProperties: {fields: {a: 'text'}}}}",
		 "\"a\" must be an object", NULL, "a"},
		{ACTION_TABLE,
		 "{metadata: {extraProperties: {fields: {a: {text: 'x'}}}}}",
		 "\"text\" is no option of a value of extraProperties", NULL,
		 "text"},
		{ACTION_TABLE, "{columns: x}", "must be an object",
		 "description", "columns"},
		{ACTION_TABLE, "{dataset: false}", "must be a string", NULL,
		 "dataset"},
		{ACTION_TABLE, "{tags: {}}", "must be a list of strings", NULL,
		 "tags"},
		{ACTION_TABLE, "{assertions: {uniqeKey: [a]}}",
		 "\"uniqeKey\" is no option of assertions", "uniqueKey",
		 "uniqeKey"},
		{ACTION_TABLE, "{assertions: {uniqueKeys: [a]}}",
		 "must hold objects, and item 1 is a string", NULL,
		 "uniqueKeys"},
		{ACTION_TABLE, "{iceberg: {fileFormat: orc}}",
		 "file format is not supported", "PARQUET", "fileFormat"},
		{ACTION_INCREMENTAL, "{onSchemaChange: extned}",
		 "\"extned\" is no value of \"onSchemaChange\"",
		 "did you mean \"EXTEND\"?", "onSchemaChange"},
		{ACTION_INCREMENTAL, "{incrementalStrategy: true}",
		 "no value of \"incrementalStrategy\"",
		 "values are \"MERGE\", \"INSERT_OVERWRITE\"",
		 "incrementalStrategy"},
		{ACTION_TABLE, "{timeout: 5m}",
		 "\"timeout\" is no option of a table", "write it below weir",
		 "timeout"},
		{ACTION_TABLE, "{lookback: 5m}",
		 "\"lookback\" is no option of a table", NULL, "lookback"},
		{ACTION_DECLARATION, "{weir: {a: b}}",
		 "\"weir\" is no option of a declaration", "only tables",
		 "weir"},
		{ACTION_DECLARATION, "{name: ''}", "must have a name", NULL,
		 "name"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		refusal_check(&cases[i], false);
}

static void contradictions_are_reported_and_the_action_stays(void **state)
{
	static const struct refusal cases[] = {
		{ACTION_TABLE, "{bigquery: {partitionExpirationDays: 1}}",
		 "is for partitioned tables", "partitionBy",
		 "partitionExpirationDays"},
		{ACTION_INCREMENTAL,
		 "{requirePartitionFilter: true, "
		 "additionalOptions: {require_partition_filter: 'true'}}",
		 "is given twice", "remove", "requirePartitionFilter"},
		{ACTION_VIEW, "{clusterBy: [a]}", "is for materialized views",
		 "materialized: true", "clusterBy"},
		{ACTION_INCREMENTAL, "{incrementalStrategy: INSERT_OVERWRITE}",
		 "needs \"partitionBy\"", "partitions", "incrementalStrategy"},
		{ACTION_INCREMENTAL, "{incrementalStrategy: 1}",
		 "needs \"uniqueKey\"", "columns", "incrementalStrategy"},
		{ACTION_INCREMENTAL,
		 "{updatePartitionFilter: a, incrementalPredicates: [b]}",
		 "exclude each other", "incrementalPredicates",
		 "updatePartitionFilter"},
		{ACTION_TABLE,
		 "{assertions: {uniqueKey: [a], uniqueKeys: [[b]]}}",
		 "exclude each other", "uniqueKeys", "uniqueKeys"},
		{ACTION_OPERATION, "{columns: {a: b}}", "without output",
		 "hasOutput", "columns"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		refusal_check(&cases[i], true);
}

static void what_dataform_takes_by_mistake_is_a_warning(void **state)
{
	static const struct refusal cases[] = {
		{ACTION_TABLE, "{disabled: 'false'}",
		 "is a string and counts as true", "without quotes",
		 "disabled"},
		{ACTION_TABLE, "{hermetic: []}", "is a list and counts as true",
		 "without quotes", "hermetic"},
		{ACTION_TABLE, "{requirePartitionFilter: []}",
		 "is a list and counts as false", "without quotes",
		 "requirePartitionFilter"},
		{ACTION_TABLE, "{preserveGovernanceControls: {}}",
		 "is an object and counts as false", "without quotes",
		 "preserveGovernanceControls"},
		{ACTION_TABLE, "{columns: {a: 5}}",
		 "\"a\" is a number and describes nothing", "description", "a"},
		{ACTION_TABLE, "{columns: [x]}",
		 "is a list, so its columns are called 0, 1",
		 "name: \"description\"", "columns"},
		{ACTION_TABLE, "{columns: {a: {descripton: x}}}",
		 "\"descripton\" of a column is ignored",
		 "did you mean \"description\"?", "descripton"},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		refusal_check(&cases[i], true);
}

static void every_problem_is_reported(void **state)
{
	struct checked c;

	(void)state;
	checked_read(&c, ACTION_TABLE, "{foo: 1, tags: x, bigquery: {bar: 2}}",
		     false);
	assert_false(c.kept);
	assert_int_equal(c.diags.nerrors, 3);
	checked_free(&c);
}

static void operate_takes_only_the_names_of_today(void **state)
{
	struct checked c;

	(void)state;
	checked_read(&c, ACTION_OPERATION, "{schema: s}", true);
	assert_false(c.kept);
	assert_true(str_has(c.diags.v[0].help, STR("\"dataset\"")));
	checked_free(&c);
	checked_read(&c, ACTION_OPERATION, "{columns: [{path: [a]}], name: n}",
		     true);
	assert_true(c.kept);
	assert_int_equal(c.diags.n, 0);
	checked_free(&c);
}

static void keys_are_found_among_strings_and_comments(void **state)
{
	static const struct {
		const char *text, *key;
		uint32_t start;
	} cases[] = {
		{"{a: 1, b: 2}", "b", 7},
		{"{\n  // b: 0\n  a: \"b: 1\", 'b': 2}", "b", 26},
		{"{a: {b: 1}, c: [b, {b: 2}], b: 3}", "b", 28},
		{"{a: f(`b}`, '}'), /* b: } */ b: 1}", "b", 29},
		{"{b: 1, b: 2}", "b", 7},
		{"{a, b, c}", "b", 4},
		{"{a: 'x\\'}', b: 1}", "b", 12},
		{"{a: 1}", "b", 0},
		{"{a: [", "b", 0},
		{"{'b", "b", 0},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct source src = {STR("a"), str_of(cases[i].text)};
		struct config_place place = {&src, 0, (uint32_t)src.text.n};
		struct str path = str_of(cases[i].key);
		struct span at = config_locate(place, &path, 1);

		if (at.start != cases[i].start)
			fail_msg("%s: at %u", cases[i].text, at.start);
	}
}

static struct str help_text(struct arena *a)
{
	char help[20000];
	FILE *f = tmpfile();
	size_t n;

	assert_non_null(f);
	config_help(f);
	rewind(f);
	n = fread(help, 1, sizeof(help), f);
	assert_true(n < sizeof(help));
	fclose(f);
	return arena_str(a, (struct str){help, n});
}

static void help_names_every_key(void **state)
{
	struct schema s = config_keys(ACTION_TABLE);
	struct arena *a = arena_new();
	struct str help = help_text(a);

	(void)state;
	for (size_t i = 0; i < s.nfields; i++) {
		const struct schema *below = s.fields[i].message;

		assert_true(str_has(help, str_of(s.fields[i].name)));
		if (below &&
		    !str_has(help, arena_printf(a, "\nbelow %s:\n  %s ",
						s.fields[i].name,
						below->fields[0].name)))
			fail_msg("help lacks the keys of %s", s.fields[i].name);
	}
	assert_true(str_has(help, STR("\nbelow uniqueKeys:\n  uniqueKey ")));
	arena_free(a);
}

/* What help says of one key. */
struct helped {
	char name[64], type[64], kinds[128], initial[64], help[128];
};

static void find_row(struct arena *a, struct str page, const struct helped *h,
		     bool is_below)
{
	struct str row;

	if (is_below && !*h->kinds)
		row = arena_printf(a, "\n| `%s` | %s | %s |\n", h->name,
				   h->type, h->help);
	else
		row = arena_printf(
			a, "\n| `%s` | %s | %s | %s | %s |\n", h->name, h->type,
			*h->kinds ? h->kinds : "all", h->initial, h->help);
	if (!str_has(page, row))
		fail_msg("docs/config.md lacks%s", row.p);
}

/* Help is made from the table, so the page is compared with it. */
static void documentation_says_what_help_says(void **state)
{
	struct arena *a = arena_new();
	struct str help = help_text(a), page;
	struct error err = {0};
	struct helped h = {0};
	size_t nkeys = 0, start, end;
	bool is_below = false;

	(void)state;
	assert_true(file_read("docs/config.md", 1 << 20, a, &page, &err));
	start = (size_t)(strstr(help.p, "\n  type ") + 1 - help.p);
	for (; start < help.n; start = end + 1) {
		const char *line = help.p + start;
		bool is_more = strncmp(line, "      ", 6) == 0;

		end = str_find(help, '\n', start);
		if (*h.name && !is_more) {
			find_row(a, page, &h, is_below);
			memset(&h, 0, sizeof(h));
			nkeys++;
		}
		if (strncmp(line, "below bigquery:", 15) == 0)
			break;
		if (strncmp(line, "below ", 6) == 0)
			is_below = true;
		else if (!is_more && *line == ' ')
			sscanf(line, "  %63s %63[^\n]", h.name, h.type);
		else if (is_more &&
			 !sscanf(line, " only: %127[^\n]", h.kinds) &&
			 !sscanf(line, " default: %63[^\n]", h.initial) &&
			 strncmp(line + 6, "older name:", 11) != 0)
			sscanf(line, " %127[^\n]", h.help);
	}
	assert_true(nkeys > 50);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_gets_one_shape),
		cmocka_unit_test(what_dataform_drops_is_refused_at_its_key),
		cmocka_unit_test(
			contradictions_are_reported_and_the_action_stays),
		cmocka_unit_test(what_dataform_takes_by_mistake_is_a_warning),
		cmocka_unit_test(every_problem_is_reported),
		cmocka_unit_test(operate_takes_only_the_names_of_today),
		cmocka_unit_test(keys_are_found_among_strings_and_comments),
		cmocka_unit_test(help_names_every_key),
		cmocka_unit_test(documentation_says_what_help_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
