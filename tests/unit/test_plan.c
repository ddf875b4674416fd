/* Plans: which steps, in which order, what is done and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "runtime/plan/plan.h"
#include "runtime/warehouse/warehouse.h"
#include "tests/unit/graph_maker.h"

struct scene {
	struct made made;
	struct plan_request request;
	struct relation found[MADE_ACTIONS];
	struct plan plan;
	struct buf text;
};

static void start(struct scene *s, const struct dialect *d)
{
	memset(s, 0, sizeof(*s));
	made_start(&s->made, d);
	s->request.graph = &s->made.graph;
	s->request.selected = s->made.selected;
	s->request.found = s->found;
}

static void end(struct scene *s)
{
	buf_free(&s->text);
	made_end(&s->made);
}

static void make(struct scene *s)
{
	struct error err = {0};

	if (!plan_make(&s->request, s->made.arena, &s->plan, &err))
		fail_msg("%s", err.text);
}

static void found(struct scene *s, const char *name, enum relation_kind kind)
{
	s->found[made_id(&s->made, name)].kind = kind;
}

static void put_name(struct scene *s, uint32_t step)
{
	uint32_t id = s->plan.steps[step].action;

	buf_add_str(&s->text,
		    target_short(s->made.arena, &s->made.actions[id].target));
}

/* "s.a < raw.x; s.b < s.a": each step with what it waits for. */
static const char *order(struct scene *s)
{
	make(s);
	buf_clear(&s->text);
	for (uint32_t i = 0; i < s->plan.nsteps; i++) {
		const struct step *st = &s->plan.steps[i];

		buf_adds(&s->text, i ? "; " : "");
		put_name(s, i);
		for (uint32_t d = 0; d < st->ndeps; d++) {
			assert_true(st->deps[d] < i);
			buf_adds(&s->text, d ? " " : " < ");
			put_name(s, st->deps[d]);
		}
	}
	return s->text.p;
}

static const char *deed(struct scene *s, const char *name)
{
	const struct step *st;

	make(s);
	st = &s->plan.steps[s->plan.step_of[made_id(&s->made, name)]];
	buf_clear(&s->text);
	buf_printf(&s->text, "%s: %.*s", deed_name(st->deed), STR_ARG(st->why));
	return s->text.p;
}

static void steps_come_after_what_they_need(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_TABLE, "s.d", "", "");
	made_add(&s.made, ACTION_TABLE, "s.c", "", "s.d");
	made_add(&s.made, ACTION_DECLARATION, "raw.x", "", "");
	made_add(&s.made, ACTION_TABLE, "s.b", "", "raw.x s.c");
	/* An edge back to an action that stands before it. */
	s.made.actions[0].deps = s.made.actions[1].deps;
	s.made.actions[0].dep_ids = ARENA_NEW(s.made.arena, uint32_t, 1);
	s.made.actions[0].ndeps = 1;
	made_add(&s.made, ACTION_OPERATION, "s.a", "", "");
	s.made.actions[0].dep_ids[0] = made_id(&s.made, "s.a");
	assert_string_equal(order(&s), "s.a; s.d < s.a; s.c < s.d; s.b < s.c");
	end(&s);
}

static void what_is_not_selected_is_taken_as_it_stands(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_TABLE, "s.a", "", "");
	made_add(&s.made, ACTION_TABLE, "s.b", "", "s.a");
	made_add(&s.made, ACTION_TABLE, "s.c", "", "s.b");
	s.made.selected[made_id(&s.made, "s.b")] = false;
	assert_string_equal(order(&s), "s.a; s.c");
	end(&s);
}

static void a_view_that_is_not_selected_is_looked_through(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_TABLE, "s.a", "", "");
	made_add(&s.made, ACTION_VIEW, "s.v", "", "s.a");
	made_add(&s.made, ACTION_VIEW, "s.w", "", "s.v s.a");
	made_add(&s.made, ACTION_TABLE, "s.c", "", "s.w s.v");
	s.made.selected[made_id(&s.made, "s.v")] = false;
	s.made.selected[made_id(&s.made, "s.w")] = false;
	assert_string_equal(order(&s), "s.a; s.c < s.a");
	end(&s);
}

static void a_load_comes_before_its_readers(void **state)
{
	struct load load = {.key = STR("raw.x"), .action = 1};
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_TABLE, "s.first", "", "");
	made_add(&s.made, ACTION_DECLARATION, "raw.x", "", "");
	made_add(&s.made, ACTION_TABLE, "s.a", "", "raw.x");
	s.made.graph.loads = &load;
	s.made.graph.nloads = 1;
	assert_string_equal(order(&s), "raw.x; s.first; s.a < raw.x");
	assert_ptr_equal(s.plan.steps[0].load, &load);
	assert_int_equal(s.plan.steps[0].kind, STEP_LOAD);
	assert_int_equal(s.plan.schemas.n, 2);
	end(&s);
}

static void a_load_that_nothing_selected_reads_is_left_alone(void **state)
{
	struct load load = {.key = STR("raw.x"), .action = 0};
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_DECLARATION, "raw.x", "", "");
	made_add(&s.made, ACTION_TABLE, "s.a", "", "raw.x");
	made_add(&s.made, ACTION_TABLE, "s.b", "", "raw.x")->disabled = true;
	made_add(&s.made, ACTION_TABLE, "s.c", "", "");
	s.made.graph.loads = &load;
	s.made.graph.nloads = 1;
	s.made.selected[made_id(&s.made, "s.a")] = false;
	assert_string_equal(order(&s), "s.b; s.c");
	end(&s);
}

static void what_is_done_follows_from_what_is_there(void **state)
{
	static const struct {
		enum action_type type;
		enum relation_kind found;
		bool full, is_protected;
		const char *key, *want;
	} cases[] = {
		{ACTION_TABLE, RELATION_NONE, 0, 0, "",
		 "create: not there yet"},
		{ACTION_TABLE, RELATION_TABLE, 0, 0, "", "replace: built anew"},
		{ACTION_TABLE, RELATION_VIEW, 0, 0, "",
		 "replace: a view stands there"},
		{ACTION_VIEW, RELATION_NONE, 0, 0, "", "create: not there yet"},
		{ACTION_VIEW, RELATION_VIEW, 0, 0, "", "replace: defined anew"},
		{ACTION_VIEW, RELATION_TABLE, 0, 0, "",
		 "replace: a table stands there"},
		{ACTION_INCREMENTAL, RELATION_NONE, 0, 0, "k",
		 "create: not there yet"},
		{ACTION_INCREMENTAL, RELATION_VIEW, 0, 0, "k",
		 "replace: a view stands there"},
		{ACTION_INCREMENTAL, RELATION_VIEW, 1, 1, "k",
		 "replace: a view stands there"},
		{ACTION_INCREMENTAL, RELATION_TABLE, 0, 0, "",
		 "insert: new rows are added"},
		{ACTION_INCREMENTAL, RELATION_TABLE, 0, 0, "a b",
		 "merge: by unique key a, b"},
		{ACTION_INCREMENTAL, RELATION_TABLE, 1, 0, "a",
		 "replace: full refresh"},
		{ACTION_INCREMENTAL, RELATION_TABLE, 1, 1, "",
		 "insert: protected from a full refresh"},
		{ACTION_INCREMENTAL, RELATION_TABLE, 1, 1, "a",
		 "merge: protected from a full refresh"},
		{ACTION_ASSERTION, RELATION_NONE, 0, 0, "",
		 "assert: assertions run every time"},
		{ACTION_OPERATION, RELATION_NONE, 0, 0, "",
		 "run: operations run every time"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		struct action *a;

		start(&s, &dialect_postgres);
		a = made_add(&s.made, cases[i].type, "s.a", "", "");
		a->is_protected = cases[i].is_protected;
		a->unique_key = made_words(&s.made, cases[i].key);
		s.request.full_refresh = cases[i].full;
		found(&s, "s.a", cases[i].found);
		assert_string_equal(deed(&s, "s.a"), cases[i].want);
		end(&s);
	}
}

static void nothing_is_done_to_what_is_disabled(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_TABLE, "s.a", "", "")->disabled = true;
	assert_string_equal(deed(&s, "s.a"), "nothing: disabled");
	assert_int_equal(s.plan.schemas.n, 0);
	end(&s);
}

static void what_is_no_table_and_no_view_is_not_replaced(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_postgres);
	made_add(&s.made, ACTION_TABLE, "s.a", "", "");
	found(&s, "s.a", RELATION_OTHER);
	make(&s);
	assert_int_equal(s.plan.refused[0].kind, ERROR_SQL);
	end(&s);
}

static void
an_option_that_decides_which_rows_is_no_option_to_ignore(void **state)
{
	static const struct weir_options delete_insert = {
		.strategy = WEIR_DELETE_INSERT,
	};
	struct error err = {0};
	struct scene s;
	struct action *a;

	(void)state;
	start(&s, &dialect_duckdb);
	a = made_add(&s.made, ACTION_INCREMENTAL, "s.a", "", "");
	a->strategy = STRATEGY_INSERT_OVERWRITE;
	made_bigquery(&s.made, a, "partitionBy", "DATE(a + 1)");
	assert_false(plan_make(&s.request, s.made.arena, &s.plan, &err));
	assert_int_equal(err.kind, ERROR_CONFIG);
	assert_string_equal(err.text,
			    "\"s.a\": partitionBy: \"DATE(a + 1)\" is no "
			    "expression that weir can say in another SQL");
	a->strategy = STRATEGY_UNSPECIFIED;
	a->weir = &delete_insert;
	err.kind = ERROR_NONE;
	assert_false(plan_make(&s.request, s.made.arena, &s.plan, &err));
	assert_string_equal(err.text,
			    "the incremental \"s.a\" has the strategy "
			    "\"delete+insert\", but no uniqueKey");
	a->disabled = true;
	make(&s);
	end(&s);
}

static void a_window_has_nothing_else_to_replace_rows_by(void **state)
{
	static const struct weir_options window = {
		.strategy = WEIR_WINDOW,
		.time_column = {"ts", 2},
		.interval_ms = 86400000,
	};
	static const struct {
		const char *option, *want;
	} cases[] = {
		{"uniqueKey", "a uniqueKey"},
		{"updatePartitionFilter", "an updatePartitionFilter"},
		{"incrementalPredicates", "incrementalPredicates"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		struct scene s;
		struct action *a;

		start(&s, &dialect_duckdb);
		a = made_add(&s.made, ACTION_INCREMENTAL, "s.a", "", "");
		a->weir = &window;
		if (i == 0)
			a->unique_key = made_words(&s.made, "id");
		else if (i == 1)
			made_bigquery(&s.made, a, cases[i].option, "x > 1");
		else
			made_predicate(&s.made, a, "x > 1");
		assert_false(
			plan_make(&s.request, s.made.arena, &s.plan, &err));
		assert_int_equal(err.kind, ERROR_CONFIG);
		assert_non_null(strstr(err.text, cases[i].want));
		end(&s);
	}
}

static void an_option_of_storage_is_ignored_with_one_note(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_postgres);
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = {"s.a", "s.b", "s.c"};
		struct action *a =
			made_add(&s.made, ACTION_INCREMENTAL, names[i], "", "");

		made_bigquery(&s.made, a, "partitionBy", i == 1 ? "" : "ts");
		made_bigquery(&s.made, a, "updatePartitionFilter", "ts > 1");
		if (i)
			a->unique_key = made_words(&s.made, "id");
		made_bigquery(&s.made, a, "clusterBy", i == 2 ? "x" : "");
		made_bigquery(&s.made, a, "partitionExpirationDays",
			      i == 2 ? "7" : "");
	}
	make(&s);
	assert_int_equal(s.plan.notes.n, 4);
	assert_string_equal(s.plan.notes.v[0].p,
			    "partitionBy is ignored on postgres: s.a and 1 "
			    "more");
	assert_string_equal(s.plan.notes.v[1].p,
			    "updatePartitionFilter is ignored on postgres "
			    "without uniqueKey, as rows are only added: s.a");
	assert_string_equal(s.plan.notes.v[2].p,
			    "clusterBy is ignored on postgres: s.c");
	assert_string_equal(s.plan.notes.v[3].p,
			    "partitionExpirationDays is ignored on postgres, "
			    "where no row expires: s.c");
	end(&s);
}

static void views_that_are_rebuilt_later_may_wait(void **state)
{
	struct scene s;
	struct decision now;
	struct sql_task task;
	const char *swap;

	(void)state;
	start(&s, &dialect_postgres);
	made_add(&s.made, ACTION_TABLE, "s.t", "select 1", "");
	made_add(&s.made, ACTION_VIEW, "s.v", "select 1", "s.t");
	made_add(&s.made, ACTION_VIEW, "s.w", "select 1", "s.v");
	made_add(&s.made, ACTION_ASSERTION, "s.check", "select 1", "s.w");
	made_add(&s.made, ACTION_TABLE, "s.u", "select 1", "s.v");
	made_add(&s.made, ACTION_VIEW, "s.x", "select 1", "s.u");
	found(&s, "s.t", RELATION_TABLE);
	make(&s);
	now = plan_decided(&s.plan, 0);
	plan_sql(&s.plan, 0, 0, &now, s.made.arena, &task);
	swap = task.script.v[2].sql.p;
	assert_non_null(strstr(swap, "to_regclass('\"s\".\"v\"')"));
	assert_non_null(strstr(swap, "to_regclass('\"s\".\"w\"')"));
	assert_non_null(strstr(swap, "to_regclass('\"s\".\"check\"')"));
	assert_null(strstr(swap, "to_regclass('\"s\".\"x\"')"));
	end(&s);
}

static void a_dry_run_knows_which_input_is_missing(void **state)
{
	uint32_t missing;
	struct scene s;
	bool *look;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_DECLARATION, "raw.x", "", "");
	made_add(&s.made, ACTION_ASSERTION, "s.check", "", "raw.x");
	made_add(&s.made, ACTION_OPERATION, "s.op", "", "");
	made_add(&s.made, ACTION_TABLE, "s.a", "", "s.op s.check raw.x");
	look = plan_looks_up(&s.made.graph, s.made.selected, true,
			     s.made.arena);
	assert_true(look[0] && !look[1] && !look[2] && look[3]);
	look = plan_looks_up(&s.made.graph, s.made.selected, false,
			     s.made.arena);
	assert_true(!look[0] && !look[1] && !look[2] && look[3]);
	make(&s);
	assert_false(plan_has_inputs(&s.plan, s.plan.step_of[3], &missing));
	assert_int_equal(missing, 0);
	found(&s, "raw.x", RELATION_OTHER);
	assert_true(plan_has_inputs(&s.plan, s.plan.step_of[3], &missing));
	end(&s);
}

static void a_full_refresh_says_what_it_spared(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_INCREMENTAL, "s.a", "", "")->is_protected =
		true;
	made_add(&s.made, ACTION_INCREMENTAL, "s.b", "", "");
	s.request.full_refresh = true;
	make(&s);
	assert_int_equal(s.plan.notes.n, 0);
	found(&s, "s.a", RELATION_TABLE);
	found(&s, "s.b", RELATION_TABLE);
	make(&s);
	assert_int_equal(s.plan.notes.n, 1);
	assert_true(str_is(s.plan.notes.v[0],
			   "s.a is protected: not refreshed in full"));
	end(&s);
}

/* What the plan refuses an action for; "" if it does not. */
static const char *refusal(struct scene *s)
{
	struct error err = {0};

	buf_clear(&s->text);
	if (plan_make(&s->request, s->made.arena, &s->plan, &err))
		return "";
	assert_int_equal(err.kind, ERROR_CONFIG);
	buf_adds(&s->text, err.text);
	return s->text.p;
}

static void a_query_is_one_statement(void **state)
{
	static const struct {
		enum action_type type;
		const char *query, *incremental, *where;
		bool refused;
	} cases[] = {
		{ACTION_VIEW, "select 1;\ndrop table a", .refused = true},
		{ACTION_TABLE, "select 1; -- the end", .refused = true},
		{ACTION_ASSERTION, "select 1 where false; select 2",
		 .refused = true},
		{ACTION_INCREMENTAL, "select 1", "select 2; select 3", "",
		 true},
		{ACTION_INCREMENTAL, "select 1", "select 2", "true; select 3",
		 true},
		{ACTION_INCREMENTAL, "select 1", "select 2", "true"},
		{ACTION_OPERATION, "select 1; select 2;"},
		{ACTION_TABLE, "select ';' as a, 1 as \";\" -- ;\n/* ; */"},
		{ACTION_TABLE, "select $x$;$x$, e'\\';'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		struct action *a;

		start(&s, &dialect_postgres);
		a = made_add(&s.made, cases[i].type, "s.a", cases[i].query, "");
		a->file = STR("definitions/a.sqlx");
		a->incremental_query = str_of(cases[i].incremental);
		a->where = str_of(cases[i].where);
		assert_int_equal(strstr(refusal(&s),
					"\"s.a\" has a semicolon in its "
					"query") != NULL,
				 cases[i].refused);
		end(&s);
	}
}

static void a_table_without_a_query_is_refused(void **state)
{
	struct scene s;

	(void)state;
	start(&s, &dialect_duckdb);
	made_add(&s.made, ACTION_TABLE, "s.a", "-- nothing yet", "");
	assert_string_equal(refusal(&s), "the table \"s.a\" has no query");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_come_after_what_they_need),
		cmocka_unit_test(what_is_not_selected_is_taken_as_it_stands),
		cmocka_unit_test(a_view_that_is_not_selected_is_looked_through),
		cmocka_unit_test(a_load_comes_before_its_readers),
		cmocka_unit_test(
			a_load_that_nothing_selected_reads_is_left_alone),
		cmocka_unit_test(what_is_done_follows_from_what_is_there),
		cmocka_unit_test(nothing_is_done_to_what_is_disabled),
		cmocka_unit_test(what_is_no_table_and_no_view_is_not_replaced),
		cmocka_unit_test(
			an_option_that_decides_which_rows_is_no_option_to_ignore),
		cmocka_unit_test(a_window_has_nothing_else_to_replace_rows_by),
		cmocka_unit_test(an_option_of_storage_is_ignored_with_one_note),
		cmocka_unit_test(views_that_are_rebuilt_later_may_wait),
		cmocka_unit_test(a_dry_run_knows_which_input_is_missing),
		cmocka_unit_test(a_full_refresh_says_what_it_spared),
		cmocka_unit_test(a_query_is_one_statement),
		cmocka_unit_test(a_table_without_a_query_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
