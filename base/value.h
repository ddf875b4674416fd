/*
 * A tree of plain data, whatever it was read from: YAML, JSON or a JavaScript
 * object. Lives in one arena. Objects keep the order of their members; a
 * duplicate key never occurs.
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdint.h>

#include "base/str.h"

struct arena;

/* A place in a text. */
struct position {
	uint32_t line, column; /* from 1; columns count characters */
};

enum value_kind {
	VALUE_UNDEFINED,
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_NUMBER,
	VALUE_STRING,
	VALUE_ARRAY,
	VALUE_OBJECT,
	VALUE_FUNCTION, /* of JavaScript: a handle that script.h can call */
};

struct value {
	uint8_t kind; /* enum value_kind */
	uint32_t line,
		column; /* where it starts in its file, from 1, 0 if unknown */
	uint32_t n;     /* items or members */
	union {
		bool boolean;
		double number;
		struct str string;
		struct value *items;
		struct member *members;
		uint32_t function;
	};
};

struct member {
	struct str key;
	uint32_t line, column; /* of the key */
	struct value value;
};

/* The member's value, or NULL: also when v is NULL or no object. */
const struct value *value_get(const struct value *v, const char *key);
const struct value *value_find(const struct value *v, struct str key);
/* The string at key, or an unset str if it is missing or no string. */
struct str value_get_str(const struct value *v, const char *key);

struct value value_string(struct str s);
struct value value_bool(bool b);
struct value value_number(double d);
/* An empty object or array with room for n; fill with the functions below. */
struct value value_object(struct arena *a, uint32_t room);
struct value value_array(struct arena *a, uint32_t room);
const struct value *value_copy(struct arena *a, struct value v);
/* The strings of a list, or one string as a list of it; v may be NULL. */
struct strs value_strings(struct arena *a, const struct value *v);
/* Appends; there must be room. */
void value_put(struct value *object, struct str key, struct value v);
void value_push(struct value *array, struct value v);

/* An object with its members in JavaScript's order: keys that are array indexes
 * first, ascending. */
struct value value_in_key_order(struct arena *a, const struct value *object);
/* What JavaScript has after JSON.parse(JSON.stringify(v)): keys that are array
 * indexes come first, "__proto__" is gone, -0 is 0, NaN and infinities are
 * null. Only undefined and functions stay: json_value() leaves them out. */
struct value value_as_json(struct arena *a, const struct value *v);

/* Same kind and content, members in any order; a function is equal only to
 * itself. b may be NULL. */
bool value_equal(const struct value *a, const struct value *b);

/* "a string", "a list", ...: for messages. */
const char *value_noun(const struct value *v);
/* False for undefined, null, false, 0, NaN and "". */
bool value_is_truthy(const struct value *v);
/* As JavaScript's String(number); the first may lie in out. */
enum { VALUE_NUMBER_SIZE = 64 };
struct str value_print_number(char out[VALUE_NUMBER_SIZE], double d);
struct str value_number_text(struct arena *a, double d);

#endif
