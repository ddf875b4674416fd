/*
 * A call is: the statement is sent; others go on meanwhile; it is done, as
 * soon as nothing blocks it; the answer comes back. A fault stands before,
 * between or behind these. When the process dies, or a connection is lost,
 * with a statement on its way, the server may do it all the same, later.
 */
#include "tests/fault/sim_warehouse.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "compiler/graph.h"
#include "tests/fault/sim_crew.h"

enum { DELAY_MS = 20000 };

struct connection {
	struct warehouse base;
	struct sim *sim;
	int session; /* -1: lost */
};

static struct connection *of(struct warehouse *w)
{
	return (struct connection *)w;
}

static void die(struct sim *s, const struct connection *c, enum sim_fault fault)
{
	struct sim_world *w = s->world;

	/* What the others have sent, the server has or has not. */
	for (int i = 0; i < SIM_SESSIONS_MAX; i++) {
		bool mine = c && c->session == i;

		if (w->sessions[i].state != SESSION_LIVE)
			continue;
		sim_session_abandon(w, i,
				    mine ? fault == FAULT_DIE_DURING
					 : sim_below(w, 2) == 0);
	}
	_exit(SIM_DIED);
}

/* The fault of this call. */
static enum sim_fault next_fault(struct sim_world *w)
{
	enum sim_fault fault = FAULT_NONE;

	w->calls++;
	if (w->fault_at)
		fault = w->fault_at == w->calls ? w->fault : FAULT_NONE;
	else if (w->fault_one_of && sim_below(w, w->fault_one_of) == 0)
		fault = (enum sim_fault)(w->first_fault +
					 sim_below(w, w->nkinds));
	w->nfaults += fault != FAULT_NONE;
	return fault;
}

static void trace(struct sim_world *w, const struct connection *c,
		  const struct sim_command *cmd, enum sim_fault fault)
{
	static const char *const names[FAULT_KINDS] = {
		[FAULT_NONE] = "",
		[FAULT_DIE_BEFORE] = "  DIES BEFORE",
		[FAULT_DIE_DURING] = "  DIES DURING",
		[FAULT_DIE_AFTER] = "  DIES AFTER",
		[FAULT_LOSE_BEFORE] = "  LOST BEFORE",
		[FAULT_LOSE_DURING] = "  LOST DURING",
		[FAULT_LOSE_AFTER] = "  LOST AFTER",
		[FAULT_CONFLICT] = "  CONFLICT",
		[FAULT_DISK_FULL] = "  DISK FULL",
		[FAULT_DELAY] = "  DELAY",
		[FAULT_INTERRUPT] = "  INTERRUPT",
		[FAULT_LOSE_LOCK] = "  LOCK LOST",
	};

	if (w->trace)
		fprintf(stderr, "  %u.%u %lld ms session %d: %s %s%s\n",
			w->life, w->calls, (long long)w->clock_ms,
			c ? c->session : -1, sim_kind_name(cmd->kind),
			cmd->kind == SIM_CLAIM ? cmd->action : cmd->name,
			names[fault]);
}

static bool may_commit(const struct sim_world *w, const struct connection *c,
		       const struct sim_command *cmd)
{
	return cmd->kind == SIM_COMMIT ||
	       (sim_writes(cmd->kind) &&
		!w->sessions[c->session].in_transaction);
}

/* The connection is gone; the server may go on with what it has. */
static bool lose(struct connection *c, const struct sim_command *cmd,
		 bool goes_on, struct error *err)
{
	struct sim_world *w = c->sim->world;

	err->in_doubt = may_commit(w, c, cmd);
	sim_session_abandon(w, c->session, goes_on);
	c->session = -1;
	return error_set(err, ERROR_LOST, "the connection was lost");
}

static bool fail(struct connection *c, const char *state, const char *text,
		 struct error *err)
{
	sim_roll_back(c->sim->world, c->session);
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
	return error_set(err, ERROR_SQL, "%s", text);
}

static bool conflict(struct connection *c, struct error *err)
{
	static const char *const states[] = {"40001", "40P01", "55P03"};

	return fail(c, states[sim_below(c->sim->world, 3)],
		    "another transaction is in the way", err);
}

/* The statement is on its way; others may come first. */
static bool do_sent(struct connection *c, const struct sim_command *cmd,
		    struct sim_answer *out, struct error *err)
{
	struct sim *s = c->sim;
	bool blocked = false;

	for (;;) {
		struct sim_session *session = &s->world->sessions[c->session];
		enum sim_result result;

		if (!sim_crew_pause(s->crew, s->world, blocked)) {
			if (!s->crew)
				sim_broken(s->world, "the run waits in vain");
			return conflict(c, err);
		}
		if (session->is_cancelled) {
			sim_roll_back(s->world, c->session);
			return error_set(err, ERROR_CANCELLED,
					 "it was cancelled");
		}
		result = sim_do(s->world, c->session, cmd, out, err);
		if (result == SIM_REFUSED)
			sim_roll_back(s->world, c->session);
		if (result != SIM_BLOCKED)
			return result == SIM_DONE;
		blocked = true;
	}
}

static bool meet(struct connection *c, const struct sim_command *cmd,
		 enum sim_fault fault, struct error *err)
{
	struct sim *s = c->sim;

	switch (fault) {
	case FAULT_DIE_BEFORE:
		die(s, c, fault);
		return false;
	case FAULT_LOSE_BEFORE:
		return lose(c, cmd, false, err);
	case FAULT_CONFLICT:
		return conflict(c, err);
	case FAULT_DISK_FULL:
		return fail(c, "53100", "the disk is full", err);
	case FAULT_DELAY:
		s->world->clock_ms += sim_below(s->world, DELAY_MS);
		return true;
	case FAULT_INTERRUPT:
		s->interrupted = 1;
		return true;
	case FAULT_LOSE_LOCK:
		s->lock_lost = true;
		return true;
	default:
		return true;
	}
}

/* Whether the statement was done, and what it gave. */
static bool call(struct warehouse *base, const struct sim_command *cmd,
		 struct sim_answer *out, struct error *err)
{
	struct connection *c = of(base);
	struct sim_world *w = c->sim->world;
	enum sim_fault fault = next_fault(w);
	struct sim_session *session;
	bool ok;

	trace(w, c, cmd, fault);
	if (c->session < 0)
		return error_set(err, ERROR_LOST, "the connection was lost");
	if (sim_writes(cmd->kind))
		sim_note_sent(w, cmd->name);
	session = &w->sessions[c->session];
	if (!meet(c, cmd, fault, err))
		return false;
	session->pending = *cmd;
	session->has_pending = true;
	if (fault == FAULT_DIE_DURING)
		die(c->sim, c, fault);
	if (fault == FAULT_LOSE_DURING)
		return lose(c, cmd, true, err);
	ok = do_sent(c, cmd, out, err);
	if (fault == FAULT_LOSE_AFTER)
		err->in_doubt |= may_commit(w, c, cmd);
	session->has_pending = false;
	if (fault == FAULT_DIE_AFTER)
		die(c->sim, c, fault);
	if (fault == FAULT_LOSE_AFTER && ok)
		return lose(c, cmd, false, err);
	return ok;
}

static void must_know(struct warehouse *base, struct str sql,
		      const struct sim_command *cmd)
{
	if (cmd->kind != SIM_UNKNOWN)
		return;
	sim_broken(of(base)->sim->world, "the simulation does not know: %.*s",
		   STR_ARG(sql));
	_exit(1);
}

static bool sim_execute(struct warehouse *base, struct str sql, int64_t *rows,
			struct error *err)
{
	struct sim_command cmd;
	struct sim_answer answer;

	*rows = -1;
	sim_parse(sql, &cmd);
	must_know(base, sql, &cmd);
	if (!call(base, &cmd, &answer, err))
		return false;
	*rows = answer.rows;
	return true;
}

static void put(struct rows *out, struct arena *arena, struct str value)
{
	out->values[out->nrows++] = arena_str(arena, value);
}

/* The next of a list of numbers or of quoted names; false after the last. */
static bool next_of_list(const char **at, char *out)
{
	if (sscanf(*at, " '%79[^']'", out) != 1 &&
	    sscanf(*at, "%79[0-9]", out) != 1)
		return false;
	*at += strcspn(*at, ",]");
	*at += strspn(*at, ", ");
	return true;
}

/* The names of a look-up: three lists beside each other. */
static void answer_relations(struct sim_world *w, struct str sql,
			     struct arena *arena, struct rows *out)
{
	const char *lists[3], *at = sql.p;
	char number[SIM_NAME], schema[SIM_NAME], name[SIM_NAME];
	uint32_t nvalues = 0;

	for (int i = 0; i < 3; i++) {
		at = strstr(at, "unnest(");
		at += strcspn(at, "[") + 1;
		lists[i] = at;
	}
	out->ncolumns = 4;
	out->values = ARENA_NEW(arena, struct str, 4 * SIM_RELATIONS_MAX);
	while (next_of_list(&lists[0], number) &&
	       next_of_list(&lists[1], schema) &&
	       next_of_list(&lists[2], name)) {
		char full[2 * SIM_NAME];
		const struct sim_relation *r;

		snprintf(full, sizeof(full), "%s.%s", schema, name);
		full[SIM_NAME - 1] = '\0';
		r = sim_relation(w, full);
		if (r->committed.kind == RELATION_NONE)
			continue;
		out->values[nvalues++] = arena_str(arena, str_of(number));
		out->values[nvalues++] = r->committed.kind == RELATION_VIEW
						 ? STR("view")
						 : STR("table");
		out->values[nvalues++] = STR("c");
		out->values[nvalues++] = STR("bigint");
		out->nrows++;
	}
}

static void answer(struct sim_world *w, struct str sql,
		   const struct sim_command *cmd, const struct sim_answer *a,
		   struct arena *arena, struct rows *out)
{
	*out = (struct rows){.ncolumns = 1};
	out->columns = ARENA_NEW(arena, struct str, 4);
	for (int i = 0; i < 4; i++)
		out->columns[i] = STR("c");
	out->values = ARENA_NEW(arena, struct str, SIM_SESSIONS_MAX);
	switch (cmd->kind) {
	case SIM_RELATIONS:
		answer_relations(w, sql, arena, out);
		break;
	case SIM_SCHEMAS:
		for (uint32_t i = 0; i < w->nschemas; i++)
			put(out, arena, str_of(w->schemas[i]));
		break;
	case SIM_TRY_LOCK:
		out->ncolumns = 2;
		out->nrows = 1;
		out->values[0] = a->has_next ? STR("t") : STR("f");
		out->values[1] = a->has_lock ? STR("t") : STR("f");
		break;
	case SIM_TYPES:
		out->ncolumns = 2;
		out->nrows = 1;
		out->values[0] = out->values[1] = STR("bigint");
		break;
	case SIM_COUNT:
		put(out, arena, arena_printf(arena, "%d", (int)a->count));
		break;
	case SIM_DONE_ACTIONS:
		out->ncolumns = 2;
		out->nrows = a->nactions;
		for (uint32_t i = 0; i < a->nactions; i++) {
			out->values[2 * i] =
				arena_str(arena, str_of(a->actions[i]));
			out->values[2 * i + 1] =
				arena_printf(arena, "%u", a->min_part[i]);
		}
		break;
	case SIM_DONE_PARTS:
		for (unsigned part = 0; part <= SIM_PARTS_MAX; part++)
			if (a->parts[part])
				put(out, arena,
				    arena_printf(arena, "%u", part));
		break;
	case SIM_HOLDER:
	case SIM_COLUMNS:
		break;
	default:
		put(out, arena, STR(""));
	}
}

static bool sim_query_rows(struct warehouse *base, struct str sql,
			   uint32_t max_rows, struct arena *arena,
			   struct rows *out, struct error *err)
{
	struct sim_command cmd;
	struct sim_answer a;

	(void)max_rows;
	sim_parse(sql, &cmd);
	must_know(base, sql, &cmd);
	if (!call(base, &cmd, &a, err))
		return false;
	answer(of(base)->sim->world, arena_str(arena, sql), &cmd, &a, arena,
	       out);
	return true;
}

static bool sim_describe(struct warehouse *base, const struct target *t,
			 struct arena *arena, struct relation *out,
			 struct error *err)
{
	static const char *const ledger[] = {"run", "action", "part", "done"};
	struct sim_command cmd = {.kind = SIM_DESCRIBE};
	struct sim_answer ignored;
	const struct sim_relation *r;
	struct str name = target_short(arena, t);
	size_t n = str_is(t->name, "weir_steps") ? 4 : 1;

	if (!call(base, &cmd, &ignored, err))
		return false;
	r = sim_relation(of(base)->sim->world, arena_cstr(arena, name));
	*out = (struct relation){.kind = r->committed.kind};
	if (out->kind == RELATION_NONE)
		return true;
	out->columns = (struct strs){ARENA_NEW(arena, struct str, n), n};
	out->types = (struct strs){ARENA_NEW(arena, struct str, n), n};
	for (size_t i = 0; i < n; i++) {
		out->columns.v[i] = n == 4 ? str_of(ledger[i]) : STR("c");
		out->types.v[i] = STR("bigint");
	}
	return true;
}

static bool sim_check(struct warehouse *base, struct str sql, struct error *err)
{
	(void)base;
	(void)sql;
	(void)err;
	return true;
}

static bool sim_in_transaction(struct warehouse *base)
{
	const struct connection *c = of(base);

	return c->session >= 0 &&
	       c->sim->world->sessions[c->session].in_transaction;
}

static bool sim_end_transaction(struct warehouse *base)
{
	if (!sim_in_transaction(base))
		return false;
	sim_roll_back(of(base)->sim->world, of(base)->session);
	return true;
}

static bool sim_renew(struct warehouse *base, struct error *err)
{
	struct sim_command cmd = {.kind = SIM_RENEW};
	struct sim_answer ignored;

	return call(base, &cmd, &ignored, err);
}

static bool sim_is_open(struct warehouse *base)
{
	return of(base)->session >= 0 && !of(base)->sim->lock_lost;
}

static void sim_cancel(struct warehouse *base)
{
	const struct connection *c = of(base);

	if (c->session >= 0)
		c->sim->world->sessions[c->session].is_cancelled = true;
}

static void sim_close(struct warehouse *base)
{
	const struct connection *c = of(base);

	if (sim_in_transaction(base))
		sim_broken(c->sim->world, "closed in a transaction");
	if (c->session >= 0)
		sim_session_end(c->sim->world, c->session);
	free(base);
}

static bool sim_open(void *ctx, struct warehouse **out, struct error *err)
{
	static const struct warehouse_ops ops = {
		.execute = sim_execute,
		.query = sim_query_rows,
		.describe = sim_describe,
		.check = sim_check,
		.end_transaction = sim_end_transaction,
		.in_transaction = sim_in_transaction,
		.renew = sim_renew,
		.is_open = sim_is_open,
		.cancel = sim_cancel,
		.close = sim_close,
	};
	struct sim *s = ctx;
	struct connection *c = mem_zalloc(sizeof(*c));
	struct sim_command cmd = {.kind = SIM_CONNECT};
	struct sim_answer ignored;

	c->base = (struct warehouse){&ops, s->profile};
	c->sim = s;
	c->session = sim_session_open(s->world);
	if (call(&c->base, &cmd, &ignored, err)) {
		*out = &c->base;
		return true;
	}
	if (err->kind == ERROR_LOST) {
		err->kind = ERROR_CONNECT;
		snprintf(err->sqlstate, sizeof(err->sqlstate), "08006");
	}
	err->in_doubt = false;
	sim_close(&c->base);
	return false;
}

void sim_note(struct sim *s, const char *what)
{
	struct sim_command cmd = {.kind = SIM_NOTE};
	enum sim_fault fault = next_fault(s->world);

	snprintf(cmd.name, sizeof(cmd.name), "%s", what);
	trace(s->world, NULL, &cmd, fault);
	if (fault == FAULT_DIE_BEFORE || fault == FAULT_DIE_DURING ||
	    fault == FAULT_DIE_AFTER)
		die(s, NULL, fault);
}

static struct sim *of_time(const struct time_source *t)
{
	return (struct sim *)((uintptr_t)t - offsetof(struct sim, time));
}

static int64_t now_ms(const struct time_source *t)
{
	return of_time(t)->world->clock_ms;
}

static void sleep_ms(const struct time_source *t, int64_t ms)
{
	of_time(t)->world->clock_ms += ms;
}

static struct crew *hire(void *ctx, const struct execution *e)
{
	struct sim *s = ctx;

	s->crew = sim_crew_new(s->world, e);
	return sim_crew_base(s->crew);
}

void sim_start(struct sim *s, struct sim_world *w,
	       const struct profile *profile)
{
	*s = (struct sim){.world = w, .profile = profile};
	s->time = (struct time_source){now_ms, sleep_ms};
	s->connector = (struct connector){sim_open, s, hire, &s->time};
}
