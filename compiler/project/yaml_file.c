/*
 * YAML of the project as a value tree. Where each line starts is found once,
 * because a file may hold thousands of actions, each with a place.
 */
#include "compiler/project/yaml_file.h"

#include "base/arena.h"
#include "base/yaml.h"
#include "compiler/diag.h"

static void find_lines(struct yaml_file *f, struct arena *arena)
{
	struct str text = f->src->text;
	uint32_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	f->lines = ARENA_NEW(arena, uint32_t, n + 1);
	f->lines[0] = 0;
	f->nlines = 1;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\n')
			f->lines[f->nlines++] = (uint32_t)i + 1;
	f->lines[f->nlines] = (uint32_t)text.n;
}

/* The parser's words for a line that starts in the wrong column. */
static bool is_about_indentation(struct str text)
{
	return str_has(text, STR("mapping values are not allowed")) ||
	       str_has(text, STR("did not find expected key")) ||
	       str_has(text, STR("did not find expected '-' indicator"));
}

bool yaml_file_read(const struct source *src, struct arena *arena,
		    struct diags *diags, struct yaml_file *out)
{
	struct error err = {0};
	struct position at;
	uint32_t offset;
	struct diag *d;

	*out = (struct yaml_file){.src = src};
	if (!yaml_parse(src->text, arena, &out->root, &at, &err)) {
		offset = source_offset(src, at);
		d = diag_add(diags, DIAG_BAD_YAML, span_of(src, offset, offset),
			     "%s", err.text);
		if (is_about_indentation(str_of(err.text)))
			diag_help(diags, d,
				  "look at the indentation: the keys of one "
				  "mapping stand in the same column");
		return false;
	}
	find_lines(out, arena);
	return true;
}

struct span yaml_file_span(const struct yaml_file *f, uint32_t line,
			   uint32_t column, size_t n)
{
	struct str text = f->src->text;
	uint32_t start, end;

	if (line == 0 || line > f->nlines)
		return span_of(f->src, 0, 0);
	start = f->lines[line - 1];
	for (uint32_t i = 1; i < column && start < f->lines[line]; i++) {
		start++;
		while (start < text.n && (text.p[start] & 0xc0) == 0x80)
			start++;
	}
	end = start + (uint32_t)n;
	return span_of(f->src, start, end < text.n ? end : (uint32_t)text.n);
}
