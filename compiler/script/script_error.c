/*
 * What the engine says went wrong, in the project's terms. The engine's stack
 * is text, "    at FUNCTION (FILE:LINE:COLUMN)" a line, innermost first; a
 * syntax error has "    at FILE:LINE:COLUMN" in front. Files are known by the
 * names we gave them, so a line that names none of them is passed over: native
 * functions, code from eval(). Lines and columns count from 1, columns in
 * characters.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "compiler/script/script_int.h"

struct frame {
	struct span span;
	bool is_syntax; /* a place of parsing, no call */
};

/* In bytes. */
enum {
	THROWN_MAX = 200,     /* of a thrown value in a message */
	MESSAGE_MAX = 8192,   /* of an error's message */
	STACK_MAX = 64 << 10, /* of its stack */
};

void script_add_file(struct script *s, const struct source *src,
		     const struct lowered *code, uint32_t prefix)
{
	struct script_file *file = ARENA_NEW(s->arena, struct script_file, 1);

	file->src = src;
	if (code)
		file->code = *code;
	file->prefix = prefix;
	file->last = (struct position){1, 1};
	map_put(&s->files, src->path, file);
}

static bool is_word(char c)
{
	return ascii_is_word(c) || c == '$' || (unsigned char)c >= 0x80;
}

static uint32_t word_end(struct str text, uint32_t at)
{
	while (at < text.n && is_word(text.p[at]))
		at++;
	return at;
}

/* The engine points at the parenthesis of a call, the dot before a member and
 * the start of a name. The span is what a reader would point at: the callee,
 * the member, the name. */
static struct span widen(const struct source *src, uint32_t at)
{
	struct str text = src->text;
	uint32_t start = at, end = at;

	if (at >= text.n || text.p[at] == '\n')
		return span_of(src, at, at);
	if (text.p[at] == '(') {
		while (start > 0 &&
		       (is_word(text.p[start - 1]) || text.p[start - 1] == '.'))
			start--;
		start += start < at && text.p[start] == '.';
		return span_of(src, start, start == at ? at + 1 : at);
	}
	if (text.p[at] == '.') {
		end = word_end(text, at + 1);
		return span_of(src, at + 1, end > at + 1 ? end : at + 1);
	}
	end = word_end(text, at);
	return span_of(src, at, end > at ? end : at + 1);
}

/* A place that we generated is reported as the next one that we did not. */
static uint32_t lowered_place(const struct lowered *code, uint32_t at)
{
	uint32_t source = 0;

	if (lowered_origin(code, at, &source))
		return source;
	for (uint32_t i = 0; i < code->nsegments; i++) {
		const struct lowered_segment *seg = &code->segments[i];

		source = seg->source;
		if (seg->at >= at)
			return source;
		source += seg->length;
	}
	return source;
}

/* Goes on from the last place, which was in the same line or before: whoever
 * publishes from a long file, or a long line, asks for one after the other. */
static uint32_t text_offset(struct script_file *file, struct str text,
			    struct position at)
{
	struct source rest = {.path = file->src->path};
	struct position from = file->last;

	if (at.line < from.line ||
	    (at.line == from.line && at.column < from.column)) {
		from = (struct position){1, 1};
		file->last_offset = 0;
	}
	rest.text = str_sub(text, file->last_offset, text.n);
	file->last = at;
	at.line -= from.line - 1;
	if (at.line == 1)
		at.column -= from.column - 1;
	file->last_offset += source_offset(&rest, at);
	return file->last_offset;
}

static struct span place(struct script_file *file, struct position at)
{
	uint32_t offset;

	if (file->code.text.p) {
		offset = lowered_place(&file->code,
				       text_offset(file, file->code.text, at));
	} else {
		if (at.line == 1)
			at.column = at.column > file->prefix
					    ? at.column - file->prefix
					    : 1;
		offset = text_offset(file, file->src->text, at);
	}
	return widen(file->src, offset);
}

/* Takes ":NUMBER" off the end of s. */
static bool take_number(struct str *s, uint32_t *out)
{
	size_t colon = str_rfind(*s, ':');
	unsigned long n;

	if (colon == s->n || colon + 1 == s->n)
		return false;
	n = strtoul(s->p + colon + 1, NULL, 10);
	*out = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	s->n = colon;
	return *out > 0;
}

/* The name of a function may hold anything, so its end is where a file's name
 * begins that we know. */
static struct script_file *find_file(struct script *s, struct str text,
				     bool is_syntax)
{
	struct script_file *file = NULL;
	size_t at = 0;

	if (is_syntax)
		return map_get(&s->files, text);
	while (!file && (at = str_find(text, '(', at)) < text.n)
		file = map_get(&s->files, str_sub(text, ++at, text.n));
	return file;
}

static bool read_frame(struct script *s, struct str line, struct frame *out)
{
	struct script_file *file;
	struct position at;

	if (!str_starts(line, STR("    at ")))
		return false;
	line = str_sub(line, 7, line.n);
	out->is_syntax = !str_ends(line, STR(")"));
	if (!out->is_syntax)
		line.n--;
	if (!take_number(&line, &at.column) || !take_number(&line, &at.line))
		return false;
	file = find_file(s, line, out->is_syntax);
	if (!file)
		return false;
	out->span = place(file, at);
	return true;
}

/* The next frame in the project; *stack loses what was read. */
static bool next_frame(struct script *s, struct str *stack, struct frame *out)
{
	while (stack->n) {
		size_t end = str_find(*stack, '\n', 0);
		struct str line = str_sub(*stack, 0, end);

		*stack = str_sub(*stack, end < stack->n ? end + 1 : end,
				 stack->n);
		if (read_frame(s, line, out))
			return true;
	}
	return false;
}

/* The innermost frame is the place; the caller is the innermost of the file
 * that the outermost frame lies in. */
static void find_places(struct script *s, struct str stack,
			struct script_error *out)
{
	struct frame first, frame;
	struct str rest = stack;

	if (!next_frame(s, &rest, &first))
		return;
	out->span = first.span;
	if (first.is_syntax)
		out->kind = SCRIPT_BAD_SYNTAX;
	frame = first;
	while (next_frame(s, &rest, &frame))
		;
	if (frame.span.src == first.span.src)
		return;
	out->called_by = frame.span;
	for (rest = stack; next_frame(s, &rest, &frame);) {
		if (frame.span.src != out->called_by.src)
			continue;
		out->called_by = frame.span;
		return;
	}
}

/* At most max bytes, with "..." for the rest. */
static struct str copy_start(struct script *s, struct str text, size_t max)
{
	struct buf b = {0};
	struct str copy;

	buf_add_str(&b, str_start(text, max));
	if (text.n > max)
		buf_adds(&b, "...");
	if (b.n)
		script_mend_surrogates(b.p, b.n);
	copy = buf_move(&b, s->arena);
	buf_free(&b);
	return copy;
}

static struct str get_text(struct script *s, JSValueConst v, size_t max)
{
	size_t n;
	const char *text = JS_ToCStringLen(s->js, &n, v);
	struct str copy = {0};

	if (text)
		copy = copy_start(s, (struct str){text, n}, max);
	else
		JS_FreeValue(s->js, JS_GetException(s->js));
	JS_FreeCString(s->js, text);
	return copy;
}

static struct str get_member(struct script *s, JSValueConst object, JSAtom name,
			     size_t max)
{
	JSValue v = JS_GetProperty(s->js, object, name);
	struct str text = {0};

	if (JS_IsString(v))
		text = get_text(s, v, max);
	else if (JS_IsException(v))
		JS_FreeValue(s->js, JS_GetException(s->js));
	JS_FreeValue(s->js, v);
	return text;
}

/* A value that is no Error, as its author would write it. */
static struct str thrown_text(struct script *s, JSValueConst thrown)
{
	struct str text = {0};
	JSValue json;

	if (JS_IsObject(thrown)) {
		text = get_member(s, thrown, s->message, MESSAGE_MAX);
		if (text.n)
			return text;
		json = JS_JSONStringify(s->js, thrown, JS_UNDEFINED,
					JS_UNDEFINED);
		if (JS_IsString(json))
			text = get_text(s, json, THROWN_MAX);
		else if (JS_IsException(json))
			JS_FreeValue(s->js, JS_GetException(s->js));
		JS_FreeValue(s->js, json);
	}
	if (!text.p)
		text = get_text(s, thrown, THROWN_MAX);
	if (!text.p)
		return STR("something that has no text was thrown");
	return text.n ? text : STR("an empty value was thrown");
}

/* Between prefix and suffix. */
static bool match(struct str text, const char *prefix, const char *suffix,
		  struct str *middle)
{
	struct str head = str_of(prefix), tail = str_of(suffix);

	if (text.n < head.n + tail.n || !str_starts(text, head) ||
	    !str_ends(text, tail))
		return false;
	*middle = str_sub(text, head.n, text.n - tail.n);
	return true;
}

static struct str span_text(struct span span)
{
	if (!span.src)
		return (struct str){0};
	return str_sub(span.src->text, span.start, span.end);
}

/* "cannot read property 'x' of null" */
static bool member_of_nothing(struct arena *a, struct str text, struct str *out)
{
	static const struct {
		const char *verb, *doing;
	} verbs[] = {{"read", "reading"}, {"set", "setting"}};
	static const char *const nothings[] = {"undefined", "null"};
	char prefix[64], suffix[64];
	struct str name;

	for (size_t v = 0; v < 2; v++) {
		snprintf(prefix, sizeof(prefix),
			 "TypeError: cannot %s property '", verbs[v].verb);
		for (size_t n = 0; n < 2; n++) {
			snprintf(suffix, sizeof(suffix), "' of %s",
				 nothings[n]);
			if (!match(text, prefix, suffix, &name))
				continue;
			*out = arena_printf(a,
					    "TypeError: Cannot %s properties "
					    "of %s (%s '%.*s')",
					    verbs[v].verb, nothings[n],
					    verbs[v].doing, STR_ARG(name));
			return true;
		}
	}
	return false;
}

/* Well-known messages in the words that JavaScript's users know. */
static struct str familiar(struct arena *a, struct str text, struct span span)
{
	struct str name = span_text(span), out;

	if (member_of_nothing(a, text, &out))
		return out;
	if (str_is(text, "TypeError: not a function") && name.n &&
	    is_word(name.p[0]))
		return arena_printf(a, "TypeError: %.*s is not a function",
				    STR_ARG(name));
	if (str_is(text, "TypeError: not a constructor") && name.n &&
	    is_word(name.p[0]))
		return arena_printf(a, "TypeError: %.*s is not a constructor",
				    STR_ARG(name));
	if (match(text, "ReferenceError: '", "' is not defined", &name))
		return arena_printf(a, "ReferenceError: %.*s is not defined",
				    STR_ARG(name));
	if (match(text, "ReferenceError: ", " is not initialized", &name))
		return arena_printf(a,
				    "ReferenceError: Cannot access '%.*s' "
				    "before initialization",
				    STR_ARG(name));
	if (match(text, "TypeError: '", "' is read-only", &name))
		return arena_printf(a,
				    "TypeError: Assignment to constant "
				    "variable '%.*s'",
				    STR_ARG(name));
	return text;
}

static struct str describe(struct script *s, JSValueConst thrown,
			   struct span span)
{
	struct str text;

	if (!JS_IsError(s->js, thrown))
		return thrown_text(s, thrown);
	text = get_text(s, thrown, MESSAGE_MAX);
	if (!text.n)
		return STR("an error without a message");
	if (str_starts(text, STR("Error: ")) && text.n > 7)
		return str_sub(text, 7, text.n);
	return familiar(s->arena, text, span);
}

static void set_limit_error(struct script *s, struct script_error *out)
{
	if (s->timed_out) {
		out->kind = SCRIPT_TIMED_OUT;
		out->message = arena_printf(s->arena,
					    "JavaScript ran longer than %g s",
					    s->limits.timeout_ms / 1000.0);
	} else {
		out->kind = SCRIPT_OUT_OF_MEMORY;
		out->message = arena_printf(s->arena,
					    "JavaScript used more than %zu MB",
					    s->limits.memory_bytes >> 20);
	}
}

/* It is kept alive, so that nothing else can lie where it does. */
static bool is_refusal(const struct script *s, JSValueConst thrown)
{
	return JS_IsObject(thrown) && JS_IsObject(s->refusal) &&
	       JS_VALUE_GET_PTR(thrown) == JS_VALUE_GET_PTR(s->refusal);
}

void script_take_error(struct script *s, const struct source *src,
		       struct script_error *out)
{
	JSValue thrown = JS_GetException(s->js);
	struct str stack = {0};

	*out = (struct script_error){.kind = SCRIPT_THREW};
	if (src)
		out->span = span_of(src, 0, 0);
	if (JS_IsError(s->js, thrown))
		stack = get_member(s, thrown, s->stack, STACK_MAX);
	out->by_host = is_refusal(s, thrown);
	if (stack.p)
		find_places(s, stack, out);
	if (!s->timed_out && !s->memory.is_out) {
		out->message = describe(s, thrown, out->span);
		if (str_ends(out->message, STR("Error: stack overflow"))) {
			out->kind = SCRIPT_OUT_OF_STACK;
			out->message = STR("JavaScript calls itself too deep");
		}
	}
	/* The project's toString() may have run, and not ended. */
	if (s->timed_out || s->memory.is_out)
		set_limit_error(s, out);
	JS_FreeValue(s->js, thrown);
}

/* The stack of the code that runs now. */
static struct str current_stack(struct script *s)
{
	JSValue error = JS_CallConstructor(s->js, s->error, 0, NULL);
	struct str stack = get_member(s, error, s->stack, STACK_MAX);

	JS_FreeValue(s->js, error);
	return stack;
}

struct span script_place_in(struct script *s, const struct source *src)
{
	struct str stack = current_stack(s);
	struct frame frame;

	while (next_frame(s, &stack, &frame))
		if (frame.span.src == src)
			return frame.span;
	return span_of(src, 0, 0);
}

static void set_text(struct script *s, JSValueConst error, JSAtom name,
		     struct str text)
{
	JS_DefinePropertyValue(s->js, error, name,
			       JS_NewStringLen(s->js, text.p, text.n),
			       JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

JSValue script_throw(struct script *s, struct str message)
{
	JSValue error = JS_NewError(s->js);

	set_text(s, error, s->message, message);
	return JS_Throw(s->js, error);
}

JSValue script_refuse(struct script *s, struct str message)
{
	JSValue error = JS_NewError(s->js);

	set_text(s, error, s->message, message);
	JS_FreeValue(s->js, s->refusal);
	s->refusal = JS_DupValue(s->js, error);
	return JS_Throw(s->js, error);
}

JSValue script_throw_at(struct script *s, const struct source *src,
			struct position at, struct str message)
{
	JSValue error = JS_NewError(s->js);
	struct str stack = current_stack(s);

	stack = arena_printf(s->arena, "    at data (%.*s:%u:%u)\n%.*s",
			     STR_ARG(src->path), at.line, at.column,
			     STR_ARG(stack));
	set_text(s, error, s->message, message);
	set_text(s, error, s->stack, stack);
	return JS_Throw(s->js, error);
}
