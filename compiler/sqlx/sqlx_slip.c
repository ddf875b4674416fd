/*
 * A block's head is "config {", with one blank, and an input's names stand in
 * quotes. Whatever else is SQL, as in Dataform, and runs without an error
 * until the warehouse sees it. SQL itself has hardly a brace, so that only the
 * text in front of each is looked at.
 */
#include "compiler/sqlx/sqlx_slip.h"

#include <string.h>

#include "base/ascii.h"
#include "compiler/diag.h"
#include "compiler/project/source.h"

enum { HEAD_MAX = 200 }; /* no line is read again for each of its braces */

static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_word(s.p[i]) && s.p[i] != '.')
			return false;
	return s.n > 0;
}

static void check_head(const struct source *src, uint32_t brace,
		       struct diags *diags)
{
	static const char *const blocks[] = {"config", "js", "pre_operations",
					     "post_operations"};
	uint32_t from = brace > HEAD_MAX ? brace - HEAD_MAX : 0;
	struct str head = str_trim(str_sub(src->text, from, brace));
	size_t line = str_rfind(head, '\n');
	struct diag *d;
	struct span span;

	if (line < head.n)
		head = str_trim(str_sub(head, line, head.n));
	span = span_of(src, (uint32_t)(head.p - src->text.p), brace + 1);
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (!str_is(head, blocks[i]))
			continue;
		d = diag_warn(diags, DIAG_BLOCK_HEAD, span,
			      "this is SQL, not a %s block", blocks[i]);
		diag_help(diags, d, "write \"%s {\", with one space",
			  blocks[i]);
		return;
	}
	if (!str_starts(head, STR("input ")))
		return;
	head = str_trim(str_sub(head, 6, head.n));
	if (!is_word(head))
		return;
	d = diag_warn(diags, DIAG_BLOCK_HEAD, span,
		      "this is SQL, not an input block");
	diag_help(diags, d, "put quotes around the name: input \"%.*s\" {",
		  STR_ARG(head));
}

void slip_check_text(const struct source *src, uint32_t start, uint32_t end,
		     struct diags *diags)
{
	const char *at = src->text.p + start, *stop = src->text.p + end;

	while (at < stop && (at = memchr(at, '{', (size_t)(stop - at)))) {
		check_head(src, (uint32_t)(at - src->text.p), diags);
		at++;
	}
}
