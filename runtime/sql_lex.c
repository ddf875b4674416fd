/*
 * Just enough of SQL's lexical rules to know what is code: PostgreSQL's and
 * DuckDB's strings and nested comments, and BigQuery's backticks, because
 * they turn up in projects that came from there.
 */
#include "runtime/sql_lex.h"

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

static bool is_semicolon(const struct sql_token *t)
{
	return t->kind == SQL_OTHER && t->text.p[0] == ';';
}

struct str sql_trim(struct str text)
{
	struct sql_lexer l = {.text = str_trim(text)};
	size_t cut = l.text.n;
	struct sql_token t;

	while ((t = sql_next(&l)).kind != SQL_END) {
		if (t.kind == SQL_COMMENT)
			continue;
		if (!is_semicolon(&t))
			cut = l.text.n;
		else if (cut == l.text.n)
			cut = t.start;
	}
	return str_trim(str_sub(l.text, 0, cut));
}

size_t sql_find_semicolon(struct str text)
{
	struct sql_lexer l = {.text = text};
	struct sql_token t;

	while ((t = sql_next(&l)).kind != SQL_END)
		if (is_semicolon(&t))
			return t.start;
	return text.n;
}

bool sql_is_statement(struct str text)
{
	struct sql_lexer l = {.text = text};
	struct sql_token t;

	while ((t = sql_next(&l)).kind != SQL_END)
		if (t.kind != SQL_COMMENT && !is_semicolon(&t))
			return true;
	return false;
}

static struct str first_word(struct str statement)
{
	struct sql_lexer l = {.text = statement};
	struct sql_token t;

	do
		t = sql_next(&l);
	while (t.kind == SQL_COMMENT);
	return t.kind == SQL_WORD ? t.text : (struct str){0};
}

static bool is_one_of(struct str word, const char *const *words)
{
	while (*words && !str_eq_nocase(word, str_of(*words)))
		words++;
	return *words != NULL;
}

bool sql_may_commit(struct str text, bool in_transaction)
{
	static const char *const begins[] = {"begin", "start", NULL};
	static const char *const commits[] = {"commit", "end", "prepare", NULL};
	static const char *const harmless[] = {
		"",      "alter",    "create", "discard", "drop",
		"reset", "rollback", "set",    "show",    NULL};

	for (size_t start = 0, end; start < text.n; start = end + 1) {
		struct str rest = str_sub(text, start, text.n);
		struct str word = first_word(rest);

		end = start + sql_find_semicolon(rest);
		if (is_one_of(word, begins))
			in_transaction = true;
		else if (is_one_of(word, commits))
			return true;
		else if (!in_transaction && !is_one_of(word, harmless))
			return true;
	}
	return false;
}
