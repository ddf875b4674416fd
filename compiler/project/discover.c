/* Finds a project's files by Dataform's rules: the text behind the last dot
 * decides, in lower case, and only files right in includes/ are includes. */
#include "compiler/project/discover.h"

#include "base/arena.h"
#include "base/path.h"
#include "compiler/diag.h"
#include "compiler/project/tree.h"

static void report_no_file(struct diags *diags, const struct file_entry *e)
{
	struct diag *d = diag_add_file(
		diags, DIAG_UNREADABLE_FILE, e->path, "%s",
		e->kind == FILE_FOLDER ? "this is a folder, not a file"
		: e->kind == FILE_BROKEN_LINK
			? "this link leads nowhere"
			: "this is something else than a file");

	diag_help(diags, d, "rename it, or write the file that its name says");
}

/* The list that the file belongs to; NULL if it is not compiled. */
static struct str_vec *list_of(struct str path, struct discovered *out)
{
	bool definition = str_starts(path, STR("definitions/"));
	struct str ext = path_extension(path);

	if (definition && (str_is(ext, "js") || str_is(ext, "sqlx")))
		return &out->definitions;
	if (definition && str_is(path_base(path), "actions.yaml"))
		return &out->actions;
	if (definition && str_is(path_base(path), "graph.yaml"))
		return &out->graphs;
	if (str_is(path_folder(path), "includes") && str_is(ext, "js"))
		return &out->includes;
	return NULL;
}

static bool is_in_folder(struct str path)
{
	return str_find(path, '/', 0) < path.n &&
	       str_find(path_base(path), '.', 0) < path_base(path).n;
}

static bool is_code_folder(struct str path)
{
	return str_is(path, "definitions") || str_is(path, "includes") ||
	       str_starts(path, STR("definitions/"));
}

/* What lies outside may be anybody's. */
static void refuse_outside(struct diags *diags, struct str path)
{
	struct diag *d = diag_add_file(
		diags, DIAG_UNREADABLE_FILE, path,
		"this folder is a link out of the project, and is not read");

	diag_help(diags, d, "copy what it leads to into the project");
}

bool discover_files(struct tree *tree, struct arena *arena, struct diags *diags,
		    struct discovered *out)
{
	struct file_list all = {0};
	struct error err = {0};

	if (!tree->ops->list(tree, arena, &all, &err)) {
		diag_add_file(diags, DIAG_UNREADABLE_FILE, (struct str){0},
			      "%s", err.text);
		return false;
	}
	for (size_t i = 0; i < all.n; i++) {
		const struct file_entry *e = &all.v[i];
		struct str_vec *list = list_of(e->path, out);

		if (e->is_outside && e->kind == FILE_FOLDER &&
		    is_code_folder(e->path))
			refuse_outside(diags, e->path);
		if (is_in_folder(e->path) && e->kind == FILE_REGULAR)
			VEC_PUSH(arena, &out->all, e->path);
		if (list && e->kind != FILE_REGULAR)
			report_no_file(diags, e);
		else if (list)
			VEC_PUSH(arena, list, e->path);
	}
	return true;
}
