/*
 * weir init: a small project that runs at once on DuckDB and is a Dataform
 * project too. Nothing is written where a project is already.
 */
#include <string.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "cli/cmd.h"
#include "cli/iceberg.h"
#include "cli/render.h"
#include "cli/text.h"

struct init_args {
	struct common_args common;
	bool iceberg;
};

static const struct opt init_opts[] = {
	{"iceberg", 0, OPT_FLAG, offsetof(struct init_args, iceberg), NULL,
	 "ask where BigQuery is to keep Iceberg tables"},
	{NULL},
};

static const struct opt_group init_groups[] = {
	{"Options", init_opts, 0},
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

struct names {
	struct str project, location, iceberg;
};

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

/* The i-th operand, if it can stand in YAML as it is. */
static bool get_name(struct cli *cli, size_t i, const char *what,
		     struct str initial, struct str *out, struct error *err)
{
	*out = i < cli->operands.n ? cli->operands.v[i] : initial;
	for (size_t k = 0; k < out->n; k++)
		if (!ascii_is_word(out->p[k]) && !strchr("-.:", out->p[k]))
			return error_set(err, ERROR_USAGE,
					 "\"%.*s\" is no name of a %s",
					 STR_ARG(*out), what);
	return out->n > 0 ||
	       error_set(err, ERROR_USAGE, "the name of the %s is empty", what);
}

static void put_text(struct buf *b, const char *text, const struct names *names)
{
	const struct {
		struct str mark, value;
	} marks[] = {{STR("@PROJECT@"), names->project},
		     {STR("@LOCATION@"), names->location},
		     {STR("@ICEBERG@"), names->iceberg}};
	const size_t n = sizeof(marks) / sizeof(*marks);

	while (*text) {
		size_t i = 0;

		while (i < n && !str_starts(str_of(text), marks[i].mark))
			i++;
		if (i < n) {
			buf_add_str(b, marks[i].value);
			text += marks[i].mark.n;
		} else {
			buf_addc(b, *text++);
		}
	}
}

/* A .gitignore that is there gets our lines behind its own. */
static bool write_one(struct cli *cli, const char *path, const char *text,
		      const struct names *names, struct error *err)
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
	put_text(&b, text, names);
	ok = file_write(path, buf_str(&b), err);
	buf_free(&b);
	return ok;
}

static bool get_names(struct cli *cli, const struct init_args *args,
		      struct names *out, struct error *err)
{
	struct buf iceberg = {0};
	bool ok = get_name(cli, 1, "project", STR("my-project"), &out->project,
			   err) &&
		  get_name(cli, 2, "location", STR("EU"), &out->location, err);

	if (ok && args->iceberg)
		ok = iceberg_ask(cli, &iceberg, err);
	out->iceberg = buf_move(&iceberg, cli->arena);
	buf_free(&iceberg);
	return ok;
}

static bool write_project(struct cli *cli, const char *dir,
			  const struct names *names, struct error *err)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (!file_make_folder(path_join(cli->arena, dir, folders[i]),
				      err))
			return false;
	for (size_t i = 0; i < NFILES; i++)
		if (!write_one(cli, path_join(cli->arena, dir, files[i].path),
			       files[i].text, names, err))
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
	struct names names;

	if (!check_empty(cli, dir, &err) ||
	    !get_names(cli, args, &names, &err) ||
	    !write_project(cli, dir, &names, &err)) {
		render_error(cli, &err);
		return (int)cli_exit_of(&err);
	}
	print_done(cli, dir);
	return EXIT_OK;
}

const struct command cmd_init = {
	.name = "init",
	.operands = "[DIR [PROJECT [LOCATION]]]",
	.summary = "Make a new project that runs at once on DuckDB.",
	.about = "DIR is made if it is not there; by default it is the working "
		 "folder. Nothing is\nwritten where a project is already. "
		 "PROJECT and LOCATION become defaultProject and\n"
		 "defaultLocation of the settings: which project of Google "
		 "Cloud it is, and where\nits datasets are.",
	.examples = "weir init shop\nweir run shop\n"
		    "weir init shop my-project EU",
	.groups = init_groups,
	.max_operands = 3,
	.args_size = sizeof(struct init_args),
	.run = init_run,
};
