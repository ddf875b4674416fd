/* The runs of a project that left a folder in .weir/runs. */
#ifndef RUNTIME_RECORD_RUNS_H
#define RUNTIME_RECORD_RUNS_H

#include "runtime/record/journal_read.h"

struct run_folder {
	struct str id;
	const char *path;
	struct str order; /* by it the newest is found */
};

struct run_list {
	struct run_folder *v;
	size_t n, cap;
};

/* The newest first. A project that never ran has none. */
MUST_CHECK bool runs_list(const char *root, struct arena *arena,
			  struct run_list *out, struct error *err);

/* The run of that ID, or the newest whose last four digits these are. False,
 * with ERROR_USAGE, if there is none. */
MUST_CHECK bool runs_find(const char *root, struct str id, struct arena *arena,
			  struct run_folder *out, struct error *err);

/* The ID is there in any case. */
MUST_CHECK bool run_folder_read(const struct run_folder *f, struct arena *arena,
				struct past_run *out, struct error *err);

/* Removes what the run left, unless it still runs: then *removed is false. */
MUST_CHECK bool run_folder_remove(const struct run_folder *f, bool *removed,
				  struct error *err);

/* The run that a resume continues: of that ID, or if id is unset the newest,
 * of that target if one is given. False with ERROR_USAGE if there is nothing
 * to resume, with ERROR_LOCKED if it still runs. */
MUST_CHECK bool runs_to_resume(const char *root, struct str id,
			       struct str target, struct arena *arena,
			       struct past_run *out, struct error *err);
/* False, with ERROR_USAGE, if another run than own went on with r: what was
 * left of it would be done twice. To be asked again once the run's lock is
 * held. Own's journal is not opened, which would end its lock. */
MUST_CHECK bool runs_check_continued(const char *root, const struct past_run *r,
				     struct str own, struct arena *arena,
				     struct error *err);
/* The run whose work stands: r, or if r was over before it did anything, the
 * one that r resumes, and so on. */
MUST_CHECK bool runs_base(const char *root, const struct past_run *r,
			  struct arena *arena, struct past_run *out,
			  struct error *err);

#endif
