/* The graph as text for others. */
#ifndef COMPILER_GRAPH_PRINT_H
#define COMPILER_GRAPH_PRINT_H

#include <stdio.h>

#include "compiler/compile.h"

/* As `dataform compile --json` prints it, key for key, with the errors in
 * graphErrors. selected NULL: everything, and members without a value are left
 * out; else all top-level lists are there, as Dataform has it. False if
 * writing failed. */
bool graph_print_json(const struct compilation *c, const bool *selected,
		      FILE *f);
bool graph_print_dot(const struct graph *g, const bool *selected, FILE *f);

#endif
