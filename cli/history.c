/* Runs leave their journals in .weir/runs. */
#include "cli/history.h"

#include "base/arena.h"
#include "cli/past.h"

enum { RUNS_READ = 50 };

static bool read_one(const struct run_folder *f, struct str name,
		     struct arena *arena, struct past_step *out)
{
	const struct past_action *a;
	struct error err = {0};
	struct past_run r;

	if (!run_folder_read(f, arena, &r, &err))
		return false;
	a = map_get(&r.by_name, name);
	if (!a || str_is(a->type, "load"))
		return false;
	*out = (struct past_step){
		.run = r.id,
		.status = a->status,
		.added = str_is(a->deed, "insert"),
		.merged = str_is(a->deed, "merge"),
		.rows = a->rows,
		.milliseconds = past_milliseconds(a->started, a->ended),
	};
	if (str_is(a->status, "running"))
		out->status = past_status(&r);
	return true;
}

size_t history_read(const char *root, struct str name, size_t max,
		    struct arena *arena, struct past_step *out)
{
	struct run_list runs;
	struct error err = {0};
	size_t n = 0;

	if (!runs_list(root, arena, &runs, &err))
		return 0;
	for (size_t i = 0; i < runs.n && i < RUNS_READ && n < max; i++)
		n += read_one(&runs.v[i], name, arena, &out[n]);
	return n;
}
