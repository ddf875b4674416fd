/*
 * The config that the project gave last, as the object that it is. Dataform
 * takes options out of a config's inner objects, and a project that shares one
 * between actions sees what is left of it.
 */
#include "compiler/script/script_int.h"

/* Of an object that was emptied; not seen by code that lists its members. */
static const char emptied[] = "weir: emptied";

/* How many members the object had that are gone now. */
static uint32_t empty(JSContext *js, JSValueConst object)
{
	JSPropertyEnum *keys;
	uint32_t n, gone = 0;

	if (JS_GetOwnPropertyNames(js, &keys, &n, object,
				   JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) < 0)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		gone += JS_DeleteProperty(js, object, keys[i].atom, 0) > 0;
		JS_FreeAtom(js, keys[i].atom);
	}
	js_free(js, keys);
	return gone;
}

bool script_empty_given(struct script *s, const char *member)
{
	JSContext *js = s->js;
	JSValue object = JS_IsObject(s->given)
				 ? JS_GetPropertyStr(js, s->given, member)
				 : JS_UNDEFINED;
	JSValue before = JS_UNDEFINED;

	if (JS_IsObject(object)) {
		before = JS_GetPropertyStr(js, object, emptied);
		if (empty(js, object) > 0)
			JS_DefinePropertyValueStr(js, object, emptied, JS_TRUE,
						  JS_PROP_CONFIGURABLE);
	}
	JS_FreeValue(js, object);
	JS_FreeValue(js, JS_GetException(js));
	JS_FreeValue(js, before);
	return JS_VALUE_GET_TAG(before) == JS_TAG_BOOL;
}
