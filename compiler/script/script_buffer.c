/*
 * Bytes of text in an encoding, and back: what js/buffer.js makes node's Buffer
 * of. Text in UTF-16 is that file's own.
 */
#include "base/array.h"
#include "base/buf.h"
#include "compiler/script/script_int.h"

enum encoding { UTF8, BASE64, BASE64_URL, HEX, LATIN1 };

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char hex_digits[] = "0123456789abcdef";

static bool find_encoding(struct str name, enum encoding *out)
{
	static const struct {
		const char *name;
		enum encoding encoding;
	} names[] = {
		{"utf8", UTF8},     {"utf-8", UTF8},
		{"base64", BASE64}, {"base64url", BASE64_URL},
		{"hex", HEX},       {"latin1", LATIN1},
		{"ascii", LATIN1},  {"binary", LATIN1},
	};

	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		if (!str_eq_nocase(name, str_of(names[k].name)))
			continue;
		*out = names[k].encoding;
		return true;
	}
	return false;
}

/* The engine's copy, to be given back by JS_FreeCString(): one of the arena's
 * would stay until the end of the compile. */
static bool borrow_text(struct script *s, JSValueConst v, struct str *out)
{
	out->p = JS_ToCStringLen(s->js, &out->n, v);
	return out->p;
}

static bool read_encoding(struct script *s, int argc, JSValueConst *argv, int i,
			  enum encoding *out)
{
	struct str name;
	bool found;

	*out = UTF8;
	if (i >= argc || JS_IsUndefined(argv[i]))
		return true;
	if (!borrow_text(s, argv[i], &name))
		return false;
	found = find_encoding(name, out);
	if (!found)
		JS_ThrowTypeError(s->js, "there is no encoding \"%.*s\"",
				  (int)(name.n < 40 ? name.n : 40), name.p);
	JS_FreeCString(s->js, name.p);
	return found;
}

static int digit_value(const char *digits, char c)
{
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* Both alphabets are read; what is no digit is passed over, as in Node. */
static void decode_base64(struct buf *out, struct str text)
{
	uint32_t bits = 0;
	int nbits = 0;

	for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
		int v = digit_value(base64_digits, text.p[i]);

		if (v < 0)
			v = digit_value(url_digits, text.p[i]);
		if (v < 0)
			continue;
		bits = (bits << 6 | (uint32_t)v) & 0xffffff;
		nbits += 6;
		if (nbits < 8)
			continue;
		nbits -= 8;
		buf_addc(out, (char)(unsigned char)(bits >> nbits));
	}
}

static void decode_hex(struct buf *out, struct str text)
{
	for (size_t i = 0; i + 1 < text.n; i += 2) {
		int high = digit_value(hex_digits, (char)(text.p[i] | 0x20));
		int low = digit_value(hex_digits, (char)(text.p[i + 1] | 0x20));

		if (high < 0 || low < 0)
			return;
		buf_addc(out, (char)(unsigned char)(high << 4 | low));
	}
}

/* Characters above 255 lose their upper bits. */
static void decode_latin1(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 0x80)
			buf_addc(out, (char)c);
		else if ((c & 0xc0) == 0xc0 && i + 1 < text.n)
			buf_addc(out,
				 (char)(unsigned char)(c << 6 |
						       (text.p[++i] & 0x3f)));
	}
}

static void decode(struct buf *out, struct str text, enum encoding encoding)
{
	switch (encoding) {
	case UTF8:
		buf_add_str(out, text);
		break;
	case BASE64:
	case BASE64_URL:
		decode_base64(out, text);
		break;
	case HEX:
		decode_hex(out, text);
		break;
	case LATIN1:
		decode_latin1(out, text);
		break;
	}
}

static void encode_base64(struct buf *out, const uint8_t *p, size_t n,
			  const char *digits, bool pads)
{
	for (size_t i = 0; i < n; i += 3) {
		size_t have = n - i < 3 ? n - i : 3;
		uint32_t bits = (uint32_t)p[i] << 16;

		if (have > 1)
			bits |= (uint32_t)p[i + 1] << 8;
		if (have > 2)
			bits |= p[i + 2];
		for (size_t k = 0; k <= have; k++)
			buf_addc(out, digits[bits >> (18 - 6 * k) & 63]);
		for (size_t k = have; pads && k < 3; k++)
			buf_addc(out, '=');
	}
}

static void encode(struct buf *out, const uint8_t *p, size_t n,
		   enum encoding encoding)
{
	switch (encoding) {
	case UTF8:
		buf_add(out, (const char *)p, n);
		break;
	case BASE64:
		encode_base64(out, p, n, base64_digits, true);
		break;
	case BASE64_URL:
		encode_base64(out, p, n, url_digits, false);
		break;
	case HEX:
		for (size_t i = 0; i < n; i++) {
			buf_addc(out, hex_digits[p[i] >> 4]);
			buf_addc(out, hex_digits[p[i] & 15]);
		}
		break;
	case LATIN1:
		for (size_t i = 0; i < n; i++) {
			if (p[i] >= 0x80)
				buf_addc(out, (char)(0xc0 | p[i] >> 6));
			buf_addc(out,
				 (char)(p[i] < 0x80 ? p[i]
						    : 0x80 | (p[i] & 0x3f)));
		}
		break;
	}
}

/* encode(bytes, encoding) */
static JSValue codec_encode(JSContext *js, JSValueConst this_val, int argc,
			    JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);
	enum encoding encoding;
	struct buf out = {0};
	size_t start, n, size;
	const uint8_t *p;
	JSValue whole, text;

	(void)this_val;
	if (!read_encoding(s, argc, argv, 1, &encoding))
		return JS_EXCEPTION;
	whole = JS_GetTypedArrayBuffer(js, argv[0], &start, &n, NULL);
	if (JS_IsException(whole))
		return whole;
	p = JS_GetArrayBuffer(js, &size, whole);
	if (n > s->limits.memory_bytes / 4) {
		JS_FreeValue(js, whole);
		return JS_ThrowOutOfMemory(js);
	}
	/* A buffer that was made smaller leaves its arrays their length. */
	if (p && start <= size && n <= size - start)
		encode(&out, p + start, n, encoding);
	text = JS_NewStringLen(js, out.p ? out.p : "", out.n);
	buf_free(&out);
	JS_FreeValue(js, whole);
	return text;
}

/* decode(text, encoding) */
static JSValue codec_decode(JSContext *js, JSValueConst this_val, int argc,
			    JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);
	enum encoding encoding;
	struct buf out = {0};
	struct str text;
	JSValue bytes;

	(void)this_val;
	if (!read_encoding(s, argc, argv, 1, &encoding) ||
	    !borrow_text(s, argv[0], &text))
		return JS_EXCEPTION;
	decode(&out, text, encoding);
	JS_FreeCString(js, text.p);
	bytes = JS_NewArrayBufferCopy(js, (const uint8_t *)(out.p ? out.p : ""),
				      out.n);
	buf_free(&out);
	return bytes;
}

static JSValue codec_has(JSContext *js, JSValueConst this_val, int argc,
			 JSValueConst *argv)
{
	struct script *s = JS_GetContextOpaque(js);
	enum encoding encoding;
	struct str name;
	bool found;

	(void)this_val;
	(void)argc;
	if (!borrow_text(s, argv[0], &name))
		return JS_EXCEPTION;
	found = find_encoding(name, &encoding);
	JS_FreeCString(js, name.p);
	return JS_NewBool(js, found);
}

JSValue script_codec(struct script *s)
{
	static const JSCFunctionListEntry entries[] = {
		JS_CFUNC_DEF("decode", 2, codec_decode),
		JS_CFUNC_DEF("encode", 2, codec_encode),
		JS_CFUNC_DEF("isEncoding", 1, codec_has),
	};
	JSValue codec = JS_NewObject(s->js);

	JS_SetPropertyFunctionList(s->js, codec, entries, ARRAY_LEN(entries));
	return codec;
}
