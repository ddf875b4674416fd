/* A YAML file of the project, with places for what is wrong in it. */
#ifndef COMPILER_YAML_FILE_H
#define COMPILER_YAML_FILE_H

#include "compiler/project/source.h"

struct arena;
struct diags;

struct yaml_file {
	const struct source *src;
	struct value root; /* VALUE_UNDEFINED if the file is empty */
	uint32_t *lines;   /* where each starts; one more for the end */
	uint32_t nlines;
};

/* False after an error. src outlives the file. */
bool yaml_file_read(const struct source *src, struct arena *arena,
		    struct diags *diags, struct yaml_file *out);
/* n characters from a line and column that a value or key of it has. */
struct span yaml_file_span(const struct yaml_file *f, uint32_t line,
			   uint32_t column, size_t n);

#endif
