/* Stepping through the text, and the character classes that rules speak of. */
#ifndef SQLX_LEXER_H
#define SQLX_LEXER_H

#include "tree_sitter/parser.h"

static void advance(TSLexer *lexer)
{
	lexer->advance(lexer, false);
}

static bool at_end(TSLexer *lexer)
{
	return lexer->lookahead == 0 && lexer->eof(lexer);
}

static bool take(TSLexer *lexer, int32_t c)
{
	if (lexer->lookahead != c)
		return false;
	advance(lexer);
	return true;
}

static bool is_line_end(int32_t c)
{
	return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

/* JavaScript's \s. */
static bool is_space(int32_t c)
{
	if (c < 0x80)
		return c == ' ' || (c >= '\t' && c <= '\r');
	return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
	       c == 0x3000 || c == 0xfeff;
}

static bool is_blank(int32_t c)
{
	return c != '\n' && c != '\r' && is_space(c);
}

/* Digits and the underscore included. */
static bool is_letter(int32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* Of a name in the head of an input block. */
static bool is_name(int32_t c)
{
	return is_letter(c) || c == '-';
}

static void skip_line(TSLexer *lexer)
{
	while (!at_end(lexer) && !is_line_end(lexer->lookahead))
		advance(lexer);
}

/* After the opening of a block comment: reads past its end, if it has one. */
static bool skip_comment(TSLexer *lexer)
{
	while (!at_end(lexer)) {
		if (!take(lexer, '*'))
			advance(lexer);
		else if (take(lexer, '/'))
			return true;
	}
	return false;
}

#endif
