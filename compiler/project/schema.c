/*
 * Plain data against a table of keys. What is refused is what Dataform
 * refuses, either when it compares an object with its protocol buffer or when
 * it later writes that message and fails on a number where a string must be.
 * Every problem is reported, not only the first.
 */
#include "compiler/project/schema.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

static const char *type_noun(enum field_type type)
{
	switch (type) {
	case FIELD_STRING:
	case FIELD_TEXT:
	case FIELD_ENUM:
		return "a string";
	case FIELD_BOOL:
	case FIELD_FLAG:
	case FIELD_TRUE_OR_FALSE:
		return "true or false";
	case FIELD_INT:
		return "a number";
	case FIELD_STRINGS:
		return "a list of strings";
	case FIELD_STRING_MAP:
		return "an object of strings";
	case FIELD_MESSAGE:
	case FIELD_STRUCT:
		return "an object";
	case FIELD_MESSAGES:
		return "a list of objects";
	case FIELD_ANY:
		break;
	}
	return "";
}

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* A key whose line is not known, as in JSON, is looked for in the text behind
 * its parents. */
static size_t key_offset(const struct source *src,
			 const struct schema_path *path)
{
	struct position at = {path->line, path->column};
	struct str text = src->text;
	size_t n = path->key.n, up = 0, from = 0;

	if (path->line)
		return source_offset(src, at);
	if (path->up) {
		up = key_offset(src, path->up);
		from = up + path->up->key.n;
	}
	for (size_t i = from; i + n <= text.n; i++)
		if (str_eq(path->key, str_sub(text, i, i + n)) &&
		    (i == 0 || !is_word(text.p[i - 1])) &&
		    (i + n == text.n || !is_word(text.p[i + n])))
			return i;
	return up;
}

struct span schema_locate_source(const struct schema_reader *r,
				 const struct schema_path *path)
{
	const struct source *src = r->place;
	size_t start, end;

	if (r->diags->n > SCHEMA_PLACES_MAX ||
	    r->diags->n * src->text.n > SCHEMA_BYTES_MAX)
		return span_of(src, 0, 0);
	start = key_offset(src, path);
	end = start + path->key.n;
	if (end > src->text.n)
		end = src->text.n;
	return span_of(src, (uint32_t)start, (uint32_t)end);
}

struct diag *schema_error(const struct schema_reader *r,
			  const struct schema_path *path, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return diag_add(r->diags, r->bad, r->locate(r, path), "%s", text);
}

const struct schema_field *schema_find(const struct schema *s, struct str key,
				       uint32_t kinds)
{
	for (size_t i = 0; i < s->nfields; i++)
		if ((s->fields[i].kinds & kinds) &&
		    str_is(key, s->fields[i].name))
			return &s->fields[i];
	return NULL;
}

static bool is_empty(const struct value *v)
{
	return (v->kind == VALUE_ARRAY || v->kind == VALUE_OBJECT) && v->n == 0;
}

/* "views and incremental tables" */
static void put_kinds(struct buf *b, const char *const *texts, uint32_t kinds)
{
	for (int i = 0; kinds; i++) {
		uint32_t bit = UINT32_C(1) << i;

		if (!(kinds & bit))
			continue;
		kinds &= ~bit;
		if (b->n)
			buf_adds(b, kinds ? ", " : " and ");
		buf_adds(b, texts[i]);
	}
}

static bool is_old_warehouse(struct str key)
{
	static const char *const names[] = {"redshift", "snowflake",
					    "sqldatawarehouse", "presto"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_is(key, names[i]))
			return true;
	return false;
}

static void help_unknown(struct schema_reader *r, const struct schema *s,
			 struct str key, struct diag *d)
{
	struct str *names = ARENA_NEW(r->arena, struct str, s->nfields);
	const struct schema_field *elsewhere = NULL;
	struct buf kinds = {0};
	struct str near;
	size_t n = 0;

	for (size_t i = 0; i < s->nfields; i++) {
		if (s->fields[i].kinds & r->kinds)
			names[n++] = str_of(s->fields[i].name);
		else if (str_is(key, s->fields[i].name))
			elsewhere = &s->fields[i];
	}
	if (elsewhere && r->kinds_text) {
		put_kinds(&kinds, r->kinds_text, elsewhere->kinds);
		diag_help(r->diags, d, "only %s have it", buf_str(&kinds).p);
		buf_free(&kinds);
		return;
	}
	near = suggest(key, names, n);
	if (near.p)
		diag_help(r->diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
	else if (is_old_warehouse(key))
		diag_help(r->diags, d,
			  "only Dataform 1 and 2 knew that warehouse: remove "
			  "it");
}

struct diag *schema_refuse_key(struct schema_reader *r, const struct schema *s,
			       const struct schema_path *path)
{
	struct diag *d = diag_add(r->diags, r->unknown, r->locate(r, path),
				  "\"%.*s\" is no option of %s",
				  STR_ARG(path->key), s->what);

	if (!diags_is_full(r->diags))
		help_unknown(r, s, path->key, d);
	return d;
}

struct diag *schema_ignore_key(struct schema_reader *r, const struct schema *s,
			       const struct schema_path *path)
{
	struct diag *d = diag_warn(r->diags, r->unknown, r->locate(r, path),
				   "\"%.*s\" of %s is ignored",
				   STR_ARG(path->key), s->what);

	if (!diags_is_full(r->diags))
		help_unknown(r, s, path->key, d);
	return d;
}

bool schema_unknown(struct schema_reader *r, const struct schema *s,
		    const struct schema_path *path, const struct value *in)
{
	if (!r->strict && (in->kind == VALUE_UNDEFINED || is_empty(in)))
		return true;
	schema_refuse_key(r, s, path);
	return false;
}

static bool wrong_type(struct schema_reader *r, const struct schema_field *f,
		       const struct schema_path *path, const struct value *in)
{
	struct diag *d = schema_error(r, path, "\"%.*s\" must be %s, not %s",
				      STR_ARG(path->key), type_noun(f->type),
				      value_noun(in));

	if (f->type == FIELD_STRINGS && in->kind == VALUE_STRING)
		diag_help(r->diags, d, "write [\"%.*s\"]", STR_ARG(in->string));
	if (f->type <= FIELD_TEXT && in->kind == VALUE_NUMBER)
		diag_help(r->diags, d, "put quotes around it");
	if (f->type == FIELD_TRUE_OR_FALSE)
		diag_help(r->diags, d, "write true or false without quotes");
	return false;
}

static bool no_value(struct schema_reader *r, const struct schema_path *path)
{
	struct diag *d = schema_error(r, path, "\"%.*s\" has no value",
				      STR_ARG(path->key));

	diag_help(r->diags, d, "give it a value or remove it");
	return false;
}

/* Never fails: Dataform takes anything, and so must we. */
static void read_bool(struct schema_reader *r, const struct schema_field *f,
		      const struct schema_path *path, const struct value *in,
		      struct value *out)
{
	struct diag *d;

	*out = value_bool(value_is_truthy(in) &&
			  !(f->type == FIELD_FLAG && is_empty(in)));
	if (in->kind == VALUE_BOOL)
		return;
	d = diag_warn(r->diags, r->bad, r->locate(r, path),
		      "\"%.*s\" is %s and counts as %s", STR_ARG(path->key),
		      value_noun(in), out->boolean ? "true" : "false");
	diag_help(r->diags, d, "write true or false without quotes");
}

/* Dataform looks into whatever stands for a flag, and stumbles over null. */
static bool holds_null(const struct value *v)
{
	for (uint32_t i = 0; v->kind == VALUE_ARRAY && i < v->n; i++)
		if (v->items[i].kind == VALUE_NULL || holds_null(&v->items[i]))
			return true;
	for (uint32_t i = 0; v->kind == VALUE_OBJECT && i < v->n; i++)
		if (v->members[i].value.kind == VALUE_NULL ||
		    holds_null(&v->members[i].value))
			return true;
	return false;
}

static bool read_string(struct schema_reader *r, const struct schema_field *f,
			const struct schema_path *path, const struct value *in,
			struct value *out)
{
	if (in->kind == VALUE_STRING)
		*out = *in;
	else if (f->type == FIELD_STRING || value_is_truthy(in))
		return wrong_type(r, f, path, in);
	return true;
}

/* As JavaScript's v | 0, for numbers and what is written like one. */
static bool read_int(struct schema_reader *r, const struct schema_field *f,
		     const struct schema_path *path, const struct value *in,
		     struct value *out)
{
	double d = 0;
	char *end;

	if (!value_is_truthy(in) && in->kind != VALUE_NUMBER)
		return true;
	if (in->kind == VALUE_STRING) {
		const char *text = arena_cstr(r->arena, in->string);

		d = strtod(text, &end);
		if (*end || end == text)
			return wrong_type(r, f, path, in);
	} else if (in->kind == VALUE_NUMBER) {
		d = in->number;
	} else {
		return wrong_type(r, f, path, in);
	}
	if (!(fabs(d) <= INT32_MAX)) {
		schema_error(r, path, "\"%.*s\" is out of range",
			     STR_ARG(path->key));
		return false;
	}
	*out = value_number(trunc(d));
	return true;
}

/* Lists that Dataform walks over; of another one it takes {} for []. */
static bool is_walked(struct str key)
{
	return str_is(key, "tags") || str_is(key, "nonNull") ||
	       str_ends(key, STR("Operations"));
}

static bool read_strings(struct schema_reader *r, const struct schema_field *f,
			 const struct schema_path *path, const struct value *in,
			 struct value *out)
{
	bool ok = true;

	if (in->kind == VALUE_ARRAY && in->n == 0)
		return true;
	if (in->kind == VALUE_OBJECT && in->n == 0 && !is_walked(path->key))
		return true;
	if (in->kind != VALUE_ARRAY)
		return wrong_type(r, f, path, in);
	for (uint32_t i = 0; i < in->n; i++) {
		if (in->items[i].kind == VALUE_STRING)
			continue;
		schema_error(r, path,
			     "\"%.*s\" must hold strings, and item %u is %s",
			     STR_ARG(path->key), i + 1,
			     value_noun(&in->items[i]));
		ok = false;
	}
	*out = *in;
	return ok;
}

/* A list is an object to JavaScript, with the keys "0", "1" and so on. */
static struct value from_list(struct arena *arena, const struct value *list)
{
	struct value out = value_object(arena, list->n);

	for (uint32_t i = 0; i < list->n; i++)
		value_put(&out, arena_printf(arena, "%u", i), list->items[i]);
	return out;
}

static bool read_string_map(struct schema_reader *r,
			    const struct schema_field *f,
			    const struct schema_path *path,
			    const struct value *in, struct value *out)
{
	struct value map = *in;
	bool ok = true;

	if (is_empty(in))
		return true;
	if (in->kind == VALUE_ARRAY)
		map = from_list(r->arena, in);
	if (map.kind != VALUE_OBJECT)
		return wrong_type(r, f, path, in);
	for (uint32_t i = 0; i < map.n; i++) {
		const struct member *m = &map.members[i];
		const struct schema_path at = {path, m->key, m->line,
					       m->column};
		const struct schema_field string = {.type = FIELD_STRING};

		if (m->value.kind == VALUE_NULL)
			ok = no_value(r, &at);
		else if (m->value.kind != VALUE_STRING)
			ok = wrong_type(r, &string, &at, &m->value);
	}
	*out = map;
	return ok;
}

static bool read_message(struct schema_reader *r, const struct schema_field *f,
			 const struct schema_path *path, const struct value *in,
			 struct value *out)
{
	if (in->kind == VALUE_ARRAY && in->n == 0) {
		*out = value_object(r->arena, 0);
		return true;
	}
	if (in->kind != VALUE_OBJECT)
		return wrong_type(r, f, path, in);
	if (f->type == FIELD_STRUCT) {
		*out = *in;
		return true;
	}
	return schema_read(r, f->message, path, in, out);
}

static bool read_messages(struct schema_reader *r, const struct schema_field *f,
			  const struct schema_path *path,
			  const struct value *in, struct value *out)
{
	bool ok = true;

	if (in->kind == VALUE_ARRAY && in->n == 0)
		return true;
	if (in->kind != VALUE_ARRAY)
		return wrong_type(r, f, path, in);
	*out = value_array(r->arena, in->n);
	for (uint32_t i = 0; i < in->n; i++) {
		struct value item = {0};

		if (in->items[i].kind == VALUE_OBJECT) {
			if (!schema_read(r, f->message, path, &in->items[i],
					 &item))
				ok = false;
			value_push(out, item);
			continue;
		}
		schema_error(r, path,
			     "\"%.*s\" must hold objects, and item %u is %s",
			     STR_ARG(path->key), i + 1,
			     value_noun(&in->items[i]));
		ok = false;
	}
	return ok;
}

bool schema_read_field(struct schema_reader *r, const struct schema_field *f,
		       const struct schema_path *path, const struct value *in,
		       struct value *out)
{
	*out = (struct value){0};
	if (in->kind == VALUE_UNDEFINED)
		return true;
	if (in->kind == VALUE_NULL)
		return no_value(r, path);
	switch (f->type) {
	case FIELD_STRING:
	case FIELD_TEXT:
		return read_string(r, f, path, in, out);
	case FIELD_ENUM:
		*out = *in;
		return in->kind <= VALUE_STRING || wrong_type(r, f, path, in);
	case FIELD_BOOL:
	case FIELD_FLAG:
		if (holds_null(in))
			return wrong_type(r, f, path, in);
		read_bool(r, f, path, in, out);
		return true;
	case FIELD_TRUE_OR_FALSE:
		*out = *in;
		return in->kind == VALUE_BOOL || wrong_type(r, f, path, in);
	case FIELD_INT:
		return read_int(r, f, path, in, out);
	case FIELD_STRINGS:
		return read_strings(r, f, path, in, out);
	case FIELD_STRING_MAP:
		return read_string_map(r, f, path, in, out);
	case FIELD_MESSAGE:
	case FIELD_STRUCT:
		return read_message(r, f, path, in, out);
	case FIELD_MESSAGES:
		return read_messages(r, f, path, in, out);
	case FIELD_ANY:
		*out = *in;
		return true;
	}
	return true;
}

bool schema_read(struct schema_reader *r, const struct schema *s,
		 const struct schema_path *path, const struct value *in,
		 struct value *out)
{
	bool ok = true;

	*out = value_object(r->arena, in->n);
	for (uint32_t i = 0; i < in->n; i++) {
		const struct member *m = &in->members[i];
		const struct schema_path at = {path, m->key, m->line,
					       m->column};
		const struct schema_field *f = schema_find(s, m->key, r->kinds);
		struct value v;

		if (!f) {
			ok = schema_unknown(r, s, &at, &m->value) && ok;
			continue;
		}
		ok = schema_read_field(r, f, &at, &m->value, &v) && ok;
		if (v.kind != VALUE_UNDEFINED)
			value_put(out, str_of(f->name), v);
	}
	return ok;
}
