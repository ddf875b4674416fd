/* The executor's warehouse in tests. */
#include "tests/unit/fake_warehouse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "compiler/graph.h"

struct fake_connection {
	struct warehouse base;
	struct fake *fake;
	struct fake_connection *next;
	bool has_lock, is_lost;
	bool in_transaction, cancelled;
};

static struct fake_connection *of(struct warehouse *w)
{
	return (struct fake_connection *)w;
}

/* Counts a call; false if it is the one that fails. */
static bool call(struct fake *f, struct error *err)
{
	bool fails;

	pthread_mutex_lock(&f->lock);
	fails = ++f->calls == f->fail_at;
	pthread_mutex_unlock(&f->lock);
	return !fails || error_set(err, f->fail_how, "this call fails");
}

static bool break_statement(struct fake *f, struct error *err)
{
	error_set(err, f->broken_how ? f->broken_how : ERROR_SQL,
		  "this statement is broken");
	if (f->sqlstate)
		snprintf(err->sqlstate, sizeof(err->sqlstate), "%s",
			 f->sqlstate);
	err->in_doubt |= f->in_doubt;
	if (f->broken_times && --f->broken_times == 0)
		f->broken = NULL;
	return false;
}

static bool holds(struct str sql, const char *word)
{
	return word && str_has(sql, str_of(word));
}

static bool run_endlessly(struct fake_connection *c, struct error *err)
{
	struct fake *f = c->fake;

	pthread_mutex_lock(&f->lock);
	while (!c->cancelled)
		pthread_cond_wait(&f->cancelled, &f->lock);
	c->cancelled = false;
	pthread_mutex_unlock(&f->lock);
	return f->deaf || error_set(err, ERROR_CANCELLED, "cancelled");
}

static void count_running(struct fake *f, int more)
{
	pthread_mutex_lock(&f->lock);
	f->running_now += more;
	if (f->running_now > f->running_most)
		f->running_most = f->running_now;
	pthread_mutex_unlock(&f->lock);
}

/* Not assert_true: cmocka may not be left from another thread. */
static void insist(bool ok)
{
	if (!ok)
		abort();
}

static void change_transaction(struct fake_connection *c, struct str sql)
{
	if (str_is(sql, "begin")) {
		insist(!c->in_transaction);
		c->in_transaction = true;
	} else if (str_is(sql, "commit") || str_is(sql, "rollback")) {
		insist(c->in_transaction);
		c->in_transaction = false;
	}
}

static bool fake_execute(struct warehouse *w, struct str sql, int64_t *rows,
			 struct error *err)
{
	struct fake_connection *c = of(w);
	bool ok;

	*rows = 7;
	count_running(c->fake, 1);
	ok = call(c->fake, err);
	if (!ok && holds(sql, "generate_series(1, 1)"))
		c->fake->lost_claim = true;
	if (!ok && holds(sql, " if not exists "))
		c->fake->lost_making = true;
	if (ok && holds(sql, c->fake->broken))
		ok = break_statement(c->fake, err);
	if (ok && holds(sql, c->fake->endless))
		ok = run_endlessly(c, err);
	if (ok)
		change_transaction(c, sql);
	else
		c->in_transaction = false;
	count_running(c->fake, -1);
	return ok;
}

static void list_relations(const struct fake *f, struct arena *arena,
			   struct rows *out)
{
	*out = (struct rows){.ncolumns = 4};
	if (!f->there)
		return;
	out->nrows = 1;
	out->values = ARENA_NEW(arena, struct str, 4);
	out->values[0] = arena_str(arena, str_of(f->there));
	out->values[1] = STR("table");
	out->values[2] = STR("n");
	out->values[3] = STR("integer");
}

static bool fake_query(struct warehouse *w, struct str sql, uint32_t max_rows,
		       struct arena *arena, struct rows *out, struct error *err)
{
	enum { WIDEST = 8 }; /* of what is asked */
	struct fake *f = of(w)->fake;
	struct str answer;

	(void)max_rows;
	if (!call(f, err)) {
		f->kept_lock = str_has(sql, STR("pg_advisory_unlock"));
		return false;
	}
	if (str_has(sql, STR("unnest("))) {
		list_relations(f, arena, out);
		return true;
	}
	*out = (struct rows){.ncolumns = 1, .nrows = 1};
	if (str_has(sql, STR("pg_locks")) && !f->lock_is_taken) /* holder */
		out->nrows = 0;
	out->columns = ARENA_NEW(arena, struct str, 1);
	out->values = ARENA_NEW(arena, struct str, WIDEST);
	out->columns[0] = arena_str(arena, STR("n"));
	answer = arena_str(arena, str_of(f->count ? f->count : "0"));
	if (str_has(sql, STR("pg_try_advisory_lock"))) {
		of(w)->has_lock = f->has_lock = true;
		answer = f->lock_is_taken ? STR("f") : STR("t");
	}
	for (int i = 0; i < WIDEST; i++)
		out->values[i] = answer;
	return true;
}

static bool fake_describe(struct warehouse *w, const struct target *t,
			  struct arena *arena, struct relation *out,
			  struct error *err)
{
	(void)t;
	(void)arena;
	*out = (struct relation){0};
	return call(of(w)->fake, err);
}

static bool fake_check(struct warehouse *w, struct str sql, struct error *err)
{
	struct fake *f = of(w)->fake;

	f->checks++;
	if (holds(sql, f->broken))
		return error_set(err, ERROR_SQL, "this statement is broken");
	return call(f, err);
}

static bool fake_end_transaction(struct warehouse *w)
{
	bool open = of(w)->in_transaction;

	of(w)->in_transaction = false;
	return open;
}

static bool fake_in_transaction(struct warehouse *w)
{
	return of(w)->in_transaction;
}

static bool fake_renew(struct warehouse *w, struct error *err)
{
	insist(!of(w)->in_transaction);
	return !of(w)->fake->worn ||
	       error_set(err, ERROR_SQL, "this connection is worn");
}

static bool fake_is_open(struct warehouse *w)
{
	struct fake_connection *c = of(w);
	struct fake *f = c->fake;
	bool open;

	pthread_mutex_lock(&f->lock);
	if (f->lost && c->has_lock == f->has_lock) {
		f->lost = false;
		c->is_lost = true;
	}
	open = !c->is_lost;
	pthread_mutex_unlock(&f->lock);
	return open;
}

static void fake_cancel(struct warehouse *w)
{
	struct fake *f = of(w)->fake;

	pthread_mutex_lock(&f->lock);
	of(w)->cancelled = true;
	pthread_cond_broadcast(&f->cancelled);
	pthread_mutex_unlock(&f->lock);
}

static void fake_close(struct warehouse *w)
{
	struct fake *f = of(w)->fake;
	struct fake_connection **at;

	insist(!of(w)->in_transaction);
	pthread_mutex_lock(&f->lock);
	for (at = &f->connections; *at != of(w);)
		at = &(*at)->next;
	*at = of(w)->next;
	f->open_now--;
	pthread_mutex_unlock(&f->lock);
	free(w);
}

static bool fake_open(void *ctx, struct warehouse **out, struct error *err)
{
	static const struct warehouse_ops ops = {
		.execute = fake_execute,
		.query = fake_query,
		.describe = fake_describe,
		.check = fake_check,
		.end_transaction = fake_end_transaction,
		.in_transaction = fake_in_transaction,
		.renew = fake_renew,
		.is_open = fake_is_open,
		.cancel = fake_cancel,
		.close = fake_close,
	};
	struct fake *f = ctx;
	struct fake_connection *c;

	if (!call(f, err))
		return false;
	if (f->starting && f->starting--) {
		error_set(err, ERROR_CONNECT, "the server is starting up");
		snprintf(err->sqlstate, sizeof(err->sqlstate), "57P03");
		return false;
	}
	if (f->refuses)
		return error_set(err, ERROR_CONNECT, "nobody can connect");
	c = mem_zalloc(sizeof(*c));
	c->base = (struct warehouse){&ops, f->profile};
	c->fake = f;
	pthread_mutex_lock(&f->lock);
	c->next = f->connections;
	f->connections = c;
	f->opens++;
	f->open_now++;
	pthread_mutex_unlock(&f->lock);
	*out = &c->base;
	return true;
}

struct connector fake_start(struct fake *f, const struct profile *profile)
{
	memset(f, 0, sizeof(*f));
	f->profile = profile;
	f->fail_how = ERROR_SQL;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->cancelled, NULL);
	return (struct connector){fake_open, f};
}

void fake_close_all(struct fake *f)
{
	while (f->connections)
		fake_close(&f->connections->base);
}

void fake_end(struct fake *f)
{
	pthread_cond_destroy(&f->cancelled);
	pthread_mutex_destroy(&f->lock);
	assert_int_equal(f->open_now, 0);
	assert_int_equal(f->running_now, 0);
}
