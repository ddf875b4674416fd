/* Small projects in memory for tests: files in, a compilation out. */
#ifndef TESTS_UNIT_PROJECT_MAKER_H
#define TESTS_UNIT_PROJECT_MAKER_H

#include "compiler/compile.h"
#include "compiler/project/tree.h"

enum { PROJECT_FILES = 32 };

struct project_maker {
	struct tree tree;
	struct arena *arena;
	struct {
		const char *path;
		struct str text;
	} files[PROJECT_FILES];
	size_t nfiles;
	struct compile_options options;
	struct compilation c;
};

/* With a workflow_settings.yaml: project "db", dataset "ds", assertions in
 * "checks". */
void project_start(struct project_maker *p);
void project_end(struct project_maker *p);
/* Adds or replaces a file. path and text are not copied. */
void project_add(struct project_maker *p, const char *path, const char *text);
/* Compiles what is there; true if there are no errors. */
bool project_make(struct project_maker *p);

/* The action "schema.name"; fails the test if there is none. */
const struct action *project_action(const struct project_maker *p,
				    const char *name);
/* Its dependencies, "schema.name", separated by spaces. */
const char *project_deps(const struct project_maker *p, const char *name);
/* All errors, a line each: "CODE FILE:LINE:COLUMN TEXT". */
const char *project_errors(const struct project_maker *p);

#endif
