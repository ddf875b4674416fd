/*
 * One .sqlx file as blocks and pieces of SQL. Every offset is a byte of the
 * file's text; docs/sqlx.md has the lexical rules.
 */
#ifndef COMPILER_SQLX_H
#define COMPILER_SQLX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct diags;
struct source;
struct sqlx_parser;
struct str;

enum sqlx_piece_kind {
	SQLX_TEXT,        /* SQL as it stands, strings included */
	SQLX_COMMENT,     /* a comment that holds a backslash: JavaScript's
			     escapes work in it */
	SQLX_PLACEHOLDER, /* the JavaScript between "${" and "}" */
	SQLX_SEPARATOR,   /* "---" and the blanks around it on its line */
	SQLX_QUOTED       /* a placeholder in a "string": it is text of it, too,
			     so that its backslashes stand for themselves */
};

struct sqlx_piece {
	enum sqlx_piece_kind kind;
	uint32_t start, end;
};

struct sqlx_span {
	uint32_t start, end;
};

/*
 * The SQL of the file or of one inner block. Pieces stand in file order; for
 * the file's own SQL there are gaps between them where blocks were.
 */
struct sqlx_sql {
	struct sqlx_piece *pieces;
	uint32_t npieces;
	uint32_t start, end; /* between the braces; the whole file */
	bool present;        /* the block is there, be it empty */
};

/* input "a", "b" { ... }: what a test puts in the place of ref("a", "b"). */
struct sqlx_input {
	struct str *names;
	uint32_t nnames;
	struct sqlx_sql sql;
};

struct sqlx_file {
	bool has_config;
	struct sqlx_span config; /* of the last config block, with its braces */
	struct sqlx_span *js;    /* bodies of js blocks, in file order */
	uint32_t njs;
	struct sqlx_sql sql;
	struct sqlx_sql pre, post, where; /* the last block of each wins */
	struct sqlx_input *inputs;
	uint32_t ninputs;
};

/* Reused from file to file; one thread at a time. */
struct sqlx_parser *sqlx_parser_new(void);
void sqlx_parser_free(struct sqlx_parser *parser);

/*
 * Always gives a result, which lives in arena and has offsets into src's text.
 * Adds to diags what is not closed and where a "#" comment is none. The text
 * is valid UTF-8 of at most SOURCE_SIZE_MAX bytes; NUL is a character like any.
 */
void sqlx_parse(struct sqlx_parser *parser, const struct source *src,
		struct arena *arena, struct diags *diags,
		struct sqlx_file *out);

/* The same text cut into tokens that follow one another without gaps. */
enum sqlx_token_kind {
	SQLX_TOKEN_TEXT,
	SQLX_TOKEN_STRING, /* with its quotes and placeholders */
	SQLX_TOKEN_COMMENT,
	SQLX_TOKEN_SEPARATOR,
	SQLX_TOKEN_PLACEHOLDER, /* with "${" and "}" */
	SQLX_TOKEN_SCRIPT,      /* a config or js block, whole */
	SQLX_TOKEN_OPEN,        /* of another block, through its "{" */
	SQLX_TOKEN_CLOSE,       /* its "}" */
};

struct sqlx_token {
	enum sqlx_token_kind kind;
	uint32_t start, end;
};

struct sqlx_tokens {
	struct sqlx_token *v;
	size_t n, cap;
};

/* src is a text that sqlx_parse() found no error in. */
void sqlx_tokenize(struct sqlx_parser *parser, const struct source *src,
		   struct arena *arena, struct sqlx_tokens *out);

#endif
