/*
 * JavaScript, up to the brace that closes it: strings, templates, comments and
 * regular expressions are passed over as JavaScript's own lexer would. Open
 * braces are bits of a small stack (was it the "${" of a template?), so that
 * nothing is allocated and nothing calls itself.
 */
#ifndef SQLX_JAVASCRIPT_H
#define SQLX_JAVASCRIPT_H

#include <string.h>

#include "lexer.h"

enum {
	MAX_JS_DEPTH = 4096, /* braces and templates within one another */
};

struct js {
	TSLexer *lexer;
	unsigned depth;
	bool too_deep;
	bool operand;       /* what came last has a value: "/" divides it */
	int32_t last;       /* the character before, if it is an operator's */
	bool odd_backticks; /* escaped ones, in templates */
	unsigned char from_template[MAX_JS_DEPTH / 8];
};

static void js_push(struct js *js, bool from_template)
{
	unsigned char bit = (unsigned char)(1u << (js->depth % 8));
	unsigned char *byte = &js->from_template[js->depth / 8];

	if (js->depth == MAX_JS_DEPTH - 1) {
		js->too_deep = true;
		while (!at_end(js->lexer))
			advance(js->lexer);
		return;
	}
	if (from_template)
		*byte |= bit;
	else
		*byte &= (unsigned char)~bit;
	js->depth++;
	js->operand = false;
}

/* Returns whether the brace that ends here was opened in a template. */
static bool js_pop(struct js *js)
{
	js->depth--;
	js->operand = true;
	return js->from_template[js->depth / 8] >> (js->depth % 8) & 1;
}

/* Reads on in a template, to its end or to the code of its next "${". */
static void js_template(struct js *js)
{
	TSLexer *lexer = js->lexer;

	while (!at_end(lexer)) {
		if (take(lexer, '\\')) {
			if (lexer->lookahead == '`')
				js->odd_backticks = !js->odd_backticks;
			if (!at_end(lexer))
				advance(lexer);
		} else if (take(lexer, '$')) {
			if (take(lexer, '{')) {
				js_push(js, true);
				return;
			}
		} else if (take(lexer, '`')) {
			js->operand = true;
			return;
		} else {
			advance(lexer);
		}
	}
}

/* A quote without its fellow on the line is no string. */
static void js_string(struct js *js)
{
	TSLexer *lexer = js->lexer;
	int32_t quote = lexer->lookahead;

	advance(lexer);
	js->operand = true;
	while (!at_end(lexer) && lexer->lookahead != '\n') {
		if (take(lexer, quote))
			return;
		if (take(lexer, '\\')) {
			take(lexer, '\r');
			if (at_end(lexer))
				return;
		}
		advance(lexer);
	}
}

static void js_regex(struct js *js)
{
	TSLexer *lexer = js->lexer;
	bool in_class = false;

	js->operand = true;
	while (!at_end(lexer) && !is_line_end(lexer->lookahead)) {
		if (lexer->lookahead == '[')
			in_class = true;
		else if (lexer->lookahead == ']')
			in_class = false;
		else if (!in_class && take(lexer, '/'))
			return;
		else if (take(lexer, '\\') && is_line_end(lexer->lookahead))
			return;
		if (!at_end(lexer))
			advance(lexer);
	}
}

static void js_slash(struct js *js)
{
	TSLexer *lexer = js->lexer;

	advance(lexer);
	if (lexer->lookahead == '/')
		skip_line(lexer);
	else if (take(lexer, '*'))
		(void)skip_comment(lexer);
	else if (!js->operand)
		js_regex(js);
	else
		js->operand = false;
}

static bool is_js_word(int32_t c)
{
	return is_letter(c) || c == '$' || (c >= 0x80 && !is_space(c));
}

/* After these a "/" begins a regular expression. */
static bool is_operator_word(const char *word)
{
	static const char *const words[] = {
		"return",     "typeof", "case",  "in", "void",
		"delete",     "throw",  "else",  "do", "new",
		"instanceof", "yield",  "await",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

static void js_word(struct js *js)
{
	TSLexer *lexer = js->lexer;
	bool is_member = js->last == '.';
	char word[12];
	size_t n = 0;

	for (; is_js_word(lexer->lookahead); advance(lexer))
		if (n < sizeof(word) - 1)
			word[n++] = (char)(lexer->lookahead & 0x7f);
	word[n] = '\0';
	js->operand = is_member || !is_operator_word(word);
}

static void js_other(struct js *js)
{
	TSLexer *lexer = js->lexer;
	int32_t c = lexer->lookahead;

	if (is_js_word(c)) {
		js_word(js);
		js->last = 0;
	} else if (is_space(c)) {
		advance(lexer);
		js->last = 0;
	} else {
		advance(lexer);
		if (c != '.')
			js->operand = c == ')' || c == ']' ||
				      ((c == '+' || c == '-') && js->last == c);
		js->last = c;
	}
}

/*
 * Reads up to the brace that closes what is open, or to the end of the file.
 * In Dataform "\`" ends a template. Used in pairs, as it mostly is, that does
 * no harm; a block with one too many is never closed.
 */
static bool js_scan(TSLexer *lexer, bool is_block, bool *too_deep)
{
	struct js js = {.lexer = lexer};

	while (!at_end(lexer)) {
		switch (lexer->lookahead) {
		case '"':
		case '\'':
			js_string(&js);
			break;
		case '`':
			advance(lexer);
			js_template(&js);
			break;
		case '/':
			js_slash(&js);
			break;
		case '{':
			advance(lexer);
			js_push(&js, false);
			break;
		case '}':
			if (js.depth == 0 && !(is_block && js.odd_backticks))
				return true;
			advance(lexer);
			if (js.depth > 0 && js_pop(&js))
				js_template(&js);
			break;
		default:
			js_other(&js);
			continue;
		}
		js.last = 0;
	}
	*too_deep = js.too_deep;
	return false;
}

#endif
