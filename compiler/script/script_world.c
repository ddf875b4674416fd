/*
 * The parts of a project's world that are written in JavaScript: the files of
 * js/, which are embedded in the program. Compiling them takes longer than
 * most projects, so each waits until a project uses it: Intl, Buffer and
 * process are accessors that become plain values, and toLocaleString() and the
 * like are C functions that fetch the JavaScript ones.
 */
#include <assert.h>

#include "base/array.h"
#include "compiler/script/embedded.h"
#include "compiler/script/script_int.h"

static JSValue run(struct script *s, const char *name)
{
	const struct embedded_file *f = embedded_find(name);

	assert(f);
	return JS_Eval(s->js, (const char *)f->text, f->size, f->name,
		       JS_EVAL_FLAG_STRICT);
}

/* A file that is a function of one argument, which is freed. */
static JSValue run_with(struct script *s, const char *name, JSValue arg)
{
	JSValue maker = run(s, name), out = maker;

	if (!JS_IsException(maker))
		out = JS_Call(s->js, maker, JS_UNDEFINED, 1, &arg);
	JS_FreeValue(s->js, maker);
	JS_FreeValue(s->js, arg);
	return out;
}

static JSValue root_text(struct script *s)
{
	return JS_NewStringLen(s->js, s->root.p, s->root.n);
}

JSValue script_path_module(struct script *s)
{
	return run_with(s, "path.js", root_text(s));
}

/* False and an exception if it cannot be read, for want of memory. */
static bool read_locale(struct script *s)
{
	JSValue dates;

	if (!JS_IsUndefined(s->locale))
		return true;
	dates = run(s, "dates.js");
	if (JS_IsException(dates))
		return false;
	s->locale = run_with(s, "locale.js", dates);
	if (!JS_IsException(s->locale))
		return true;
	s->locale = JS_UNDEFINED;
	return false;
}

enum lazy { LAZY_BUFFER, LAZY_INTL, LAZY_PROCESS };

static const char *const lazy_names[] = {"Buffer", "Intl", "process"};

static JSValue make_lazy(struct script *s, int which)
{
	switch ((enum lazy)which) {
	case LAZY_BUFFER:
		return run_with(s, "buffer.js", script_codec(s));
	case LAZY_INTL:
		if (!read_locale(s))
			return JS_EXCEPTION;
		return JS_GetPropertyStr(s->js, s->locale, "Intl");
	case LAZY_PROCESS:
		return run_with(s, "process.js", root_text(s));
	}
	return JS_UNDEFINED;
}

/* The global is a plain value from now on. */
static void settle(struct script *s, int which, JSValueConst v)
{
	JSValue global = JS_GetGlobalObject(s->js);

	JS_DefinePropertyValueStr(s->js, global, lazy_names[which],
				  JS_DupValue(s->js, v),
				  JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
	JS_FreeValue(s->js, global);
}

static JSValue get_lazy(JSContext *js, JSValueConst this_val, int magic)
{
	struct script *s = JS_GetContextOpaque(js);
	JSValue v = make_lazy(s, magic);

	(void)this_val;
	if (!JS_IsException(v))
		settle(s, magic, v);
	return v;
}

static JSValue set_lazy(JSContext *js, JSValueConst this_val, JSValueConst v,
			int magic)
{
	(void)this_val;
	settle(JS_GetContextOpaque(js), magic, v);
	return JS_UNDEFINED;
}

/* By magic: the method, its class, and the function of js/locale.js that takes
 * the object first. */
static const struct {
	const char *class, *method, *function;
} localized[] = {
	{"Date", "toLocaleString", "date"},
	{"Date", "toLocaleDateString", "day"},
	{"Date", "toLocaleTimeString", "time"},
	{"Number", "toLocaleString", "number"},
	{"BigInt", "toLocaleString", "number"},
	{"String", "localeCompare", "compare"},
};

static JSValue call_locale(JSContext *js, JSValueConst this_val, int argc,
			   JSValueConst *argv, int magic)
{
	enum { ARGS = 4 };
	struct script *s = JS_GetContextOpaque(js);
	JSValueConst args[ARGS] = {this_val, JS_UNDEFINED, JS_UNDEFINED,
				   JS_UNDEFINED};
	JSValue f, out;

	for (int i = 0; i < argc && i + 1 < ARGS; i++)
		args[i + 1] = argv[i];
	if (!read_locale(s))
		return JS_EXCEPTION;
	f = JS_GetPropertyStr(js, s->locale, localized[magic].function);
	out = JS_Call(js, f, JS_UNDEFINED, ARGS, args);
	JS_FreeValue(js, f);
	return out;
}

static void localize(struct script *s, JSValueConst global, int i)
{
	JSValue class = JS_GetPropertyStr(s->js, global, localized[i].class);
	JSValue proto = JS_GetPropertyStr(s->js, class, "prototype");
	JSValue f =
		JS_NewCFunctionMagic(s->js, call_locale, localized[i].method, 0,
				     JS_CFUNC_generic_magic, i);

	JS_DefinePropertyValueStr(s->js, proto, localized[i].method, f,
				  JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
	JS_FreeValue(s->js, proto);
	JS_FreeValue(s->js, class);
}

void script_add_library(struct script *s, JSValueConst global)
{
	static const JSCFunctionListEntry entries[] = {
		JS_CGETSET_MAGIC_DEF("Buffer", get_lazy, set_lazy, LAZY_BUFFER),
		JS_CGETSET_MAGIC_DEF("Intl", get_lazy, set_lazy, LAZY_INTL),
		JS_CGETSET_MAGIC_DEF("process", get_lazy, set_lazy,
				     LAZY_PROCESS),
	};

	s->locale = JS_UNDEFINED;
	JS_SetPropertyFunctionList(s->js, global, entries, ARRAY_LEN(entries));
	for (size_t i = 0; i < ARRAY_LEN(localized); i++)
		localize(s, global, (int)i);
}
