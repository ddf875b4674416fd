/* What the files of the engine share. Private to compiler/script*.c, the only
 * ones that see QuickJS. */
#ifndef COMPILER_SCRIPT_INT_H
#define COMPILER_SCRIPT_INT_H

#include <quickjs.h>

#include "base/map.h"
#include "compiler/script/script.h"
#include "compiler/script/script_memory.h"
#include "compiler/sqlx/lower.h"

/* Text that the engine runs under the name of a project's file. */
struct script_file {
	const struct source *src;
	struct lowered code;  /* of SQLX; text unset for a module */
	uint32_t prefix;      /* characters of ours before its first line */
	struct position last; /* the place that was looked for last */
	uint32_t last_offset;
};

struct script_module {
	struct str path;
	JSValue module; /* the object whose "exports" counts */
};

/* A C function that calls the host. */
struct host_function {
	script_fn *fn;
	const char *name;
	int id;
	int class_id; /* HOST_GLOBAL and HOST_PLAIN have no object */
};

enum { HOST_GLOBAL = -1, HOST_PLAIN = -2 };

/* Files whose code is running, innermost first. */
struct script_running {
	const struct source *src;
	struct script_running *outer;
};

/* The methods of a context that lacks some functions. */
struct script_context_shape {
	unsigned functions;
	JSValue proto;
};

struct script {
	JSRuntime *rt;
	JSContext *js;
	struct script_host host;
	struct tree *tree;
	struct str root; /* of the paths JavaScript sees; "" for "/" */
	struct arena *arena;

	struct script_limits limits;
	size_t arena_start; /* bytes that the arena held before */
	uint64_t deadline_ms;
	bool timed_out;
	struct script_memory memory;

	size_t printed;  /* bytes by console.log() */
	double clock_ms; /* the one instant of the compile */
	uint64_t random;

	struct map files;    /* path -> struct script_file */
	struct map modules;  /* path -> struct script_module */
	struct map packages; /* path of a package.json -> what it says */
	struct script_running *running;

	struct host_function *functions;
	int nfunctions;
	JSValue *protos;                   /* by class_id */
	JSValue plain[CONTEXT_NFUNCTIONS]; /* ref() and the like */
	uint32_t context;                  /* what they belong to now */
	struct script_context_shape shapes[8];
	int nshapes;

	JSValue *handles; /* handle - 1 is the index */
	uint32_t nhandles, handles_cap;

	JSValue given;   /* the config that was given last, or undefined */
	JSValue refusal; /* what a host function threw last, or undefined */

	JSAtom exports, length, stack, message, to_iso;
	JSClassID date_class;
	JSValue date, error; /* the engine's own constructors */
	JSValue locale;      /* functions of js/locale.js, when read */
};

/* script.c */
/* What is made of what leaves the engine, and stays, has a limit of its own:
 * whether it allows n bytes more. */
bool script_may_keep(const struct script *s, size_t n);
/* Whether the time is up, or the memory, so that nothing may run any more. */
bool script_is_over(struct script *s);
/* Code of src runs until script_leave(). */
void script_enter(struct script *s, struct script_running *r,
		  const struct source *src);
void script_leave(struct script *s, const struct script_running *r);

/* script_host.c */
void script_add_classes(struct script *s);
JSValue script_new_context(struct script *s, const struct script_context *ctx);
JSValue script_new_object(struct script *s, int class_id, uint32_t object_id);

/* script_globals.c */
void script_add_globals(struct script *s);

/* script_value.c. The handle of a function, which stays alive. */
uint32_t script_keep(struct script *s, JSValue function);
/* False and JS_EXCEPTION mean that an exception is set. */
bool script_read_value(struct script *s, JSValueConst v, struct value *out);
bool script_read_string(struct script *s, JSValueConst v, struct str *out);
/* The engine encodes a lone surrogate as three bytes of its own; U+FFFD, which
 * they become, has as many. */
void script_mend_surrogates(char *p, size_t n);
JSValue script_make_value(struct script *s, const struct value *v);
/* Nothing in it can be changed. */
JSValue script_make_fixed(struct script *s, const struct value *v);

/* script_modules.c */
bool script_require(struct script *s, struct str path, const struct source *src,
		    JSValue *exports);
/* require() and the like for code that is no module. */
void script_add_require(struct script *s, JSValueConst global);

/* script_resolve.c: the path of the file that require(name) means in a file of
 * that folder. */
bool script_resolve(struct script *s, struct str folder, struct str name,
		    struct str *out);

/* script_buffer.c: the encodings, as functions of an object. */
JSValue script_codec(struct script *s);

/* script_core.c: what require("@dataform/core") gives. */
JSValue script_core_module(struct script *s);

/* script_world.c: globals and methods that are JavaScript of our own, which
 * the engine reads when a project first uses them. */
void script_add_library(struct script *s, JSValueConst global);
/* What require("path") gives. */
JSValue script_path_module(struct script *s);

/* script_error.c. Makes a file known, whose places errors have from then on. */
void script_add_file(struct script *s, const struct source *src,
		     const struct lowered *code, uint32_t prefix);
/* Takes the engine's exception. src is the file being compiled. */
void script_take_error(struct script *s, const struct source *src,
		       struct script_error *out);
/* The innermost place of the running code that lies in src. */
struct span script_place_in(struct script *s, const struct source *src);
JSValue script_throw(struct script *s, struct str message);
/* Throws for a host function; script_error.by_host knows it again. */
JSValue script_refuse(struct script *s, struct str message);
/* As if thrown by code at this place of a file that the engine knows. */
JSValue script_throw_at(struct script *s, const struct source *src,
			struct position at, struct str message);

#endif
