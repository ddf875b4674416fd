/* Descriptions of a config as comments of the warehouse: the SQL. */
#ifndef RUNTIME_SQL_SQL_COMMENT_H
#define RUNTIME_SQL_SQL_COMMENT_H

#include "base/str.h"

struct action;
struct arena;
struct dialect;

/* What a config says of its relation, or of a column. */
struct description {
	struct str column; /* unset: of the relation */
	struct str text;
};

struct descriptions {
	struct description *v;
	size_t n, cap;
};

/* Of the relation first, then of its columns; of those inside of records there
 * are no comments. */
struct descriptions descriptions_of(const struct action *a,
				    struct arena *arena);

/* comment on table "schema"."name" is '...' */
struct str sql_comment(const struct dialect *d, const struct action *a,
		       const struct description *what, struct arena *arena);
/* All of them, for people. */
struct str sql_comments(const struct dialect *d, const struct action *a,
			struct arena *arena);
/* A query of (column, comment) for what is said now; column is NULL for the
 * relation. */
struct str sql_list_comments(const struct dialect *d, const struct action *a,
			     struct arena *arena);

#endif
