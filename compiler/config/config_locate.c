/*
 * Where a key of a config stands. YAML knows its places. Else the literal was
 * evaluated by JavaScript, so its text is read once more, here, when a message
 * needs a place: keys at the first level of braces, values skipped with their
 * strings, comments and brackets. What it does not understand ends the search,
 * and the nearest key above is the answer.
 */
#include "compiler/config/config.h"

struct scanner {
	struct str text;
	size_t at, end;
};

static char peek(const struct scanner *s, size_t ahead)
{
	return s->at + ahead < s->end ? s->text.p[s->at + ahead] : '\0';
}

static bool is_word(char c)
{
	return c == '_' || c == '$' || (c >= '0' && c <= '9') ||
	       (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* False if there is no comment here. */
static bool skip_comment(struct scanner *s)
{
	if (peek(s, 0) != '/')
		return false;
	if (peek(s, 1) == '/') {
		while (s->at < s->end && s->text.p[s->at] != '\n')
			s->at++;
		return true;
	}
	if (peek(s, 1) != '*')
		return false;
	s->at += 2;
	while (s->at < s->end && !(peek(s, 0) == '*' && peek(s, 1) == '/'))
		s->at++;
	s->at += 2;
	return true;
}

static void skip_blanks(struct scanner *s)
{
	while (s->at < s->end && (is_space(peek(s, 0)) || skip_comment(s)))
		if (s->at < s->end && is_space(peek(s, 0)))
			s->at++;
}

/* From the opening quote to behind the closing one. */
static void skip_string(struct scanner *s)
{
	char quote = peek(s, 0);

	for (s->at++; s->at < s->end && s->text.p[s->at] != quote; s->at++)
		if (s->text.p[s->at] == '\\')
			s->at++;
	s->at++;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static bool is_opening(char c)
{
	return c == '{' || c == '[' || c == '(';
}

/* A string or a comment, in which brackets and commas are text. */
static bool skip_aside(struct scanner *s)
{
	if (!is_quote(peek(s, 0)))
		return skip_comment(s);
	skip_string(s);
	return true;
}

/* From an opening bracket to behind the one that closes it. */
static void skip_brackets(struct scanner *s)
{
	int depth = 0;

	while (s->at < s->end) {
		char c = peek(s, 0);

		if (skip_aside(s))
			continue;
		s->at++;
		if (is_opening(c))
			depth++;
		if ((c == '}' || c == ']' || c == ')') && --depth == 0)
			return;
	}
}

/* To the comma or brace that ends the value. */
static void skip_value(struct scanner *s)
{
	while (s->at < s->end) {
		char c = peek(s, 0);

		if (skip_aside(s))
			continue;
		if (c == ',' || c == '}')
			return;
		if (is_opening(c))
			skip_brackets(s);
		else
			s->at++;
	}
}

/* The key at which the scanner stands; false if it is none we can read. */
static bool read_key(struct scanner *s, size_t *start, size_t *end)
{
	if (peek(s, 0) == '"' || peek(s, 0) == '\'') {
		*start = s->at + 1;
		skip_string(s);
		*end = s->at - 1;
	} else {
		*start = s->at;
		while (s->at < s->end && is_word(peek(s, 0)))
			s->at++;
		*end = s->at;
	}
	return *end > *start && s->at <= s->end;
}

/* Finds key in the object at whose brace the scanner stands, and leaves the
 * scanner at its value. The last of two equal keys counts. */
static bool find_key(struct scanner *s, struct str key, size_t *start,
		     size_t *end)
{
	size_t value = 0, from, to;

	s->at++;
	while (s->at < s->end) {
		skip_blanks(s);
		if (peek(s, 0) == ',') {
			s->at++;
			continue;
		}
		if (peek(s, 0) == '}')
			break;
		if (read_key(s, &from, &to)) {
			skip_blanks(s);
			if (peek(s, 0) == ':') {
				s->at++;
				skip_blanks(s);
			}
			if (str_eq(str_sub(s->text, from, to), key)) {
				*start = from;
				*end = to;
				value = s->at;
			}
		}
		skip_value(s);
	}
	s->at = value;
	return value > 0;
}

/* Messages use the names that most configs have. */
static struct str yaml_name(struct str key)
{
	if (str_is(key, "schema"))
		return STR("dataset");
	if (str_is(key, "database"))
		return STR("project");
	if (str_is(key, "dependencies"))
		return STR("dependencyTargets");
	if (str_is(key, "name"))
		return STR("table"); /* of a data preparation's tables */
	return key;
}

/* The member of that name; of a list, of the first item that has it. */
static const struct member *find_member(const struct value *v, struct str key)
{
	const struct member *found = NULL;

	for (uint32_t i = 0; v->kind == VALUE_ARRAY && i < v->n && !found; i++)
		found = find_member(&v->items[i], key);
	for (uint32_t i = 0; v->kind == VALUE_OBJECT && i < v->n && !found; i++)
		if (str_eq(v->members[i].key, key))
			found = &v->members[i];
	return found;
}

static struct span yaml_span(const struct source *src, uint32_t line,
			     uint32_t column, size_t n)
{
	size_t start = source_offset(src, (struct position){line, column});
	size_t end = start + n < src->text.n ? start + n : src->text.n;

	return span_of(src, (uint32_t)start, (uint32_t)end);
}

static struct span locate_yaml(struct config_place place,
			       const struct str *path, size_t npath)
{
	struct span found = {place.src, place.start, place.end};
	const struct value *v = place.yaml;

	for (size_t i = 0; i < npath; i++) {
		const struct member *m = find_member(v, path[i]);

		if (!m)
			m = find_member(v, yaml_name(path[i]));
		if (!m)
			break;
		found = yaml_span(place.src, m->line, m->column, m->key.n);
		v = &m->value;
	}
	return found;
}

static bool locate_text(const struct source *src, const struct value *v,
			const char *key, struct str text, struct span *out)
{
	for (uint32_t i = 0; v->kind == VALUE_ARRAY && i < v->n; i++)
		if (locate_text(src, &v->items[i], key, text, out))
			return true;
	for (uint32_t i = 0; v->kind == VALUE_OBJECT && i < v->n; i++) {
		const struct member *m = &v->members[i];

		if (str_is(m->key, key) && m->value.kind == VALUE_STRING &&
		    str_eq(m->value.string, text)) {
			*out = yaml_span(src, m->value.line, m->value.column,
					 text.n);
			return true;
		}
	}
	return false;
}

bool config_locate_text(struct config_place place, const char *path,
			const char *key, struct str text, struct span *out)
{
	const struct value *v = value_get(place.yaml, path);

	return v && locate_text(place.src, v, key, text, out);
}

struct span config_locate(struct config_place place, const struct str *path,
			  size_t npath)
{
	struct span found = {place.src, place.start, place.end};
	struct scanner s;
	size_t start, end;

	if (place.yaml)
		return locate_yaml(place, path, npath);
	if (!place.src || place.start >= place.end)
		return found;
	s = (struct scanner){place.src->text, place.start, place.end};
	for (size_t i = 0; i < npath; i++) {
		if (peek(&s, 0) != '{' || !find_key(&s, path[i], &start, &end))
			break;
		found.start = (uint32_t)start;
		found.end = (uint32_t)end;
	}
	return found;
}

struct config_place config_of_call(struct span call)
{
	struct config_place place = {call.src, call.start, call.start, true};
	struct scanner s;

	if (!call.src)
		return place;
	s = (struct scanner){call.src->text, call.end, call.src->text.n};
	skip_blanks(&s);
	for (char c = '('; peek(&s, 0) == c; c = ',') {
		size_t start;

		s.at++;
		skip_blanks(&s);
		start = s.at;
		if (peek(&s, 0) == '{') {
			skip_brackets(&s);
			place.start = (uint32_t)start;
			place.end = (uint32_t)(s.at < s.end ? s.at : s.end);
			return place;
		}
		if (is_quote(peek(&s, 0)))
			skip_string(&s);
		while (is_word(peek(&s, 0)))
			s.at++;
		skip_blanks(&s);
	}
	return place;
}
