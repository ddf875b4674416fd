/*
 * JavaScript that is part of the program: the files of compiler/script/js and
 * the libraries of "weir format". The build makes the table: scripts/embed.sh.
 */
#ifndef COMPILER_SCRIPT_EMBEDDED_H
#define COMPILER_SCRIPT_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name;          /* without folder; NULL ends the table */
	const unsigned char *text; /* NUL-terminated behind size */
	size_t size;
};

extern const struct embedded_file embedded_files[];

/* NULL if there is none of that name. */
const struct embedded_file *embedded_find(const char *name);

#endif
