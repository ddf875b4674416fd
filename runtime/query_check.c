/*
 * A query is put into a larger statement. A semicolon in it would end that
 * one early: the rest of the query would be left out, or be run, whatever it
 * is. Only code counts, not what strings, names and comments hold.
 */
#include "runtime/query_check.h"

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/sql_lex.h"

/* "definitions/a.sqlx:9", as far as it is known. */
static struct str place_of(const struct action *a, struct str sql, size_t at,
			   struct arena *arena)
{
	uint32_t line, column;

	if (!a->file.p || !action_origin(a, sql, at, &line, &column))
		return a->file;
	return arena_printf(arena, "%.*s:%u", STR_ARG(a->file), line);
}

static bool refuse(const struct action *a, const char *what, struct str place,
		   struct arena *arena, struct error *err)
{
	struct str name = target_short(arena, &a->target);

	return error_set(err, ERROR_CONFIG, "the %s \"%.*s\" %s%s%.*s",
			 action_type_name(a->type), STR_ARG(name), what,
			 place.n ? ": " : "", STR_ARG(place));
}

static bool is_one(const struct action *a, struct str sql, struct arena *arena,
		   struct error *err)
{
	size_t at = sql_find_semicolon(sql);

	if (at == sql.n)
		return true;
	refuse(a, "has a semicolon in its query", place_of(a, sql, at, arena),
	       arena, err);
	return error_hint(err, "a query is one statement without a semicolon; "
			       "others go into pre_operations, "
			       "post_operations or an action of type "
			       "operations");
}

bool query_check(const struct action *a, struct arena *arena, struct error *err)
{
	if (a->jit_code.p) {
		refuse(a, "has jitCode(), which this version does not run",
		       a->file, arena, err);
		return error_hint(err, "give it a query, or leave it out: "
				       "--actions, --tags, or disabled: true");
	}
	if (a->type == ACTION_OPERATION || !action_is_runnable(a))
		return true;
	if (!sql_is_statement(a->query)) {
		refuse(a, "has no query", a->file, arena, err);
		return error_hint(err, "write a select statement below its "
				       "config");
	}
	return is_one(a, a->query, arena, err) &&
	       is_one(a, a->incremental_query, arena, err) &&
	       is_one(a, a->where, arena, err);
}
