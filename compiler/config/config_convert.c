/*
 * What people write in a config is shorter than what the graph has. Each
 * function here makes one of the long forms; what it cannot understand is
 * reported, or passed on for the table of keys to refuse.
 */
#include "compiler/config/config_int.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

struct columns {
	struct value *v;
	size_t n, cap;
};

/* A column's name, and the records that hold it. */
struct column_name {
	const struct column_name *up;
	struct str name;
	uint32_t depth;
};

static struct value path_value(struct arena *arena,
			       const struct column_name *name)
{
	struct value path = value_array(arena, name->depth);

	path.n = name->depth;
	for (; name; name = name->up)
		path.items[name->depth - 1] = value_string(name->name);
	return path;
}

/* tags and bigqueryPolicyTags: one string counts as a list of one. */
static bool put_list(struct schema_reader *r, const struct schema_path *path,
		     const struct value *in, struct value *column)
{
	static const struct schema_field list = {.type = FIELD_STRINGS};
	struct value v;

	if (in->kind == VALUE_STRING) {
		v = value_array(r->arena, 1);
		value_push(&v, *in);
	} else if (!schema_read_field(r, &list, path, in, &v)) {
		return false;
	}
	if (v.kind != VALUE_UNDEFINED)
		value_put(column, path->key, v);
	return true;
}

static void warn_column_key(struct schema_reader *r,
			    const struct schema_path *path)
{
	const struct str known[] = {
		STR("description"),
		STR("columns"),
		STR("tags"),
		STR("displayName"),
		STR("bigqueryPolicyTags"),
	};
	size_t n = sizeof(known) / sizeof(known[0]);
	struct str near = suggest(path->key, known, n);
	struct diag *d;

	for (size_t i = 0; i < n; i++)
		if (str_eq(path->key, known[i]))
			return;
	d = diag_warn(r->diags, r->unknown, r->locate(r, path),
		      "\"%.*s\" of a column is ignored", STR_ARG(path->key));
	if (near.p)
		diag_help(r->diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
}

static bool put_column(struct schema_reader *r, const struct schema_path *path,
		       const struct value *in, struct value *column)
{
	static const struct schema_field text = {.type = FIELD_STRING};
	bool ok = true;
	struct value v;

	for (uint32_t i = 0; i < in->n; i++) {
		const struct member *m = &in->members[i];
		const struct schema_path at = {path, m->key, 0, 0};

		if (m->value.kind <= VALUE_NULL || str_is(m->key, "columns"))
			continue;
		if (str_is(m->key, "tags") ||
		    str_is(m->key, "bigqueryPolicyTags")) {
			ok = put_list(r, &at, &m->value, column) && ok;
		} else if (str_is(m->key, "description")) {
			if (schema_read_field(r, &text, &at, &m->value, &v))
				value_put(column, m->key, v);
			else
				ok = false;
		} else {
			warn_column_key(r, &at);
		}
	}
	return ok;
}

static bool add_columns(struct schema_reader *r, const struct schema_path *path,
			const struct column_name *up, const struct value *in,
			struct columns *out);

/* Dataform takes a number, a list or false where a description belongs. */
static void warn_useless(struct schema_reader *r,
			 const struct schema_path *path, const struct value *in)
{
	struct diag *d = diag_warn(r->diags, r->bad, r->locate(r, path),
				   "\"%.*s\" is %s and describes nothing",
				   STR_ARG(path->key), value_noun(in));

	diag_help(r->diags, d, "write a description or an object");
}

static bool add_column(struct schema_reader *r, const struct schema_path *path,
		       const struct column_name *name, const struct value *in,
		       struct columns *out)
{
	struct value column = value_object(r->arena, 4);
	const struct value *nested = value_get(in, "columns");
	const struct schema_path below = {path, STR("columns"), 0, 0};
	bool ok;

	value_put(&column, STR("path"), path_value(r->arena, name));
	if (in->kind == VALUE_STRING) {
		value_put(&column, STR("description"), *in);
		VEC_PUSH(r->arena, out, column);
		return true;
	}
	if (in->kind <= VALUE_NULL) {
		schema_error(r, path, "column \"%.*s\" has no value",
			     STR_ARG(path->key));
		return false;
	}
	if (in->kind != VALUE_OBJECT) {
		warn_useless(r, path, in);
		if (value_is_truthy(in))
			VEC_PUSH(r->arena, out, column);
		return true;
	}
	ok = put_column(r, path, in, &column);
	VEC_PUSH(r->arena, out, column);
	if (nested && value_is_truthy(nested))
		ok = add_columns(r, &below, name, nested, out) && ok;
	return ok;
}

/* A list, to Dataform, is an object whose columns are called 0, 1, ... */
static struct value list_as_object(struct schema_reader *r,
				   const struct schema_path *path,
				   const struct value *in)
{
	struct value out = value_object(r->arena, in->n);
	struct diag *d;

	for (uint32_t i = 0; i < in->n; i++)
		value_put(&out, arena_printf(r->arena, "%u", i), in->items[i]);
	if (in->n == 0)
		return out;
	d = diag_warn(r->diags, r->bad, r->locate(r, path),
		      "\"%.*s\" is a list, so its columns are called 0, 1, ...",
		      STR_ARG(path->key));
	diag_help(r->diags, d, "write { name: \"description\", ... }");
	return out;
}

static bool add_columns(struct schema_reader *r, const struct schema_path *path,
			const struct column_name *up, const struct value *in,
			struct columns *out)
{
	struct value v = *in;
	bool ok = true;

	if (v.kind == VALUE_ARRAY) {
		v = list_as_object(r, path, in);
	} else if (v.kind != VALUE_OBJECT) {
		struct diag *d = schema_error(
			r, path, "\"%.*s\" must be an object, not %s",
			STR_ARG(path->key), value_noun(in));

		diag_help(r->diags, d, "write { name: \"description\", ... }");
		return false;
	}
	for (uint32_t i = 0; i < v.n; i++) {
		const struct member *m = &v.members[i];
		const struct schema_path at = {path, m->key, 0, 0};
		const struct column_name name = {up, m->key,
						 up ? up->depth + 1 : 1};

		ok = add_column(r, &at, &name, &m->value, out) && ok;
	}
	return ok;
}

bool config_columns(struct schema_reader *r, const struct schema_path *path,
		    const struct value *in, struct value *out)
{
	struct columns columns = {0};
	bool ok = add_columns(r, path, NULL, in, &columns);

	*out = (struct value){
		.kind = VALUE_ARRAY,
		.n = (uint32_t)columns.n,
		.items = columns.v,
	};
	return ok;
}

static bool split_name(struct schema_reader *r, const struct schema_path *path,
		       struct str s, struct value *out)
{
	static const char *const keys[] = {"name", "dataset", "project"};
	struct str rest = s;
	struct diag *d;

	*out = value_object(r->arena, 4);
	for (int i = 0; i < 3 && rest.p; i++) {
		size_t dot = str_rfind(rest, '.');
		size_t start = dot < rest.n ? dot + 1 : 0;

		value_put(out, str_of(keys[i]),
			  value_string(str_sub(rest, start, rest.n)));
		rest = start ? str_sub(rest, 0, dot) : (struct str){0};
	}
	if (!rest.p)
		return true;
	d = schema_error(r, path, "\"%.*s\" has more than three parts",
			 STR_ARG(s));
	diag_help(r->diags, d, "write \"database.schema.name\"");
	return false;
}

bool config_dependencies(struct schema_reader *r,
			 const struct schema_path *path, const struct value *in,
			 struct value *out)
{
	struct diag *d;
	struct value item;
	bool ok = true;

	if (in->kind != VALUE_ARRAY) {
		d = schema_error(r, path, "\"%.*s\" must be a list, not %s",
				 STR_ARG(path->key), value_noun(in));
		if (in->kind == VALUE_STRING)
			diag_help(r->diags, d, "write [\"%.*s\"]",
				  STR_ARG(in->string));
		return false;
	}
	*out = value_array(r->arena, in->n);
	for (uint32_t i = 0; i < in->n; i++) {
		item = in->items[i];
		if (item.kind == VALUE_STRING)
			ok = split_name(r, path, in->items[i].string, &item) &&
			     ok;
		value_push(out, item);
	}
	return ok;
}

/* A column that is given as a list is its names with commas between, as
 * JavaScript makes text of it. */
static struct value column_text(struct arena *arena, const struct value *in)
{
	struct buf b = {0};
	struct str text;

	if (in->kind == VALUE_NUMBER)
		return value_string(value_number_text(arena, in->number));
	if (in->kind != VALUE_ARRAY)
		return *in;
	for (uint32_t i = 0; i < in->n; i++) {
		if (in->items[i].kind != VALUE_STRING)
			return *in;
		if (i)
			buf_addc(&b, ',');
		buf_add_str(&b, in->items[i].string);
	}
	text = buf_move(&b, arena);
	buf_free(&b);
	return value_string(text);
}

/* One column, or a list of them. */
static struct value column_list(struct arena *arena, const struct value *in)
{
	struct value list;

	if (in->kind == VALUE_STRING) {
		list = value_array(arena, 1);
		value_push(&list, *in);
		return list;
	}
	if (in->kind != VALUE_ARRAY)
		return *in;
	list = value_array(arena, in->n);
	for (uint32_t i = 0; i < in->n; i++)
		value_push(&list, column_text(arena, &in->items[i]));
	return list;
}

/* [["a"], ["b", "c"]] to [{uniqueKey: ["a"]}, ...]. */
static struct value unique_keys(struct arena *arena, const struct value *in)
{
	struct value out;

	if (in->kind != VALUE_ARRAY || in->n == 0 ||
	    in->items[0].kind != VALUE_ARRAY || in->items[0].n == 0)
		return *in;
	out = value_array(arena, in->n);
	for (uint32_t i = 0; i < in->n; i++) {
		struct value key = value_object(arena, 1);
		struct value columns = in->items[i];

		if (columns.kind == VALUE_ARRAY)
			columns = column_list(arena, &columns);
		value_put(&key, STR("uniqueKey"), columns);
		value_push(&out, key);
	}
	return out;
}

struct value config_assertions(struct arena *arena, const struct value *in)
{
	struct value out;

	if (in->kind != VALUE_OBJECT)
		return *in;
	out = value_object(arena, in->n);
	for (uint32_t i = 0; i < in->n; i++) {
		struct member m = in->members[i];

		if (str_is(m.key, "uniqueKey") || str_is(m.key, "nonNull"))
			m.value = column_list(arena, &m.value);
		else if (str_is(m.key, "uniqueKeys"))
			m.value = unique_keys(arena, &m.value);
		value_put(&out, m.key, m.value);
	}
	return out;
}
