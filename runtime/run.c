/*
 * One run: its folder, the plan, the schemas, the steps, the results.
 *
 * One connection is there from the first look at the warehouse to the end of
 * the run; workers have their own. results.json is written on every way out
 * that comes after the run has a folder. A dry run has none: it creates
 * nothing, not even the file of a DuckDB database that is not there yet, in
 * whose place an empty one in memory is asked.
 */
#include "runtime/run.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/executor.h"
#include "runtime/load/load.h"
#include "runtime/perform/perform.h"
#include "runtime/plan/left_out.h"
#include "runtime/plan/plan.h"
#include "runtime/plan/plan_window.h"
#include "runtime/plan/retry.h"
#include "runtime/plan/step_hash.h"
#include "runtime/record/journal.h"
#include "runtime/record/resume.h"
#include "runtime/state/catalog.h"
#include "runtime/state/ledger.h"
#include "runtime/state/leftovers.h"
#include "runtime/state/lock.h"
#include "runtime/state/lock_wait.h"
#include "runtime/state/schemas.h"
#include "runtime/state/window_book.h"
#include "runtime/warehouse/warehouse.h"

enum { LOOK_MS = 100, GRACE_MS = 10000 };

/* A run on its way. */
struct running {
	const struct graph *graph;
	const struct run_options *options;
	const struct run_observer *observer;
	const struct connector *connector;
	struct run *run;
	struct arena *arena;
	struct warehouse *warehouse; /* for all but the steps */
	struct run_lock lock;
	struct error unlocked; /* why the lock could not be taken again */
	uint32_t ntaken;       /* how often it was */
	uint64_t chance;
	struct journal *journal;
	struct ledger ledger;
	struct resume resume;
	struct plan_request request;
	struct plan plan;
	struct str_vec notes;
};

static struct str id_at(struct arena *arena, int64_t ms, unsigned salt)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char day[sizeof("2026-11-22T10-02-11Z")];
	struct {
		int64_t ms;
		long pid;
		unsigned salt;
	} seed;

	memset(&seed, 0, sizeof(seed));
	seed.ms = ms;
	seed.pid = getpid();
	seed.salt = salt;
	gmtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H-%M-%SZ", &tm);
	return arena_printf(
		arena, "%s-%04x", day,
		(unsigned)(str_hash((struct str){(const char *)&seed,
						 sizeof(seed)}) &
			   0xffff));
}

/* Makes .weir/runs/ID; another run may have taken the name. */
static bool make_folder(struct running *r, struct error *err)
{
	const char *runs = path_join(r->arena, r->graph->root, ".weir/runs");
	const char *folder;
	unsigned salt = 0;

	if (!file_make_folder(runs, err))
		return false;
	for (;;) {
		folder = path_join(r->arena, runs, r->run->id.p);
		if (mkdir(folder, 0777) == 0)
			break;
		if (errno != EEXIST || ++salt > 1000)
			return error_errno(err, "cannot make the folder %s",
					   folder);
		r->run->id = id_at(r->arena, r->run->started_ms, salt);
	}
	r->run->results_path = path_join(r->arena, folder, "results.json");
	if (!journal_open(path_join(r->arena, folder, "journal.jsonl"),
			  &r->journal, err))
		return false;
	journal_start(r->journal, r->run, r->options->asked);
	return true;
}

static bool look_up(struct running *r, struct error *err)
{
	bool *wanted = plan_looks_up(r->graph, r->options->selected,
				     r->options->dry_run, r->arena);

	if (r->options->resumes)
		resume_looks_up(r->graph, r->options->selected, wanted);
	return catalog_look_up(r->warehouse, r->graph, wanted, r->arena,
			       &r->request.found, err) &&
	       window_books_look_up(r->warehouse, r->graph,
				    r->options->selected, r->arena,
				    &r->request.books, err) &&
	       window_books_now(r->warehouse, r->graph, r->options->selected,
				r->arena, &r->request.now_ms, err);
}

/* --from and --to that nothing heeds are a slip of the user's. */
static bool period_is_heeded(struct running *r, struct error *err)
{
	bool heeded = !r->options->has_only;

	for (uint32_t i = 0; !heeded && i < r->plan.nsteps; i++)
		heeded = r->plan.windows[i] != NULL;
	if (heeded)
		return true;
	error_set(err, ERROR_USAGE,
		  "--from and --to: no action of this run has the strategy "
		  "\"window\"");
	return error_hint(err, "other actions do not know which of their rows "
			       "belong to which time");
}

static bool start_resume(struct running *r, struct error *err)
{
	return !r->options->resumes ||
	       resume_start(&r->resume, r->graph, r->options->resumes,
			    r->run->id, r->warehouse, r->arena, err);
}

/* Where steps say that they are done, and what is said there already. */
static bool open_ledger(struct running *r, struct error *err)
{
	if (r->options->dry_run || !plan_has_once(&r->plan))
		return true;
	r->request.ledger = &r->ledger;
	return ledger_open(&r->ledger, r->warehouse, r->graph, r->run->id,
			   r->arena, err) &&
	       (!r->options->resumes ||
		ledger_read_run(&r->ledger, r->warehouse, r->graph,
				r->resume.base.id, r->arena, &r->resume.claims,
				err));
}

static bool make_ledger(struct running *r, struct error *err)
{
	if (!r->request.ledger)
		return true;
	return ledger_make(&r->ledger, r->warehouse, r->graph, r->arena, err) &&
	       (!r->options->resumes ||
		resume_carry(&r->resume, &r->plan, &r->ledger, r->warehouse,
			     r->arena, err));
}

/* Loads and operations have transactions of their own, or none. */
static bool forget_windows(struct running *r, struct error *err)
{
	for (uint32_t i = 0; i < r->plan.nsteps; i++) {
		const struct step *s = &r->plan.steps[i];

		if (s->reused || (!s->load && s->deed != DEED_RUN) ||
		    !plan_window_forgets(&r->plan, i))
			continue;
		if (!window_books_forget(r->warehouse,
					 &r->graph->actions[s->action].target,
					 r->arena, err))
			return false;
	}
	return true;
}

static bool make_missing(struct running *r, struct error *err)
{
	return forget_windows(r, err) &&
	       schemas_make(r->warehouse, &r->plan.schemas, r->arena, err) &&
	       window_books_make(r->warehouse, r->graph, r->options->selected,
				 r->arena, err) &&
	       make_ledger(r, err);
}

/* A file that nothing loads is a slip of the user's. */
static bool reload_is_known(struct running *r, struct error *err)
{
	for (size_t i = 0; i < r->options->reload.n; i++) {
		struct str file = r->options->reload.v[i];
		bool known = false;

		for (uint32_t s = 0; !known && s < r->plan.nsteps; s++)
			known = r->plan.steps[s].load &&
				load_has_file(r->graph, r->plan.steps[s].load,
					      file);
		if (!known) {
			error_set(err, ERROR_USAGE,
				  "--reload: no load of this run takes the "
				  "file \"%.*s\"",
				  STR_ARG(file));
			return error_hint(err, "loads of weir.yaml run for "
					       "the actions that read them");
		}
	}
	return true;
}

static bool is_interrupted(const struct running *r)
{
	return r->options->interrupted && *r->options->interrupted;
}

static void wait(const struct running *r, int64_t ms)
{
	const struct clock *c = &r->run->clock;
	int64_t end = clock_ms(c) + ms, now;

	while (!is_interrupted(r) && (now = clock_ms(c)) < end)
		clock_sleep(c, end - now < LOOK_MS ? end - now : LOOK_MS);
}

/* A server that is just being started is waited for. */
static bool connect(struct running *r, struct error *err)
{
	enum warehouse_kind kind = r->graph->profile->dialect->kind;

	for (uint32_t attempt = 1;; attempt++) {
		*err = (struct error){0};
		if (r->connector->open(r->connector->ctx, &r->warehouse, err))
			return true;
		if (!retry_helps_start(kind, err) || is_interrupted(r) ||
		    (int)attempt > r->options->retry_limit)
			return false;
		wait(r, retry_wait_ms(attempt, &r->chance));
	}
}

static bool try_warehouse(struct running *r, struct error *err)
{
	if (!r->warehouse && !connect(r, err))
		return false;
	return r->options->dry_run ||
	       lock_run(r->warehouse, &r->lock, r->run->id, r->arena, err);
}

/* Connects, and takes the lock when it can be had. What a killed run left in
 * the server ends soon: that is waited for without being asked to. */
static bool enter_warehouse(struct running *r, struct error *err)
{
	struct lock_wait wait = {.ms = r->options->wait_ms,
				 .interrupted = r->options->interrupted};
	struct lock_wait grace = {.ms = GRACE_MS,
				  .interrupted = r->options->interrupted};
	bool told = r->observer == NULL;

	while (!try_warehouse(r, err)) {
		if (!told && err->kind == ERROR_LOCKED &&
		    (wait.ms || r->lock.is_held)) {
			r->observer->waits(r->observer->ctx, r->run, err);
			told = true;
		}
		if (!lock_wait_on(&wait, err) &&
		    !(r->lock.is_held && lock_wait_on(&grace, err)))
			return false;
	}
	return true;
}

static void leave_warehouse(struct running *r)
{
	if (!r->warehouse || r->run->is_left)
		return;
	unlock_run(r->warehouse, &r->lock, r->arena);
	r->warehouse->ops->close(r->warehouse);
}

static bool prepare(struct running *r, struct error *err)
{
	struct run *run = r->run;
	struct str left_out;

	if (!enter_warehouse(r, err))
		return false;
	run->database =
		warehouse_identity(r->warehouse, r->graph->root, r->arena);
	if (!r->options->dry_run)
		leftovers_sweep(r->graph, r->arena);
	if (!start_resume(r, err) || !look_up(r, err))
		return false;
	if (!plan_make(&r->request, r->arena, &r->plan, err)) {
		run->refusals = r->plan.refusals;
		return false;
	}
	if (!reload_is_known(r, err) || !period_is_heeded(r, err) ||
	    !open_ledger(r, err))
		return false;
	for (uint32_t i = 0; i < r->plan.nsteps; i++)
		step_set_hash(r->graph, &r->plan.steps[i]);
	if (r->options->resumes)
		resume_decide(&r->resume, &r->plan, r->arena);
	run->steps = r->plan.steps;
	run->nsteps = r->plan.nsteps;
	for (size_t i = 0; i < r->plan.notes.n; i++)
		VEC_PUSH(r->arena, &r->notes, r->plan.notes.v[i]);
	left_out = left_out_note(r->graph, r->request.selected, r->arena);
	if (left_out.p)
		VEC_PUSH(r->arena, &r->notes, left_out);
	run->notes = (struct strs){r->notes.v, r->notes.n};
	return true;
}

static bool is_time_up(const struct running *r)
{
	return is_interrupted(r) && *r->options->interrupted == SIGALRM;
}

static void check_steps(struct running *r)
{
	uint32_t i;

	for (i = 0; i < r->plan.nsteps && !is_interrupted(r); i++)
		perform_check(&r->plan, r->warehouse, &r->options->reload, i,
			      r->arena);
	if (i == r->plan.nsteps)
		return;
	r->run->status = is_time_up(r) ? RUN_FAILED : RUN_CANCELLED;
	if (is_time_up(r))
		run_set_timeout(r->options, &r->run->error);
}

static int jobs_of(const struct running *r)
{
	const struct profile *p = r->graph->profile;

	if (r->options->jobs > 0)
		return r->options->jobs;
	return p->jobs > 0 ? p->jobs : p->dialect->jobs;
}

static bool is_held(void *ctx)
{
	struct running *r = ctx;

	return r->warehouse && r->warehouse->ops->is_open(r->warehouse);
}

static void close_warehouse(struct running *r)
{
	if (r->warehouse)
		r->warehouse->ops->close(r->warehouse);
	r->warehouse = NULL;
}

/* Those at work are our own. */
static bool take_again(void *ctx, struct error *err)
{
	struct running *r = ctx;

	close_warehouse(r);
	r->lock = (struct run_lock){.name = lock_name(r->graph),
				    .is_alone = true};
	if (r->connector->open(r->connector->ctx, &r->warehouse, err) &&
	    lock_run(r->warehouse, &r->lock, r->run->id, r->arena, err)) {
		r->ntaken++;
		return true;
	}
	close_warehouse(r);
	r->unlocked = *err;
	secrets_hide_error(&r->graph->profile->secrets, &r->unlocked);
	return false;
}

/* A server may end idle connections all night: that is one note. */
static void note_taken_lock(struct running *r)
{
	struct str times = STR("");

	if (!r->ntaken)
		return;
	if (r->ntaken > 1)
		times = arena_printf(r->arena, ", %u times",
				     (unsigned)r->ntaken);
	VEC_PUSH(r->arena, &r->notes,
		 arena_printf(r->arena,
			      "the connection that held the run's lock was "
			      "lost; another took the lock again%.*s",
			      STR_ARG(times)));
}

static void note_lost_lock(struct running *r)
{
	struct str why = STR("");

	if (r->run->is_left || is_held(r))
		return;
	if (r->unlocked.kind != ERROR_NONE)
		why = arena_printf(r->arena, " (%s)", r->unlocked.text);
	VEC_PUSH(r->arena, &r->notes,
		 arena_printf(r->arena,
			      "the connection that held the run's lock was "
			      "lost%.*s: nothing was started after that, and "
			      "another run may have begun",
			      STR_ARG(why)));
}

static void run_steps(struct running *r)
{
	const struct run_guard lock = {is_held, take_again, r};

	execute(&(struct execution){
		.run = r->run,
		.plan = &r->plan,
		.options = r->options,
		.observer = r->observer,
		.journal = r->journal,
		.connector = r->connector,
		.lock = &lock,
		.jobs = jobs_of(r),
	});
	note_taken_lock(r);
	note_lost_lock(r);
}

static bool run_all(struct running *r, struct error *err)
{
	if (!prepare(r, err) ||
	    !schemas_check(r->graph->profile, &r->plan.schemas, err))
		return false;
	if (!r->options->dry_run &&
	    (!make_missing(r, err) ||
	     !journal_plan(r->journal, r->run, clock_ms(&r->run->clock), err)))
		return false;
	if (r->observer)
		r->observer->planned(r->observer->ctx, r->run);
	if (r->options->dry_run)
		check_steps(r);
	else
		run_steps(r);
	return true;
}

/* What was recorded less well than it should is said in the results. */
static void end_journal(struct running *r)
{
	struct error err = {0};

	if (!r->journal)
		return;
	journal_end(r->journal, r->run);
	if (!journal_is_whole(r->journal, &err))
		VEC_PUSH(r->arena, &r->notes,
			 arena_str(r->arena, str_of(err.text)));
	journal_close(r->journal);
	r->run->notes = (struct strs){r->notes.v, r->notes.n};
}

static bool write_results(struct running *r, struct error *err)
{
	struct buf b = {0};
	bool ok;

	if (!r->run->results_path)
		return true;
	results_print(r->run, &b);
	ok = file_write(r->run->results_path, buf_str(&b), err);
	buf_free(&b);
	return ok;
}

void run_set_timeout(const struct run_options *options, struct error *err)
{
	error_set(err, ERROR_TIMEOUT, "the run took longer than %g s",
		  (double)options->timeout_ms / 1e3);
	error_hint(err, "allow more: --execution-timeout=2h");
}

/* Why there was no run; what was cancelled was so by a signal or the clock. */
static void set_failed(struct running *r, struct error *err)
{
	if (err->kind == ERROR_CANCELLED && is_time_up(r)) {
		*err = (struct error){0};
		run_set_timeout(r->options, err);
	}
	secrets_hide_error(&r->graph->profile->secrets, err);
	r->run->status =
		err->kind == ERROR_CANCELLED ? RUN_CANCELLED : RUN_FAILED;
	r->run->error = *err;
}

static bool record(struct running *r, bool ok, struct error *err)
{
	struct error unwritten = {0};

	r->run->ended_ms = clock_ms(&r->run->clock);
	if (!ok)
		set_failed(r, err);
	leave_warehouse(r);
	end_journal(r);
	if (!write_results(r, &unwritten) && ok) {
		r->run->error = unwritten;
		if (r->run->status == RUN_OK)
			r->run->status = RUN_FAILED;
	}
	return ok;
}

/* What threads use is no local variable here: a run that is left leaves them
 * behind. */
bool run_graph_over(const struct connector *connector,
		    const struct graph *graph,
		    const struct run_options *options,
		    const struct run_observer *observer, struct arena *arena,
		    struct run *out, struct error *err)
{
	struct running *r = ARENA_NEW(arena, struct running, 1);

	*r = (struct running){
		.graph = graph,
		.options = options,
		.observer = observer,
		.connector = connector,
		.run = out,
		.arena = arena,
		.lock = {.name = lock_name(graph)},
		.request = {.graph = graph,
			    .selected = options->selected,
			    .full_refresh = options->full_refresh,
			    .has_only = options->has_only,
			    .only = options->only},
	};
	*out = (struct run){.graph = graph, .arena = arena};
	out->clock.source = connector->time;
	clock_start(&out->clock);
	out->started_ms = clock_ms(&out->clock);
	out->id = id_at(arena, out->started_ms, 0);
	r->chance = connector->seed ? connector->seed : str_hash(out->id);
	r->request.now_ms = out->started_ms;
	if (options->resumes)
		out->resumes = options->resumes->id;
	if (!options->dry_run && !make_folder(r, err))
		return false;
	r->request.run = out->id;
	return record(r, run_all(r, err), err);
}
