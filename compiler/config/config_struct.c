/*
 * Objects that may hold anything, as google.protobuf.Struct prints them:
 * {fields: {key: {stringValue: "text"}}}. Metadata's extraProperties may also
 * be written in that shape: an object with a key "fields", at any depth, is
 * such a Struct, and is checked as one.
 */
#include <math.h>

#include "base/arena.h"
#include "base/array.h"
#include "compiler/config/config_int.h"

struct converter {
	struct arena *arena;
	struct schema_reader *reader; /* NULL: "fields" is a key like others */
	const struct schema_path *path;
	bool ok;
};

static const struct schema value_schema;

static const struct schema_field list_fields[] = {
	{"values", FIELD_MESSAGES, SCHEMA_ALL, &value_schema},
};

static const struct schema list_schema = {"listValue", list_fields,
					  ARRAY_LEN(list_fields)};

/* In the order in which they are printed. */
static const struct schema_field value_fields[] = {
	{"nullValue", FIELD_ANY, SCHEMA_ALL, NULL},
	{"numberValue", FIELD_ENUM, SCHEMA_ALL, NULL},
	{"stringValue", FIELD_STRING, SCHEMA_ALL, NULL},
	{"boolValue", FIELD_BOOL, SCHEMA_ALL, NULL},
	{"structValue", FIELD_STRUCT, SCHEMA_ALL, NULL},
	{"listValue", FIELD_MESSAGE, SCHEMA_ALL, &list_schema},
};

static const struct schema value_schema = {
	"a value of extraProperties", value_fields, ARRAY_LEN(value_fields)};

static const struct schema_field struct_fields[] = {
	{"fields", FIELD_STRUCT, SCHEMA_ALL, NULL},
};

static const struct schema struct_schema = {
	"an object with \"fields\"", struct_fields, ARRAY_LEN(struct_fields)};

static struct value object_of(struct converter *c, const struct value *in);

static struct value wrap(struct arena *arena, const char *key, struct value v)
{
	struct value out = value_object(arena, 1);

	value_put(&out, str_of(key), v);
	return out;
}

static struct value number(struct arena *arena, const struct value *in)
{
	if (in->kind != VALUE_NUMBER || isfinite(in->number))
		return *in;
	return value_string(value_number_text(arena, in->number));
}

static struct value plain_item(struct converter *c, const struct value *in)
{
	struct value list;

	switch ((enum value_kind)in->kind) {
	case VALUE_STRING:
		return wrap(c->arena, "stringValue", *in);
	case VALUE_NUMBER:
		return wrap(c->arena, "numberValue", number(c->arena, in));
	case VALUE_BOOL:
		return wrap(c->arena, "boolValue", *in);
	case VALUE_OBJECT:
		return wrap(c->arena, "structValue", object_of(c, in));
	case VALUE_ARRAY:
		list = value_array(c->arena, in->n);
		for (uint32_t i = 0; i < in->n; i++)
			value_push(&list, plain_item(c, &in->items[i]));
		if (in->n == 0)
			return wrap(c->arena, "listValue",
				    value_object(c->arena, 0));
		return wrap(c->arena, "listValue",
			    wrap(c->arena, "values", list));
	case VALUE_UNDEFINED:
	case VALUE_NULL:
	case VALUE_FUNCTION:
		break;
	}
	return wrap(c->arena, "nullValue", value_string(STR("NULL_VALUE")));
}

/* in is a checked Value. */
static struct value typed_item(struct converter *c, const struct value *in)
{
	struct value out = value_object(c->arena, in->n);

	for (size_t i = 0; i < ARRAY_LEN(value_fields); i++) {
		struct str key = str_of(value_fields[i].name);
		const struct value *v = value_get(in, value_fields[i].name);
		const struct value *values;
		struct value list;

		if (!v)
			continue;
		if (str_is(key, "nullValue")) {
			value_put(&out, key, value_string(STR("NULL_VALUE")));
		} else if (str_is(key, "structValue")) {
			value_put(&out, key, object_of(c, v));
		} else if (str_is(key, "listValue")) {
			values = value_get(v, "values");
			list = value_array(c->arena, values ? values->n : 0);
			for (uint32_t k = 0; values && k < values->n; k++)
				value_push(&list,
					   typed_item(c, &values->items[k]));
			value_put(&out, key,
				  list.n ? wrap(c->arena, "values", list)
					 : value_object(c->arena, 0));
		} else {
			value_put(&out, key, number(c->arena, v));
		}
	}
	return out;
}

/* The members of a Struct's fields. */
static struct value typed_fields(struct converter *c, const struct value *in)
{
	static const struct schema_field item = {"fields", FIELD_MESSAGE,
						 SCHEMA_ALL, &value_schema};
	const struct schema_path up = {c->path, STR("fields"), 0, 0};
	struct value fields = value_object(c->arena, in->n);

	for (uint32_t i = 0; i < in->n; i++) {
		const struct member *m = &in->members[i];
		const struct schema_path at = {&up, m->key, m->line, m->column};
		struct value v;

		if (!schema_read_field(c->reader, &item, &at, &m->value, &v))
			c->ok = false;
		else if (v.kind == VALUE_OBJECT)
			value_put(&fields, m->key, typed_item(c, &v));
	}
	return fields;
}

static struct value object_of(struct converter *c, const struct value *in)
{
	struct value fields = value_object(c->arena, in->n), checked;
	const struct value *typed;

	if (c->reader && value_get(in, "fields")) {
		if (!schema_read(c->reader, &struct_schema, c->path, in,
				 &checked)) {
			c->ok = false;
			return fields;
		}
		typed = value_get(&checked, "fields");
		if (typed)
			fields = typed_fields(c, typed);
	} else {
		for (uint32_t i = 0; i < in->n; i++)
			value_put(&fields, in->members[i].key,
				  plain_item(c, &in->members[i].value));
	}
	return fields.n == 0 ? fields : wrap(c->arena, "fields", fields);
}

struct value config_struct(struct arena *arena, const struct value *in)
{
	struct converter c = {.arena = arena};

	return object_of(&c, in);
}

bool config_properties(struct schema_reader *r, const struct schema_path *path,
		       const struct value *in, struct value *out)
{
	struct converter c = {r->arena, r, path, true};

	*out = object_of(&c, in);
	return c.ok;
}
