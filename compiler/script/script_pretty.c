/*
 * Reuses the engine's limited memory, and nothing else of the one that runs
 * projects: js/pretty.js loads the libraries that are embedded beside it
 * and gives two functions from text to text.
 */
#include "compiler/script/script_pretty.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "compiler/script/embedded.h"
#include "compiler/script/script_int.h"

enum {
	MEMORY_MAX = 512 << 20,
	STACK_MAX = 4 << 20,
	CALL_MS_MAX = 30000,
};

struct script_pretty {
	struct script engine; /* its memory, deadline and context count */
	JSValue functions[2]; /* of js/pretty.js */
};

enum { PRETTY_JS, PRETTY_SQL };

/* What this thread has worked, however busy the machine is. */
static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int interrupt(JSRuntime *rt, void *opaque)
{
	struct script *s = opaque;

	(void)rt;
	if (now_ms() >= s->deadline_ms)
		s->timed_out = true;
	return s->timed_out || s->out_of_memory;
}

/* Before each call: what the last one did wrong is forgotten. */
static void begin_call(struct script_pretty *p)
{
	struct script *s = &p->engine;

	if (s->out_of_memory)
		JS_RunGC(s->rt);
	s->out_of_memory = s->timed_out = false;
	s->deadline_ms = now_ms() + CALL_MS_MAX;
}

/* load("beautify.js"): the library as a function of exports and require. */
static JSValue load_library(JSContext *js, JSValueConst this, int argc,
			    JSValueConst *argv)
{
	static const char head[] = "(function (exports, require) {";
	const char *name = argc > 0 ? JS_ToCString(js, argv[0]) : NULL;
	const struct embedded_file *l;
	struct buf code = {0};
	JSValue result;

	(void)this;
	if (!name)
		return JS_EXCEPTION;
	l = embedded_find(name);
	if (l) {
		buf_adds(&code, head);
		buf_add(&code, (const char *)l->text, l->size);
		buf_adds(&code, "\n})");
		result = JS_Eval(js, code.p, code.n, name, JS_EVAL_TYPE_GLOBAL);
	} else {
		result = JS_ThrowReferenceError(js, "no library \"%s\"", name);
	}
	buf_free(&code);
	JS_FreeCString(js, name);
	return result;
}

/* The libraries are part of the program: that they load is our business. */
static void load_functions(struct script_pretty *p)
{
	const struct embedded_file *main = embedded_find("pretty.js");
	JSContext *js = p->engine.js;
	JSValue make = JS_Eval(js, (const char *)main->text, main->size,
			       main->name, JS_EVAL_TYPE_GLOBAL);
	JSValue load = JS_NewCFunction(js, load_library, "load", 1);
	JSValue list = JS_Call(js, make, JS_UNDEFINED, 1, &load);

	if (JS_IsException(list))
		mem_abort();
	for (uint32_t i = 0; i < 2; i++)
		p->functions[i] = JS_GetPropertyUint32(js, list, i);
	JS_FreeValue(js, list);
	JS_FreeValue(js, load);
	JS_FreeValue(js, make);
}

struct script_pretty *script_pretty_new(void)
{
	struct script_pretty *p = mem_zalloc(sizeof(*p));
	struct script *s = &p->engine;

	s->limits.memory_bytes = MEMORY_MAX;
	s->rt = script_new_runtime(s);
	if (s->rt)
		s->js = JS_NewContext(s->rt);
	if (!s->js)
		mem_abort();
	JS_SetMaxStackSize(s->rt, STACK_MAX);
	JS_SetInterruptHandler(s->rt, interrupt, s);
	JS_SetStripInfo(s->rt, JS_STRIP_DEBUG);
	begin_call(p);
	load_functions(p);
	return p;
}

void script_pretty_free(struct script_pretty *p)
{
	if (!p)
		return;
	for (int i = 0; i < 2; i++)
		JS_FreeValue(p->engine.js, p->functions[i]);
	JS_FreeContext(p->engine.js);
	JS_FreeRuntime(p->engine.rt);
	free(p);
}

static bool take_error(struct script_pretty *p, struct error *err)
{
	struct script *s = &p->engine;
	JSValue thrown = JS_GetException(s->js);
	const char *text = NULL;

	if (s->timed_out)
		error_set(err, ERROR_TIMEOUT, "formatting takes too long");
	else if (s->out_of_memory)
		error_set(err, ERROR_TOO_LARGE,
			  "formatting takes too much memory");
	else if ((text = JS_ToCString(s->js, thrown)))
		error_set(err, ERROR_CONFIG, "%s", text);
	else
		error_set(err, ERROR_CONFIG, "the formatter failed");
	JS_FreeCString(s->js, text);
	JS_FreeValue(s->js, thrown);
	return false;
}

static bool call(struct script_pretty *p, int function, struct str text,
		 struct arena *arena, struct str *out, struct error *err)
{
	JSContext *js = p->engine.js;
	JSValue arg, result;
	const char *chars;
	size_t n;

	begin_call(p);
	arg = JS_NewStringLen(js, text.p, text.n);
	result = JS_Call(js, p->functions[function], JS_UNDEFINED, 1, &arg);
	chars = JS_IsException(result) ? NULL : JS_ToCStringLen(js, &n, result);
	JS_FreeValue(js, result);
	JS_FreeValue(js, arg);
	if (!chars)
		return take_error(p, err);
	*out = arena_str(arena, (struct str){chars, n});
	JS_FreeCString(js, chars);
	return true;
}

bool script_pretty_js(struct script_pretty *p, struct str text,
		      struct arena *arena, struct str *out, struct error *err)
{
	return call(p, PRETTY_JS, text, arena, out, err);
}

bool script_pretty_sql(struct script_pretty *p, struct str text,
		       struct arena *arena, struct str *out, struct error *err)
{
	return call(p, PRETTY_SQL, text, arena, out, err);
}

/* The engine's code for text, without places in it; NULL if it has none. */
static uint8_t *compile(struct script_pretty *p, struct str text, size_t *n)
{
	JSContext *js = p->engine.js;
	JSValue code;
	uint8_t *bytes;

	begin_call(p);
	code = JS_Eval(js, text.p, text.n, "script",
		       JS_EVAL_FLAG_STRICT | JS_EVAL_FLAG_COMPILE_ONLY);
	bytes = JS_IsException(code)
			? NULL
			: JS_WriteObject(js, n, code, JS_WRITE_OBJ_BYTECODE);
	if (!bytes)
		JS_FreeValue(js, JS_GetException(js));
	JS_FreeValue(js, code);
	return bytes;
}

bool script_pretty_same(struct script_pretty *p, struct str a, struct str b)
{
	size_t na = 0, nb = 0;
	uint8_t *code_a = compile(p, a, &na);
	uint8_t *code_b = code_a ? compile(p, b, &nb) : NULL;
	bool same = !code_a ||
		    (code_b && na == nb && memcmp(code_a, code_b, na) == 0);

	js_free(p->engine.js, code_a);
	js_free(p->engine.js, code_b);
	return same;
}
