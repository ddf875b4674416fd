/*
 * ref("orders") is the table "orders", whose columns SQL may call orders.id. A
 * test's input in its place has no name: PostgreSQL before version 16 refuses
 * that at all. So an input that is read like a table gets the table's name,
 * unless the query gives it one. The query is read once, from its start, token
 * by token; for each open parenthesis it is remembered which clause is read.
 */
#include "compiler/actions/test_alias.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/sql_token.h"
#include "compiler/dialect.h"

static bool is_one_of(struct str word, const char *const *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(word, str_of(all[i])))
			return true;
	return false;
}

/* Behind a table these go on with the statement; other words name it. */
static bool is_keyword(struct str word)
{
	static const char *const all[] = {
		"anti",      "asof",  "cross", "except",      "fetch",
		"for",       "full",  "group", "having",      "inner",
		"intersect", "join",  "left",  "limit",       "natural",
		"offset",    "on",    "order", "pivot",       "positional",
		"qualify",   "right", "semi",  "tablesample", "union",
		"unpivot",   "using", "where", "window",
	};

	return is_one_of(word, all, ARRAY_LEN(all));
}

/* Words that begin a clause within their parentheses. */
static bool names_tables(struct str word)
{
	static const char *const all[] = {"from", "join"};

	return is_one_of(word, all, ARRAY_LEN(all));
}

static bool ends_tables(struct str word)
{
	static const char *const all[] = {
		"select", "where", "on",  "in",    "by",     "having",
		"limit",  "and",   "or",  "using", "values", "exists",
		"any",    "all",   "set", "case",  "when",   "then",
	};

	return is_one_of(word, all, ARRAY_LEN(all));
}

/* An input among all, sorted by text. */
struct known {
	struct str text, name;
	size_t order;   /* as it was given: the first of a text names it */
	size_t shorter; /* 1 + the longest that this text begins with, or 0 */
};

struct reading {
	struct sql_lexer lexer;
	struct known *known;
	size_t nknown;
	struct buf clauses; /* CLAUSE_... of each open parenthesis */
};

enum { CLAUSE_OTHER = 'o', CLAUSE_TABLES = 't' };

static int compare_known(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int order = str_cmp(x->text, y->text);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static void sort_inputs(struct reading *r, const struct alias_input *inputs,
			size_t n, struct arena *arena)
{
	struct known *v = ARENA_NEW(arena, struct known, n);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct known){inputs[i].text, inputs[i].name, i, 0};
	qsort(v, n, sizeof(*v), compare_known);
	for (size_t i = 0; i < n; i++) {
		struct known one = v[i];

		if (kept && str_eq(v[kept - 1].text, one.text))
			continue;
		one.shorter = kept;
		while (one.shorter &&
		       !str_starts(one.text, v[one.shorter - 1].text))
			one.shorter = v[one.shorter - 1].shorter;
		v[kept++] = one;
	}
	r->known = v;
	r->nknown = kept;
}

/* The longest input that text begins with, or NULL. */
static const struct known *find_input(const struct reading *r, struct str text)
{
	size_t low = 0, high = r->nknown;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(r->known[mid].text, text) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	while (low && !str_starts(text, r->known[low - 1].text))
		low = r->known[low - 1].shorter;
	return low ? &r->known[low - 1] : NULL;
}

static bool has_alias(struct sql_lexer behind)
{
	struct sql_token t;

	do
		t = sql_next(&behind);
	while (t.kind == SQL_COMMENT);
	return t.kind == SQL_QUOTED ||
	       (t.kind == SQL_WORD && !is_keyword(t.text));
}

static void read_token(struct reading *r, const struct sql_token *t)
{
	struct buf *b = &r->clauses;
	char c = t->kind == SQL_OTHER ? t->text.p[0] : '\0';

	if (c == '(')
		buf_addc(b, CLAUSE_OTHER);
	else if (c == ')' && b->n > 1)
		b->n--;
	else if (t->kind == SQL_WORD && names_tables(t->text))
		b->p[b->n - 1] = CLAUSE_TABLES;
	else if (t->kind == SQL_WORD && ends_tables(t->text))
		b->p[b->n - 1] = CLAUSE_OTHER;
}

/* The next input that wants a name, with the lexer behind it; NULL at the
 * end. */
static const struct known *next_unnamed(struct reading *r)
{
	struct sql_token t;

	while ((t = sql_next(&r->lexer)).kind != SQL_END) {
		const struct known *input = NULL;

		if (t.kind == SQL_OTHER && t.text.p[0] == '(')
			input = find_input(r, str_sub(r->lexer.text, t.start,
						      r->lexer.text.n));
		if (!input) {
			read_token(r, &t);
			continue;
		}
		r->lexer.at = t.start + input->text.n;
		if (r->clauses.p[r->clauses.n - 1] == CLAUSE_TABLES &&
		    !has_alias(r->lexer))
			return input;
	}
	return NULL;
}

struct str test_alias(const struct dialect *d, struct str query,
		      const struct alias_input *inputs, size_t n,
		      struct arena *arena)
{
	struct reading r = {.lexer = {.text = query}};
	const struct known *input;
	struct buf b = {0};
	size_t copied = 0;
	struct str text;

	if (d->kind == WAREHOUSE_BIGQUERY || n == 0)
		return query;
	sort_inputs(&r, inputs, n, arena);
	buf_addc(&r.clauses, CLAUSE_OTHER);
	while ((input = next_unnamed(&r)) != NULL) {
		buf_add_str(&b, str_sub(query, copied, r.lexer.at));
		buf_adds(&b, " AS ");
		dialect_put_ident(d, &b, input->name);
		copied = r.lexer.at;
	}
	buf_add_str(&b, str_sub(query, copied, query.n));
	text = buf_move(&b, arena);
	buf_free(&r.clauses);
	buf_free(&b);
	return text;
}
