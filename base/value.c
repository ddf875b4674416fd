/* A tree of plain data: access and making. */
#include "base/value.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/map.h"

const struct value *value_find(const struct value *v, struct str key)
{
	if (!v || v->kind != VALUE_OBJECT)
		return NULL;
	for (uint32_t i = 0; i < v->n; i++)
		if (str_eq(v->members[i].key, key))
			return &v->members[i].value;
	return NULL;
}

const struct value *value_get(const struct value *v, const char *key)
{
	return value_find(v, str_of(key));
}

struct str value_get_str(const struct value *v, const char *key)
{
	const struct value *found = value_get(v, key);

	if (!found || found->kind != VALUE_STRING)
		return (struct str){0};
	return found->string;
}

struct value value_string(struct str s)
{
	return (struct value){.kind = VALUE_STRING, .string = s};
}

struct value value_bool(bool b)
{
	return (struct value){.kind = VALUE_BOOL, .boolean = b};
}

struct value value_number(double d)
{
	return (struct value){.kind = VALUE_NUMBER, .number = d};
}

struct value value_object(struct arena *a, uint32_t room)
{
	struct value v = {.kind = VALUE_OBJECT};

	v.members = room ? ARENA_NEW(a, struct member, room) : NULL;
	return v;
}

struct value value_array(struct arena *a, uint32_t room)
{
	struct value v = {.kind = VALUE_ARRAY};

	v.items = room ? ARENA_NEW(a, struct value, room) : NULL;
	return v;
}

const struct value *value_copy(struct arena *a, struct value v)
{
	struct value *copy = ARENA_NEW(a, struct value, 1);

	*copy = v;
	return copy;
}

struct strs value_strings(struct arena *a, const struct value *v)
{
	struct strs list = {0};

	if (!v)
		return list;
	if (v->kind == VALUE_STRING) {
		list.v = ARENA_NEW(a, struct str, 1);
		list.v[list.n++] = v->string;
		return list;
	}
	if (v->kind != VALUE_ARRAY || v->n == 0)
		return list;
	list.v = ARENA_NEW(a, struct str, v->n);
	for (uint32_t i = 0; i < v->n; i++)
		if (v->items[i].kind == VALUE_STRING)
			list.v[list.n++] = v->items[i].string;
	return list;
}

void value_put(struct value *object, struct str key, struct value v)
{
	assert(object->kind == VALUE_OBJECT);
	object->members[object->n++] = (struct member){.key = key, .value = v};
}

void value_push(struct value *array, struct value v)
{
	assert(array->kind == VALUE_ARRAY);
	array->items[array->n++] = v;
}

/* 0, 1, ... without leading zeros, below 2^32 - 1. */
static bool is_index(struct str key, uint64_t *out)
{
	uint64_t n = 0;

	if (key.n == 0 || key.n > 10 || (key.p[0] == '0' && key.n > 1))
		return false;
	for (size_t i = 0; i < key.n; i++) {
		if (!ascii_is_digit(key.p[i]))
			return false;
		n = n * 10 + (uint64_t)(key.p[i] - '0');
	}
	*out = n;
	return n < UINT32_MAX;
}

static int compare_indexes(const void *a, const void *b)
{
	uint64_t x = 0, y = 0;

	is_index(((const struct member *)a)->key, &x);
	is_index(((const struct member *)b)->key, &y);
	return (x > y) - (x < y);
}

struct value value_in_key_order(struct arena *a, const struct value *v)
{
	struct value out = *v;
	uint64_t index;

	assert(v->kind == VALUE_OBJECT);
	out.members = ARENA_NEW(a, struct member, v->n + 1);
	out.n = 0;
	for (uint32_t i = 0; i < v->n; i++)
		if (is_index(v->members[i].key, &index))
			out.members[out.n++] = v->members[i];
	if (out.n)
		qsort(out.members, out.n, sizeof(*out.members),
		      compare_indexes);
	for (uint32_t i = 0; i < v->n; i++)
		if (!is_index(v->members[i].key, &index))
			out.members[out.n++] = v->members[i];
	return out;
}

static struct value object_as_json(struct arena *a, const struct value *v)
{
	struct value out = value_in_key_order(a, v);
	uint32_t all = out.n;

	out.n = 0;
	for (uint32_t i = 0; i < all; i++) {
		struct member *m = &out.members[i];

		if (str_is(m->key, "__proto__"))
			continue;
		m->value = value_as_json(a, &m->value);
		out.members[out.n++] = *m;
	}
	return out;
}

struct value value_as_json(struct arena *a, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_OBJECT)
		return object_as_json(a, v);
	if (v->kind == VALUE_NUMBER && !isfinite(v->number))
		out.kind = VALUE_NULL;
	if (v->kind == VALUE_NUMBER && v->number == 0)
		out.number = 0; /* not -0 */
	if (v->kind != VALUE_ARRAY)
		return out;
	out.items = ARENA_NEW(a, struct value, v->n + 1);
	for (uint32_t i = 0; i < v->n; i++)
		out.items[i] = value_as_json(a, &v->items[i]);
	return out;
}

bool value_is_truthy(const struct value *v)
{
	if (!v)
		return false;
	switch ((enum value_kind)v->kind) {
	case VALUE_UNDEFINED:
	case VALUE_NULL:
		return false;
	case VALUE_BOOL:
		return v->boolean;
	case VALUE_NUMBER:
		return !isnan(v->number) && v->number != 0;
	case VALUE_STRING:
		return v->string.n > 0;
	case VALUE_ARRAY:
	case VALUE_OBJECT:
	case VALUE_FUNCTION:
		return true;
	}
	return true;
}

/* The shortest digits that read back as d, and where the point belongs:
 * d = 0.DIGITS * 10^point. */
static int shortest_digits(double d, char digits[32], int *point)
{
	char text[40];
	int n = 0;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, d);
		if (strtod(text, NULL) == d)
			break;
	}
	for (const char *p = text; *p && *p != 'e'; p++)
		if (ascii_is_digit(*p))
			digits[n++] = *p;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	digits[n] = '\0';
	*point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
	return n;
}

/* ECMA-262, Number::toString. */
struct str value_print_number(char out[VALUE_NUMBER_SIZE], double d)
{
	const char *sign = d < 0 ? "-" : "";
	char digits[32];
	int n, point;

	if (isnan(d))
		return STR("NaN");
	if (isinf(d))
		return d < 0 ? STR("-Infinity") : STR("Infinity");
	if (d == 0)
		return STR("0");
	n = shortest_digits(fabs(d), digits, &point);
	if (n <= point && point <= 21)
		snprintf(out, VALUE_NUMBER_SIZE, "%s%s%.*s", sign, digits,
			 point - n, "000000000000000000000");
	else if (0 < point && point <= 21)
		snprintf(out, VALUE_NUMBER_SIZE, "%s%.*s.%s", sign, point,
			 digits, digits + point);
	else if (-6 < point && point <= 0)
		snprintf(out, VALUE_NUMBER_SIZE, "%s0.%.*s%s", sign, -point,
			 "000000", digits);
	else if (n == 1)
		snprintf(out, VALUE_NUMBER_SIZE, "%s%se%+d", sign, digits,
			 point - 1);
	else
		snprintf(out, VALUE_NUMBER_SIZE, "%s%c.%se%+d", sign, digits[0],
			 digits + 1, point - 1);
	return str_of(out);
}

struct str value_number_text(struct arena *a, double d)
{
	char text[VALUE_NUMBER_SIZE];

	return arena_str(a, value_print_number(text, d));
}

const char *value_noun(const struct value *v)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_UNDEFINED:
		return "undefined";
	case VALUE_NULL:
		return "null";
	case VALUE_BOOL:
		return "a boolean";
	case VALUE_NUMBER:
		return "a number";
	case VALUE_STRING:
		return "a string";
	case VALUE_ARRAY:
		return "a list";
	case VALUE_OBJECT:
		return "an object";
	case VALUE_FUNCTION:
		return "a function";
	}
	return "";
}

static bool equal_items(const struct value *a, const struct value *b)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (!value_equal(&a->items[i], &b->items[i]))
			return false;
	return true;
}

/* In whatever order, from member i on. */
static bool equal_by_name(const struct value *a, const struct value *b,
			  uint32_t i)
{
	struct arena *arena = arena_new();
	struct map members;
	bool equal = true;

	map_init(&members, arena);
	for (uint32_t k = i; k < b->n; k++)
		map_put(&members, b->members[k].key, &b->members[k].value);
	for (; i < a->n && equal; i++)
		equal = value_equal(&a->members[i].value,
				    map_get(&members, a->members[i].key));
	arena_free(arena);
	return equal;
}

/* Most are in the same order. */
static bool equal_members(const struct value *a, const struct value *b)
{
	for (uint32_t i = 0; i < a->n; i++) {
		if (!str_eq(a->members[i].key, b->members[i].key))
			return equal_by_name(a, b, i);
		if (!value_equal(&a->members[i].value, &b->members[i].value))
			return false;
	}
	return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (!a || !b || a->kind != b->kind)
		return a == b;
	switch ((enum value_kind)a->kind) {
	case VALUE_UNDEFINED:
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->boolean == b->boolean;
	case VALUE_NUMBER:
		return a->number == b->number;
	case VALUE_STRING:
		return str_eq(a->string, b->string);
	case VALUE_ARRAY:
		return a->n == b->n && equal_items(a, b);
	case VALUE_OBJECT:
		return a->n == b->n && equal_members(a, b);
	case VALUE_FUNCTION:
		return a->function == b->function;
	}
	return false;
}
