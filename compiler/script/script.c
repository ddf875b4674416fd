/*
 * The engine's life and the calls into it. An engine is used by one thread.
 * What the host keeps of it are handles: functions that stay alive until the
 * engine is freed. Time is checked by a callback of the engine's, which runs
 * every few thousand steps; when the time is up, or the memory, nothing can be
 * caught any more and every later call fails.
 */
#include "compiler/script/script.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "compiler/project/tree.h"
#include "compiler/script/script_int.h"

enum {
	GC_THRESHOLD = 32 << 20, /* bytes before garbage is first collected */
	COPIES = 4, /* times the limit of memory may stay outside the engine */
};

static uint64_t clock_now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool script_may_keep(const struct script *s, size_t n)
{
	size_t kept = arena_size(s->arena) - s->arena_start;

	return (kept + n) / COPIES <= s->limits.memory_bytes;
}

bool script_is_over(struct script *s)
{
	if (!s->timed_out && clock_now_ms(CLOCK_MONOTONIC) >= s->deadline_ms)
		s->timed_out = true;
	s->memory.is_out |= !script_may_keep(s, 0);
	return s->timed_out || s->memory.is_out;
}

static bool is_over(void *owner)
{
	return script_is_over(owner);
}

static int interrupt(JSRuntime *rt, void *opaque)
{
	(void)rt;
	return script_is_over(opaque);
}

/* Random numbers follow from the clock. */
static void set_clock(struct script *s, uint64_t ms)
{
	s->clock_ms = (double)ms;
	s->random = ms | 1;
}

void script_set_clock(struct script *s, uint64_t seconds)
{
	set_clock(s, seconds * 1000);
}

static void keep_builtins(struct script *s)
{
	JSValue global = JS_GetGlobalObject(s->js);
	JSValue date = JS_NewDate(s->js, 0);

	s->exports = JS_NewAtom(s->js, "exports");
	s->length = JS_NewAtom(s->js, "length");
	s->stack = JS_NewAtom(s->js, "stack");
	s->message = JS_NewAtom(s->js, "message");
	s->to_iso = JS_NewAtom(s->js, "toISOString");
	s->date_class = JS_GetClassID(date);
	s->error = JS_GetPropertyStr(s->js, global, "Error");
	JS_FreeValue(s->js, date);
	JS_FreeValue(s->js, global);
}

struct script *script_new(const struct script_limits *limits,
			  const struct script_host *host, struct tree *tree,
			  struct arena *arena)
{
	struct script *s = mem_zalloc(sizeof(*s));

	s->limits = *limits;
	s->host = *host;
	s->tree = tree;
	s->root = str_of(tree->ops->real_root(tree));
	if (str_is(s->root, "/"))
		s->root = STR("");
	s->arena = arena;
	s->arena_start = arena_size(arena);
	s->deadline_ms = clock_now_ms(CLOCK_MONOTONIC) + limits->timeout_ms;
	set_clock(s, clock_now_ms(CLOCK_REALTIME));
	map_init(&s->files, arena);
	map_init(&s->modules, arena);
	map_init(&s->packages, arena);
	s->memory = (struct script_memory){
		.limit = limits->memory_bytes, .is_over = is_over, .owner = s};
	s->rt = script_new_runtime(&s->memory);
	if (s->rt)
		s->js = JS_NewContext(s->rt);
	if (!s->js)
		mem_abort();
	JS_SetContextOpaque(s->js, s);
	JS_SetMaxStackSize(s->rt, limits->stack_bytes);
	JS_SetGCThreshold(s->rt, GC_THRESHOLD);
	JS_SetInterruptHandler(s->rt, interrupt, s);
	s->given = JS_UNDEFINED;
	s->refusal = JS_UNDEFINED;
	keep_builtins(s);
	script_add_classes(s);
	script_add_globals(s);
	return s;
}

static void free_values(struct script *s)
{
	for (uint32_t i = 0; i < s->nhandles; i++)
		JS_FreeValue(s->js, s->handles[i]);
	for (size_t i = 0; i < s->modules.n; i++) {
		struct script_module *m = s->modules.entries[i].value;

		if (m)
			JS_FreeValue(s->js, m->module);
	}
	for (int i = 0; i < s->host.nclasses; i++)
		JS_FreeValue(s->js, s->protos[i]);
	for (int i = 0; i < CONTEXT_NFUNCTIONS; i++)
		JS_FreeValue(s->js, s->plain[i]);
	for (int i = 0; i < s->nshapes; i++)
		JS_FreeValue(s->js, s->shapes[i].proto);
	JS_FreeValue(s->js, s->locale);
	JS_FreeValue(s->js, s->date);
	JS_FreeValue(s->js, s->given);
	JS_FreeValue(s->js, s->refusal);
	JS_FreeValue(s->js, s->error);
}

void script_free(struct script *s)
{
	const JSAtom names[] = {s->exports, s->length, s->stack, s->message,
				s->to_iso};

	if (!s)
		return;
	free_values(s);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		JS_FreeAtom(s->js, names[i]);
	JS_FreeContext(s->js);
	JS_FreeRuntime(s->rt);
	free(s->handles);
	free(s);
}

static void tell_running(struct script *s)
{
	if (s->limits.running)
		*s->limits.running =
			s->running ? s->running->src->path.p : NULL;
}

void script_enter(struct script *s, struct script_running *r,
		  const struct source *src)
{
	*r = (struct script_running){src, s->running};
	if (src)
		s->running = r;
	tell_running(s);
}

void script_leave(struct script *s, const struct script_running *r)
{
	s->running = r->outer;
	tell_running(s);
}

/* Memory that was only passing is given back before the next file runs. */
static void recover_memory(struct script *s)
{
	JSMemoryUsage usage;

	if (!s->memory.is_out || s->running)
		return;
	JS_RunGC(s->rt);
	JS_ComputeMemoryUsage(s->rt, &usage);
	s->memory.is_out =
		!script_may_keep(s, 0) ||
		(size_t)usage.malloc_size > s->limits.memory_bytes / 4 * 3;
}

bool script_has_ended(struct script *s)
{
	recover_memory(s);
	return script_is_over(s);
}

bool script_is_ready(struct script *s, const struct source *src,
		     struct script_error *err)
{
	if (!script_has_ended(s))
		return true;
	script_take_error(s, src, err);
	return false;
}

bool script_run_file(struct script *s, const struct source *src,
		     struct script_error *err)
{
	JSValue exports;

	if (!script_is_ready(s, src, err))
		return false;
	if (script_require(s, src->path, src, &exports)) {
		JS_FreeValue(s->js, exports);
		if (!s->timed_out)
			return true;
	}
	script_take_error(s, src, err);
	return false;
}

/* Includes do not see each other's names while they load, only when all are
 * there. */
void script_load_includes(struct script *s, const struct source *const *files,
			  size_t n,
			  void (*report)(void *ctx, const struct source *src,
					 const struct script_error *err),
			  void *ctx)
{
	JSValue *loaded = ARENA_NEW(s->arena, JSValue, n);
	JSValue global = JS_GetGlobalObject(s->js);
	struct script_error err;

	for (size_t i = 0; i < n; i++) {
		loaded[i] = JS_UNINITIALIZED;
		if (!script_is_ready(s, files[i], &err)) {
			report(ctx, files[i], &err);
		} else if (!script_require(s, files[i]->path, files[i],
					   &loaded[i])) {
			loaded[i] = JS_UNINITIALIZED;
			script_take_error(s, files[i], &err);
			report(ctx, files[i], &err);
		}
	}
	for (size_t i = 0; i < n; i++) {
		struct str name = path_stem(path_base(files[i]->path));

		if (!JS_IsUninitialized(loaded[i]))
			JS_DefinePropertyValueStr(s->js, global,
						  arena_cstr(s->arena, name),
						  loaded[i], JS_PROP_C_W_E);
	}
	JS_FreeValue(s->js, global);
}

/* The handles of the functions in list, an array. */
static void keep_functions(struct script *s, JSValueConst list, uint32_t n,
			   uint32_t *functions)
{
	for (uint32_t i = 0; i < n; i++) {
		JSValue f = JS_GetPropertyUint32(s->js, list, i);

		if (JS_IsFunction(s->js, f))
			functions[i] = script_keep(s, f);
		else
			JS_FreeValue(s->js, f);
	}
}

static bool compile(struct script *s, const struct source *src,
		    const struct lowered *code, uint32_t *functions)
{
	struct script_running running;
	JSValue list;

	script_enter(s, &running, src);
	list = JS_Eval(s->js, code->text.p, code->text.n,
		       arena_cstr(s->arena, src->path), JS_EVAL_FLAG_STRICT);
	script_leave(s, &running);
	if (JS_IsException(list))
		return false;
	keep_functions(s, list, LOWERED_NFUNCTIONS + code->ninputs, functions);
	JS_FreeValue(s->js, list);
	return true;
}

bool script_compile_lowered(struct script *s, const struct source *src,
			    const struct lowered *code, uint32_t *functions,
			    struct script_error *err)
{
	if (!script_is_ready(s, src, err))
		return false;
	memset(functions, 0,
	       (LOWERED_NFUNCTIONS + code->ninputs) * sizeof(*functions));
	if (!code->has_code)
		return true;
	script_add_file(s, src, code, 0);
	if (compile(s, src, code, functions))
		return true;
	script_take_error(s, src, err);
	return false;
}

/* The result as it is goes to *kept, unless that is NULL. */
static bool call(struct script *s, uint32_t function, const struct source *src,
		 int argc, JSValueConst *argv, struct value *out, JSValue *kept,
		 struct script_error *err)
{
	struct script_running running;
	JSValue result;
	bool ok;

	assert(function > 0 && function <= s->nhandles);
	script_enter(s, &running, src);
	result = JS_Call(s->js, s->handles[function - 1], JS_UNDEFINED, argc,
			 argv);
	ok = !JS_IsException(result) && script_read_value(s, result, out) &&
	     !s->timed_out;
	if (kept)
		*kept = result;
	else
		JS_FreeValue(s->js, result);
	script_leave(s, &running);
	if (!ok)
		script_take_error(s, src, err);
	return ok;
}

bool script_call_config(struct script *s, uint32_t function,
			const struct source *src, struct value *out,
			struct script_error *err)
{
	if (!script_is_ready(s, src, err))
		return false;
	JS_FreeValue(s->js, s->given);
	return call(s, function, src, 0, NULL, out, &s->given, err);
}

bool script_call_function(struct script *s, uint32_t function,
			  const struct script_context *ctx, struct value *out,
			  struct script_error *err)
{
	JSValue args[2 + CONTEXT_NFUNCTIONS];
	uint32_t outer = s->context;
	bool ok;

	if (!script_is_ready(s, ctx->src, err))
		return false;
	args[0] = script_new_context(s, ctx);
	if (JS_IsException(args[0])) {
		script_take_error(s, ctx->src, err);
		return false;
	}
	for (int i = 0; i < CONTEXT_NFUNCTIONS; i++)
		args[1 + i] =
			ctx->functions & 1u << i ? s->plain[i] : JS_UNDEFINED;
	args[1 + CONTEXT_NFUNCTIONS] =
		ctx->expect.p ? JS_GetPropertyStr(s->js, args[0], "EXPECT")
			      : JS_UNDEFINED;
	s->context = ctx->object;
	ok = call(s, function, ctx->src, ctx->sqlx ? (int)ARRAY_LEN(args) : 1,
		  args, out, NULL, err);
	s->context = outer;
	JS_FreeValue(s->js, args[1 + CONTEXT_NFUNCTIONS]);
	JS_FreeValue(s->js, args[0]);
	return ok;
}

struct str script_to_text(struct script *s, const struct value *v)
{
	JSValue value = script_make_value(s, v);
	struct str text;

	if (JS_IsException(value) || !script_read_string(s, value, &text)) {
		JS_FreeValue(s->js, JS_GetException(s->js));
		text = STR("");
	}
	JS_FreeValue(s->js, value);
	return text;
}

/* As Dataform sees it: the file that is being loaded. A function of an include
 * that publishes does so for the file that called it. */
struct span script_caller(struct script *s)
{
	if (!s->running)
		return (struct span){0};
	return script_place_in(s, s->running->src);
}
