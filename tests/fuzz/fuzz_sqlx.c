/*
 * Any valid text is a SQLX file: parsing it must end, and everything it finds
 * must lie in the text and in order.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "compiler/diag.h"
#include "compiler/project/source.h"
#include "compiler/sqlx/sqlx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_sql(const struct sqlx_sql *sql, size_t size)
{
	uint32_t at = sql->start;

	check(sql->start <= sql->end && sql->end <= size);
	for (uint32_t i = 0; i < sql->npieces; i++) {
		check(sql->pieces[i].start >= at);
		check(sql->pieces[i].end >= sql->pieces[i].start);
		at = sql->pieces[i].end;
	}
	check(at <= sql->end || !sql->npieces);
}

static void check_file(const struct sqlx_file *file, size_t size)
{
	check_sql(&file->sql, size);
	check_sql(&file->pre, size);
	check_sql(&file->post, size);
	check_sql(&file->where, size);
	for (uint32_t i = 0; i < file->ninputs; i++)
		check_sql(&file->inputs[i].sql, size);
	for (uint32_t i = 0; i < file->njs; i++)
		check(file->js[i].start <= file->js[i].end &&
		      file->js[i].end <= size);
	if (file->has_config)
		check(file->config.start <= file->config.end &&
		      file->config.end <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct sqlx_parser *parser;
	struct source src = {.path = STR("definitions/fuzz.sqlx")};
	struct sqlx_file file = {0};
	struct diags diags;
	struct arena *arena;

	if (size > SOURCE_SIZE_MAX || str_bad_utf8(text) != size)
		return 0;
	arena = arena_new();
	parser = sqlx_parser_new();
	diags_init(&diags, arena);
	src.text = arena_str(arena, text);
	sqlx_parse(parser, &src, arena, &diags, &file);
	check_file(&file, size);
	for (size_t i = 0; i < diags.n; i++)
		check(diags.v[i].span.start <= size);
	sqlx_parser_free(parser);
	arena_free(arena);
	return 0;
}
