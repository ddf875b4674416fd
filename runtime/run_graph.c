/*
 * A run over connections of its target's own. Those of one run share what they
 * can, so the first is remembered; and what is a file is locked before it.
 * Threads of a run that is left go on using all of this: it stays in the
 * run's arena, and the lock with the process.
 */
#include "base/arena.h"
#include "base/file.h"
#include "compiler/graph.h"
#include "runtime/executor.h"
#include "runtime/run.h"
#include "runtime/state/lock_file.h"
#include "runtime/warehouse/warehouse.h"

struct opener {
	const struct graph *graph;
	struct profile profile;
	const struct run_options *options;
	const struct run *run;
	const char *file; /* of the database; NULL where it is none */
	struct lock_file lock;
	struct warehouse *first; /* the others share its database */
};

/* DuckDB would let nobody else in from here on. */
static bool lock_database(struct opener *o, struct error *err)
{
	struct arena *a = o->run->arena;

	if (!o->file)
		return true;
	if (!o->options->dry_run)
		return lock_file_take(&o->lock, o->file, o->run->id, a, err);
	return lock_file_is_free(o->file, a, err) ||
	       error_hint(err, "a dry run asks the database, too, and DuckDB "
			       "lets one process at a time in: try again "
			       "later, or let weir wait: --wait 10m");
}

static bool open_one(void *ctx, struct warehouse **out, struct error *err)
{
	struct opener *o = ctx;
	bool first = o->first == NULL;

	if ((first && !lock_database(o, err)) ||
	    !warehouse_open(&o->profile, o->graph->root, o->first,
			    o->options->interrupted, out, err))
		return false;
	if (first)
		o->first = *out;
	return true;
}

bool run_graph(const struct graph *graph, const struct run_options *options,
	       const struct run_observer *observer, struct arena *arena,
	       struct run *out, struct error *err)
{
	struct opener *opener = ARENA_NEW(arena, struct opener, 1);
	struct connector *connector = ARENA_NEW(arena, struct connector, 1);
	bool ok;

	*opener = (struct opener){
		.graph = graph,
		.profile = *graph->profile,
		.options = options,
		.run = out,
		.file = warehouse_file(graph->profile, graph->root, arena),
	};
	*connector = (struct connector){.open = open_one, .ctx = opener};

	if (graph->profile->dialect->kind == WAREHOUSE_BIGQUERY) {
		error_set(err, ERROR_USAGE,
			  "runs on BigQuery are not built yet");
		return error_hint(err, "add a duckdb or postgres target to "
				       "weir.yaml and choose it with --target");
	}
	if (options->dry_run && opener->file && !file_exists(opener->file))
		opener->profile.path = STR(":memory:");
	ok = run_graph_over(connector, graph, options, observer, arena, out,
			    err);
	if (!out->is_left)
		lock_file_release(&opener->lock);
	return ok;
}
