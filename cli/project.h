/* The project that a command works on: which, compiled how, what of it. */
#ifndef CLI_PROJECT_H
#define CLI_PROJECT_H

#include "cli/cmd.h"
#include "compiler/compile.h"

struct project_args {
	struct str target;
	uint32_t timeout_ms;
	/* What time the compile is told that it is, in seconds since 1970; by
	 * default what SOURCE_DATE_EPOCH says, else now. */
	bool has_epoch;
	uint64_t epoch;
	struct overrides overrides;
	struct var_vec vars;
	/* The command goes on to open the target's warehouse: what that needs
	 * is made ready while the project is compiled. */
	bool opens_warehouse;
};

struct selection_args {
	struct str_vec actions, tags;
	bool include_deps, include_dependents;
};

extern const struct opt project_opts[];   /* --target, --timeout */
extern const struct opt override_opts[];  /* in struct project_args too */
extern const struct opt selection_opts[]; /* --actions, --tags, ... */
/* The same as compile has them: --output-actions, --output-tags, ... */
extern const struct opt output_opts[];

struct project {
	const char *root; /* as the user would write it */
	struct compilation compilation;
	uint64_t epoch; /* the time of the compile, in seconds since 1970 */
	double compile_ms;
	bool compiled; /* without errors */
};

/* The folder that dir names, or if it is unset the nearest one at or above
 * the working folder that has settings. */
MUST_CHECK bool project_find(struct cli *cli, struct str dir, const char **root,
			     struct error *err);

/* Finds and compiles. EXIT_OK also if it has errors: see compiled. EXIT_USAGE,
 * after what is wrong was printed, if there is no such folder or target. */
enum exit_status project_read(struct cli *cli, const struct project_args *args,
			      struct str dir, struct project *out);
/* The same, and prints diagnostics. */
enum exit_status project_compile(struct cli *cli,
				 const struct project_args *args,
				 struct str dir, struct project *out);

/* False if this version cannot reach the target's warehouse. */
MUST_CHECK bool project_has_warehouse(const struct project *p,
				      struct error *err);

/* What the options choose, by action id. NULL after an error was printed.
 * prefix: of the options' names, "" or "output-". */
const bool *project_select(struct cli *cli, const struct project *p,
			   const struct selection_args *args,
			   const char *prefix);

/* Actions that can be run: all but declarations. */
size_t project_count(const struct project *p);

/* The i-th operand, unset if there is none. */
struct str cli_operand(const struct cli *cli, size_t i);

#endif
