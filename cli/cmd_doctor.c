/*
 * weir doctor: goes the way that a run goes, step by step, and says of each
 * whether it works and if not what to do. It leaves nothing behind: a DuckDB
 * file that is not there yet is not made.
 */
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "cli/project.h"
#include "cli/report.h"
#include "cli/text.h"
#include "runtime/warehouse/warehouse.h"

struct doctor_args {
	struct common_args common;
	struct project_args project;
};

static const struct opt_group doctor_groups[] = {
	{"Project", project_opts, offsetof(struct doctor_args, project)},
	{"Overrides", override_opts, offsetof(struct doctor_args, project)},
	{"Common options", common_opts, offsetof(struct doctor_args, common)},
	{NULL},
};

struct doctor {
	struct cli *cli;
	enum exit_status status; /* of the first thing that fails */
	struct buf out;
};

static void put_line(struct doctor *d, bool ok, const char *subject,
		     struct str text)
{
	const struct term *t = &d->cli->out;

	buf_printf(&d->out, "  %s%-4s%s  %-12s  ",
		   term_paint(t, ok ? PAINT_OK : PAINT_ERROR),
		   ok ? "ok" : "FAIL", term_paint(t, PAINT_OFF), subject);
	text_put_lines(&d->out, text, "                      ");
	buf_addc(&d->out, '\n');
}

static void put_fail(struct doctor *d, const char *subject, struct str text,
		     const char *advice, enum exit_status status)
{
	const struct term *t = &d->cli->out;

	put_line(d, false, subject, text);
	if (*advice) {
		buf_printf(&d->out, "                      = %shelp%s: ",
			   term_paint(t, PAINT_HELP), term_paint(t, PAINT_OFF));
		text_put_lines(&d->out, str_of(advice),
			       "                              ");
		buf_addc(&d->out, '\n');
	}
	if (d->status == EXIT_OK)
		d->status = status;
}

static void put_error(struct doctor *d, const char *subject,
		      const struct error *err)
{
	put_fail(d, subject, str_of(err->text), err->hint, cli_exit_of(err));
}

static bool check_project(struct doctor *d, const char *root)
{
	static const char *const names[] = {"workflow_settings.yaml",
					    "dataform.json"};

	for (size_t i = 0; i < 2; i++) {
		const char *path = path_join(d->cli->arena, root, names[i]);

		if (!file_exists(path))
			continue;
		put_line(d, true, "project", str_of(path));
		return true;
	}
	put_fail(d, "project",
		 arena_printf(d->cli->arena, "no settings in %s", root),
		 "change into a project's folder, or make one: weir init",
		 EXIT_PROJECT);
	return false;
}

static void check_writing(struct doctor *d, const char *root)
{
	if (access(root, W_OK) == 0)
		put_line(d, true, "folder", STR("can be written to"));
	else
		put_fail(d, "folder", STR("cannot be written to"),
			 "results of runs are kept in .weir: allow it there",
			 EXIT_FAILED);
}

static bool check_compiling(struct doctor *d, const struct project *p)
{
	const struct diags *diags = &p->compilation.diags;
	struct buf b = {0};

	if (p->compiled) {
		text_put_plural(&b, project_count(p), "action");
		buf_adds(&b, " compiled");
		put_line(d, true, "compiling", buf_str(&b));
	} else {
		text_put_plural(&b, diags->nerrors, "error");
		put_fail(d, "compiling", buf_str(&b), "weir compile shows them",
			 EXIT_PROJECT);
	}
	buf_free(&b);
	return p->compilation.has_graph;
}

static void check_target(struct doctor *d, const struct profile *profile)
{
	struct buf b = {0};

	report_target(profile, d->cli->arena, &b);
	put_line(d, true, "target", buf_str(&b));
	buf_free(&b);
}

/* Opens and asks for the version; true if that went well. */
static bool check_open(struct doctor *d, const struct profile *profile,
		       const char *root, const char *subject,
		       struct warehouse **out)
{
	struct error err = {0};
	struct str version;

	if (!warehouse_open(profile, root, NULL, NULL, out, &err)) {
		put_error(d, subject, &err);
		return false;
	}
	if (warehouse_version(*out, d->cli->arena, &version, &err)) {
		put_line(d, true, subject, version);
		return true;
	}
	put_error(d, subject, &err);
	(*out)->ops->close(*out);
	return false;
}

static void check_duckdb(struct doctor *d, const struct profile *profile,
			 const char *root)
{
	struct profile memory = *profile;
	struct warehouse *w;
	const char *path = arena_cstr(d->cli->arena, profile->path);

	memory.path = STR(":memory:");
	if (!check_open(d, &memory, root, "library", &w))
		return;
	w->ops->close(w);
	if (str_is(profile->path, ":memory:"))
		return;
	if (path[0] != '/')
		path = path_join(d->cli->arena, root, path);
	if (!file_exists(path))
		put_line(d, true, "connection",
			 STR("no database yet; the first run makes it"));
	else if (check_open(d, profile, root, "connection", &w))
		w->ops->close(w);
}

static void put_schema(struct buf *b, const struct graph *g, uint32_t action)
{
	buf_adds(b, ", (");
	dialect_put_string(g->profile->dialect, b,
			   g->actions[action].target.schema);
	buf_addc(b, ')');
}

/* Whether we may make schemas, and which of the project's are not there. */
static struct str permissions_query(const struct graph *g, struct arena *arena)
{
	struct buf b = {0};
	struct str sql;

	buf_adds(&b, "select current_user, current_database(), "
		     "has_database_privilege(current_database(), 'CREATE'), "
		     "(select string_agg(distinct name, ', ') from (values "
		     "(null)");
	for (uint32_t i = 0; i < g->nactions; i++)
		if (action_is_runnable(&g->actions[i]) &&
		    !g->actions[i].disabled)
			put_schema(&b, g, i);
	for (uint32_t i = 0; i < g->nloads; i++)
		put_schema(&b, g, g->loads[i].action);
	buf_adds(&b, ") as s (name) where name <> '' and not exists (select "
		     "from pg_namespace where nspname = name))");
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

static void put_permissions(struct doctor *d, struct str user,
			    struct str database, bool may_create,
			    struct str missing)
{
	struct arena *arena = d->cli->arena;

	if (may_create)
		put_line(d, true, "permissions", STR("may create schemas"));
	else if (!missing.n)
		put_line(d, true, "permissions",
			 STR("may not create schemas, but all are there"));
	else
		put_fail(d, "permissions",
			 arena_printf(arena,
				      "%.*s may not create schemas in %.*s, "
				      "which lacks %.*s",
				      STR_ARG(user), STR_ARG(database),
				      STR_ARG(missing)),
			 "make the schemas by hand, or: "
			 "grant create on database ... to ...",
			 EXIT_CONNECT);
}

static void check_postgres(struct doctor *d, const struct project *p)
{
	const struct graph *g = &p->compilation.graph;
	struct error err = {0};
	struct rows rows = {0};
	struct warehouse *w;

	if (!check_open(d, g->profile, p->root, "connection", &w))
		return;
	if (w->ops->query(w, permissions_query(g, d->cli->arena), 1,
			  d->cli->arena, &rows, &err)) {
		put_permissions(d, rows.values[0], rows.values[1],
				str_is(rows.values[2], "t"), rows.values[3]);
	} else {
		secrets_hide_error(&g->profile->secrets, &err);
		put_error(d, "permissions", &err);
	}
	w->ops->close(w);
}

static void check_connection(struct doctor *d, const struct project *p)
{
	const struct profile *profile = p->compilation.graph.profile;
	struct error err = {0};

	switch (profile->dialect->kind) {
	case WAREHOUSE_DUCKDB:
		check_duckdb(d, profile, p->root);
		break;
	case WAREHOUSE_POSTGRES:
		check_postgres(d, p);
		break;
	case WAREHOUSE_BIGQUERY:
		if (!project_has_warehouse(p, &err))
			put_error(d, "connection", &err);
		break;
	}
}

static void check_all(struct doctor *d, const struct project *p)
{
	if (!check_project(d, p->root))
		return;
	check_writing(d, p->root);
	if (!check_compiling(d, p))
		return;
	check_target(d, p->compilation.graph.profile);
	check_connection(d, p);
}

static int doctor_run(struct cli *cli, const void *values)
{
	const struct doctor_args *args = values;
	struct doctor d = {.cli = cli};
	struct project p;
	enum exit_status status =
		project_read(cli, &args->project, cli_operand(cli, 0), &p);

	if (status != EXIT_OK)
		return (int)status;
	put_line(&d, true, "weir", STR(WEIR_VERSION));
	check_all(&d, &p);
	term_write(&cli->out, &d.out);
	buf_free(&d.out);
	return (int)d.status;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.operands = "[DIR]",
	.summary = "Say what is set up and what is not.",
	.about = "Looks at the project, its target and the warehouse: each "
		 "line is ok, or FAIL with\nwhat to do.",
	.examples = "weir doctor\n"
		    "weir doctor --target prod",
	.groups = doctor_groups,
	.max_operands = 1,
	.args_size = sizeof(struct doctor_args),
	.run = doctor_run,
};
