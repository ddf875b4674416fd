/*
 * CommonJS modules, confined to the project. A module runs once; require() of
 * one that is still running gives what it has exported so far, as in node.
 * Code is wrapped in a function and a block on its own first line, so lines
 * are the file's and columns differ on the first line only. Inside the block a
 * project may declare names that the function has as parameters.
 */
#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/path.h"
#include "base/yaml.h"
#include "compiler/project/tree.h"
#include "compiler/script/script_int.h"

#define PREFIX "(function(exports,require,module,__filename,__dirname){{"
#define SUFFIX "\n}})"

/* Modules that are no files. */
#define NODE_PATH "node:path"
#define CORE      "@dataform/core"

enum { NAME_BYTES_MAX = 4096 }; /* of what is required */

enum module_kind {
	MODULE_CODE,
	MODULE_SQLX, /* compiled by the host, exports nothing */
	MODULE_JSON,
	MODULE_YAML, /* exports.asJson */
	MODULE_NOTEBOOK,
	MODULE_SQL,      /* exports.query */
	MODULE_MARKDOWN, /* exports.contents */
};

static enum module_kind kind_of(struct str path)
{
	static const struct {
		const char *extension;
		enum module_kind kind;
	} kinds[] = {
		{"sqlx", MODULE_SQLX},      {"json", MODULE_JSON},
		{"yaml", MODULE_YAML},      {"yml", MODULE_YAML},
		{"sql", MODULE_SQL},        {"md", MODULE_MARKDOWN},
		{"ipynb", MODULE_NOTEBOOK},
	};
	struct str extension = path_extension(path);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_is(extension, kinds[i].extension))
			return kinds[i].kind;
	return MODULE_CODE;
}

/* Reads a file that the compiler has not read itself. */
static const struct source *read_source(struct script *s, struct str path)
{
	struct source *src = ARENA_NEW(s->arena, struct source, 1);
	struct error err = {0};

	src->path = path;
	if (!s->tree->ops->read(s->tree, path.p, SOURCE_SIZE_MAX, s->arena,
				&src->text, &err)) {
		script_throw(s, str_of(err.text));
		return NULL;
	}
	if (str_bad_utf8(src->text) < src->text.n) {
		script_throw(s, arena_printf(s->arena, "%.*s is not UTF-8",
					     STR_ARG(path)));
		return NULL;
	}
	return src;
}

static JSValue new_require(struct script *s, JSValueConst folder);

static JSValue text_value(struct script *s, struct str text)
{
	return JS_NewStringLen(s->js, text.p, text.n);
}

/* A path of the project as node would give it. */
static struct str absolute(struct script *s, struct str path)
{
	if (!path.n)
		return s->root.n ? s->root : STR("/");
	return arena_printf(s->arena, "%.*s/%.*s", STR_ARG(s->root),
			    STR_ARG(path));
}

/* exports, require, module, __filename, __dirname */
static bool call_wrapper(struct script *s, struct str path, JSValueConst code,
			 JSValueConst module)
{
	struct str folder = path_folder(path);
	JSValue base = text_value(s, folder);
	JSValue global = JS_GetGlobalObject(s->js);
	JSValue args[5], result;
	bool ok;

	args[0] = JS_GetProperty(s->js, module, s->exports);
	args[1] = new_require(s, base);
	JS_DefinePropertyValueStr(s->js, module, "require",
				  JS_DupValue(s->js, args[1]),
				  JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
	args[2] = JS_DupValue(s->js, module);
	args[3] = text_value(s, absolute(s, path));
	args[4] = text_value(s, absolute(s, folder));
	result = JS_Call(s->js, code, global, 5, args);
	ok = !JS_IsException(result);
	JS_FreeValue(s->js, result);
	for (int i = 0; i < 5; i++)
		JS_FreeValue(s->js, args[i]);
	JS_FreeValue(s->js, base);
	JS_FreeValue(s->js, global);
	return ok;
}

static bool run_code(struct script *s, const struct source *src,
		     JSValueConst module)
{
	struct script_running running;
	struct buf text = {0};
	JSValue code;
	bool ok;

	script_add_file(s, src, NULL, sizeof(PREFIX) - 1);
	buf_adds(&text, PREFIX);
	buf_add_str(&text, src->text);
	buf_adds(&text, SUFFIX);
	script_enter(s, &running, src);
	code = JS_Eval(s->js, text.p, text.n, arena_cstr(s->arena, src->path),
		       JS_EVAL_FLAG_STRICT);
	buf_free(&text);
	ok = !JS_IsException(code) && call_wrapper(s, src->path, code, module);
	script_leave(s, &running);
	JS_FreeValue(s->js, code);
	return ok;
}

/* A lone carriage return stays. */
static struct str without_crlf(struct script *s, struct str text)
{
	struct buf b = {0};
	struct str out;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r' || i + 1 == text.n ||
		    text.p[i + 1] != '\n')
			buf_addc(&b, text.p[i]);
	out = b.n ? buf_move(&b, s->arena) : STR("");
	buf_free(&b);
	return out;
}

static JSValue parse_json(struct script *s, const struct source *src)
{
	script_add_file(s, src, NULL, 0);
	return JS_ParseJSON(s->js, src->text.p, src->text.n,
			    arena_cstr(s->arena, src->path));
}

static JSValue parse_yaml(struct script *s, const struct source *src)
{
	struct position at = {0};
	struct error err = {0};
	struct value v;

	script_add_file(s, src, NULL, 0);
	if (yaml_parse(src->text, s->arena, &v, &at, &err)) {
		v = value_as_json(s->arena, &v);
		return script_make_value(s, &v);
	}
	return script_throw_at(s, src, at,
			       arena_str(s->arena, str_of(err.text)));
}

static bool set_exports(struct script *s, JSValueConst module, JSValue v)
{
	return !JS_IsException(v) &&
	       JS_SetProperty(s->js, module, s->exports, v) >= 0;
}

/* exports.NAME = v */
static bool export(struct script *s, JSValueConst module, const char *name,
		   JSValue v)
{
	JSValue exports;
	bool ok;

	if (JS_IsException(v))
		return false;
	exports = JS_GetProperty(s->js, module, s->exports);
	ok = JS_DefinePropertyValueStr(s->js, exports, name, v,
				       JS_PROP_C_W_E) >= 0;
	JS_FreeValue(s->js, exports);
	return ok;
}

static bool run_sqlx(struct script *s, const struct source *src)
{
	struct script_running running;

	if (!s->host.run_sqlx) {
		script_throw(s, STR("SQLX files cannot be required here"));
		return false;
	}
	script_enter(s, &running, src);
	s->host.run_sqlx(s->host.host, src);
	script_leave(s, &running);
	return true;
}

static bool load(struct script *s, const struct source *src,
		 JSValueConst module)
{
	switch (kind_of(src->path)) {
	case MODULE_CODE:
		return run_code(s, src, module);
	case MODULE_SQLX:
		return run_sqlx(s, src);
	case MODULE_JSON:
		return set_exports(s, module, parse_json(s, src));
	case MODULE_YAML:
		return export(s, module, "asJson", parse_yaml(s, src));
	case MODULE_NOTEBOOK:
		return export(s, module, "asJson", parse_json(s, src));
	case MODULE_SQL:
		return export(s, module, "query", text_value(s, src->text));
	case MODULE_MARKDOWN:
		return export(s, module, "contents",
			      text_value(s, without_crlf(s, src->text)));
	}
	return false;
}

static void set(struct script *s, JSValueConst object, const char *name,
		JSValue v)
{
	JS_DefinePropertyValueStr(s->js, object, name, v, JS_PROP_C_W_E);
}

/* Every module has a parent, so that none takes itself for a program. */
static JSValue new_module(struct script *s, struct str path)
{
	JSValue module = JS_NewObject(s->js);

	if (JS_IsException(module))
		return module;
	set(s, module, "id", text_value(s, absolute(s, path)));
	set(s, module, "filename", text_value(s, absolute(s, path)));
	set(s, module, "path", text_value(s, absolute(s, path_folder(path))));
	set(s, module, "parent", JS_NewObject(s->js));
	set(s, module, "loaded", JS_NewBool(s->js, false));
	set(s, module, "paths", JS_NewArray(s->js));
	set(s, module, "children", JS_NewArray(s->js));
	set(s, module, "exports", JS_NewObject(s->js));
	return module;
}

static bool fill_module(struct script *s, struct str path,
			const struct source *src, JSValueConst module)
{
	if (str_is(path, NODE_PATH))
		return set_exports(s, module, script_path_module(s));
	if (str_is(path, CORE))
		return set_exports(s, module, script_core_module(s));
	if (!src)
		src = read_source(s, path);
	return src && load(s, src, module);
}

/* A module that failed is forgotten, so that each file that needs it fails
 * the same way. */
bool script_require(struct script *s, struct str path, const struct source *src,
		    JSValue *exports)
{
	struct script_module *m = map_get(&s->modules, path);

	if (!m) {
		m = ARENA_NEW(s->arena, struct script_module, 1);
		m->path = path;
		m->module = new_module(s, path);
		if (JS_IsException(m->module))
			return false;
		map_put(&s->modules, path, m);
		if (!fill_module(s, path, src, m->module)) {
			map_put(&s->modules, path, NULL);
			JS_FreeValue(s->js, m->module);
			return false;
		}
		JS_SetPropertyStr(s->js, m->module, "loaded",
				  JS_NewBool(s->js, true));
	}
	*exports = JS_GetProperty(s->js, m->module, s->exports);
	return !JS_IsException(*exports);
}

static bool resolve(struct script *s, struct str folder, int argc,
		    JSValueConst *argv, struct str *out)
{
	struct str name;

	if (argc < 1 || !JS_IsString(argv[0])) {
		JS_ThrowTypeError(s->js, "require() needs the name of a file "
					 "as a string");
		return false;
	}
	if (!script_read_string(s, argv[0], &name))
		return false;
	if (name.n > NAME_BYTES_MAX) {
		JS_ThrowTypeError(s->js,
				  "Cannot find module: its name is "
				  "longer than %d bytes",
				  NAME_BYTES_MAX);
		return false;
	}
	if (str_is(name, "path") || str_is(name, NODE_PATH))
		*out = STR(NODE_PATH);
	else if (str_is(name, CORE))
		*out = STR(CORE);
	else
		return script_resolve(s, folder, name, out);
	return true;
}

static JSValue require_from(struct script *s, struct str folder, int argc,
			    JSValueConst *argv)
{
	struct str path;
	JSValue exports;

	if (!resolve(s, folder, argc, argv, &path) ||
	    !script_require(s, path, NULL, &exports))
		return JS_EXCEPTION;
	return exports;
}

/* A module's own require(). */
static JSValue require(JSContext *js, JSValueConst this_val, int argc,
		       JSValueConst *argv, int magic, JSValue *folder)
{
	struct script *s = JS_GetContextOpaque(js);
	struct str base;

	(void)this_val;
	(void)magic;
	if (!script_read_string(s, folder[0], &base))
		return JS_EXCEPTION;
	return require_from(s, base, argc, argv);
}

/* require.resolve() */
static JSValue require_resolve(JSContext *js, JSValueConst this_val, int argc,
			       JSValueConst *argv, int magic, JSValue *folder)
{
	struct script *s = JS_GetContextOpaque(js);
	struct str base, path;

	(void)this_val;
	(void)magic;
	if (!script_read_string(s, folder[0], &base) ||
	    !resolve(s, base, argc, argv, &path))
		return JS_EXCEPTION;
	if (str_is(path, NODE_PATH))
		return text_value(s, STR("path"));
	return text_value(s, absolute(s, path));
}

static JSValue new_require(struct script *s, JSValueConst folder)
{
	JSValue data = folder;
	JSValue f = JS_NewCFunctionData(s->js, require, 1, 0, 1, &data);

	set(s, f, "resolve",
	    JS_NewCFunctionData(s->js, require_resolve, 1, 0, 1, &data));
	set(s, f, "cache", JS_NewObject(s->js));
	return f;
}

static struct str running_path(const struct script *s)
{
	return s->running ? s->running->src->path : STR("");
}

/* SQLX files are no modules here, so they share these, which belong to the file
 * that runs, and an object "module" that nobody reads. */
static JSValue require_here(JSContext *js, JSValueConst this_val, int argc,
			    JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);

	(void)this_val;
	return require_from(s, path_folder(running_path(s)), argc, argv);
}

static JSValue filename_here(JSContext *js, JSValueConst this_val)
{
	struct script *s = JS_GetContextOpaque(js);

	(void)this_val;
	return text_value(s, absolute(s, running_path(s)));
}

static JSValue dirname_here(JSContext *js, JSValueConst this_val)
{
	struct script *s = JS_GetContextOpaque(js);

	(void)this_val;
	return text_value(s, absolute(s, path_folder(running_path(s))));
}

void script_add_require(struct script *s, JSValueConst global)
{
	static const JSCFunctionListEntry entries[] = {
		JS_CFUNC_DEF("require", 1, require_here),
		JS_CGETSET_DEF("__filename", filename_here, NULL),
		JS_CGETSET_DEF("__dirname", dirname_here, NULL),
	};

	JSValue module = JS_NewObject(s->js), exports = JS_NewObject(s->js);

	JS_SetPropertyFunctionList(s->js, global, entries, ARRAY_LEN(entries));
	JS_SetPropertyStr(s->js, module, "exports",
			  JS_DupValue(s->js, exports));
	JS_SetPropertyStr(s->js, global, "exports", exports);
	JS_SetPropertyStr(s->js, global, "module", module);
}
