/* Cuts SQL text into tokens, as far as comments, strings and names go. */
#ifndef BASE_SQL_TOKEN_H
#define BASE_SQL_TOKEN_H

#include "base/str.h"

enum sql_token_kind {
	SQL_END,
	SQL_COMMENT,
	SQL_STRING,   /* '...', E'...', $tag$...$tag$ */
	SQL_QUOTED,   /* "..." */
	SQL_BACKTICK, /* `...` */
	SQL_WORD,     /* keyword, name or number */
	SQL_OTHER,    /* one character */
};

struct sql_lexer {
	struct str text;
	size_t at;
};

struct sql_token {
	enum sql_token_kind kind;
	struct str text;
	size_t start;
};

/* The next token, white space skipped. An unclosed one ends with the text. */
struct sql_token sql_next(struct sql_lexer *l);

#endif
