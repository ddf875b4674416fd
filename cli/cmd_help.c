/* weir help: everything about weir that weir itself knows. */
#include "cli/cmd.h"
#include "cli/render.h"

struct help_args {
	struct common_args common;
	bool man, markdown;
};

#define AT(field) offsetof(struct help_args, field)

static const struct opt help_opts[] = {
	{"man", 0, OPT_FLAG, AT(man), NULL, "print the manual page, weir(1)"},
	{"markdown", 0, OPT_FLAG, AT(markdown), NULL,
	 "print every command as docs/commands.md"},
	{NULL},
};

static const struct opt_group help_groups[] = {
	{"Options", help_opts, 0},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

static int help_run(struct cli *cli, const void *values)
{
	const struct help_args *args = values;
	const struct command *cmd;
	struct error err = {0};

	if (args->man)
		opt_print_man(commands, cli->out.f);
	else if (args->markdown)
		opt_print_markdown(commands, cli->out.f);
	else if (cli->operands.n == 0)
		opt_print_overview(commands, cli->out.f);
	else if ((cmd = command_find(commands, cli->operands.v[0], &err)))
		opt_print_help(cmd, cli->out.f);
	else
		render_error(cli, &err);
	return err.kind ? EXIT_USAGE : EXIT_OK;
}

const struct command cmd_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.summary = "Explain a command.",
	.groups = help_groups,
	.max_operands = 1,
	.args_size = sizeof(struct help_args),
	.run = help_run,
};
