/*
 * Transactions of a few rows: a transaction changes working copies of the
 * relations that it has locked, and a commit makes them the committed ones.
 * What a lock or a claim of another transaction stands against is tried again
 * when that has ended.
 */
#include "tests/fault/sim_ledger.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* splitmix64 */
uint64_t sim_random(struct sim_world *w)
{
	uint64_t x = w->chance += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

uint32_t sim_below(struct sim_world *w, uint32_t n)
{
	return (uint32_t)(sim_random(w) % n);
}

void sim_broken(struct sim_world *w, const char *fmt, ...)
{
	va_list args;

	if (w->broken[0])
		return;
	va_start(args, fmt);
	vsnprintf(w->broken, sizeof(w->broken), fmt, args);
	va_end(args);
}

struct sim_relation *sim_relation(struct sim_world *w, const char *name)
{
	struct sim_relation *r;

	for (uint32_t i = 0; i < w->nrelations; i++)
		if (strcmp(w->relations[i].name, name) == 0)
			return &w->relations[i];
	assert(w->nrelations < SIM_RELATIONS_MAX);
	r = &w->relations[w->nrelations++];
	memset(r, 0, sizeof(*r));
	snprintf(r->name, sizeof(r->name), "%s", name);
	r->locked_by = -1;
	return r;
}

int sim_session_open(struct sim_world *w)
{
	for (int i = 0; i < SIM_SESSIONS_MAX; i++) {
		if (w->sessions[i].state != SESSION_FREE)
			continue;
		w->sessions[i] = (struct sim_session){.state = SESSION_LIVE};
		return i;
	}
	assert(!"too many sessions");
	return -1;
}

static void end_transaction(struct sim_world *w, int session, bool commit)
{
	for (uint32_t i = 0; i < w->nrelations; i++) {
		struct sim_relation *r = &w->relations[i];

		if (r->locked_by != session)
			continue;
		if (r->is_temporary)
			r->committed = (struct sim_content){0};
		else if (commit && r->is_changed)
			r->committed = r->working;
		r->effects += commit && r->is_changed;
		r->is_changed = false;
		r->locked_by = -1;
	}
	for (uint32_t i = 0; i < w->nclaims; i++) {
		if (w->claims[i].owner != session)
			continue;
		if (commit)
			w->claims[i].owner = -1;
		else
			w->claims[i--] = w->claims[--w->nclaims];
	}
	for (int i = 0; i < SIM_LOCKS_MAX; i++)
		if (w->locks[i].owner == session && w->locks[i].until_commit)
			w->locks[i].owner = -1;
	w->sessions[session].in_transaction = false;
}

void sim_roll_back(struct sim_world *w, int session)
{
	end_transaction(w, session, false);
}

void sim_session_end(struct sim_world *w, int session)
{
	sim_roll_back(w, session);
	for (int i = 0; i < SIM_LOCKS_MAX; i++)
		if (w->locks[i].owner == session)
			w->locks[i].owner = -1;
	w->sessions[session].state = SESSION_FREE;
}

void sim_session_abandon(struct sim_world *w, int session, bool goes_on)
{
	if (w->sessions[session].has_pending && goes_on)
		w->sessions[session].state = SESSION_ZOMBIE;
	else
		sim_session_end(w, session);
}

static const struct sim_content *seen_by(const struct sim_relation *r,
					 int session)
{
	return r->locked_by == session ? &r->working : &r->committed;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t x = a * UINT64_C(0x9e3779b97f4a7c15) + b;

	x = (x ^ (x >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
	return x ^ (x >> 32);
}

static bool run_query(struct sim_world *w, int session,
		      const struct sim_query *q, struct sim_content *out,
		      struct error *err);

/* The same for the same rows in whatever order. */
static bool sum_of(struct sim_world *w, int session, const char *name,
		   uint64_t *out, struct error *err)
{
	const struct sim_content *c = seen_by(sim_relation(w, name), session);
	struct sim_content rows;

	*out = 0;
	if (c->kind == RELATION_NONE) {
		error_set(err, ERROR_SQL, "relation %s does not exist", name);
		snprintf(err->sqlstate, sizeof(err->sqlstate), "42P01");
		return false;
	}
	if (c->kind == RELATION_VIEW) {
		if (!run_query(w, session, &c->query, &rows, err))
			return false;
		c = &rows;
	}
	for (uint32_t i = 0; i < c->nrows; i++)
		*out += mix(c->rows[i], 1);
	return true;
}

static bool run_query(struct sim_world *w, int session,
		      const struct sim_query *q, struct sim_content *out,
		      struct error *err)
{
	uint64_t row = q->number;

	for (uint32_t i = 0; i < q->ninputs; i++) {
		uint64_t sum;

		if (!sum_of(w, session, q->inputs[i], &sum, err))
			return false;
		row = mix(row, sum);
	}
	*out = (struct sim_content){.kind = RELATION_TABLE, .nrows = 2};
	out->rows[0] = row;
	out->rows[1] = row + 1;
	return true;
}

enum sim_result sim_refuse(struct error *err, const char *state,
			   const char *text, const char *name)
{
	error_set(err, ERROR_SQL, "%s: %s", text, name);
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
	return SIM_REFUSED;
}

/* What depends on others ran only after they had: seen from the warehouse. */
static void check_order(struct sim_world *w, const struct sim_step *s)
{
	for (uint32_t i = 0; i < s->ndeps; i++) {
		const struct sim_step *d = &w->steps[s->deps[i]];

		for (uint32_t r = 0; r < d->nrelations; r++)
			if (!sim_relation(w, d->relations[r])->effects)
				sim_broken(w,
					   "%s ran before %s, which it needs",
					   s->name, d->name);
		if (d->is_assertion && d->fails)
			sim_broken(w, "%s ran though %s does not hold", s->name,
				   d->name);
	}
}

void sim_note_sent(struct sim_world *w, const char *relation)
{
	for (uint32_t i = 0; i < w->nsteps; i++) {
		struct sim_step *s = &w->steps[i];

		for (uint32_t r = 0; r < s->nrelations; r++) {
			if (strcmp(s->relations[r], relation) != 0)
				continue;
			s->sent += r == 0;
			check_order(w, s);
		}
	}
}

/* Locks a relation for a change; NULL if another transaction has it. */
static struct sim_relation *open_relation(struct sim_world *w, int session,
					  const char *name)
{
	struct sim_relation *r = sim_relation(w, name);

	if (r->locked_by == session)
		return r;
	if (r->locked_by >= 0)
		return NULL;
	r->locked_by = session;
	r->working = r->committed;
	r->is_changed = false;
	return r;
}

static enum sim_result create(struct sim_world *w, int session,
			      const struct sim_command *c,
			      struct sim_answer *out, struct error *err)
{
	struct sim_relation *r = open_relation(w, session, c->name);
	bool view = c->kind == SIM_CREATE_VIEW || c->kind == SIM_REPLACE_VIEW;
	enum relation_kind old;
	struct sim_content made = {.kind = RELATION_TABLE};

	if (!r)
		return SIM_BLOCKED;
	old = r->working.kind;
	if (c->kind == SIM_CREATE_EMPTY && old == RELATION_TABLE)
		return SIM_DONE;
	if (c->kind == SIM_STAGE)
		r->is_temporary = true;
	else if (old != RELATION_NONE &&
		 !(c->kind == SIM_REPLACE_VIEW && old == RELATION_VIEW))
		return sim_refuse(err, "42P07", "relation already exists",
				  c->name);
	if (c->query.is_set && !run_query(w, session, &c->query, &made, err))
		return SIM_REFUSED;
	if (view)
		made = (struct sim_content){.kind = RELATION_VIEW,
					    .query = c->query};
	r->working = made;
	r->is_changed = true;
	out->rows = made.nrows;
	return SIM_DONE;
}

static enum sim_result swap(struct sim_world *w, int session,
			    const struct sim_command *c, struct error *err)
{
	struct sim_relation *old = open_relation(w, session, c->name);
	struct sim_relation *new = open_relation(w, session, c->other);

	if (!old || !new)
		return SIM_BLOCKED;
	if (old->working.kind == RELATION_NONE)
		return sim_refuse(err, "42P01", "relation does not exist",
				  c->name);
	if (new->working.kind == RELATION_NONE)
		return sim_refuse(err, "42P01", "relation does not exist",
				  c->other);
	old->working = new->working;
	new->working = (struct sim_content){0};
	old->is_changed = new->is_changed = true;
	return SIM_DONE;
}

static enum sim_result insert(struct sim_world *w, int session,
			      const struct sim_command *c,
			      struct sim_answer *out, struct error *err)
{
	struct sim_relation *r = open_relation(w, session, c->name);
	struct sim_content rows;

	if (!r)
		return SIM_BLOCKED;
	if (r->working.kind != RELATION_TABLE)
		return sim_refuse(err, "42P01", "table does not exist",
				  c->name);
	if (!run_query(w, session, &c->query, &rows, err))
		return SIM_REFUSED;
	assert(r->working.nrows + rows.nrows <= SIM_ROWS_MAX);
	for (uint32_t i = 0; i < rows.nrows; i++)
		r->working.rows[r->working.nrows++] = rows.rows[i];
	r->is_changed = true;
	out->rows = rows.nrows;
	return SIM_DONE;
}

static enum sim_result merge(struct sim_world *w, int session,
			     const struct sim_command *c,
			     struct sim_answer *out, struct error *err)
{
	struct sim_relation *r = open_relation(w, session, c->name);
	struct sim_relation *stage = open_relation(w, session, c->other);

	if (!r || !stage)
		return SIM_BLOCKED;
	if (stage->working.kind == RELATION_NONE)
		return sim_refuse(err, "42P01", "relation does not exist",
				  c->other);
	r->working = stage->working;
	r->is_changed = true;
	out->rows = r->working.nrows;
	return SIM_DONE;
}

static enum sim_result count_rows(struct sim_world *w, int session,
				  const struct sim_command *c,
				  struct sim_answer *out, struct error *err)
{
	uint64_t sum;

	if (!sum_of(w, session, c->name, &sum, err))
		return SIM_REFUSED;
	for (uint32_t i = 0; i < w->nsteps; i++)
		if (strcmp(w->steps[i].name, c->name) == 0)
			out->count = w->steps[i].fails ? 2 : 0;
	return SIM_DONE;
}

static enum sim_result make_schema(struct sim_world *w,
				   const struct sim_command *c)
{
	for (uint32_t i = 0; i < w->nschemas; i++)
		if (strcmp(w->schemas[i], c->name) == 0)
			return SIM_DONE;
	assert(w->nschemas < sizeof(w->schemas) / sizeof(w->schemas[0]));
	snprintf(w->schemas[w->nschemas++], SIM_NAME, "%s", c->name);
	return SIM_DONE;
}

static enum sim_result drop(struct sim_world *w, int session,
			    const struct sim_command *c)
{
	struct sim_relation *r = open_relation(w, session, c->name);

	if (!r)
		return SIM_BLOCKED;
	r->working = (struct sim_content){0};
	r->is_changed = true;
	return SIM_DONE;
}

static enum sim_result change(struct sim_world *w, int session,
			      const struct sim_command *c,
			      struct sim_answer *out, struct error *err)
{
	switch (c->kind) {
	case SIM_CREATE_SCHEMA:
		return make_schema(w, c);
	case SIM_CREATE_EMPTY:
	case SIM_CREATE_TABLE:
	case SIM_CREATE_VIEW:
	case SIM_REPLACE_VIEW:
	case SIM_STAGE:
		return create(w, session, c, out, err);
	case SIM_SWAP:
		return swap(w, session, c, err);
	case SIM_DROP:
		return drop(w, session, c);
	case SIM_INSERT:
		return insert(w, session, c, out, err);
	case SIM_MERGE:
		return merge(w, session, c, out, err);
	default:
		assert(c->kind == SIM_CLAIM || c->kind == SIM_CARRY);
		if (c->kind == SIM_CARRY)
			return sim_carry(w, session, c);
		return sim_claim_parts(w, session, c, err);
	}
}

static enum sim_result do_change(struct sim_world *w, int session,
				 const struct sim_command *c,
				 struct sim_answer *out, struct error *err)
{
	bool in_transaction = w->sessions[session].in_transaction;
	enum sim_result result;

	result = c->is_broken
			 ? sim_refuse(err, "42601", "syntax error", c->name)
			 : change(w, session, c, out, err);
	if (result == SIM_DONE && !in_transaction)
		end_transaction(w, session, true);
	else if (result == SIM_BLOCKED && !in_transaction)
		sim_roll_back(w, session);
	return result;
}

enum sim_result sim_do(struct sim_world *w, int session,
		       const struct sim_command *c, struct sim_answer *out,
		       struct error *err)
{
	struct sim_session *s = &w->sessions[session];

	*out = (struct sim_answer){.rows = -1};
	switch (c->kind) {
	case SIM_BEGIN:
		if (s->in_transaction)
			sim_broken(w, "begin in a transaction");
		s->in_transaction = true;
		return SIM_DONE;
	case SIM_COMMIT:
		end_transaction(w, session, true);
		return SIM_DONE;
	case SIM_ROLLBACK:
		sim_roll_back(w, session);
		return SIM_DONE;
	case SIM_TRY_LOCK:
		return sim_try_lock(w, session, c, out);
	case SIM_LOCK:
		if (sim_take_lock(w, session, c) != SIM_DONE)
			return SIM_BLOCKED;
		if (c->until_commit && !s->in_transaction)
			sim_free_lock(w, session, c->lock);
		return SIM_DONE;
	case SIM_UNLOCK:
		sim_free_lock(w, session, c->lock);
		return SIM_DONE;
	case SIM_DONE_ACTIONS:
		return sim_done_actions(w, c, out);
	case SIM_DONE_PARTS:
		return sim_done_parts(w, c, out);
	case SIM_COUNT:
		return count_rows(w, session, c, out, err);
	default:
		if (sim_writes(c->kind) || c->kind == SIM_STAGE)
			return do_change(w, session, c, out, err);
		return SIM_DONE;
	}
}

bool sim_has_zombies(const struct sim_world *w)
{
	for (int i = 0; i < SIM_SESSIONS_MAX; i++)
		if (w->sessions[i].state == SESSION_ZOMBIE)
			return true;
	return false;
}

bool sim_zombie_step(struct sim_world *w)
{
	uint32_t first = sim_below(w, SIM_SESSIONS_MAX);
	int blocked = -1;

	for (uint32_t i = 0; i < SIM_SESSIONS_MAX; i++) {
		int at = (int)((first + i) % SIM_SESSIONS_MAX);
		struct sim_session *s = &w->sessions[at];
		struct sim_answer ignored;
		struct error err = {0};

		if (s->state != SESSION_ZOMBIE)
			continue;
		if (sim_do(w, at, &s->pending, &ignored, &err) == SIM_BLOCKED) {
			blocked = at;
			continue;
		}
		if (w->trace)
			fprintf(stderr, "  session %d ends its %s alone\n", at,
				sim_kind_name(s->pending.kind));
		sim_session_end(w, at);
		w->nfaults++; /* what it did may have been in the way */
		return true;
	}
	for (int i = 0; i < SIM_SESSIONS_MAX; i++)
		if (w->sessions[i].state == SESSION_LIVE)
			return false;
	/* They wait for each other: the server ends one. */
	if (blocked >= 0)
		sim_session_end(w, blocked);
	return blocked >= 0;
}
