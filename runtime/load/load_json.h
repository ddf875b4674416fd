/*
 * A strict scanner of JSON within one line that ends with a line feed, where
 * no JSON goes on. It allocates nothing: strings are decoded where they stand.
 * https://www.rfc-editor.org/rfc/rfc8259
 */
#ifndef RUNTIME_LOAD_LOAD_JSON_H
#define RUNTIME_LOAD_LOAD_JSON_H

#include "base/str.h"

struct json_scan {
	char *p;         /* what comes next */
	const char *why; /* what is wrong, at p; NULL */
};

enum json_token {
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_BAD, /* nothing that can start a value */
};

/* Moves over white space; what kind of value starts there. */
enum json_token json_scan_peek(struct json_scan *s);
/* Moves over one character if it comes next. */
bool json_scan_take(struct json_scan *s, char c);
/* Reads a string and decodes it in place. */
bool json_scan_string(struct json_scan *s, char **p, size_t *n);
/* Moves over a value of any kind; its text as it stands, all of it checked. */
bool json_scan_value(struct json_scan *s, struct str *text);

#endif
