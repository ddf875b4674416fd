/*
 * The config of a property graph. What it may say in short (keys as one text,
 * fields as texts, join keys as a list) is written out first; then the keys
 * are checked.
 */
#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "compiler/actions/property_graph.h"
#include "compiler/project/schema.h"

#define FIELD(name, type, message)                                             \
	{                                                                      \
		name, FIELD_##type, SCHEMA_ALL, message                        \
	}

static const struct schema_field field_fields[] = {
	FIELD("name", STRING, NULL),
	FIELD("expression", STRING, NULL),
	FIELD("description", STRING, NULL),
	FIELD("synonyms", STRINGS, NULL),
};
static const struct schema field_schema = {"a field", field_fields,
					   ARRAY_LEN(field_fields)};

static const struct schema_field wildcard_fields[] = {
	FIELD("importAll", BOOL, NULL),
	FIELD("except", STRINGS, NULL),
};
static const struct schema wildcard_schema = {"fields", wildcard_fields,
					      ARRAY_LEN(wildcard_fields)};

static const struct schema_field label_fields[] = {
	FIELD("name", STRING, NULL),
	FIELD("description", STRING, NULL),
	FIELD("synonyms", STRINGS, NULL),
	FIELD("fields", MESSAGES, &field_schema),
	FIELD("fieldWildcard", MESSAGE, &wildcard_schema),
};
static const struct schema label_schema = {"a label", label_fields,
					   ARRAY_LEN(label_fields)};

static const struct schema_field table_fields[] = {
	FIELD("project", STRING, NULL),
	FIELD("dataset", STRING, NULL),
	FIELD("table", STRING, NULL),
};
static const struct schema table_schema = {"dataSourceDataset", table_fields,
					   ARRAY_LEN(table_fields)};

static const struct schema_field catalog_fields[] = {
	FIELD("project", STRING, NULL),
	FIELD("catalog", STRING, NULL),
	FIELD("namespace", STRING, NULL),
	FIELD("table", STRING, NULL),
};
static const struct schema catalog_schema = {
	"dataSourceCatalog", catalog_fields, ARRAY_LEN(catalog_fields)};

static const struct schema_field join_fields[] = {
	FIELD("relationshipColumns", STRINGS, NULL),
	FIELD("entityColumns", STRINGS, NULL),
};
static const struct schema join_schema = {"joinKeys", join_fields,
					  ARRAY_LEN(join_fields)};

static const struct schema_field end_fields[] = {
	FIELD("entity", STRING, NULL),
	FIELD("joinKeys", MESSAGE, &join_schema),
};
static const struct schema end_schema = {"an end of a relationship", end_fields,
					 ARRAY_LEN(end_fields)};

/* What entities and relationships share. */
#define NODE_FIELDS                                                            \
	FIELD("name", STRING, NULL), FIELD("dataSourceString", STRING, NULL),  \
		FIELD("dataSourceDataset", MESSAGE, &table_schema),            \
		FIELD("dataSourceCatalog", MESSAGE, &catalog_schema),          \
		FIELD("keys", STRINGS, NULL),                                  \
		FIELD("description", STRING, NULL),                            \
		FIELD("synonyms", STRINGS, NULL),                              \
		FIELD("fields", MESSAGES, &field_schema),                      \
		FIELD("fieldWildcard", MESSAGE, &wildcard_schema),             \
		FIELD("labels", MESSAGES, &label_schema)

static const struct schema_field entity_fields[] = {NODE_FIELDS};
static const struct schema entity_schema = {"an entity", entity_fields,
					    ARRAY_LEN(entity_fields)};

static const struct schema_field relationship_fields[] = {
	NODE_FIELDS,
	FIELD("source", MESSAGE, &end_schema),
	FIELD("destination", MESSAGE, &end_schema),
};
static const struct schema relationship_schema = {
	"a relationship", relationship_fields, ARRAY_LEN(relationship_fields)};

static const struct schema_field target_fields[] = {
	FIELD("projectId", STRING, NULL),
	FIELD("datasetId", STRING, NULL),
};
static const struct schema target_schema = {"targetDataset", target_fields,
					    ARRAY_LEN(target_fields)};

static const struct schema_field graph_fields[] = {
	FIELD("name", STRING, NULL),
	FIELD("description", STRING, NULL),
	FIELD("targetDataset", MESSAGE, &target_schema),
	FIELD("entities", MESSAGES, &entity_schema),
	FIELD("relationships", MESSAGES, &relationship_schema),
};
static const struct schema graph_schema = {"a property graph", graph_fields,
					   ARRAY_LEN(graph_fields)};

/* data_source to dataSource. */
static struct str camel_case(struct arena *arena, struct str key)
{
	char *out;
	size_t n = 0;

	if (str_find(key, '_', 0) == key.n)
		return key;
	out = arena_text(arena, key.n);
	for (size_t i = 0; i < key.n; i++) {
		bool word = key.p[i] == '_' && i + 1 < key.n &&
			    key.p[i + 1] >= 'a' && key.p[i + 1] <= 'z';

		if (word)
			i++;
		out[n++] = word ? (char)(key.p[i] - 'a' + 'A') : key.p[i];
	}
	return (struct str){out, n};
}

/* A copy of the tree; of two keys that become one the later counts. */
static struct value with_camel_case(struct arena *arena, const struct value *v)
{
	struct value out = *v;
	struct map seen;

	if (v->kind == VALUE_ARRAY) {
		out.items = ARENA_NEW(arena, struct value, v->n + 1);
		for (uint32_t i = 0; i < v->n; i++)
			out.items[i] = with_camel_case(arena, &v->items[i]);
		return out;
	}
	if (v->kind != VALUE_OBJECT)
		return out;
	map_init(&seen, arena);
	/* Short forms add at most one key. */
	out.members = ARENA_NEW(arena, struct member, v->n + 1);
	out.n = 0;
	for (uint32_t i = 0; i < v->n; i++) {
		struct member m = v->members[i], *before;

		m.key = camel_case(arena, m.key);
		m.value = with_camel_case(arena, &m.value);
		before = map_get(&seen, m.key);
		if (!before) {
			before = &out.members[out.n++];
			map_put(&seen, m.key, before);
		}
		*before = m;
	}
	return out;
}

static struct value *find(struct value *object, const char *key)
{
	for (uint32_t i = 0; object->kind == VALUE_OBJECT && i < object->n; i++)
		if (str_is(object->members[i].key, key))
			return &object->members[i].value;
	return NULL;
}

static struct value at_place_of(struct value v, const struct value *other)
{
	v.line = other->line;
	v.column = other->column;
	return v;
}

static void expand_keys(struct arena *arena, struct value *node)
{
	struct value *keys = find(node, "keys"), list;

	if (!keys || keys->kind != VALUE_STRING)
		return;
	list = at_place_of(value_array(arena, 1), keys);
	value_push(&list, *keys);
	*keys = list;
}

/* {importAll: true} is a wildcard; a text is a field of that name. */
static void expand_fields(struct arena *arena, struct value *node)
{
	struct value *fields = find(node, "fields"), field;

	if (!fields)
		return;
	for (uint32_t i = 0; i < fields->n && fields->kind == VALUE_ARRAY;
	     i++) {
		struct value *item = &fields->items[i];

		if (item->kind != VALUE_STRING)
			continue;
		field = at_place_of(value_object(arena, 2), item);
		value_put(&field, STR("name"), *item);
		value_put(&field, STR("expression"), *item);
		*item = field;
	}
	if (!value_get(fields, "importAll"))
		return;
	for (uint32_t i = 0; i < node->n; i++)
		if (str_is(node->members[i].key, "fields"))
			node->members[i].key = STR("fieldWildcard");
}

static void expand_join_keys(struct arena *arena, struct value *end)
{
	struct value *keys = end ? find(end, "joinKeys") : NULL, object;

	if (!keys || keys->kind != VALUE_ARRAY)
		return;
	object = at_place_of(value_object(arena, 1), keys);
	value_put(&object, STR("relationshipColumns"), *keys);
	*keys = object;
}

static void expand_nodes(struct arena *arena, struct value *list)
{
	for (uint32_t i = 0; list && list->kind == VALUE_ARRAY && i < list->n;
	     i++) {
		struct value *node = &list->items[i];
		struct value *labels = find(node, "labels");

		expand_keys(arena, node);
		expand_fields(arena, node);
		expand_join_keys(arena, find(node, "source"));
		expand_join_keys(arena, find(node, "destination"));
		for (uint32_t k = 0;
		     labels && labels->kind == VALUE_ARRAY && k < labels->n;
		     k++)
			expand_fields(arena, &labels->items[k]);
	}
}

bool graph_read_config(struct graph_reader *r, struct value *out)
{
	struct schema_reader reader = {
		.arena = r->s->arena,
		.diags = r->s->diags,
		.unknown = DIAG_BAD_PROPERTY_GRAPH,
		.bad = DIAG_BAD_PROPERTY_GRAPH,
		.kinds = SCHEMA_ALL,
		.locate = schema_locate_source,
		.place = r->file.src,
	};
	struct value checked;

	*out = with_camel_case(r->s->arena, &r->file.root);
	expand_nodes(r->s->arena, find(out, "entities"));
	expand_nodes(r->s->arena, find(out, "relationships"));
	return schema_read(&reader, &graph_schema, NULL, out, &checked);
}
