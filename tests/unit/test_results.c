/* results.json, member by member. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "compiler/project/source.h"
#include "runtime/run.h"
#include "tests/unit/graph_maker.h"

enum { NSTEPS = 4 };

struct scene {
	struct made made;
	struct run run;
	struct step steps[NSTEPS];
	struct str cells[4], columns[2];
	struct buf text;
};

/* A load, a table that failed, one that was skipped, an assertion. */
static void start(struct scene *s)
{
	static const struct load load = {.action = 0};
	static const char *const names[] = {"raw.x", "s.a", "s.b", "c.a"};
	static const enum action_type types[] = {
		ACTION_DECLARATION, ACTION_TABLE, ACTION_INCREMENTAL,
		ACTION_ASSERTION};

	memset(s, 0, sizeof(*s));
	made_start(&s->made, &dialect_postgres);
	for (uint32_t i = 0; i < NSTEPS; i++) {
		made_add(&s->made, types[i], names[i], "", "");
		s->steps[i] = (struct step){
			.kind = i ? STEP_ACTION : STEP_LOAD,
			.action = i,
			.load = i ? NULL : &load,
			.why = STR("because"),
			.rows = -1,
			.cause = UINT32_MAX,
		};
	}
	s->run = (struct run){
		.graph = &s->made.graph,
		.arena = s->made.arena,
		.id = STR("2026-11-22T10-02-11Z-4f1c"),
		.steps = s->steps,
		.nsteps = NSTEPS,
		.started_ms = 1795341731250,
		.ended_ms = 1795341732000,
		.status = RUN_FAILED,
		.results_path = "results.json",
	};
}

static void fill(struct scene *s)
{
	static struct source source;
	struct action *made = &s->made.actions[made_id(&s->made, "s.a")];
	struct step *load = &s->steps[0], *a = &s->steps[1];
	struct step *b = &s->steps[2], *check = &s->steps[3];

	load->deed = DEED_LOAD;
	load->status = STATUS_OK;
	load->rows = 12;
	load->files = 2;
	load->files_skipped = 1;
	load->started_ms = 1795341731250;
	load->ended_ms = 1795341731350;
	load->notes = made_one(&s->made, "data/a: known content");
	source.path = STR("definitions/a.sqlx");
	source.text = STR("config {}\n select \"x\"");
	made->query = STR("select \"x\"");
	made->file = source.path;
	made->place.src = &source;
	a->status = STATUS_FAILED;
	a->statement = STR("select \"x\"");
	error_set(&a->error, ERROR_SQL, "no x \xc3");
	error_hint(&a->error, "write y");
	memcpy(a->error.sqlstate, "42703", 6);
	a->error.position = 8;
	b->status = STATUS_SKIPPED;
	b->deed = DEED_MERGE;
	b->cause = 1;
	check->deed = DEED_ASSERT;
	check->status = STATUS_FAILED;
	check->rows = 25;
	error_set(&check->error, ERROR_ASSERTION, "25 rows");
	s->columns[0] = STR("a");
	s->columns[1] = STR("b");
	s->cells[0] = STR("1");
	s->cells[2] = STR("2");
	s->cells[3] = STR("");
	check->sample = (struct rows){s->columns, 2, s->cells, 2, true};
}

static void end(struct scene *s)
{
	buf_free(&s->text);
	made_end(&s->made);
}

static const char *print(struct scene *s)
{
	buf_clear(&s->text);
	results_print(&s->run, &s->text);
	return s->text.p;
}

static void a_run_has_all_that_is_known(void **state)
{
	static const char want[] =
		"{\n"
		"  \"version\": 1,\n"
		"  \"run\": \"2026-11-22T10-02-11Z-4f1c\",\n"
		"  \"dryRun\": false,\n"
		"  \"target\": {\n"
		"    \"name\": \"dev\",\n"
		"    \"warehouse\": \"postgres\"\n"
		"  },\n"
		"  \"started\": \"2026-11-22T10:02:11.250Z\",\n"
		"  \"ended\": \"2026-11-22T10:02:12.000Z\",\n"
		"  \"status\": \"failed\",\n"
		"  \"counts\": {\n"
		"    \"ok\": 1,\n"
		"    \"failed\": 2,\n"
		"    \"skipped\": 1,\n"
		"    \"disabled\": 0,\n"
		"    \"cancelled\": 0\n"
		"  },\n"
		"  \"actions\": [\n"
		"    {\n"
		"      \"name\": \"raw.x\",\n"
		"      \"type\": \"load\",\n"
		"      \"do\": \"load\",\n"
		"      \"why\": \"because\",\n"
		"      \"status\": \"ok\",\n"
		"      \"started\": \"2026-11-22T10:02:11.250Z\",\n"
		"      \"ended\": \"2026-11-22T10:02:11.350Z\",\n"
		"      \"milliseconds\": 100,\n"
		"      \"rows\": 12,\n"
		"      \"files\": 2,\n"
		"      \"filesSkipped\": 1,\n"
		"      \"notes\": [\n"
		"        \"data/a: known content\"\n"
		"      ]\n"
		"    },\n"
		"    {\n"
		"      \"name\": \"s.a\",\n"
		"      \"type\": \"table\",\n"
		"      \"do\": \"create\",\n"
		"      \"why\": \"because\",\n"
		"      \"status\": \"failed\",\n"
		"      \"statement\": \"select \\\"x\\\"\",\n"
		"      \"error\": {\n"
		"        \"code\": \"sql\",\n"
		"        \"message\": \"no x \",\n"
		"        \"sqlstate\": \"42703\",\n"
		"        \"position\": 8,\n"
		"        \"file\": \"definitions/a.sqlx\",\n"
		"        \"line\": 2,\n"
		"        \"column\": 9,\n"
		"        \"hint\": \"write y\"\n"
		"      }\n"
		"    },\n"
		"    {\n"
		"      \"name\": \"s.b\",\n"
		"      \"type\": \"incremental\",\n"
		"      \"do\": \"merge\",\n"
		"      \"why\": \"because\",\n"
		"      \"status\": \"skipped\",\n"
		"      \"cause\": \"s.a\"\n"
		"    },\n"
		"    {\n"
		"      \"name\": \"c.a\",\n"
		"      \"type\": \"assertion\",\n"
		"      \"do\": \"assert\",\n"
		"      \"why\": \"because\",\n"
		"      \"status\": \"failed\",\n"
		"      \"rows\": 25,\n"
		"      \"error\": {\n"
		"        \"code\": \"assertion\",\n"
		"        \"message\": \"25 rows\"\n"
		"      },\n"
		"      \"sample\": {\n"
		"        \"columns\": [\n"
		"          \"a\",\n"
		"          \"b\"\n"
		"        ],\n"
		"        \"rows\": [\n"
		"          [\n"
		"            \"1\",\n"
		"            null\n"
		"          ],\n"
		"          [\n"
		"            \"2\",\n"
		"            \"\"\n"
		"          ]\n"
		"        ]\n"
		"      }\n"
		"    }\n"
		"  ]\n"
		"}\n";
	struct scene s;

	(void)state;
	start(&s);
	fill(&s);
	assert_string_equal(print(&s), want);
	end(&s);
}

static void a_run_that_did_not_start_says_why(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.run.nsteps = 0;
	s.run.notes = made_one(&s.made, "a note");
	error_set(&s.run.error, ERROR_CONNECT, "no server");
	assert_non_null(strstr(print(&s), "\"error\": {\n"
					  "    \"code\": \"connect\",\n"
					  "    \"message\": \"no server\"\n"
					  "  },\n"
					  "  \"notes\": [\n"
					  "    \"a note\"\n"
					  "  ],\n"
					  "  \"actions\": []\n"));
	end(&s);
}

static void a_plan_has_its_sql_and_what_was_said_of_it(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.run.results_path = NULL;
	s.run.nsteps = 2;
	s.steps[1].sql = STR("select 1;\n");
	s.steps[1].check = CHECK_UNKNOWN;
	s.steps[1].check_text = STR("needs raw.x");
	assert_non_null(strstr(print(&s), "\"dryRun\": true"));
	assert_non_null(strstr(s.text.p,
			       "\"sql\": \"select 1;\\n\",\n"
			       "      \"check\": \"unknown\",\n"
			       "      \"checkText\": \"needs raw.x\""));
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_has_all_that_is_known),
		cmocka_unit_test(a_run_that_did_not_start_says_why),
		cmocka_unit_test(a_plan_has_its_sql_and_what_was_said_of_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
