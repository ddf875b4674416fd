/* Files of the project into memory, with the checks that every file gets. */
#include "base/arena.h"
#include "compiler/diag.h"
#include "compiler/project/source.h"
#include "compiler/project/tree.h"

static void report_unreadable(struct diags *diags, struct str path,
			      const struct error *err)
{
	struct diag *d;

	if (err->kind != ERROR_TOO_LARGE) {
		d = diag_add_file(diags, DIAG_UNREADABLE_FILE, path, "%s",
				  err->text);
		if (err->hint[0])
			diag_help(diags, d, "%s", err->hint);
		return;
	}
	d = diag_add_file(diags, DIAG_FILE_TOO_LARGE, path, "%s", err->text);
	diag_help(diags, d,
		  "data belongs into the warehouse: see \"loads\" "
		  "of weir.yaml");
}

const struct source *source_load(struct tree *tree, struct str path,
				 struct arena *arena, struct diags *diags)
{
	struct source *src = ARENA_NEW(arena, struct source, 1);
	struct error err = {0};
	struct diag *d;
	size_t bad;

	src->path = path;
	if (!tree->ops->read(tree, arena_cstr(arena, path), SOURCE_SIZE_MAX,
			     arena, &src->text, &err)) {
		report_unreadable(diags, path, &err);
		return NULL;
	}
	bad = str_bad_utf8(src->text);
	if (bad == src->text.n)
		return src;
	d = diag_add(diags, DIAG_BAD_UTF8,
		     span_of(src, (uint32_t)bad, (uint32_t)bad + 1),
		     "this is not UTF-8: byte 0x%02X",
		     (unsigned char)src->text.p[bad]);
	diag_help(diags, d, "save the file as UTF-8");
	return NULL;
}
