/*
 * Reads one YAML document into a value tree, with the line and column of every
 * key and value. Scalars get the types of YAML 1.2's core schema and, as
 * js-yaml does, dates, which become ISO strings. https://yaml.org/spec/1.2.2/
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/error.h"
#include "base/value.h"

struct arena;

/* An empty text gives VALUE_UNDEFINED, one of comments null. Refuses duplicate
 * keys, several documents, nesting beyond 100 levels and aliases that would
 * multiply the text; *at says where it went wrong. */
MUST_CHECK bool yaml_parse(struct str text, struct arena *arena,
			   struct value *out, struct position *at,
			   struct error *err);

#endif
