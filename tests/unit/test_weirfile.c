/* weir.yaml: targets, loads, the environment, and what is refused where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "compiler/diag.h"
#include "compiler/project/settings.h"
#include "compiler/project/tree.h"
#include "compiler/project/weirfile.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A project in memory that has one file at most. */
struct memory {
	struct tree tree;
	const char *text; /* of weir.yaml; NULL if there is none */
};

static bool memory_has(struct tree *t, const char *path)
{
	struct memory *m = (struct memory *)t;

	return m->text && strcmp(path, "weir.yaml") == 0;
}

static bool memory_read(struct tree *t, const char *path, size_t max,
			struct arena *arena, struct str *out, struct error *err)
{
	struct memory *m = (struct memory *)t;

	(void)max;
	if (!memory_has(t, path))
		return error_set(err, ERROR_IO, "no such file");
	*out = arena_str(arena, str_of(m->text));
	return true;
}

static const struct tree_ops memory_ops = {
	.read = memory_read,
	.has = memory_has,
};

struct got {
	struct arena *arena;
	struct diags diags;
	struct weirfile file;
	bool ok;
};

static void read_text(struct got *g, const char *text)
{
	struct memory m = {{&memory_ops}, text};

	g->arena = arena_new();
	diags_init(&g->diags, g->arena);
	g->ok = weirfile_read(&m.tree, g->arena, &g->diags, &g->file);
}

static const struct profile *choose(struct got *g, const char *name)
{
	return weirfile_profile(&g->file, str_of(name), g->arena, &g->diags);
}

static void no_file_is_a_bigquery_project(void **state)
{
	const struct profile *p;
	struct got g;

	(void)state;
	read_text(&g, NULL);
	assert_true(g.ok);
	assert_null(g.file.src);
	p = choose(&g, NULL);
	assert_ptr_equal(p->dialect, &dialect_bigquery);
	assert_null(choose(&g, "dev"));
	assert_int_equal(g.diags.v[0].code, DIAG_UNKNOWN_TARGET);
	arena_free(g.arena);
}

static void targets_become_profiles(void **state)
{
	const struct profile *p;
	struct got g;

	(void)state;
	read_text(&g, "defaultTarget: dev\n"
		      "targets:\n"
		      "  dev: { warehouse: duckdb }\n"
		      "  prod: { warehouse: postgres, jobs: 8, lock: l,\n"
		      "          connection: \"service=a\" }\n"
		      "  bq: { warehouse: bigquery, project: p,\n"
		      "        maximumBytesBilled: 10GB, jobs: 1000 }\n");
	assert_true(g.ok);
	p = choose(&g, NULL);
	assert_true(str_is(p->name, "dev"));
	assert_true(str_is(p->path, ".weir/dev.duckdb"));
	assert_int_equal(p->jobs, 0);
	p = choose(&g, "prod");
	assert_ptr_equal(p->dialect, &dialect_postgres);
	assert_true(str_is(p->connection, "service=a"));
	assert_true(str_is(p->lock, "l"));
	assert_int_equal(p->jobs, 8);
	p = choose(&g, "bq");
	assert_int_equal(p->jobs, 1000);
	assert_true(str_is(value_get_str(p->more, "project"), "p"));
	assert_int_equal(g.diags.n, 0);
	arena_free(g.arena);
}

static void a_single_target_is_the_default(void **state)
{
	struct got g;

	(void)state;
	read_text(&g, "targets: {only: {warehouse: duckdb, path: a.db}}\n");
	assert_true(g.ok);
	assert_true(str_is(choose(&g, NULL)->path, "a.db"));
	arena_free(g.arena);
}

static void an_unknown_target_gets_a_suggestion(void **state)
{
	static const struct {
		const char *name, *text, *help;
	} cases[] = {
		{"pord", "there is no target \"pord\"",
		 "did you mean \"prod\"?"},
		{"elsewhere", "there is no target \"elsewhere\"",
		 "weir.yaml has: dev, prod"},
		{NULL, "several targets and no defaultTarget",
		 "weir.yaml has: dev, prod"},
	};
	struct got g;

	(void)state;
	read_text(&g, "targets: {dev: {warehouse: duckdb},\n"
		      "          prod: {warehouse: postgres}}\n");
	assert_true(g.ok);
	for (size_t i = 0; i < LEN(cases); i++) {
		assert_null(choose(&g, cases[i].name));
		assert_true(str_has(g.diags.v[i].text, str_of(cases[i].text)));
		assert_true(str_is(g.diags.v[i].help, cases[i].help));
	}
	arena_free(g.arena);
}

static void variables_are_filled_in_and_hidden(void **state)
{
	const struct profile *p;
	struct got g;
	struct str text;

	(void)state;
	setenv("WEIR_TEST_SECRET", "pa55", 1);
	setenv("WEIR_TEST_JOBS", "3", 1);
	read_text(&g,
		  "targets:\n"
		  "  a:\n"
		  "    warehouse: postgres\n"
		  "    connection: \"password=${env:WEIR_TEST_SECRET} x=1\"\n"
		  "    jobs: \"${env:WEIR_TEST_JOBS}\"\n"
		  "    schemaSuffix: \"${env:WEIR_TEST_JOBS}\"\n");
	assert_true(g.ok);
	p = choose(&g, "a");
	assert_true(str_is(p->connection, "password=pa55 x=1"));
	assert_int_equal(p->jobs, 3);
	text = secrets_hide(&p->secrets, g.arena, STR("wrong: pa55, 3"));
	assert_true(str_is(text, "wrong: ${env:WEIR_TEST_SECRET}, 3"));
	arena_free(g.arena);
}

static void a_variable_counts_only_for_the_chosen_target(void **state)
{
	struct got g;

	(void)state;
	unsetenv("WEIR_TEST_UNSET");
	read_text(&g, "targets:\n"
		      "  a: { warehouse: duckdb }\n"
		      "  b:\n"
		      "    warehouse: postgres\n"
		      "    connection: \"${env:WEIR_TEST_UNSET}\"\n");
	assert_true(g.ok);
	assert_non_null(choose(&g, "a"));
	assert_int_equal(g.diags.n, 0);
	assert_null(choose(&g, "b"));
	assert_true(str_has(g.diags.v[0].text, STR("\"WEIR_TEST_UNSET\"")));
	assert_int_equal(
		source_position(g.file.src, g.diags.v[0].span.start).line, 5);
	arena_free(g.arena);
}

static void a_target_overrides_what_the_command_line_leaves(void **state)
{
	struct variable given = {STR("a"), STR("line")};
	struct overrides o = {
		.schema_suffix = STR("mine"), .vars = &given, .nvars = 1};
	struct got g;

	(void)state;
	read_text(&g, "targets:\n"
		      "  t: { warehouse: duckdb, schemaSuffix: x,\n"
		      "       tablePrefix: p, disableAssertions: true,\n"
		      "       vars: { a: target, b: target } }\n");
	assert_true(g.ok);
	weirfile_overrides(choose(&g, "t"), g.arena, &o);
	assert_true(str_is(o.schema_suffix, "mine"));
	assert_true(str_is(o.table_prefix, "p"));
	assert_true(o.disable_assertions);
	assert_int_equal(o.nvars, 2);
	assert_true(str_is(o.vars[0].name, "b"));
	assert_true(str_is(o.vars[1].value, "line"));
	arena_free(g.arena);
}

static void loads_have_columns_with_bigquery_types(void **state)
{
	const struct load *l;
	struct got g;

	(void)state;
	read_text(&g,
		  "loads:\n"
		  "  raw.a: { files: \"d/*.ndjson\", format: ndjson,\n"
		  "           columns: { id: INTEGER, n: decimal, b: Bool } }\n"
		  "  b: { files: \"x.csv\", columns: { a: string } }\n"
		  "schedules: { hourly: { cron: \"5 * * * *\" } }\n"
		  "notify: [ { on: [failure] } ]\n");
	assert_true(g.ok);
	assert_int_equal(g.file.nloads, 2);
	l = &g.file.loads[0];
	assert_true(str_is(l->key, "raw.a"));
	assert_int_equal(l->line, 2);
	assert_int_equal(l->format, LOAD_NDJSON);
	assert_int_equal(l->ncolumns, 3);
	assert_true(str_is(l->columns[0].type, "int64"));
	assert_true(str_is(l->columns[1].type, "numeric"));
	assert_true(str_is(l->columns[2].type, "bool"));
	assert_int_equal(g.file.loads[1].format, LOAD_CSV);
	arena_free(g.arena);
}

static void keys_that_change_nothing_yet_are_a_warning(void **state)
{
	struct got g;

	(void)state;
	read_text(&g, "actions: { a.b: { timeout: 2h } }\n"
		      "schedules: { nightly: { cron: \"5 4 * * *\" } }\n"
		      "notify: [{ on: [failure] }]\n");
	assert_true(g.ok);
	assert_int_equal(g.diags.nerrors, 0);
	assert_int_equal(g.diags.nwarnings, 2);
	assert_true(str_is(g.diags.v[0].text,
			   "this version of weir does nothing with "
			   "\"schedules\""));
	arena_free(g.arena);
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
	static const struct {
		const char *text, *message, *help;
		uint32_t line, column;
	} cases[] = {
		{"loads: {}\nxyz: {}\n", "\"xyz\" is no option of weir.yaml",
		 NULL, 2, 1},
		{"trgets: {a: 1}\n", "\"trgets\" is no option",
		 "did you mean \"targets\"?", 1, 1},
		{"- a\n", "must be an object, not a list", NULL, 1, 1},
		{"a: [\n", "did not find", NULL, 2, 1},
		{"targets:\n  d: {warehouse: duckbd}\n",
		 "there is no warehouse \"duckbd\"", "did you mean \"duckdb\"?",
		 2, 7},
		{"targets:\n  d: {path: x}\n", "names no warehouse",
		 "add warehouse", 2, 3},
		{"targets:\n  d: 5\n", "must be an object",
		 "write d: { warehouse: duckdb }", 2, 3},
		{"targets: {d: {warehouse: duckdb, jobs: \"4\"}}\n",
		 "\"jobs\" must be a whole number from 1 to 1000", NULL, 1, 34},
		{"targets: {d: {warehouse: duckdb, path: ~/a.db}}\n",
		 "\"path\" starts with \"~\", which only a shell replaces",
		 "write ${env:HOME}/a.db", 1, 34},
		{"targets: {d: {warehouse: duckdb, path: $HOME/a.db}}\n",
		 "\"path\" starts with \"$HOME\"", "write ${env:HOME}/a.db", 1,
		 34},
		{"targets:\n  d:\n    warehouse: duckdb\n    conection: x\n",
		 "\"conection\" is no option of a duckdb target", NULL, 4, 5},
		{"targets:\n  d:\n    warehouse: duckdb\n    connection: x\n",
		 "is no option of a duckdb target", "only postgres targets", 4,
		 5},
		{"targets: {d: {warehouse: duckdb, jobs: 0}}\n",
		 "whole number from 1 to 1000", NULL, 1, 34},
		{"targets: {d: {warehouse: duckdb, jobs: 1001}}\n",
		 "whole number from 1 to 1000", NULL, 1, 34},
		{"targets: {d: {warehouse: duckdb, jobs: 2.5}}\n",
		 "whole number from 1 to 1000", NULL, 1, 34},
		{"targets: {d: {warehouse: bigquery, "
		 "maximumBytesBilled: 10 GX}}\n",
		 "must be a size", "10GB", 1, 36},
		{"targets: {d: {warehouse: duckdb, path: \"${HOME}/x\"}}\n",
		 "\"${\" must start ${env:NAME}", "environment", 1, 34},
		{"targets: {d: {warehouse: duckdb, vars: {a: 1}}}\n",
		 "\"a\" must be a string", "quotes", 1, 41},
		{"defaultTarget: dve\ntargets: {dev: {warehouse: duckdb}}\n",
		 "there is no target \"dve\"", "did you mean \"dev\"?", 1, 1},
		{"loads:\n  a: {columns: {x: int64}}\n", "names no files", NULL,
		 2, 3},
		{"loads:\n  a: {files: x.txt, columns: {x: int64}}\n",
		 "has no format", "ndjson and csv", 2, 3},
		{"loads:\n  a: {files: x, format: json, columns: {x: int64}}\n",
		 "there is no format \"json\"", "ndjson and csv", 2, 3},
		{"loads:\n  a: {files: x.csv}\n", "has no columns", NULL, 2, 3},
		{"loads:\n  a: {files: x.csv, columns: {x: strng}}\n",
		 "there is no type \"strng\"", "did you mean \"string\"?", 2,
		 31},
		{"loads:\n  a: {files: x.csv, columns: {x: varchar}}\n",
		 "there is no type \"varchar\"", "types are int64", 2, 31},
		{"loads:\n  a: {files: x.csv, columns: {x: int, X: int}}\n",
		 "column \"X\" is there twice", NULL, 2, 39},
		{"loads:\n  a: {files: x.csv, columns: {Weir_load: int}}\n",
		 "start with \"weir_\" are ours", NULL, 2, 31},
		{"loads:\n  a: {files: \"${env:X}.csv\", columns: {x: int}}\n",
		 "for targets only", NULL, 2, 3},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const struct diag *d;
		struct position at;
		struct got g;

		read_text(&g, cases[i].text);
		if (g.ok || g.diags.n != 1)
			fail_msg("%s: %zu diagnostics", cases[i].text,
				 g.diags.n);
		d = &g.diags.v[0];
		at = source_position(d->span.src, d->span.start);
		if (!str_has(d->text, str_of(cases[i].message)))
			fail_msg("%s: %.*s", cases[i].text, STR_ARG(d->text));
		if (cases[i].help
			    ? !d->help.p ||
				      !str_has(d->help, str_of(cases[i].help))
			    : d->help.p != NULL)
			fail_msg("%s: help %.*s", cases[i].text,
				 STR_ARG(d->help));
		if (at.line != cases[i].line || at.column != cases[i].column)
			fail_msg("%s: at %u:%u", cases[i].text, at.line,
				 at.column);
		arena_free(g.arena);
	}
}

/* Whether a target of the warehouse may have the key. */
static bool has_key(const char *warehouse, const char *key)
{
	struct buf text = {0};
	bool known = true;
	struct got g;

	buf_printf(&text, "targets: { t: { warehouse: %s, %s: 1 } }", warehouse,
		   key);
	read_text(&g, text.p);
	for (size_t i = 0; i < g.diags.n; i++)
		known &= !str_has(g.diags.v[i].text, STR("is no option of"));
	arena_free(g.arena);
	buf_free(&text);
	return known;
}

/* One row: | `key`, `key` | warehouse or all | text | */
static size_t check_row(struct str line)
{
	static const char *const warehouses[] = {"duckdb", "postgres",
						 "bigquery"};
	char row[512], *who, *key;
	size_t n = 0;

	snprintf(row, sizeof(row), "%.*s", STR_ARG(line));
	who = strstr(row, " | ");
	assert_non_null(who);
	*who = '\0';
	who += 3;
	*strchr(who, ' ') = '\0';
	for (key = strtok(row, "| ,`"); key; key = strtok(NULL, "| ,`"), n++) {
		for (size_t i = 0; i < LEN(warehouses); i++) {
			bool want = strcmp(who, "all") == 0 ||
				    strcmp(who, warehouses[i]) == 0;

			if (strcmp(key, "warehouse") != 0 &&
			    has_key(warehouses[i], key) != want)
				fail_msg("%s of %s", key, warehouses[i]);
		}
	}
	return n;
}

static void documentation_has_the_keys_of_targets(void **state)
{
	struct arena *a = arena_new();
	struct error err = {0};
	struct str page;
	size_t start, end, n = 0;

	(void)state;
	assert_true(
		file_read("docs/configuration.md", 1 << 20, a, &page, &err));
	start = (size_t)(strstr(page.p, "\n### Keys of a target") + 1 - page.p);
	for (; start < page.n; start = end + 1) {
		struct str line;

		end = str_find(page, '\n', start);
		line = str_sub(page, start, end);
		if (str_starts(line, STR("### Loads")))
			break;
		if (str_starts(line, STR("| `")))
			n += check_row(line);
	}
	assert_true(n > 10);
	assert_true(str_has(page,
			    arena_printf(a, "1 to %d; by default %d, %d and %d",
					 JOBS_MAX, dialect_duckdb.jobs,
					 dialect_postgres.jobs,
					 dialect_bigquery.jobs)));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_file_is_a_bigquery_project),
		cmocka_unit_test(targets_become_profiles),
		cmocka_unit_test(a_single_target_is_the_default),
		cmocka_unit_test(an_unknown_target_gets_a_suggestion),
		cmocka_unit_test(variables_are_filled_in_and_hidden),
		cmocka_unit_test(a_variable_counts_only_for_the_chosen_target),
		cmocka_unit_test(
			a_target_overrides_what_the_command_line_leaves),
		cmocka_unit_test(loads_have_columns_with_bigquery_types),
		cmocka_unit_test(keys_that_change_nothing_yet_are_a_warning),
		cmocka_unit_test(what_is_wrong_is_named_with_its_place),
		cmocka_unit_test(documentation_has_the_keys_of_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
