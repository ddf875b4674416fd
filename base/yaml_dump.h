/*
 * Writes a value tree as YAML, byte for byte as js-yaml's dump() does with its
 * default options: blocks indented by two, lines folded at 80.
 * https://github.com/nodeca/js-yaml
 */
#ifndef BASE_YAML_DUMP_H
#define BASE_YAML_DUMP_H

#include "base/buf.h"
#include "base/value.h"

/* Appends the document, which ends with a newline. What is undefined or a
 * function is null. */
void yaml_dump(const struct value *v, struct buf *out);

#endif
