/*
 * Each thread has an arena and a parser of its own, each file its own
 * diagnostics, which join the others' when the file is asked for: so they come
 * in the order of the files.
 */
#include "compiler/sqlx/read_ahead.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/pool.h"
#include "base/vec.h"
#include "compiler/project/tree.h"

struct thread {
	struct arena *arena;
	struct sqlx_parser *parser;
};

struct item {
	struct read_file file;
	struct diags diags;
};

struct read_ahead {
	struct tree *tree;
	const struct str_vec *paths;
	struct pool *pool;
	struct thread *threads;
	unsigned nthreads;
	struct item *items;
};

static void read_sqlx(struct item *item, struct thread *t)
{
	struct read_file *file = &item->file;

	sqlx_parse(t->parser, file->src, t->arena, &item->diags, &file->sqlx);
	file->is_whole = item->diags.nerrors == 0;
	if (file->is_whole)
		lower_sqlx(file->src, &file->sqlx, t->arena, &file->code);
}

static void read_item(void *ctx, size_t i, unsigned thread)
{
	struct read_ahead *r = ctx;
	struct thread *t = &r->threads[thread];
	struct item *item = &r->items[i];
	struct str path = r->paths->v[i];

	diags_init(&item->diags, t->arena);
	item->file.src = source_load(r->tree, path, t->arena, &item->diags);
	item->file.is_sqlx = str_is(path_extension(path), "sqlx");
	if (item->file.src && item->file.is_sqlx)
		read_sqlx(item, t);
}

struct read_ahead *read_ahead_start(struct tree *tree,
				    const struct str_vec *paths)
{
	struct read_ahead *r = mem_zalloc(sizeof(*r));

	r->tree = tree;
	r->paths = paths;
	r->items = mem_zalloc(paths->n * sizeof(*r->items));
	r->nthreads = pool_threads(paths->n);
	r->threads = mem_zalloc(r->nthreads * sizeof(*r->threads));
	for (unsigned i = 0; i < r->nthreads; i++) {
		r->threads[i].arena = arena_new();
		r->threads[i].parser = sqlx_parser_new();
	}
	r->pool = pool_start(paths->n, read_item, r);
	return r;
}

const struct read_file *read_ahead_get(struct read_ahead *r, size_t i,
				       struct diags *diags)
{
	pool_wait(r->pool, i);
	diags_append(diags, &r->items[i].diags);
	return &r->items[i].file;
}

void read_ahead_end(struct read_ahead *r, struct arena *arena)
{
	pool_end(r->pool);
	for (unsigned i = 0; i < r->nthreads; i++) {
		sqlx_parser_free(r->threads[i].parser);
		arena_adopt(arena, r->threads[i].arena);
	}
	free(r->threads);
	free(r->items);
	free(r);
}
