/*
 * YAML to a value tree. libyaml's events come one by one; a recursive reader,
 * bounded in depth, makes a value of each node. Anchored values are kept and
 * shared by their aliases, so an alias costs nothing here; what it would cost
 * whoever walks the tree is counted, and refused when it gets out of hand.
 */
#include "base/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/yaml_scalar.h"
#include "base/yaml_text.h"

enum { ALIASED_NODES_MAX = 100000 };

struct anchor {
	struct value value;
	size_t nodes; /* in value; 0 while it is still being read */
};

struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	struct position *at;
	struct error *err;
	struct yaml_text *text;
	bool again;           /* the text was mended: read it once more */
	struct map anchors;   /* name -> struct anchor */
	size_t nodes;         /* so far, those behind aliases too */
	size_t aliased_nodes; /* only those */
};

struct members {
	struct member *v;
	size_t n, cap;
};

struct items {
	struct value *v;
	size_t n, cap;
};

/* What is known of a key of the mapping that is being read. */
struct slot {
	size_t index;
	bool merged; /* by "<<": a key of its own may replace it */
};

struct mapping {
	struct arena *arena;
	struct members members;
	struct map slots; /* key -> struct slot */
};

static bool read_node(struct reader *r, yaml_event_t *event, int depth,
		      struct value *out);

static struct position place(const struct reader *r, yaml_mark_t mark)
{
	return (struct position){
		.line = (uint32_t)mark.line + 1,
		.column = (uint32_t)mark.column + 1 +
			  (mark.line == 0 && r->text->has_mark),
	};
}

static bool fail(struct reader *r, yaml_mark_t mark, const char *fmt, ...)
	PRINTF(3, 4);

static bool fail(struct reader *r, yaml_mark_t mark, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	*r->at = place(r, mark);
	return error_set(r->err, ERROR_CONFIG, "%s", text);
}

/* libyaml gives the place of a bad byte as an offset. */
static bool fail_encoding(struct reader *r)
{
	struct str text = {r->text->p, r->text->n};
	size_t end = r->parser.problem_offset, start;
	yaml_mark_t mark = {0};

	if (end > text.n)
		end = text.n;
	start = end;
	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	for (size_t i = 0; i < start; i++)
		mark.line += text.p[i] == '\n';
	mark.column = str_count_chars(str_sub(text, start, end));
	if (r->parser.problem_value > 0x10ffff || str_bad_utf8(text) < text.n)
		return fail(r, mark, "the text is not UTF-8");
	return fail(r, mark, "the character U+%04X is not allowed in YAML",
		    (unsigned)r->parser.problem_value);
}

static bool is_indented_by_tab(const struct yaml_text *t, size_t line)
{
	struct str text = {t->p, t->n};
	size_t i = 0;

	for (; line > 0 && i < text.n; line--)
		i = str_find(text, '\n', i) + 1;
	while (i < text.n && text.p[i] == ' ')
		i++;
	return i < text.n && text.p[i] == '\t';
}

static bool mend(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct position at = {(uint32_t)p->problem_mark.line + 1,
			      (uint32_t)p->problem_mark.column + 1};
	bool in_block =
		p->context &&
		strcmp(p->context, "while scanning a block scalar") == 0;

	r->again = yaml_text_mend(r->text, at, in_block);
	return r->again;
}

static bool fail_syntax(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_MEMORY_ERROR)
		mem_abort();
	if (p->error == YAML_READER_ERROR)
		return fail_encoding(r);
	if (mend(r))
		return false;
	if (is_indented_by_tab(r->text, p->problem_mark.line))
		return fail(r, p->problem_mark,
			    "a line cannot be indented by a tab: use spaces");
	if (!p->context || p->context_mark.line == p->problem_mark.line)
		return fail(r, p->problem_mark, "%s", p->problem);
	return fail(r, p->problem_mark, "%s %s that starts at line %zu",
		    p->problem, p->context, p->context_mark.line + 1);
}

static bool next_event(struct reader *r, yaml_event_t *event)
{
	return yaml_parser_parse(&r->parser, event) || fail_syntax(r);
}

static struct str scalar_text(struct reader *r, const yaml_event_t *event)
{
	return yaml_text_copy(r->text,
			      (struct str){(char *)event->data.scalar.value,
					   event->data.scalar.length});
}

/* An explicit tag must name a kind we know, and the text must be of it. */
static bool tagged_scalar(struct reader *r, const yaml_event_t *event,
			  const char *tag, struct value *out)
{
	static const struct {
		const char *tag;
		enum value_kind kind;
	} known[] = {
		{YAML_NULL_TAG, VALUE_NULL},
		{YAML_BOOL_TAG, VALUE_BOOL},
		{YAML_INT_TAG, VALUE_NUMBER},
		{YAML_FLOAT_TAG, VALUE_NUMBER},
		{YAML_TIMESTAMP_TAG, VALUE_STRING},
	};
	struct str text = scalar_text(r, event);

	*out = value_string(text);
	if (strcmp(tag, "!") == 0 || strcmp(tag, YAML_STR_TAG) == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(tag, known[i].tag) != 0)
			continue;
		*out = yaml_scalar(text, r->arena);
		if (out->kind == known[i].kind &&
		    (out->kind != VALUE_STRING || out->string.p != text.p))
			return true;
		return fail(r, event->start_mark, "this is no value of type %s",
			    strrchr(tag, ':') + 1);
	}
	return fail(r, event->start_mark, "the tag \"%s\" is not supported",
		    tag);
}

static bool read_scalar(struct reader *r, const yaml_event_t *event,
			struct value *out)
{
	const char *tag = (const char *)event->data.scalar.tag;

	if (tag)
		return tagged_scalar(r, event, tag, out);
	if (event->data.scalar.plain_implicit)
		*out = yaml_scalar(scalar_text(r, event), r->arena);
	else
		*out = value_string(scalar_text(r, event));
	return true;
}

static bool read_alias(struct reader *r, const yaml_event_t *event,
		       struct value *out)
{
	const char *name = (const char *)event->data.alias.anchor;
	const struct anchor *anchor = map_get(&r->anchors, str_of(name));

	if (!anchor)
		return fail(r, event->start_mark,
			    "there is no anchor \"%.100s\"", name);
	if (anchor->nodes == 0)
		return fail(r, event->start_mark,
			    "\"*%.100s\" stands inside what it names", name);
	r->nodes += anchor->nodes;
	r->aliased_nodes += anchor->nodes;
	if (r->aliased_nodes > ALIASED_NODES_MAX)
		return fail(r, event->start_mark,
			    "aliases multiply the text beyond %d values",
			    ALIASED_NODES_MAX);
	*out = anchor->value;
	return true;
}

static bool read_next(struct reader *r, int depth, struct value *out)
{
	yaml_event_t event;
	bool ok;

	if (!next_event(r, &event))
		return false;
	ok = read_node(r, &event, depth, out);
	yaml_event_delete(&event);
	return ok;
}

static bool read_sequence(struct reader *r, int depth, struct value *out)
{
	struct items items = {0};
	yaml_event_t event;
	struct value item;
	bool ok = true, more = true;

	while (ok && more) {
		if (!next_event(r, &event))
			return false;
		more = event.type != YAML_SEQUENCE_END_EVENT;
		ok = !more || read_node(r, &event, depth, &item);
		yaml_event_delete(&event);
		if (ok && more)
			VEC_PUSH(r->arena, &items, item);
	}
	*out = (struct value){
		.kind = VALUE_ARRAY,
		.n = (uint32_t)items.n,
		.items = items.v,
	};
	return ok;
}

/* What JavaScript makes of the value when it is used as a key. */
static bool key_text(struct reader *r, const yaml_event_t *event,
		     const struct value *v, struct str *out)
{
	switch ((enum value_kind)v->kind) {
	case VALUE_STRING:
		*out = v->string;
		return true;
	case VALUE_NUMBER:
		*out = value_number_text(r->arena, v->number);
		return true;
	case VALUE_BOOL:
		*out = v->boolean ? STR("true") : STR("false");
		return true;
	case VALUE_NULL:
		*out = STR("null");
		return true;
	default:
		return fail(r, event->start_mark, "a key must be plain text");
	}
}

static void add_member(struct mapping *m, struct member member, bool merged)
{
	struct slot *slot = ARENA_NEW(m->arena, struct slot, 1);

	*slot = (struct slot){m->members.n, merged};
	map_put(&m->slots, member.key, slot);
	VEC_PUSH(m->arena, &m->members, member);
}

/* "<<": the members of v, or of each mapping in it, unless they are there. */
static bool merge(struct reader *r, struct mapping *m,
		  const yaml_event_t *event, const struct value *v)
{
	if (v->kind == VALUE_ARRAY) {
		for (uint32_t i = 0; i < v->n; i++)
			if (v->items[i].kind != VALUE_OBJECT ||
			    !merge(r, m, event, &v->items[i]))
				return fail(r, event->start_mark,
					    "\"<<\" takes mappings only");
		return true;
	}
	if (v->kind != VALUE_OBJECT)
		return fail(r, event->start_mark, "\"<<\" takes mappings only");
	for (uint32_t i = 0; i < v->n; i++)
		if (!map_has(&m->slots, v->members[i].key))
			add_member(m, v->members[i], true);
	return true;
}

static bool is_merge_key(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT &&
	       event->data.scalar.plain_implicit &&
	       strcmp((char *)event->data.scalar.value, "<<") == 0;
}

/* event is the key; its value follows. */
static bool read_member(struct reader *r, struct mapping *m,
			yaml_event_t *event, int depth)
{
	struct value key, value;
	struct member member = {0};
	struct slot *slot;

	if (!read_node(r, event, depth, &key) ||
	    !key_text(r, event, &key, &member.key))
		return false;
	slot = map_get(&m->slots, member.key);
	if (slot && !slot->merged && !is_merge_key(event))
		return fail(r, event->start_mark, "\"%.*s\" is there twice",
			    (int)member.key.n, member.key.p);
	if (!read_next(r, depth, &value))
		return false;
	if (is_merge_key(event))
		return merge(r, m, event, &value);
	member.line = key.line;
	member.column = key.column;
	member.value = value;
	if (slot) {
		m->members.v[slot->index] = member;
		slot->merged = false;
	} else {
		add_member(m, member, false);
	}
	return true;
}

static bool read_mapping(struct reader *r, int depth, struct value *out)
{
	struct mapping m = {.arena = r->arena};
	yaml_event_t event;
	bool ok = true, more = true;

	map_init(&m.slots, r->arena);
	while (ok && more) {
		if (!next_event(r, &event))
			return false;
		more = event.type != YAML_MAPPING_END_EVENT;
		ok = !more || read_member(r, &m, &event, depth);
		yaml_event_delete(&event);
	}
	*out = (struct value){
		.kind = VALUE_OBJECT,
		.n = (uint32_t)m.members.n,
		.members = m.members.v,
	};
	return ok;
}

static bool read_content(struct reader *r, const yaml_event_t *event, int depth,
			 struct value *out)
{
	const yaml_char_t *tag = NULL;
	const char *wanted = YAML_MAP_TAG;

	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(r, event, out);
	if (event->type == YAML_MAPPING_START_EVENT) {
		tag = event->data.mapping_start.tag;
	} else {
		tag = event->data.sequence_start.tag;
		wanted = YAML_SEQ_TAG;
	}
	if (tag && strcmp((const char *)tag, wanted) != 0 &&
	    strcmp((const char *)tag, "!") != 0)
		return fail(r, event->start_mark,
			    "the tag \"%s\" is not supported", tag);
	if (depth >= VALUE_DEPTH_MAX)
		return fail(r, event->start_mark,
			    "nested more than %d levels deep", VALUE_DEPTH_MAX);
	if (event->type == YAML_MAPPING_START_EVENT)
		return read_mapping(r, depth + 1, out);
	return read_sequence(r, depth + 1, out);
}

/* The anchor that the event sets, or NULL. */
static const char *anchor_of(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return (const char *)event->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return (const char *)event->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return (const char *)event->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static bool read_node(struct reader *r, yaml_event_t *event, int depth,
		      struct value *out)
{
	const char *name = anchor_of(event);
	struct anchor *anchor = NULL;
	size_t before = r->nodes;
	struct position at;

	if (name) {
		anchor = ARENA_NEW(r->arena, struct anchor, 1);
		map_put(&r->anchors, arena_str(r->arena, str_of(name)), anchor);
	}
	if (event->type == YAML_ALIAS_EVENT) {
		if (!read_alias(r, event, out))
			return false;
	} else if (!read_content(r, event, depth, out)) {
		return false;
	}
	r->nodes++;
	at = place(r, event->start_mark);
	out->line = at.line;
	out->column = at.column;
	if (anchor)
		*anchor = (struct anchor){*out, r->nodes - before};
	return true;
}

/* Reads up to the next event, which must be of the type. */
static bool skip_event(struct reader *r, yaml_event_type_t type, bool *found,
		       yaml_mark_t *mark)
{
	yaml_event_t event;

	if (!next_event(r, &event))
		return false;
	*found = event.type == type;
	*mark = event.start_mark;
	yaml_event_delete(&event);
	return true;
}

static bool read_stream(struct reader *r, struct value *out)
{
	yaml_mark_t mark;
	bool found;

	*out = (struct value){
		.kind = yaml_text_is_empty(r->text) ? VALUE_UNDEFINED
						    : VALUE_NULL,
	};
	if (!skip_event(r, YAML_STREAM_START_EVENT, &found, &mark) ||
	    !skip_event(r, YAML_DOCUMENT_START_EVENT, &found, &mark))
		return false;
	if (!found)
		return true;
	if (!read_next(r, 0, out) ||
	    !skip_event(r, YAML_DOCUMENT_END_EVENT, &found, &mark) ||
	    !skip_event(r, YAML_STREAM_END_EVENT, &found, &mark))
		return false;
	return found || fail(r, mark, "there is more than one document");
}

static bool read_text(struct reader *r, struct value *out)
{
	bool ok;

	map_init(&r->anchors, r->arena);
	if (!yaml_parser_initialize(&r->parser))
		mem_abort();
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r->parser, (const unsigned char *)r->text->p, r->text->n);
	ok = read_stream(r, out);
	yaml_parser_delete(&r->parser);
	return ok;
}

bool yaml_parse(struct str text, struct arena *arena, struct value *out,
		struct position *at, struct error *err)
{
	struct yaml_text given;
	struct reader r;
	bool ok;

	*at = (struct position){1, 1};
	yaml_text_init(&given, text, arena);
	do {
		r = (struct reader){
			.arena = arena, .at = at, .err = err, .text = &given};
		ok = read_text(&r, out);
	} while (r.again);
	return ok;
}
