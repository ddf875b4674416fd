/* Runs on real warehouses. */
#include "tests/unit/real_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/moment.h"
#include "runtime/executor.h"

static struct real *real_new(const struct dialect *d)
{
	struct real *r = mem_zalloc(sizeof(*r));

	made_start(&r->made, d);
	snprintf(r->root, sizeof(r->root), "/tmp/weir-test-XXXXXX");
	assert_non_null(mkdtemp(r->root));
	r->made.graph.root = r->root;
	r->made.profile.path = STR("test.duckdb");
	r->options.selected = r->made.selected;
	return r;
}

int real_duckdb(void **state)
{
	*state = real_new(&dialect_duckdb);
	return 0;
}

int real_postgres(void **state)
{
	struct real *r = real_new(&dialect_postgres);

	r->made.profile.connection = str_of(getenv("PGURL"));
	*state = r;
	if (r->made.profile.connection.n)
		real_do(r, "drop schema if exists s cascade;"
			   "drop schema if exists checks cascade");
	return 0;
}

int real_end(void **state)
{
	struct real *r = *state;
	const char *command =
		arena_printf(r->made.arena, "rm -rf '%s'", r->root).p;
	int status = system(command);

	made_end(&r->made);
	free(r);
	return status;
}

struct real *real_or_skip(void **state)
{
	struct real *r = *state;

	if (r->made.profile.dialect == &dialect_postgres &&
	    !r->made.profile.connection.n)
		skip();
	return r;
}

void real_run(struct real *r)
{
	r->err.kind = ERROR_NONE;
	if (!run_graph(&r->made.graph, &r->options, NULL, r->made.arena,
		       &r->run, &r->err))
		fail_msg("%s", r->err.text);
}

static bool open_one(void *ctx, struct warehouse **out, struct error *err)
{
	struct real *r = ctx;

	if (!warehouse_open(&r->made.profile, r->root, r->first, NULL, out,
			    err))
		return false;
	if (!r->first)
		r->first = *out;
	if (r->change)
		r->change(*out);
	return true;
}

static int64_t now_of(const struct time_source *t)
{
	const struct real *r =
		(const struct real *)((const char *)t -
				      offsetof(struct real, time));

	return r->now_ms;
}

static void sleep_not(const struct time_source *t, int64_t ms)
{
	(void)t;
	(void)ms;
}

static void nothing(void *ctx, const struct run *r)
{
	(void)ctx;
	(void)r;
}

static void changed(void *ctx, const struct run *r, uint32_t step)
{
	(void)step;
	nothing(ctx, r);
}

static void waits(void *ctx, const struct run *r, const struct error *held)
{
	(void)held;
	nothing(ctx, r);
}

/* The time until then is over at once. */
static void retrying(void *ctx, const struct run *run, const struct retry *t)
{
	struct real *r = ctx;

	(void)run;
	r->now_ms += t->wait_ms;
}

void real_run_at(struct real *r, const char *time)
{
	struct connector c = {.open = open_one, .ctx = r, .time = &r->time};
	struct run_observer observer = {.ctx = r,
					.planned = nothing,
					.changed = changed,
					.retrying = retrying,
					.tick = nothing,
					.waits = waits};
	int64_t us;

	assert_true(moment_read(MOMENT_TIMESTAMP, str_of(time), &us));
	r->now_ms = us / 1000;
	r->time = (struct time_source){now_of, sleep_not};
	r->first = NULL;
	r->err.kind = ERROR_NONE;
	if (!run_graph_over(&c, &r->made.graph, &r->options, &observer,
			    r->made.arena, &r->run, &r->err))
		fail_msg("%s", r->err.text);
}

const struct step *real_step(struct real *r, const char *name)
{
	uint32_t id = made_id(&r->made, name);

	for (uint32_t i = 0; i < r->run.nsteps; i++)
		if (r->run.steps[i].action == id)
			return &r->run.steps[i];
	fail_msg("no step for %s", name);
	return NULL;
}

const char *real_status(struct real *r, const char *name)
{
	const struct step *s = real_step(r, name);

	if (s->error.kind == ERROR_NONE)
		return step_status_name(s->status);
	return arena_printf(r->made.arena, "%s: %s",
			    step_status_name(s->status), s->error.text)
		.p;
}

void real_run_ok(struct real *r, const char *name)
{
	real_run(r);
	assert_string_equal(real_status(r, name), "ok");
}

struct action *real_table(struct real *r)
{
	struct action *a = made_add(&r->made, ACTION_TABLE, "s.t",
				    "select 1 as a, 'x' as b", "");

	real_run_ok(r, "s.t");
	return a;
}

void real_open(struct real *r, struct test_warehouse *t)
{
	*t = (struct test_warehouse){
		.profile = r->made.profile,
		.arena = r->made.arena,
	};
	r->err.kind = ERROR_NONE;
	if (!warehouse_open(&t->profile, r->root, NULL, NULL, &t->w, &r->err))
		fail_msg("%s", r->err.text);
}

void real_do(struct real *r, const char *sql)
{
	struct test_warehouse t;

	real_open(r, &t);
	must_run(&t, sql);
	t.w->ops->close(t.w);
}

const char *real_ask(struct real *r, const char *sql)
{
	struct test_warehouse t;
	const char *answer;

	real_open(r, &t);
	answer = must_query(&t, sql);
	t.w->ops->close(t.w);
	return answer;
}
