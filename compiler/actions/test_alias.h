/* Names for the inputs of a unit test, where SQL wants them named. */
#ifndef COMPILER_TEST_ALIAS_H
#define COMPILER_TEST_ALIAS_H

#include "base/str.h"

struct arena;
struct dialect;

/* What stands in the place of a ref, parentheses and all; name is the ref's. */
struct alias_input {
	struct str text, name;
};

/* query with AS "name" behind each of the inputs that a FROM or JOIN reads and
 * that has no alias. On BigQuery, which needs none, it is query itself. */
struct str test_alias(const struct dialect *d, struct str query,
		      const struct alias_input *inputs, size_t n,
		      struct arena *arena);

#endif
