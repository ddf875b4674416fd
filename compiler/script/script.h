/*
 * JavaScript behind one door: QuickJS with limits on memory, stack and time,
 * no file, network, process or environment, and one clock for the whole
 * compile. Only script*.c include the engine's header. No engine value leaves:
 * results are copied into an arena; what must stay alive (functions, modules)
 * is kept by the engine under a handle until script_free().
 *
 * The host (the compiler's session) gives JavaScript its functions as tables:
 * global functions, and classes whose objects carry a number that only the
 * host understands.
 */
#ifndef COMPILER_SCRIPT_H
#define COMPILER_SCRIPT_H

#include "base/value.h"
#include "compiler/project/source.h"

struct arena;
struct lowered;
struct script;
struct tree;

struct script_limits {
	size_t memory_bytes;
	size_t stack_bytes;
	uint32_t timeout_ms; /* for the whole life of the engine */
	/* NULL, or where the path of the file whose code runs is kept. */
	const char *volatile *running;
};

enum script_failure {
	SCRIPT_THREW,
	SCRIPT_BAD_SYNTAX,
	SCRIPT_TIMED_OUT, /* final: every later call fails the same way */
	SCRIPT_OUT_OF_MEMORY,
	SCRIPT_OUT_OF_STACK,
};

struct script_error {
	enum script_failure kind;
	bool by_host;       /* the very error that a host function threw last */
	struct str message; /* "TypeError: cannot read property ..." */
	struct span span;   /* innermost place in the project */
	struct span called_by; /* the place in the file being compiled that
				* led there; src NULL if it is the same file */
};

/* What a host function answers. */
enum script_answer {
	ANSWER_UNDEFINED,
	ANSWER_THIS,   /* the object that the method was called on */
	ANSWER_VALUE,  /* value */
	ANSWER_FIXED,  /* value, which JavaScript cannot change */
	ANSWER_OBJECT, /* a new object of a class: class_id, object_id */
};

struct script_call {
	void *host;
	struct script *script;
	int id;             /* which function: as in its table */
	uint32_t object;    /* number of the object it was called on; for a
			     * plain call of a context function, the number
			     * given to script_call_function() */
	struct value *args; /* copied into the engine's arena, kept */
	uint32_t nargs;

	enum script_answer answer;
	struct value value;
	int class_id;
	uint32_t object_id;
	struct str error; /* what a false return throws, as an Error */
};

typedef bool script_fn(struct script_call *call);

struct script_method {
	const char *name; /* NULL ends a table */
	int id;           /* given back in script_call.id */
};

struct script_class {
	const char *name;
	const struct script_method *methods;
	script_fn *fn;
	const struct script_method *members; /* read only; asked of fn when
					      * read; NULL if there are none */
};

/* Functions of a context (ref, self, ...) that lowered SQLX code takes as
 * parameters behind ctx, in this order. See lower.h. */
enum context_function {
	CONTEXT_SELF,
	CONTEXT_REF,
	CONTEXT_RESOLVE,
	CONTEXT_NAME,
	CONTEXT_WHEN,
	CONTEXT_INCREMENTAL,
	CONTEXT_SCHEMA,
	CONTEXT_DATABASE,
	CONTEXT_NFUNCTIONS,
};

struct script_host {
	void *host;
	const struct script_class *classes; /* class_id is the index */
	int nclasses;
	int context_class; /* its methods have ids of enum context_function,
			    * and others of the host's */
	const struct script_method *globals; /* publish, operate, ... */
	script_fn *globals_fn;
	struct str core_version; /* of require("@dataform/core") */
	/* Compiles a SQLX file that code requires; NULL: it cannot. */
	void (*run_sqlx)(void *host, const struct source *src);
};

/* The arena outlives the engine; so do tree, sources and what host points
 * to. */
struct script *script_new(const struct script_limits *limits,
			  const struct script_host *host, struct tree *tree,
			  struct arena *arena);
void script_free(struct script *s);
/* What new Date() says, in seconds since 1970, instead of the real time. */
void script_set_clock(struct script *s, uint64_t seconds);

/* globalThis.NAME = an object of a class with extra members. */
void script_set_object(struct script *s, const char *name, int class_id,
		       uint32_t object_id, const struct value *members);
/* What the object at that member answers for keys that it has not. As JSON it
 * has those of its keys that are in defaults, in that order. Returns a handle
 * of the object. */
uint32_t script_set_defaults(struct script *s, const char *name,
			     const char *member, const struct value *defaults);

/* What became of an object that a handle keeps. */
bool script_read_kept(struct script *s, uint32_t handle, struct value *out,
		      struct script_error *err);

/* Loads includes/NAME.js for all files, then makes each one's exports the
 * global NAME; report is called for each that fails, and the rest goes on. */
void script_load_includes(struct script *s, const struct source *const *files,
			  size_t n,
			  void (*report)(void *ctx, const struct source *src,
					 const struct script_error *err),
			  void *ctx);
/* Makes the table of global functions visible. After the includes. */
void script_define_globals(struct script *s);

/* Runs a .js file as a CommonJS module, once. */
bool script_run_file(struct script *s, const struct source *src,
		     struct script_error *err);

/* Calls extension().compile(request, dataform) of a package. */
bool script_run_extension(struct script *s, struct str package,
			  const struct value *request,
			  struct script_error *err);

/* Compiles lowered SQLX; functions are LOWERED_NFUNCTIONS handles and one for
 * each input, 0 where there is none. What code points to lives as long as the
 * engine. */
bool script_compile_lowered(struct script *s, const struct source *src,
			    const struct lowered *code, uint32_t *functions,
			    struct script_error *err);

/* Evaluates the config of lowered SQLX, where it is code, to plain data.
 * Functions inside become VALUE_FUNCTION handles. src is the file being
 * compiled. */
bool script_call_config(struct script *s, uint32_t function,
			const struct source *src, struct value *out,
			struct script_error *err);

/* Takes all members out of an object that is a member of the config that was
 * given last, by script_call_config() or as the second argument of the global
 * function that is being called. True if that happened to it before. */
bool script_empty_given(struct script *s, const char *member);

/* What a function is called with: a context object of that number, in which the
 * functions of these bits (1 << CONTEXT_REF ...) are defined. sqlx says whether
 * it takes them as parameters too. src is the file being compiled. */
struct script_context {
	uint32_t object;
	unsigned functions;
	bool sqlx;
	const struct source *src;
	struct str expect; /* its EXPECT; unset for none */
};
/* Strings of the result stay as they are; other values are copied as data. */
bool script_call_function(struct script *s, uint32_t function,
			  const struct script_context *ctx, struct value *out,
			  struct script_error *err);

/* Whether nothing can run any more: the time is up, or memory does not come
 * back. Not while JavaScript runs. */
bool script_has_ended(struct script *s);
/* False, and err is filled, if so. */
bool script_is_ready(struct script *s, const struct source *src,
		     struct script_error *err);

/* As JavaScript's String(v). */
struct str script_to_text(struct script *s, const struct value *v);

/* The file that is being loaded or evaluated, and the place in it of the
 * innermost call: for messages about publish() and the like. */
struct span script_caller(struct script *s);

#endif
