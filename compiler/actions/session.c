/*
 * The files of definitions/, one after the other, and what goes wrong in them.
 * A failure of the project's JavaScript becomes a diagnostic at the innermost
 * place that is the project's; what a function of ours refused keeps its own
 * code and place.
 */
#include "compiler/actions/session.h"

#include "base/arena.h"

enum {
	MAX_SUGGESTIONS = 100,
	LOOK_AHEAD = 64 << 10, /* bytes in which a name is looked for */
};

bool session_throw(struct session *s, struct script_call *call,
		   enum diag_code code, struct str text, const char *help)
{
	call->error = text;
	s->thrown.text = text;
	s->thrown.help = str_of(help);
	s->thrown.code = code;
	s->thrown.span = script_caller(s->script);
	s->thrown.reported = false;
	return false;
}

bool session_throw_reported(struct session *s, struct script_call *call)
{
	session_throw(s, call, DIAG_SCRIPT_THREW,
		      STR("this action cannot be made"), NULL);
	s->thrown.reported = true;
	return false;
}

static bool find_quoted(const struct source *src, uint32_t from, uint32_t to,
			struct str text, struct span *out)
{
	struct str all = str_sub(src->text, 0, to);

	for (size_t i = from; text.n && i + text.n + 2 <= all.n; i++) {
		char quote = all.p[i];

		if (quote != '"' && quote != '\'' && quote != '`')
			continue;
		if (all.p[i + text.n + 1] != quote ||
		    memcmp(all.p + i + 1, text.p, text.n) != 0)
			continue;
		*out = span_of(src, (uint32_t)i, (uint32_t)(i + text.n + 2));
		return true;
	}
	return false;
}

bool session_find_quoted(const struct source *src, uint32_t from,
			 struct str text, struct span *out)
{
	uint32_t rest = (uint32_t)src->text.n - from;

	return find_quoted(src, from,
			   from + (rest < LOOK_AHEAD ? rest : LOOK_AHEAD), text,
			   out);
}

struct span session_narrow(struct span span, struct str quoted)
{
	struct span found;
	struct str line;
	uint32_t start, end;

	if (!span.src)
		return span;
	line = source_line(span.src, span.start);
	start = (uint32_t)(line.p - span.src->text.p);
	end = start + (uint32_t)line.n;
	if (end - start > LOOK_AHEAD)
		return span;
	if (find_quoted(span.src, span.start, end, quoted, &found) ||
	    find_quoted(span.src, start, end, quoted, &found))
		return found;
	return span;
}

struct diag *session_error_here(struct session *s, enum diag_code code,
				struct str quoted, struct str text)
{
	struct span span = script_caller(s->script);

	if (!span.src)
		span = s->here;
	span = session_narrow(span, quoted);
	return diag_add(s->diags, code, span, "%.*s", STR_ARG(text));
}

static void list_known(struct session *s)
{
	const struct map *m = &s->names.by_name;

	if (s->known.v || !m->n)
		return;
	s->known.v = ARENA_NEW(s->arena, struct str, m->n);
	for (size_t i = 0; i < m->n; i++)
		s->known.v[s->known.n++] = m->entries[i].key;
}

/* "schema.name" in one text is a common slip. */
static const struct name_entry *find_dotted(struct session *s, struct str name)
{
	size_t dot = str_rfind(name, '.');
	struct target t = {0};

	if (dot == name.n)
		return NULL;
	t.name = str_sub(name, dot + 1, name.n);
	t.schema = str_sub(name, 0, dot);
	dot = str_rfind(t.schema, '.');
	if (dot < t.schema.n) {
		t.database = str_sub(t.schema, 0, dot);
		t.schema = str_sub(t.schema, dot + 1, t.schema.n);
	}
	return names_first(&s->names, &t);
}

void session_suggest(struct session *s, struct diag *diag,
		     const struct target *wanted)
{
	struct target bare = {.name = wanted->name};
	const struct name_entry *e = find_dotted(s, wanted->name);
	struct str name, file;

	if (map_has(&s->refused, wanted->name)) {
		diag_help(s->diags, diag,
			  "the file of that name has an error itself");
		return;
	}
	if (e) {
		diag_help(s->diags, diag, "write ref(\"%.*s\", \"%.*s\")",
			  STR_ARG(e->target->schema), STR_ARG(e->target->name));
		return;
	}
	e = names_first(&s->names, &bare);
	if (!e && s->nsuggestions++ < MAX_SUGGESTIONS) {
		list_known(s);
		bare.name = suggest(wanted->name, s->known.v, s->known.n);
		e = bare.name.p ? names_first(&s->names, &bare) : NULL;
	}
	if (!e)
		return;
	name = wanted->schema.n ? target_text(s->arena, e->target)
				: e->target->name;
	file = e->draft->made.file;
	if (file.p)
		diag_help(s->diags, diag, "did you mean \"%.*s\"? (%.*s)",
			  STR_ARG(name), STR_ARG(file));
	else
		diag_help(s->diags, diag, "did you mean \"%.*s\"?",
			  STR_ARG(name));
}

static struct diag *add_at(struct session *s, enum diag_code code,
			   struct span span, struct str file, struct str text)
{
	struct diag *d;

	if (!span.src)
		return diag_add_file(s->diags, code, file, "%.*s",
				     STR_ARG(text));
	d = diag_add(s->diags, code, span, "%.*s", STR_ARG(text));
	if (file.p && !str_eq(file, span.src->path))
		d->blamed = file;
	return d;
}

static bool report_thrown(struct session *s, const struct script_error *err,
			  struct str file, const struct draft *draft)
{
	struct diag *d;

	if (err->kind != SCRIPT_THREW || !err->by_host)
		return false;
	if (s->thrown.reported)
		return true;
	d = add_at(s, s->thrown.code,
		   s->thrown.span.src ? s->thrown.span : err->span, file,
		   s->thrown.text);
	if (draft)
		d->action = &draft->target;
	if (s->thrown.help.p)
		diag_help(s->diags, d, "%.*s", STR_ARG(s->thrown.help));
	return true;
}

static void explain_limit(struct session *s, struct diag *d,
			  enum script_failure kind)
{
	if (kind == SCRIPT_TIMED_OUT)
		diag_help(s->diags, d,
			  "look for a loop that does not end, or allow more: "
			  "--timeout=5m");
	else if (kind == SCRIPT_OUT_OF_MEMORY)
		diag_help(s->diags, d,
			  "look for something that grows without end");
	else if (kind == SCRIPT_OUT_OF_STACK)
		diag_help(s->diags, d,
			  "look for a function that calls itself without end");
}

/* ref(orders) for ref("orders"), type: table for type: "table". */
static void explain_undefined(struct session *s, struct diag *d)
{
	const struct str before = STR("ReferenceError: ");
	const struct str after = STR(" is not defined");
	struct span span = d->span;
	struct str text, name;

	if (!span.src || !str_starts(d->text, before) ||
	    !str_ends(d->text, after))
		return;
	text = span.src->text;
	name = str_sub(d->text, before.n, d->text.n - after.n);
	if (!str_eq(str_sub(text, span.start, span.end), name) ||
	    (span.end < text.n && strchr("(.", text.p[span.end])))
		return;
	diag_help(s->diags, d,
		  "if it is meant as text, put quotes around it: \"%.*s\"",
		  STR_ARG(name));
}

static void explain_missing(struct session *s, struct diag *d)
{
	if (str_starts(d->text, STR("Cannot find module ")) &&
	    str_ends(d->text, STR(" nor a package in node_modules")))
		diag_help(s->diags, d,
			  "a package that package.json lists comes with: weir "
			  "install");
}

/* The engine says what it wants to read next, which is seldom what the author
 * left out. */
static void explain_syntax(struct session *s, struct diag *d)
{
	static const struct {
		const char *error, *before, *at, *help;
	} slips[] = {
		{"expecting '}'", "", "",
		 "is a comma or a \"}\" missing before it?"},
		{"expecting ']'", "", "",
		 "is a comma or a \"]\" missing before it?"},
		{"expecting ','", "", "",
		 "is a comma or a \")\" missing before it?"},
		{"invalid property name", ",", ",",
		 "there is a comma too many"},
		{"expecting '('", "import", "",
		 "write const NAME = require(\"FILE\")"},
		{"unsupported keyword: export", "", "",
		 "write module.exports = { NAME }"},
	};
	const struct str head = STR("SyntaxError: ");
	struct str before, at;

	if (d->code != DIAG_SCRIPT_SYNTAX || !d->span.src ||
	    !str_starts(d->text, head))
		return;
	before = str_trim(str_sub(d->span.src->text, 0, d->span.start));
	at = str_sub(d->span.src->text, d->span.start, d->span.src->text.n);
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		if (!str_is(str_sub(d->text, head.n, d->text.n),
			    slips[i].error) ||
		    !str_ends(before, str_of(slips[i].before)) ||
		    !str_starts(at, str_of(slips[i].at)))
			continue;
		diag_help(s->diags, d, "%s", slips[i].help);
		return;
	}
}

void session_report(struct session *s, const struct script_error *err,
		    struct str file, const struct draft *draft)
{
	static const enum diag_code codes[] = {
		[SCRIPT_THREW] = DIAG_SCRIPT_THREW,
		[SCRIPT_BAD_SYNTAX] = DIAG_SCRIPT_SYNTAX,
		[SCRIPT_TIMED_OUT] = DIAG_SCRIPT_TIMEOUT,
		[SCRIPT_OUT_OF_MEMORY] = DIAG_SCRIPT_MEMORY,
		[SCRIPT_OUT_OF_STACK] = DIAG_SCRIPT_STACK,
	};
	struct diag *d;

	if (s->stopped || report_thrown(s, err, file, draft))
		return;
	s->stopped = script_has_ended(s->script);
	d = add_at(s, codes[err->kind], err->span, file, err->message);
	if (draft)
		d->action = &draft->target;
	explain_limit(s, d, err->kind);
	explain_undefined(s, d);
	explain_missing(s, d);
	explain_syntax(s, d);
	if (err->called_by.src) {
		struct position at = source_position(err->called_by.src,
						     err->called_by.start);

		diag_note(s->diags, d, "called by %.*s:%u:%u",
			  STR_ARG(err->called_by.src->path), at.line,
			  at.column);
	}
}

bool session_goes_on(struct session *s, const struct source *src)
{
	struct script_error err;

	if (!s->stopped && !script_is_ready(s->script, src, &err))
		session_report(s, &err, src ? src->path : (struct str){0},
			       NULL);
	return !s->stopped;
}

void session_compile_js(struct session *s, const struct source *src)
{
	struct script_error err;

	s->here = span_of(src, 0, 0);
	if (!script_run_file(s->script, src, &err))
		session_report(s, &err, src->path, NULL);
}
