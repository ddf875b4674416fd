/*
 * ref("orders") is the table "orders", whose columns SQL may call orders.id. A
 * test's input in its place has no name: PostgreSQL before version 16 refuses
 * that at all. So an input that is read like a table gets the table's name,
 * unless the query gives it one.
 */
#include "compiler/actions/test_alias.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "compiler/dialect.h"

static bool is_word(char c)
{
	return ascii_is_word(c) || (c & 0x80);
}

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

static size_t word_end(struct str sql, size_t i)
{
	while (i < sql.n && is_word(sql.p[i]))
		i++;
	return i;
}

/* Behind blanks and comments. */
static size_t skip_blank(struct str sql, size_t i)
{
	while (i < sql.n) {
		struct str rest = str_sub(sql, i, sql.n);

		if (ascii_is_space(sql.p[i])) {
			i++;
		} else if (str_starts(rest, STR("--"))) {
			i = str_find(sql, '\n', i);
		} else if (str_starts(rest, STR("/*"))) {
			for (i += 2; i < sql.n; i++)
				if (sql.p[i - 1] == '*' && sql.p[i] == '/' &&
				    i > 2)
					break;
			i = i < sql.n ? i + 1 : i;
		} else {
			break;
		}
	}
	return i;
}

static bool has_alias(struct str sql, size_t end)
{
	size_t i = skip_blank(sql, end);

	if (i < sql.n && sql.p[i] == '"')
		return true;
	return word_end(sql, i) > i &&
	       !is_keyword(str_sub(sql, i, word_end(sql, i)));
}

/* Whether at stands in a list of tables: FROM or JOIN is the nearest word of
 * those that begin a clause, within the same parentheses. */
static bool is_read(struct str sql, size_t at)
{
	static const char *const tables[] = {"from", "join"};
	static const char *const others[] = {
		"select", "where", "on",  "in",    "by",     "having",
		"limit",  "and",   "or",  "using", "values", "exists",
		"any",    "all",   "set", "case",  "when",   "then",
	};
	size_t depth = 0;

	while (at > 0) {
		char c = sql.p[--at];
		size_t end = at + 1;

		if (c == '\'' || c == '"') {
			while (at > 0 && sql.p[--at] != c)
				;
		} else if (c == ')') {
			depth++;
		} else if (c == '(') {
			if (depth == 0)
				return false;
			depth--;
		} else if (is_word(c)) {
			struct str word;

			while (at > 0 && is_word(sql.p[at - 1]))
				at--;
			word = str_sub(sql, at, end);
			if (depth == 0 &&
			    is_one_of(word, tables, ARRAY_LEN(tables)))
				return true;
			if (depth == 0 &&
			    is_one_of(word, others, ARRAY_LEN(others)))
				return false;
		}
	}
	return false;
}

/* The longest input that stands at i. */
static const struct alias_input *
input_at(struct str sql, size_t i, const struct alias_input *inputs, size_t n)
{
	const struct alias_input *found = NULL;

	for (size_t k = 0; k < n; k++)
		if (inputs[k].text.n > (found ? found->text.n : 0) &&
		    str_starts(str_sub(sql, i, sql.n), inputs[k].text))
			found = &inputs[k];
	return found;
}

struct str test_alias(const struct dialect *d, struct str query,
		      const struct alias_input *inputs, size_t n,
		      struct arena *arena)
{
	struct buf b = {0};
	struct str text;
	size_t i = 0;

	if (d->kind == WAREHOUSE_BIGQUERY || n == 0)
		return query;
	while (i < query.n) {
		const struct alias_input *input =
			query.p[i] == '(' ? input_at(query, i, inputs, n)
					  : NULL;

		if (!input) {
			buf_addc(&b, query.p[i++]);
			continue;
		}
		buf_add_str(&b, input->text);
		if (is_read(query, i) && !has_alias(query, i + input->text.n)) {
			buf_adds(&b, " AS ");
			dialect_put_ident(d, &b, input->name);
		}
		i += input->text.n;
	}
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}
