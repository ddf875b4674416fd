/* weir help: everything about weir that weir itself knows. */
#include "cli/cmd.h"
#include "cli/render.h"
#include "cli/topics.h"

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

static bool refuse(struct cli *cli, struct str name, struct error *err)
{
	struct str_vec names = {0};
	struct str near;

	for (size_t i = 0; commands[i]; i++)
		VEC_PUSH(cli->arena, &names, str_of(commands[i]->name));
	for (size_t i = 0; topics[i].name; i++)
		VEC_PUSH(cli->arena, &names, str_of(topics[i].name));
	error_set(err, ERROR_USAGE, "there is no command or topic \"%.*s\"",
		  STR_ARG(name));
	near = suggest(name, names.v, names.n);
	if (near.p)
		return error_hint(err, "did you mean \"weir help %.*s\"?",
				  STR_ARG(near));
	return error_hint(err, "weir help lists them");
}

static bool print_about(struct cli *cli, struct str name, struct error *err)
{
	const struct topic *topic = topic_find(name);

	if (topic) {
		topic_print(topic, cli->out.f);
		return true;
	}
	for (size_t i = 0; commands[i]; i++)
		if (str_is(name, commands[i]->name)) {
			opt_print_help(commands[i], cli->out.f);
			return true;
		}
	return refuse(cli, name, err);
}

static int help_run(struct cli *cli, const void *values)
{
	const struct help_args *args = values;
	struct error err = {0};

	if (args->man)
		opt_print_man(commands, cli->out.f);
	else if (args->markdown)
		opt_print_markdown(commands, cli->out.f);
	else if (!cli->operands.n)
		opt_print_overview(commands, topics, cli->out.f);
	else if (!print_about(cli, cli->operands.v[0], &err))
		render_error(cli, &err);
	return (int)cli_exit_of(&err);
}

const struct command cmd_help = {
	.name = "help",
	.operands = "[COMMAND|TOPIC]",
	.summary = "Explain a command or a topic.",
	.about = "Without an argument the commands and topics are listed.",
	.examples = "weir help run\n"
		    "weir help targets\n"
		    "weir help --man | man -l -",
	.groups = help_groups,
	.max_operands = 1,
	.names = "pages",
	.args_size = sizeof(struct help_args),
	.run = help_run,
};
