/* Selection by patterns, tags and along dependencies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "compiler/select.h"
#include "tests/unit/graph_maker.h"

/*
 *	raw.events -> staging.events -> staging.daily -> marts.board
 *	                     \-> checks.events      \-> marts.events
 */
static void make_graph(struct made *m)
{
	made_start(m, &dialect_bigquery);
	made_add(m, ACTION_DECLARATION, "raw.events", "", "");
	made_add(m, ACTION_VIEW, "staging.events", "", "raw.events");
	made_add(m, ACTION_ASSERTION, "checks.events", "", "staging.events");
	made_add(m, ACTION_INCREMENTAL, "staging.daily", "", "staging.events")
		->tags = made_words(m, "hot daily");
	made_add(m, ACTION_TABLE, "marts.board", "", "staging.daily")->tags =
		made_words(m, "hot");
	made_add(m, ACTION_OPERATION, "marts.events", "", "staging.daily");
}

struct wanted {
	const char *actions, *tags;
	bool deps, dependents;
	const char *chosen;
};

static bool run(struct made *m, const struct wanted *w, bool *selected,
		struct error *err)
{
	struct selection s = {
		.actions = made_words(m, w->actions),
		.tags = made_words(m, w->tags),
		.include_deps = w->deps,
		.include_dependents = w->dependents,
	};

	return select_actions(&m->graph, &s, m->arena, selected, err);
}

static void check(struct made *m, const struct wanted *w)
{
	bool selected[MADE_ACTIONS] = {false};
	struct error err = {0};
	struct buf b = {0};

	if (!run(m, w, selected, &err))
		fail_msg("%s %s: %s", w->actions, w->tags, err.text);
	for (uint32_t i = 0; i < m->graph.nactions; i++) {
		if (!selected[i])
			continue;
		buf_adds(&b, b.n ? " " : "");
		buf_add_str(&b, target_short(m->arena,
					     &m->graph.actions[i].target));
	}
	assert_string_equal(buf_str(&b).p, w->chosen);
	buf_free(&b);
}

static void names_patterns_and_tags_choose(void **state)
{
	static const struct wanted cases[] = {
		{"", "", false, false,
		 "staging.events checks.events staging.daily marts.board "
		 "marts.events"},
		{"board", "", false, false, "marts.board"},
		{"marts.events", "", false, false, "marts.events"},
		{"staging.*", "", false, false, "staging.events staging.daily"},
		{"*events", "", false, false,
		 "staging.events checks.events marts.events"},
		{"*a*d", "", false, false, "marts.board"},
		{"*", "", false, false,
		 "staging.events checks.events staging.daily marts.board "
		 "marts.events"},
		{"", "hot", false, false, "staging.daily marts.board"},
		{"", "daily", false, false, "staging.daily"},
		{"checks.events", "daily", false, false,
		 "checks.events staging.daily"},
	};
	struct made m;

	(void)state;
	make_graph(&m);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&m, &cases[i]);
	made_end(&m);
}

/* Dependents are looked for when dependencies have been added. */
static void dependencies_come_before_dependents(void **state)
{
	static const struct wanted cases[] = {
		{"board", "", true, false,
		 "staging.events staging.daily marts.board"},
		{"daily", "", false, true,
		 "staging.daily marts.board marts.events"},
		{"board", "", true, true,
		 "staging.events checks.events staging.daily marts.board "
		 "marts.events"},
		{"board", "", false, true, "marts.board"},
	};
	struct made m;

	(void)state;
	make_graph(&m);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&m, &cases[i]);
	made_end(&m);
}

static void what_chooses_nothing_is_refused(void **state)
{
	static const struct {
		struct wanted wanted;
		const char *text, *hint;
	} cases[] = {
		{{"bord", "", false, false, ""},
		 "no action matches \"bord\"",
		 "did you mean \"board\"?"},
		{{"staging.dayly", "", false, false, ""},
		 "no action matches \"staging.dayly\"",
		 "did you mean \"staging.daily\"?"},
		{{"x*", "", false, false, ""},
		 "no action matches \"x*\"",
		 "`weir list` prints what can be run"},
		{{"raw.events", "", false, false, ""},
		 "\"raw.events\" is a declaration, which is never built",
		 "select the actions"},
		{{"events", "", false, false, ""},
		 "\"events\" means 3 actions: staging.events, checks.events, "
		 "marts.events",
		 "write more of the name"},
		{{"", "dayli", false, false, ""},
		 "no action has the tag \"dayli\"",
		 "did you mean \"daily\"?"},
	};
	struct made m;

	(void)state;
	make_graph(&m);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool selected[MADE_ACTIONS] = {false};
		struct error err = {0};

		assert_false(run(&m, &cases[i].wanted, selected, &err));
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_string_equal(err.text, cases[i].text);
		assert_true(
			str_starts(str_of(err.hint), str_of(cases[i].hint)));
	}
	made_end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_patterns_and_tags_choose),
		cmocka_unit_test(dependencies_come_before_dependents),
		cmocka_unit_test(what_chooses_nothing_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
