/* Writes JSON as a stream. */
#include "base/json_write.h"

#include <assert.h>
#include <math.h>

#include "base/value.h"

enum { FLUSH_AT = 64 << 10 };

void json_start(struct json_writer *w, FILE *file, int indent)
{
	memset(w, 0, sizeof(*w));
	w->file = file;
	w->indent = indent;
}

static void flush(struct json_writer *w)
{
	fwrite(w->out.p, 1, w->out.n, w->file);
	buf_clear(&w->out);
}

bool json_end(struct json_writer *w)
{
	assert(w->depth == 0);
	if (!w->file)
		return true;
	if (w->out.n)
		flush(w);
	buf_free(&w->out);
	return fflush(w->file) == 0 && !ferror(w->file);
}

static void new_line(struct json_writer *w)
{
	size_t n = (size_t)(w->depth * w->indent);

	if (!w->indent)
		return;
	memset(buf_room(&w->out, n + 1), ' ', n + 1);
	w->out.p[w->out.n] = '\n';
	w->out.n += n + 1;
	w->out.p[w->out.n] = '\0';
}

/* Comma and white space before a key or an array's item. */
static void separate(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth == 0)
		return;
	if (w->has_items[w->depth])
		buf_addc(&w->out, ',');
	w->has_items[w->depth] = true;
	new_line(w);
	if (w->file && w->out.n > FLUSH_AT)
		flush(w);
}

static void begin(struct json_writer *w, char c)
{
	separate(w);
	buf_addc(&w->out, c);
	assert(w->depth + 1 < JSON_DEPTH_MAX);
	w->has_items[++w->depth] = false;
}

static void end(struct json_writer *w, char c)
{
	bool has_items = w->has_items[w->depth--];

	if (has_items)
		new_line(w);
	buf_addc(&w->out, c);
}

void json_begin_object(struct json_writer *w)
{
	begin(w, '{');
}

void json_end_object(struct json_writer *w)
{
	end(w, '}');
}

void json_begin_array(struct json_writer *w)
{
	begin(w, '[');
}

void json_end_array(struct json_writer *w)
{
	end(w, ']');
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* Of what is not plain. 'u': by number; else the letter behind the backslash.
 */
static char escape_of(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	}
	return 'u';
}

static void quoted(struct buf *b, struct str s)
{
	size_t done = 0;

	buf_addc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		char e;

		if (is_plain((unsigned char)s.p[i]))
			continue;
		e = escape_of((unsigned char)s.p[i]);
		buf_add(b, s.p + done, i - done);
		done = i + 1;
		if (e == 'u')
			buf_printf(b, "\\u%04x", (unsigned)s.p[i]);
		else
			buf_add(b, (char[]){'\\', e}, 2);
	}
	buf_add(b, s.p + done, s.n - done);
	buf_addc(b, '"');
}

void json_key_str(struct json_writer *w, struct str key)
{
	separate(w);
	quoted(&w->out, key);
	buf_adds(&w->out, w->indent ? ": " : ":");
	w->after_key = true;
}

void json_key(struct json_writer *w, const char *key)
{
	json_key_str(w, str_of(key));
}

void json_str(struct json_writer *w, struct str s)
{
	if (!s.p) {
		json_null(w);
		return;
	}
	separate(w);
	quoted(&w->out, s);
}

void json_bool(struct json_writer *w, bool b)
{
	separate(w);
	buf_adds(&w->out, b ? "true" : "false");
}

void json_int(struct json_writer *w, int64_t i)
{
	separate(w);
	buf_printf(&w->out, "%lld", (long long)i);
}

void json_number(struct json_writer *w, double d)
{
	char text[VALUE_NUMBER_SIZE];

	if (isnan(d) || isinf(d)) {
		json_null(w);
		return;
	}
	separate(w);
	if (d == floor(d) && fabs(d) < 1e15) {
		buf_printf(&w->out, "%.0f", d == 0 ? 0.0 : d);
		return;
	}
	buf_add_str(&w->out, value_print_number(text, d));
}

void json_null(struct json_writer *w)
{
	separate(w);
	buf_adds(&w->out, "null");
}

static void json_members(struct json_writer *w, const struct value *v)
{
	json_begin_object(w);
	for (uint32_t i = 0; i < v->n; i++) {
		const struct member *m = &v->members[i];

		if (m->value.kind == VALUE_UNDEFINED ||
		    m->value.kind == VALUE_FUNCTION)
			continue;
		json_key_str(w, m->key);
		json_value(w, &m->value);
	}
	json_end_object(w);
}

void json_value(struct json_writer *w, const struct value *v)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_UNDEFINED:
	case VALUE_NULL:
	case VALUE_FUNCTION:
		json_null(w);
		break;
	case VALUE_BOOL:
		json_bool(w, v->boolean);
		break;
	case VALUE_NUMBER:
		json_number(w, v->number);
		break;
	case VALUE_STRING:
		json_str(w, v->string);
		break;
	case VALUE_ARRAY:
		json_begin_array(w);
		for (uint32_t i = 0; i < v->n; i++)
			json_value(w, &v->items[i]);
		json_end_array(w);
		break;
	case VALUE_OBJECT:
		json_members(w, v);
		break;
	}
}

void json_put_str(struct json_writer *w, const char *key, struct str s)
{
	json_key(w, key);
	json_str(w, s);
}

void json_put_bool(struct json_writer *w, const char *key, bool b)
{
	json_key(w, key);
	json_bool(w, b);
}

void json_put_int(struct json_writer *w, const char *key, int64_t i)
{
	json_key(w, key);
	json_int(w, i);
}
