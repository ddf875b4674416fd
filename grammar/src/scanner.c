/*
 * Dataform's lexical rules, once. docs/sqlx.md tells them to users.
 *
 * The parser says which tokens it could take, and that says where we are: in
 * the file's own SQL (block keywords count), in a block's SQL ("}" ends it),
 * inside a string, or inside JavaScript. A token is as large as can be. The
 * lexer only goes forward: whatever has to be looked at before the end of a
 * token is known is read past a mark, and read again as part of the next
 * token. No text is read more than a few times, whatever stands in it.
 * A whole JavaScript body is one token: javascript.h.
 */
#include <stdlib.h>
#include <string.h>

#include "javascript.h"
#include "lexer.h"
#include "tree_sitter/parser.h"

/* In the order of externals in grammar.js. */
enum token {
	SQL_TEXT,
	COMMENT,
	SEPARATOR,
	STRING,
	STRING_HEAD, /* of a string with placeholders, to the first one */
	STRING_PART,
	STRING_TAIL,
	OBJECT, /* of a config block, with its braces */
	UNCLOSED_OBJECT,
	BODY, /* of a js block */
	JAVASCRIPT,
	CONFIG,
	JS,
	INCREMENTAL_WHERE,
	PRE_OPERATIONS,
	POST_OPERATIONS,
	INPUT,
	NAME,
	COMMA,
	OPEN,
	OPEN_PLACEHOLDER,
	CLOSE,
	UNCLOSED,
	TOO_DEEP,
};

struct scanner {
	char quote;          /* of the string we are in, or 0 */
	bool triple;         /* that string has three of them */
	bool too_deep;       /* the last JavaScript was */
	bool no_comment_end; /* there is no more end of a block comment */
};

/* Sorted, for match_letter(). */
static const struct keyword {
	const char *word;
	enum token token;
} keywords[] = {
	{"config", CONFIG},
	{"incremental_where", INCREMENTAL_WHERE},
	{"input", INPUT},
	{"js", JS},
	{"post_operations", POST_OPERATIONS},
	{"pre_operations", PRE_OPERATIONS},
	{NULL, 0},
};

/* The token ends where it was marked. */
static bool marked(TSLexer *lexer, enum token token)
{
	lexer->result_symbol = (TSSymbol)token;
	return true;
}

/* The token ends here. */
static bool ends(TSLexer *lexer, enum token token)
{
	lexer->mark_end(lexer);
	return marked(lexer, token);
}

static bool scan_object(TSLexer *lexer, struct scanner *s)
{
	while (lexer->lookahead == ' ')
		lexer->advance(lexer, true);
	if (!take(lexer, '{'))
		return false;
	if (!js_scan(lexer, true, &s->too_deep))
		return ends(lexer, UNCLOSED_OBJECT);
	advance(lexer);
	return ends(lexer, OBJECT);
}

/* A closing brace is left to the parser's own lexer: its nodes are smaller. */
static bool scan_end(TSLexer *lexer, struct scanner *s)
{
	enum token token = s->too_deep ? TOO_DEEP : UNCLOSED;

	if (!at_end(lexer))
		return false;
	s->too_deep = false;
	return ends(lexer, token);
}

static bool scan_js(TSLexer *lexer, struct scanner *s, enum token token)
{
	if (at_end(lexer) || lexer->lookahead == '}')
		return scan_end(lexer, s);
	(void)js_scan(lexer, token == BODY, &s->too_deep);
	return ends(lexer, token);
}

/* SQL */

/*
 * Reads a string on, to its end, which may be the file's: that is no error to
 * Dataform. A placeholder cuts it; if nothing stands before, this is no token.
 */
static bool scan_string(TSLexer *lexer, struct scanner *s, enum token end,
			enum token cut)
{
	bool empty = cut == STRING_PART;
	int quotes = 0;

	for (; !at_end(lexer); empty = false) {
		if (take(lexer, '\\')) {
			quotes = 0;
			if (!take(lexer, '\\') && !s->triple)
				take(lexer, s->quote);
		} else if (lexer->lookahead == '$') {
			quotes = 0;
			lexer->mark_end(lexer);
			advance(lexer);
			if (lexer->lookahead == '{')
				return !empty && marked(lexer, cut);
		} else if (!take(lexer, s->quote)) {
			quotes = 0;
			advance(lexer);
		} else if (!s->triple || ++quotes == 3) {
			break;
		}
	}
	s->quote = 0;
	return ends(lexer, end);
}

static bool scan_string_start(TSLexer *lexer, struct scanner *s)
{
	s->quote = (char)lexer->lookahead;
	s->triple = false;
	advance(lexer);
	if (take(lexer, s->quote)) {
		if (!take(lexer, s->quote)) {
			s->quote = 0;
			return ends(lexer, STRING);
		}
		s->triple = true;
	}
	return scan_string(lexer, s, STRING, STRING_HEAD);
}

/*
 * After "--": a third dash, and only blanks to the end of the line? Marks that
 * end. The ends of line that are blanks themselves can be on either side.
 */
static bool take_separator(TSLexer *lexer)
{
	bool found = false;

	if (!take(lexer, '-'))
		return false;
	for (;; advance(lexer)) {
		if (at_end(lexer) || is_line_end(lexer->lookahead)) {
			lexer->mark_end(lexer);
			found = true;
		}
		if (!is_blank(lexer->lookahead))
			return found;
	}
}

/* After the opening. Without an end the opening alone is text. */
static bool scan_comment(TSLexer *lexer, struct scanner *s)
{
	lexer->mark_end(lexer);
	if (!s->no_comment_end && skip_comment(lexer))
		return ends(lexer, COMMENT);
	s->no_comment_end = true;
	return marked(lexer, SQL_TEXT);
}

/* What a word must stand before to begin a block. */
static bool take_block_head(TSLexer *lexer, enum token token)
{
	if (!take(lexer, ' '))
		return false;
	if (token != INPUT)
		return lexer->lookahead == '{';
	for (;;) {
		if (!take(lexer, '"') || !is_name(lexer->lookahead))
			return false;
		while (is_name(lexer->lookahead))
			advance(lexer);
		if (!take(lexer, '"'))
			return false;
		if (!take(lexer, ','))
			return take(lexer, ' ') && lexer->lookahead == '{';
		while (is_space(lexer->lookahead))
			advance(lexer);
	}
}

/* The first keyword from k on that begins like k, for n letters, and with c. */
static const struct keyword *match_letter(const struct keyword *k, size_t n,
					  int32_t c)
{
	const struct keyword *w = k;

	for (; w->word && !strncmp(w->word, k->word, n); w++)
		if (w->word[n] == c)
			return w;
	return NULL;
}

static bool begins_keyword(int32_t a, int32_t b)
{
	for (const struct keyword *k = keywords; k->word; k++)
		if (a == k->word[0] && b == k->word[1])
			return true;
	return false;
}

/*
 * Reads as far as the text looks like the head of a block. Returns whether
 * there is a token: the keyword, or text that ends before what has to be read
 * again. If not, what was read is text like any other. With text before it,
 * the mark stays at the head's start. Without, it moves to where the word
 * ends, or another may begin: at the "i" of "confinput" (keywords overlap by
 * one letter at most).
 */
static bool scan_keyword(TSLexer *lexer, bool has_text)
{
	const struct keyword *k = keywords, *next;
	int32_t last = 0;

	lexer->mark_end(lexer);
	for (size_t n = 0; n == 0 || k->word[n]; n++, advance(lexer)) {
		int32_t c = lexer->lookahead;

		next = match_letter(k, n, c);
		if (!next)
			return n > 1 && begins_keyword(last, c) &&
			       marked(lexer, SQL_TEXT);
		if (n > 0 && !has_text && match_letter(keywords, 0, c))
			lexer->mark_end(lexer);
		k = next;
		last = c;
	}
	if (lexer->lookahead != ' ')
		return false;
	if (!has_text)
		lexer->mark_end(lexer);
	if (take_block_head(lexer, k->token) && !has_text)
		return marked(lexer, k->token);
	return marked(lexer, SQL_TEXT);
}

/* At a blank or a dash. The blanks before a separator belong to it, those
 * before a comment do not. */
static bool scan_dashes(TSLexer *lexer, bool has_text)
{
	bool has_blanks = is_blank(lexer->lookahead);

	lexer->mark_end(lexer);
	while (is_blank(lexer->lookahead))
		advance(lexer);
	if (lexer->lookahead != '-')
		return false;
	if (!has_text)
		lexer->mark_end(lexer);
	advance(lexer);
	if (!take(lexer, '-'))
		return false;
	if (has_text)
		return marked(lexer, SQL_TEXT);
	if (take_separator(lexer))
		return marked(lexer, SEPARATOR);
	if (has_blanks)
		return marked(lexer, SQL_TEXT);
	skip_line(lexer);
	return ends(lexer, COMMENT);
}

/*
 * At a character that may begin something else than text. Returns whether it
 * does: then the token is the text before it, or that something if there is
 * no text. If not, it was read, and is text.
 */
static bool scan_start(TSLexer *lexer, struct scanner *s, bool has_text)
{
	int32_t c = lexer->lookahead;

	switch (c) {
	case '\'':
	case '"':
		if (has_text)
			return ends(lexer, SQL_TEXT);
		return scan_string_start(lexer, s);
	case '/':
		lexer->mark_end(lexer);
		advance(lexer);
		if (lexer->lookahead != '*')
			return false;
		if (has_text)
			return marked(lexer, SQL_TEXT);
		advance(lexer);
		return scan_comment(lexer, s);
	case '-':
		return scan_dashes(lexer, has_text);
	default:
		if (is_blank(c))
			return scan_dashes(lexer, has_text);
		advance(lexer);
		return false;
	}
}

static bool at_keyword(TSLexer *lexer)
{
	return match_letter(keywords, 0, lexer->lookahead);
}

static bool scan_sql(TSLexer *lexer, struct scanner *s, bool is_root)
{
	bool has_text = false;

	for (; !at_end(lexer); has_text = true) {
		if (lexer->lookahead == '$') {
			lexer->mark_end(lexer);
			advance(lexer);
			if (lexer->lookahead == '{')
				return has_text && marked(lexer, SQL_TEXT);
		} else if (is_root && at_keyword(lexer)) {
			if (scan_keyword(lexer, has_text))
				return true;
		} else if (!is_root && lexer->lookahead == '}') {
			return has_text && ends(lexer, SQL_TEXT);
		} else if (scan_start(lexer, s, has_text)) {
			return true;
		}
	}
	if (has_text)
		return ends(lexer, SQL_TEXT);
	return !is_root && scan_end(lexer, s);
}

/* Between the keyword and the brace. */
static bool scan_head(TSLexer *lexer, const bool *valid)
{
	if (valid[COMMA] && take(lexer, ','))
		return ends(lexer, COMMA);
	while (is_space(lexer->lookahead))
		lexer->advance(lexer, true);
	if (valid[OPEN] && take(lexer, '{'))
		return ends(lexer, OPEN);
	if (!valid[NAME] || !take(lexer, '"'))
		return false;
	while (is_name(lexer->lookahead))
		advance(lexer);
	return take(lexer, '"') && ends(lexer, NAME);
}

/* What the parser knows of us. */

void *tree_sitter_sqlx_external_scanner_create(void);
void tree_sitter_sqlx_external_scanner_destroy(void *payload);
unsigned tree_sitter_sqlx_external_scanner_serialize(void *payload,
						     char *buffer);
void tree_sitter_sqlx_external_scanner_deserialize(void *payload,
						   const char *buffer,
						   unsigned length);
bool tree_sitter_sqlx_external_scanner_scan(void *payload, TSLexer *lexer,
					    const bool *valid);

void *tree_sitter_sqlx_external_scanner_create(void)
{
	struct scanner *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	return s;
}

void tree_sitter_sqlx_external_scanner_destroy(void *payload)
{
	free(payload);
}

unsigned tree_sitter_sqlx_external_scanner_serialize(void *payload,
						     char *buffer)
{
	memcpy(buffer, payload, sizeof(struct scanner));
	return sizeof(struct scanner);
}

void tree_sitter_sqlx_external_scanner_deserialize(void *payload,
						   const char *buffer,
						   unsigned length)
{
	memset(payload, 0, sizeof(struct scanner));
	if (length == sizeof(struct scanner))
		memcpy(payload, buffer, length);
}

bool tree_sitter_sqlx_external_scanner_scan(void *payload, TSLexer *lexer,
					    const bool *valid)
{
	struct scanner *s = payload;

	if (valid[CONFIG] && valid[STRING_TAIL])
		return false; /* everything is valid: the parser has lost us */
	if (valid[JAVASCRIPT])
		return scan_js(lexer, s, JAVASCRIPT);
	if (valid[BODY])
		return scan_js(lexer, s, BODY);
	if (valid[OBJECT])
		return scan_object(lexer, s);
	if (valid[STRING_TAIL])
		return scan_string(lexer, s, STRING_TAIL, STRING_PART);
	if (valid[SQL_TEXT])
		return scan_sql(lexer, s, valid[CONFIG]);
	if (valid[UNCLOSED])
		return scan_end(lexer, s);
	return scan_head(lexer, valid);
}
