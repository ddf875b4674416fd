/* Tests are printed as they end, in their order; what failed, behind all. */
#include "cli/testing.h"

#include "base/arena.h"
#include "base/buf.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/report.h"
#include "cli/report_test.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "runtime/clock.h"

struct printer {
	struct cli *cli;
	const struct project *project;
	struct test_report report;
};

bool testing_has_tests(const struct project *p)
{
	const struct graph *g = &p->compilation.graph;

	for (uint32_t i = 0; i < g->nactions; i++)
		if (g->actions[i].type == ACTION_TEST)
			return true;
	return false;
}

static void print_line(void *ctx, const struct unit_test *t)
{
	struct printer *p = ctx;
	struct buf b = {0};

	test_report_line(&p->report, t, &b);
	term_write(&p->cli->out, &b);
	buf_free(&b);
}

static void print_heading(struct printer *p)
{
	const struct profile *profile = p->project->compilation.graph.profile;
	struct buf b = {0};

	buf_adds(&b, "Compiled ");
	text_put_plural(&b, project_count(p->project), "action");
	buf_printf(&b, " in %.0f ms.   Target ", p->project->compile_ms);
	report_target(profile, p->cli->arena, &b);
	buf_adds(&b, "\n\n");
	term_write(&p->cli->out, &b);
	buf_free(&b);
}

static void print_end(struct printer *p, const struct unit_tests *all,
		      double seconds)
{
	struct buf b = {0};

	if (!p->cli->common.quiet)
		buf_addc(&b, '\n');
	test_report_failures(&p->report, all, &b);
	test_report_summary(&p->report, all, seconds, &b);
	term_write(&p->cli->out, &b);
	buf_free(&b);
}

/* For programs that mark the places of mistakes in files. */
static void print_diags(struct printer *p, const struct unit_tests *all)
{
	struct diags failures;

	if (p->cli->common.diagnostics == DIAGNOSTICS_TEXT)
		return;
	diags_init(&failures, p->cli->arena);
	test_report_diags(p->report.graph, all, &failures);
	diags_sort(&failures);
	render_diags(p->cli, &failures, p->project->root);
}

enum exit_status testing_run(struct cli *cli, const struct project *p,
			     enum testing_output output, struct unit_tests *out)
{
	struct printer printer = {
		.cli = cli,
		.project = p,
		.report = {&p->compilation.graph, &cli->out, cli->arena,
			   cli->common.verbose, 0},
	};
	bool lines = output != TESTING_NOTHING && !cli->common.quiet;
	struct unit_test_options options = {
		.max_rows = TEST_ROWS_SHOWN,
		.max_differences = output == TESTING_NOTHING
					   ? SIZE_MAX
					   : TEST_DIFFERENCES_SHOWN,
		.interrupted = signals_caught(),
		.done = lines ? print_line : NULL,
		.ctx = &printer,
	};
	struct error err = {0};
	struct clock clock = {0};
	int64_t start;

	*out = (struct unit_tests){0};
	if (!project_has_warehouse(p, &err)) {
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	test_report_init(&printer.report);
	clock_start(&clock);
	start = clock_ms(&clock);
	if (lines && output == TESTING_ALL)
		print_heading(&printer);
	if (!unit_tests_run(&p->compilation.graph, &options, cli->arena, out,
			    &err)) {
		render_error(cli, &err);
		return err.kind == ERROR_CANCELLED ? EXIT_SIGNAL
						   : cli_exit_of(&err);
	}
	if (output != TESTING_NOTHING)
		print_end(&printer, out,
			  (double)(clock_ms(&clock) - start) / 1e3);
	print_diags(&printer, out);
	if (out->nstopped && *signals_caught())
		return EXIT_SIGNAL;
	return out->nfailed || out->nstopped ? EXIT_FAILED : EXIT_OK;
}
