/* What a run was asked for, so that weir run --resume asks for it again. */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "cli/project.h"
#include "runtime/record/journal_read.h"

/* Where the options are that decide what a run does. */
struct asked {
	struct project_args *project;
	struct selection_args *selection;
	bool *full_refresh;
	struct str_vec *reload;
	struct str *from, *to;
};

/* As the journal keeps it; p: compiled. */
struct value asked_print(const struct asked *a, const struct project *p,
			 struct arena *arena);
/* Sets all options to what a run was asked for. */
MUST_CHECK bool asked_read(const struct asked *a, const struct past_run *run,
			   struct arena *arena, struct error *err);

/* False, with ERROR_USAGE, if an option of the table that decides what a run
 * does was given. only: the names of those; NULL for all. */
MUST_CHECK bool asked_is_new(const struct opt *opts, const char *const *only,
			     const void *base, struct error *err);

/* For struct opt: whether an argument names a run, by its ID or the last four
 * digits of it. */
bool is_run_id(const char *arg);

#endif
