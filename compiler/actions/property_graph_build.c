/*
 * Entities and relationships of a property graph, as the compiled graph prints
 * them. Data sources get the project's defaults, never its suffixes.
 */
#include "base/arena.h"
#include "base/map.h"
#include "compiler/actions/property_graph.h"

static bool has(const struct value *v, const char *key)
{
	const struct value *found = value_get(v, key);

	return found && value_is_truthy(found) &&
	       (found->kind != VALUE_ARRAY || found->n > 0);
}

static void copy_list(struct value *out, const char *name,
		      const struct value *from, const char *key)
{
	if (has(from, key))
		value_put(out, str_of(name), *value_get(from, key));
}

static struct value target_value(struct arena *arena, const struct target *t)
{
	struct value v = value_object(arena, 3);

	if (t->schema.n)
		value_put(&v, STR("schema"), value_string(t->schema));
	value_put(&v, STR("name"), value_string(t->name));
	if (t->database.n)
		value_put(&v, STR("database"), value_string(t->database));
	return v;
}

static bool refuse_catalog(struct graph_reader *r, const struct value *v)
{
	return graph_error(r, v, "write project.dataset.table",
			   "tables of external catalogs are not supported");
}

/* "project.dataset.table" */
static bool split_path(struct graph_reader *r, const struct value *v,
		       struct target *out)
{
	struct str parts[4] = {{0}}, s = v->string;
	size_t n = 0;

	for (size_t start = 0, end; start <= s.n; start = end + 1, n++) {
		end = str_find(s, '.', start);
		if (n < 4)
			parts[n] = str_sub(s, start, end);
	}
	if (n == 4)
		return refuse_catalog(r, v);
	if (n != 3)
		return graph_error(r, v, "write project.dataset.table",
				   "\"%.*s\" is no path of a table",
				   STR_ARG(s));
	*out = (struct target){parts[0], parts[1], parts[2]};
	return true;
}

static bool find_source(struct graph_reader *r, const struct value *node,
			struct target *out)
{
	const struct value *table = value_get(node, "dataSourceDataset");

	if (has(node, "dataSourceCatalog"))
		return refuse_catalog(r, value_get(node, "dataSourceCatalog"));
	if (has(node, "dataSourceString"))
		return split_path(r, value_get(node, "dataSourceString"), out);
	if (!table)
		return graph_error(r, node,
				   "add dataSourceDataset: {table: ...}",
				   "a table is missing");
	*out = (struct target){
		.database = value_get_str(table, "project"),
		.schema = value_get_str(table, "dataset"),
		.name = value_get_str(table, "table"),
	};
	if (!out->name.n)
		return graph_error(r, table, "add table: ...",
				   "the table has no name");
	*out = draft_with_defaults(r->s, ACTION_PROPERTY_GRAPH, *out);
	return out->schema.n ||
	       graph_error(r, table,
			   "add dataset: ..., or defaultDataset in the "
			   "settings",
			   "the table has no dataset");
}

static struct value fields_of(struct arena *arena, const struct value *fields)
{
	struct value out = value_array(arena, fields->n);

	for (uint32_t i = 0; i < fields->n; i++) {
		const struct value *f = &fields->items[i];
		struct value field = value_object(arena, 4);
		const struct value *name = value_get(f, "name");
		const struct value *text = value_get(f, "description");

		if (name)
			value_put(&field, STR("name"), *name);
		if (has(f, "expression"))
			value_put(&field, STR("expression"),
				  *value_get(f, "expression"));
		else if (name)
			value_put(&field, STR("expression"), *name);
		if (text)
			value_put(&field, STR("description"), *text);
		copy_list(&field, "synonyms", f, "synonyms");
		value_push(&out, field);
	}
	return out;
}

static bool check_label(struct graph_reader *r, const struct value *label)
{
	const struct value *wildcard = value_get(label, "fieldWildcard");
	const struct value *all = value_get(wildcard, "importAll");

	if (all && !value_is_truthy(all) && has(wildcard, "except"))
		return graph_error(r, wildcard, "write importAll: true",
				   "\"except\" is nothing without importAll");
	if (has(label, "fields") || has(wildcard, "importAll") ||
	    has(label, "description") || has(label, "synonyms"))
		return true;
	return graph_error(
		r, label,
		"give it fields, {importAll: true}, a description or synonyms",
		"the label says nothing");
}

/* name is that of the label, or of the node whose default label it is. */
static bool add_label(struct graph_reader *r, const struct value *label,
		      struct str name, bool is_default, struct value *out)
{
	const struct value *wildcard = value_get(label, "fieldWildcard");
	const struct value *text = value_get(label, "description");
	struct value v = value_object(r->s->arena, 7);

	if (!check_label(r, label))
		return false;
	value_put(&v, STR("name"), value_string(name));
	if (text)
		value_put(&v, STR("description"), *text);
	else if (is_default)
		value_put(&v, STR("description"), value_string(STR("")));
	copy_list(&v, "synonyms", label, "synonyms");
	if (has(label, "fields"))
		value_put(&v, STR("fields"),
			  fields_of(r->s->arena, value_get(label, "fields")));
	value_put(&v, STR("importAll"), value_bool(has(wildcard, "importAll")));
	copy_list(&v, "importExcept", wildcard, "except");
	value_put(&v, STR("isDefault"), value_bool(is_default));
	value_push(out, v);
	return true;
}

/* Its labels; or, if it says something that a label can say, the default. */
static bool put_labels(struct graph_reader *r, const struct value *node,
		       struct value *out)
{
	const struct value *labels = value_get(node, "labels");
	bool own = has(node, "fields") || value_get(node, "fieldWildcard");
	struct value list;

	if (own && has(node, "labels"))
		return graph_error(r, labels, "move the fields to the labels",
				   "fields and labels exclude each other");
	if (!has(node, "labels") && !own && !has(node, "description") &&
	    !has(node, "synonyms"))
		return true;
	if (!has(node, "labels")) {
		list = value_array(r->s->arena, 1);
		if (!add_label(r, node, value_get_str(node, "name"), true,
			       &list))
			return false;
	} else {
		list = value_array(r->s->arena, labels->n);
		for (uint32_t i = 0; i < labels->n; i++) {
			const struct value *l = &labels->items[i];
			struct str name = value_get_str(l, "name");

			if (!name.n)
				return graph_error(r, l, "add name: ...",
						   "the label has no name");
			if (!add_label(r, l, name, false, &list))
				return false;
		}
	}
	value_put(out, STR("labels"), list);
	return true;
}

/* Name and table of an entity or relationship, and that it is the only one of
 * that name. */
static bool start_node(struct graph_reader *r, const struct value *node,
		       struct map *seen, const char *what, struct value *out)
{
	struct str name = value_get_str(node, "name");
	struct target source;

	*out = value_object(r->s->arena, 6);
	if (!name.n)
		return graph_error(r, node, "add name: ...",
				   "the %s has no name", what);
	if (!find_source(r, node, &source))
		return false;
	if (map_has(seen, name))
		return graph_error(r, node, "give one of them another name",
				   "there are two of \"%.*s\"", STR_ARG(name));
	value_put(out, STR("name"), value_string(name));
	value_put(out, STR("dataSource"), target_value(r->s->arena, &source));
	return true;
}

bool graph_build_entities(struct graph_reader *r, const struct value *config,
			  struct value *out)
{
	const struct value *list = value_get(config, "entities");
	bool ok = true;

	map_init(&r->entities, r->s->arena);
	*out = value_array(r->s->arena, list->n);
	for (uint32_t i = 0; i < list->n; i++) {
		const struct value *node = &list->items[i];
		struct value v;

		if (!start_node(r, node, &r->entities, "entity", &v)) {
			ok = false;
			continue;
		}
		if (!has(node, "keys"))
			ok = graph_error(r, node, "add keys: [...]",
					 "the entity has no keys");
		copy_list(&v, "keys", node, "keys");
		ok = put_labels(r, node, &v) && ok;
		value_push(out, v);
		map_put(&r->entities, value_get_str(&v, "name"),
			&out->items[out->n - 1]);
	}
	return ok;
}

/* The source or destination of a relationship. */
static bool put_end(struct graph_reader *r, const struct value *node,
		    const char *role, struct value *out)
{
	const struct value *end = value_get(node, role);
	const struct value *keys = value_get(end, "joinKeys");
	struct str name = value_get_str(end, "entity");
	const struct value *entity, *columns;
	struct value v = value_object(r->s->arena, 3);

	if (!end)
		return graph_error(r, node,
				   "add it: {entity: ..., joinKeys: "
				   "[...]}",
				   "the relationship has no %s", role);
	if (!name.n)
		return graph_error(r, end, "add entity: ...",
				   "the %s names no entity", role);
	if (!has(keys, "relationshipColumns"))
		return graph_error(r, end, "add joinKeys: [...]",
				   "the %s has no join keys", role);
	entity = map_get(&r->entities, name);
	if (!entity)
		return graph_error(r, value_get(end, "entity"), NULL,
				   "there is no entity \"%.*s\"",
				   STR_ARG(name));
	columns = has(keys, "entityColumns") ? value_get(keys, "entityColumns")
					     : value_get(entity, "keys");
	if (columns && columns->n != value_get(keys, "relationshipColumns")->n)
		return graph_error(
			r, keys, "each column joins one of the other side",
			"%u of the relationship's columns join %u of the "
			"entity's",
			value_get(keys, "relationshipColumns")->n, columns->n);
	value_put(&v, STR("entity"), value_string(name));
	copy_list(&v, "relationshipColumns", keys, "relationshipColumns");
	if (columns)
		value_put(&v, STR("entityColumns"), *columns);
	value_put(out, str_of(role), v);
	return true;
}

bool graph_build_relationships(struct graph_reader *r,
			       const struct value *config, struct value *out)
{
	const struct value *list = value_get(config, "relationships");
	struct map seen;
	bool ok = true;

	map_init(&seen, r->s->arena);
	*out = value_array(r->s->arena, list ? list->n : 0);
	for (uint32_t i = 0; list && i < list->n; i++) {
		const struct value *node = &list->items[i];
		struct value v;

		if (!start_node(r, node, &seen, "relationship", &v)) {
			ok = false;
			continue;
		}
		map_put(&seen, value_get_str(node, "name"), out);
		copy_list(&v, "keys", node, "keys");
		ok = put_end(r, node, "source", &v) && ok;
		ok = put_end(r, node, "destination", &v) && ok;
		ok = put_labels(r, node, &v) && ok;
		value_push(out, v);
	}
	return ok;
}
