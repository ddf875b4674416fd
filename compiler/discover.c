/* Finds a project's files by Dataform's rules: the text behind the last dot
 * decides, in lower case, and only files right in includes/ are includes. */
#include "compiler/discover.h"

#include "base/arena.h"
#include "base/path.h"
#include "compiler/diag.h"
#include "compiler/tree.h"

static bool is_definition(struct str path)
{
	struct str ext = path_extension(path);

	return str_starts(path, STR("definitions/")) &&
	       (str_is(ext, "js") || str_is(ext, "sqlx"));
}

static bool is_include(struct str path)
{
	return str_is(path_folder(path), "includes") &&
	       str_is(path_extension(path), "js");
}

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

/* Refused, not passed over: the project would be smaller than it is. */
static void refuse_actions_yaml(struct diags *diags, struct str path)
{
	struct diag *d = diag_add_file(
		diags, DIAG_UNKNOWN_ACTION_TYPE, path,
		"actions.yaml is not supported yet by this version");

	diag_help(diags, d,
		  "write its actions as .sqlx files, or in a .js "
		  "file");
}

static bool is_actions_yaml(struct str path)
{
	return str_starts(path, STR("definitions/")) &&
	       str_is(path_base(path), "actions.yaml");
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
		bool definition = is_definition(e->path);

		if (is_actions_yaml(e->path))
			refuse_actions_yaml(diags, e->path);
		if (!definition && !is_include(e->path))
			continue;
		if (e->kind != FILE_REGULAR)
			report_no_file(diags, e);
		else if (definition)
			VEC_PUSH(arena, &out->definitions, e->path);
		else
			VEC_PUSH(arena, &out->includes, e->path);
	}
	return true;
}
