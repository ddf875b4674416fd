/* weir show ACTION: one action, its SQL, its neighbours, its rows. */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/history.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/rows_json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "compiler/select.h"
#include "runtime/preview.h"

enum { RUNS_SHOWN = 5, ROWS_MAX = 1000000 };

struct show_args {
	struct common_args common;
	struct project_args project;
	bool sql, json;
	int rows;
};

#define AT(field) offsetof(struct show_args, field)

static const struct opt show_opts[] = {
	{"sql", 0, OPT_FLAG, AT(sql), NULL, "print the compiled SQL only"},
	{"rows", 0, OPT_INT, AT(rows), "N",
	 "print the first N rows that the warehouse holds", 1, ROWS_MAX},
	{"json", 0, OPT_FLAG, AT(json), NULL,
	 "with --rows: as an array of objects, one a line; a number with more "
	 "digits than a double holds is text"},
	{NULL},
};

static const struct opt_group show_groups[] = {
	{"Options", show_opts, 0},
	{"Project", project_opts, AT(project)},
	{"Overrides", override_opts, AT(project)},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

struct show {
	struct cli *cli;
	const struct project *p;
	const struct graph *g;
	const struct action *a;
	uint32_t id;
	struct buf out;
};

static void put_heading(struct show *s, const char *text)
{
	buf_printf(&s->out, "\n%s%s%s\n",
		   term_paint(&s->cli->out, PAINT_STRONG), text,
		   term_paint(&s->cli->out, PAINT_OFF));
}

static void put_neighbour(struct show *s, const struct action *a)
{
	buf_printf(&s->out, "  %-11s  ", action_type_name(a->type));
	text_put(&s->out, target_short(s->cli->arena, &a->target));
	buf_addc(&s->out, '\n');
}

static void put_deps(struct show *s)
{
	if (s->a->ndeps)
		put_heading(s, "Needs");
	for (uint32_t i = 0; i < s->a->ndeps; i++)
		if (s->a->dep_ids[i] != ACTION_NONE)
			put_neighbour(s, &s->g->actions[s->a->dep_ids[i]]);
}

static bool depends_on(const struct action *a, uint32_t id)
{
	for (uint32_t i = 0; i < a->ndeps; i++)
		if (a->dep_ids[i] == id)
			return true;
	return false;
}

static void put_dependents(struct show *s)
{
	bool any = false;

	for (uint32_t i = 0; i < s->g->nactions; i++) {
		if (!depends_on(&s->g->actions[i], s->id))
			continue;
		if (!any)
			put_heading(s, "Needed by");
		any = true;
		put_neighbour(s, &s->g->actions[i]);
	}
}

/* SQL stands as it will be sent, without the blank lines around it. */
static void put_sql(struct show *s, struct str sql)
{
	text_put_lines(&s->out, str_trim(sql), "");
	buf_addc(&s->out, '\n');
}

static void put_statements(struct show *s, const char *heading,
			   const struct strs *all)
{
	for (size_t i = 0; i < all->n; i++) {
		if (heading && i == 0)
			put_heading(s, heading);
		if (i)
			buf_adds(&s->out, ";\n");
		put_sql(s, all->v[i]);
	}
}

static void put_all_sql(struct show *s)
{
	const struct action *a = s->a;

	put_statements(s, "Before it", &a->pre_ops);
	put_statements(s, "SQL", &a->queries);
	if (a->query.p) {
		put_heading(s, "SQL");
		put_sql(s, a->query);
	}
	if (a->incremental_query.p && !str_eq(a->incremental_query, a->query)) {
		put_heading(s, "SQL of an increment");
		put_sql(s, a->incremental_query);
	}
	if (a->expected_query.p) {
		put_heading(s, "Expected rows");
		put_sql(s, a->expected_query);
	}
	if (a->jit_code.p) {
		put_heading(s, "JavaScript that makes its SQL when it runs");
		put_sql(s, a->jit_code);
	}
	put_statements(s, "After it", &a->post_ops);
}

static void put_run(struct show *s, const struct past_step *past)
{
	size_t used;

	buf_adds(&s->out, "  ");
	text_put(&s->out, past->run);
	buf_adds(&s->out, "  ");
	used = text_put(&s->out, past->status);
	if (past->milliseconds >= 0) {
		text_pad(&s->out, used < 9 ? 9 - used : 1);
		buf_printf(&s->out, "%8.2f s",
			   (double)past->milliseconds / 1e3);
	}
	if (past->rows >= 0) {
		buf_adds(&s->out, past->added ? " +" : "  ");
		text_put_plural(&s->out, (size_t)past->rows, "row");
		buf_adds(&s->out, past->merged ? " merged" : "");
	}
	buf_addc(&s->out, '\n');
}

static void put_runs(struct show *s)
{
	struct past_step past[RUNS_SHOWN];
	size_t n = history_read(s->p->root,
				target_short(s->cli->arena, &s->a->target),
				RUNS_SHOWN, s->cli->arena, past);

	if (n)
		put_heading(s, "Last runs");
	for (size_t i = 0; i < n; i++)
		put_run(s, &past[i]);
}

static void put_tags(struct show *s)
{
	for (size_t i = 0; i < s->a->tags.n; i++) {
		buf_adds(&s->out, i ? ", " : "\ntags: ");
		text_put(&s->out, s->a->tags.v[i]);
	}
}

static void put_action(struct show *s)
{
	const struct action *a = s->a;

	text_put(&s->out, target_text(s->cli->arena, &a->target));
	buf_printf(&s->out, "\n%s%s", action_type_name(a->type),
		   a->disabled ? ", disabled" : "");
	if (a->file.p) {
		buf_adds(&s->out, " in ");
		text_put(&s->out, a->file);
	}
	put_tags(s);
	buf_addc(&s->out, '\n');
	put_deps(s);
	put_dependents(s);
	put_all_sql(s);
	put_runs(s);
}

static enum exit_status put_rows(struct show *s, const struct show_args *args)
{
	const struct term *t = &s->cli->out;
	struct error err = {0};
	struct rows rows = {0};
	struct strs types = {0};

	if (!project_has_warehouse(s->p, &err) ||
	    !preview_action(s->g, s->id, (uint32_t)args->rows, s->cli->arena,
			    &rows, &types, &err)) {
		render_error(s->cli, &err);
		return cli_exit_of(&err);
	}
	if (args->json)
		rows_json_put(&rows, &types, &s->out);
	else
		table_put(&rows, rows.nrows, 0,
			  t->live ? term_width(t) : SIZE_MAX, t, s->cli->arena,
			  &s->out);
	return EXIT_OK;
}

static enum exit_status show_action(struct show *s,
				    const struct show_args *args)
{
	enum exit_status status = EXIT_OK;

	if (args->rows) {
		status = put_rows(s, args);
	} else if (args->sql) {
		if (s->a->query.p)
			put_sql(s, s->a->query);
		put_statements(s, NULL, &s->a->queries);
	} else {
		put_action(s);
	}
	term_write(&s->cli->out, &s->out);
	buf_free(&s->out);
	return status;
}

static bool check_args(struct cli *cli, const struct show_args *args,
		       struct error *err)
{
	if (!cli->operands.n) {
		error_set(err, ERROR_USAGE, "name an action");
		return error_hint(err, "weir list prints them");
	}
	if (args->sql && args->rows)
		return error_set(err, ERROR_USAGE,
				 "--sql and --rows exclude each other");
	if (args->json && !args->rows)
		return error_set(err, ERROR_USAGE,
				 "--json of show needs --rows");
	return true;
}

static int show_run(struct cli *cli, const void *values)
{
	const struct show_args *args = values;
	struct show s = {.cli = cli};
	struct error err = {0};
	struct project p;
	enum exit_status status;

	if (!check_args(cli, args, &err)) {
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	status = project_compile(cli, &args->project, cli_operand(cli, 1), &p);
	if (status != EXIT_OK)
		return (int)status;
	if (!p.compiled)
		return EXIT_PROJECT;
	s.p = &p;
	s.g = &p.compilation.graph;
	if (!select_find(s.g, cli->operands.v[0], cli->arena, &s.id, &err)) {
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	s.a = &s.g->actions[s.id];
	return (int)show_action(&s, args);
}

const struct command cmd_show = {
	.name = "show",
	.operands = "ACTION [DIR]",
	.summary = "Print one action: its compiled SQL, what it needs and what "
		   "needs it.",
	.about = "ACTION is NAME, SCHEMA.NAME or DATABASE.SCHEMA.NAME. Of an "
		 "incremental table\n--sql prints the query of a full refresh.",
	.examples = "weir show orders\n"
		    "weir show orders --sql | duckdb\n"
		    "weir show orders --rows 10",
	.groups = show_groups,
	.max_operands = 2,
	.names = "actions",
	.args_size = sizeof(struct show_args),
	.run = show_run,
};
