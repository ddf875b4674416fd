/* The schedule: order, failures, stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "runtime/plan/sched.h"

enum { NSTEPS = 7 };

/*
 * 0 - 1 - 3 - 5
 *   \ 2 /   /
 *       4 -    6 stands alone
 */
static uint32_t on_0[] = {0}, on_1_2[] = {1, 2}, on_2[] = {2},
		on_3_4[] = {3, 4};

struct fixture {
	struct arena *arena;
	struct step steps[NSTEPS];
	struct sched *sched;
};

static void start(struct fixture *f)
{
	static const struct {
		uint32_t *deps, n;
	} edges[NSTEPS] = {
		{NULL, 0}, {on_0, 1},   {on_0, 1}, {on_1_2, 2},
		{on_2, 1}, {on_3_4, 2}, {NULL, 0},
	};

	memset(f, 0, sizeof(*f));
	f->arena = arena_new();
	for (uint32_t i = 0; i < NSTEPS; i++) {
		f->steps[i].deps = edges[i].deps;
		f->steps[i].ndeps = edges[i].n;
	}
	f->sched = sched_new(f->arena, f->steps, NSTEPS);
}

/* Whether the picture has a path from a to b. */
static bool leads_to(const struct fixture *f, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < f->steps[b].ndeps; i++)
		if (f->steps[b].deps[i] == a ||
		    leads_to(f, a, f->steps[b].deps[i]))
			return true;
	return false;
}

static void steps_start_when_all_they_need_is_done(void **state)
{
	static const uint32_t order[NSTEPS] = {0, 6, 1, 2, 3, 4, 5};
	struct fixture f;
	uint32_t id;

	(void)state;
	start(&f);
	for (uint32_t i = 0; i < NSTEPS; i++) {
		assert_true(sched_next(f.sched, &id));
		assert_int_equal(id, order[i]);
		assert_int_equal(f.steps[id].status, STATUS_RUNNING);
		sched_finish(f.sched, id, STATUS_OK);
	}
	assert_false(sched_next(f.sched, &id));
	assert_true(sched_is_done(f.sched));
	arena_free(f.arena);
}

static void nothing_starts_before_its_last_dependency_ends(void **state)
{
	struct fixture f;
	uint32_t id;

	(void)state;
	start(&f);
	assert_true(sched_next(f.sched, &id));
	assert_true(sched_next(f.sched, &id));
	assert_int_equal(id, 6);
	assert_false(sched_next(f.sched, &id));
	sched_finish(f.sched, 0, STATUS_OK);
	assert_true(sched_next(f.sched, &id));
	assert_int_equal(id, 1);
	assert_true(sched_next(f.sched, &id));
	sched_finish(f.sched, 1, STATUS_OK);
	assert_false(sched_next(f.sched, &id));
	sched_finish(f.sched, 2, STATUS_OK);
	assert_true(sched_next(f.sched, &id));
	assert_int_equal(id, 3);
	arena_free(f.arena);
}

/* Picks which of the running steps ends next: a small fixed generator. */
static uint32_t pick(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % n;
}

/* Runs all with one step that fails, ending steps in an order that seed
 * gives; says of how many steps it was told. */
static uint32_t run_all(struct fixture *f, uint32_t bad, uint32_t seed,
			enum step_status how)
{
	uint32_t running[NSTEPS], n = 0, told = 0, id;

	while (!sched_is_done(f->sched)) {
		uint32_t at;

		while (sched_next(f->sched, &id))
			running[n++] = id;
		assert_true(n > 0);
		at = pick(&seed, n);
		id = running[at];
		running[at] = running[--n];
		sched_finish(f->sched, id, id == bad ? how : STATUS_OK);
		while (sched_ended(f->sched, &id))
			told++;
	}
	return told;
}

static void a_failure_skips_what_needs_it_and_nothing_else(void **state)
{
	(void)state;
	for (uint32_t bad = 0; bad < NSTEPS; bad++)
		for (uint32_t seed = 0; seed < 50; seed++) {
			struct fixture f;

			start(&f);
			assert_int_equal(run_all(&f, bad, seed, STATUS_FAILED),
					 NSTEPS);
			for (uint32_t i = 0; i < NSTEPS; i++) {
				bool needs = leads_to(&f, bad, i);

				assert_int_equal(f.steps[i].status,
						 i == bad ? STATUS_FAILED
						 : needs  ? STATUS_SKIPPED
							  : STATUS_OK);
				assert_int_equal(f.steps[i].cause,
						 needs ? bad : UINT32_MAX);
			}
			arena_free(f.arena);
		}
}

static void a_disabled_step_holds_nothing_back(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	run_all(&f, 2, 1, STATUS_DISABLED);
	for (uint32_t i = 0; i < NSTEPS; i++)
		assert_int_equal(f.steps[i].status,
				 i == 2 ? STATUS_DISABLED : STATUS_OK);
	arena_free(f.arena);
}

static void after_a_stop_only_what_runs_is_waited_for(void **state)
{
	struct fixture f;
	uint32_t id, told = 0;

	(void)state;
	start(&f);
	assert_true(sched_next(f.sched, &id));
	sched_stop(f.sched);
	assert_false(sched_next(f.sched, &id));
	assert_false(sched_is_done(f.sched));
	sched_finish(f.sched, 0, STATUS_OK);
	assert_true(sched_is_done(f.sched));
	while (sched_ended(f.sched, &id))
		told++;
	assert_int_equal(told, NSTEPS);
	for (uint32_t i = 1; i < NSTEPS; i++)
		assert_int_equal(f.steps[i].status, STATUS_CANCELLED);
	arena_free(f.arena);
}

static void a_stop_after_a_failure_still_names_the_cause(void **state)
{
	struct fixture f;
	uint32_t id;

	(void)state;
	start(&f);
	assert_true(sched_next(f.sched, &id));
	sched_finish(f.sched, 0, STATUS_FAILED);
	sched_stop(f.sched);
	assert_true(sched_is_done(f.sched));
	assert_int_equal(f.steps[5].status, STATUS_SKIPPED);
	assert_int_equal(f.steps[5].cause, 0);
	assert_int_equal(f.steps[6].status, STATUS_CANCELLED);
	assert_int_equal(f.steps[6].cause, UINT32_MAX);
	arena_free(f.arena);
}

/* Or a run that is stopped would tell those who resume it that they are not
 * done. */
static void what_is_reused_is_done_though_nothing_starts(void **state)
{
	struct fixture f;
	uint32_t id;

	(void)state;
	start(&f);
	f.steps[0].reused = f.steps[1].reused = true;
	f.sched = sched_new(f.arena, f.steps, NSTEPS);
	sched_stop(f.sched);
	assert_int_equal(f.steps[0].status, STATUS_REUSED);
	assert_int_equal(f.steps[1].status, STATUS_REUSED);
	assert_true(sched_ended(f.sched, &id));
	assert_int_equal(id, 0);
	assert_true(sched_is_done(f.sched));
	for (uint32_t i = 2; i < NSTEPS; i++)
		assert_int_equal(f.steps[i].status, STATUS_CANCELLED);
	arena_free(f.arena);
}

static void no_steps_are_done_at_once(void **state)
{
	struct arena *a = arena_new();
	struct sched *s = sched_new(a, NULL, 0);
	uint32_t id;

	(void)state;
	assert_false(sched_next(s, &id));
	assert_true(sched_is_done(s));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_start_when_all_they_need_is_done),
		cmocka_unit_test(
			nothing_starts_before_its_last_dependency_ends),
		cmocka_unit_test(
			a_failure_skips_what_needs_it_and_nothing_else),
		cmocka_unit_test(a_disabled_step_holds_nothing_back),
		cmocka_unit_test(after_a_stop_only_what_runs_is_waited_for),
		cmocka_unit_test(a_stop_after_a_failure_still_names_the_cause),
		cmocka_unit_test(what_is_reused_is_done_though_nothing_starts),
		cmocka_unit_test(no_steps_are_done_at_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
