/*
 * The globals that a Dataform project finds beside JavaScript's own: console
 * and timers, as much as makes sense without a process. The clock
 * stands still, and random numbers follow from it, so that one commit compiles
 * to one graph.
 */
#include <stdio.h>

#include "base/array.h"
#include "base/buf.h"
#include "compiler/script/script_int.h"

enum { PRINTED_MAX = 16 << 20 }; /* bytes of what a project prints */

static JSValue date_now(JSContext *js, JSValueConst this_val, int argc,
			JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);

	(void)this_val;
	(void)argc;
	(void)argv;
	return JS_NewFloat64(js, s->clock_ms);
}

/* new Date(...), or Date() as a function, which gives text. */
static JSValue date_new(JSContext *js, JSValueConst new_target, int argc,
			JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);
	bool is_call = JS_IsUndefined(new_target);
	JSValueConst target = is_call ? s->date : new_target;
	JSValue date, text;

	if (is_call || argc == 0) {
		JSValue now = JS_NewFloat64(js, s->clock_ms);

		date = JS_CallConstructor2(js, s->date, target, 1, &now);
	} else {
		date = JS_CallConstructor2(js, s->date, target, argc, argv);
	}
	if (!is_call || JS_IsException(date))
		return date;
	text = JS_ToString(js, date);
	JS_FreeValue(js, date);
	return text;
}

/* As V8 says it: "... GMT+0000 (Coordinated Universal Time)". data holds the
 * engine's own method. */
static JSValue date_text(JSContext *js, JSValueConst this_val, int argc,
			 JSValueConst *argv, int magic, JSValue *data)
{
	static const char zone[] = " (Coordinated Universal Time)";
	JSValue text = JS_Call(js, data[0], this_val, 0, NULL), out;
	struct buf b = {0};
	const char *p;

	(void)argc;
	(void)argv;
	(void)magic;
	p = JS_IsException(text) ? NULL : JS_ToCString(js, text);
	if (!p)
		return text;
	buf_adds(&b, p);
	if (str_ends(buf_str(&b), STR("GMT+0000")))
		buf_adds(&b, zone);
	out = JS_NewStringLen(js, b.p ? b.p : "", b.n);
	buf_free(&b);
	JS_FreeCString(js, p);
	JS_FreeValue(js, text);
	return out;
}

/* xorshift64* */
static JSValue math_random(JSContext *js, JSValueConst this_val, int argc,
			   JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);
	uint64_t bits;

	(void)this_val;
	(void)argc;
	(void)argv;
	s->random ^= s->random >> 12;
	s->random ^= s->random << 25;
	s->random ^= s->random >> 27;
	bits = s->random * 0x2545f4914f6cdd1du;
	return JS_NewFloat64(js, (double)(bits >> 11) / 9007199254740992.0);
}

static void print_value(struct script *s, struct buf *line, JSValueConst v)
{
	JSValue json = JS_UNDEFINED;
	const char *text;

	if (JS_IsObject(v) && !JS_IsError(s->js, v) && !JS_IsFunction(s->js, v))
		json = JS_JSONStringify(s->js, v, JS_UNDEFINED, JS_UNDEFINED);
	if (JS_IsException(json))
		JS_FreeValue(s->js, JS_GetException(s->js));
	text = JS_ToCString(s->js, JS_IsString(json) ? json : v);
	if (text)
		buf_add_str(line, str_start(str_of(text), PRINTED_MAX));
	else
		JS_FreeValue(s->js, JS_GetException(s->js));
	JS_FreeCString(s->js, text);
	JS_FreeValue(s->js, json);
}

/* To standard error, whatever the level: standard output is the graph's. What
 * would fill a disk is left out. */
static JSValue console_log(JSContext *js, JSValueConst this_val, int argc,
			   JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);
	struct buf line = {0};

	(void)this_val;
	if (s->printed >= PRINTED_MAX)
		return JS_UNDEFINED;
	for (int i = 0; i < argc && line.n < PRINTED_MAX; i++) {
		if (i > 0)
			buf_addc(&line, ' ');
		print_value(s, &line, argv[i]);
	}
	if (script_is_over(s)) {
		buf_free(&line);
		return JS_ThrowOutOfMemory(js);
	}
	buf_addc(&line, '\n');
	s->printed += line.n;
	if (s->printed >= PRINTED_MAX)
		buf_adds(&line, "(what the project prints from here on is "
				"left out)\n");
	fwrite(line.p, 1, line.n, stderr);
	buf_free(&line);
	return JS_UNDEFINED;
}

static JSValue console_assert(JSContext *js, JSValueConst this_val, int argc,
			      JSValueConst *argv)
{
	if (argc > 0 && JS_ToBool(js, argv[0]))
		return JS_UNDEFINED;
	return console_log(js, this_val, argc > 0 ? argc - 1 : 0,
			   argc > 0 ? argv + 1 : argv);
}

static JSValue set_timer(JSContext *js, JSValueConst this_val, int argc,
			 JSValueConst *argv)
{
	(void)this_val;
	if (argc < 1 || !JS_IsFunction(js, argv[0]))
		return JS_ThrowTypeError(
			js, "\"callback\" argument must be a function");
	return JS_NewObject(js);
}

/* Error.captureStackTrace(object) */
static JSValue capture_stack(JSContext *js, JSValueConst this_val, int argc,
			     JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);
	JSValue error = JS_CallConstructor(js, s->error, 0, NULL);
	JSValue stack = JS_GetProperty(js, error, s->stack);

	(void)this_val;
	JS_FreeValue(js, error);
	if (argc < 1 || !JS_IsObject(argv[0])) {
		JS_FreeValue(js, stack);
		return JS_ThrowTypeError(js, "Invalid argument");
	}
	if (JS_DefinePropertyValue(js, argv[0], s->stack, stack,
				   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0)
		return JS_EXCEPTION;
	return JS_UNDEFINED;
}

static JSValue do_nothing(JSContext *js, JSValueConst this_val, int argc,
			  JSValueConst *argv)
{
	(void)js;
	(void)this_val;
	(void)argc;
	(void)argv;
	return JS_UNDEFINED;
}

/* Nothing runs after the compile, so a timer never fires. */
static const JSCFunctionListEntry timers[] = {
	JS_CFUNC_DEF("setTimeout", 2, set_timer),
	JS_CFUNC_DEF("setInterval", 2, set_timer),
	JS_CFUNC_DEF("setImmediate", 1, set_timer),
	JS_CFUNC_DEF("clearTimeout", 1, do_nothing),
	JS_CFUNC_DEF("clearInterval", 1, do_nothing),
	JS_CFUNC_DEF("clearImmediate", 1, do_nothing),
};

static const JSCFunctionListEntry console[] = {
	JS_CFUNC_DEF("log", 0, console_log),
	JS_CFUNC_DEF("info", 0, console_log),
	JS_CFUNC_DEF("warn", 0, console_log),
	JS_CFUNC_DEF("error", 0, console_log),
	JS_CFUNC_DEF("debug", 0, console_log),
	JS_CFUNC_DEF("trace", 0, console_log),
	JS_CFUNC_DEF("dir", 0, console_log),
	JS_CFUNC_DEF("table", 0, console_log),
	JS_CFUNC_DEF("group", 0, console_log),
	JS_CFUNC_DEF("groupCollapsed", 0, console_log),
	JS_CFUNC_DEF("groupEnd", 0, do_nothing),
	JS_CFUNC_DEF("assert", 0, console_assert),
	JS_CFUNC_DEF("count", 0, do_nothing),
	JS_CFUNC_DEF("countReset", 0, do_nothing),
	JS_CFUNC_DEF("time", 0, do_nothing),
	JS_CFUNC_DEF("timeLog", 0, do_nothing),
	JS_CFUNC_DEF("timeEnd", 0, do_nothing),
};

static void define(struct script *s, JSValueConst global, const char *name,
		   JSValue v)
{
	JS_DefinePropertyValueStr(s->js, global, name, v,
				  JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

/* A Date of our own before the engine's, whose prototype both share. */
static void replace_date(struct script *s, JSValueConst global)
{
	static const char *const statics[] = {"UTC", "parse"};
	JSValue ours = JS_NewCFunction2(s->js, date_new, "Date", 7,
					JS_CFUNC_constructor_or_func, 0);
	JSValue proto;

	s->date = JS_GetPropertyStr(s->js, global, "Date");
	proto = JS_GetPropertyStr(s->js, s->date, "prototype");
	JS_SetConstructor(s->js, ours, proto);
	for (size_t i = 0; i < 2; i++)
		define(s, ours, statics[i],
		       JS_GetPropertyStr(s->js, s->date, statics[i]));
	define(s, ours, "now", JS_NewCFunction(s->js, date_now, "now", 0));
	define(s, global, "Date", ours);
	JS_FreeValue(s->js, proto);
}

static void replace_date_texts(struct script *s)
{
	static const char *const names[] = {"toString", "toTimeString"};
	JSValue proto = JS_GetPropertyStr(s->js, s->date, "prototype");

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		JSValue old = JS_GetPropertyStr(s->js, proto, names[i]);

		define(s, proto, names[i],
		       JS_NewCFunctionData(s->js, date_text, 0, 0, 1, &old));
		JS_FreeValue(s->js, old);
	}
	JS_FreeValue(s->js, proto);
}

/* V8's errors. */
static void complete_errors(struct script *s, JSValueConst global)
{
	JSAtom name = JS_NewAtom(s->js, "InternalError");

	define(s, s->error, "captureStackTrace",
	       JS_NewCFunction(s->js, capture_stack, "captureStackTrace", 2));
	JS_DefinePropertyValueStr(s->js, s->error, "stackTraceLimit",
				  JS_NewInt32(s->js, 10), JS_PROP_C_W_E);
	JS_DeleteProperty(s->js, global, name, 0);
	JS_FreeAtom(s->js, name);
}

static JSValue new_console(struct script *s)
{
	JSValue object = JS_NewObject(s->js);

	JS_SetPropertyFunctionList(s->js, object, console, ARRAY_LEN(console));
	return object;
}

void script_add_globals(struct script *s)
{
	static const char *const names[] = {"global", "GLOBAL", "root"};
	JSValue global = JS_GetGlobalObject(s->js);
	JSValue math = JS_GetPropertyStr(s->js, global, "Math");

	replace_date(s, global);
	replace_date_texts(s);
	complete_errors(s, global);
	script_add_require(s, global);
	script_add_library(s, global);
	define(s, math, "random",
	       JS_NewCFunction(s->js, math_random, "random", 0));
	JS_SetPropertyFunctionList(s->js, global, timers, ARRAY_LEN(timers));
	define(s, global, "console", new_console(s));
	/* Only to be there: code that looks for it goes on without it. */
	define(s, global, "WebAssembly", JS_NewObject(s->js));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		define(s, global, names[i], JS_DupValue(s->js, global));
	JS_FreeValue(s->js, math);
	JS_FreeValue(s->js, global);
}
