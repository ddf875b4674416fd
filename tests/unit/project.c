/* The project, its tree and its host. */
#include "tests/unit/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "compiler/sqlx/lower.h"

static const struct file *find(const struct project *p, const char *path)
{
	for (const struct file *f = p->files; f && f->path; f++)
		if (strcmp(f->path, path) == 0)
			return f;
	return NULL;
}

static bool tree_has(struct tree *t, const char *path)
{
	return find((struct project *)t, path);
}

static bool tree_read(struct tree *t, const char *path, size_t max,
		      struct arena *arena, struct str *out, struct error *err)
{
	const struct file *f = find((struct project *)t, path);

	(void)max;
	(void)arena;
	if (!f)
		return error_set(err, ERROR_IO, "no file %s", path);
	*out = str_of(f->text);
	return true;
}

static const char *tree_root(struct tree *t)
{
	(void)t;
	return "/project";
}

static const struct tree_ops tree_ops = {
	.read = tree_read,
	.has = tree_has,
	.is_inside = tree_has,
	.root = tree_root,
	.real_root = tree_root,
};

enum { ECHO, BOOM, WHERE, MAKE, SEEN, TEXT };
enum { CLASS_CONTEXT, CLASS_ACTION };

static bool global_function(struct script_call *call)
{
	struct project *p = call->host;

	switch (call->id) {
	case ECHO:
		call->answer = ANSWER_VALUE;
		if (call->nargs)
			call->value = call->args[0];
		return true;
	case BOOM:
		call->error = STR("the host said no");
		return false;
	case WHERE:
		p->caller = script_caller(p->script);
		return true;
	case MAKE:
		call->answer = ANSWER_OBJECT;
		call->class_id = CLASS_ACTION;
		call->object_id = (uint32_t)call->args[0].number;
		return true;
	default:
		return false;
	}
}

static bool action_method(struct script_call *call)
{
	struct project *p = call->host;

	p->last_object = call->object;
	call->answer = ANSWER_THIS;
	return true;
}

/* ref("x") gives "<N:x>" for the context's number N. */
static bool context_function(struct script_call *call)
{
	struct project *p = call->host;
	struct str arg = STR("");

	if (call->nargs && call->args[0].kind == VALUE_STRING)
		arg = call->args[0].string;
	call->answer = ANSWER_VALUE;
	call->value = value_string(arena_printf(p->arena, "<%u:%.*s>",
						call->object, STR_ARG(arg)));
	return true;
}

static const struct script_method globals[] = {
	{"echo", ECHO}, {"boom", BOOM}, {"where", WHERE},
	{"make", MAKE}, {NULL},
};

static const struct script_method action_methods[] = {{"chain", 0}, {NULL}};

static const struct script_method context_methods[] = {
	{"ref", CONTEXT_REF},
	{"self", CONTEXT_SELF},
	{"incremental", CONTEXT_INCREMENTAL},
	{"dependencies", CONTEXT_NFUNCTIONS},
	{NULL},
};

static const struct script_class classes[] = {
	[CLASS_CONTEXT] = {"context", context_methods, context_function},
	[CLASS_ACTION] = {"action", action_methods, action_method},
};

const struct script_limits project_limits = {64 << 20, 1 << 20, 10000};

void project_open(struct project *p, const struct file *files,
		  const struct script_limits *l)
{
	const struct script_host host = {
		.host = p,
		.classes = classes,
		.nclasses = 2,
		.context_class = CLASS_CONTEXT,
		.globals = globals,
		.globals_fn = global_function,
	};

	*p = (struct project){.tree.ops = &tree_ops, .files = files};
	p->arena = arena_new();
	p->script = script_new(l, &host, &p->tree, p->arena);
	script_define_globals(p->script);
}

void project_close(struct project *p)
{
	script_free(p->script);
	arena_free(p->arena);
}

struct source *project_source(struct project *p, const char *path,
			      const char *text)
{
	struct source *src = ARENA_NEW(p->arena, struct source, 1);

	*src = (struct source){str_of(path), str_of(text)};
	return src;
}

bool project_run(struct project *p, const char *code,
		 const struct script_limits *l, struct script_error *err)
{
	project_open(p, NULL, l);
	return script_run_file(
		p->script, project_source(p, "definitions/t.js", code), err);
}

void assert_text(struct str got, const char *want)
{
	if (!str_is(got, want))
		fail_msg("got  \"%.*s\"\n    want \"%s\"", STR_ARG(got), want);
}

struct str place_text(struct arena *a, struct span span)
{
	struct position at;

	if (!span.src)
		return STR("");
	assert_true(span.start <= span.end && span.end <= span.src->text.n);
	at = source_position(span.src, span.start);
	return arena_printf(
		a, "%.*s:%u:%u %.*s", STR_ARG(span.src->path), at.line,
		at.column,
		STR_ARG(str_sub(span.src->text, span.start, span.end)));
}

bool project_call(struct project *p, const char *text,
		  const struct script_context *ctx, struct value *out,
		  struct script_error *err)
{
	struct source *src = project_source(p, "definitions/l.sqlx", text);
	struct script_context with_file = *ctx;
	struct lowered code = {
		.text = src->text,
		.has_code = true,
	};
	struct lowered_segment all = {0, 0, (uint32_t)src->text.n};
	uint32_t functions[LOWERED_NFUNCTIONS];

	with_file.src = src;
	code.segments = ARENA_NEW(p->arena, struct lowered_segment, 1);
	code.segments[0] = all;
	code.nsegments = 1;
	return script_compile_lowered(p->script, src, &code, functions, err) &&
	       script_call_function(p->script, functions[0], &with_file, out,
				    err);
}
