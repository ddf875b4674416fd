/*
 * weir init: a small project that runs at once on DuckDB and is a Dataform
 * project too. Nothing is written where a project is already.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "cli/cmd.h"
#include "cli/render.h"
#include "cli/text.h"

struct init_args {
	struct common_args common;
};

static const struct opt_group init_groups[] = {
	{"Common options", common_opts, offsetof(struct init_args, common)},
	{NULL},
};

static const struct {
	const char *path, *text;
} files[] = {
#define PROJECT_FILE(path, text) {path, text},
#include "cli/init.def"
#undef PROJECT_FILE
};

enum { NFILES = sizeof(files) / sizeof(*files) };

static const char *const folders[] = {"definitions", "includes"};

/* What says that there is a project already; .gitignore does not. */
static const char *const signs[] = {"workflow_settings.yaml", "dataform.json",
				    "package.json", "weir.yaml"};

static bool check_empty(struct cli *cli, const char *dir, struct error *err)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		const char *path = path_join(cli->arena, dir, signs[i]);

		if (!file_exists(path))
			continue;
		error_set(err, ERROR_USAGE,
			  "there is a project already: %s exists", path);
		return error_hint(err, "name another folder: weir init DIR");
	}
	for (size_t i = 0; i < NFILES; i++) {
		const char *path = path_join(cli->arena, dir, files[i].path);

		if (file_exists(path) && strcmp(files[i].path, ".gitignore"))
			return error_set(err, ERROR_USAGE,
					 "%s exists and is not overwritten",
					 path);
	}
	return true;
}

/* A .gitignore that is there gets our lines behind its own. */
static bool write_one(struct cli *cli, const char *path, const char *text,
		      struct error *err)
{
	struct buf b = {0};
	struct str old = {0};
	bool ok = true;

	if (file_exists(path))
		ok = file_read(path, 1 << 20, cli->arena, &old, err);
	if (!ok || str_has(old, STR(".weir/")))
		return ok;
	buf_add_str(&b, old);
	if (old.n && old.p[old.n - 1] != '\n')
		buf_addc(&b, '\n');
	buf_adds(&b, text);
	ok = file_write(path, buf_str(&b), err);
	buf_free(&b);
	return ok;
}

static bool write_project(struct cli *cli, const char *dir, struct error *err)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (!file_make_folder(path_join(cli->arena, dir, folders[i]),
				      err))
			return false;
	for (size_t i = 0; i < NFILES; i++)
		if (!write_one(cli, path_join(cli->arena, dir, files[i].path),
			       files[i].text, err))
			return false;
	return true;
}

static void print_done(struct cli *cli, const char *dir)
{
	bool here = strcmp(dir, ".") == 0;
	struct buf b = {0};

	buf_adds(&b, "A new project in ");
	text_put(&b, here ? STR("this folder") : str_of(dir));
	buf_adds(&b, ":\n");
	for (size_t i = 0; i < NFILES; i++)
		buf_printf(&b, "  %s\n", files[i].path);
	buf_adds(&b, "\nRun it:  weir run");
	if (!here) {
		buf_addc(&b, ' ');
		text_put(&b, str_of(dir));
	}
	buf_addc(&b, '\n');
	if (!cli->common.quiet)
		term_write(&cli->out, &b);
	buf_free(&b);
}

static int init_run(struct cli *cli, const void *args)
{
	const char *dir = cli->operands.n ? cli->operands.v[0].p : ".";
	struct error err = {0};

	(void)args;
	if (!check_empty(cli, dir, &err) || !write_project(cli, dir, &err)) {
		render_error(cli, &err);
		return (int)cli_exit_of(&err);
	}
	print_done(cli, dir);
	return EXIT_OK;
}

const struct command cmd_init = {
	.name = "init",
	.operands = "[DIR]",
	.summary = "Make a new project that runs at once on DuckDB.",
	.about = "DIR is made if it is not there; by default it is the working "
		 "folder. Nothing is\nwritten where a project is already.",
	.examples = "weir init shop\nweir run shop",
	.groups = init_groups,
	.max_operands = 1,
	.args_size = sizeof(struct init_args),
	.run = init_run,
};
