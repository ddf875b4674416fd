/*
 * No SQL parser: the statements are known by how they begin, because weir's
 * writers of SQL begin them so. A test with a statement that is not known
 * fails, and says which.
 */
#include "tests/fault/sim_sql.h"

#include <stdio.h>
#include <stdlib.h>

/* The name that text begins with, quotes or not, as "schema.name"; what stands
 * behind it. */
static struct str take_name(struct str text, char *out)
{
	size_t n = 0, i = 0;

	for (; i < text.n && n < SIM_NAME - 1; i++) {
		char c = text.p[i];

		if (c == '"' && (i == 0 || text.p[i - 1] == '.'))
			continue;
		if (c == '"' || c == ' ' || c == '\n' || c == ',' || c == ')' ||
		    c == ';' || c == '\'')
			break;
		out[n++] = c;
		if (i + 2 < text.n && text.p[i + 1] == '"' &&
		    text.p[i + 2] == '.')
			i++;
	}
	out[n] = '\0';
	if (i < text.n && text.p[i] == '"')
		i++;
	return str_sub(text, i, text.n);
}

static struct str behind(struct str text, const char *mark)
{
	for (size_t i = 0; i < text.n; i++) {
		struct str rest = str_sub(text, i, text.n);

		if (str_starts(rest, str_of(mark)))
			return str_sub(rest, strlen(mark), rest.n);
	}
	return (struct str){0};
}

static void parse_query(struct str text, struct sim_query *q)
{
	struct str rest = behind(text, "sim(");

	if (!rest.p)
		return;
	q->is_set = true;
	q->number = strtoull(rest.p, NULL, 10);
	rest = behind(rest, ")");
	if (!str_starts(rest, STR(" from ")))
		return;
	rest = str_sub(rest, 6, rest.n);
	while (q->ninputs < SIM_INPUTS) {
		rest = take_name(rest, q->inputs[q->ninputs++]);
		if (!str_starts(rest, STR(", ")))
			break;
		rest = str_sub(rest, 2, rest.n);
	}
}

static struct str take_literal(struct str text, char *out)
{
	size_t n = 0;
	struct str rest = behind(text, "'");

	while (n < rest.n && rest.p[n] != '\'' && n < SIM_NAME - 1)
		n++;
	memcpy(out, rest.p, n);
	out[n] = '\0';
	return str_sub(rest, n + 1, rest.n);
}

static void parse_lock(struct str sql, const char *function,
		       struct sim_command *c)
{
	c->lock = strtoll(behind(sql, function).p, NULL, 10);
}

/* insert into L (...) select 'run', 'action', part, now() from
 * pg_advisory_xact_lock_shared(7), generate_series(0, 0) as parts (part) */
static void parse_claim(struct str sql, struct sim_command *c)
{
	struct str series = behind(sql, "generate_series(");

	c->kind = SIM_CLAIM;
	take_literal(take_literal(sql, c->run), c->action);
	c->first = (uint32_t)strtoul(series.p, NULL, 10);
	c->last = (uint32_t)strtoul(behind(series, ", ").p, NULL, 10);
	parse_lock(sql, "pg_advisory_xact_lock_shared(", c);
	c->is_shared = c->until_commit = true;
}

/* insert into L (...) select 'run', action, ... from L where run = 'other' and
 * action in ('s.a', 's.b') */
static void parse_carry(struct str sql, struct sim_command *c)
{
	struct str rest = behind(sql, " in (");

	c->kind = SIM_CARRY;
	take_literal(sql, c->run);
	take_literal(behind(sql, "where run = "), c->other);
	for (c->nactions = 0; c->nactions < SIM_ACTIONS; c->nactions++) {
		if (!str_starts(rest, STR("'")) && !str_starts(rest, STR(", ")))
			break;
		rest = take_literal(rest, c->actions[c->nactions]);
	}
}

static void parse_insert(struct str sql, struct sim_command *c)
{
	if (str_has(sql, STR("where run = "))) {
		parse_carry(sql, c);
		return;
	}
	if (str_has(sql, STR("weir_steps"))) {
		parse_claim(sql, c);
		return;
	}
	/* Of a merge: what matched nothing. Here all matches. */
	if (str_has(sql, STR("_new")))
		c->kind = SIM_NOTHING;
}

/* Of the blocks of PL/pgSQL, the one that swaps says which two. It holds the
 * queries of views that wait to be built anew, and outlasts wrong ones. */
static void parse_block(struct str sql, struct sim_command *c)
{
	struct str old = behind(sql, "old_id constant oid := '");
	struct str new = behind(sql, "new_id constant oid := '");

	if (!old.p || !new.p)
		return;
	c->kind = SIM_SWAP;
	c->is_broken = false;
	take_name(old, c->name);
	take_name(new, c->other);
}

static void parse_stage(struct str sql, struct sim_command *c)
{
	if (str_has(sql, STR("_new on commit")))
		c->kind = SIM_NOTHING;
}

static void parse_merge(struct str sql, struct sim_command *c)
{
	take_name(behind(sql, "\nfrom "), c->other);
}

static void parse_done(struct str sql, struct sim_command *c)
{
	sql = take_literal(sql, c->run);
	if (c->kind == SIM_DONE_PARTS)
		take_literal(sql, c->action);
}

static void parse_view(struct str sql, struct sim_command *c)
{
	(void)sql;
	if (!c->query.is_set && !c->is_broken)
		c->kind = SIM_UNKNOWN;
}

/* The lock, and before it the place behind it, if that is asked for. */
static void parse_try_lock(struct str sql, struct sim_command *c)
{
	parse_lock(sql, "pg_try_advisory_lock(", c);
	sql = behind(sql, "FROM pg_try_advisory_lock(");
	c->has_next = sql.p != NULL;
	if (c->has_next)
		c->next = strtoll(sql.p, NULL, 10);
}

static void parse_unlock(struct str sql, struct sim_command *c)
{
	parse_lock(sql, "pg_advisory_unlock(", c);
}

static void parse_wait(struct str sql, struct sim_command *c)
{
	c->until_commit = str_has(sql, STR("xact"));
	parse_lock(sql,
		   c->until_commit ? "pg_advisory_xact_lock("
				   : "pg_advisory_lock(",
		   c);
}

/* Where a name follows, the beginning ends with a space. */
static const struct {
	enum sim_kind kind;
	const char *begins;
	void (*more)(struct str sql, struct sim_command *out);
} statements[] = {
	{SIM_LOCK, "begin; set local lock_timeout", parse_wait},
	{SIM_BEGIN, "begin", NULL},
	{SIM_COMMIT, "commit", NULL},
	{SIM_ROLLBACK, "rollback", NULL},
	{SIM_CREATE_SCHEMA, "create schema if not exists ", NULL},
	{SIM_CREATE_EMPTY, "create table if not exists ", NULL},
	{SIM_CREATE_TABLE, "create table ", NULL},
	{SIM_STAGE, "create temp table ", parse_stage},
	{SIM_REPLACE_VIEW, "create or replace view ", parse_view},
	{SIM_CREATE_VIEW, "create view ", parse_view},
	{SIM_DROP, "drop table if exists ", NULL},
	{SIM_DROP, "drop view if exists ", NULL},
	{SIM_NOTHING, "do $weir$", parse_block},
	{SIM_INSERT, "insert into ", parse_insert},
	{SIM_MERGE, "update ", parse_merge},
	{SIM_NOTHING, "delete from ", NULL},
	{SIM_NOTHING, "analyze", NULL},
	{SIM_NOTHING, "comment on", NULL},
	{SIM_NOTHING, "set ", NULL},
	{SIM_NOTHING, "select set_config", NULL},
	{SIM_DONE_ACTIONS, "select action, min(part) from ", parse_done},
	{SIM_DONE_PARTS, "select part from ", parse_done},
	{SIM_COUNT, "select count(*) from ", NULL},
	{SIM_SAMPLE, "select * from ", NULL},
	{SIM_COLUMNS, "select *\nfrom (", NULL},
	{SIM_TYPES, "select pg_typeof(", NULL},
	{SIM_TRY_LOCK, "select next, ", parse_try_lock},
	{SIM_TRY_LOCK, "select true, ", parse_try_lock},
	{SIM_UNLOCK, "select pg_advisory_unlock(", parse_unlock},
	{SIM_LOCK, "select pg_advisory_lock(", parse_wait},
	{SIM_LOCK, "select pg_advisory_xact_lock(", parse_wait},
	{SIM_HOLDER, "select l.pid", NULL},
	{SIM_RELATIONS, "select w.i, ", NULL},
	{SIM_SCHEMAS, "select nspname from pg_namespace", NULL},
};

static bool begins(struct str sql, struct str word)
{
	return sql.n >= word.n && str_eq_nocase(str_sub(sql, 0, word.n), word);
}

void sim_parse(struct str sql, struct sim_command *out)
{
	*out = (struct sim_command){0};
	sql = str_trim(sql);
	out->is_broken = str_has(sql, STR("broken("));
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]);
	     i++) {
		struct str word = str_of(statements[i].begins);

		if (!begins(sql, word))
			continue;
		out->kind = statements[i].kind;
		if (str_ends(word, STR(" ")))
			take_name(str_sub(sql, word.n, sql.n), out->name);
		parse_query(sql, &out->query);
		if (statements[i].more)
			statements[i].more(sql, out);
		return;
	}
}

bool sim_writes(enum sim_kind kind)
{
	switch (kind) {
	case SIM_CREATE_SCHEMA:
	case SIM_CREATE_EMPTY:
	case SIM_CREATE_TABLE:
	case SIM_CREATE_VIEW:
	case SIM_REPLACE_VIEW:
	case SIM_SWAP:
	case SIM_DROP:
	case SIM_INSERT:
	case SIM_MERGE:
	case SIM_CLAIM:
	case SIM_CARRY:
		return true;
	default:
		return false;
	}
}

const char *sim_kind_name(enum sim_kind kind)
{
	static const char *const names[] = {
		[SIM_UNKNOWN] = "?",
		[SIM_NOTHING] = "nothing",
		[SIM_BEGIN] = "begin",
		[SIM_COMMIT] = "commit",
		[SIM_ROLLBACK] = "rollback",
		[SIM_CREATE_SCHEMA] = "create schema",
		[SIM_CREATE_EMPTY] = "create empty",
		[SIM_CREATE_TABLE] = "create table",
		[SIM_CREATE_VIEW] = "create view",
		[SIM_REPLACE_VIEW] = "replace view",
		[SIM_STAGE] = "stage",
		[SIM_SWAP] = "swap",
		[SIM_DROP] = "drop",
		[SIM_INSERT] = "insert",
		[SIM_MERGE] = "merge",
		[SIM_CLAIM] = "claim",
		[SIM_CARRY] = "carry",
		[SIM_DONE_ACTIONS] = "done actions",
		[SIM_DONE_PARTS] = "done parts",
		[SIM_COUNT] = "count",
		[SIM_SAMPLE] = "sample",
		[SIM_COLUMNS] = "columns",
		[SIM_TYPES] = "types",
		[SIM_TRY_LOCK] = "try lock",
		[SIM_LOCK] = "lock",
		[SIM_UNLOCK] = "unlock",
		[SIM_HOLDER] = "holder",
		[SIM_RELATIONS] = "relations",
		[SIM_SCHEMAS] = "schemas",
		[SIM_DESCRIBE] = "describe",
		[SIM_CONNECT] = "connect",
		[SIM_RENEW] = "renew",
		[SIM_NOTE] = "note",
	};

	return names[kind];
}
