/* What weirfile.c is made of. */
#ifndef COMPILER_WEIRFILE_INT_H
#define COMPILER_WEIRFILE_INT_H

#include "base/vec.h"
#include "compiler/project/schema.h"
#include "compiler/project/weirfile.h"

/* weirfile_target.c: checks the mapping of targets and adds its profiles. They
 * still hold ${env:NAME} as written. */
bool weirfile_read_targets(struct schema_reader *r, const struct value *targets,
			   struct weirfile *out);
/* Fills p from its mapping, which has been checked. False: a number that came
 * from the environment is none. */
bool weirfile_fill_profile(struct schema_reader *r, struct profile *p);

/* weirfile_load.c */
bool weirfile_read_loads(struct schema_reader *r, const struct value *loads,
			 struct weirfile *out);

/* weirfile_env.c: */
struct environment {
	struct arena *arena;
	struct secrets *secrets; /* gets what is looked up; may be NULL */
	struct str missing;      /* a variable that is not set */
};
/* False if s has a "${" that is no ${env:NAME}. */
bool env_is_valid(struct str s);
bool env_is_used(struct str s);
/* v with every ${env:NAME} filled in; env->missing says if one is not set. */
struct value env_fill(struct environment *env, const struct value *v);

#endif
