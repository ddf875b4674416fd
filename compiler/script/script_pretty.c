/*
 * Shares script_memory.c with the engine that runs projects, and nothing else:
 * js/pretty.js loads the libraries that are embedded beside it
 * and gives two functions from text to text.
 */
#include "compiler/script/script_pretty.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <quickjs.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "compiler/script/embedded.h"
#include "compiler/script/script_memory.h"

enum {
	MEMORY_MAX = 512 << 20,
	STACK_MAX = 4 << 20,
};

struct script_pretty {
	struct script_memory memory;
	JSRuntime *rt;
	JSContext *js;
	uint64_t deadline_ms;
	bool timed_out;
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

static bool is_over(void *owner)
{
	struct script_pretty *p = owner;

	if (now_ms() >= p->deadline_ms)
		p->timed_out = true;
	return p->timed_out || p->memory.is_out;
}

static int interrupt(JSRuntime *rt, void *opaque)
{
	(void)rt;
	return is_over(opaque);
}

void script_pretty_begin(struct script_pretty *p, uint32_t ms)
{
	if (p->memory.is_out)
		JS_RunGC(p->rt);
	p->memory.is_out = p->timed_out = false;
	p->deadline_ms = now_ms() + ms;
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
	JSContext *js = p->js;
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

	p->memory = (struct script_memory){
		.limit = MEMORY_MAX, .is_over = is_over, .owner = p};
	script_pretty_begin(p, UINT32_MAX);
	p->rt = script_new_runtime(&p->memory);
	if (p->rt)
		p->js = JS_NewContext(p->rt);
	if (!p->js)
		mem_abort();
	JS_SetMaxStackSize(p->rt, STACK_MAX);
	JS_SetInterruptHandler(p->rt, interrupt, p);
	JS_SetStripInfo(p->rt, JS_STRIP_DEBUG);
	load_functions(p);
	return p;
}

void script_pretty_free(struct script_pretty *p)
{
	if (!p)
		return;
	for (int i = 0; i < 2; i++)
		JS_FreeValue(p->js, p->functions[i]);
	JS_FreeContext(p->js);
	JS_FreeRuntime(p->rt);
	free(p);
}

static bool is_too_deep(struct str message)
{
	return str_ends(message, STR("stack overflow"));
}

static bool tell_error(struct script_pretty *p, JSValueConst thrown,
		       struct error *err)
{
	const char *text;

	if (p->timed_out)
		return error_set(err, ERROR_TIMEOUT,
				 "formatting takes too long");
	if (p->memory.is_out)
		return error_set(err, ERROR_TOO_LARGE,
				 "formatting takes too much memory");
	text = JS_ToCString(p->js, thrown);
	if (text && is_too_deep(str_of(text)))
		error_set(err, ERROR_TOO_LARGE,
			  "this is nested too deep to be formatted");
	else
		error_set(err, ERROR_CONFIG, "%s",
			  text ? text : "the formatter failed");
	JS_FreeCString(p->js, text);
	return false;
}

static bool take_error(struct script_pretty *p, struct error *err)
{
	JSValue thrown = JS_GetException(p->js);

	tell_error(p, thrown, err);
	JS_FreeValue(p->js, thrown);
	return false;
}

static bool call(struct script_pretty *p, int function, struct str text,
		 struct arena *arena, struct str *out, struct error *err)
{
	JSContext *js = p->js;
	JSValue arg, result;
	const char *chars;
	size_t n;

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

/* Whether the text is to blame, rather than its size. The parser says so of
 * what is nested too deep as well. */
static bool is_syntax_error(struct script_pretty *p, JSValueConst thrown)
{
	const char *text;
	bool is;

	if (p->timed_out || p->memory.is_out)
		return false;
	text = JS_ToCString(p->js, thrown);
	is = text && str_starts(str_of(text), STR("SyntaxError: ")) &&
	     !is_too_deep(str_of(text));
	JS_FreeCString(p->js, text);
	return is;
}

struct code {
	uint8_t *bytes; /* without places; NULL after a syntax error */
	size_t n;
};

static bool compile(struct script_pretty *p, struct str text, struct code *out,
		    struct error *err)
{
	JSContext *js = p->js;
	JSValue thrown, code;
	bool ok;

	*out = (struct code){0};
	code = JS_Eval(js, text.p, text.n, "script",
		       JS_EVAL_FLAG_STRICT | JS_EVAL_FLAG_COMPILE_ONLY);
	if (!JS_IsException(code))
		out->bytes = JS_WriteObject(js, &out->n, code,
					    JS_WRITE_OBJ_BYTECODE);
	JS_FreeValue(js, code);
	if (out->bytes)
		return true;
	thrown = JS_GetException(js);
	ok = is_syntax_error(p, thrown) || tell_error(p, thrown, err);
	JS_FreeValue(js, thrown);
	return ok;
}

bool script_pretty_same(struct script_pretty *p, struct str a, struct str b,
			bool *same, struct error *err)
{
	struct code x = {0}, y = {0};
	bool ok = compile(p, a, &x, err);

	if (ok && x.bytes)
		ok = compile(p, b, &y, err);
	*same = ok && (!x.bytes || (y.bytes && x.n == y.n &&
				    memcmp(x.bytes, y.bytes, x.n) == 0));
	js_free(p->js, x.bytes);
	js_free(p->js, y.bytes);
	return ok;
}
