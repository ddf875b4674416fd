/*
 * The host's functions and objects as JavaScript sees them. Every object of
 * the host is of one engine class and carries a pair, the host's class and its
 * number; what differs is the prototype. ref() and the other plain functions
 * exist once: they belong to whichever context runs now.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/mem.h"
#include "compiler/script/script_int.h"

enum {
	/* Far above the engine's own. Fixed, so that engines come and go
	 * without a counter shared by all. */
	OBJECT_CLASS = 200,
};

static const char *const context_names[CONTEXT_NFUNCTIONS] = {
	[CONTEXT_SELF] = "self",       [CONTEXT_REF] = "ref",
	[CONTEXT_RESOLVE] = "resolve", [CONTEXT_NAME] = "name",
	[CONTEXT_WHEN] = "when",       [CONTEXT_INCREMENTAL] = "incremental",
	[CONTEXT_SCHEMA] = "schema",   [CONTEXT_DATABASE] = "database",
};

_Static_assert(sizeof(uintptr_t) == 8, "a pointer holds class and number");

static void *pack(int class_id, uint32_t object_id)
{
	return (void *)((uintptr_t)(class_id + 1) << 32 | object_id);
}

static bool unpack(JSValueConst v, int class_id, uint32_t *object_id)
{
	uintptr_t packed = (uintptr_t)JS_GetOpaque(v, OBJECT_CLASS);

	if (packed >> 32 != (uintptr_t)(class_id + 1))
		return false;
	*object_id = (uint32_t)packed;
	return true;
}

JSValue script_new_object(struct script *s, int class_id, uint32_t object_id)
{
	JSValue object = JS_NewObjectProtoClass(s->js, s->protos[class_id],
						OBJECT_CLASS);

	if (!JS_IsException(object))
		JS_SetOpaque(object, pack(class_id, object_id));
	return object;
}

static bool find_object(struct script *s, const struct host_function *f,
			JSValueConst this_val, uint32_t *object)
{
	if (f->class_id == HOST_GLOBAL)
		*object = 0;
	else if (f->class_id == HOST_PLAIN)
		*object = s->context;
	else if (!unpack(this_val, f->class_id, object)) {
		JS_ThrowTypeError(s->js, "%s() is a method of %s", f->name,
				  s->host.classes[f->class_id].name);
		return false;
	}
	return true;
}

static JSValue give_answer(struct script *s, const struct script_call *call,
			   JSValueConst this_val)
{
	switch (call->answer) {
	case ANSWER_UNDEFINED:
		return JS_UNDEFINED;
	case ANSWER_THIS:
		return JS_DupValue(s->js, this_val);
	case ANSWER_VALUE:
		return script_make_value(s, &call->value);
	case ANSWER_FIXED:
		return script_make_fixed(s, &call->value);
	case ANSWER_OBJECT:
		return script_new_object(s, call->class_id, call->object_id);
	}
	return JS_UNDEFINED;
}

static bool read_args(struct script *s, int argc, JSValueConst *argv,
		      struct script_call *call)
{
	call->nargs = (uint32_t)argc;
	call->args = ARENA_NEW(s->arena, struct value, call->nargs);
	for (int i = 0; i < argc; i++)
		if (!script_read_value(s, argv[i], &call->args[i]))
			return false;
	return true;
}

static JSValue call_host(JSContext *js, JSValueConst this_val, int argc,
			 JSValueConst *argv, int magic)
{
	struct script *s = JS_GetContextOpaque(js);
	const struct host_function *f = &s->functions[magic];
	struct script_call call = {
		.host = s->host.host,
		.script = s,
		.id = f->id,
	};

	JSValue outer;
	bool ok;

	/* The engine itself looks once in many calls, which may be long. */
	if (script_is_over(s))
		return JS_ThrowOutOfMemory(js);
	if (!find_object(s, f, this_val, &call.object) ||
	    !read_args(s, argc, argv, &call))
		return JS_EXCEPTION;
	outer = s->given;
	s->given = f->class_id == HOST_GLOBAL && argc > 1
			   ? JS_DupValue(js, argv[1])
			   : JS_UNDEFINED;
	ok = f->fn(&call);
	JS_FreeValue(js, s->given);
	s->given = outer;
	if (!ok)
		return script_refuse(s, call.error);
	return give_answer(s, &call, this_val);
}

static JSValue new_function(struct script *s, script_fn *fn, const char *name,
			    int id, int class_id)
{
	assert(s->nfunctions < INT16_MAX);
	s->functions[s->nfunctions] =
		(struct host_function){fn, name, id, class_id};
	return JS_NewCFunctionMagic(s->js, call_host, name, 0,
				    JS_CFUNC_generic_magic, s->nfunctions++);
}

static int count_methods(const struct script_method *table)
{
	int n = 0;

	while (table && table[n].name)
		n++;
	return n;
}

static void add_methods(struct script *s, JSValueConst object,
			const struct script_method *table, script_fn *fn,
			int class_id)
{
	for (const struct script_method *m = table; m && m->name; m++)
		JS_DefinePropertyValueStr(
			s->js, object, m->name,
			new_function(s, fn, m->name, m->id, class_id),
			JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

static void add_members(struct script *s, JSValueConst object,
			const struct script_method *table, script_fn *fn,
			int class_id)
{
	for (const struct script_method *m = table; m && m->name; m++) {
		JSAtom key = JS_NewAtom(s->js, m->name);

		JS_DefinePropertyGetSet(
			s->js, object, key,
			new_function(s, fn, m->name, m->id, class_id),
			JS_UNDEFINED, JS_PROP_CONFIGURABLE);
		JS_FreeAtom(s->js, key);
	}
}

static void add_plain_functions(struct script *s)
{
	const struct script_class *class =
		&s->host.classes[s->host.context_class];

	for (int i = 0; i < CONTEXT_NFUNCTIONS; i++)
		s->plain[i] = new_function(s, class->fn, context_names[i], i,
					   HOST_PLAIN);
}

void script_add_classes(struct script *s)
{
	static const JSClassDef object_class = {.class_name = "Object"};
	int n = CONTEXT_NFUNCTIONS + count_methods(s->host.globals);

	for (int i = 0; i < s->host.nclasses; i++)
		n += count_methods(s->host.classes[i].methods) +
		     count_methods(s->host.classes[i].members);
	s->functions = ARENA_NEW(s->arena, struct host_function, (size_t)n);
	s->protos = ARENA_NEW(s->arena, JSValue, (size_t)s->host.nclasses);
	JS_NewClass(s->rt, OBJECT_CLASS, &object_class);
	for (int i = 0; i < s->host.nclasses; i++) {
		const struct script_class *class = &s->host.classes[i];

		s->protos[i] = JS_NewObject(s->js);
		add_methods(s, s->protos[i], class->methods, class->fn, i);
		add_members(s, s->protos[i], class->members, class->fn, i);
	}
	add_plain_functions(s);
}

void script_define_globals(struct script *s)
{
	JSValue global = JS_GetGlobalObject(s->js);

	add_methods(s, global, s->host.globals, s->host.globals_fn,
		    HOST_GLOBAL);
	JS_FreeValue(s->js, global);
}

/* A prototype between the class's own and the object, on which the functions
 * that are missing are undefined. */
static JSValueConst context_proto(struct script *s, unsigned functions)
{
	JSValueConst base = s->protos[s->host.context_class];
	unsigned all = (1u << CONTEXT_NFUNCTIONS) - 1;
	struct script_context_shape *shape;

	if ((functions & all) == all)
		return base;
	for (int i = 0; i < s->nshapes; i++)
		if (s->shapes[i].functions == functions)
			return s->shapes[i].proto;
	assert((size_t)s->nshapes < ARRAY_LEN(s->shapes));
	shape = &s->shapes[s->nshapes++];
	shape->functions = functions;
	shape->proto = JS_NewObjectProto(s->js, base);
	for (int i = 0; i < CONTEXT_NFUNCTIONS; i++)
		if (!(functions & 1u << i))
			JS_DefinePropertyValueStr(
				s->js, shape->proto, context_names[i],
				JS_UNDEFINED,
				JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
	return shape->proto;
}

JSValue script_new_context(struct script *s, const struct script_context *ctx)
{
	JSValue object = JS_NewObjectProtoClass(
		s->js, context_proto(s, ctx->functions), OBJECT_CLASS);

	if (JS_IsException(object))
		return object;
	JS_SetOpaque(object, pack(s->host.context_class, ctx->object));
	if (ctx->expect.p)
		JS_DefinePropertyValueStr(
			s->js, object, "EXPECT",
			JS_NewStringLen(s->js, ctx->expect.p, ctx->expect.n),
			JS_PROP_C_W_E);
	return object;
}

void script_set_object(struct script *s, const char *name, int class_id,
		       uint32_t object_id, const struct value *members)
{
	JSValue object = script_new_object(s, class_id, object_id);
	JSValue global = JS_GetGlobalObject(s->js);

	for (uint32_t i = 0; members && i < members->n; i++) {
		const struct member *m = &members->members[i];
		JSAtom key = JS_NewAtomLen(s->js, m->key.p, m->key.n);

		JS_DefinePropertyValue(s->js, object, key,
				       script_make_value(s, &m->value),
				       JS_PROP_C_W_E);
		JS_FreeAtom(s->js, key);
	}
	JS_DefinePropertyValueStr(s->js, global, name, object, JS_PROP_C_W_E);
	JS_FreeValue(s->js, global);
}

static bool is_empty(JSContext *js, JSValueConst v)
{
	JSPropertyEnum *keys;
	uint32_t n;

	if (!JS_IsObject(v) ||
	    JS_GetOwnPropertyNames(js, &keys, &n, v,
				   JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
		return false;
	for (uint32_t i = 0; i < n; i++)
		JS_FreeAtom(js, keys[i].atom);
	js_free(js, keys);
	return n == 0;
}

static void copy_member(JSContext *js, JSValueConst to, JSValueConst from,
			JSAtom key)
{
	JSValue v = JS_GetProperty(js, from, key);

	if (JS_IsException(v) || is_empty(js, v))
		JS_FreeValue(js, v);
	else
		JS_DefinePropertyValue(js, to, key, v, JS_PROP_C_W_E);
}

/* toJSON(): the keys of the prototype that the object has, in their order.
 * data holds them. An object without members is left out, as it is
 * from Dataform's messages. */
static JSValue to_json(JSContext *js, JSValueConst this_val, int argc,
		       JSValueConst *argv, int magic, JSValue *data)
{
	JSPropertyEnum *keys;
	uint32_t n;
	JSValue out = JS_NewObject(js);

	(void)argc;
	(void)argv;
	(void)magic;
	if (JS_GetOwnPropertyNames(js, &keys, &n, data[0],
				   JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
		return JS_EXCEPTION;
	for (uint32_t i = 0; i < n; i++) {
		if (JS_GetOwnProperty(js, NULL, this_val, keys[i].atom) > 0)
			copy_member(js, out, this_val, keys[i].atom);
		JS_FreeAtom(js, keys[i].atom);
	}
	js_free(js, keys);
	return out;
}

uint32_t script_set_defaults(struct script *s, const char *name,
			     const char *member, const struct value *defaults)
{
	JSValue global = JS_GetGlobalObject(s->js);
	JSValue object = JS_GetPropertyStr(s->js, global, name);
	JSValue inner = JS_GetPropertyStr(s->js, object, member);
	JSValue proto = script_make_value(s, defaults);
	JSValue names = script_make_value(s, defaults);

	JS_DefinePropertyValueStr(
		s->js, proto, "toJSON",
		JS_NewCFunctionData(s->js, to_json, 0, 0, 1, &names),
		JS_PROP_C_W_E);
	JS_SetPrototype(s->js, inner, proto);
	JS_FreeValue(s->js, names);
	JS_FreeValue(s->js, proto);
	JS_FreeValue(s->js, object);
	JS_FreeValue(s->js, global);
	return script_keep(s, inner);
}

bool script_read_kept(struct script *s, uint32_t handle, struct value *out,
		      struct script_error *err)
{
	if (script_read_value(s, s->handles[handle - 1], out))
		return true;
	script_take_error(s, NULL, err);
	return false;
}
