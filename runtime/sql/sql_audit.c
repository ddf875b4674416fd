/*
 * The questions whether assertions hold, asked in the transaction that makes a
 * table: before it is committed, or before the new table takes the old one's
 * name. Then the assertion must read what was built beside, so a WITH gives
 * that the old one's name, without schema, wherever the assertion names it. An
 * assertion that names it in another way, or asks what only a table can answer,
 * is asked after the swap, which is as right, but lets readers wait.
 */
#include "base/arena.h"
#include "base/sql_token.h"
#include "runtime/sql/sql_write.h"
#include "runtime/sql_lex.h"

/* The last tokens of a text. */
struct passing {
	struct sql_token t[3];
};

static struct sql_token slide(struct passing *w, struct sql_lexer *lexer)
{
	w->t[0] = w->t[1];
	w->t[1] = w->t[2];
	do
		w->t[2] = sql_next(lexer);
	while (w->t[2].kind == SQL_COMMENT);
	return w->t[2];
}

static struct str unquoted(struct sql_token t)
{
	if (t.kind == SQL_QUOTED && t.text.n >= 2)
		return str_sub(t.text, 1, t.text.n - 1);
	return t.kind == SQL_WORD ? t.text : (struct str){0};
}

/* "name as (" of a WITH, which hides what we would call so. */
static bool is_defined(const struct passing *w, struct str name)
{
	return str_eq_nocase(unquoted(w->t[0]), name) &&
	       str_eq_nocase(w->t[1].text, STR("as")) &&
	       str_is(w->t[2].text, "(");
}

static bool is_schema_and_name(const struct passing *w, const struct target *t)
{
	return str_eq_nocase(unquoted(w->t[0]), t->schema) &&
	       str_is(w->t[1].text, ".") &&
	       str_eq_nocase(unquoted(w->t[2]), t->name);
}

/* Columns that every table has and no query, TABLESAMPLE, FOR UPDATE. */
static bool needs_table(const struct passing *w)
{
	static const char *const words[] = {"cmax",     "cmin",        "ctid",
					    "tableoid", "tablesample", "xmax",
					    "xmin",     NULL};
	static const char *const locks[] = {"key", "no", "share", "update",
					    NULL};

	return sql_is_one_of(unquoted(w->t[2]), words) ||
	       (str_eq_nocase(w->t[1].text, STR("for")) &&
		sql_is_one_of(w->t[2].text, locks));
}

/* query with the target's bare name where it has the whole; unset if it does
 * not name it so, or in other ways too. */
static struct str without_schema(struct sql *s, struct str query)
{
	const struct target *t = &s->action->target;
	struct sql_lexer lexer = {query, 0};
	struct passing w = {0};
	struct buf b = {0};
	struct str out = {0};
	size_t from = 0;
	bool sure = true;

	while (slide(&w, &lexer).kind != SQL_END && sure) {
		size_t end = w.t[2].start + w.t[2].text.n;

		sure = !is_defined(&w, t->name) && !needs_table(&w);
		if (!is_schema_and_name(&w, t))
			continue;
		sure = str_eq(str_sub(query, w.t[0].start, end), s->target);
		buf_add_str(&b, str_sub(query, from, w.t[0].start));
		dialect_put_ident(s->dialect, &b, t->name);
		from = end;
	}
	if (sure && from > 0) {
		buf_add_str(&b, str_sub(query, from, query.n));
		out = buf_move(&b, s->arena);
	}
	buf_free(&b);
	return out;
}

static void put_beside(struct sql *s, bool beside)
{
	if (!beside)
		return;
	sql_put(s, "with ");
	dialect_put_ident(s->dialect, &s->b, s->action->target.name);
	sql_put(s, " as not materialized (select * from $N)\n");
}

/* Of a window, intervals before this one may have been committed. */
static struct str what_is_undone(const struct sql *s)
{
	if (!s->request->window || s->request->deed != DEED_FILL)
		return STR("nothing was published: what was there before is "
			   "there still");
	return STR("nothing of this interval was published: intervals that "
		   "were done before stay as they are");
}

static void add_question(struct sql *s, const struct action *assertion,
			 struct str query, bool beside)
{
	struct str name = target_short(s->arena, &assertion->target);
	struct statement *st;
	struct str sample;

	put_beside(s, beside);
	buf_printf(&s->b, "select *\nfrom (\n%.*s\n) as audited\nlimit %d",
		   STR_ARG(query), SAMPLE_ROWS);
	sample = buf_move(&s->b, s->arena);
	put_beside(s, beside);
	buf_printf(&s->b, "select count(*)\nfrom (\n%.*s\n) as audited",
		   STR_ARG(query));
	st = sql_end(s);
	st->audit = assertion;
	st->sample = sample;
	st->undone = what_is_undone(s);
	st->summary = arena_printf(s->arena, "%.*s must hold", STR_ARG(name));
}

bool sql_audit_beside(struct sql *s)
{
	const struct audits *audits = s->request->audits;
	struct str *queries;

	if (!audits || !audits->n || sql_any_statement(&s->action->post_ops))
		return false;
	queries = ARENA_NEW(s->arena, struct str, audits->n);
	for (size_t i = 0; i < audits->n; i++) {
		queries[i] = without_schema(s, sql_trim(audits->v[i]->query));
		if (!queries[i].p)
			return false;
	}
	for (size_t i = 0; i < audits->n; i++)
		add_question(s, audits->v[i], queries[i], true);
	return true;
}

void sql_audit(struct sql *s)
{
	const struct audits *audits = s->request->audits;

	for (size_t i = 0; audits && i < audits->n; i++)
		add_question(s, audits->v[i], sql_trim(audits->v[i]->query),
			     false);
}
