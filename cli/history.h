/* What earlier runs of a project did to one action. */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include <stdint.h>

#include "base/str.h"

struct arena;

struct past_step {
	struct str run, status;
	bool merged;          /* the rows, by a unique key */
	bool added;           /* the rows, to those that were there */
	int64_t rows;         /* -1: not known */
	int64_t milliseconds; /* -1: it did not run */
};

/* The newest runs first, at most max. name: schema.name. What cannot be read
 * is left out. */
size_t history_read(const char *root, struct str name, size_t max,
		    struct arena *arena, struct past_step *out);

#endif
