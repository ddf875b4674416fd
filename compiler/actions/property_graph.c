/*
 * graph.yaml: the one property graph of a project, over tables that are its own
 * or not. As in Dataform those tables get no suffix and are no dependencies.
 */
#include "compiler/actions/property_graph.h"

#include <stdarg.h>

#include "base/arena.h"

bool graph_error(struct graph_reader *r, const struct value *v,
		 const char *help, const char *fmt, ...)
{
	struct diag *d;
	va_list ap;

	va_start(ap, fmt);
	d = diag_addv(r->s->diags, DIAG_BAD_PROPERTY_GRAPH,
		      yaml_file_span(&r->file, v->line, v->column, 0), fmt, ap);
	va_end(ap);
	if (help)
		diag_help(r->s->diags, d, "%s", help);
	return false;
}

static void set_names(struct graph_reader *r, struct draft *d,
		      const struct value *config)
{
	const struct value *where = value_get(config, "targetDataset");
	struct target t = {
		.database = value_get_str(where, "projectId"),
		.schema = value_get_str(where, "datasetId"),
		.name = value_get_str(config, "name"),
	};

	d->target = draft_with_defaults(r->s, ACTION_PROPERTY_GRAPH, t);
	d->made.canonical = d->target;
}

static void make_draft(struct graph_reader *r, const struct value *config,
		       struct value entities, struct value relationships)
{
	struct arena *arena = r->s->arena;
	struct origin origin = {.place = span_of(r->file.src, 0, 0)};
	struct draft *d = draft_start(r->s, ACTION_PROPERTY_GRAPH, origin,
				      r->file.src->path);
	struct str description = value_get_str(config, "description");
	struct value v = value_object(arena, 4);

	set_names(r, d, config);
	if (description.n)
		value_put(&v, STR("description"), value_string(description));
	value_put(&v, STR("entities"), entities);
	if (relationships.n > 0)
		value_put(&v, STR("relationships"), relationships);
	value_put(&v, STR("graphBody"),
		  value_string(graph_body(arena, description, &entities,
					  &relationships)));
	d->made.property_graph = value_copy(arena, v);
	draft_push(r->s, d);
}

static bool check_top(struct graph_reader *r, const struct value *config)
{
	const struct value *entities = value_get(config, "entities");

	if (!value_get_str(config, "name").n)
		return graph_error(r, config, "add name: ...",
				   "the property graph has no name");
	if (entities && entities->n > 0)
		return true;
	return graph_error(r, entities ? entities : config,
			   "add entities: [{name: ..., keys: [...], ...}]",
			   "the property graph has no entities");
}

void session_compile_graph(struct session *s, const struct source *src)
{
	struct graph_reader r = {.s = s};
	struct value config, entities, relationships;
	bool ok;

	if (!yaml_file_read(src, s->arena, s->diags, &r.file))
		return;
	if (r.file.root.kind != VALUE_OBJECT) {
		graph_error(&r, &r.file.root, "start with name: and entities:",
			    "a property graph must be an object");
		return;
	}
	if (!graph_read_config(&r, &config) || !check_top(&r, &config))
		return;
	ok = graph_build_entities(&r, &config, &entities);
	ok = graph_build_relationships(&r, &config, &relationships) && ok;
	if (ok)
		make_draft(&r, &config, entities, relationships);
}

void session_refuse_graphs(struct session *s, const struct str_vec *paths)
{
	struct diag *d = diag_add_file(
		s->diags, DIAG_BAD_PROPERTY_GRAPH, paths->v[0],
		"the project has %zu property graphs, and may have one",
		paths->n);

	diag_help(s->diags, d, "move the others out of definitions: %.*s, ...",
		  STR_ARG(paths->v[1]));
}
