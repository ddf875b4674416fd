/* weir compile: the graph, for people and for programs. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/watch.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "compiler/graph_print.h"

struct compile_args {
	struct common_args common;
	struct project_args project;
	struct selection_args selection;
	bool json, dot, watch;
};

#define AT(field) offsetof(struct compile_args, field)

static const struct opt compile_opts[] = {
	{"json", 0, OPT_FLAG, AT(json), NULL,
	 "print the graph as Dataform does, with errors in graphErrors"},
	{"dot", 0, OPT_FLAG, AT(dot), NULL, "print the graph for Graphviz"},
	{"watch", 0, OPT_FLAG, AT(watch), NULL,
	 "compile again whenever a file of the project changes, until stopped "
	 "by a signal"},
	{NULL},
};

static const struct opt_group compile_groups[] = {
	{"Options", compile_opts, 0},
	{"Project", project_opts, AT(project)},
	{"Output", output_opts, AT(selection)},
	{"Overrides", override_opts, AT(project)},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

enum section { DATASETS, ASSERTIONS, OPERATIONS, NSECTIONS };

static const char *const section_names[] = {"dataset", "assertion",
					    "operation"};

static enum section section_of(enum action_type type)
{
	switch (type) {
	case ACTION_TABLE:
	case ACTION_VIEW:
	case ACTION_INCREMENTAL:
		return DATASETS;
	case ACTION_ASSERTION:
		return ASSERTIONS;
	case ACTION_OPERATION:
		return OPERATIONS;
	default:
		break;
	}
	return NSECTIONS;
}

static void put_action(struct cli *cli, const struct action *a, struct buf *b)
{
	buf_adds(b, "  ");
	text_put(b, target_short(cli->arena, &a->target));
	if (section_of(a->type) == DATASETS)
		buf_printf(b, " [%s]", action_type_name(a->type));
	if (a->disabled)
		buf_adds(b, " [disabled]");
	if (cli->common.verbose && a->file.p) {
		buf_adds(b, "  ");
		text_put(b, a->file);
	}
	buf_addc(b, '\n');
}

static void put_section(struct cli *cli, const struct graph *g,
			const bool *selected, enum section section, size_t n,
			struct buf *b)
{
	if (!n)
		return;
	buf_addc(b, '\n');
	text_put_plural(b, n, section_names[section]);
	buf_adds(b, ":\n");
	for (uint32_t i = 0; i < g->nactions; i++)
		if (selected[i] && section_of(g->actions[i].type) == section)
			put_action(cli, &g->actions[i], b);
}

static void print_summary(struct cli *cli, const struct project *p,
			  const bool *selected)
{
	const struct graph *g = &p->compilation.graph;
	size_t counts[NSECTIONS + 1] = {0};
	struct buf b = {0};

	for (uint32_t i = 0; i < g->nactions; i++)
		if (selected[i])
			counts[section_of(g->actions[i].type)]++;
	buf_adds(&b, "Compiled ");
	text_put_plural(
		&b, counts[DATASETS] + counts[ASSERTIONS] + counts[OPERATIONS],
		"action");
	buf_printf(&b, " in %.0f ms.\n", p->compile_ms);
	for (enum section s = 0; s < NSECTIONS && !cli->common.quiet; s++)
		put_section(cli, g, selected, s, counts[s], &b);
	term_write(&cli->out, &b);
	buf_free(&b);
}

static bool is_filtered(const struct selection_args *s)
{
	return s->actions.n || s->tags.n || s->include_deps ||
	       s->include_dependents;
}

/* Of a project with errors all of the graph is printed, as far as it goes. */
static enum exit_status print_graph(struct cli *cli,
				    const struct compile_args *args,
				    const struct project *p)
{
	const bool *selected = NULL;
	bool ok = true;

	if (p->compiled &&
	    (is_filtered(&args->selection) || (!args->json && !args->dot))) {
		selected = project_select(cli, p, &args->selection, "output-");
		if (!selected)
			return EXIT_USAGE;
	}
	if (args->json)
		ok = graph_print_json(&p->compilation, selected, cli->out.f);
	else if (args->dot)
		ok = graph_print_dot(&p->compilation.graph, selected,
				     cli->out.f);
	else if (p->compiled)
		print_summary(cli, p, selected);
	return ok ? EXIT_OK : EXIT_FAILED;
}

static enum exit_status compile_once(struct cli *cli,
				     const struct compile_args *args)
{
	struct project p;
	enum exit_status status =
		project_compile(cli, &args->project, cli_operand(cli, 0), &p);

	if (status == EXIT_OK && p.compilation.has_graph)
		status = print_graph(cli, args, &p);
	if (status == EXIT_OK && !p.compiled)
		status = EXIT_PROJECT;
	return status;
}

/* Packages change when they are installed, names with a dot are no source,
 * and "name~" is what an editor leaves behind. */
static bool is_no_source(struct str name)
{
	return str_starts(name, STR(".")) || str_is(name, "node_modules") ||
	       name.p[name.n - 1] == '~';
}

/* Beside a graph for a program it is said on standard error. */
static void say_watching(struct cli *cli, const struct compile_args *args)
{
	FILE *f = args->json || args->dot ? cli->err.f : cli->out.f;

	fputs("\nWatching for changes...\n\n", f);
	fflush(cli->err.f);
	fflush(cli->out.f);
}

/* Each time in an arena of its own. */
static enum watch_result compile_and_wait(struct cli *cli,
					  const struct compile_args *args,
					  struct watch *watch,
					  struct error *err)
{
	struct arena *outer = cli->arena;

	cli->arena = arena_new();
	compile_once(cli, args);
	arena_free(cli->arena);
	cli->arena = outer;
	say_watching(cli, args);
	if (ferror(cli->out.f))
		return WATCH_STOPPED;
	return watch_wait(watch, signals_caught(), err);
}

static int compile_watch(struct cli *cli, const struct compile_args *args)
{
	enum watch_result result = WATCH_FAILED;
	struct watch *watch = NULL;
	struct error err = {0};
	const char *root;

	if (!project_find(cli, cli_operand(cli, 0), &root, &err)) {
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	signals_catch();
	watch = watch_start(root, is_no_source, &err);
	if (watch) {
		do
			result = compile_and_wait(cli, args, watch, &err);
		while (result == WATCH_CHANGED);
		watch_end(watch);
	}
	if (result == WATCH_FAILED)
		render_error(cli, &err);
	if (result == WATCH_STOPPED && *signals_caught())
		return EXIT_SIGNAL + *signals_caught();
	return EXIT_FAILED;
}

static int compile_run(struct cli *cli, const void *values)
{
	const struct compile_args *args = values;
	struct error err = {0};

	if (args->json && args->dot) {
		error_set(&err, ERROR_USAGE,
			  "--json and --dot exclude each "
			  "other");
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	if (args->watch)
		return compile_watch(cli, args);
	return (int)compile_once(cli, args);
}

const struct command cmd_compile = {
	.name = "compile",
	.operands = "[DIR]",
	.summary = "Compile a project to a graph and say what is wrong with "
		   "it.",
	.about = "DIR is the project's folder; by default the nearest one at "
		 "or above the\nworking folder that has "
		 "workflow_settings.yaml or dataform.json.",
	.examples = "weir compile\n"
		    "weir compile --watch\n"
		    "weir compile --json --target prod >graph.json\n"
		    "weir compile --dot --output-tags daily | dot -Tsvg "
		    ">graph.svg",
	.groups = compile_groups,
	.max_operands = 1,
	.args_size = sizeof(struct compile_args),
	.run = compile_run,
};
