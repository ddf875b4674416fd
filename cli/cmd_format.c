/*
 * weir format: SQLX and JavaScript files in Dataform's layout. Threads format
 * ahead; this one writes, file after file, and reports when all is done.
 */
#define _XOPEN_SOURCE 700 /* realpath() */

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/pool.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/text.h"
#include "compiler/diag.h"
#include "compiler/format/format.h"
#include "compiler/project/tree.h"

struct format_args {
	struct common_args common;
	struct str_vec actions;
	bool ignore_js_files, check;
};

#define AT(field) offsetof(struct format_args, field)

static const struct opt format_opts[] = {
	{"check", 0, OPT_FLAG, AT(check), NULL,
	 "write nothing; exit 1 if a file would be changed"},
	{"actions", 0, OPT_LIST, AT(actions), "GLOB",
	 "only these files, by their paths in the project: * is any text, ** "
	 "any folders too"},
	{"ignore-js-files", 0, OPT_FLAG, AT(ignore_js_files), NULL,
	 "only .sqlx files"},
	{NULL},
};

static const struct opt_group format_groups[] = {
	{"Options", format_opts, 0},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

struct file {
	struct str path;
	const struct source *src;
	struct str text; /* formatted; unset if it is refused */
	struct diags diags;
};

struct file_vec {
	struct file *v;
	size_t n, cap;
};

struct thread {
	struct arena *arena;
	struct formatter *formatter;
};

struct job {
	const struct format_args *args;
	const char *root;
	struct tree *tree;
	struct arena *arena;
	struct file_vec files;
	struct thread *threads;
	struct diags diags;
	size_t nchanged, nsame;
};

static bool is_format(struct str path, bool with_js)
{
	struct str ext = path_extension(path);

	return str_is(ext, "sqlx") || (with_js && str_is(ext, "js"));
}

/* What Dataform formats unless it is told which files. */
static bool is_of_project(struct str path)
{
	return str_starts(path, STR("definitions/")) ||
	       str_starts(path, STR("includes/"));
}

static bool is_chosen(const struct format_args *args, struct str path,
		      bool *used)
{
	bool chosen = args->actions.n == 0 && is_of_project(path);

	if (!is_format(path, true))
		return false;
	for (size_t i = 0; i < args->actions.n; i++) {
		if (!path_matches(path, args->actions.v[i]))
			continue;
		chosen = used[i] = true;
	}
	return chosen && is_format(path, !args->ignore_js_files);
}

static bool check_used(const struct format_args *args, const bool *used,
		       struct error *err)
{
	for (size_t i = 0; i < args->actions.n; i++) {
		if (used[i])
			continue;
		error_set(err, ERROR_USAGE,
			  "no .sqlx or .js file matches --actions \"%.*s\"",
			  STR_ARG(args->actions.v[i]));
		return error_hint(err, "name files by their paths in the "
				       "project, as in "
				       "--actions 'definitions/**/*.sqlx'");
	}
	return true;
}

static bool find_files(struct job *j, struct error *err)
{
	bool *used = ARENA_NEW(j->arena, bool, j->args->actions.n + 1);
	struct file_list all = {0};

	if (!j->tree->ops->list(j->tree, j->arena, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		struct file file = {.path = all.v[i].path};

		if (all.v[i].kind == FILE_FOLDER ||
		    !is_chosen(j->args, file.path, used))
			continue;
		VEC_PUSH(j->arena, &j->files, file);
	}
	return check_used(j->args, used, err);
}

static void format_file(void *ctx, size_t i, unsigned thread)
{
	struct job *j = ctx;
	struct file *file = &j->files.v[i];
	struct thread *t = &j->threads[thread];
	struct str text;

	diags_init(&file->diags, t->arena);
	file->src = source_load(j->tree, file->path, t->arena, &file->diags);
	if (!file->src)
		return;
	if (!t->formatter)
		t->formatter = formatter_new(FORMAT_MS_MAX);
	if (format_source(t->formatter, file->src,
			  str_is(path_extension(file->path), "sqlx"), t->arena,
			  &file->diags, &text))
		file->text = text;
}

/* A link stays one: the file behind it is written, but only if it is one of the
 * project's. What was saved since it was read stays. */
static bool write_file(struct job *j, const struct file *file)
{
	const char *path = arena_cstr(j->arena, file->path);
	struct error err = {0};
	char *real = NULL;
	bool ok = false;

	if (j->tree->ops->is_inside(j->tree, path))
		real = realpath(path_join(j->arena, j->root, path), NULL);
	if (!real)
		diag_add_file(&j->diags, DIAG_NOT_FORMATTED, file->path,
			      "this is no file of the project any more");
	else if (!file_write_over(real, file->src->text, file->text, &err))
		diag_add_file(&j->diags, DIAG_NOT_FORMATTED, file->path, "%s",
			      err.text);
	else
		ok = true;
	free(real);
	return ok;
}

static void finish_file(struct cli *cli, struct job *j, const struct file *file)
{
	struct buf line = {0};

	diags_append(&j->diags, &file->diags);
	if (!file->text.p)
		return;
	if (str_eq(file->text, file->src->text)) {
		j->nsame++;
		return;
	}
	if (!j->args->check && !write_file(j, file))
		return;
	j->nchanged++;
	text_put(&line, file->path);
	buf_addc(&line, '\n');
	if (j->args->check || !cli->common.quiet)
		term_write(&cli->out, &line);
	buf_free(&line);
}

static void format_files(struct cli *cli, struct job *j)
{
	size_t n = j->files.n;
	unsigned nthreads = pool_threads(n);
	struct pool *pool;

	j->threads = mem_zalloc(nthreads * sizeof(*j->threads));
	for (unsigned i = 0; i < nthreads; i++)
		j->threads[i].arena = arena_new();
	pool = pool_start(n, format_file, j);
	for (size_t i = 0; i < n; i++) {
		pool_wait(pool, i);
		finish_file(cli, j, &j->files.v[i]);
	}
	pool_end(pool);
	for (unsigned i = 0; i < nthreads; i++) {
		formatter_free(j->threads[i].formatter);
		arena_adopt(j->arena, j->threads[i].arena);
	}
	free(j->threads);
}

static void print_summary(struct cli *cli, const struct job *j)
{
	size_t nfailed = j->files.n - j->nchanged - j->nsame;
	struct buf b = {0};

	if (cli->common.quiet)
		return;
	text_put_plural(&b, j->nchanged, "file");
	buf_adds(&b, j->args->check ? " to format, " : " formatted, ");
	text_put_count(&b, (int64_t)j->nsame);
	buf_adds(&b, " formatted already");
	if (nfailed) {
		buf_adds(&b, ", ");
		text_put_count(&b, (int64_t)nfailed);
		buf_adds(&b, " refused");
	}
	buf_addc(&b, '\n');
	term_write(&cli->err, &b);
	buf_free(&b);
}

/* Also a folder without settings may be formatted if it was named. */
static bool find_project(struct cli *cli, struct job *j, struct error *err)
{
	if (!project_find(cli, cli_operand(cli, 0), &j->root, err))
		return false;
	j->tree = tree_disk(cli->arena, j->root);
	if (j->tree->ops->has(j->tree, "workflow_settings.yaml") ||
	    j->tree->ops->has(j->tree, "dataform.json"))
		return true;
	error_set(err, ERROR_CONFIG, "there is no project in %s", j->root);
	return error_hint(err, "name the folder that has "
			       "workflow_settings.yaml");
}

static int format_run(struct cli *cli, const void *values)
{
	struct job j = {.args = values, .arena = cli->arena};
	struct error err = {0};

	diags_init(&j.diags, cli->arena);
	if (!find_project(cli, &j, &err) || !find_files(&j, &err)) {
		render_error(cli, &err);
		return (int)cli_exit_of(&err);
	}
	format_files(cli, &j);
	render_diags(cli, &j.diags, j.root);
	print_summary(cli, &j);
	return j.diags.nerrors || (j.args->check && j.nchanged) ? EXIT_FAILED
								: EXIT_OK;
}

const struct command cmd_format = {
	.name = "format",
	.operands = "[DIR]",
	.summary = "Format the project's SQLX and JavaScript files.",
	.about = "The layout is the one of Dataform's own formatter, so that a "
		 "team can use both.\nThe paths of changed files are printed. "
		 "A file that cannot be formatted without\nchanging what it "
		 "means stays as it is, and is an error.",
	.examples = "weir format\n"
		    "weir format --check\n"
		    "weir format --actions 'definitions/staging/*.sqlx'",
	.groups = format_groups,
	.max_operands = 1,
	.args_size = sizeof(struct format_args),
	.run = format_run,
};
