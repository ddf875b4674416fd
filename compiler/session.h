/*
 * Private to the files that turn a project into actions: compile.c, session*.c,
 * action*.c, resolve.c, deps.c, order.c, finish.c. A session lives as long as
 * one compile. First every file makes drafts of actions; then, when all names
 * are known, the drafts' SQL is evaluated, and what is whole goes into the
 * graph.
 */
#ifndef COMPILER_SESSION_H
#define COMPILER_SESSION_H

#include "base/buf.h"
#include "base/vec.h"
#include "compiler/compile.h"
#include "compiler/config.h"
#include "compiler/names.h"
#include "compiler/script.h"
#include "compiler/sqlx.h"

struct read_file;

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

/* Limits of the project's JavaScript; its time is the user's to set. */
enum {
	SCRIPT_MEMORY = 256 << 20,
	SCRIPT_STACK = 1 << 20,
};

enum include_assertions { INCLUDE_UNSET, INCLUDE_NO, INCLUDE_YES };

/* What an action was told to depend on, in the words of who told it. */
struct wish {
	struct target target;
	enum include_assertions include;
	struct wish *same_name; /* the next one */
};

enum inline_kind { INLINE_NONE, INLINE_UNIQUE_KEY, INLINE_ROW_CONDITIONS };

/* An action in the making. */
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

	/* An inline assertion: of whom, and what it checks. */
	enum inline_kind inline_kind;
	struct draft *parent;
	struct target parent_target;
	struct strs conditions;
	struct {
		struct draft **v;
		size_t n, cap;
	} assertions; /* its own inline ones */

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

struct session {
	struct arena *arena;
	struct diags *diags;
	struct tree *tree;
	const struct settings *settings;
	const struct dialect *dialect;
	struct script *script;

	struct drafts order;   /* as Dataform has them */
	struct drafts numbers; /* by number */
	struct names names;    /* all drafts, from the evaluation on */
	struct names asserted; /* what assertions read -> the assertion */
	struct map refused;    /* names of SQLX files that make no action */
	struct strs known; /* all names, for suggestions; made when needed */
	struct buf text;   /* scratch */
	uint32_t marks;
	uint32_t nsuggestions;
	bool stopped;     /* out of time: nothing is evaluated any more */
	struct span here; /* what is worked on while no JavaScript runs */

	/* What a host function threw last. If nobody caught it, it comes back
	 * as the failure of the script, to be reported as ours. */
	struct {
		struct str text;
		struct str help;
		enum diag_code code;
		struct span span;
		bool reported;
	} thrown;
};

/* session.c: files, and failures of scripts. */
void session_compile_sqlx(struct session *s, const struct read_file *file);
void session_compile_js(struct session *s, const struct source *src);
/* file is what the failure is blamed on; draft may be NULL. */
void session_report(struct session *s, const struct script_error *err,
		    struct str file, const struct draft *draft);
/* Makes the host call fail with text; returns false. If nobody catches it, it
 * is reported with code and help (may be NULL) at the call. */
bool session_throw(struct session *s, struct script_call *call,
		   enum diag_code code, struct str text, const char *help);
/* The same when diagnostics have already been added. */
bool session_throw_reported(struct session *s, struct script_call *call);
/* An error at what is executing, if it can be at the string literal quoted. */
struct diag *session_error_here(struct session *s, enum diag_code code,
				struct str quoted, struct str text);
/* Where text stands as a string literal behind from in src, quotes and all.
 * False if it does not. */
bool session_find_quoted(const struct source *src, uint32_t from,
			 struct str text, struct span *out);
/* The literal that session_find_quoted() finds at span or in its line; span if
 * there is none. */
struct span session_narrow(struct span span, struct str quoted);
/* "did you mean ...?" as the diagnostic's help, if something is near. */
void session_suggest(struct session *s, struct diag *diag,
		     const struct target *wanted);

/* session_api.c: what the project's JavaScript sees. */
enum session_class {
	/* first those of enum action_type */
	SESSION_CONTEXT = ACTION_DECLARATION + 1,
	SESSION_GLOBAL, /* "dataform" */
	SESSION_NCLASSES
};
/* By enum session_class. */
const struct script_class *session_classes(struct arena *arena);
extern const struct script_method session_globals[];
script_fn session_call_global;

/* session_methods.c: methods of actions and contexts; ids continue enum
 * context_function. */
enum session_method {
	METHOD_QUERY = CONTEXT_NFUNCTIONS,
	METHOD_WHERE,
	METHOD_PRE_OPS,
	METHOD_POST_OPS,
	METHOD_JIT_CODE,
	METHOD_DISABLED,
	METHOD_BIGQUERY,
	METHOD_DEPENDENCIES,
	METHOD_HERMETIC,
	METHOD_TAGS,
	METHOD_DESCRIPTION,
	METHOD_COLUMNS,
	METHOD_DATABASE,
	METHOD_SCHEMA,
	METHOD_ASSERTIONS,
	METHOD_INCLUDE_ASSERTIONS,
	METHOD_TYPE,
	METHOD_MATERIALIZED,
	METHOD_PROTECTED,
	METHOD_UNIQUE_KEY,
	METHOD_HAS_OUTPUT,
	METHOD_END,
};
script_fn session_call_method;  /* on an action */
script_fn session_call_context; /* on a context */

/* draft.c */
struct span draft_span(const struct draft *d);
/* Says that diag, which may have a place, is about d. */
void draft_blame(const struct draft *d, struct diag *diag);
struct diag *draft_error(struct session *s, const struct draft *d,
			 enum diag_code code, struct span span, const char *fmt,
			 ...) PRINTF(5, 6);

/* action.c: drafts from configs. */
struct origin {
	struct config_place config;
	struct span place;
	struct str name; /* if the config has none */
};
/* NULL after an error if Dataform would drop the action. It is not yet part of
 * the session, but its inline assertions are. */
struct draft *draft_new(struct session *s, enum action_type type,
			const struct value *written, struct origin origin);
void draft_push(struct session *s, struct draft *d);
/* Puts other in the place of d, which is not an action any more. */
void draft_replace(struct session *s, struct draft *d, struct draft *other);
void draft_set_target(struct session *s, struct draft *d, struct str database,
		      struct str schema);
void draft_set_disabled(struct draft *d, bool disabled);
void draft_add_tag(struct session *s, struct draft *d, struct str tag);
void draft_set_columns(struct session *s, struct draft *d,
		       const struct value *columns, bool is_config);
/* False if the draft's tables were told twice to include assertions, once yes
 * and once no; an error is added. */
bool draft_depend(struct session *s, struct draft *d,
		  const struct target *target, enum include_assertions include);
struct strs strs_of_value(struct arena *arena, const struct value *v);
const struct value *copy_value(struct arena *arena, struct value v);

/* action_table.c: what tables, views and incremental tables have. False, after
 * an error, if Dataform would drop the action. */
bool draft_apply_table_config(struct session *s, struct draft *d,
			      const struct value *config);
/* bigquery options as given to .bigquery(); false after an error. */
bool draft_set_bigquery(struct session *s, struct draft *d,
			const struct value *options);

/* assertions.c */
void draft_add_assertions(struct session *s, struct draft *parent,
			  const struct value *config);
struct str assertion_sql(struct session *s, const struct draft *d,
			 struct str dataset);

/* resolve.c */
enum ref_outcome { REF_OK, REF_FAILED, REF_THROWS };
/* Understands the arguments of ref() and resolve(). False, after throwing, if
 * they cannot be. */
bool ref_read(struct session *s, struct script_call *call, struct target *out,
	      enum include_assertions *include);
/* The one action that wanted means; NULL after an error at the place of the
 * call that is running. */
struct draft *ref_find(struct session *s, const struct target *wanted);
/* Its name as SQL; unset after an error if it has no output. */
struct str ref_text(struct session *s, struct draft *d);
/* The target with suffixes and prefix. */
struct target final_target(struct session *s, const struct draft *d);

/* evaluate.c: all drafts' SQL. */
void session_evaluate(struct session *s);

/* deps.c: wishes to drafts. */
void session_resolve_deps(struct session *s);

/* finish.c: whole drafts to the graph. */
void session_finish(struct session *s, struct graph *graph);

/* weirfile_apply.c: weir.yaml's loads, after session_finish(). */
void session_apply_loads(struct session *s, const struct weirfile *w,
			 struct graph *graph);

/* order.c: drafts by their id in the graph. */
void order_check_cycles(struct session *s, struct draft *const *drafts,
			uint32_t n);

#endif
