/*
 * A project that was written for BigQuery has BigQuery's SQL in it: weir
 * translates names, not SQL. When a warehouse has refused a statement, what
 * only BigQuery understands is looked for in it, outside of comments and
 * strings, and the user is told what to write instead.
 *
 * The table holds what a warehouse surely refuses, never what it accepts:
 * a hint about innocent SQL would mislead.
 */
#include "runtime/perform/advice.h"

#include <stdio.h>

#include "base/sql_token.h"
#include "compiler/graph.h"
#include "runtime/sql/sql.h"

enum { PATTERN_TOKENS = 4 };

/* Tokens in lower case; UNIT stands for day, hour and so on. What to write
 * instead is NULL where the warehouse has it. after: a word that must stand
 * before. */
struct pattern {
	const char *tokens[PATTERN_TOKENS];
	const char *duckdb, *postgres;
	const char *after;
};

static const struct pattern patterns[] = {
	{{"`"},
	 "\"name\" instead of `name`, or ${ref(\"name\")}",
	 "\"name\" instead of `name`, or ${ref(\"name\")}"},
	{{"safe_cast", "("},
	 "try_cast(x as type)",
	 "a cast inside a case that tests the value first"},
	{{"safe_divide", "("}, "a / nullif(b, 0)", "a / nullif(b, 0)"},
	{{"safe", "."},
	 "try(...) or a case around the call",
	 "a case around the call"},
	{{"safe_offset", "("},
	 "list[n + 1]: lists count from 1",
	 "array[n + 1]: arrays count from 1"},
	{{"safe_ordinal", "("}, "list[n]", "array[n]"},
	{{"[", "offset", "("},
	 "list[n + 1]: lists count from 1",
	 "array[n + 1]: arrays count from 1"},
	{{"[", "ordinal", "("}, "list[n]", "array[n]"},
	{{"*", "except", "("},
	 "* exclude (...)",
	 "the columns that you want, one by one"},
	{{"*", "replace", "("}, NULL, "the columns that you want, one by one"},
	{{"qualify"},
	 NULL,
	 "a subquery with row_number(), and where outside of it"},
	{{"struct", "("},
	 "{'a': x, 'b': y}",
	 "row(x, y)::your_type, or "
	 "jsonb_build_object('a', x)"},
	{{"struct", "<"}, "struct(a bigint, b varchar)", "a composite type"},
	{{"array", "<"}, "bigint[]", "bigint[]"},
	{{"with", "offset"},
	 "generate_subscripts, or unnest with ordinality",
	 "unnest(...) with ordinality"},
	{{"ignore", "nulls"},
	 NULL,
	 "array_agg(x) filter (where x is not null)"},
	{{"unnest", "(", "["}, NULL, "unnest(array[...])"},
	{{"generate_array", "("},
	 "range(a, b + 1) or generate_series(a, b)",
	 "generate_series(a, b)"},
	{{"generate_date_array", "("},
	 "generate_series(a, b, interval 1 day)",
	 "generate_series(a, b, interval '1 day')"},
	{{",", "UNIT", ")"},
	 "date_trunc('month', x)",
	 "date_trunc('month', x)",
	 .after = "date_trunc"},
	{{"timestamp_trunc", "("},
	 "date_trunc('day', ts)",
	 "date_trunc('day', ts)"},
	{{"datetime_trunc", "("},
	 "date_trunc('day', ts)",
	 "date_trunc('day', ts)"},
	{{"timestamp_diff", "("},
	 "date_diff('second', from, to)",
	 "extract(epoch from to - from)"},
	{{"datetime_diff", "("},
	 "date_diff('second', from, to)",
	 "extract(epoch from to - from)"},
	{{"date_diff", "("}, NULL, "to - from, which is a number of days"},
	{{"timestamp_add", "("},
	 "ts + interval 1 day",
	 "ts + interval '1 day'"},
	{{"timestamp_sub", "("},
	 "ts - interval 1 day",
	 "ts - interval '1 day'"},
	{{"datetime_add", "("}, "ts + interval 1 day", "ts + interval '1 day'"},
	{{"datetime_sub", "("}, "ts - interval 1 day", "ts - interval '1 day'"},
	{{"date_add", "("}, NULL, "d + interval '1 day'"},
	{{"date_sub", "("}, "d - interval 1 day", "d - interval '1 day'"},
	{{"timestamp", "("},
	 "cast(x as timestamptz)",
	 "cast(x as timestamptz)"},
	{{"timestamp_seconds", "("}, "to_timestamp(x)", "to_timestamp(x)"},
	{{"timestamp_millis", "("},
	 "make_timestamptz(x * 1000)",
	 "to_timestamp(x / 1000.0)"},
	{{"timestamp_micros", "("},
	 "make_timestamptz(x)",
	 "to_timestamp(x / 1000000.0)"},
	{{"unix_seconds", "("}, "epoch(ts)", "extract(epoch from ts)"},
	{{"unix_millis", "("}, "epoch_ms(ts)", "extract(epoch from ts) * 1000"},
	{{"unix_micros", "("},
	 "epoch_us(ts)",
	 "extract(epoch from ts) * 1000000"},
	{{"current_timestamp", "("},
	 "current_timestamp, without ()",
	 "current_timestamp, without ()"},
	{{"current_datetime", "("},
	 "current_localtimestamp()",
	 "localtimestamp"},
	{{"current_date", "("}, NULL, "current_date, without ()"},
	{{"datetime", "("}, "cast(x as timestamp)", "cast(x as timestamp)"},
	{{"format_timestamp", "("},
	 "strftime(ts, '%Y-%m-%d')",
	 "to_char(ts, 'YYYY-MM-DD')"},
	{{"format_datetime", "("},
	 "strftime(ts, '%Y-%m-%d')",
	 "to_char(ts, 'YYYY-MM-DD')"},
	{{"format_date", "("},
	 "strftime(d, '%Y-%m-%d')",
	 "to_char(d, 'YYYY-MM-DD')"},
	{{"parse_timestamp", "("},
	 "strptime(text, '%Y-%m-%d')",
	 "to_timestamp(text, 'YYYY-MM-DD')"},
	{{"parse_datetime", "("},
	 "strptime(text, '%Y-%m-%d')",
	 "to_timestamp(text, 'YYYY-MM-DD')"},
	{{"parse_date", "("},
	 "strptime(text, '%Y-%m-%d')::date",
	 "to_date(text, 'YYYY-MM-DD')"},
	{{"ifnull", "("}, NULL, "coalesce(a, b)"},
	{{"if", "("}, NULL, "case when ... then ... else ... end"},
	{{"countif", "("}, NULL, "count(*) filter (where ...)"},
	{{"logical_and", "("}, "bool_and(x)", "bool_and(x)"},
	{{"logical_or", "("}, "bool_or(x)", "bool_or(x)"},
	{{"approx_count_distinct", "("}, NULL, "count(distinct x)"},
	{{"approx_quantiles", "("},
	 "approx_quantile(x, [0, 0.5, 1])",
	 "percentile_cont(0.5) within group (order by x)"},
	{{"approx_top_count", "("},
	 "approx_top_k(x, n)",
	 "group by x order by count(*) desc limit n"},
	{{"regexp_contains", "("},
	 "regexp_matches(x, 'pattern')",
	 "x ~ 'pattern'"},
	{{"regexp_extract", "("}, NULL, "substring(x from 'pattern')"},
	{{"json_extract_scalar", "("},
	 "json_extract_string(x, '$.a')",
	 "x::jsonb ->> 'a'"},
	{{"to_json_string", "("}, "to_json(x)", "to_json(x)::text"},
	{{"generate_uuid", "("}, "uuid()", "gen_random_uuid()"},
	{{"farm_fingerprint", "("},
	 "hash(x), which gives other numbers",
	 "hashtextextended(x, 0), which gives other numbers"},
	{{"split", "("}, NULL, "string_to_array(x, ',')"},
	{{"byte_length", "("}, "octet_length(encode(x))", "octet_length(x)"},
	{{"ieee_divide", "("}, "a / b", "a / b"},
	{{"as", "int64", ")"}, NULL, "bigint instead of int64"},
	{{"as", "float64", ")"},
	 "double instead of float64",
	 "double precision instead of float64"},
	{{"as", "string", ")"}, NULL, "text instead of string"},
	{{"as", "bytes", ")"},
	 "blob instead of bytes",
	 "bytea instead of bytes"},
	{{"as", "bignumeric", ")"},
	 "decimal(38, 9) instead of bignumeric",
	 "numeric instead of bignumeric"},
	{{"as", "datetime", ")"}, NULL, "timestamp instead of datetime"},
	{{"system_time", "as", "of"},
	 "a snapshot table of your own",
	 "a snapshot table of your own"},
};

static bool is_unit(struct str word)
{
	static const char *const units[] = {
		"second", "minute",  "hour", "day",     "week",
		"month",  "quarter", "year", "isoweek", "isoyear"};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq_nocase(word, str_of(units[i])))
			return true;
	return false;
}

static bool token_is(const struct sql_token *t, const char *want)
{
	if (t->kind == SQL_BACKTICK)
		return strcmp(want, "`") == 0;
	if (strcmp(want, "UNIT") == 0)
		return t->kind == SQL_WORD && is_unit(t->text);
	return (t->kind == SQL_WORD || t->kind == SQL_OTHER) &&
	       str_eq_nocase(t->text, str_of(want));
}

/* A type as in "as timestamp(3)", or a function of a schema of the user's. */
static bool is_no_call(const struct sql_token *before)
{
	return token_is(before, "as") || token_is(before, ":") ||
	       token_is(before, ".");
}

/* t holds the last tokens, the newest one first. */
static bool matches(const struct pattern *p, const struct sql_token *t)
{
	size_t n = 0;

	while (n < PATTERN_TOKENS && p->tokens[n])
		n++;
	if (n > 1 && p->tokens[1][0] == '(' && is_no_call(&t[n]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!token_is(&t[i], p->tokens[n - 1 - i]))
			return false;
	return true;
}

static const char *replacement(const struct pattern *p, enum warehouse_kind k)
{
	return k == WAREHOUSE_DUCKDB ? p->duckdb : p->postgres;
}

static bool holds_word(struct str sql, const char *word)
{
	struct sql_lexer l = {.text = sql};
	struct sql_token t;

	while ((t = sql_next(&l)).kind != SQL_END)
		if (token_is(&t, word))
			return true;
	return false;
}

static bool applies(const struct pattern *p, struct str before,
		    const struct sql_token *last)
{
	return matches(p, last) && (!p->after || holds_word(before, p->after));
}

static const struct pattern *find(struct str sql, enum warehouse_kind kind)
{
	struct sql_lexer l = {.text = sql};
	struct sql_token last[PATTERN_TOKENS + 1] = {0};

	for (;;) {
		struct sql_token t = sql_next(&l);

		if (t.kind == SQL_END)
			return NULL;
		if (t.kind == SQL_COMMENT)
			continue;
		memmove(last + 1, last, sizeof(last) - sizeof(last[0]));
		last[0] = t;
		for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]);
		     i++) {
			const struct pattern *p = &patterns[i];

			if (replacement(p, kind) &&
			    applies(p, str_sub(sql, 0, t.start), last))
				return p;
		}
	}
}

/* The pattern as a user would write it. */
static void advise(const struct pattern *p, const struct dialect *d,
		   struct error *err)
{
	char words[64] = "";

	if (p->after)
		snprintf(words, sizeof(words), "%s(x", p->after);
	for (size_t i = 0; i < PATTERN_TOKENS && p->tokens[i]; i++) {
		size_t n = strlen(words);
		const char *word = p->tokens[i];
		bool tight = n == 0 || strchr("(<.[,)", word[0]) ||
			     words[n - 1] == '[';

		snprintf(words + n, sizeof(words) - n, "%s%s", tight ? "" : " ",
			 word);
	}
	error_hint(err,
		   "weir translates names, not SQL, and \"%s\" is BigQuery's; "
		   "on %s write %s",
		   words, d->name, replacement(p, d->kind));
}

/* What our own statements are refused for. */
static bool advise_by_error(struct error *err)
{
	if (strstr(err->text, SQL_DUPLICATE_KEY)) {
		error_hint(err, "nothing was changed; let the query give one "
				"row for each key, for example by "
				"row_number() over (partition by KEY order by "
				"TIME desc) = 1");
	} else if (strstr(err->text, SQL_WOULD_BE_LOST)) {
		error_hint(err, "nothing was changed; what is built anew has "
				"it not: drop it in pre_operations and make "
				"it again in post_operations");
	} else if (strcmp(err->sqlstate, "2BP01") == 0 &&
		   strncmp(err->text, "the index ", 10) == 0 &&
		   strstr(err->text, "_weir_")) {
		error_hint(err, "nothing was changed; \"indexes\" below weir "
				"asks for it: let its entries fit the query's "
				"columns");
	} else if (strcmp(err->sqlstate, "2BP01") == 0) {
		error_hint(err, "nothing was changed; drop what depends on "
				"it, or change it so that it can stand on "
				"the new one");
	} else if (strcmp(err->sqlstate, "25001") == 0) {
		error_hint(err, "an action and its pre and post operations "
				"run in one transaction; move this statement "
				"into an action of type operations, whose "
				"statements do not");
	} else {
		return false;
	}
	return true;
}

/* The call's text up to its ")"; a name in its place if that is far. */
static void advise_call(struct str sql, const struct sql_token *word,
			struct error *err)
{
	struct str call = str_sub(sql, word->start, sql.n);

	call = str_sub(call, 0, str_find(call, ')', 0));
	if (call.n > 100 || memchr(call.p, '\n', call.n))
		call = STR("ref(\"name\"");
	error_hint(err, "%.*s) is SQL here: write ${%.*s)}", STR_ARG(call),
		   STR_ARG(call));
}

/* SQLX that did not come to be read as such. */
static bool advise_slip(struct str sql, struct error *err)
{
	struct sql_lexer l = {.text = sql};
	struct sql_token last[3] = {0}; /* the newest one first */

	for (size_t n = 0;; n++) {
		do
			last[0] = sql_next(&l);
		while (last[0].kind == SQL_COMMENT);
		if (last[0].kind == SQL_END)
			return false;
		if (n == 1 && token_is(&last[0], "{") &&
		    token_is(&last[1], "config")) {
			error_hint(err, "a config block starts with "
					"\"config {\", with one space");
			return true;
		}
		if (token_is(&last[0], "(") && !token_is(&last[2], ".") &&
		    (token_is(&last[1], "ref") || token_is(&last[1], "self"))) {
			advise_call(sql, &last[1], err);
			return true;
		}
		last[2] = last[1];
		last[1] = last[0];
	}
}

/* The table that is not there: its name and, where it is told, its schema; the
 * name is unset if that is not what is wrong. */
static struct target missing_table(const struct error *err)
{
	static const char head[] = "Table with name ";
	struct str text = str_of(err->text);
	size_t dot;

	if (str_starts(text, STR(head)))
		text = str_sub(text, sizeof(head) - 1, text.n);
	else if (strcmp(err->sqlstate, "42P01") == 0)
		text = str_sub(text, str_find(text, '"', 0), text.n);
	else
		return (struct target){0};
	if (text.n && text.p[0] == '"') {
		text = str_sub(text, 1, text.n);
		text = str_sub(text, 0, str_find(text, '"', 0));
	} else {
		text = str_sub(text, 0, str_find(text, ' ', 0));
	}
	dot = str_rfind(text, '.');
	if (dot == text.n)
		return (struct target){.name = text};
	return (struct target){.schema = str_sub(text, 0, dot),
			       .name = str_sub(text, dot + 1, text.n)};
}

static const struct action *exact(const struct graph *g, const struct target *t)
{
	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];

		if (a->type != ACTION_ASSERTION &&
		    str_eq(a->target.name, t->name) &&
		    (!t->schema.n || str_eq(a->target.schema, t->schema)))
			return a;
	}
	return NULL;
}

static const struct action *nearest(const struct graph *g, struct str name)
{
	const struct action *best = NULL;
	size_t limit = name.n / 3;

	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];
		size_t d;

		if (a->type == ACTION_ASSERTION)
			continue;
		d = str_distance(a->target.name, name, limit);
		if (d > limit || (best && d == limit))
			continue;
		best = a;
		limit = d;
	}
	return best;
}

static bool is_loaded(const struct graph *g, const struct action *a)
{
	for (uint32_t i = 0; i < g->nloads; i++)
		if (&g->actions[g->loads[i].action] == a)
			return true;
	return false;
}

/* The SQL has the right name, so that a ref() may have put it there. */
static void advise_unbuilt(const struct graph *g, const struct action *a,
			   struct error *err)
{
	struct str schema = a->target.schema, name = a->target.name;
	const char *dot = schema.n ? "." : "";

	if (a->type == ACTION_DECLARATION && !is_loaded(g, a))
		error_hint(err,
			   "\"%.*s%s%.*s\" is a declaration, which makes "
			   "nothing: create it in the warehouse, or let weir "
			   "fill it from files: \"loads\" in weir.yaml",
			   STR_ARG(schema), dot, STR_ARG(name));
	else
		error_hint(err,
			   "read \"%.*s%s%.*s\" by ${ref(\"%.*s\")}, so that "
			   "it is built before, and build it, too: "
			   "--include-deps",
			   STR_ARG(schema), dot, STR_ARG(name), STR_ARG(name));
}

/* DuckDB guesses among its own tables, and knows nothing of the graph. */
static bool advise_table(const struct graph *g, struct error *err)
{
	struct target t = missing_table(err);
	const struct action *a;

	if (!t.name.n)
		return false;
	err->hint[0] = '\0';
	a = exact(g, &t);
	if (a) {
		advise_unbuilt(g, a, err);
		return true;
	}
	a = nearest(g, t.name);
	if (!a)
		return false;
	error_hint(err,
		   "did you mean the action \"%.*s%s%.*s\"? Write "
		   "${ref(\"%.*s\")}",
		   STR_ARG(a->target.schema), a->target.schema.n ? "." : "",
		   STR_ARG(a->target.name), STR_ARG(a->target.name));
	return true;
}

void advice_add(const struct graph *g, struct str sql, struct error *err)
{
	const struct dialect *d = g->profile->dialect;
	const struct pattern *p;

	if (err->kind != ERROR_SQL || advise_by_error(err) ||
	    advise_slip(sql, err) || advise_table(g, err))
		return;
	p = find(sql, d->kind);
	if (p)
		advise(p, d, err);
}
