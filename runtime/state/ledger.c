/*
 * On PostgreSQL a claim is the first statement of its transaction: one that
 * a lost connection left running in the server makes another attempt wait, and
 * then fail by the primary key, before it has done anything. On DuckDB nothing
 * outlives the process, and the claim is the last statement, because two
 * transactions that change one thing cannot both be committed there anyway.
 */
#include "runtime/state/ledger.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/graph.h"
#include "runtime/state/create.h"
#include "runtime/state/lock.h"
#include "runtime/warehouse/warehouse.h"

static struct target target_of(const struct graph *g)
{
	return (struct target){.schema = g->default_schema,
			       .name = STR("weir_steps")};
}

/* DuckDB's USE makes a name of two parts another database's. */
static bool put_database(struct warehouse *w, const struct dialect *d,
			 struct arena *arena, struct buf *b, struct error *err)
{
	struct rows here;

	if (d->kind != WAREHOUSE_DUCKDB)
		return true;
	if (!w->ops->query(w, STR("select current_database()"), 1, arena, &here,
			   err))
		return error_prefix(err, "cannot look for weir_steps");
	dialect_put_ident(d, b, here.values[0]);
	buf_addc(b, '.');
	return true;
}

bool ledger_open(struct ledger *l, struct warehouse *w, const struct graph *g,
		 struct str run, struct arena *arena, struct error *err)
{
	const struct target t = target_of(g);
	struct buf b = {0};
	bool ok;

	*l = (struct ledger){.dialect = g->profile->dialect,
			     .run = run,
			     .lock = lock_name(g)};
	ok = put_database(w, l->dialect, arena, &b, err);
	dialect_put_target(l->dialect, &b, &t);
	l->table = buf_move(&b, arena);
	buf_free(&b);
	return ok;
}

static bool is_ours(const struct relation *r)
{
	static const char *const columns[] = {"run", "action", "part", "done"};
	size_t n = sizeof(columns) / sizeof(columns[0]);

	if (r->kind != RELATION_TABLE || r->columns.n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!str_is(r->columns.v[i], columns[i]))
			return false;
	return true;
}

static struct str sql_of(const struct ledger *l, struct arena *arena,
			 const char *before, const char *after)
{
	return arena_printf(arena, "%s%.*s%s", before, STR_ARG(l->table),
			    after);
}

static bool make(const struct ledger *l, struct warehouse *w,
		 struct arena *arena, struct error *err)
{
	return create_missing(
		w,
		sql_of(l, arena, "create table if not exists ",
		       " (\n\trun text not null,\n"
		       "\taction text not null,\n"
		       "\tpart integer not null,\n"
		       "\tdone timestamp with time zone not null,\n"
		       "\tprimary key (run, action, part)\n)"),
		err);
}

static bool forget_old(const struct ledger *l, struct warehouse *w,
		       struct arena *arena, struct error *err)
{
	int64_t rows;

	return w->ops->execute(
		w,
		sql_of(l, arena, "delete from ",
		       " where done < now() - interval '30 days'"),
		&rows, err);
}

bool ledger_make(const struct ledger *l, struct warehouse *w,
		 const struct graph *g, struct arena *arena, struct error *err)
{
	const struct target t = target_of(g);
	struct relation there;
	bool ok;

	if (!w->ops->describe(w, &t, arena, &there, err))
		return error_prefix(err, "cannot look for weir_steps");
	if (there.kind != RELATION_NONE && !is_ours(&there)) {
		error_set(err, ERROR_CONFIG,
			  "%.*s is not the table in which runs note what is "
			  "done",
			  STR_ARG(l->table));
		return error_hint(err, "weir needs that name: give what stands "
				       "there another");
	}
	ok = there.kind == RELATION_NONE ? make(l, w, arena, err)
					 : forget_old(l, w, arena, err);
	return ok ||
	       error_prefix(err, "weir_steps, where runs note what is done");
}

bool ledger_read_run(const struct ledger *l, struct warehouse *w,
		     const struct graph *g, struct str run, struct arena *arena,
		     struct map *out, struct error *err)
{
	const struct target t = target_of(g);
	struct relation there;
	struct buf b = {0};
	struct rows found;
	bool ok;

	map_init(out, arena);
	if (!w->ops->describe(w, &t, arena, &there, err))
		return error_prefix(err, "cannot look for weir_steps");
	if (there.kind == RELATION_NONE)
		return true;
	buf_printf(&b, "select action, min(part) from %.*s where run = ",
		   STR_ARG(l->table));
	dialect_put_string(l->dialect, &b, run);
	buf_adds(&b, " group by action");
	ok = w->ops->query(w, buf_str(&b), UINT32_MAX, arena, &found, err);
	buf_free(&b);
	if (!ok)
		return error_prefix(err, "cannot ask what is done");
	for (uint32_t i = 0; i < found.nrows; i++) {
		bool *is_whole = ARENA_NEW(arena, bool, 1);

		*is_whole = str_is(found.values[i * 2 + 1], "0");
		map_put(out, found.values[i * 2], is_whole);
	}
	return true;
}

bool ledger_carry(const struct ledger *l, struct warehouse *w, struct str run,
		  const struct strs *actions, struct arena *arena,
		  struct error *err)
{
	struct buf b = {0};
	int64_t rows;
	bool ok;

	if (!actions->n)
		return true;
	buf_printf(&b, "insert into %.*s (run, action, part, done)\nselect ",
		   STR_ARG(l->table));
	dialect_put_string(l->dialect, &b, l->run);
	buf_printf(&b, ", action, part, now()\nfrom %.*s\nwhere run = ",
		   STR_ARG(l->table));
	dialect_put_string(l->dialect, &b, run);
	for (size_t i = 0; i < actions->n; i++) {
		buf_adds(&b, i ? ", " : " and action in (");
		dialect_put_string(l->dialect, &b, actions->v[i]);
	}
	buf_addc(&b, ')');
	ok = w->ops->execute(w, buf_move(&b, arena), &rows, err);
	buf_free(&b);
	return ok || error_prefix(err, "cannot take over what is done");
}

static uint64_t key_of(struct str run)
{
	return lock_key("weir steps ", run);
}

bool ledger_wait(struct warehouse *w, struct str run, struct arena *arena,
		 struct error *err)
{
	int64_t rows;

	if (w->profile->dialect->kind != WAREHOUSE_POSTGRES)
		return true;
	if (w->ops->execute(
		    w,
		    arena_printf(
			    arena,
			    "begin; set local lock_timeout = '60s'; "
			    "select pg_catalog.pg_advisory_xact_lock(%lld); "
			    "commit",
			    (long long)key_of(run)),
		    &rows, err))
		return true;
	if (strcmp(err->sqlstate, "55P03") != 0)
		return error_prefix(err, "cannot wait for run %.*s",
				    STR_ARG(run));
	*err = (struct error){0};
	error_set(err, ERROR_LOCKED,
		  "statements of run %.*s still run in the server",
		  STR_ARG(run));
	return error_hint(err, "wait until they have ended, or end them: "
			       "pg_stat_activity lists them");
}

static void put_from(const struct ledger *l, struct buf *b)
{
	if (l->dialect->kind != WAREHOUSE_POSTGRES)
		return;
	buf_printf(
		b,
		"\nfrom pg_catalog.pg_advisory_xact_lock_shared(%lld) as run, "
		"pg_catalog.pg_advisory_xact_lock_shared(%lld) as work, ",
		(long long)key_of(l->run), (long long)lock_work_key(l->lock));
}

struct str ledger_claim(const struct ledger *l, struct arena *arena,
			struct str action, uint32_t first, uint32_t last)
{
	struct buf b = {0};
	struct str sql;

	buf_printf(&b, "insert into %.*s (run, action, part, done)\nselect ",
		   STR_ARG(l->table));
	dialect_put_string(l->dialect, &b, l->run);
	buf_adds(&b, ", ");
	dialect_put_string(l->dialect, &b, action);
	buf_adds(&b, ", part, now()");
	put_from(l, &b);
	if (l->dialect->kind != WAREHOUSE_POSTGRES)
		buf_adds(&b, "\nfrom ");
	buf_printf(&b, "generate_series(%u, %u) as parts (part)", first, last);
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

bool ledger_is_done(const struct error *refused)
{
	return strcmp(refused->sqlstate, "23505") == 0;
}

bool ledger_read(const struct ledger *l, struct warehouse *w,
		 struct arena *arena, struct str action, bool *is_done,
		 uint32_t nparts, struct error *err)
{
	struct buf b = {0};
	struct rows found;
	bool ok;

	buf_printf(&b, "select part from %.*s where run = ", STR_ARG(l->table));
	dialect_put_string(l->dialect, &b, l->run);
	buf_adds(&b, " and action = ");
	dialect_put_string(l->dialect, &b, action);
	ok = w->ops->query(w, buf_str(&b), UINT32_MAX, arena, &found, err);
	buf_free(&b);
	if (!ok)
		return error_prefix(err, "cannot ask what is done");
	for (uint32_t i = 0; i < found.nrows; i++) {
		unsigned long part = strtoul(found.values[i].p, NULL, 10);

		if (part < nparts)
			is_done[part] = true;
	}
	return true;
}
