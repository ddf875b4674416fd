/*
 * weir install: npm packages of a project that lists any, by calling npm.
 * weir itself needs none: it compiles without @dataform/core.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "base/spawn.h"
#include "base/yaml.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/text.h"

enum { FILE_MAX = 8 << 20 };

struct install_args {
	struct common_args common;
};

static const struct opt_group install_groups[] = {
	{"Common options", common_opts, offsetof(struct install_args, common)},
	{NULL},
};

/* Reads an object; nothing there is VALUE_UNDEFINED. */
static bool read_object(struct cli *cli, const char *path, bool is_yaml,
			struct value *out, struct error *err)
{
	struct position at;
	struct str text;
	bool ok;

	*out = (struct value){0};
	if (!file_exists(path))
		return true;
	if (!file_read(path, FILE_MAX, cli->arena, &text, err))
		return false;
	if (is_yaml)
		ok = yaml_parse(text, cli->arena, out, &at, err);
	else
		ok = json_parse(text, cli->arena, out, &at, err);
	if (!ok)
		return error_prefix(err, "%s:%u", path, at.line);
	return true;
}

/* Where packages are listed; npm installs all of them. */
static size_t count_packages(const struct value *package)
{
	static const char *const lists[] = {"dependencies", "devDependencies",
					    "optionalDependencies",
					    "peerDependencies"};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		const struct value *list = value_get(package, lists[i]);

		if (!list || list->kind != VALUE_OBJECT)
			continue;
		for (uint32_t k = 0; k < list->n; k++)
			n += !str_is(list->members[k].key, "@dataform/core");
	}
	return n;
}

/* As Dataform, which takes the one or the other. */
static bool check_version(struct cli *cli, const char *root, struct error *err)
{
	const char *path =
		path_join(cli->arena, root, "workflow_settings.yaml");
	struct value settings;

	if (!read_object(cli, path, true, &settings, err))
		return false;
	if (!value_is_truthy(value_get(&settings, "dataformCoreVersion")))
		return true;
	error_set(err, ERROR_USAGE,
		  "nothing is installed where %s has dataformCoreVersion",
		  path);
	return error_hint(err, "weir needs no packages; to use packages of "
			       "npm remove dataformCoreVersion and list them "
			       "in package.json, @dataform/core among them");
}

static void say(struct cli *cli, const char *what, const char *root)
{
	struct buf b = {0};

	if (!cli->common.quiet) {
		buf_adds(&b, what);
		if (root) {
			buf_addc(&b, ' ');
			text_put(&b, str_of(root));
		}
		buf_addc(&b, '\n');
		term_write(&cli->out, &b);
		fflush(cli->out.f);
	}
	buf_free(&b);
}

static int run_npm(struct cli *cli, const char *root)
{
	char npm[] = "npm", install[] = "install", safe[] = "--ignore-scripts";
	char *const argv[] = {npm, install, safe, NULL};
	struct error err = {0};
	int status;

	say(cli, "Running npm install --ignore-scripts in", root);
	if (!spawn_wait(root, argv, &status, &err)) {
		error_hint(&err, "npm comes with Node.js: install that, or run "
				 "npm install where there is one");
		render_error(cli, &err);
		return EXIT_FAILED;
	}
	if (status == 0) {
		say(cli, "The packages are installed.", NULL);
		return EXIT_OK;
	}
	error_set(&err, ERROR_IO, "npm ended with exit status %d", status);
	render_error(cli, &err);
	return status > EXIT_SIGNAL ? status : EXIT_FAILED;
}

static int install_run(struct cli *cli, const void *args)
{
	struct value package;
	struct error err = {0};
	const char *root;

	(void)args;
	if (!project_find(cli, cli_operand(cli, 0), &root, &err) ||
	    !check_version(cli, root, &err) ||
	    !read_object(cli, path_join(cli->arena, root, "package.json"),
			 false, &package, &err)) {
		render_error(cli, &err);
		return (int)cli_exit_of(&err);
	}
	if (count_packages(&package))
		return run_npm(cli, root);
	say(cli,
	    package.kind == VALUE_UNDEFINED
		    ? "Nothing to install: there is no package.json."
		    : "Nothing to install: package.json lists no package that "
		      "weir needs.",
	    NULL);
	return EXIT_OK;
}

const struct command cmd_install = {
	.name = "install",
	.operands = "[DIR]",
	.summary = "Install the npm packages that a project lists.",
	.about = "It runs npm install --ignore-scripts in the project's "
		 "folder. weir needs no package\nfor itself, not even "
		 "@dataform/core: this is for projects whose package.json\n"
		 "lists others.",
	.examples = "weir install\nweir install shop",
	.groups = install_groups,
	.max_operands = 1,
	.args_size = sizeof(struct install_args),
	.run = install_run,
};
