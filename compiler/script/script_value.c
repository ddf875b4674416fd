/*
 * Values out of the engine and into it. What comes out is plain data in the
 * arena: own enumerable members in JavaScript's order. A getter or a proxy may
 * run the project's code meanwhile, so every step can fail. Depth and size are
 * limited, because an object may contain itself.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "compiler/script/script_int.h"

enum { ITEMS_MAX = 1 << 20 }; /* of one value */

struct reading {
	struct script *s;
	uint32_t nitems;
	uint32_t depth;
};

static bool read(struct reading *r, JSValueConst v, struct value *out);

void script_mend_surrogates(char *p, size_t n)
{
	char *end = p + n;

	while ((p = memchr(p, 0xed, (size_t)(end - p)))) {
		if ((unsigned char)p[1] >= 0xa0)
			memcpy(p, "\xef\xbf\xbd", 3);
		p += 3;
	}
}

static bool may_copy(struct script *s, size_t n)
{
	if (script_may_keep(s, n))
		return true;
	s->memory.is_out = true;
	JS_ThrowOutOfMemory(s->js);
	return false;
}

static bool copy_text(struct script *s, const char *text, size_t n,
		      struct str *out)
{
	struct str copy;
	char *p;

	if (!may_copy(s, n))
		return false;
	p = arena_text(s->arena, n + 1);
	memcpy(p, text, n);
	p[n] = '\0';
	script_mend_surrogates(p, n);
	copy = (struct str){p, n};
	*out = copy;
	return true;
}

bool script_read_string(struct script *s, JSValueConst v, struct str *out)
{
	size_t n;
	const char *text = JS_ToCStringLen(s->js, &n, v);
	bool ok;

	if (!text)
		return false;
	ok = copy_text(s, text, n, out);
	JS_FreeCString(s->js, text);
	return ok;
}

static bool read_text(struct script *s, JSValueConst v, struct value *out)
{
	struct str text;

	if (!script_read_string(s, v, &text))
		return false;
	*out = value_string(text);
	return true;
}

static bool enter(struct reading *r, uint32_t nitems)
{
	r->nitems += nitems;
	if (nitems > ITEMS_MAX || r->nitems > ITEMS_MAX) {
		JS_ThrowTypeError(r->s->js, "the value has more than %d items",
				  ITEMS_MAX);
		return false;
	}
	if (++r->depth > VALUE_DEPTH_MAX) {
		JS_ThrowTypeError(r->s->js,
				  "the value contains itself, or is nested "
				  "deeper than %d levels",
				  VALUE_DEPTH_MAX);
		return false;
	}
	return may_copy(r->s, nitems * sizeof(struct member));
}

static bool read_array(struct reading *r, JSValueConst v, struct value *out)
{
	struct script *s = r->s;
	JSValue length = JS_GetProperty(s->js, v, s->length);
	uint32_t n;
	bool ok;

	if (JS_ToUint32(s->js, &n, length) < 0 || !enter(r, n)) {
		JS_FreeValue(s->js, length);
		return false;
	}
	JS_FreeValue(s->js, length);
	*out = value_array(s->arena, n);
	ok = true;
	for (uint32_t i = 0; i < n && ok; i++) {
		JSValue item = JS_GetPropertyUint32(s->js, v, i);

		ok = !JS_IsException(item) && read(r, item, &out->items[i]);
		out->n = i + 1;
		JS_FreeValue(s->js, item);
	}
	r->depth--;
	return ok;
}

static bool read_member(struct reading *r, JSValueConst object, JSAtom key,
			struct member *out)
{
	struct script *s = r->s;
	JSValue name = JS_AtomToString(s->js, key), v;
	bool ok =
		!JS_IsException(name) && script_read_string(s, name, &out->key);

	JS_FreeValue(s->js, name);
	if (!ok)
		return false;
	v = JS_GetProperty(s->js, object, key);
	ok = !JS_IsException(v) && read(r, v, &out->value);
	JS_FreeValue(s->js, v);
	return ok;
}

static bool read_object(struct reading *r, JSValueConst v, struct value *out)
{
	struct script *s = r->s;
	JSPropertyEnum *keys;
	uint32_t n;
	bool ok;

	if (JS_GetOwnPropertyNames(s->js, &keys, &n, v,
				   JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
		return false;
	ok = enter(r, n);
	if (ok)
		*out = value_object(s->arena, n);
	for (uint32_t i = 0; i < n; i++) {
		ok = ok && read_member(r, v, keys[i].atom, &out->members[i]);
		if (ok)
			out->n++;
		JS_FreeAtom(s->js, keys[i].atom);
	}
	js_free(s->js, keys);
	r->depth--;
	return ok;
}

static bool read_date(struct reading *r, JSValueConst v, struct value *out)
{
	JSValue text = JS_Invoke(r->s->js, v, r->s->to_iso, 0, NULL);
	bool ok = !JS_IsException(text) && read_text(r->s, text, out);

	JS_FreeValue(r->s->js, text);
	return ok;
}

uint32_t script_keep(struct script *s, JSValue function)
{
	if (s->nhandles == s->handles_cap) {
		s->handles_cap = s->handles_cap ? s->handles_cap * 2 : 64;
		s->handles = mem_realloc(s->handles,
					 s->handles_cap * sizeof(JSValue));
	}
	s->handles[s->nhandles++] = function;
	return s->nhandles;
}

static bool read_message(struct reading *r, JSValueConst v, struct value *out)
{
	JSValue text = JS_GetProperty(r->s->js, v, r->s->message);
	bool ok = !JS_IsException(text) && read(r, text, out);

	JS_FreeValue(r->s->js, text);
	return ok;
}

/* An error's message is no enumerable member. */
static bool read_error(struct reading *r, JSValueConst v, struct value *out)
{
	struct member *m;

	if (!enter(r, 1))
		return false;
	*out = value_object(r->s->arena, 1);
	m = &out->members[out->n++];
	m->key = STR("message");
	r->depth--;
	return read_message(r, v, &m->value);
}

static bool read_any_object(struct reading *r, JSValueConst v,
			    struct value *out)
{
	struct script *s = r->s;
	int is_array;

	if (JS_IsFunction(s->js, v)) {
		*out = (struct value){.kind = VALUE_FUNCTION};
		out->function = script_keep(s, JS_DupValue(s->js, v));
		return true;
	}
	if (JS_GetClassID(v) == s->date_class)
		return read_date(r, v, out);
	if (JS_IsError(s->js, v))
		return read_error(r, v, out);
	is_array = JS_IsArray(s->js, v);
	if (is_array < 0)
		return false;
	return is_array ? read_array(r, v, out) : read_object(r, v, out);
}

static bool read(struct reading *r, JSValueConst v, struct value *out)
{
	*out = (struct value){.kind = VALUE_UNDEFINED};
	switch (JS_VALUE_GET_NORM_TAG(v)) {
	case JS_TAG_NULL:
		out->kind = VALUE_NULL;
		return true;
	case JS_TAG_BOOL:
		*out = value_bool(JS_VALUE_GET_BOOL(v));
		return true;
	case JS_TAG_INT:
		*out = value_number(JS_VALUE_GET_INT(v));
		return true;
	case JS_TAG_FLOAT64:
		*out = value_number(JS_VALUE_GET_FLOAT64(v));
		return true;
	case JS_TAG_STRING:
	case JS_TAG_STRING_ROPE:
	case JS_TAG_BIG_INT:
	case JS_TAG_SHORT_BIG_INT:
		return read_text(r->s, v, out);
	case JS_TAG_OBJECT:
		return read_any_object(r, v, out);
	default: /* undefined and symbols */
		return true;
	}
}

bool script_read_value(struct script *s, JSValueConst v, struct value *out)
{
	struct reading r = {.s = s};

	return read(&r, v, out);
}

static JSValue make(struct script *s, const struct value *v, int flags);

/* What has members that cannot be changed gets no others either. */
static JSValue finish(struct script *s, JSValue object, int flags)
{
	if (!(flags & JS_PROP_WRITABLE))
		JS_PreventExtensions(s->js, object);
	return object;
}

static JSValue make_array(struct script *s, const struct value *v, int flags)
{
	JSValue array = JS_NewArray(s->js);

	if (JS_IsException(array))
		return array;
	for (uint32_t i = 0; i < v->n; i++) {
		JSValue item = make(s, &v->items[i], flags);

		if (JS_IsException(item) ||
		    JS_DefinePropertyValueUint32(s->js, array, i, item, flags) <
			    0) {
			JS_FreeValue(s->js, array);
			return JS_EXCEPTION;
		}
	}
	return finish(s, array, flags);
}

static JSValue make_object(struct script *s, const struct value *v, int flags)
{
	JSValue object = JS_NewObject(s->js);

	if (JS_IsException(object))
		return object;
	for (uint32_t i = 0; i < v->n; i++) {
		const struct member *m = &v->members[i];
		JSAtom key = JS_NewAtomLen(s->js, m->key.p, m->key.n);
		JSValue item = make(s, &m->value, flags);
		bool ok = key != JS_ATOM_NULL && !JS_IsException(item);

		if (ok)
			ok = JS_DefinePropertyValue(s->js, object, key, item,
						    flags) >= 0;
		else
			JS_FreeValue(s->js, item);
		JS_FreeAtom(s->js, key);
		if (!ok) {
			JS_FreeValue(s->js, object);
			return JS_EXCEPTION;
		}
	}
	return finish(s, object, flags);
}

static JSValue make(struct script *s, const struct value *v, int flags)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_UNDEFINED:
		return JS_UNDEFINED;
	case VALUE_NULL:
		return JS_NULL;
	case VALUE_BOOL:
		return JS_NewBool(s->js, v->boolean);
	case VALUE_NUMBER:
		return JS_NewFloat64(s->js, v->number);
	case VALUE_STRING:
		return JS_NewStringLen(s->js, v->string.p, v->string.n);
	case VALUE_ARRAY:
		return make_array(s, v, flags);
	case VALUE_OBJECT:
		return make_object(s, v, flags);
	case VALUE_FUNCTION:
		assert(v->function > 0 && v->function <= s->nhandles);
		return JS_DupValue(s->js, s->handles[v->function - 1]);
	}
	return JS_UNDEFINED;
}

JSValue script_make_value(struct script *s, const struct value *v)
{
	return make(s, v, JS_PROP_C_W_E);
}

JSValue script_make_fixed(struct script *s, const struct value *v)
{
	return make(s, v, JS_PROP_ENUMERABLE);
}
