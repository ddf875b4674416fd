/*
 * require("@dataform/core"), as much of it as a project can use while it is
 * compiled: the session, which is the global "dataform", and the version. An
 * installed core is never read. What its other functions do, weir does itself.
 */
#include "base/array.h"
#include "compiler/script/script_int.h"

static const char *const functions[] = {
	"compiler",
	"indexFileGenerator",
	"jitCompiler",
	"main",
};

static JSValue refuse(JSContext *js, JSValueConst this_val, int argc,
		      JSValueConst *argv, int magic)
{
	(void)this_val;
	(void)argc;
	(void)argv;
	return JS_ThrowTypeError(js,
				 "%s() of @dataform/core cannot be called: the "
				 "project is being compiled already",
				 functions[magic]);
}

static void set(struct script *s, JSValueConst object, const char *name,
		JSValue v)
{
	JS_DefinePropertyValueStr(s->js, object, name, v, JS_PROP_C_W_E);
}

JSValue script_core_module(struct script *s)
{
	struct str version = s->host.core_version;
	JSValue global = JS_GetGlobalObject(s->js);
	JSValue core = JS_NewObject(s->js);

	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		set(s, core, functions[i],
		    JS_NewCFunctionMagic(s->js, refuse, functions[i], 0,
					 JS_CFUNC_generic_magic, (int)i));
	set(s, core, "session", JS_GetPropertyStr(s->js, global, "dataform"));
	set(s, core, "supportedFeatures", JS_NewArray(s->js));
	set(s, core, "version",
	    JS_NewStringLen(s->js, version.p ? version.p : "", version.n));
	JS_FreeValue(s->js, global);
	return core;
}
