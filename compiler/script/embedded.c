/*
 * The files that are part of the program, by name. There are about a dozen.
 */
#include "compiler/script/embedded.h"

#include <string.h>

const struct embedded_file *embedded_find(const char *name)
{
	const struct embedded_file *f = embedded_files;

	while (f->name && strcmp(f->name, name) != 0)
		f++;
	return f->name ? f : NULL;
}
