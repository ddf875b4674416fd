/* Positions are found by scanning when a diagnostic needs one: no table of
 * lines is made for the thousands of files that have nothing to report. */
#include "compiler/project/source.h"

struct position source_position(const struct source *src, uint32_t offset)
{
	struct position at = {1, 1};
	size_t start = 0, nl;
	size_t end = offset < src->text.n ? offset : src->text.n;

	while ((nl = str_find(src->text, '\n', start)) < end) {
		at.line++;
		start = nl + 1;
	}
	at.column += (uint32_t)str_count_chars(str_sub(src->text, start, end));
	return at;
}

uint32_t source_offset(const struct source *src, struct position at)
{
	struct str text = src->text;
	size_t i = 0;

	for (uint32_t line = 1; line < at.line && i < text.n; line++) {
		i = str_find(text, '\n', i);
		if (i < text.n)
			i++;
	}
	for (uint32_t column = 1; column < at.column; column++) {
		if (i >= text.n || text.p[i] == '\n')
			break;
		do
			i++;
		while (i < text.n && ((unsigned char)text.p[i] & 0xc0) == 0x80);
	}
	return (uint32_t)i;
}

struct str source_line(const struct source *src, uint32_t offset)
{
	struct str text = src->text;
	size_t start = offset < text.n ? offset : text.n;
	size_t end;

	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	end = str_find(text, '\n', start);
	if (end > start && text.p[end - 1] == '\r')
		end--;
	return str_sub(text, start, end);
}

struct span span_of(const struct source *src, uint32_t start, uint32_t end)
{
	return (struct span){src, start, end};
}
