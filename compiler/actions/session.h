/*
 * Private to the files that turn a project into actions: compile.c, session*.c,
 * draft.c, action*.c, assertions.c, evaluate.c, resolve.c, deps.c, finish.c,
 * order.c, weirfile_apply.c. A session lives as long as one compile. First
 * every file makes drafts of actions; then, when all names are known, the
 * drafts' SQL is evaluated, and what is whole goes into the graph.
 */
#ifndef COMPILER_SESSION_H
#define COMPILER_SESSION_H

#include "base/buf.h"
#include "base/vec.h"
#include "compiler/actions/draft.h"
#include "compiler/actions/names.h"
#include "compiler/diag.h"
#include "compiler/project/settings.h"
#include "compiler/project/weirfile.h"
#include "compiler/script/script.h"
#include "compiler/sqlx/sqlx.h"

struct tree;

struct read_file;

/* Limits of the project's JavaScript; its time is the user's to set. */
enum {
	SCRIPT_MEMORY = 256 << 20,
	SCRIPT_STACK = 1 << 20,
};

struct session {
	struct arena *arena;
	struct diags *diags;
	struct tree *tree;
	const struct settings *settings;
	const struct dialect *dialect;
	struct script *script;
	uint32_t config_handle; /* dataform.projectConfig */

	struct drafts order;   /* as Dataform has them */
	struct drafts tests;   /* come behind all others of order */
	struct drafts numbers; /* by number */
	struct names names;    /* all drafts, from the evaluation on */
	struct names asserted; /* what assertions read -> the assertion */
	struct {
		struct member *v;
		size_t n, cap;
	} jit_data;          /* what jitData() was given */
	struct map refused;  /* names of SQLX files that make no action */
	struct map loaded;   /* by path, what actions.yaml names */
	struct map required; /* paths of SQLX files that code required */
	struct strs known;   /* all names, for suggestions; made when needed */
	struct buf text;     /* scratch */
	uint32_t marks;
	uint32_t nsuggestions;
	size_t ndeps;         /* of all drafts */
	bool names_run_times; /* run_start_time() or run_end_time() was called
			       */
	bool stopped; /* out of time or memory: nothing is evaluated any more */
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
/* For script_host: a file that code requires, unless its turn is over. */
void session_require_sqlx(void *session, const struct source *src);
void session_compile_js(struct session *s, const struct source *src);
/* False when time or memory is used up, after an error that blames src for
 * it. */
bool session_goes_on(struct session *s, const struct source *src);
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

/* actions_yaml.c: the actions of one actions.yaml. */
void session_compile_actions(struct session *s, const struct source *src);

/* extension.c: runs the package of the settings; files are the project's. */
void session_run_extension(struct session *s, const struct str_vec *files);

/* property_graph.c: graph.yaml; and what is said when there are several. */
void session_compile_graph(struct session *s, const struct source *src);
void session_refuse_graphs(struct session *s, const struct str_vec *paths);

/* session_api.c: what the project's JavaScript sees. */
enum session_class {
	/* first those of enum action_type */
	SESSION_CONTEXT = ACTION_NTYPES,
	SESSION_GLOBAL, /* "dataform" */
	SESSION_NCLASSES
};
/* By enum session_class. */
const struct script_class *session_classes(struct arena *arena);
extern const struct script_method *const session_globals;
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
	METHOD_PROTO, /* a member: what the action is by now */
	METHOD_HAS_OUTPUT,
	METHOD_IPYNB,
	METHOD_DATASET,
	METHOD_INPUT,
	METHOD_EXPECT,
	METHOD_CONFIG,
	METHOD_RUN_START_TIME,
	METHOD_RUN_END_TIME,
	METHOD_END,
};
script_fn session_call_method; /* on an action */
/* The method of d that call names; leaves call->answer to the caller. */
bool session_change(struct session *s, struct draft *d,
		    struct script_call *call);

/* session_proto.c: answers what an action's member "proto" holds. */
bool session_get_proto(struct session *s, struct draft *d,
		       struct script_call *call);

/* session_context.c */
script_fn session_call_context; /* on a context */
script_fn session_call_when;    /* when() of any context */
/* run_start_time() or run_end_time(): answers the marker, from anywhere. */
bool session_call_run_time(struct script_call *call, const char *marker);

/* action.c: drafts from configs. */
/* NULL after an error if Dataform would drop the action. It is not yet part of
 * the session, but its inline assertions are. */
struct draft *draft_new(struct session *s, enum action_type type,
			const struct value *written, struct origin origin);
void draft_set_columns(struct session *s, struct draft *d,
		       const struct value *columns, bool is_config);
/* The assertions of a table's config, in the place of those that it has. */
void draft_add_assertions(struct session *s, struct draft *parent,
			  const struct value *config);

/* A checked list of dependencyTargets. */
void draft_add_dependencies(struct session *s, struct draft *d,
			    const struct value *list);

/* action_preparation.c: a data preparation that is SQL; NULL after an error. */
struct draft *preparation_new(struct session *s, const struct value *config,
			      struct origin origin);
/* Says that its target gets suffixes and prefix twice, if there are any. */
void preparation_warn_twice(struct session *s, const struct draft *d);

/* action_notebook.c: a notebook from the config of a call; NULL after an error.
 */
struct draft *notebook_new(struct session *s, const struct value *config,
			   struct origin origin);
/* Its contents from a file, cleaned of results; false after an error, which is
 * blamed on that file unless it is unset. */
bool notebook_read(struct session *s, const struct source *src,
		   struct str blamed, struct str *out);
/* Any value as its contents. */
void notebook_set_contents(struct session *s, struct draft *d,
			   const struct value *contents);

/* action_table.c: what tables, views and incremental tables have. False, after
 * an error, if Dataform would drop the action. */
bool draft_apply_table_config(struct session *s, struct draft *d,
			      const struct value *config);
/* What the config that JavaScript gave has below bigquery is used up: the next
 * action that is given the same object finds it empty, as in Dataform. */
void draft_take_bigquery(struct session *s, struct draft *d);
/* bigquery options as given to .bigquery(); false after an error. */
bool draft_set_bigquery(struct session *s, struct draft *d,
			const struct value *options);

/* assertions.c: what a table's config asks to be checked. */
struct inline_assertion {
	struct str name;
	enum inline_kind kind;
	struct strs conditions;
};
struct inline_assertions {
	struct inline_assertion *v;
	size_t n, cap;
};
void assertions_of(struct session *s, const struct draft *parent,
		   const struct value *config, struct inline_assertions *out);
struct str assertion_sql(struct session *s, const struct draft *d,
			 struct str dataset);

/* resolve.c */
enum ref_outcome { REF_OK, REF_FAILED, REF_THROWS };
/* Understands the arguments of ref() and the like; else says what is wrong. */
const char *ref_parse(const struct value *args, uint32_t n, struct target *out,
		      enum include_assertions *include);
/* The first test that wanted means; NULL if there is none. */
const struct draft *ref_test_among(const struct name_entry *e,
				   const struct target *wanted);
/* Understands the arguments of ref() and resolve(). False, after throwing, if
 * they cannot be. */
bool ref_read(struct session *s, struct script_call *call, struct target *out,
	      enum include_assertions *include);
/* The one action that wanted means; NULL after an error at the place of the
 * call that is running. */
struct draft *ref_find(struct session *s, const struct target *wanted);
/* Its name as SQL; unset after an error if it has no output. */
struct str ref_text(struct session *s, struct draft *d);
/* What self() is: unset where two actions have d's name, an error of theirs. */
struct str self_text(struct session *s, struct draft *d);
/* A target with suffixes, where it has what they belong to, and prefix. */
struct target suffixed_target(struct session *s, struct target t);
/* Of a draft; even a schema that is not set gets its suffix. */
struct target final_target(struct session *s, const struct draft *d);

/* evaluate.c: all drafts' SQL. */
void session_evaluate(struct session *s);
/* What a text is evaluated for. */
enum evaluation {
	EVALUATE_FULL,        /* incremental() is false */
	EVALUATE_INCREMENTAL, /* ... and true */
	EVALUATE_ALONE,       /* nothing of the project can be named */
};
/* One text of p in the context of d. Sets d->failed after an error: what is no
 * text, unless that is not named. */
void evaluate_text(struct session *s, struct draft *d, const struct producer *p,
		   enum evaluation e, const char *what, struct str *out);
/* The number of a context object in JavaScript: whose code is evaluated there,
 * and what for. */
uint32_t context_pack(const struct draft *d, enum evaluation e);
struct draft *context_unpack(const struct session *s, uint32_t number,
			     enum evaluation *out);

/* session_test.c: unit tests. A test whose config is wrong fails. */
struct draft *test_new(struct session *s, struct origin origin);
void test_configure(struct session *s, struct draft *d,
		    const struct value *config);
void test_add_input(struct session *s, struct draft *d,
		    const struct target *name, struct producer query);
script_fn session_call_test; /* a method of a test */
/* What ref() and the like answer in a test's SQL. */
bool test_call_context(struct session *s, struct draft *d, enum evaluation e,
		       struct script_call *call);
void test_evaluate(struct session *s, struct draft *d);
/* After the evaluation: what depends on its tests if the project says so, and
 * tests of one name. */
void session_check_tests(struct session *s);

/* deps.c: wishes to drafts. */
void session_resolve_deps(struct session *s);

/* finish.c: whole drafts to the graph. */
void session_finish(struct session *s, struct graph *graph);

/* weirfile_apply.c: what weir.yaml says of actions, after session_finish(). Its
 * names are without suffixes. */
/* The keys of those that are wanted: name, schema.name, database.schema.name.
 */
void weirfile_list_keys(struct session *s, bool (*wanted)(const struct draft *),
			struct map *keys);
/* The one draft that key, in that line, means; NULL after an error. noun is
 * what it would be: "declaration". */
struct draft *weirfile_find_key(struct session *s, const struct weirfile *w,
				const struct map *keys, struct str key,
				uint32_t line, const char *noun);
struct span weirfile_span(const struct weirfile *w, uint32_t line,
			  struct str key);
void session_apply_loads(struct session *s, const struct weirfile *w,
			 struct graph *graph);

/* options.c: options of configs and of weir.yaml. */
void session_apply_options(struct session *s, const struct weirfile *w,
			   struct graph *graph);

/* run_times.c: where run_start_time() and run_end_time() may be used; after
 * the options. */
void session_check_run_times(struct session *s, const struct graph *graph);

/* order.c: drafts by their id in the graph. */
void order_check_cycles(struct session *s, struct draft *const *drafts,
			uint32_t n);

#endif
