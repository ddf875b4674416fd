/*
 * JSON to a value tree: jansson reads, its tree is copied into the arena.
 * Numbers are doubles and the last of two equal keys wins, as in JavaScript.
 */
#include "base/json.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/limits.h"

struct copier {
	struct arena *arena;
	struct error *err;
};

static bool copy(const struct copier *c, json_t *json, int depth,
		 struct value *out);

static bool copy_array(const struct copier *c, json_t *json, int depth,
		       struct value *out)
{
	size_t n = json_array_size(json);
	struct value item;

	*out = value_array(c->arena, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		if (!copy(c, json_array_get(json, i), depth + 1, &item))
			return false;
		value_push(out, item);
	}
	return true;
}

static bool copy_object(const struct copier *c, json_t *json, int depth,
			struct value *out)
{
	struct value v;
	struct str key;

	*out = value_object(c->arena, (uint32_t)json_object_size(json));
	for (void *i = json_object_iter(json); i;
	     i = json_object_iter_next(json, i)) {
		key.p = json_object_iter_key(i);
		key.n = json_object_iter_key_len(i);
		if (!copy(c, json_object_iter_value(i), depth + 1, &v))
			return false;
		value_put(out, arena_str(c->arena, key), v);
	}
	return true;
}

static bool copy(const struct copier *c, json_t *json, int depth,
		 struct value *out)
{
	if (depth >= VALUE_DEPTH_MAX &&
	    (json_is_array(json) || json_is_object(json)))
		return error_set(c->err, ERROR_CONFIG,
				 "nested more than %d levels deep",
				 VALUE_DEPTH_MAX);
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return copy_object(c, json, depth, out);
	case JSON_ARRAY:
		return copy_array(c, json, depth, out);
	case JSON_STRING:
		*out = value_string(arena_str(
			c->arena, (struct str){json_string_value(json),
					       json_string_length(json)}));
		return true;
	case JSON_INTEGER:
	case JSON_REAL:
		*out = value_number(json_number_value(json));
		return true;
	case JSON_TRUE:
	case JSON_FALSE:
		*out = value_bool(json_is_true(json));
		return true;
	case JSON_NULL:
		*out = (struct value){.kind = VALUE_NULL};
		return true;
	}
	return false;
}

bool json_parse(struct str text, struct arena *arena, struct value *out,
		struct position *at, struct error *err)
{
	struct copier c = {arena, err};
	json_error_t why;
	json_t *json;
	bool ok;

	*at = (struct position){1, 1};
	*out = (struct value){.kind = VALUE_UNDEFINED};
	json = json_loadb(text.p ? text.p : "", text.n,
			  JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL |
				  JSON_ALLOW_NUL,
			  &why);
	if (!json) {
		if (why.line > 0)
			at->line = (uint32_t)why.line;
		if (why.column > 0)
			at->column = (uint32_t)why.column;
		return error_set(err, ERROR_CONFIG, "%s", why.text);
	}
	ok = copy(&c, json, 0, out);
	json_decref(json);
	return ok;
}
