/*
 * Any file may be called workflow_settings.yaml, dataform.json or weir.yaml:
 * reading it gives settings, or says what is wrong with them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "compiler/diag.h"
#include "compiler/settings.h"
#include "compiler/tree.h"
#include "compiler/weirfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A project of one file. */
struct tree_single {
	struct tree tree;
	const char *path;
	struct str text;
};

static const struct tree_single *single_of(struct tree *t)
{
	return (const struct tree_single *)t;
}

static bool single_list(struct tree *t, struct arena *arena,
			struct file_list *out, struct error *err)
{
	const struct tree_single *single = single_of(t);

	(void)err;
	out->v = ARENA_NEW(arena, struct file_entry, 1);
	out->v[0].path = str_of(single->path);
	out->v[0].kind = FILE_REGULAR;
	out->v[0].size = single->text.n;
	out->n = out->cap = 1;
	return true;
}

static bool single_has(struct tree *t, const char *path)
{
	return strcmp(path, single_of(t)->path) == 0;
}

static bool single_read(struct tree *t, const char *path, size_t max,
			struct arena *arena, struct str *out, struct error *err)
{
	const struct tree_single *single = single_of(t);

	if (!single_has(t, path))
		return error_set(err, ERROR_IO, "no such file");
	if (single->text.n > max)
		return error_set(err, ERROR_IO, "larger than allowed");
	*out = arena_str(arena, single->text);
	return true;
}

static const char *single_root(struct tree *t)
{
	(void)t;
	return ".";
}

static const struct tree_ops single_ops = {single_list, single_read, single_has,
					   single_root};

static void read_as(const char *path, struct str text)
{
	struct tree_single single = {{&single_ops}, path, text};
	struct arena *arena = arena_new();
	struct overrides overrides = {0};
	struct settings settings = {0};
	struct weirfile weirfile = {0};
	struct diags diags;

	diags_init(&diags, arena);
	if (!settings_read(&single.tree, &overrides, arena, &diags,
			   &settings) &&
	    !diags.nerrors)
		abort();
	diags_init(&diags, arena);
	if (!weirfile_read(&single.tree, arena, &diags, &weirfile) &&
	    !diags.nerrors)
		abort();
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};

	read_as("workflow_settings.yaml", text);
	read_as("dataform.json", text);
	read_as("weir.yaml", text);
	return 0;
}
