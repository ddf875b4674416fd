/* The list of commands, the options that all have, and how one is called. */
#include "base/arena.h"
#include "cli/cmd.h"
#include "cli/render.h"

const struct command *const commands[] = {
	&cmd_init, &cmd_install, &cmd_init_creds,  &cmd_compile,
	&cmd_run,  &cmd_test,    &cmd_runs,        &cmd_list,
	&cmd_show, &cmd_format,  &cmd_doctor,      &cmd_explain,
	&cmd_help, &cmd_version, &cmd_completions, NULL,
};

static const char *const color_choices[] = {"auto", "always", "never", NULL};
static const char *const diagnostics_choices[] = {"text", "json", "github",
						  NULL};

#define AT(field) offsetof(struct common_args, field)

const struct opt common_opts[] = {
	{"quiet", 'q', OPT_FLAG, AT(quiet), NULL, "print less"},
	{"verbose", 'v', OPT_FLAG, AT(verbose), NULL, "print more"},
	{"color", 0, OPT_CHOICE, AT(color), "WHEN",
	 "colours; auto means on a terminal, unless NO_COLOR is set",
	 .choices = color_choices},
	{"diagnostics", 0, OPT_CHOICE, AT(diagnostics), "FORMAT",
	 "how errors and warnings are written to standard error",
	 .choices = diagnostics_choices},
	{"help", 'h', OPT_FLAG, AT(help), NULL, "print the help of a command"},
	{NULL},
};

static int usage_error(struct cli *cli, const struct error *err)
{
	render_error(cli, err);
	return EXIT_USAGE;
}

enum exit_status cli_exit_of(const struct error *err)
{
	switch (err->kind) {
	case ERROR_NONE:
		return EXIT_OK;
	case ERROR_USAGE:
		return EXIT_USAGE;
	case ERROR_CONFIG:
		return EXIT_PROJECT;
	case ERROR_CONNECT:
		return EXIT_CONNECT;
	case ERROR_LOCKED:
		return EXIT_LOCKED;
	default:
		return EXIT_FAILED;
	}
}

static void set_terms(struct cli *cli)
{
	enum color_choice choice = (enum color_choice)cli->common.color;

	term_init(&cli->out, stdout, choice);
	term_init(&cli->err, stderr, choice);
}

static int call(struct cli *cli, int argc, char **argv)
{
	const struct command *cmd = cli->command;
	struct common_args *args = arena_alloc(cli->arena, cmd->args_size, 1);
	struct error err = {0};
	bool ok = opt_parse(cmd, argc, argv, cli->arena, args, &cli->operands,
			    &err);

	cli->argv = argv;
	cli->common = *args;
	set_terms(cli);
	if (args->help) {
		opt_print_help(cmd, stdout);
		return EXIT_OK;
	}
	if (ok && args->quiet && args->verbose)
		ok = error_set(&err, ERROR_USAGE,
			       "--quiet and --verbose exclude each other");
	return ok ? cmd->run(cli, args) : usage_error(cli, &err);
}

/* The word that names the command, also where it is written as an option. */
static struct str command_word(int argc, char **argv)
{
	struct str word = argc > 1 ? str_of(argv[1]) : STR("help");

	if (str_is(word, "--help") || str_is(word, "-h"))
		return STR("help");
	if (str_is(word, "--version") || str_is(word, "-V"))
		return STR("version");
	return word;
}

static const struct command *find_command(struct str word, struct error *err)
{
	if (str_is(word, cmd_complete.name))
		return &cmd_complete;
	return command_find(commands, word, err);
}

int cli_run(int argc, char **argv)
{
	struct cli cli = {.arena = arena_new()};
	struct str word = command_word(argc, argv);
	struct error err = {0};
	int status;

	set_terms(&cli);
	if (word.n && word.p[0] == '-') {
		error_set(&err, ERROR_USAGE,
			  "the command comes first, then its options");
		error_hint(&err, "write weir COMMAND %.*s", STR_ARG(word));
		status = usage_error(&cli, &err);
	} else if (!(cli.command = find_command(word, &err))) {
		status = usage_error(&cli, &err);
	} else {
		int skip = argc > 1 ? 2 : 1;

		status = call(&cli, argc - skip, argv + skip);
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		struct error unwritten = {0};

		error_errno(&unwritten, "the output cannot be written");
		render_error(&cli, &unwritten);
		status = status == EXIT_OK ? EXIT_FAILED : status;
	}
	arena_free(cli.arena);
	return status;
}
