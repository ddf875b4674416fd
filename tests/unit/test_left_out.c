/* What a run says of the actions that no run builds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/plan/left_out.h"
#include "tests/unit/graph_maker.h"

static int start(void **state)
{
	static struct made made;

	made_start(&made, &dialect_duckdb);
	made_add(&made, ACTION_TABLE, "s.t", "", "");
	*state = &made;
	return 0;
}

static int end(void **state)
{
	made_end(*state);
	return 0;
}

static void add(struct made *m, enum action_type type, const char *name)
{
	made_add(m, type, name, "", "");
	m->selected[m->graph.nactions - 1] = false;
}

static void check(struct made *m, const char *want)
{
	struct str got = left_out_note(&m->graph, m->selected, m->arena);

	assert_string_equal(got.p ? got.p : "", want);
}

static void one_is_named(void **state)
{
	add(*state, ACTION_NOTEBOOK, "s.nb");
	check(*state, "1 notebook is not run: s.nb");
}

static void kinds_are_counted_and_named_in_one_line(void **state)
{
	add(*state, ACTION_DATA_PREPARATION, "s.dp");
	add(*state, ACTION_NOTEBOOK, "s.nb");
	check(*state, "1 notebook and 1 data preparation are not run: "
		      "s.nb, s.dp");
	add(*state, ACTION_PROPERTY_GRAPH, "s.pg");
	add(*state, ACTION_NOTEBOOK, "s.nc");
	check(*state, "2 notebooks, 1 data preparation and 1 property graph "
		      "are not run: s.nb, s.nc, s.dp, s.pg");
	add(*state, ACTION_NOTEBOOK, "s.nd");
	add(*state, ACTION_NOTEBOOK, "s.ne");
	check(*state, "4 notebooks, 1 data preparation and 1 property graph "
		      "are not run: s.nb, s.nc, s.nd, s.ne, s.dp, ...");
}

static void what_is_run_elsewhere_or_disabled_is_not_named(void **state)
{
	struct made *m = *state;

	add(m, ACTION_TEST, "s.test");
	add(m, ACTION_DECLARATION, "s.source");
	add(m, ACTION_NOTEBOOK, "s.nb");
	m->actions[m->graph.nactions - 1].disabled = true;
	check(m, "");
}

static void a_run_of_a_part_says_nothing(void **state)
{
	struct made *m = *state;

	add(m, ACTION_NOTEBOOK, "s.nb");
	made_add(m, ACTION_VIEW, "s.v", "", "");
	m->selected[made_id(m, "s.v")] = false;
	check(m, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_is_named, start, end),
		cmocka_unit_test_setup_teardown(
			kinds_are_counted_and_named_in_one_line, start, end),
		cmocka_unit_test_setup_teardown(
			what_is_run_elsewhere_or_disabled_is_not_named, start,
			end),
		cmocka_unit_test_setup_teardown(a_run_of_a_part_says_nothing,
						start, end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
