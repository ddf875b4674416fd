/*
 * Any SQLX file can be lowered, compiled and run: the engine's limits hold,
 * every error lies in the file, and a config that was read as data is what the
 * engine makes of the same text.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "compiler/diag.h"
#include "compiler/project/tree.h"
#include "compiler/script/script.h"
#include "compiler/sqlx/lower.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool answer(struct script_call *call)
{
	call->answer = ANSWER_VALUE;
	call->value = value_number(call->nargs);
	return true;
}

static const struct script_class classes[] = {{"context", NULL, answer}};
static const struct script_limits limits = {4 << 20, 256 << 10, 500};

static const char *root(struct tree *t)
{
	(void)t;
	return "/";
}

static bool has(struct tree *t, const char *path)
{
	(void)t;
	(void)path;
	return false;
}

static const struct tree_ops tree_ops = {
	.root = root, .real_root = root, .has = has};

static bool same(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind || a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++) {
		if (a->kind == VALUE_ARRAY && !same(&a->items[i], &b->items[i]))
			return false;
		if (a->kind == VALUE_OBJECT &&
		    (!str_eq(a->members[i].key, b->members[i].key) ||
		     !same(&a->members[i].value, &b->members[i].value)))
			return false;
	}
	if (a->kind == VALUE_STRING)
		return str_eq(a->string, b->string);
	if (a->kind == VALUE_NUMBER)
		return memcmp(&a->number, &b->number, sizeof(double)) == 0;
	return a->kind != VALUE_BOOL || a->boolean == b->boolean;
}

static void check_error(const struct script_error *err,
			const struct source *src)
{
	check(err->span.src == src && err->span.start <= err->span.end &&
	      err->span.end <= src->text.n && err->message.n > 0);
}

static void check_segments(const struct lowered *code, const struct source *src)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < code->nsegments; i++) {
		const struct lowered_segment *seg = &code->segments[i];

		check(seg->at >= at);
		at = seg->at + seg->length;
		check(at <= code->text.n);
		check(memcmp(code->text.p + seg->at, src->text.p + seg->source,
			     seg->length) == 0);
	}
}

/* The config once more, by the engine. */
static void check_config(struct script *s, const struct source *src,
			 const struct sqlx_file *file, struct arena *arena,
			 const struct value *config)
{
	struct lowered code = {.has_code = true};
	struct script_error err;
	uint32_t functions[LOWERED_NFUNCTIONS];
	struct value v;

	code.text = arena_printf(arena, "[()=>(%.*s)]",
				 (int)(file->config.end - file->config.start),
				 src->text.p + file->config.start);
	check(script_compile_lowered(s, src, &code, functions, &err));
	check(script_call_config(s, functions[0], src, &v, &err));
	check(same(&v, config));
}

static void run(struct script *s, const struct source *src,
		const struct sqlx_file *file, const struct lowered *code,
		struct arena *arena)
{
	uint32_t n = LOWERED_NFUNCTIONS + code->ninputs;
	uint32_t *functions = ARENA_NEW(arena, uint32_t, n);
	struct script_context ctx = {0, ~0u, true, src};
	struct script_error err;
	struct value v;

	if (!script_compile_lowered(s, src, code, functions, &err)) {
		check_error(&err, src);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		bool ok;

		if (!functions[i])
			continue;
		ok = i == LOWERED_CONFIG ? script_call_config(s, functions[i],
							      src, &v, &err)
					 : script_call_function(s, functions[i],
								&ctx, &v, &err);
		if (!ok)
			check_error(&err, src);
		else if (i == LOWERED_SQL)
			lower_join(src, &file->sql, &v, arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct script_host host = {.classes = classes, .nclasses = 1};
	struct source src = {.path = STR("definitions/fuzz.sqlx")};
	struct tree tree = {&tree_ops};
	struct sqlx_parser *parser;
	struct sqlx_file file = {0};
	struct lowered code;
	struct diags diags;
	struct arena *arena;
	struct script *s;

	src.text = (struct str){(const char *)data, size};
	if (size > 65536 || str_bad_utf8(src.text) != size)
		return 0;
	arena = arena_new();
	src.text = arena_str(arena, src.text);
	parser = sqlx_parser_new();
	diags_init(&diags, arena);
	sqlx_parse(parser, &src, arena, &diags, &file);
	lower_sqlx(&src, &file, arena, &code);
	check_segments(&code, &src);
	s = script_new(&limits, &host, &tree, arena);
	if (code.config)
		check_config(s, &src, &file, arena, code.config);
	run(s, &src, &file, &code, arena);
	script_free(s);
	sqlx_parser_free(parser);
	arena_free(arena);
	return 0;
}
