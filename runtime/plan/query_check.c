/*
 * What cannot be run as it is written, by its text alone.
 *
 * A query is put into a larger statement. A semicolon in it would end that
 * one early: the rest of the query would be left out, or be run, whatever it
 * is. Only code counts, not what strings, names and comments hold.
 */
#include "runtime/plan/query_check.h"

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/run.h"
#include "runtime/sql/partition.h"
#include "runtime/sql_lex.h"

static bool refuse(const struct action *a, const char *what,
		   struct arena *arena, struct refusal *out)
{
	struct str name = target_short(arena, &a->target);

	return error_set(&out->error, ERROR_CONFIG, "the %s \"%.*s\" %s",
			 action_type_name(a->type), STR_ARG(name), what);
}

static bool is_one(const struct action *a, struct str sql, struct arena *arena,
		   struct refusal *out)
{
	size_t at = sql_find_semicolon(sql);

	if (at == sql.n)
		return true;
	if (!action_origin(a, sql, at, &out->line, &out->column))
		out->line = out->column = 0;
	refuse(a, "has a semicolon in its query", arena, out);
	return error_hint(&out->error,
			  "a query is one statement without a semicolon; "
			  "others go into pre_operations, post_operations or "
			  "an action of type operations");
}

static bool has_query(const struct action *a, struct arena *arena,
		      struct refusal *out)
{
	if (a->jit_code.p) {
		refuse(a, "has jitCode(), which this version does not run",
		       arena, out);
		return error_hint(&out->error,
				  "give it a query, or leave it out: "
				  "--actions, --tags, or disabled: true");
	}
	if (a->type == ACTION_OPERATION || !action_is_runnable(a))
		return true;
	if (!sql_is_statement(a->query)) {
		refuse(a, "has no query", arena, out);
		return error_hint(&out->error,
				  "write a select statement below its config");
	}
	return is_one(a, a->query, arena, out) &&
	       is_one(a, a->incremental_query, arena, out) &&
	       is_one(a, a->where, arena, out);
}

/* Rows are replaced by what the strategy names. */
static bool has_what_it_replaces_by(const struct action *a, struct arena *arena,
				    struct refusal *out)
{
	struct str name = target_short(arena, &a->target);
	struct partition p;

	if (a->type != ACTION_INCREMENTAL)
		return true;
	if (a->weir && a->weir->strategy == WEIR_DELETE_INSERT &&
	    !a->unique_key.n) {
		refuse(a,
		       "has the strategy \"delete+insert\", but no uniqueKey",
		       arena, out);
		return error_hint(
			&out->error,
			"name the columns whose values say which rows "
			"are replaced: uniqueKey: [\"id\"]");
	}
	if (a->strategy != STRATEGY_INSERT_OVERWRITE)
		return true;
	return partition_of(a, &p, &out->error) ||
	       error_prefix(&out->error, "\"%.*s\"", STR_ARG(name));
}

static bool stay_within(const struct action *a, const struct strs *operations,
			struct arena *arena, struct refusal *out)
{
	for (size_t i = 0; i < operations->n; i++) {
		struct str sql = operations->v[i];
		size_t at = sql_find_transaction(sql);

		if (at == sql.n)
			continue;
		if (!action_origin(a, sql, at, &out->line, &out->column))
			out->line = out->column = 0;
		refuse(a,
		       "begins or ends a transaction in its pre_operations or "
		       "post_operations",
		       arena, out);
		return error_hint(&out->error,
				  "all of an action is one transaction; an "
				  "action of type operations may have its own");
	}
	return true;
}

/* What they began or ended would be the transaction in which the action is
 * made, and noted as done. */
static bool keeps_transaction(const struct action *a, struct arena *arena,
			      struct refusal *out)
{
	return stay_within(a, &a->pre_ops, arena, out) &&
	       stay_within(a, &a->post_ops, arena, out) &&
	       stay_within(a, &a->incremental_pre_ops, arena, out) &&
	       stay_within(a, &a->incremental_post_ops, arena, out);
}

bool query_check(const struct graph *g, uint32_t id, struct arena *arena,
		 struct refusal *out)
{
	const struct action *a = &g->actions[id];

	return has_query(a, arena, out) && keeps_transaction(a, arena, out) &&
	       has_what_it_replaces_by(a, arena, out);
}
