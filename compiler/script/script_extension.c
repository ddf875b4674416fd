/* A package of npm that compiles: its module's extension() gives an object
 * whose compile() is called once, with what there is and the session. */
#include "base/arena.h"
#include "compiler/script/script_int.h"

static JSValue missing(struct script *s, struct str package, const char *what)
{
	return script_throw(
		s, arena_printf(s->arena, "the extension \"%.*s\" has no %s()",
				STR_ARG(package), what));
}

static JSValue call_extension(struct script *s, struct str package,
			      JSValueConst exports)
{
	JSValue f = JS_GetPropertyStr(s->js, exports, "extension"), out = f;

	if (JS_IsException(f))
		return f;
	if (JS_IsFunction(s->js, f))
		out = JS_Call(s->js, f, JS_UNDEFINED, 0, NULL);
	else
		out = missing(s, package, "extension");
	JS_FreeValue(s->js, f);
	return out;
}

static JSValue call_compile(struct script *s, struct str package,
			    JSValueConst extension, const struct value *request)
{
	JSValue f = JS_GetPropertyStr(s->js, extension, "compile"), out;
	JSValue global = JS_GetGlobalObject(s->js);
	JSValue args[2] = {
		script_make_value(s, request),
		JS_GetPropertyStr(s->js, global, "dataform"),
	};

	if (JS_IsFunction(s->js, f))
		out = JS_Call(s->js, f, extension, 2, args);
	else
		out = missing(s, package, "compile");
	for (int i = 0; i < 2; i++)
		JS_FreeValue(s->js, args[i]);
	JS_FreeValue(s->js, global);
	JS_FreeValue(s->js, f);
	return out;
}

static bool run(struct script *s, struct str package,
		const struct value *request)
{
	struct str path;
	JSValue exports, extension, out;
	bool ok;

	if (!script_resolve(s, STR(""), package, &path) ||
	    !script_require(s, path, NULL, &exports))
		return false;
	extension = call_extension(s, package, exports);
	JS_FreeValue(s->js, exports);
	if (JS_IsException(extension))
		return false;
	out = call_compile(s, package, extension, request);
	ok = !JS_IsException(out);
	JS_FreeValue(s->js, extension);
	JS_FreeValue(s->js, out);
	return ok;
}

bool script_run_extension(struct script *s, struct str package,
			  const struct value *request, struct script_error *err)
{
	if (run(s, package, request))
		return true;
	script_take_error(s, NULL, err);
	return false;
}
