/* A project in memory with an engine, for the tests of the engine. Its host
 * gives JavaScript these functions: echo(v) returns v, boom() fails, where()
 * notes the caller and make(n) gives an action numbered n with chain(). */
#ifndef TESTS_UNIT_PROJECT_H
#define TESTS_UNIT_PROJECT_H

#include "compiler/project/tree.h"
#include "compiler/script/script.h"

struct file {
	const char *path, *text;
};

/* The first field makes it a tree. */
struct project {
	struct tree tree;
	const struct file *files; /* ends with a NULL path */
	struct arena *arena;
	struct script *script;
	struct span caller; /* as the last where() saw it */
	uint32_t last_object;
};

extern const struct script_limits project_limits;

/* files may be NULL. */
void project_open(struct project *p, const struct file *files,
		  const struct script_limits *limits);
void project_close(struct project *p);
struct source *project_source(struct project *p, const char *path,
			      const char *text);
/* Opens a project and runs code in it as definitions/t.js. */
bool project_run(struct project *p, const char *code,
		 const struct script_limits *limits, struct script_error *err);
/* Calls the only function of lowered SQLX. */
bool project_call(struct project *p, const char *code,
		  const struct script_context *ctx, struct value *out,
		  struct script_error *err);

void assert_text(struct str got, const char *want);
/* "FILE:LINE:COLUMN TEXT" of a span; "" for none. */
struct str place_text(struct arena *a, struct span span);

#endif
