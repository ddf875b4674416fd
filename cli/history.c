/* Runs leave .weir/runs/ID/results.json. Ids sort by time, those of one second
 * do not. */
#include "cli/history.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"
#include "base/value.h"

enum { RUNS_READ = 50, RESULTS_SIZE_MAX = 64 << 20 };

static int64_t number_at(const struct value *v, const char *key)
{
	const struct value *n = value_get(v, key);

	return n && n->kind == VALUE_NUMBER ? (int64_t)n->number : -1;
}

static const struct value *find_step(const struct value *results,
				     struct str name)
{
	const struct value *all = value_get(results, "actions");

	for (uint32_t i = 0; all && all->kind == VALUE_ARRAY && i < all->n; i++)
		if (str_eq(value_get_str(&all->items[i], "name"), name) &&
		    !str_is(value_get_str(&all->items[i], "type"), "load"))
			return &all->items[i];
	return NULL;
}

static bool read_one(const char *path, struct str name, struct arena *arena,
		     struct past_step *out)
{
	struct position at;
	struct error err = {0};
	struct value results;
	const struct value *step;
	struct str text;

	if (!file_read(path, RESULTS_SIZE_MAX, arena, &text, &err) ||
	    !json_parse(text, arena, &results, &at, &err))
		return false;
	step = find_step(&results, name);
	if (!step)
		return false;
	*out = (struct past_step){
		.run = value_get_str(&results, "run"),
		.status = value_get_str(step, "status"),
		.started = value_get_str(&results, "started"),
		.added = str_is(value_get_str(step, "do"), "insert"),
		.merged = str_is(value_get_str(step, "do"), "merge"),
		.rows = number_at(step, "rows"),
		.milliseconds = number_at(step, "milliseconds"),
	};
	return true;
}

static int newest_first(const void *a, const void *b)
{
	const struct past_step *x = a, *y = b;

	return str_cmp(y->started, x->started);
}

size_t history_read(const char *root, struct str name, size_t max,
		    struct arena *arena, struct past_step *out)
{
	const char *runs = path_join(arena, root, ".weir/runs");
	struct file_list files = {0};
	struct error err = {0};
	size_t n = 0, left = RUNS_READ;

	if (!file_is_folder(runs) ||
	    !file_walk(runs, NULL, arena, &files, &err))
		return 0;
	for (size_t i = files.n; i > 0 && n < max && left > 0; i--) {
		struct str path = files.v[i - 1].path;

		if (!str_is(path_base(path), "results.json"))
			continue;
		left--;
		n += read_one(path_join(arena, runs, path.p), name, arena,
			      &out[n]);
	}
	if (n)
		qsort(out, n, sizeof(*out), newest_first);
	return n;
}
