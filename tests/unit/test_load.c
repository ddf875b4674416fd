/* Loads of files, on each warehouse that is here: the same on both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "runtime/load/load.h"
#include "runtime/stopper.h"
#include "tests/unit/warehouses.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

struct project {
	struct test_warehouse *t;
	struct action action;
	struct load load;
	struct load_column columns[12];
	struct graph graph;
	char root[64];
	struct load_result result;
	struct stopper stop;
	int until; /* asked so often, it stops */
	struct error err;
};

/* Types as in "id int64, name string". */
static void set_columns(struct project *p, const char *types)
{
	struct str rest = str_of(types);

	p->load.columns = p->columns;
	p->load.ncolumns = 0;
	while (rest.n) {
		size_t space = str_find(rest, ' ', 0);
		size_t comma = str_find(rest, ',', 0);

		p->columns[p->load.ncolumns++] = (struct load_column){
			str_sub(rest, 0, space),
			str_sub(rest, space + 1, comma),
		};
		rest = str_trim(
			str_sub(rest, comma + (comma < rest.n), rest.n));
	}
}

static void start(struct project *p, void **state, const char *files,
		  const char *types)
{
	struct test_warehouse *t = warehouse_or_skip(state);

	*p = (struct project){.t = t};
	p->action.type = ACTION_DECLARATION;
	p->action.target.schema = STR("load_test");
	p->action.target.name = STR("raw");
	p->load.key = STR("load_test.raw");
	p->load.files = str_of(files);
	p->load.format =
		str_ends(p->load.files, STR("csv")) ? LOAD_CSV : LOAD_NDJSON;
	set_columns(p, types);
	p->graph.actions = &p->action;
	p->graph.nactions = 1;
	p->graph.root = strcpy(p->root, "/tmp/weir-load.XXXXXX");
	assert_non_null(mkdtemp(p->root));
	must_run(t, "DROP TABLE IF EXISTS load_test.raw;"
		    "DROP TABLE IF EXISTS load_test.weir_loads;"
		    "DROP SCHEMA IF EXISTS load_test");
}

static void put(struct project *p, const char *name, const char *text)
{
	const char *path = path_join(p->t->arena, p->root, name);
	struct error err = {0};

	if (!file_write(path, str_of(text), &err))
		fail_msg("%s", err.text);
}

static void end(struct project *p)
{
	const char *command = arena_printf(p->t->arena, "rm -rf %s", p->root).p;

	assert_int_equal(system(command), 0);
	must_run(p->t, "DROP TABLE IF EXISTS load_test.raw;"
		       "DROP TABLE IF EXISTS load_test.weir_loads;"
		       "DROP SCHEMA IF EXISTS load_test");
}

static bool load_again(struct project *p, const char *reload)
{
	struct str file = str_of(reload);
	struct strs files = {&file, reload ? 1 : 0};

	p->err = (struct error){0};
	p->result = (struct load_result){0};
	return load_run(p->t->w, &p->graph, &p->load, &files,
			p->until ? &p->stop : NULL, p->t->arena, &p->result,
			&p->err);
}

static void must_load(struct project *p)
{
	if (!load_again(p, NULL))
		fail_msg("%s", p->err.text);
}

static const char *all(struct project *p, const char *what)
{
	struct str sql = arena_printf(p->t->arena,
				      "SELECT %s FROM load_test.raw ORDER BY "
				      "1, weir_load",
				      what);

	return must_query(p->t, sql.p);
}

static void rows_are_the_same_everywhere(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson",
	      "n int64, s string, f float64, d numeric, b bool, t timestamp, "
	      "day date, dt datetime, c time, y bytes, j json");
	put(&p, "a.ndjson",
	    "{\"n\": 1, \"s\": \"a\\u00e9\\/\\n\\t\\\\ \\ud83d\\ude00\\\"\", "
	    "\"f\": 0.1, \"d\": 1.50, \"b\": true, "
	    "\"t\": \"2026-01-02T03:04:05.1234567Z\", \"day\": \"2026-01-02\","
	    " \"dt\": \"2026-01-02 03:04\", \"c\": \"03:04:05\", "
	    "\"y\": \"AP9hYg==\", \"j\": {\"k\": [1, \"\\u00e9\\n\"]}, "
	    "\"unknown\": {\"deep\": [null, {}]}}\r\n"
	    "\n"
	    "  { \"t\" : 1732270000.5 , \"n\" : \"2\" , \"s\" : 1.50 , "
	    "\"d\" : 1e2 , \"f\" : \"NaN\" , \"b\" : \"no\" , "
	    "\"j\" : \"text\" } \n"
	    "{\"s\": null, \"j\": null, \"n\": 3.0, "
	    "\"d\": \"12345678901234567890123456789.123456789\", "
	    "\"f\": -1e-7}\n"
	    "{\"n\": -9223372036854775808, \"s\": \"\", \"f\": 1E+3, "
	    "\"d\": -0.0000000005, \"j\": 12.50}");
	must_load(&p);
	assert_int_equal(p.result.rows, 4);
	assert_int_equal(p.result.files, 1);
	assert_string_equal(
		all(&p, "n, s, d, CAST(b AS varchar), t, day, dt, c"),
		"-9223372036854775808||-0.000000001|NULL|NULL|NULL|NULL|NULL;"
		"1|aé/\n\t\\ 😀\"|1.500000000|true|"
		"2026-01-02 03:04:05.123456+00|2026-01-02|"
		"2026-01-02 03:04:00|03:04:05;"
		"2|1.50|100.000000000|false|2024-11-22 10:06:40.5+00|NULL|"
		"NULL|NULL;"
		"3|NULL|12345678901234567890123456789.123456789|NULL|NULL|"
		"NULL|NULL|NULL");
	assert_string_equal(
		all(&p, "n, CAST(CASE n WHEN 1 THEN f = 0.1 WHEN 2 THEN "
			"f = CAST('nan' AS double precision) "
			"WHEN 3 THEN f = -1e-7 ELSE f = 1000 END AS varchar),"
			" j->'k'->>1, octet_length(y), "
			"CAST(j IS NULL AS varchar)"),
		"-9223372036854775808|true|NULL|NULL|false;"
		"1|true|é\n|4|false;2|true|NULL|NULL|false;"
		"3|true|NULL|NULL|true");
	end(&p);
}

static void csv_keeps_empty_and_null_apart(void **state)
{
	struct project p;

	start(&p, state, "*.csv",
	      "id int64, name string, j json, ts timestamp");
	put(&p, "a.csv",
	    "\xef\xbb\xbfname,\"id\",extra,ts,j\r\n"
	    "\"a \"\"b\"\",\r\nc\",1,x,2026-01-02,\"{\"\"a\"\": 1}\"\r\n"
	    "\n"
	    ",2,\"\",1732270000,\n"
	    "\"\",3,,,[]\r\n"
	    " é ,4,,,");
	must_load(&p);
	assert_string_equal(all(&p, "id, name, j->>'a', ts"),
			    "1|a \"b\",\r\nc|1|2026-01-02 00:00:00+00;"
			    "2|NULL|NULL|2024-11-22 10:06:40+00;3||NULL|NULL;"
			    "4| é |NULL|NULL");
	end(&p);
}

static void a_single_column_has_empty_rows(void **state)
{
	struct project p;

	start(&p, state, "*.csv", "name string");
	put(&p, "a.csv", "name\nb\n\n\"\"\n");
	must_load(&p);
	assert_string_equal(all(&p, "coalesce(name, '?')"), ";?;b");
	end(&p);
}

/* Each bad text as the first, a middle and the last of many rows. */
static void refuse_everywhere(struct project *p, const char *head,
			      uint64_t head_lines, const char *good,
			      uint64_t good_lines, const char *bad,
			      const char *message)
{
	static const int places[] = {0, 1500, 2999};

	for (size_t i = 0; i < N(places); i++) {
		struct buf b = {0};
		char wanted[400];

		buf_adds(&b, head);
		for (int row = 0; row < 3000; row++)
			buf_adds(&b, row == places[i] ? bad : good);
		put(p, p->load.format == LOAD_CSV ? "a.csv" : "a.ndjson", b.p);
		buf_free(&b);
		assert_false(load_again(p, NULL));
		snprintf(wanted, sizeof(wanted), "a.%s:%llu: %s",
			 p->load.format == LOAD_CSV ? "csv" : "ndjson",
			 (unsigned long long)(head_lines + 1 +
					      (uint64_t)places[i] * good_lines),
			 message);
		assert_string_equal(p->err.text, wanted);
		assert_string_equal(all(p, "count(*), 1 AS weir_load"), "0|1");
	}
}

static void bad_json_is_named_by_its_line(void **state)
{
	static const struct {
		const char *bad, *message;
	} cases[] = {
		{"{\"id\": 1.5}\n", "\"1.5\" in column \"id\" is no int64"},
		{"{\"id\": \"x\"}\n", "\"x\" in column \"id\" is no int64"},
		{"{\"id\": true}\n", "\"true\" in column \"id\" is no int64"},
		{"{\"s\": {\"a\": 1}}\n",
		 "\"{\"a\": 1}\" in column \"s\" is no string"},
		{"{\"t\": \"2026-02-30\"}\n",
		 "\"2026-02-30\" in column \"t\" is no timestamp"},
		{"{\"id\": 1}}\n", "this line is no JSON: the line goes on "
				   "behind the object (character 10)"},
		{"{\"id\": 1\n", "this line is no JSON: a comma or } is "
				 "missing here (character 9)"},
		{"{\"é\": 1,}\n", "this line is no JSON: a string is missing "
				  "here (character 9)"},
		{"{\"id\": 01}\n", "this line is no JSON: a comma or } is "
				   "missing here (character 9)"},
		{"[1]\n", "this line is no JSON: an object is expected "
			  "(character 1)"},
		{"{\"s\": \"a\\u0000\"}\n",
		 "this line is no JSON: this \\u is no character that a text "
		 "can hold (character 11)"},
		{"{\"s\": \"\\ud800\"}\n",
		 "this line is no JSON: this \\u is no character that a text "
		 "can hold (character 14)"},
		{"{\"s\": \"a\n",
		 "this line is no JSON: this string is not closed (character "
		 "9)"},
		{"{\"j\": [1e12345]}\n",
		 "this line is no JSON: this number is too large (character "
		 "15)"},
		{"{\"id\": 1, \"id\": 2}\n", "the key \"id\" is there twice"},
		{"{\"id\": null, \"id\": 2}\n",
		 "the key \"id\" is there twice"},
		{"{\"s\": \"\xff\"}\n", "byte 8 is not UTF-8"},
	};
	struct project p;

	start(&p, state, "*.ndjson", "id int64, s string, t timestamp, j json");
	for (size_t i = 0; i < N(cases); i++)
		refuse_everywhere(&p, "", 0, "{\"id\": 1, \"s\": \"a\"}\n", 1,
				  cases[i].bad, cases[i].message);
	end(&p);
}

static void bad_csv_is_named_by_its_line(void **state)
{
	static const struct {
		const char *bad, *message;
	} cases[] = {
		{"x,a\n", "\"x\" in column \"id\" is no int64"},
		{"\"\",a\n", "\"\" in column \"id\" is no int64"},
		{"1\n", "this row has 1 field, the header has 2"},
		{"1,2,3\n", "this row has 3 fields, the header has 2"},
		{"1,a\"b\"\n", "a quote stands within \"a\"b\"\": put the "
			       "field in quotes and double it"},
		{"1,\"a\"b\n",
		 "after a closing quote comes \"b\" instead of a comma"},
	};
	struct project p;

	start(&p, state, "*.csv", "id int64, s string");
	for (size_t i = 0; i < N(cases); i++)
		refuse_everywhere(&p, "id,s\n", 1, "1,\"a\nb\"\n", 2,
				  cases[i].bad, cases[i].message);
	put(&p, "a.csv", "id,s\n1,a\n2,\"b\n3,c\n");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text,
			    "a.csv:3: a quote opened here is never closed");
	put(&p, "a.csv", "id,t\n1,a\n");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text, "a.csv:1: the header has no \"s\"");
	put(&p, "a.csv", "");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text, "a.csv:1: the file is empty: a CSV "
					"file starts with a header");
	end(&p);
}

static void a_file_is_loaded_once(void **state)
{
	struct project p;

	start(&p, state, "d/*.ndjson", "id int64");
	put(&p, "x.ndjson", "");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text, "no file matches \"d/*.ndjson\"");
	assert_int_equal(mkdir(path_join(p.t->arena, p.root, "d"), 0777), 0);
	put(&p, "d/b.ndjson", "{\"id\": 2}\n");
	put(&p, "d/a.ndjson", "{\"id\": 1}\n");
	must_load(&p);
	assert_int_equal(p.result.files, 2);
	assert_string_equal(all(&p, "id, weir_load"), "1|1;2|2");
	put(&p, "d/c.ndjson", "{\"id\": 3}\n");
	must_load(&p);
	assert_int_equal(p.result.rows, 1);
	assert_int_equal(p.result.files, 1);
	assert_int_equal(p.result.files_skipped, 2);
	put(&p, "d/copy.ndjson", "{\"id\": 3}\n");
	must_load(&p);
	assert_int_equal(p.result.files, 0);
	assert_int_equal(p.result.notes.n, 1);
	assert_true(str_is(p.result.notes.v[0],
			   "d/copy.ndjson is skipped: d/c.ndjson, which is "
			   "loaded, has the same content"));
	assert_string_equal(must_query(p.t, "SELECT path, size, rows FROM "
					    "load_test.weir_loads ORDER BY 1"),
			    "d/a.ndjson|10|1;d/b.ndjson|10|1;d/c.ndjson|10|1");
	must_run(p.t, "DROP TABLE load_test.raw");
	must_load(&p);
	assert_int_equal(p.result.files, 3);
	end(&p);
}

static void a_changed_file_waits_for_reload(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson", "id int64");
	put(&p, "a.ndjson", "{\"id\": 1}\n");
	put(&p, "b.ndjson", "{\"id\": 2}\n");
	must_load(&p);
	put(&p, "a.ndjson", "{\"id\": 7}\n");
	put(&p, "c.ndjson", "{\"id\": 3}\n");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text,
			    "a.ndjson has changed since it was loaded");
	assert_string_equal(p.err.hint, "to replace its rows: weir run "
					"--reload a.ndjson");
	assert_int_equal(p.result.files_failed, 1);
	assert_string_equal(all(&p, "id"), "1;2;3");
	put(&p, "a.ndjson", "{\"id\": 7}\n{\"id\": x}\n");
	assert_false(load_again(&p, "./a.ndjson"));
	assert_string_equal(all(&p, "id"), "1;2;3");
	put(&p, "a.ndjson", "{\"id\": 7}\n{\"id\": 8}\n");
	assert_true(load_has_file(&p.graph, &p.load, STR("./a.ndjson")));
	assert_false(load_has_file(&p.graph, &p.load, STR("z.ndjson")));
	assert_true(load_again(&p, "./a.ndjson"));
	assert_int_equal(p.result.rows, 2);
	assert_string_equal(all(&p, "id"), "2;3;7;8");
	must_load(&p);
	assert_int_equal(p.result.files_skipped, 3);
	end(&p);
}

static void what_was_replaced_is_no_longer_loaded(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson", "id int64");
	put(&p, "a.ndjson", "{\"id\": 1}\n");
	must_load(&p);
	put(&p, "a.ndjson", "{\"id\": 2}\n");
	put(&p, "b.ndjson", "{\"id\": 1}\n");
	put(&p, "c.ndjson", "{\"id\": 2}\n");
	assert_true(load_again(&p, "a.ndjson"));
	assert_int_equal(p.result.files_skipped, 1);
	assert_string_equal(all(&p, "id"), "1;2");
	end(&p);
}

static bool count_down(void *ctx)
{
	struct project *p = ctx;

	return p->until > 0 && --p->until == 0;
}

/* Before a file, while it is read, or while its content is compared. */
static void a_load_that_is_stopped_keeps_whole_files(void **state)
{
	struct project p;

	for (int until = 1; until < 10; until++) {
		const char *rows;

		start(&p, state, "*.ndjson", "id int64");
		put(&p, "a.ndjson", "{\"id\": 1}\n{\"id\": 2}\n");
		put(&p, "b.ndjson", "{\"id\": 3}\n{\"id\": 4}\n");
		p.stop = (struct stopper){count_down, &p};
		p.until = until;
		assert_int_equal(load_again(&p, NULL), until == 9);
		if (until < 9)
			assert_int_equal(p.err.kind, ERROR_CANCELLED);
		rows = all(&p, "id");
		assert_true(strcmp(rows, "") == 0 || strcmp(rows, "1;2") == 0 ||
			    (until == 9 && strcmp(rows, "1;2;3;4") == 0));
		end(&p);
	}
}

static void a_plan_changes_nothing(void **state)
{
	struct project p;
	struct error err = {0};

	start(&p, state, "*.ndjson", "id int64");
	put(&p, "a.ndjson", "{\"id\": 1}\n");
	assert_true(load_plan(p.t->w, &p.graph, &p.load, NULL, p.t->arena,
			      &p.result, &err));
	assert_int_equal(p.result.files, 1);
	assert_true(str_is(p.result.notes.v[0], "a.ndjson: new"));
	assert_string_equal(
		must_query(p.t, "SELECT count(*) FROM pg_catalog.pg_namespace "
				"WHERE nspname = 'load_test'"),
		"0");
	end(&p);
}

static void the_table_must_fit(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson", "id int64, s string");
	put(&p, "a.ndjson", "{\"id\": 1}\n");
	must_run(p.t, "CREATE SCHEMA load_test; "
		      "CREATE TABLE load_test.raw (s int, id bigint)");
	assert_false(load_again(&p, NULL));
	assert_non_null(strstr(p.err.text, "column \"s\" of load_test.raw is"));
	must_run(p.t, "DROP TABLE load_test.raw; CREATE TABLE load_test.raw "
		      "(s text, more int, id bigint)");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text,
			    "load_test.raw has no column \"weir_load\"");
	must_run(p.t, "ALTER TABLE load_test.raw ADD COLUMN weir_load bigint");
	must_load(&p);
	assert_string_equal(all(&p, "id, s, more"), "1|NULL|NULL");
	assert_true(
		str_is(p.result.notes.v[0], "no row of a.ndjson has \"s\""));
	end(&p);
}

/* More than a chunk of DuckDB's, and NULLs in each. */
static void rows_may_be_long_and_many(void **state)
{
	struct project p;
	struct buf b = {0};

	start(&p, state, "*.ndjson", "id int64, s string, n int64");
	for (int i = 0; i < 5000; i++) {
		buf_printf(&b, "{\"id\": %d, \"s\": \"", i);
		for (int k = 0; k < (i == 2500 ? 900000 : i % 50); k++)
			buf_addc(&b, 'x');
		if (i % 7)
			buf_printf(&b, "\", \"n\": %d}\n", i);
		else
			buf_adds(&b, "\"}\n");
	}
	put(&p, "a.ndjson", b.p);
	buf_free(&b);
	must_load(&p);
	assert_string_equal(
		must_query(p.t, "SELECT count(*), max(length(s)), "
				"count(CASE WHEN id <> 2500 AND length(s) <> "
				"id % 50 THEN 1 END), "
				"count(CASE WHEN (n IS NULL) <> (id % 7 = 0) "
				"THEN 1 END) FROM load_test.raw"),
		"5000|900000|0|0");
	end(&p);
}

static void an_empty_file_is_loaded_once_too(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson", "id int64");
	put(&p, "a.ndjson", "");
	put(&p, "b.ndjson", "");
	must_load(&p);
	assert_int_equal(p.result.files, 2);
	assert_int_equal(p.result.rows, 0);
	must_load(&p);
	assert_int_equal(p.result.files_skipped, 2);
	assert_int_equal(p.result.notes.n, 0);
	put(&p, "a.ndjson", "{\"id\": 1}");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text,
			    "a.ndjson has changed since it was loaded");
	end(&p);
}

static void a_mark_at_the_start_is_no_json(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson", "id int64");
	put(&p, "a.ndjson", "\xef\xbb\xbf{\"id\": 1}\n{\"id\": 2}\n");
	put(&p, "b.ndjson", "\xef\xbb\xbf");
	must_load(&p);
	assert_string_equal(all(&p, "id"), "1;2");
	put(&p, "c.ndjson", "{\"id\": 3}\n\xef\xbb\xbf{\"id\": 4}\n");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text, "c.ndjson:2: this line is no JSON: an "
					"object is expected (character 1)");
	end(&p);
}

static void every_bad_file_is_named(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson", "id int64");
	put(&p, "a.ndjson", "{\"id\": 1.5}\n");
	put(&p, "b.ndjson", "{\"id\": 2}\n");
	put(&p, "c.ndjson", "{\"id\": true}\n");
	assert_false(load_again(&p, NULL));
	assert_string_equal(p.err.text,
			    "2 files cannot be loaded, the first: a.ndjson:1: "
			    "\"1.5\" in column \"id\" is no int64");
	assert_int_equal(p.result.notes.n, 2);
	assert_true(str_starts(p.result.notes.v[0], STR("a.ndjson:1: ")));
	assert_true(str_starts(p.result.notes.v[1], STR("c.ndjson:1: ")));
	put(&p, "c.ndjson", "{\"id\": 3}\n");
	assert_false(load_again(&p, NULL));
	assert_true(str_starts(str_of(p.err.text), STR("a.ndjson:1: ")));
	assert_int_equal(p.result.notes.n, 0);
	assert_string_equal(all(&p, "id"), "2;3");
	end(&p);
}

#define ON(test, open)                                                         \
	{                                                                      \
#test " (" #open ")", test, open, close_warehouse, NULL        \
	}
#define ON_BOTH(test) ON(test, open_duckdb), ON(test, open_postgres)

static void what_the_warehouse_refuses_names_its_file(void **state)
{
	struct project p;

	start(&p, state, "*.ndjson", "n int64");
	must_run(p.t, "CREATE SCHEMA load_test; CREATE TABLE load_test.raw "
		      "(n bigint CHECK (n < 10), weir_load bigint)");
	put(&p, "a.ndjson", "{\"n\": 9}\n");
	put(&p, "b.ndjson", "{\"n\": 11}\n");
	assert_false(load_again(&p, NULL));
	assert_int_equal(p.err.kind, ERROR_SQL);
	assert_true(str_starts(str_of(p.err.text), STR("b.ndjson: ")));
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(rows_are_the_same_everywhere),
		ON_BOTH(csv_keeps_empty_and_null_apart),
		ON_BOTH(a_single_column_has_empty_rows),
		ON_BOTH(bad_json_is_named_by_its_line),
		ON_BOTH(bad_csv_is_named_by_its_line),
		ON_BOTH(a_file_is_loaded_once),
		ON_BOTH(a_changed_file_waits_for_reload),
		ON_BOTH(what_was_replaced_is_no_longer_loaded),
		ON_BOTH(a_load_that_is_stopped_keeps_whole_files),
		ON_BOTH(a_plan_changes_nothing),
		ON_BOTH(the_table_must_fit),
		ON_BOTH(rows_may_be_long_and_many),
		ON_BOTH(an_empty_file_is_loaded_once_too),
		ON_BOTH(a_mark_at_the_start_is_no_json),
		ON_BOTH(every_bad_file_is_named),
		ON_BOTH(what_the_warehouse_refuses_names_its_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
