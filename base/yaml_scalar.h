/*
 * What a plain YAML scalar means, by the rules of js-yaml's default schema:
 * YAML 1.2's core schema, 0b101, and dates.
 */
#ifndef BASE_YAML_SCALAR_H
#define BASE_YAML_SCALAR_H

#include "base/value.h"

struct arena;

/* A string if it is nothing else; it then points to text. Dates become the
 * string that JavaScript's Date.toISOString() gives, in arena. */
struct value yaml_scalar(struct str text, struct arena *arena);

#endif
