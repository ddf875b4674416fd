/*
 * The body of CREATE PROPERTY GRAPH: node tables, edge tables and options, laid
 * out as Dataform does. Names and expressions are written as they are; only
 * descriptions and synonyms are strings, quoted as JSON.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json_write.h"
#include "compiler/actions/property_graph.h"

static void put_list(struct buf *b, const char *before,
		     const struct value *list)
{
	buf_adds(b, before);
	for (uint32_t i = 0; list && i < list->n; i++) {
		if (i)
			buf_adds(b, ", ");
		buf_add_str(b, list->items[i].string);
	}
	buf_addc(b, ')');
}

static void put_quoted(struct buf *b, struct str s)
{
	struct json_writer w;

	json_start(&w, NULL, 0);
	json_str(&w, s);
	buf_add_str(b, buf_str(&w.out));
	buf_free(&w.out);
}

static void put_options(struct buf *b, char before, struct str description,
			const struct value *synonyms)
{
	if (!description.n && !synonyms)
		return;
	buf_addc(b, before);
	buf_adds(b, "OPTIONS(");
	if (description.n) {
		buf_adds(b, "description=");
		put_quoted(b, description);
	}
	if (synonyms) {
		buf_adds(b, description.n ? ", synonyms=[" : "synonyms=[");
		for (uint32_t i = 0; i < synonyms->n; i++) {
			if (i)
				buf_adds(b, ", ");
			put_quoted(b, synonyms->items[i].string);
		}
		buf_addc(b, ']');
	}
	buf_addc(b, ')');
}

static void put_field(struct buf *b, const struct value *f)
{
	struct str name = value_get_str(f, "name");
	struct str expression = value_get_str(f, "expression");

	if (expression.n && !str_eq(expression, name)) {
		buf_add_str(b, expression);
		buf_adds(b, " AS ");
	}
	buf_add_str(b, name);
	put_options(b, ' ', value_get_str(f, "description"),
		    value_get(f, "synonyms"));
}

static void put_label(struct buf *b, const struct value *label)
{
	const struct value *fields = value_get(label, "fields");
	const struct value *except = value_get(label, "importExcept");

	if (value_is_truthy(value_get(label, "isDefault"))) {
		buf_adds(b, " DEFAULT LABEL");
	} else {
		buf_adds(b, " LABEL ");
		buf_add_str(b, value_get_str(label, "name"));
	}
	put_options(b, ' ', value_get_str(label, "description"),
		    value_get(label, "synonyms"));
	if (value_is_truthy(value_get(label, "importAll"))) {
		buf_adds(b, " PROPERTIES ARE ALL COLUMNS");
		if (except)
			put_list(b, " EXCEPT (", except);
		return;
	}
	for (uint32_t i = 0; fields && i < fields->n; i++) {
		buf_adds(b, i ? ", " : " PROPERTIES (");
		put_field(b, &fields->items[i]);
	}
	if (fields)
		buf_addc(b, ')');
}

static void put_end(struct buf *b, const char *role, const struct value *end)
{
	buf_adds(b, role);
	put_list(b, " KEY (", value_get(end, "relationshipColumns"));
	buf_adds(b, " REFERENCES ");
	buf_add_str(b, value_get_str(end, "entity"));
	put_list(b, " (", value_get(end, "entityColumns"));
}

static void put_node(struct buf *b, const struct value *node)
{
	static const char *const parts[] = {"database", "schema", "name"};
	const struct value *table = value_get(node, "dataSource");
	const struct value *labels = value_get(node, "labels");
	char gap = '`';

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct str part = value_get_str(table, parts[i]);

		if (!part.n && i < 2)
			continue;
		buf_addc(b, gap);
		buf_add_str(b, part);
		gap = '.';
	}
	buf_adds(b, "` AS ");
	buf_add_str(b, value_get_str(node, "name"));
	if (value_get(node, "keys"))
		put_list(b, " KEY (", value_get(node, "keys"));
	if (value_get(node, "source")) {
		put_end(b, " SOURCE", value_get(node, "source"));
		put_end(b, " DESTINATION", value_get(node, "destination"));
	}
	for (uint32_t i = 0; labels && i < labels->n; i++)
		put_label(b, &labels->items[i]);
}

static void put_nodes(struct buf *b, const char *what, const struct value *list)
{
	buf_adds(b, what);
	buf_adds(b, " TABLES (\n  ");
	for (uint32_t i = 0; i < list->n; i++) {
		if (i)
			buf_adds(b, ",\n  ");
		put_node(b, &list->items[i]);
	}
	buf_adds(b, "\n)");
}

struct str graph_body(struct arena *arena, struct str description,
		      const struct value *entities,
		      const struct value *relationships)
{
	struct buf b = {0};
	struct str text;

	put_nodes(&b, "NODE", entities);
	if (relationships->n > 0) {
		buf_addc(&b, '\n');
		put_nodes(&b, "EDGE", relationships);
	}
	put_options(&b, '\n', description, NULL);
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}
