/* Object literals of JavaScript that are data only, which is what most config
 * blocks are: read here, they cost the engine nothing. */
#ifndef COMPILER_LITERAL_H
#define COMPILER_LITERAL_H

#include "base/value.h"

struct arena;

/* False if text is no object literal, or holds anything whose meaning only
 * JavaScript knows; then nothing is said about it. Strings point into text,
 * which outlives *out. */
bool literal_read(struct str text, struct arena *arena, struct value *out);

#endif
