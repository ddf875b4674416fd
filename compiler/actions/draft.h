/*
 * An action in the making. It collects what files, configs and calls say, until
 * all names are known; then its SQL is made and, if it is whole, it goes into
 * the graph.
 */
#ifndef COMPILER_DRAFT_H
#define COMPILER_DRAFT_H

#include "base/map.h"
#include "base/vec.h"
#include "compiler/actions/test_alias.h"
#include "compiler/config/config.h"
#include "compiler/diag.h"
#include "compiler/graph.h"

struct schema_reader;
struct session;
struct sqlx_sql;

/* Where some of an action's SQL will come from: a value that JavaScript gave
 * (text, a list of texts, a function), or a SQLX file's SQL. */
struct producer {
	const struct value *value;
	const struct sqlx_sql *sql;
	const struct source *src;
	uint32_t function; /* of sql; 0: it holds no JavaScript */
};

struct producers {
	struct producer *v;
	size_t n, cap;
};

/* Where an action comes from. */
struct origin {
	struct config_place config;
	struct span place;
	struct str name; /* if the config has none */
};

enum include_assertions { INCLUDE_UNSET, INCLUDE_NO, INCLUDE_YES };

/* What an action was told to depend on, in the words of who told it. */
struct wish {
	struct target target;
	enum include_assertions include;
	struct wish *same_name; /* the next one */
};

/* input "a" { ... } of a test: what stands in the place of ref("a"). */
struct test_input {
	struct target name; /* the parts that were written */
	struct producer query;
};

/* What a test tests; its own query is what it expects. */
struct draft_test {
	struct target dataset; /* its name is unset while there is none */
	struct draft *tested;  /* NULL until it is known */
	struct {
		struct alias_input *v;
		size_t n, cap;
	} used; /* what ref() answered */
	struct {
		struct test_input *v;
		size_t n, cap;
	} inputs;
};

enum inline_kind { INLINE_NONE, INLINE_UNIQUE_KEY, INLINE_ROW_CONDITIONS };

struct draft {
	struct action made;   /* its target is set when names are final */
	struct target target; /* without suffixes */
	uint32_t number;      /* by which JavaScript knows it */
	struct config_place config;
	const struct value *written; /* config before it was checked */
	struct str given_name; /* the name that it has without one there */

	struct producer query, where;
	struct producers pre, post;

	struct {
		struct wish **v;
		size_t n, cap;
	} wishes;
	struct map wished;       /* name -> the first wish of that name */
	bool include_assertions; /* dependOnDependencyAssertions */
	struct str_vec tags;

	/* Parts of actionDescriptor. */
	struct str description, reservation;
	const struct value *columns, *labels, *metadata;

	const struct value *weir; /* checked, of its config; NULL for none */

	/* An inline assertion: of whom, and what it checks. */
	enum inline_kind inline_kind;
	struct draft *parent;
	struct target parent_target;
	struct strs conditions;
	struct {
		struct draft **v;
		size_t n, cap;
	} assertions; /* its own inline ones */

	struct draft_test *test; /* NULL if it is none */

	const struct value *jit; /* given to jitCode(); NULL for none */
	bool is_jit;             /* it was called, with whatever */

	struct {
		struct draft **v;
		size_t n, cap;
	} deps;              /* resolved */
	struct str resolved; /* its name as SQL, once somebody asked */
	bool failed;         /* not in the graph */
	bool evaluated;      /* whole, though its name may not be its own */
	struct draft *twin;  /* another one of the same name */
	uint32_t id;         /* in the graph, or ACTION_NONE */
	uint32_t mark;       /* of whoever walks over drafts */
};

struct drafts {
	struct draft **v;
	size_t n, cap;
};

struct span draft_span(const struct draft *d);
/* Says that diag, which may have a place, is about d. */
void draft_blame(const struct draft *d, struct diag *diag);
struct diag *draft_error(struct session *s, const struct draft *d,
			 enum diag_code code, struct span span, const char *fmt,
			 ...) PRINTF(5, 6);
/* Of the keys at the top of d's config; d must stay while it is used. */
struct schema_reader draft_key_reader(struct session *s, const struct draft *d);

/* A new draft without names; file is what its config calls its own, if it
 * does. */
struct draft *draft_start(struct session *s, enum action_type type,
			  struct origin origin, struct str file);
void draft_push(struct session *s, struct draft *d);
/* Puts other in the place of d, which is not an action any more. */
void draft_replace(struct session *s, struct draft *d, struct draft *other);

/* t with the project's defaults where it has no schema or database. */
struct target draft_with_defaults(const struct session *s,
				  enum action_type type, struct target t);
/* Its names from a checked config; given is its name if there is none. */
void draft_set_names(struct session *s, struct draft *d,
		     const struct value *config, struct str given);
/* Adds errors for dots in the parts of t. */
void draft_check_names(struct session *s, const struct draft *d,
		       const struct target *t);
void draft_set_target(struct session *s, struct draft *d, struct str database,
		      struct str schema);
void draft_set_disabled(struct draft *d, bool disabled);
void draft_add_tag(struct session *s, struct draft *d, struct str tag);

/* Whether what it depends on may bring assertions along. */
bool draft_has_flags(const struct draft *d);
/* False if the draft was told twice to include assertions, once yes and once
 * no; an error is added. */
bool draft_depend(struct session *s, struct draft *d,
		  const struct target *target, enum include_assertions include);

#endif
