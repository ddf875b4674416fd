/*
 * Writes JSON as a stream, laid out as JavaScript's JSON.stringify(x, null,
 * indent) does: an empty array or object is [] or {}. With indent 0 it is one
 * line without spaces. Text goes to a buf, or through it to a FILE.
 */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"

struct value;

struct json_writer {
	struct buf out;
	FILE *file; /* NULL: everything stays in out */
	int indent;
	int depth;
	bool after_key;
	bool has_items[JSON_DEPTH_MAX];
};

/* file may be NULL. */
void json_start(struct json_writer *w, FILE *file, int indent);
/* Flushes to the file, frees out if there is one. False if writing failed. */
bool json_end(struct json_writer *w);

void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_key(struct json_writer *w, const char *key);
void json_key_str(struct json_writer *w, struct str key);
void json_str(struct json_writer *w, struct str s); /* an unset str: null */
void json_bool(struct json_writer *w, bool b);
void json_int(struct json_writer *w, int64_t i);
void json_number(struct json_writer *w, double d);
void json_null(struct json_writer *w);
/* undefined and functions are left out of objects, null in arrays. */
void json_value(struct json_writer *w, const struct value *v);

/* Key and value in one. */
void json_put_str(struct json_writer *w, const char *key, struct str s);
void json_put_bool(struct json_writer *w, const char *key, bool b);
void json_put_int(struct json_writer *w, const char *key, int64_t i);

#endif
