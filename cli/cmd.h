/* What every command has in common, and the commands. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/exit.h"
#include "cli/opt.h"
#include "cli/term.h"

enum diagnostics_format {
	DIAGNOSTICS_TEXT,
	DIAGNOSTICS_JSON,
	DIAGNOSTICS_GITHUB
};

struct common_args {
	bool help, quiet, verbose;
	int color;       /* enum color_choice */
	int diagnostics; /* enum diagnostics_format */
};

extern const struct opt common_opts[];

/* One call of weir. */
struct cli {
	struct arena *arena;
	const struct command *command;
	struct common_args common;
	char **argv; /* of the command, ends with NULL */
	struct strs operands;
	struct term out, err;
};

extern const struct command cmd_completions;
extern const struct command cmd_compile;
extern const struct command cmd_doctor;
extern const struct command cmd_explain;
extern const struct command cmd_format;
extern const struct command cmd_help;
extern const struct command cmd_init;
extern const struct command cmd_init_creds;
extern const struct command cmd_install;
extern const struct command cmd_list;
extern const struct command cmd_run;
extern const struct command cmd_runs;
extern const struct command cmd_show;
extern const struct command cmd_test;
extern const struct command cmd_version;

/* For the completions of shells; of it nothing is said anywhere. */
extern const struct command cmd_complete;

/* All others, in the order of help; NULL ends the list. */
extern const struct command *const commands[];

/* What weir ends with after an operation failed. */
enum exit_status cli_exit_of(const struct error *err);

/* All of main() but the process's own business. */
int cli_run(int argc, char **argv);

#endif
