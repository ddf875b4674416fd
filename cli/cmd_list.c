/* weir list: the selected actions, one a line. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json_write.h"
#include "cli/project.h"
#include "cli/text.h"

struct list_args {
	struct common_args common;
	struct project_args project;
	struct selection_args selection;
	bool json;
};

#define AT(field) offsetof(struct list_args, field)

static const struct opt list_opts[] = {
	{"json", 0, OPT_FLAG, AT(json), NULL,
	 "print an array of objects with name, type, file, tags, dependencies"},
	{NULL},
};

static const struct opt_group list_groups[] = {
	{"Options", list_opts, 0},
	{"Selection", selection_opts, AT(selection)},
	{"Project", project_opts, AT(project)},
	{"Overrides", override_opts, AT(project)},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

/* As short as it can be and still be selected by it: on a warehouse without
 * databases no two actions have the same schema and name. */
static struct str name_of(struct cli *cli, const struct graph *g,
			  const struct target *t)
{
	return g->profile->dialect->has_database ? target_text(cli->arena, t)
						 : target_short(cli->arena, t);
}

static void print_lines(struct cli *cli, const struct graph *g,
			const bool *selected)
{
	size_t width = 0;
	struct buf b = {0};

	for (uint32_t i = 0; i < g->nactions; i++) {
		size_t w = selected[i] ? text_width(name_of(
						 cli, g, &g->actions[i].target))
				       : 0;

		width = w > width ? w : width;
	}
	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct action *a = &g->actions[i];
		size_t used;

		if (!selected[i])
			continue;
		used = text_put(&b, name_of(cli, g, &a->target));
		if (cli->common.verbose) {
			text_pad(&b, width - used + 2);
			buf_printf(&b, "%-11s  ", action_type_name(a->type));
			text_put(&b, a->file);
		}
		buf_addc(&b, '\n');
	}
	term_write(&cli->out, &b);
	buf_free(&b);
}

static void put_json(struct cli *cli, const struct graph *g,
		     const struct action *a, struct json_writer *w)
{
	json_begin_object(w);
	json_put_str(w, "name", name_of(cli, g, &a->target));
	json_put_str(w, "type", str_of(action_type_name(a->type)));
	if (a->file.p)
		json_put_str(w, "file", a->file);
	json_put_bool(w, "disabled", a->disabled);
	json_key(w, "tags");
	json_begin_array(w);
	for (size_t i = 0; i < a->tags.n; i++)
		json_str(w, a->tags.v[i]);
	json_end_array(w);
	json_key(w, "dependencies");
	json_begin_array(w);
	for (uint32_t i = 0; i < a->ndeps; i++)
		json_str(w, name_of(cli, g, &a->deps[i]));
	json_end_array(w);
	json_end_object(w);
}

static bool print_json(struct cli *cli, const struct graph *g,
		       const bool *selected)
{
	struct json_writer w;

	json_start(&w, cli->out.f, 2);
	json_begin_array(&w);
	for (uint32_t i = 0; i < g->nactions; i++)
		if (selected[i])
			put_json(cli, g, &g->actions[i], &w);
	json_end_array(&w);
	buf_addc(&w.out, '\n');
	return json_end(&w);
}

static int list_run(struct cli *cli, const void *values)
{
	const struct list_args *args = values;
	const bool *selected;
	struct project p;
	enum exit_status status =
		project_compile(cli, &args->project, cli_operand(cli, 0), &p);

	if (status != EXIT_OK)
		return (int)status;
	if (!p.compiled)
		return EXIT_PROJECT;
	selected = project_select(cli, &p, &args->selection, "");
	if (!selected)
		return EXIT_USAGE;
	if (args->json)
		return print_json(cli, &p.compilation.graph, selected)
			       ? EXIT_OK
			       : EXIT_FAILED;
	print_lines(cli, &p.compilation.graph, selected);
	return EXIT_OK;
}

const struct command cmd_list = {
	.name = "list",
	.operands = "[DIR]",
	.summary = "Print the selected actions, one a line.",
	.about = "Without --actions and --tags all that a run can build are "
		 "printed: not\ndeclarations, tests, notebooks, data "
		 "preparations and property graphs, which\n`weir compile "
		 "--json` shows. With --verbose types and files stand beside "
		 "the\nnames.",
	.examples = "weir list --tags daily\n"
		    "weir list --actions orders --include-dependents",
	.groups = list_groups,
	.max_operands = 1,
	.args_size = sizeof(struct list_args),
	.run = list_run,
};
