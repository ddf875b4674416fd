/*
 * Just enough of SQL's lexical rules to know what is code: PostgreSQL's and
 * DuckDB's strings and nested comments, and BigQuery's backticks, because
 * they turn up in projects that came from there.
 */
#include "base/sql_token.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

static char at(const struct sql_lexer *l, size_t i)
{
	return i < l->text.n ? l->text.p[i] : '\0';
}

static size_t end_of_block_comment(const struct sql_lexer *l, size_t i)
{
	size_t depth = 0;

	while (i < l->text.n) {
		if (at(l, i) == '/' && at(l, i + 1) == '*') {
			depth++;
			i += 2;
		} else if (at(l, i) == '*' && at(l, i + 1) == '/') {
			i += 2;
			if (--depth == 0)
				break;
		} else {
			i++;
		}
	}
	return i < l->text.n ? i : l->text.n;
}

/* From the opening quote; a doubled quote does not close. */
static size_t end_of_quoted(const struct sql_lexer *l, size_t i, bool escapes)
{
	char quote = at(l, i++);

	while (i < l->text.n) {
		if (escapes && at(l, i) == '\\')
			i += 2;
		else if (at(l, i) != quote)
			i++;
		else if (at(l, i + 1) == quote)
			i += 2;
		else
			return i + 1;
	}
	return l->text.n;
}

/* $tag$ ... $tag$; the start itself if there is no such string here. */
static size_t end_of_dollars(const struct sql_lexer *l, size_t start)
{
	size_t i = start + 1, n;

	while (is_word(at(l, i)))
		i++;
	if (at(l, i) != '$')
		return start;
	n = i + 1 - start;
	for (i++; i + n <= l->text.n; i++)
		if (memcmp(l->text.p + i, l->text.p + start, n) == 0)
			return i + n;
	return l->text.n;
}

static struct sql_token token(struct sql_lexer *l, enum sql_token_kind kind,
			      size_t end)
{
	struct sql_token t = {kind, str_sub(l->text, l->at, end), l->at};

	l->at = end;
	return t;
}

static struct sql_token word(struct sql_lexer *l)
{
	size_t i = l->at;
	char c = at(l, i);

	if ((c == 'e' || c == 'E') && at(l, i + 1) == '\'')
		return token(l, SQL_STRING, end_of_quoted(l, i + 1, true));
	while (is_word(at(l, i)) || (i > l->at && at(l, i) == '$'))
		i++;
	return token(l, SQL_WORD, i);
}

struct sql_token sql_next(struct sql_lexer *l)
{
	size_t end;
	char c;

	while (is_space(at(l, l->at)))
		l->at++;
	if (l->at >= l->text.n)
		return token(l, SQL_END, l->text.n);
	c = at(l, l->at);
	if (c == '-' && at(l, l->at + 1) == '-')
		return token(l, SQL_COMMENT, str_find(l->text, '\n', l->at));
	if (c == '/' && at(l, l->at + 1) == '*')
		return token(l, SQL_COMMENT, end_of_block_comment(l, l->at));
	if (c == '\'')
		return token(l, SQL_STRING, end_of_quoted(l, l->at, false));
	if (c == '"')
		return token(l, SQL_QUOTED, end_of_quoted(l, l->at, false));
	if (c == '`')
		return token(l, SQL_BACKTICK, end_of_quoted(l, l->at, false));
	if (is_word(c))
		return word(l);
	if (c == '$' && (end = end_of_dollars(l, l->at)) > l->at)
		return token(l, SQL_STRING, end);
	return token(l, SQL_OTHER, l->at + 1);
}
