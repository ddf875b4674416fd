/*
 * Comments that are not what they look like. "#" begins one in BigQuery's SQL
 * and in most editors' colours, but not in SQLX, where a quote behind it opens
 * a string and a placeholder is evaluated. And a comment is part of a template
 * literal in which backslashes count, so that one at its end joins its line
 * with the next.
 */
#include "compiler/sqlx/sqlx_comment.h"

#include <string.h>

#include "compiler/diag.h"
#include "compiler/project/source.h"

enum { MAX_WARNINGS = 20 }; /* of a kind, in one file */

static void warn_hash(struct comments *c, uint32_t start, uint32_t end,
		      const char *what)
{
	struct diag *diag;

	if (c->nhashes == MAX_WARNINGS)
		return;
	c->nhashes++;
	diag = diag_warn(c->diags, DIAG_HASH_COMMENT,
			 span_of(c->src, start, end),
			 "%s: \"#\" does not begin a comment in SQLX", what);
	diag_help(c->diags, diag, "write \"--\" in the place of \"#\"");
}

/* Is "#" at that place meant as the beginning of a comment? Called with rising
 * places, so that no line is read twice. */
static bool is_hash_comment(struct comments *c, uint32_t hash)
{
	struct str text = c->src->text;

	for (; c->ticked < hash; c->ticked++) {
		if (text.p[c->ticked] == '`')
			c->in_backticks = !c->in_backticks;
		else if (text.p[c->ticked] == '\n')
			c->in_backticks = false;
	}
	if (c->in_backticks)
		return false;
	if (hash > 0 && !strchr(" \t\r\n;,()", text.p[hash - 1]))
		return false;
	return hash + 1 == text.n || text.p[hash + 1] != '>';
}

/* Looks at the rest of the line for what a comment would hide. */
static void check_hash(struct comments *c, uint32_t hash)
{
	struct str text = c->src->text;
	uint32_t i = hash + 1, quote = 0;

	for (; i < text.n && text.p[i] != '\n'; i++) {
		char now = text.p[i];
		char after = i + 1 < text.n ? text.p[i + 1] : '\0';

		if (quote && now == text.p[quote])
			quote = 0;
		else if (!quote && (now == '\'' || now == '"'))
			quote = i;
		else if (!quote && now == '-' && after == '-')
			break;
		else if (now == '$' && after == '{')
			warn_hash(c, i, i + 2, "this placeholder is evaluated");
	}
	if (quote)
		warn_hash(c, quote, quote + 1, "this quote opens a string");
	c->checked = i;
}

void comment_check_text(struct comments *c, uint32_t start, uint32_t end)
{
	struct str text = c->src->text;

	if (start < c->checked)
		start = c->checked;
	while (start < end) {
		const char *hash = memchr(text.p + start, '#', end - start);

		if (!hash)
			return;
		start = (uint32_t)(hash - text.p);
		if (is_hash_comment(c, start))
			check_hash(c, start);
		start++;
		if (start < c->checked)
			start = c->checked;
	}
}

static void warn_joined(struct comments *c, uint32_t end)
{
	struct diag *diag;

	if (c->njoined == MAX_WARNINGS)
		return;
	c->njoined++;
	diag = diag_warn(c->diags, DIAG_JOINED_COMMENT,
			 span_of(c->src, end - 1, end),
			 "the backslash at the end of this comment joins it "
			 "with the next line");
	diag_help(c->diags, diag, "write something behind it, such as a dot");
}

uint32_t comment_end(struct comments *c, uint32_t start, uint32_t end)
{
	struct str text = c->src->text;
	bool joins = false;

	for (uint32_t i = end; i > start && text.p[i - 1] == '\\'; i--)
		joins = !joins;
	if (!joins || end == text.n)
		return end;
	warn_joined(c, end);
	if (str_starts(str_sub(text, end, text.n), STR("\r\n")))
		return end + 2;
	return end + (text.p[end] == '\n' || text.p[end] == '\r');
}
