/*
 * The graph as Dataform's own command line prints it: keys in the order of its
 * protocol buffers' field numbers, a key only where a value is set, lists only
 * where they hold something. What is always there is written without a test.
 */
#include "compiler/graph_print.h"

#include "base/arena.h"
#include "base/json_write.h"

struct printer {
	struct json_writer json;
	const struct compilation *c;
	const bool *selected;
	struct arena *scratch;
};

static void put_target(struct json_writer *w, const char *key,
		       const struct target *t)
{
	if (key)
		json_key(w, key);
	json_begin_object(w);
	if (t->schema.p)
		json_put_str(w, "schema", t->schema);
	json_put_str(w, "name", t->name);
	if (t->database.p)
		json_put_str(w, "database", t->database);
	json_end_object(w);
}

static void put_set_str(struct json_writer *w, const char *key, struct str s)
{
	if (s.p)
		json_put_str(w, key, s);
}

static void put_strs(struct json_writer *w, const char *key,
		     const struct strs *list)
{
	if (list->n == 0)
		return;
	json_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < list->n; i++)
		json_str(w, list->v[i]);
	json_end_array(w);
}

static void put_value(struct json_writer *w, const char *key,
		      const struct value *v)
{
	if (!v)
		return;
	json_key(w, key);
	json_value(w, v);
}

static void put_deps(struct json_writer *w, const struct action *a)
{
	if (a->ndeps == 0)
		return;
	json_key(w, "dependencyTargets");
	json_begin_array(w);
	for (uint32_t i = 0; i < a->ndeps; i++)
		put_target(w, NULL, &a->deps[i]);
	json_end_array(w);
}

static void put_hermeticity(struct json_writer *w, const struct action *a)
{
	if (a->hermeticity == HERMETIC)
		json_put_str(w, "hermeticity", STR("HERMETIC"));
	else if (a->hermeticity == NON_HERMETIC)
		json_put_str(w, "hermeticity", STR("NON_HERMETIC"));
}

/* Behind all that Dataform has. */
static void put_weir(struct json_writer *w, const struct action *a)
{
	if (a->weir)
		put_value(w, "weir", a->weir->printed);
}

static void put_table(struct json_writer *w, const struct action *a)
{
	static const char *const enums[] = {
		[ACTION_TABLE] = "TABLE",
		[ACTION_VIEW] = "VIEW",
		[ACTION_INCREMENTAL] = "INCREMENTAL",
	};
	bool incremental = a->type == ACTION_INCREMENTAL;

	json_put_str(w, "type", str_of(action_type_name(a->type)));
	put_target(w, "target", &a->target);
	put_set_str(w, "query", a->query);
	json_put_bool(w, "disabled", a->disabled);
	put_set_str(w, "where", a->where);
	if (incremental)
		json_put_bool(w, "protected", a->is_protected);
	put_strs(w, "preOps", &a->pre_ops);
	put_strs(w, "postOps", &a->post_ops);
	put_set_str(w, "fileName", a->file);
	put_value(w, "bigquery", a->bigquery);
	put_strs(w, "tags", &a->tags);
	put_value(w, "actionDescriptor", a->descriptor);
	put_set_str(w, "incrementalQuery", a->incremental_query);
	put_deps(w, a);
	put_strs(w, "incrementalPreOps", &a->incremental_pre_ops);
	put_strs(w, "incrementalPostOps", &a->incremental_post_ops);
	put_strs(w, "uniqueKey", &a->unique_key);
	put_hermeticity(w, a);
	put_target(w, "canonicalTarget", &a->canonical);
	if (a->materialized || a->materialized_is_set)
		json_put_bool(w, "materialized", a->materialized);
	json_put_str(w, "enumType", str_of(enums[a->type]));
	if (incremental)
		json_put_str(
			w, "onSchemaChange",
			str_of(on_schema_change_names[a->on_schema_change]));
	put_set_str(w, "jitCode", a->jit_code);
	if (incremental)
		json_put_str(w, "incrementalStrategy",
			     str_of(incremental_strategy_names[a->strategy]));
	put_weir(w, a);
}

static void put_disabled(struct json_writer *w, const struct action *a)
{
	if (a->disabled || a->disabled_is_set)
		json_put_bool(w, "disabled", a->disabled);
}

static void put_operation(struct json_writer *w, const struct action *a)
{
	put_target(w, "target", &a->target);
	put_strs(w, "queries", &a->queries);
	put_set_str(w, "fileName", a->file);
	if (a->has_output || a->has_output_is_set)
		json_put_bool(w, "hasOutput", a->has_output);
	put_strs(w, "tags", &a->tags);
	put_value(w, "actionDescriptor", a->descriptor);
	put_deps(w, a);
	put_hermeticity(w, a);
	put_target(w, "canonicalTarget", &a->canonical);
	put_disabled(w, a);
	put_set_str(w, "jitCode", a->jit_code);
	put_weir(w, a);
}

static void put_assertion(struct json_writer *w, const struct action *a)
{
	put_set_str(w, "query", a->query);
	put_set_str(w, "fileName", a->file);
	put_target(w, "target", &a->target);
	put_strs(w, "tags", &a->tags);
	put_value(w, "actionDescriptor", a->descriptor);
	put_deps(w, a);
	put_hermeticity(w, a);
	put_target(w, "canonicalTarget", &a->canonical);
	put_disabled(w, a);
	if (a->parent)
		put_target(w, "parentAction", a->parent);
	put_set_str(w, "jitCode", a->jit_code);
	put_weir(w, a);
}

static void put_declaration(struct json_writer *w, const struct action *a)
{
	put_target(w, "target", &a->target);
	put_value(w, "actionDescriptor", a->descriptor);
	put_set_str(w, "fileName", a->file);
	put_target(w, "canonicalTarget", &a->canonical);
	put_strs(w, "tags", &a->tags);
}

static void put_test(struct json_writer *w, const struct action *a)
{
	put_set_str(w, "name", a->test_name);
	put_set_str(w, "testQuery", a->query);
	put_set_str(w, "expectedOutputQuery", a->expected_query);
	put_set_str(w, "fileName", a->file);
	put_strs(w, "tags", &a->tags);
	put_target(w, "target", &a->target);
	put_target(w, "canonicalTarget", &a->canonical);
}

static void put_notebook(struct json_writer *w, const struct action *a)
{
	put_target(w, "target", &a->target);
	put_target(w, "canonicalTarget", &a->canonical);
	put_strs(w, "tags", &a->tags);
	put_deps(w, a);
	put_set_str(w, "fileName", a->file);
	put_disabled(w, a);
	put_set_str(w, "notebookContents", a->notebook);
}

static void put_targets_of(struct json_writer *w, const char *key,
			   const struct target *targets, uint32_t n)
{
	json_key(w, key);
	json_begin_array(w);
	for (uint32_t i = 0; i < n; i++)
		put_target(w, NULL, &targets[i]);
	json_end_array(w);
}

static void put_preparation(struct json_writer *w, const struct action *a)
{
	const struct preparation *p = a->preparation;

	put_targets_of(w, "targets", p->targets, p->ntargets);
	put_targets_of(w, "canonicalTargets", p->canonicals, p->ntargets);
	put_strs(w, "tags", &a->tags);
	put_deps(w, a);
	put_set_str(w, "fileName", a->file);
	put_disabled(w, a);
	put_target(w, "target", &a->target);
	put_target(w, "canonicalTarget", &a->canonical);
	put_set_str(w, "dataPreparationYaml", p->yaml);
	if (p->error_table.name.p)
		put_target(w, "errorTable", &p->error_table);
	put_value(w, "errorTableRetentionDays", p->retention_days);
	put_set_str(w, "query", a->query);
	put_value(w, "load", p->load);
}

static void put_property_graph(struct json_writer *w, const struct action *a)
{
	const struct value *more = a->property_graph;

	put_target(w, "target", &a->target);
	put_target(w, "canonicalTarget", &a->canonical);
	put_deps(w, a);
	put_set_str(w, "fileName", a->file);
	for (uint32_t i = 0; i < more->n; i++) {
		json_key_str(w, more->members[i].key);
		json_value(w, &more->members[i].value);
	}
}

typedef void put_action(struct json_writer *w, const struct action *a);

static put_action *const writers[] = {
	[ACTION_TABLE] = put_table,
	[ACTION_VIEW] = put_table,
	[ACTION_INCREMENTAL] = put_table,
	[ACTION_OPERATION] = put_operation,
	[ACTION_ASSERTION] = put_assertion,
	[ACTION_DECLARATION] = put_declaration,
	[ACTION_TEST] = put_test,
	[ACTION_NOTEBOOK] = put_notebook,
	[ACTION_DATA_PREPARATION] = put_preparation,
	[ACTION_PROPERTY_GRAPH] = put_property_graph,
};

/* Dataform filters what can run; all else is always there. */
static bool is_printed(const struct printer *p, uint32_t id)
{
	return !p->selected || p->selected[id] ||
	       !action_is_runnable(&p->c->graph.actions[id]);
}

/* The next action at or after id that fn writes; nactions if there is none. */
static uint32_t find_next(const struct printer *p, put_action *fn, uint32_t id)
{
	const struct graph *g = &p->c->graph;

	while (id < g->nactions &&
	       (writers[g->actions[id].type] != fn || !is_printed(p, id)))
		id++;
	return id;
}

/* One of the top-level lists: all actions that fn writes. */
static void put_list(struct printer *p, const char *key, put_action *fn)
{
	struct json_writer *w = &p->json;
	const struct graph *g = &p->c->graph;
	uint32_t id = find_next(p, fn, 0);

	if (id == g->nactions && !p->selected)
		return;
	json_key(w, key);
	json_begin_array(w);
	for (; id < g->nactions; id = find_next(p, fn, id + 1)) {
		json_begin_object(w);
		fn(w, &g->actions[id]);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_error(struct printer *p, const struct diag *d)
{
	struct json_writer *w = &p->json;

	json_begin_object(w);
	put_set_str(w, "fileName", d->blamed.p ? d->blamed : d->file);
	json_put_str(w, "message", d->text);
	if (d->action) {
		json_put_str(w, "actionName",
			     target_text(p->scratch, d->action));
		put_target(w, "actionTarget", d->action);
	}
	json_end_object(w);
}

static void put_errors(struct printer *p)
{
	struct json_writer *w = &p->json;
	const struct diags *d = &p->c->diags;

	json_key(w, "graphErrors");
	json_begin_object(w);
	if (d->nerrors > 0) {
		json_key(w, "compilationErrors");
		json_begin_array(w);
		for (size_t i = 0; i < d->n; i++)
			if (d->v[i].severity == SEVERITY_ERROR)
				put_error(p, &d->v[i]);
		json_end_array(w);
	}
	json_end_object(w);
}

/* Names of the selected actions: Dataform compares the unsuffixed targets with
 * these. */
static void find_selected_names(const struct printer *p, struct map *names)
{
	const struct graph *g = &p->c->graph;

	map_init(names, p->scratch);
	for (uint32_t i = 0; i < g->nactions; i++)
		if (p->selected[i])
			map_intern(names, target_text(p->scratch,
						      &g->actions[i].target));
}

static void put_targets(struct printer *p)
{
	struct json_writer *w = &p->json;
	const struct graph *g = &p->c->graph;
	struct map names;

	if (p->selected)
		find_selected_names(p, &names);
	else if (g->ntargets == 0)
		return;
	json_key(w, "targets");
	json_begin_array(w);
	for (uint32_t i = 0; i < g->ntargets; i++) {
		const struct target *t = &g->targets[i];

		if (!p->selected || map_has(&names, target_text(p->scratch, t)))
			put_target(w, NULL, t);
	}
	json_end_array(w);
}

static void put_config(struct printer *p)
{
	json_key(&p->json, "projectConfig");
	json_value(&p->json, &p->c->graph.project_config);
	put_errors(p);
}

static void put_version(struct printer *p)
{
	json_put_str(&p->json, "dataformCoreVersion", p->c->graph.core_version);
}

static void put_jit_data(struct printer *p)
{
	json_key(&p->json, "jitData");
	json_value(&p->json, &p->c->graph.jit_data);
}

static void put_whole(struct printer *p)
{
	put_list(p, "tables", put_table);
	put_list(p, "operations", put_operation);
	put_list(p, "assertions", put_assertion);
	put_config(p);
	put_list(p, "tests", put_test);
	put_list(p, "declarations", put_declaration);
	put_version(p);
	put_targets(p);
	put_list(p, "notebooks", put_notebook);
	put_list(p, "dataPreparations", put_preparation);
	put_jit_data(p);
	put_list(p, "propertyGraphs", put_property_graph);
}

/* Dataform spreads the graph of a selection into a new object, which changes
 * the order. */
static void put_selected(struct printer *p)
{
	put_list(p, "tables", put_table);
	put_list(p, "operations", put_operation);
	put_list(p, "assertions", put_assertion);
	put_list(p, "declarations", put_declaration);
	put_list(p, "tests", put_test);
	put_list(p, "notebooks", put_notebook);
	put_list(p, "dataPreparations", put_preparation);
	put_list(p, "propertyGraphs", put_property_graph);
	put_targets(p);
	put_config(p);
	put_version(p);
	put_jit_data(p);
}

bool graph_print_json(const struct compilation *c, const bool *selected,
		      FILE *f)
{
	struct printer p = {.c = c, .selected = selected};
	bool ok;

	p.scratch = arena_new();
	json_start(&p.json, f, 4);
	json_begin_object(&p.json);
	if (selected)
		put_selected(&p);
	else
		put_whole(&p);
	json_end_object(&p.json);
	ok = json_end(&p.json);
	arena_free(p.scratch);
	return fputs("\n\n", f) != EOF && ok;
}
