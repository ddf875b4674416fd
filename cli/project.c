/* Options that commands share which work on a project, and what they mean. */
#include "cli/project.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/file.h"
#include "base/path.h"
#include "base/pool.h"
#include "cli/old_project.h"
#include "cli/render.h"
#include "cli/signals.h"
#include "compiler/project/tree.h"
#include "compiler/select.h"
#include "runtime/warehouse/warehouse.h"

#define AT(field) offsetof(struct project_args, field)

const struct opt project_opts[] = {
	{"target", 0, OPT_STRING, AT(target), "NAME",
	 "the target of weir.yaml; by default its defaultTarget",
	 .names = "targets"},
	{"timeout", 0, OPT_DURATION, AT(timeout_ms), "TIME",
	 "how long the project's JavaScript may run, by default 60s"},
	{NULL},
};

#define OVERRIDE(field) offsetof(struct project_args, overrides.field)

const struct opt override_opts[] = {
	{"vars", 0, OPT_VARS, AT(vars), "A=B,C=D",
	 "variables of the project; a comma starts a new pair only where NAME= "
	 "follows, and \\, is a comma"},
	{"var", 0, OPT_VAR, AT(vars), "NAME=VALUE",
	 "one variable, with everything behind the first ="},
	{"default-database", 0, OPT_STRING, OVERRIDE(default_database), "NAME",
	 "instead of defaultProject"},
	{"default-schema", 0, OPT_STRING, OVERRIDE(default_schema), "NAME",
	 "instead of defaultDataset"},
	{"default-location", 0, OPT_STRING, OVERRIDE(default_location), "NAME",
	 "instead of defaultLocation"},
	{"assertion-schema", 0, OPT_STRING, OVERRIDE(assertion_schema), "NAME",
	 "instead of defaultAssertionDataset"},
	{"database-suffix", 0, OPT_STRING, OVERRIDE(database_suffix), "TEXT",
	 "behind the name of every database"},
	{"schema-suffix", 0, OPT_STRING, OVERRIDE(schema_suffix), "TEXT",
	 "behind the name of every schema"},
	{"table-prefix", 0, OPT_STRING, OVERRIDE(table_prefix), "TEXT",
	 "before the name of every action"},
	{"default-reservation", 0, OPT_STRING, OVERRIDE(default_reservation),
	 "NAME", "instead of defaultReservation"},
	{"disable-assertions", 0, OPT_FLAG, OVERRIDE(disable_assertions), NULL,
	 "compile assertions as disabled"},
	{NULL},
};

#undef AT
#define AT(field) offsetof(struct selection_args, field)

const struct opt selection_opts[] = {
	{"actions", 0, OPT_LIST, AT(actions), "NAME",
	 "only these actions: NAME, SCHEMA.NAME or DATABASE.SCHEMA.NAME; * "
	 "stands for any text",
	 .names = "actions"},
	{"tags", 0, OPT_LIST, AT(tags), "TAG",
	 "only actions with one of these tags", .names = "tags"},
	{"include-deps", 0, OPT_FLAG, AT(include_deps), NULL,
	 "and what the chosen actions depend on"},
	{"include-dependents", 0, OPT_FLAG, AT(include_dependents), NULL,
	 "and what depends on them"},
	{NULL},
};

const struct opt output_opts[] = {
	{"output-actions", 0, OPT_LIST, AT(actions), "NAME",
	 "print only these actions: NAME, SCHEMA.NAME or DATABASE.SCHEMA.NAME; "
	 "* stands for any text",
	 .names = "actions"},
	{"output-tags", 0, OPT_LIST, AT(tags), "TAG",
	 "print only actions with one of these tags", .names = "tags"},
	{"output-include-deps", 0, OPT_FLAG, AT(include_deps), NULL,
	 "and what the chosen actions depend on"},
	{"output-include-dependents", 0, OPT_FLAG, AT(include_dependents), NULL,
	 "and what depends on them"},
	{NULL},
};

struct str cli_operand(const struct cli *cli, size_t i)
{
	return i < cli->operands.n ? cli->operands.v[i] : (struct str){0};
}

static bool has_settings(struct arena *arena, const char *dir)
{
	return file_is_regular(
		       path_join(arena, dir, "workflow_settings.yaml")) ||
	       file_is_regular(path_join(arena, dir, "dataform.json"));
}

/* Only the root of the file system is its own parent. */
static bool is_same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) != 0 || stat(b, &y) != 0 ||
	       (x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

/* The folder at or above dir that has settings; NULL if there is none. */
static const char *find_above(struct arena *arena, const char *dir)
{
	const char *parent;

	while (!has_settings(arena, dir)) {
		if (strcmp(dir, ".") == 0)
			parent = "..";
		else
			parent = path_join(arena, dir, "..");
		if (is_same_folder(dir, parent))
			return NULL;
		dir = parent;
	}
	return arena_cstr(arena, str_of(dir));
}

static bool is_operand(const struct cli *cli, const char *arg)
{
	for (size_t i = 0; i < cli->operands.n; i++)
		if (cli->operands.v[i].p == arg)
			return true;
	return false;
}

/* A project's folder behind a list option, which takes all that follows. */
static bool refuse_swallowed(const struct cli *cli, struct error *err)
{
	const char *option = NULL;

	for (char **arg = cli->argv; arg && *arg; arg++) {
		if ((*arg)[0] == '-') {
			option = *arg;
			continue;
		}
		if (!option || is_operand(cli, *arg) ||
		    !has_settings(cli->arena, *arg))
			continue;
		error_set(err, ERROR_USAGE,
			  "there is no project here, and the folder \"%s\" was "
			  "taken as a value of %s",
			  *arg, option);
		error_hint(err, "write the folder first: weir %s %s %s ...",
			   cli->command->name, *arg, option);
		return true;
	}
	return false;
}

static bool find_from_here(struct cli *cli, const char **root,
			   struct error *err)
{
	*root = find_above(cli->arena, ".");
	if (*root)
		return true;
	*root = "."; /* the compiler says what is missing */
	return !refuse_swallowed(cli, err);
}

/* A folder of a project in place of the project's own. */
static bool is_root(struct cli *cli, const char *dir, struct error *err)
{
	const char *root = find_above(cli->arena, dir);
	struct str shorter;

	if (!root || strcmp(root, dir) == 0)
		return true;
	shorter = path_within(cli->arena, STR(""), str_of(root));
	if (shorter.p && root[0] != '/')
		root = shorter.n ? shorter.p : ".";
	error_set(err, ERROR_USAGE, "\"%s\" is a folder inside a project", dir);
	return error_hint(err, "name the project's own folder: weir %s %s",
			  cli->command->name, root);
}

bool project_find(struct cli *cli, struct str dir, const char **root,
		  struct error *err)
{
	if (!dir.p)
		return find_from_here(cli, root, err);
	*root = dir.p;
	if (file_is_folder(dir.p))
		return is_root(cli, dir.p, err);
	if (!file_exists(dir.p))
		return error_set(err, ERROR_USAGE, "there is no folder \"%s\"",
				 dir.p);
	error_set(err, ERROR_USAGE, "\"%s\" is no folder", dir.p);
	return error_hint(err, "name the project's folder, the one with "
			       "workflow_settings.yaml");
}

static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_word(s.p[i]))
			return false;
	return true;
}

static void unset_if_empty(struct str *s)
{
	if (s->n == 0)
		*s = (struct str){0};
}

/* As in Dataform, an empty value overrides nothing. */
static bool get_overrides(const struct project_args *args,
			  struct overrides *out, struct error *err)
{
	*out = args->overrides;
#define KEY(name, field) unset_if_empty(&out->field);
	OVERRIDE_STRINGS(KEY)
#undef KEY
	out->vars = args->vars.v;
	out->nvars = args->vars.n;
	if (is_word(out->schema_suffix))
		return true;
	error_set(err, ERROR_USAGE, "--schema-suffix cannot be \"%.*s\"",
		  STR_ARG(out->schema_suffix));
	return error_hint(err, "use letters, digits and underscores");
}

/* https://reproducible-builds.org/specs/source-date-epoch/ */
static bool get_epoch(const struct project_args *args,
		      struct compile_options *out, struct error *err)
{
	enum { DIGITS_MAX = 12 }; /* beyond 30,000 years from now */
	const char *text = getenv("SOURCE_DATE_EPOCH");

	out->has_epoch = true;
	out->epoch = args->has_epoch ? args->epoch : (uint64_t)time(NULL);
	if (args->has_epoch || !text || !*text)
		return true;
	if (text[strspn(text, "0123456789")] || strlen(text) > DIGITS_MAX) {
		error_set(err, ERROR_USAGE,
			  "SOURCE_DATE_EPOCH cannot be \"%s\"", text);
		return error_hint(err, "write seconds since 1970 in digits: "
				       "SOURCE_DATE_EPOCH=1767225600");
	}
	out->epoch = strtoull(text, NULL, 10);
	return true;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Whether --target names what weir.yaml does not have: a mistake in weir.yaml
 * itself has a place in it. */
static bool is_misspelt_target(const struct project_args *args,
			       const struct diags *diags)
{
	for (size_t i = 0; args->target.p && i < diags->n; i++)
		if (diags->v[i].code == DIAG_UNKNOWN_TARGET &&
		    !diags->v[i].span.src)
			return true;
	return false;
}

/* The engine looks at the time between two steps, and one step may be the
 * search through an array of four thousand million. */
static void limit_compile(struct cli *cli, uint32_t timeout_ms,
			  const char *const volatile *running)
{
	enum { GRACE_MIN = 2, GRACE_MAX = 10 }; /* seconds */
	unsigned seconds = timeout_ms / 1000 + 1, grace = seconds;
	struct limit_text text = {
		.start = arena_printf(cli->arena,
				      "error[W403]: JavaScript ran longer than "
				      "%g s, in one call of a built-in "
				      "function\n",
				      timeout_ms / 1000.0),
		.end = STR("  = help: look for work on a huge array or text, "
			   "or allow more: --timeout=5m\n\n"
			   "1 error\n"),
		.alone = arena_printf(
			cli->arena,
			"error[W403]: compiling takes longer than %g s\n"
			"  = help: look for a file that is much larger than "
			"others, or allow more: --timeout=5m\n\n"
			"1 error\n",
			timeout_ms / 1000.0),
		.path = running,
	};

	if (grace < GRACE_MIN)
		grace = GRACE_MIN;
	if (grace > GRACE_MAX)
		grace = GRACE_MAX;
	signals_limit(seconds + grace, &text, EXIT_PROJECT);
}

struct readying {
	const struct profile *target;
	struct pool *thread;
};

static void get_ready(void *ctx, size_t item, unsigned thread)
{
	const struct readying *r = ctx;

	(void)item;
	(void)thread;
	warehouse_get_ready(r->target);
}

static void start_readying(void *ctx, const struct profile *target)
{
	struct readying *r = ctx;

	r->target = target;
	r->thread = pool_start_watched(1, get_ready, r);
}

enum exit_status project_read(struct cli *cli, const struct project_args *args,
			      struct str dir, struct project *out)
{
	const char *volatile running = NULL;
	struct readying readying = {0};
	struct compile_options options = {
		.profile = args->target,
		.timeout_ms = args->timeout_ms ? args->timeout_ms
					       : COMPILE_TIMEOUT_MS,
		.running = &running,
		.on_target = args->opens_warehouse ? start_readying : NULL,
		.ctx = &readying,
	};
	struct error err = {0};
	double start = now_ms();

	*out = (struct project){0};
	if (!get_overrides(args, &options.overrides, &err) ||
	    !get_epoch(args, &options, &err) ||
	    !project_find(cli, dir, &out->root, &err)) {
		render_error(cli, &err);
		return EXIT_USAGE;
	}
	out->epoch = options.epoch;
	limit_compile(cli, options.timeout_ms, &running);
	out->compiled =
		compile_project(tree_disk(cli->arena, out->root), &options,
				cli->arena, &out->compilation);
	signals_end_limit();
	if (readying.thread)
		pool_end(readying.thread);
	out->compile_ms = now_ms() - start;
	if (!is_misspelt_target(args, &out->compilation.diags))
		return EXIT_OK;
	render_diags(cli, &out->compilation.diags, out->root);
	return EXIT_USAGE;
}

enum exit_status project_compile(struct cli *cli,
				 const struct project_args *args,
				 struct str dir, struct project *out)
{
	enum exit_status status = project_read(cli, args, dir, out);

	if (status == EXIT_OK)
		render_diags(cli, &out->compilation.diags, out->root);
	return status;
}

static void advise_weirfile(const struct project *p, struct error *err)
{
	static const char *const elsewhere[] = {"..", "definitions"};
	struct arena *arena = p->compilation.arena;
	const char *settings = "workflow_settings.yaml";

	if (file_exists(path_join(arena, p->root, "dataform.json")))
		settings = "dataform.json";
	for (size_t i = 0; i < 2; i++) {
		const char *folder = path_join(arena, p->root, elsewhere[i]);
		const char *path = path_join(arena, folder, "weir.yaml");

		if (file_exists(path)) {
			error_hint(err, "it belongs beside %s: move %s there",
				   settings, path);
			return;
		}
	}
	error_hint(err,
		   "write a weir.yaml beside %s:\n"
		   "defaultTarget: dev\n"
		   "targets:\n"
		   "  dev: { warehouse: duckdb, path: .weir/dev.duckdb }\n"
		   "  prod: { warehouse: postgres, connection: "
		   "\"service=analytics\" }",
		   settings);
}

bool project_has_warehouse(const struct project *p, struct error *err)
{
	const struct compilation *c = &p->compilation;

	if (c->graph.profile->dialect->kind != WAREHOUSE_BIGQUERY)
		return true;
	if (old_project_refuse(p, err))
		return false;
	if (c->weirfile.src) {
		error_set(err, ERROR_USAGE,
			  "this version does not run on BigQuery");
		return error_hint(err, "add a duckdb or postgres target to "
				       "weir.yaml and choose it with --target");
	}
	error_set(err, ERROR_USAGE,
		  "there is no weir.yaml, so the target is BigQuery, which "
		  "this version does not run");
	advise_weirfile(p, err);
	return false;
}

/* To take along the neighbours of everything makes no sense. */
static bool check_selection(const struct selection_args *args,
			    const char *prefix, struct error *err)
{
	if (args->actions.n || args->tags.n ||
	    (!args->include_deps && !args->include_dependents))
		return true;
	return error_set(err, ERROR_USAGE,
			 "--%sinclude-%s needs --%sactions or --%stags", prefix,
			 args->include_deps ? "deps" : "dependents", prefix,
			 prefix);
}

const bool *project_select(struct cli *cli, const struct project *p,
			   const struct selection_args *args,
			   const char *prefix)
{
	const struct graph *g = &p->compilation.graph;
	struct selection selection = {
		.actions = {args->actions.v, args->actions.n},
		.tags = {args->tags.v, args->tags.n},
		.include_deps = args->include_deps,
		.include_dependents = args->include_dependents,
	};
	bool *selected = ARENA_NEW(cli->arena, bool, g->nactions + 1);
	struct error err = {0};

	if (check_selection(args, prefix, &err) &&
	    select_actions(g, &selection, cli->arena, selected, &err))
		return selected;
	render_error(cli, &err);
	return NULL;
}

size_t project_count(const struct project *p)
{
	const struct graph *g = &p->compilation.graph;
	size_t n = 0;

	for (uint32_t i = 0; i < g->nactions; i++)
		n += action_is_runnable(&g->actions[i]);
	return n;
}
