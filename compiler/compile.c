/*
 * The order of the passes. Each adds to the session and to the diagnostics;
 * none stops the next, so that a project's errors are all reported at once.
 */
#include "compiler/compile.h"

#include "base/arena.h"
#include "compiler/actions/session.h"
#include "compiler/project/discover.h"
#include "compiler/project/tree.h"
#include "compiler/sqlx/read_ahead.h"

static const char newest_core[] = "3.0.62";

static struct str core_version(const struct session *s)
{
	struct str named = s->settings->core_version;

	return named.n ? named : STR(newest_core);
}

static void start_engine(struct session *s,
			 const struct compile_options *options)
{
	const struct script_limits limits = {
		.memory_bytes = options->memory_bytes ? options->memory_bytes
						      : SCRIPT_MEMORY,
		.stack_bytes = SCRIPT_STACK,
		.timeout_ms = options->timeout_ms,
		.running = options->running,
	};
	struct script_host *host = ARENA_NEW(s->arena, struct script_host, 1);
	struct value *members = ARENA_NEW(s->arena, struct value, 1);
	struct value defaults = settings_defaults(s->arena);

	*host = (struct script_host){
		.host = s,
		.classes = session_classes(s->arena),
		.nclasses = SESSION_NCLASSES,
		.context_class = SESSION_CONTEXT,
		.globals = session_globals,
		.globals_fn = session_call_global,
		.core_version = core_version(s),
		.run_sqlx = session_require_sqlx,
	};
	*members = value_object(s->arena, 2);
	value_put(members, STR("rootDir"),
		  value_string(str_of(s->tree->ops->real_root(s->tree))));
	value_put(members, STR("projectConfig"), s->settings->script_config);
	s->script = script_new(&limits, host, s->tree, s->arena);
	if (options->has_epoch)
		script_set_clock(s->script, options->epoch);
	script_set_object(s->script, "dataform", SESSION_GLOBAL, 0, members);
	s->config_handle = script_set_defaults(s->script, "dataform",
					       "projectConfig", &defaults);
}

static void report_include(void *ctx, const struct source *src,
			   const struct script_error *err)
{
	session_report(ctx, err, src->path, NULL);
}

/* The last comes first, as in Dataform: what one of them does when it is loaded
 * is done when the one before it is. */
static void load_includes(struct session *s, const struct str_vec *paths)
{
	const struct source **files =
		ARENA_NEW(s->arena, const struct source *, paths->n + 1);
	size_t n = 0;

	for (size_t i = paths->n; i-- > 0;) {
		files[n] =
			source_load(s->tree, paths->v[i], s->arena, s->diags);
		if (files[n])
			n++;
	}
	script_load_includes(s->script, files, n, report_include, s);
	script_define_globals(s->script);
}

static void compile_definitions(struct session *s, const struct str_vec *paths)
{
	struct read_ahead *files = read_ahead_start(s->tree, paths);

	for (size_t i = 0; i < paths->n && !s->stopped; i++) {
		const struct read_file *file =
			read_ahead_get(files, i, s->diags);

		if (map_has(&s->required, paths->v[i]))
			continue;
		if (file->is_sqlx && file->src)
			session_compile_sqlx(s, file);
		else if (file->src)
			session_compile_js(s, file->src);
	}
	read_ahead_end(files, s->arena);
}

static void compile_property_graph(struct session *s,
				   const struct str_vec *paths)
{
	const struct source *src;

	if (paths->n > 1)
		session_refuse_graphs(s, paths);
	if (paths->n != 1)
		return;
	src = source_load(s->tree, paths->v[0], s->arena, s->diags);
	if (src)
		session_compile_graph(s, src);
}

static void compile_actions(struct session *s, const struct str_vec *paths)
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct source *src =
			source_load(s->tree, paths->v[i], s->arena, s->diags);

		if (src)
			session_compile_actions(s, src);
	}
}

static void compile_files(struct session *s, const struct discovered *files)
{
	load_includes(s, &files->includes);
	compile_actions(s, &files->actions);
	compile_property_graph(s, &files->graphs);
	compile_definitions(s, &files->definitions);
}

static void start_graph(struct session *s, struct graph *g)
{
	const struct settings *set = s->settings;

	g->project_config = set->project_config;
	g->jit_data = value_object(s->arena, 0);
	g->default_schema = set->default_schema;
	if (set->schema_suffix.n)
		g->default_schema = arena_printf(s->arena, "%.*s_%.*s",
						 STR_ARG(set->default_schema),
						 STR_ARG(set->schema_suffix));
	g->core_version = core_version(s);
	g->root = s->tree->ops->root(s->tree);
}

static void refuse_change(struct session *s, struct str key)
{
	struct diag *d = diag_add_file(
		s->diags, DIAG_BAD_SETTINGS, s->settings->src->path,
		"the project's JavaScript changes projectConfig.%.*s, which "
		"is read before it",
		STR_ARG(key));

	diag_help(s->diags, d,
		  "set it in the settings, or with an option of the command");
}

static bool all_are_text(const struct value *vars)
{
	for (uint32_t i = 0; i < vars->n; i++)
		if (vars->members[i].value.kind != VALUE_STRING)
			return false;
	return vars->kind == VALUE_OBJECT;
}

/* Code may add vars, which the graph prints; the rest has been used. */
static void take_config_back(struct session *s, struct graph *g)
{
	const struct value *before = &s->settings->script_config, *vars;
	struct value after = *before;
	struct script_error err;

	if (!script_read_kept(s->script, s->config_handle, &after, &err)) {
		session_report(s, &err, s->settings->src->path, NULL);
		return;
	}
	for (uint32_t i = 0; i < before->n; i++) {
		struct str key = before->members[i].key;

		if (!str_is(key, "vars") &&
		    !value_equal(&before->members[i].value,
				 value_find(&after, key)))
			refuse_change(s, key);
	}
	for (uint32_t i = 0; i < after.n; i++)
		if (!value_find(before, after.members[i].key))
			refuse_change(s, after.members[i].key);
	vars = value_get(&after, "vars");
	if (value_equal(value_get(before, "vars"), vars))
		return;
	if (!vars || !all_are_text(vars)) {
		refuse_change(s, STR("vars"));
		return;
	}
	g->project_config = settings_with_vars(
		s->arena, &s->settings->project_config, vars);
}

static void compile_graph(struct session *s,
			  const struct compile_options *options,
			  struct compilation *out)
{
	struct discovered files = {0};

	start_graph(s, &out->graph);
	if (!discover_files(s->tree, s->arena, s->diags, &files))
		return;
	start_engine(s, options);
	if (s->settings->extension.mode != EXTENSION_NONE)
		session_run_extension(s, &files.all);
	if (s->settings->extension.mode != EXTENSION_APPLICATION_CODE)
		compile_files(s, &files);
	session_evaluate(s);
	if (!s->stopped) {
		take_config_back(s, &out->graph);
		session_check_tests(s);
		session_resolve_deps(s);
		session_finish(s, &out->graph);
		session_apply_loads(s, &out->weirfile, &out->graph);
		session_apply_options(s, &out->weirfile, &out->graph);
		session_check_run_times(s, &out->graph);
	}
	script_free(s->script);
	buf_free(&s->text);
}

/* The target first: it overrides settings, and the command line overrides it.
 * False if there can be no graph. */
static bool read_settings(struct tree *tree,
			  const struct compile_options *options,
			  struct settings *settings, struct compilation *out)
{
	struct overrides overrides = options->overrides;
	bool ok;

	ok = weirfile_read(tree, out->arena, &out->diags, &out->weirfile);
	if (ok)
		out->graph.profile =
			weirfile_profile(&out->weirfile, options->profile,
					 out->arena, &out->diags);
	if (out->graph.profile && options->on_target)
		options->on_target(options->ctx, out->graph.profile);
	if (out->graph.profile)
		weirfile_overrides(out->graph.profile, out->arena, &overrides);
	ok = settings_read(tree, &overrides, out->arena, &out->diags, settings);
	return ok && out->graph.profile;
}

bool compile_project(struct tree *tree, const struct compile_options *options,
		     struct arena *arena, struct compilation *out)
{
	struct session *s = ARENA_NEW(arena, struct session, 1);
	struct settings *settings = ARENA_NEW(arena, struct settings, 1);

	*out = (struct compilation){.arena = arena};
	diags_init(&out->diags, arena);
	*s = (struct session){
		.arena = arena,
		.diags = &out->diags,
		.tree = tree,
		.settings = settings,
	};
	names_init(&s->asserted, arena);
	map_init(&s->refused, arena);
	map_init(&s->loaded, arena);
	map_init(&s->required, arena);
	out->has_graph = read_settings(tree, options, settings, out);
	if (out->has_graph) {
		s->dialect = out->graph.profile->dialect;
		compile_graph(s, options, out);
	}
	diags_sort(&out->diags);
	return out->diags.nerrors == 0;
}
