/*
 * Whole runs over a warehouse that fails: whatever happens, every step is
 * final, the results say so, and the journal is whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "tests/unit/fake_warehouse.h"
#include "tests/unit/graph_maker.h"

struct scene {
	struct made made;
	struct fake fake;
	struct connector connector;
	struct run_options options;
	struct run_observer observer;
	struct run run;
	struct error err;
	char root[32];
	atomic_int interrupted;
	const char *interrupt_at; /* when this action starts */
	const char *lose_lock_at;
	uint32_t told_running, told_final;
};

static void planned(void *ctx, const struct run *r)
{
	(void)ctx;
	for (uint32_t i = 0; i < r->nsteps; i++)
		assert_int_equal(r->steps[i].status, STATUS_WAITING);
}

static void changed(void *ctx, const struct run *r, uint32_t step)
{
	struct scene *s = ctx;
	const struct step *st = &r->steps[step];
	struct str name = r->graph->actions[st->action].target.name;

	if (st->status != STATUS_RUNNING) {
		s->told_final++;
		return;
	}
	s->told_running++;
	if (s->interrupt_at && str_is(name, s->interrupt_at))
		s->interrupted = 1;
	if (s->lose_lock_at && str_is(name, s->lose_lock_at))
		s->fake.lost = s->fake.refuses = true;
}

static void tick(void *ctx, const struct run *r)
{
	(void)ctx;
	assert_true(r->nrunning > 0);
}

/*
 * raw - t - v
 *        \ i
 *        \ check - after
 * off - last          bad stands alone
 */
static void start(struct scene *s)
{
	struct action *a;

	memset(s, 0, sizeof(*s));
	made_start(&s->made, &dialect_postgres);
	made_add(&s->made, ACTION_OPERATION, "s.raw", "insert raw", "");
	a = made_add(&s->made, ACTION_TABLE, "s.t", "select t", "s.raw");
	a->pre_ops = made_one(&s->made, "pre t");
	a->post_ops = made_one(&s->made, "post t");
	made_add(&s->made, ACTION_VIEW, "s.v", "select v", "s.t");
	made_add(&s->made, ACTION_INCREMENTAL, "s.i", "select i", "s.t");
	made_add(&s->made, ACTION_ASSERTION, "s.check", "select c", "s.t");
	made_add(&s->made, ACTION_TABLE, "s.after", "select after", "s.check");
	made_add(&s->made, ACTION_TABLE, "s.off", "", "")->disabled = true;
	made_add(&s->made, ACTION_TABLE, "s.last", "select last", "s.off");
	made_add(&s->made, ACTION_TABLE, "s.bad", "select bad", "");
	s->connector = fake_start(&s->fake, &s->made.profile);
	snprintf(s->root, sizeof(s->root), "/tmp/weir-test-XXXXXX");
	assert_non_null(mkdtemp(s->root));
	s->made.graph.root = s->root;
	s->options.selected = s->made.selected;
	s->options.jobs = 3;
	s->options.interrupted = &s->interrupted;
	s->observer = (struct run_observer){
		.ctx = s, .planned = planned, .changed = changed, .tick = tick};
}

static bool run(struct scene *s)
{
	return run_graph_over(&s->connector, &s->made.graph, &s->options,
			      &s->observer, s->made.arena, &s->run, &s->err);
}

static void end(struct scene *s)
{
	struct arena *a = s->made.arena;
	const char *command = arena_printf(a, "rm -rf '%s'", s->root).p;

	fake_end(&s->fake);
	assert_int_equal(system(command), 0);
	made_end(&s->made);
}

static const struct step *step_of(const struct scene *s, const char *name)
{
	uint32_t id = made_id(&s->made, name);

	for (uint32_t i = 0; i < s->run.nsteps; i++)
		if (s->run.steps[i].action == id)
			return &s->run.steps[i];
	fail_msg("no step for %s", name);
	return NULL;
}

static enum step_status status_of(const struct scene *s, const char *name)
{
	return step_of(s, name)->status;
}

static struct value parse(struct scene *s, struct str text)
{
	struct position at;
	struct error err = {0};
	struct value v;

	if (!json_parse(text, s->made.arena, &v, &at, &err))
		fail_msg("%s", err.text);
	return v;
}

static struct value read_results(struct scene *s)
{
	struct error err = {0};
	struct str text;

	if (!file_read(s->run.results_path, 1 << 20, s->made.arena, &text,
		       &err))
		fail_msg("%s", err.text);
	return parse(s, text);
}

static void assert_results_agree(struct scene *s)
{
	struct value v = read_results(s);
	const struct value *actions = value_get(&v, "actions");

	assert_int_equal(value_get(&v, "version")->number, 1);
	assert_true(str_eq(value_get_str(&v, "run"), s->run.id));
	assert_true(str_is(value_get_str(&v, "status"),
			   run_status_name(s->run.status)));
	assert_int_equal(actions->n, s->run.nsteps);
	for (uint32_t i = 0; i < s->run.nsteps; i++) {
		const struct step *st = &s->run.steps[i];
		const struct value *a = &actions->items[i];

		assert_true(str_is(value_get_str(a, "status"),
				   step_status_name(st->status)));
		assert_int_equal(value_get(a, "error") != NULL,
				 st->error.kind != ERROR_NONE);
		assert_int_equal(value_get_str(a, "cause").p != NULL,
				 st->cause != UINT32_MAX);
	}
}

/* Each line is JSON; the last status of each action is its own. */
static void assert_journal_agrees(struct scene *s)
{
	struct arena *a = s->made.arena;
	struct str folder = path_folder(str_of(s->run.results_path)), text;
	struct error err = {0};
	struct value line = {0};
	uint32_t nfinal = 0;

	assert_true(
		file_read(path_join(a, arena_cstr(a, folder), "journal.jsonl"),
			  1 << 20, a, &text, &err));
	for (size_t at = 0; at < text.n;) {
		size_t end = str_find(text, '\n', at);
		struct str status;

		line = parse(s, str_sub(text, at, end));
		status = value_get_str(&line, "status");
		if (str_is(value_get_str(&line, "event"), "action"))
			nfinal += !str_is(status, "running") &&
				  !str_is(status, "waiting");
		at = end + 1;
	}
	assert_int_equal(nfinal, s->run.nsteps);
	assert_true(str_is(value_get_str(&line, "event"), "end"));
	assert_true(str_is(value_get_str(&line, "status"),
			   run_status_name(s->run.status)));
}

static void assert_all_is_final(struct scene *s)
{
	uint32_t nfailed = 0;

	for (uint32_t i = 0; i < s->run.nsteps; i++) {
		const struct step *st = &s->run.steps[i];

		assert_true(st->status >= STATUS_OK);
		nfailed += st->status == STATUS_FAILED;
		assert_int_equal(st->status == STATUS_FAILED ||
					 st->status == STATUS_CANCELLED,
				 st->error.kind != ERROR_NONE ||
					 (st->status == STATUS_CANCELLED &&
					  !st->started_ms));
		if (st->status == STATUS_SKIPPED)
			assert_int_equal(s->run.steps[st->cause].status,
					 STATUS_FAILED);
	}
	assert_int_equal(s->run.ndone, s->run.nsteps);
	assert_int_equal(s->run.nrunning, 0);
	assert_int_equal(s->run.nfailed, nfailed);
	assert_int_equal(s->told_final, s->run.nsteps);
	assert_results_agree(s);
	assert_journal_agrees(s);
}

static void a_run_that_goes_well(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	assert_true(run(&s));
	assert_all_is_final(&s);
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(s.run.nok, 8);
	assert_int_equal(status_of(&s, "s.off"), STATUS_DISABLED);
	assert_int_equal(step_of(&s, "s.t")->rows, 7);
	assert_int_equal(step_of(&s, "s.raw")->rows, -1);
	assert_int_equal(step_of(&s, "s.check")->rows, 0);
	assert_true(
		str_starts(step_of(&s, "s.t")->statement, STR("create table")));
	assert_true(s.fake.running_most <= 3);
	assert_true(s.fake.opens <= 4);
	end(&s);
}

/* Fails call n; true once there are fewer calls than that. */
static bool fail_call(int n, enum error_kind how)
{
	struct scene s;
	bool past;

	start(&s);
	s.fake.fail_at = n;
	s.fake.fail_how = how;
	s.options.jobs = n % 3 + 1;
	if (run(&s)) {
		assert_all_is_final(&s);
		bool harmless = s.fake.kept_lock ||
				((s.fake.lost_claim || s.fake.lost_making) &&
				 how == ERROR_SQL);

		assert_int_equal(s.run.nfailed, s.fake.calls >= n && !harmless);
	} else {
		struct value v = read_results(&s);

		assert_int_equal(s.err.kind, how);
		assert_true(str_is(value_get_str(&v, "status"), "failed"));
		assert_non_null(value_get(&v, "error"));
	}
	past = s.fake.calls < n;
	end(&s);
	return past;
}

static void fail_each_call(enum error_kind how)
{
	int n = 1;

	while (!fail_call(n, how))
		n++;
	assert_true(n > 15);
}

static void any_call_may_be_refused(void **state)
{
	(void)state;
	fail_each_call(ERROR_SQL);
}

static void any_call_may_lose_the_connection(void **state)
{
	(void)state;
	fail_each_call(ERROR_LOST);
}

static void a_failure_skips_its_dependents_only(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.fake.broken = "pre t";
	assert_true(run(&s));
	assert_all_is_final(&s);
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(status_of(&s, "s.t"), STATUS_FAILED);
	assert_true(str_is(step_of(&s, "s.t")->statement, "pre t"));
	assert_int_equal(status_of(&s, "s.after"), STATUS_SKIPPED);
	assert_ptr_equal(&s.run.steps[step_of(&s, "s.after")->cause],
			 step_of(&s, "s.t"));
	assert_int_equal(s.run.nskipped, 4);
	assert_int_equal(s.run.nok, 3);
	end(&s);
}

static void without_its_lock_a_run_starts_nothing_more(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.options.jobs = 1;
	s.lose_lock_at = "t";
	assert_true(run(&s));
	assert_all_is_final(&s);
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(status_of(&s, "s.t"), STATUS_OK);
	assert_int_equal(status_of(&s, "s.v"), STATUS_CANCELLED);
	assert_int_equal(s.run.nfailed, 0);
	assert_true(str_has(s.run.notes.v[s.run.notes.n - 1],
			    STR("held the run's lock was lost")));
	end(&s);
}

static void what_was_rolled_back_has_no_rows(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.fake.broken = "post t";
	assert_true(run(&s));
	assert_int_equal(status_of(&s, "s.t"), STATUS_FAILED);
	assert_int_equal(step_of(&s, "s.t")->rows, -1);
	end(&s);
}

static void an_assertion_that_fails_keeps_a_sample(void **state)
{
	struct scene s;
	const struct step *check;

	(void)state;
	start(&s);
	s.fake.count = "3";
	assert_true(run(&s));
	assert_all_is_final(&s);
	check = step_of(&s, "s.check");
	assert_int_equal(check->status, STATUS_FAILED);
	assert_int_equal(check->rows, 3);
	assert_string_equal(check->error.text, "the assertion does not hold: "
					       "3 rows break it");
	assert_int_equal(check->sample.nrows, 1);
	assert_true(str_is(check->sample.values[0], "3"));
	assert_int_equal(status_of(&s, "s.after"), STATUS_SKIPPED);
	assert_int_equal(status_of(&s, "s.v"), STATUS_OK);
	end(&s);
}

static void a_worker_connects_again_after_a_loss(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.options.jobs = 1;
	assert_true(run(&s));
	assert_int_equal(s.fake.opens, 2);
	s.fake.calls = s.fake.opens = 0;
	s.told_final = 0;
	s.fake.broken = "select bad";
	s.fake.broken_how = ERROR_LOST;
	assert_true(run(&s));
	assert_all_is_final(&s);
	assert_int_equal(s.fake.opens, 3);
	assert_int_equal(s.run.nfailed, 1);
	end(&s);
}

static void a_worker_connects_again_rather_than_keep_settings(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.options.jobs = 1;
	s.fake.worn = true;
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_int_equal(s.fake.opens, 4); /* after raw and t */
	end(&s);
}

static void fail_fast_starts_nothing_more(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.options.jobs = 1;
	s.options.fail_fast = true;
	s.fake.broken = "insert raw";
	assert_true(run(&s));
	assert_all_is_final(&s);
	assert_int_equal(s.run.status, RUN_FAILED);
	assert_int_equal(s.told_running, 1);
	assert_int_equal(status_of(&s, "s.t"), STATUS_SKIPPED);
	assert_int_equal(status_of(&s, "s.bad"), STATUS_CANCELLED);
	end(&s);
}

static void an_interrupt_cancels_what_runs(void **state)
{
	static const char *const endless[] = {"\"s\".\"t\"", "post t",
					      "insert raw", "select v"};
	static const char *const at[] = {"t", "t", "raw", "v"};

	(void)state;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		struct scene s;

		start(&s);
		s.options.jobs = (int)i % 2 + 1;
		s.fake.endless = endless[i];
		s.interrupt_at = at[i];
		assert_true(run(&s));
		assert_all_is_final(&s);
		assert_int_equal(s.run.status, RUN_CANCELLED);
		assert_int_equal(s.run.nfailed, 0);
		assert_int_equal(status_of(&s, "s.after"), STATUS_CANCELLED);
		end(&s);
	}
}

/* The fake aborts if a connection is closed within a transaction. */
static void an_interrupt_between_two_statements_rolls_back(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.fake.endless = "pre t";
	s.fake.deaf = true;
	s.interrupt_at = "t";
	assert_true(run(&s));
	assert_all_is_final(&s);
	assert_int_equal(status_of(&s, "s.t"), STATUS_CANCELLED);
	assert_int_equal(s.run.status, RUN_CANCELLED);
	end(&s);
}

static void an_interrupt_before_the_start_runs_nothing(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	s.interrupted = 1;
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_CANCELLED);
	assert_int_equal(s.told_running, 0);
	assert_all_is_final(&s);
	end(&s);
}

static void a_dry_run_asks_and_creates_nothing(void **state)
{
	struct scene s;
	char path[64];

	(void)state;
	start(&s);
	s.options.dry_run = true;
	s.fake.broken = "select bad";
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_null(s.run.results_path);
	snprintf(path, sizeof(path), "%s/.weir", s.root);
	assert_false(file_exists(path));
	assert_int_equal(s.fake.running_most, 0);
	assert_int_equal(step_of(&s, "s.bad")->check, CHECK_REFUSED);
	assert_int_equal(step_of(&s, "s.raw")->check, CHECK_OK);
	assert_int_equal(step_of(&s, "s.off")->check, CHECK_NOT_ASKED);
	assert_int_equal(step_of(&s, "s.v")->check, CHECK_UNKNOWN);
	assert_true(str_is(step_of(&s, "s.v")->check_text, "needs s.t"));
	assert_true(str_starts(step_of(&s, "s.t")->sql, STR("begin;\npre t")));
	end(&s);
}

static void a_run_that_cannot_be_recorded_does_not_start(void **state)
{
	struct scene s;
	char path[64];
	struct error err = {0};

	(void)state;
	start(&s);
	snprintf(path, sizeof(path), "%s/.weir", s.root);
	assert_true(file_write(path, STR("a file"), &err));
	assert_false(run(&s));
	assert_int_equal(s.err.kind, ERROR_IO);
	assert_int_equal(s.fake.calls, 0);
	end(&s);
}

static void an_empty_selection_is_a_run_of_nothing(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	memset(s.made.selected, 0, sizeof(s.made.selected));
	assert_true(run(&s));
	assert_int_equal(s.run.status, RUN_OK);
	assert_all_is_final(&s);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_that_goes_well),
		cmocka_unit_test(any_call_may_be_refused),
		cmocka_unit_test(any_call_may_lose_the_connection),
		cmocka_unit_test(a_failure_skips_its_dependents_only),
		cmocka_unit_test(what_was_rolled_back_has_no_rows),
		cmocka_unit_test(without_its_lock_a_run_starts_nothing_more),
		cmocka_unit_test(an_assertion_that_fails_keeps_a_sample),
		cmocka_unit_test(a_worker_connects_again_after_a_loss),
		cmocka_unit_test(
			a_worker_connects_again_rather_than_keep_settings),
		cmocka_unit_test(fail_fast_starts_nothing_more),
		cmocka_unit_test(an_interrupt_cancels_what_runs),
		cmocka_unit_test(
			an_interrupt_between_two_statements_rolls_back),
		cmocka_unit_test(an_interrupt_before_the_start_runs_nothing),
		cmocka_unit_test(a_dry_run_asks_and_creates_nothing),
		cmocka_unit_test(a_run_that_cannot_be_recorded_does_not_start),
		cmocka_unit_test(an_empty_selection_is_a_run_of_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
