/* The scene of tests of the director. */
#include "tests/unit/directed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"

static bool is_named(const struct run *r, uint32_t step, const char *name)
{
	uint32_t action = r->steps[step].action;

	return name && str_is(r->graph->actions[action].target.name, name);
}

static void planned(void *ctx, const struct run *r)
{
	struct directed *s = ctx;

	for (uint32_t i = 0; i < r->nsteps; i++)
		if (is_named(r, i, s->pieces_of)) {
			r->steps[i].npieces = 5;
			r->steps[i].in_turn = s->in_turn;
		}
}

static void changed(void *ctx, const struct run *r, uint32_t step)
{
	struct directed *s = ctx;

	if (r->steps[step].status != STATUS_RUNNING)
		return;
	assert_int_equal(s->fake.starting, 0);
	if (is_named(r, step, s->lose_at)) {
		s->fake.lost = true;
		s->fake.starting = 3;
		s->lost_ms = s->crew.now_ms;
		s->lose_at = s->lose_next;
		s->lose_next = NULL;
		s->fake.lock_is_taken = s->taken_when_lost;
	}
	if (is_named(r, step, s->interrupt_at))
		s->interrupted = SIGINT;
	if (is_named(r, step, s->insist_at))
		s->interrupted = s->insisted = 1;
}

static void retrying(void *ctx, const struct run *r, const struct retry *t)
{
	struct directed *s = ctx;

	assert_int_equal(r->steps[t->step].status, STATUS_RUNNING);
	assert_int_equal(t->attempt, s->nretries + 1);
	assert_int_not_equal(t->error->kind, ERROR_NONE);
	s->nretries++;
	s->waited_ms += t->wait_ms;
	if (s->sure_then)
		s->fake.in_doubt = false;
	if (s->interrupt_retry)
		s->interrupted = SIGINT;
	s->fake.there = s->there_then;
}

static void tick(void *ctx, const struct run *r)
{
	(void)ctx;
	assert_true(r->nrunning > 0);
}

static int64_t takes_ms(void *ctx, const struct job *j)
{
	struct directed *s = ctx;

	if (!is_named(&s->run, j->step, s->slow))
		return 1;
	*j->in_doubt_now = s->slow_is_bare;
	return 10000;
}

void directed_start(struct directed *s)
{
	memset(s, 0, sizeof(*s));
	made_start(&s->made, &dialect_postgres);
	made_add(&s->made, ACTION_TABLE, "s.t", "select t", "");
	made_add(&s->made, ACTION_TABLE, "s.u", "select u", "s.t");
	made_add(&s->made, ACTION_TABLE, "s.v", "select v", "");
	s->connector = fake_start(&s->fake, &s->made.profile);
	fake_crew_start(&s->crew, &s->fake, &s->connector);
	s->crew.takes_ms = takes_ms;
	s->crew.ctx = s;
	snprintf(s->root, sizeof(s->root), "/tmp/weir-test-XXXXXX");
	assert_non_null(mkdtemp(s->root));
	s->made.graph.root = s->root;
	s->options.selected = s->made.selected;
	s->options.jobs = 3;
	s->options.retry_limit = 3;
	s->options.interrupted = &s->interrupted;
	s->options.insisted = &s->insisted;
	s->observer = (struct run_observer){
		.ctx = s,
		.planned = planned,
		.changed = changed,
		.retrying = retrying,
		.tick = tick,
	};
}

bool directed_run(struct directed *s)
{
	return run_graph_over(&s->connector, &s->made.graph, &s->options,
			      &s->observer, s->made.arena, &s->run, &s->err);
}

void directed_end(struct directed *s)
{
	const char *command =
		arena_printf(s->made.arena, "rm -rf '%s'", s->root).p;

	fake_end(&s->fake);
	assert_int_equal(system(command), 0);
	made_end(&s->made);
}

const struct step *directed_step(const struct directed *s, const char *name)
{
	for (uint32_t i = 0; i < s->run.nsteps; i++)
		if (is_named(&s->run, i, name))
			return &s->run.steps[i];
	fail_msg("no step for %s", name);
	return NULL;
}

struct str directed_file(struct directed *s, const char *name)
{
	struct error err = {0};
	struct str text;
	const char *path = arena_printf(s->made.arena, "%s/.weir/runs/%s/%s",
					s->root, s->run.id.p, name)
				   .p;

	assert_true(file_read(path, 1 << 20, s->made.arena, &text, &err));
	return text;
}

void directed_break_t(struct directed *s, const char *sqlstate, int times)
{
	s->fake.broken = "select t";
	s->fake.sqlstate = sqlstate;
	s->fake.broken_times = times;
}
