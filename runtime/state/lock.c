/*
 * PostgreSQL's advisory locks are numbers, of one database: ours are the first
 * 64 bits of a hash of what is locked. A run's connection tells its run's id
 * by its application_name, which everybody may read, unless the user chose
 * that name.
 *
 * The lock of a run has a second one behind it, which is taken first and kept
 * by the run that waits, so that nobody who comes later overtakes it.
 */
#include "runtime/state/lock.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "compiler/graph.h"
#include "runtime/warehouse/warehouse.h"

uint64_t lock_key(const char *what, struct str name)
{
	char hash[SHA256_HEX + 1];
	struct sha256 h;

	sha256_init(&h);
	sha256_add(&h, what, strlen(what));
	sha256_add(&h, name.p, name.n);
	sha256_hex(&h, hash);
	hash[16] = '\0';
	return strtoull(hash, NULL, 16);
}

static uint64_t run_key(struct str name)
{
	return lock_key("weir run ", name);
}

uint64_t lock_work_key(struct str name)
{
	return lock_key("weir work ", name);
}

struct str lock_name(const struct graph *g)
{
	return g->profile->lock.n ? g->profile->lock : g->default_schema;
}

static uint64_t next_key(struct str name)
{
	return lock_key("weir next run ", name);
}

static uint64_t table_key(const struct target *t, struct arena *arena)
{
	return lock_key("weir load ", target_short(arena, t));
}

static bool has_locks(const struct warehouse *w)
{
	return w->profile->dialect->kind == WAREHOUSE_POSTGRES;
}

static bool ask(struct warehouse *w, struct str sql, struct arena *arena,
		struct rows *out, struct error *err)
{
	return w->ops->query(w, sql, 1, arena, out, err);
}

static bool find_holder(struct warehouse *w, uint64_t key, struct arena *arena,
			struct rows *out, struct error *err)
{
	return ask(
		w,
		arena_printf(arena,
			     "SELECT l.pid, coalesce(a.usename::text, '?'), "
			     "coalesce(a.application_name, ''), "
			     "to_char(a.backend_start AT TIME ZONE 'UTC', "
			     "'YYYY-MM-DD HH24:MI:SS') "
			     "FROM pg_catalog.pg_locks l "
			     "JOIN pg_catalog.pg_database d "
			     "ON d.oid = l.database "
			     "LEFT JOIN pg_catalog.pg_stat_activity a "
			     "ON a.pid = l.pid "
			     "WHERE l.locktype = 'advisory' AND l.granted "
			     "AND d.datname = current_database() "
			     "AND l.objsubid = 1 "
			     "AND l.classid = %lu::oid AND l.objid = %lu::oid",
			     (unsigned long)(key >> 32),
			     (unsigned long)(key & 0xffffffff)),
		arena, out, err);
}

static bool set_locked(struct str name, const struct rows *holder,
		       struct error *err)
{
	const struct str *v = holder->values;

	error_set(err, ERROR_LOCKED,
		  "another run holds the lock \"%.*s\": \"%.*s\" of user "
		  "%.*s, server process %.*s%s%.*s%s",
		  STR_ARG(name), STR_ARG(v[2]), STR_ARG(v[1]), STR_ARG(v[0]),
		  v[3].p ? ", since " : "", STR_ARG(v[3]),
		  v[3].p ? " UTC" : "");
	return error_hint(err,
			  "wait until it has ended, or let weir wait: --wait "
			  "10m; one that hangs is ended in the warehouse by: "
			  "select pg_terminate_backend(%.*s)",
			  STR_ARG(v[0]));
}

static bool set_holder(struct warehouse *w, struct str name,
		       struct arena *arena, struct error *err)
{
	struct rows rows;

	if (!find_holder(w, run_key(name), arena, &rows, err))
		return error_prefix(err, "another run holds the lock");
	if (rows.nrows)
		return set_locked(name, &rows, err);
	error_set(err, ERROR_LOCKED,
		  "another run holds the lock \"%.*s\", or is about to take "
		  "it",
		  STR_ARG(name));
	return error_hint(err, "run the same command again, or let weir wait: "
			       "--wait 10m");
}

/* Gives the place behind the lock to the next, and tells who has the lock. */
static bool settle(struct warehouse *w, struct run_lock *l, struct str run,
		   struct arena *arena, struct error *err)
{
	struct rows ignored;

	l->is_next = false;
	return ask(w,
		   arena_printf(arena,
				"SELECT pg_advisory_unlock(%lld), "
				"CASE current_setting('application_name') "
				"WHEN 'weir' THEN "
				"set_config('application_name', "
				"'weir %.*s', false) END",
				(long long)next_key(l->name), STR_ARG(run)),
		   arena, &ignored, err);
}

static struct str sql_try(const struct run_lock *l, struct arena *arena)
{
	long long run = (long long)run_key(l->name);

	if (l->is_next)
		return arena_printf(
			arena, "SELECT true, pg_try_advisory_lock(%lld)", run);
	return arena_printf(arena,
			    "SELECT next, CASE WHEN next THEN "
			    "pg_try_advisory_lock(%lld) END "
			    "FROM pg_try_advisory_lock(%lld) next",
			    run, (long long)next_key(l->name));
}

static bool take(struct warehouse *w, struct run_lock *l, struct str run,
		 struct arena *arena, struct error *err)
{
	struct rows rows;

	if (l->is_held)
		return true;
	if (!ask(w, sql_try(l, arena), arena, &rows, err))
		return error_prefix(err, "cannot take the run's lock");
	l->is_next = str_is(rows.values[0], "t");
	l->is_held = str_is(rows.values[1], "t");
	if (l->is_held)
		return settle(w, l, run, arena, err);
	return set_holder(w, l->name, arena, err);
}

static bool set_at_work(struct str name, const struct rows *at_work,
			struct error *err)
{
	const struct str *v = at_work->values;

	error_set(err, ERROR_LOCKED,
		  "a run that no longer holds the lock \"%.*s\" is still at "
		  "work: \"%.*s\" of user %.*s, server process %.*s",
		  STR_ARG(name), STR_ARG(v[2]), STR_ARG(v[1]), STR_ARG(v[0]));
	return error_hint(err,
			  "wait until its transaction has ended, or let weir "
			  "wait: --wait 10m; one that hangs is ended by: "
			  "select pg_terminate_backend(%.*s)",
			  STR_ARG(v[0]));
}

/* A new transaction of such a run would have to begin in the moment in which
 * it has not yet found that its lock is gone. */
static bool is_alone(struct warehouse *w, struct run_lock *l,
		     struct arena *arena, struct error *err)
{
	struct rows rows;

	if (!l->is_alone &&
	    !find_holder(w, lock_work_key(l->name), arena, &rows, err))
		return error_prefix(err, "cannot look for what still runs");
	l->is_alone = l->is_alone || !rows.nrows;
	return l->is_alone || set_at_work(l->name, &rows, err);
}

bool lock_run(struct warehouse *w, struct run_lock *l, struct str run,
	      struct arena *arena, struct error *err)
{
	return !has_locks(w) ||
	       (take(w, l, run, arena, err) && is_alone(w, l, arena, err));
}

bool lock_table(struct warehouse *w, const struct target *t,
		struct arena *arena, struct error *err)
{
	struct rows ignored;

	return !has_locks(w) ||
	       ask(w,
		   arena_printf(arena, "SELECT pg_advisory_lock(%lld)",
				(long long)table_key(t, arena)),
		   arena, &ignored, err);
}

/* Of a connection that was lost nothing is locked. */
static void unlock(struct warehouse *w, uint64_t key, struct arena *arena)
{
	struct error unlikely = {0};
	struct rows ignored;

	if (has_locks(w))
		(void)ask(w,
			  arena_printf(arena, "SELECT pg_advisory_unlock(%lld)",
				       (long long)key),
			  arena, &ignored, &unlikely);
}

void unlock_run(struct warehouse *w, struct run_lock *l, struct arena *arena)
{
	if (l->is_held)
		unlock(w, run_key(l->name), arena);
	if (l->is_next)
		unlock(w, next_key(l->name), arena);
	l->is_held = l->is_next = false;
}

void unlock_table(struct warehouse *w, const struct target *t,
		  struct arena *arena)
{
	unlock(w, table_key(t, arena), arena);
}
