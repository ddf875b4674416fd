/*
 * SQL that a config asked for is in none of the user's files: an index, and
 * the condition on a window's time column. Where a warehouse refuses it, the
 * option is named that it came from.
 */
#include "compiler/graph.h"
#include "runtime/perform/advice.h"
#include "runtime/sql/sql.h"

/* Rows that break an index are no fault of what the config says. PostgreSQL
 * has a class of states for what is: DuckDB has none. */
static bool is_of_rows(const struct error *err)
{
	if (err->sqlstate[0])
		return strncmp(err->sqlstate, "42", 2) != 0;
	return strstr(err->text, "duplicate") != NULL ||
	       strstr(err->text, "Duplicate") != NULL;
}

static void advise_index(struct str makes, struct error *err)
{
	error_prefix(err, "%.*s cannot be made", STR_ARG(makes));
	if (!err->hint[0] && !is_of_rows(err))
		error_hint(err, "each entry of \"indexes\" is a column of the "
				"table or an SQL expression; a name that is "
				"more than letters, digits and _ is quoted");
}

/* Whether the warehouse points at the condition, which is one line. */
static bool is_in_condition(struct str sql, const struct error *err)
{
	const struct str head = STR(SQL_ROWS_OF_TIME);
	size_t at = str_search(sql, head, 0), end;
	size_t position = (size_t)err->position;

	if (at == sql.n || err->position <= 0)
		return false;
	at += head.n;
	end = str_find(sql, '\n', at);
	return position > str_count_chars(str_sub(sql, 0, at)) &&
	       position <= str_count_chars(str_sub(sql, 0, end));
}

static void advise_time_column(struct str column, struct error *err)
{
	error_prefix(err, "timeColumn \"%.*s\"", STR_ARG(column));
	error_hint(err,
		   "let the query give a column \"%.*s\" that is a "
		   "timestamptz, a timestamp or a date",
		   STR_ARG(column));
}

bool advice_add_config(const struct action *a, struct str sql, struct str makes,
		       struct error *err)
{
	if (err->kind != ERROR_SQL)
		return false;
	if (makes.n)
		advise_index(makes, err);
	else if (a->weir && a->weir->time_column.n && is_in_condition(sql, err))
		advise_time_column(a->weir->time_column, err);
	else
		return false;
	return true;
}
