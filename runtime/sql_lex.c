/* Each asks for the tokens anew: texts are short, and asked for seldom. */
#include "runtime/sql_lex.h"

#include "base/sql_token.h"

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

bool sql_is_several(struct str text)
{
	size_t end = sql_find_semicolon(text);

	return sql_is_statement(str_sub(text, end, text.n));
}

bool sql_any_statement(const struct strs *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		if (sql_is_statement(texts->v[i]))
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

bool sql_is_one_of(struct str word, const char *const *words)
{
	while (*words && !str_eq_nocase(word, str_of(*words)))
		words++;
	return *words != NULL;
}

/* "rollback to" a savepoint ends nothing, and "prepare" alone names a
 * statement. */
static bool is_transaction_bound(struct str statement)
{
	static const char *const words[] = {"abort",    "begin", "commit",
					    "end",      "start", "prepare",
					    "rollback", NULL};
	struct sql_lexer l = {.text = statement};
	struct str word = first_word(statement);
	struct sql_token t;

	if (!sql_is_one_of(word, words))
		return false;
	l.at = (size_t)(word.p - statement.p) + word.n;
	do
		t = sql_next(&l);
	while (t.kind == SQL_COMMENT || str_eq_nocase(t.text, STR("work")) ||
	       (str_eq_nocase(word, STR("rollback")) &&
		str_eq_nocase(t.text, STR("transaction"))));
	if (str_eq_nocase(word, STR("rollback")))
		return !str_eq_nocase(t.text, STR("to"));
	return !str_eq_nocase(word, STR("prepare")) ||
	       str_eq_nocase(t.text, STR("transaction"));
}

static const char *const begins[] = {"begin", "start", NULL};
static const char *const rolls_back[] = {"abort", "rollback", NULL};
/* Whatever of it was done may be done again. */
static const char *const harmless[] = {"analyze", "checkpoint", "discard",
				       "reset",   "set",        "show",
				       "vacuum",  NULL};

bool sql_may_commit(struct str text, bool in_transaction)
{
	for (size_t start = 0, end; start < text.n; start = end + 1) {
		struct str rest = str_sub(text, start, text.n);
		struct str word = first_word(rest);

		end = start + sql_find_semicolon(rest);
		if (is_transaction_bound(rest)) {
			in_transaction = sql_is_one_of(word, begins);
			if (!in_transaction && !sql_is_one_of(word, rolls_back))
				return true;
		} else if (!in_transaction && !sql_is_one_of(word, harmless) &&
			   sql_is_statement(str_sub(text, start, end))) {
			return true;
		}
	}
	return false;
}

bool sql_may_fail_halfway(struct str text, bool in_transaction)
{
	static const char *const whole[] = {
		"copy",     "delete", "insert", "merge", "select",
		"truncate", "update", "values", "with",  NULL};

	for (size_t start = 0, end; start < text.n; start = end + 1) {
		struct str rest = str_sub(text, start, text.n);
		struct str word = first_word(rest);

		end = start + sql_find_semicolon(rest);
		if (is_transaction_bound(rest))
			in_transaction = sql_is_one_of(word, begins);
		else if (!in_transaction && !sql_is_one_of(word, harmless) &&
			 !sql_is_one_of(word, whole) &&
			 sql_is_statement(str_sub(text, start, end)))
			return true;
	}
	return false;
}

size_t sql_find_transaction(struct str text)
{
	for (size_t start = 0; start < text.n;) {
		struct str rest = str_sub(text, start, text.n);

		if (is_transaction_bound(rest))
			return start + (size_t)(first_word(rest).p - rest.p);
		start += sql_find_semicolon(rest) + 1;
	}
	return text.n;
}

bool sql_controls_transaction(struct str text)
{
	static const char *const words[] = {
		"abort",   "begin",    "commit",    "end",   "prepare",
		"release", "rollback", "savepoint", "start", NULL};

	for (size_t start = 0; start < text.n;) {
		struct str rest = str_sub(text, start, text.n);

		if (sql_is_one_of(first_word(rest), words))
			return true;
		start += sql_find_semicolon(rest) + 1;
	}
	return false;
}
