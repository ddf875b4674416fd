/* JavaScript that is part of the program, made by scripts/embed.sh. */
#ifndef COMPILER_SCRIPT_LIBRARIES_H
#define COMPILER_SCRIPT_LIBRARIES_H

#include <stddef.h>

struct script_library {
	const char *name;          /* of the file; NULL ends the table */
	const unsigned char *text; /* NUL-terminated behind size */
	size_t size;
};

extern const struct script_library script_libraries[];

#endif
