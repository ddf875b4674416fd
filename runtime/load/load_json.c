/* Recursive descent, by the first character of each value. */
#include "runtime/load/load_json.h"

#include <stddef.h>

/* PostgreSQL's jsonb holds no number beyond five digits of exponent. */
enum { DEPTH_MAX = 200, EXPONENT_MAX = 4 };

static bool bad(struct json_scan *s, const char *why)
{
	s->why = why;
	return false;
}

static void skip_space(struct json_scan *s)
{
	while (*s->p == ' ' || *s->p == '\t' || *s->p == '\r')
		s->p++;
}

enum json_token json_scan_peek(struct json_scan *s)
{
	skip_space(s);
	switch (*s->p) {
	case '"':
		return JSON_STRING;
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return *s->p == '-' || (*s->p >= '0' && *s->p <= '9')
			       ? JSON_NUMBER
			       : JSON_BAD;
	}
}

bool json_scan_take(struct json_scan *s, char c)
{
	skip_space(s);
	if (*s->p != c)
		return false;
	s->p++;
	return true;
}

/* Moves to the first character of a string that is not plain text. */
static char *plain_text(char *p)
{
	for (;;) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\' || c < 0x20)
			return p;
		p++;
	}
}

static int hex4(const char *p)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = value * 16 + ((c | 32) - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* The character of \uXXXX, or of the two that are a surrogate pair; p is at
 * the first X. 0 if it is none that a text can hold. */
static uint32_t read_unicode(struct json_scan *s)
{
	int high = hex4(s->p), low;

	if (high <= 0 || (high & 0xfc00) == 0xdc00)
		return 0;
	s->p += 4;
	if ((high & 0xfc00) != 0xd800)
		return (uint32_t)high;
	if (s->p[0] != '\\' || s->p[1] != 'u')
		return 0;
	low = hex4(s->p + 2);
	if ((low & 0xfc00) != 0xdc00)
		return 0;
	s->p += 6;
	return 0x10000 +
	       (((uint32_t)high & 0x3ff) << 10 | ((uint32_t)low & 0x3ff));
}

static char *put_utf8(char *p, uint32_t c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};

	*p++ = (char)(lead[more] | c >> (6 * more));
	while (more--)
		*p++ = (char)(0x80 | (c >> (6 * more) & 0x3f));
	return p;
}

/* s->p is at the backslash; NULL if this is no escape. */
static char *read_escape(struct json_scan *s, char *to)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *found;
	uint32_t c;

	found = s->p[1] > 0 ? strchr(letters, s->p[1]) : NULL;
	if (found && *found) {
		*to++ = meant[found - letters];
		s->p += 2;
		return to;
	}
	if (s->p[1] != 'u') {
		bad(s, "there is no such escape");
		return NULL;
	}
	s->p += 2;
	c = read_unicode(s);
	if (c == 0) {
		bad(s, "this \\u is no character that a text can hold");
		return NULL;
	}
	return put_utf8(to, c);
}

/* With decode, the text is written over what was read; it is never longer. */
static bool scan_string(struct json_scan *s, bool decode, char **out, size_t *n)
{
	char *start = ++s->p, *to = plain_text(start);

	for (s->p = to; *s->p == '\\';) {
		char spare[4], *next, *end;

		next = read_escape(s, decode ? to : spare);
		if (!next)
			return false;
		end = plain_text(s->p);
		if (decode) {
			memmove(next, s->p, (size_t)(end - s->p));
			to = next + (end - s->p);
		}
		s->p = end;
	}
	if (*s->p != '"')
		return bad(s, *s->p == '\n' ? "this string is not closed"
					    : "a control character must be "
					      "written as an escape");
	s->p++;
	*out = start;
	*n = (size_t)(to - start);
	return true;
}

bool json_scan_string(struct json_scan *s, char **p, size_t *n)
{
	if (json_scan_peek(s) != JSON_STRING)
		return bad(s, "a string is missing here");
	return scan_string(s, true, p, n);
}

static bool digits(struct json_scan *s)
{
	const char *start = s->p;

	while (*s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > start || bad(s, "a digit is missing here");
}

static bool scan_number(struct json_scan *s)
{
	const char *start;

	if (*s->p == '-')
		s->p++;
	if (*s->p == '0')
		s->p++;
	else if (!digits(s))
		return false;
	if (*s->p == '.') {
		s->p++;
		if (!digits(s))
			return false;
	}
	if (*s->p != 'e' && *s->p != 'E')
		return true;
	s->p++;
	if (*s->p == '-' || *s->p == '+')
		s->p++;
	start = s->p;
	if (!digits(s))
		return false;
	return s->p - start <= EXPONENT_MAX ||
	       bad(s, "this number is too large");
}

static bool scan_word(struct json_scan *s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i < n; i++)
		if (s->p[i] != word[i])
			return bad(s, "this is no value");
	s->p += n;
	return true;
}

static bool scan_any(struct json_scan *s, int depth);

static bool scan_object(struct json_scan *s, int depth)
{
	char *key;
	size_t n;

	s->p++;
	if (json_scan_take(s, '}'))
		return true;
	do {
		if (json_scan_peek(s) != JSON_STRING)
			return bad(s, "a key is missing here");
		if (!scan_string(s, false, &key, &n))
			return false;
		if (!json_scan_take(s, ':'))
			return bad(s, "a colon is missing here");
		if (!scan_any(s, depth))
			return false;
	} while (json_scan_take(s, ','));
	return json_scan_take(s, '}') || bad(s, "a comma or } is missing here");
}

static bool scan_array(struct json_scan *s, int depth)
{
	s->p++;
	if (json_scan_take(s, ']'))
		return true;
	do {
		if (!scan_any(s, depth))
			return false;
	} while (json_scan_take(s, ','));
	return json_scan_take(s, ']') || bad(s, "a comma or ] is missing here");
}

static bool scan_any(struct json_scan *s, int depth)
{
	char *text;
	size_t n;

	switch (json_scan_peek(s)) {
	case JSON_STRING:
		return scan_string(s, false, &text, &n);
	case JSON_NUMBER:
		return scan_number(s);
	case JSON_TRUE:
		return scan_word(s, "true");
	case JSON_FALSE:
		return scan_word(s, "false");
	case JSON_NULL:
		return scan_word(s, "null");
	case JSON_OBJECT:
	case JSON_ARRAY:
		if (depth == DEPTH_MAX)
			return bad(s, "this is nested too deeply");
		return *s->p == '{' ? scan_object(s, depth + 1)
				    : scan_array(s, depth + 1);
	case JSON_BAD:
		break;
	}
	return bad(s, "a value is missing here");
}

bool json_scan_value(struct json_scan *s, struct str *text)
{
	char *start;

	skip_space(s);
	start = s->p;
	if (!scan_any(s, 0))
		return false;
	*text = (struct str){start, (size_t)(s->p - start)};
	return true;
}
