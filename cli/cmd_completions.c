/* weir completions SHELL */
#include "cli/cmd.h"
#include "cli/render.h"

struct completions_args {
	struct common_args common;
};

static const struct opt_group completions_groups[] = {
	{"Common options", common_opts,
	 offsetof(struct completions_args, common)},
	{NULL},
};

static const struct {
	const char *name;
	void (*print)(const struct command *const *commands, FILE *f);
} shells[] = {
	{"bash", opt_print_bash},
	{"zsh", opt_print_zsh},
	{"fish", opt_print_fish},
};

static int completions_run(struct cli *cli, const void *args)
{
	struct error err = {0};
	struct str shell = {0};

	(void)args;
	if (cli->operands.n)
		shell = cli->operands.v[0];
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++)
		if (str_is(shell, shells[i].name)) {
			shells[i].print(commands, cli->out.f);
			return EXIT_OK;
		}
	if (shell.p)
		error_set(&err, ERROR_USAGE,
			  "there are no completions for \"%.*s\"",
			  STR_ARG(shell));
	else
		error_set(&err, ERROR_USAGE, "name a shell");
	error_hint(&err, "it is one of bash, zsh, fish");
	render_error(cli, &err);
	return EXIT_USAGE;
}

const struct command cmd_completions = {
	.name = "completions",
	.operands = "SHELL",
	.summary = "Print completions for bash, zsh or fish.",
	.examples =
		"weir completions bash >~/.local/share/bash-completion/"
		"completions/weir\n"
		"weir completions fish >~/.config/fish/completions/weir.fish",
	.groups = completions_groups,
	.max_operands = 1,
	.names = "shells",
	.args_size = sizeof(struct completions_args),
	.run = completions_run,
};
