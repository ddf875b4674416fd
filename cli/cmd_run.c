/* weir run: compiles a project and builds its graph in a warehouse. */
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "cli/inert.h"
#include "cli/progress.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/resume.h"
#include "cli/signals.h"
#include "cli/testing.h"
#include "cli/text.h"
#include "runtime/plan/retry.h"
#include "runtime/record/runs.h"
#include "runtime/run.h"

enum { RETRIES_MAX = 100 };

struct run_args {
	struct common_args common;
	struct project_args project;
	struct selection_args selection;
	struct inert_args inert;
	struct str_vec reload;
	struct str resume; /* unset: a new run; "" for the last one */
	uint32_t execution_timeout_ms, wait_ms;
	struct str from, to;
	int jobs, retries;
	bool full_refresh, fail_fast, dry_run, run_tests, json;
};

#define AT(field) offsetof(struct run_args, field)

static const struct opt run_opts[] = {
	{"dry-run", 'n', OPT_FLAG, AT(dry_run), NULL,
	 "print what would be done and let the warehouse check the SQL; with "
	 "--verbose print the SQL"},
	{"full-refresh", 0, OPT_FLAG, AT(full_refresh), NULL,
	 "build incremental tables from nothing"},
	{"from", 0, OPT_STRING, AT(from), "TIME",
	 "of tables with strategy \"window\", compute only the intervals from "
	 "here on, done or not; a date or a time, in UTC"},
	{"to", 0, OPT_STRING, AT(to), "TIME", "and only those before this"},
	{"run-tests", 0, OPT_FLAG, AT(run_tests), NULL,
	 "run the unit tests first, and nothing if one of them fails"},
	{"jobs", 'j', OPT_INT, AT(jobs), "N",
	 "actions at once; by default what the target says", 1, JOBS_MAX},
	{"fail-fast", 0, OPT_FLAG, AT(fail_fast), NULL,
	 "start nothing more after the first failure"},
	{"execution-timeout", 0, OPT_DURATION, AT(execution_timeout_ms), "TIME",
	 "when to stop what still runs, counted from the start",
	 .needs_unit = true},
	{"action-retry-limit", 0, OPT_INT, AT(retries), "N",
	 "how often an action is tried again that met a deadlock, a lost "
	 "connection or the like, by default 3",
	 0, RETRIES_MAX, RETRY_LIMIT},
	{"wait", 0, OPT_DURATION, AT(wait_ms), "TIME",
	 "wait at most this long for another run that holds the lock; "
	 "otherwise such a run is an error at once",
	 .needs_unit = true},
	{"reload", 0, OPT_LIST, AT(reload), "FILE",
	 "load this file again, in place of the rows it gave before"},
	{"resume", 0, OPT_STRING, AT(resume), "[ID]",
	 "continue the run of this ID, or of its last four digits, where it "
	 "was cut off or failed; by default the last run",
	 .may_be = is_run_id},
	{"json", 0, OPT_FLAG, AT(json), NULL,
	 "print the results, or of a dry run the plan, as JSON"},
	{NULL},
};

static const struct opt_group run_groups[] = {
	{"Options", run_opts, 0},
	{"Selection", selection_opts, AT(selection)},
	{"Project", project_opts, AT(project)},
	{"Overrides", override_opts, AT(project)},
	{"Accepted for scripts that call Dataform, without effect", inert_opts,
	 AT(inert)},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

static void print_results(struct cli *cli, const struct run *run)
{
	struct buf b = {0};

	results_print(run, &b);
	term_write(&cli->out, &b);
	buf_free(&b);
}

static void print_end(struct cli *cli, const struct run_args *args,
		      const struct report *report, const struct run *run)
{
	struct buf b = {0};

	if (args->dry_run) {
		report_plan(report, run, &b);
	} else {
		if (!args->common.quiet)
			buf_addc(&b, '\n');
		report_failures(report, run, &b);
		report_notes(report, run, &b);
		report_summary(report, run, &b);
	}
	term_write(&cli->out, &b);
	buf_free(&b);
}

/* For programs that mark the places of mistakes in files. */
static void print_diags(struct cli *cli, const struct project *p,
			const struct run *run)
{
	struct diags failures;

	if (cli->common.diagnostics == DIAGNOSTICS_TEXT)
		return;
	diags_init(&failures, cli->arena);
	report_diags(run, &failures);
	render_diags(cli, &failures, p->root);
}

static enum exit_status status_of(struct cli *cli, const struct run *run)
{
	int caught = *signals_caught();

	if (run->error.kind != ERROR_NONE)
		render_error(cli, &run->error);
	if (run->status == RUN_CANCELLED && caught)
		return EXIT_SIGNAL + (enum exit_status)caught;
	for (uint32_t i = 0; i < run->nsteps; i++)
		if (run->steps[i].check == CHECK_REFUSED)
			return EXIT_FAILED;
	return run->status == RUN_OK ? EXIT_OK : EXIT_FAILED;
}

static int64_t compile_ms_of(const struct project *p)
{
	return (int64_t)(p->compile_ms + 0.5);
}

/* The compile counts, too; it is over. */
static void start_clock(const struct run_args *args, const struct project *p)
{
	int64_t left_ms = args->execution_timeout_ms - compile_ms_of(p);

	if (args->execution_timeout_ms)
		signals_deadline(left_ms > 0 ? (uint32_t)left_ms : 1);
}

/* Why there was no run. */
static enum exit_status explain_no_run(struct cli *cli, const struct project *p,
				       const struct run *run,
				       const struct error *err)
{
	struct diags refusals;

	diags_init(&refusals, cli->arena);
	report_refusals(run, &refusals);
	if (refusals.n)
		render_diags(cli, &refusals, p->root);
	else
		render_error(cli, err);
	if (err->kind == ERROR_CANCELLED && *signals_caught())
		return EXIT_SIGNAL + (enum exit_status) * signals_caught();
	return cli_exit_of(err);
}

static bool read_time(const char *option, struct str text, int64_t *ms,
		      struct error *err)
{
	int64_t micros;

	if (!text.p)
		return true;
	if (!moment_read(MOMENT_TIMESTAMP, text, &micros)) {
		error_set(err, ERROR_USAGE, "--%s: \"%.*s\" is no time", option,
			  STR_ARG(text));
		return error_hint(err, "write a date or a time in UTC: "
				       "2026-01-31, 2026-01-31T06:00Z");
	}
	*ms = micros / 1000;
	return true;
}

/* Which intervals of windows are asked for. */
static bool read_period(const struct run_args *args, struct run_options *o,
			struct error *err)
{
	o->has_only = args->from.p || args->to.p;
	o->only.to = INT64_MAX;
	if (!o->has_only)
		return true;
	if (!args->from.p) {
		error_set(err, ERROR_USAGE, "--to needs --from");
		return error_hint(err, "say where to begin: --from=2026-01-31");
	}
	if (args->full_refresh) {
		error_set(err, ERROR_USAGE,
			  "--from and --full-refresh do not go together");
		return error_hint(err, "--full-refresh builds a table anew, "
				       "with all its intervals");
	}
	if (!read_time("from", args->from, &o->only.from, err) ||
	    !read_time("to", args->to, &o->only.to, err))
		return false;
	return o->only.from < o->only.to ||
	       error_set(err, ERROR_USAGE,
			 "--from=%.*s is not before --to=%.*s",
			 STR_ARG(args->from), STR_ARG(args->to));
}

static struct asked asked_of(struct run_args *args)
{
	return (struct asked){
		.project = &args->project,
		.selection = &args->selection,
		.full_refresh = &args->full_refresh,
		.reload = &args->reload,
		.from = &args->from,
		.to = &args->to,
	};
}

/* past: the run that is resumed, or NULL. */
static enum exit_status run_selected(struct cli *cli, struct run_args *args,
				     const struct project *p,
				     const bool *selected,
				     const struct past_run *past)
{
	const struct asked asked = asked_of(args);
	const struct value again = asked_print(&asked, p, cli->arena);
	struct progress progress = {
		.report = {&cli->out, cli->arena, 0, args->common.verbose},
		.project = p,
		.err = &cli->err,
		.dry_run = args->dry_run,
		.quiet = args->common.quiet || args->json,
	};
	struct run_observer observer = progress_observer(&progress);
	struct run_options options = {
		.selected = selected,
		.full_refresh = args->full_refresh,
		.fail_fast = args->fail_fast,
		.dry_run = args->dry_run,
		.jobs = args->jobs,
		.wait_ms = args->wait_ms,
		.reload = {args->reload.v, args->reload.n},
		.retry_limit = args->retries,
		.timeout_ms = args->execution_timeout_ms,
		.spent_ms = compile_ms_of(p),
		.asked = &again,
		.resumes = past,
		.interrupted = signals_caught(),
		.insisted = args->dry_run ? NULL : signals_insisted(),
	};
	enum exit_status status;
	struct error err = {0};
	struct run run = {0};

	if (!read_period(args, &options, &err)) {
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	if (!run_graph(&p->compilation.graph, &options, &observer, cli->arena,
		       &run, &err))
		return explain_no_run(cli, p, &run, &err);
	if (args->json)
		print_results(cli, &run);
	else
		print_end(cli, args, &progress.report, &run);
	print_diags(cli, p, &run);
	status = status_of(cli, &run);
	if (run.is_left) {
		fflush(NULL);
		_exit((int)status);
	}
	return status;
}

static enum exit_status pass_tests(struct cli *cli, const struct run_args *args,
				   const struct project *p)
{
	struct unit_tests all;
	struct error err = {0};
	enum exit_status status = testing_run(
		cli, p, args->json ? TESTING_NOTHING : TESTING_TESTS, &all);

	if (status == EXIT_SIGNAL && *signals_caught() == SIGALRM) {
		run_set_timeout(
			&(struct run_options){
				.timeout_ms = args->execution_timeout_ms},
			&err);
		render_error(cli, &err);
		return EXIT_FAILED;
	}
	if (status == EXIT_SIGNAL)
		return status + (enum exit_status) * signals_caught();
	if (status != EXIT_FAILED || !all.nfailed)
		return status;
	error_set(&err, ERROR_SQL,
		  "%zu of %zu unit tests failed, so nothing was run",
		  all.nfailed, all.n);
	error_hint(&err, "weir test");
	render_error(cli, &err);
	return EXIT_FAILED;
}

static bool is_target_of(const struct past_run *past, struct str target,
			 struct error *err)
{
	if (!target.n || str_eq(target, past->target))
		return true;
	error_set(err, ERROR_USAGE, "run %.*s was on target %.*s, not %.*s",
		  STR_ARG(past->id), STR_ARG(past->target), STR_ARG(target));
	return error_hint(err, "leave --target out, or start a new run without "
			       "--resume");
}

/* Sets args to what the run was started with that is to be resumed. */
static bool read_resumed(struct cli *cli, struct run_args *args,
			 struct past_run *past, struct error *err)
{
	static const char *const what[] = {"dry-run", "full-refresh", "from",
					   "to",      "reload",       NULL};
	const struct asked asked = asked_of(args);
	const char *root;

	return asked_is_new(run_opts, what, args, err) &&
	       asked_is_new(selection_opts, NULL, &args->selection, err) &&
	       asked_is_new(override_opts, NULL, &args->project, err) &&
	       project_find(cli, cli_operand(cli, 0), &root, err) &&
	       runs_to_resume(root, args->resume, args->project.target,
			      cli->arena, past, err) &&
	       is_target_of(past, args->project.target, err) &&
	       asked_read(&asked, past, cli->arena, err);
}

/* The time of the whole run is no less a limit of its compile. */
static void limit_compile(struct run_args *args)
{
	uint32_t all = args->execution_timeout_ms;
	uint32_t *own = &args->project.timeout_ms;

	if (all && all < (*own ? *own : COMPILE_TIMEOUT_MS))
		*own = all;
}

static enum exit_status compile_and_run(struct cli *cli, struct run_args *args,
					const struct past_run *past)
{
	const bool *selected;
	struct error err = {0};
	struct project p;
	enum exit_status status;

	limit_compile(args);
	args->project.opens_warehouse = true;
	status = project_compile(cli, &args->project, cli_operand(cli, 0), &p);
	if (status != EXIT_OK)
		return status;
	if (!p.compiled)
		return EXIT_PROJECT;
	selected = project_select(cli, &p, &args->selection, "");
	if (!selected)
		return EXIT_USAGE;
	if (!project_has_warehouse(&p, &err)) {
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	inert_warn(cli, &args->inert);
	signals_catch();
	start_clock(args, &p);
	if (args->run_tests) {
		status = pass_tests(cli, args, &p);
		if (status != EXIT_OK)
			return status;
	}
	return run_selected(cli, args, &p, selected, past);
}

static int run_run(struct cli *cli, const void *values)
{
	struct run_args args = *(const struct run_args *)values;
	struct error err = {0};
	struct past_run past;

	if (!args.resume.p)
		return (int)compile_and_run(cli, &args, NULL);
	if (read_resumed(cli, &args, &past, &err))
		return (int)compile_and_run(cli, &args, &past);
	render_error(cli, &err);
	return (int)cli_exit_of(&err);
}

const struct command cmd_run = {
	.name = "run",
	.operands = "[DIR]",
	.summary = "Compile a project and build its graph in a warehouse.",
	.about = "Without --actions and --tags everything is built. What a "
		 "failed action or\nassertion holds back is skipped; the rest "
		 "goes on.\n\nThe first SIGINT, SIGTERM or SIGHUP stops what "
		 "runs, in the warehouse too; the\nsecond leaves at once.",
	.examples = "weir run\n"
		    "weir run --actions 'staging.*' --include-dependents\n"
		    "weir run --dry-run --verbose --target prod\n"
		    "weir run --from 2026-11-01 --to 2026-11-08\n"
		    "weir run --vars day=2026-11-22 --full-refresh\n"
		    "weir run --resume",
	.groups = run_groups,
	.max_operands = 1,
	.args_size = sizeof(struct run_args),
	.run = run_run,
};
