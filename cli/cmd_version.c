/* weir version */
#include "base/buf.h"
#include "cli/cmd.h"

struct version_args {
	struct common_args common;
};

static const struct opt_group version_groups[] = {
	{"Common options", common_opts, offsetof(struct version_args, common)},
	{NULL},
};

static int version_run(struct cli *cli, const void *args)
{
	(void)args;
	fprintf(cli->out.f, "weir %s\n", WEIR_VERSION);
	return EXIT_OK;
}

const struct command cmd_version = {
	.name = "version",
	.operands = "",
	.summary = "Print the version.",
	.groups = version_groups,
	.args_size = sizeof(struct version_args),
	.run = version_run,
};
