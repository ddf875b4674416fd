/*
 * A statement is a part of its action and goes out in a transaction of ours,
 * together with its claim in the ledger (ledger.h): what was begun again skips
 * the parts that are in it.
 *
 * A statement that cannot be in a transaction, or makes its own, is sent as it
 * is, "bare", and claimed when it has been done; one in a transaction that the
 * user began, when that has ended. What is bare may be done twice, if we are
 * cut off in between. Whether a statement can be in a transaction the
 * warehouse says, which undoes what it refuses there.
 */
#include "runtime/perform/operation.h"

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/plan/retry.h"
#include "runtime/sql_lex.h"
#include "runtime/state/ledger.h"
#include "runtime/warehouse/warehouse.h"

struct operation {
	const struct performer *p;
	const struct ledger *ledger;
	struct warehouse *w;
	struct str action;
	struct arena *arena;
	struct outcome *out;
	bool *is_done;      /* by part, from 1 */
	uint32_t unclaimed; /* the first part that is to be; 0 for none */
};

enum sent { SENT, FAILED, IMPOSSIBLE /* in a transaction */ };

static bool is_conflict(const struct operation *o)
{
	const struct error *err = &o->out->error;

	return retry_helps(o->w->profile->dialect->kind, err) ||
	       str_has(str_of(err->text), STR("onflict"));
}

/* Of DuckDB, which has no SQLSTATEs. */
static bool is_about_transaction(const struct error *err)
{
	static const char *const texts[] = {
		"a single transaction can only write to a single",
		"within a transaction",
		"current transaction",
		"transaction local changes",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (str_has(str_of(err->text), str_of(texts[i])))
			return true;
	return false;
}

/* Several statements that DuckDB commits one by one may do so because they do
 * not go together. */
static bool is_impossible(const struct operation *o, struct str sql)
{
	const struct error *err = &o->out->error;

	if (err->kind != ERROR_SQL)
		return false;
	if (err->sqlstate[0])
		return strcmp(err->sqlstate, "25001") == 0 ||
		       strcmp(err->sqlstate, "2D000") == 0;
	return is_about_transaction(err) ||
	       (sql_is_several(sql) && !is_conflict(o));
}

static bool execute(struct operation *o, struct str sql)
{
	int64_t rows;

	return o->w->ops->execute(o->w, sql, &rows, &o->out->error);
}

static bool claim(struct operation *o, uint32_t first, uint32_t last)
{
	return execute(
		o, ledger_claim(o->ledger, o->arena, o->action, first, last));
}

/* For lack of a right, or in a session that only reads; not because the disk is
 * full: then nothing is done. */
static bool may_not_claim(const struct operation *o)
{
	struct str state = str_of(o->out->error.sqlstate);

	if (!state.n)
		return !is_conflict(o);
	return str_starts(state, STR("42")) || str_starts(state, STR("25"));
}

/* A session that may not write there, as SET ROLE leaves one, is left as its
 * user made it. */
static enum sent claim_part(struct operation *o, uint32_t part)
{
	struct error *err = &o->out->error;

	if (claim(o, part, part))
		return SENT;
	if (ledger_is_done(err)) {
		*err = (struct error){0};
		o->is_done[part] = true;
		return SENT;
	}
	return err->kind == ERROR_SQL &&
			       (is_about_transaction(err) || may_not_claim(o))
		       ? IMPOSSIBLE
		       : FAILED;
}

static enum sent send_claimed(struct operation *o, struct str sql,
			      uint32_t part)
{
	bool first = o->ledger->dialect->kind == WAREHOUSE_POSTGRES;
	enum sent sent = SENT;

	if (!execute(o, STR("begin")))
		return FAILED;
	if (first)
		sent = claim_part(o, part);
	if (sent != SENT || o->is_done[part])
		return sent;
	o->out->session_used = true;
	if (!execute(o, sql))
		return is_impossible(o, sql) ? IMPOSSIBLE : FAILED;
	if (!first)
		sent = claim_part(o, part);
	if (sent != SENT || o->is_done[part])
		return sent;
	return execute(o, STR("commit")) ? SENT : FAILED;
}

/* What was done and cannot be claimed must not be tried again. */
static bool claim_bare(struct operation *o, uint32_t last)
{
	struct error *err = &o->out->error;

	if (claim(o, o->unclaimed, last) || ledger_is_done(err)) {
		o->unclaimed = 0;
		o->out->is_bare = false;
		*err = (struct error){0};
		return true;
	}
	o->out->is_bare = true;
	if (err->kind != ERROR_SQL)
		return false;
	*err = (struct error){0};
	return true;
}

/* The driver knows what COMMIT did, and what a lost connection may have done,
 * but not what a procedure committed before it failed. */
static void note_doubt(struct operation *o, struct str sql, bool begun)
{
	struct error *err = &o->out->error;

	if (o->w->profile->dialect->kind == WAREHOUSE_POSTGRES &&
	    err->kind != ERROR_LOST && sql_may_fail_halfway(sql, begun)) {
		err->in_doubt = true;
		error_hint(err, "some of it may have been committed: look at "
				"what it changes before you run it again");
	}
	o->out->is_bare |= err->in_doubt;
}

static bool execute_bare(struct operation *o, struct str sql, uint32_t part)
{
	bool begun = o->w->ops->in_transaction(o->w);

	o->out->session_used = true;
	if (sql_may_commit(sql, begun))
		atomic_store(o->p->in_doubt, true);
	if (!execute(o, sql)) {
		note_doubt(o, sql, begun);
		return false;
	}
	if (!o->ledger)
		return true;
	if (!o->unclaimed)
		o->unclaimed = part;
	if (!o->w->ops->in_transaction(o->w))
		return claim_bare(o, part);
	o->out->is_bare |= sql_may_commit(sql, begun);
	return true;
}

static bool send_bare(struct operation *o, struct str sql, uint32_t part)
{
	bool ok = execute_bare(o, sql, part);

	atomic_store(o->p->in_doubt, o->out->is_bare);
	return ok;
}

static bool do_part(struct operation *o, struct str sql, uint32_t part)
{
	enum sent sent = IMPOSSIBLE;

	if (o->ledger && !o->w->ops->in_transaction(o->w) &&
	    !sql_controls_transaction(sql))
		sent = send_claimed(o, sql, part);
	if (sent == IMPOSSIBLE) {
		o->out->error = (struct error){0};
		return send_bare(o, sql, part);
	}
	if (sent == FAILED)
		(void)o->w->ops->end_transaction(o->w);
	return sent == SENT;
}

static bool is_stopped(struct operation *o)
{
	const struct stopper *stop = &o->p->stop;

	if (!stop->is_stopped(stop->ctx))
		return false;
	(void)o->w->ops->end_transaction(o->w);
	error_set(&o->out->error, ERROR_CANCELLED, "the run was stopped");
	return true;
}

/* What an operation began and did not end would hold locks, and be lost or
 * committed by the connection's next step. */
static bool end_operation(struct operation *o)
{
	if (!o->w->ops->end_transaction(o->w))
		return true;
	error_set(&o->out->error, ERROR_SQL,
		  "the operation left a transaction open, which was rolled "
		  "back");
	return error_hint(&o->out->error, "end it with COMMIT");
}

static void note_done(struct operation *o, uint32_t n, size_t of)
{
	if (!n)
		return;
	outcome_note(o->out, o->arena,
		     of == 1 ? STR(STEP_WAS_DONE)
			     : arena_printf(o->arena,
					    "%u of %zu statements had been "
					    "done before",
					    n, of));
}

bool operation_run(const struct performer *p, uint32_t step,
		   const struct script *script, struct arena *arena,
		   struct outcome *out)
{
	const struct plan_request *r = p->plan->request;
	const struct step *s = &p->plan->steps[step];
	struct operation o = {
		.p = p,
		.ledger = r->ledger,
		.w = p->warehouse,
		.action = target_short(arena,
				       &r->graph->actions[s->action].target),
		.arena = arena,
		.out = out,
		.is_done = ARENA_NEW(arena, bool, script->n + 1),
	};
	uint32_t ndone = 0, nparts = (uint32_t)script->n;

	if (perform_looks_first(p, step) &&
	    !ledger_read(o.ledger, o.w, arena, o.action, o.is_done, nparts + 1,
			 &out->error))
		return false;
	for (uint32_t part = 1; part <= nparts; part++) {
		if (is_stopped(&o))
			return false;
		out->statement = script->v[part - 1].sql;
		if (!o.is_done[part] && !do_part(&o, out->statement, part))
			return false;
		ndone += o.is_done[part];
	}
	note_done(&o, ndone, nparts);
	return end_operation(&o);
}
