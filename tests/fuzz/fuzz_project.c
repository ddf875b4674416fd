/*
 * A whole little project from any bytes: compiling it ends within its limits,
 * every diagnostic lies in a file of the project, and the graph can be
 * printed. The input is text: a line "=== PATH" begins each file. So that what
 * is found is mostly about what projects say, and not about this format,
 * mutations change one file at a time, and put in pieces of
 * project_pieces.def, parts of the project's other files or of another
 * project.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/vec.h"
#include "cli/render.h"
#include "compiler/compile.h"
#include "compiler/graph_print.h"
#include "compiler/project/tree.h"

#define MARK "=== "

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b,
				 size_t nb, uint8_t *out, size_t max,
				 unsigned seed);
/* libFuzzer's, which a replay has not and does not call. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size,
					      size_t max);

enum {
	SIZE_MAX_INPUT = 1 << 16,
	MEMORY = 32 << 20,
	TIMEOUT_MS = 80,
	EPOCH = 1767225600,
};

struct file {
	struct str path, text;
};

struct project {
	struct tree tree;
	struct {
		struct file *v;
		size_t n, cap;
	} files;
};

static const struct file *find(const struct project *p, struct str path)
{
	for (size_t i = 0; i < p->files.n; i++)
		if (str_eq(p->files.v[i].path, path))
			return &p->files.v[i];
	return NULL;
}

static bool has(struct tree *t, const char *path)
{
	return find((struct project *)t, str_of(path));
}

static bool read_file(struct tree *t, const char *path, size_t max,
		      struct arena *arena, struct str *out, struct error *err)
{
	const struct file *f = find((struct project *)t, str_of(path));

	if (!f)
		return error_set(err, ERROR_IO, "no file %s", path);
	if (f->text.n > max)
		return error_set(err, ERROR_TOO_LARGE, "%s is large", path);
	*out = arena_str(arena, f->text);
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct file_entry *x = a, *y = b;

	return str_cmp_utf16(x->path, y->path);
}

static bool list(struct tree *t, struct arena *arena, struct file_list *out,
		 struct error *err)
{
	const struct project *p = (struct project *)t;

	(void)err;
	for (size_t i = 0; i < p->files.n; i++) {
		struct file_entry e = {.path = p->files.v[i].path,
				       .kind = FILE_REGULAR,
				       .size = p->files.v[i].text.n};

		VEC_PUSH(arena, out, e);
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_path);
	return true;
}

static const char *root(struct tree *t)
{
	(void)t;
	return "/project";
}

static const struct tree_ops ops = {
	.list = list,
	.read = read_file,
	.has = has,
	.is_inside = has,
	.root = root,
	.real_root = root,
};

/* Takes one file off the front of text. */
static bool next_file(struct str *text, struct file *out)
{
	struct str mark = STR("\n" MARK);
	size_t line, end;

	if (!str_starts(*text, STR(MARK)))
		return false;
	line = str_find(*text, '\n', 0);
	end = str_search(*text, mark, line);
	out->path = str_sub(*text, mark.n - 1, line);
	out->text = str_sub(*text, line < end ? line + 1 : end, end);
	*text = str_sub(*text, end < text->n ? end + 1 : end, text->n);
	return true;
}

/* A path that a folder can give: no empty name, ".", ".." or NUL in it. */
static bool is_path(struct str path)
{
	for (size_t start = 0, end; start <= path.n; start = end + 1) {
		struct str name;

		end = str_find(path, '/', start);
		name = str_sub(path, start, end);
		if (!name.n || name.n > 255 || str_is(name, ".") ||
		    str_is(name, "..") || memchr(name.p, '\0', name.n))
			return false;
	}
	return true;
}

static void read_files(struct project *p, struct str text, struct arena *arena)
{
	struct file f;

	while (next_file(&text, &f)) {
		f.path = arena_str(arena, f.path);
		if (is_path(f.path) && !find(p, f.path))
			VEC_PUSH(arena, &p->files, f);
	}
}

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_diags(const struct diags *diags)
{
	const struct term plain = {0};
	struct buf text = {0};

	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *d = &diags->v[i];

		check(d->text.n > 0);
		check(!d->span.src || (d->span.start <= d->span.end &&
				       d->span.end <= d->span.src->text.n));
		render_text(d, &plain, &text);
		render_json(d, &text);
		render_github(d, "/project", &text);
	}
	buf_free(&text);
}

static void check_graph(const struct compilation *c)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	check(f && graph_print_json(c, NULL, f) &&
	      graph_print_dot(&c->graph, NULL, f));
	fclose(f);
	check(str_bad_utf8((struct str){text, size}) == size);
	free(text);
	for (uint32_t i = 0; i < c->graph.nactions; i++)
		check(c->graph.actions[i].target.name.p != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct compile_options options = {
		.timeout_ms = TIMEOUT_MS,
		.memory_bytes = MEMORY,
		.has_epoch = true,
		.epoch = EPOCH,
	};
	struct project p = {.tree.ops = &ops};
	struct compilation c;
	struct arena *arena;
	bool ok;

	if (size > SIZE_MAX_INPUT)
		return 0;
	arena = arena_new();
	read_files(&p, (struct str){(const char *)data, size}, arena);
	ok = compile_project(&p.tree, &options, arena, &c);
	check(!ok || c.has_graph);
	check_diags(&c.diags);
	if (c.has_graph)
		check_graph(&c);
	arena_free(arena);
	return 0;
}

/* What a mutation works on. */
struct mutation {
	struct project p;
	struct arena *arena;
	unsigned seed;
};

static size_t pick(struct mutation *m, size_t n)
{
	m->seed = m->seed * 1664525u + 1013904223u;
	return n ? (m->seed >> 8) % n : 0;
}

/* text with part in the place of what is between start and end. */
static void splice(struct mutation *m, struct str *text, size_t start,
		   size_t end, struct str part)
{
	struct buf b = {0};

	buf_add(&b, text->p, start);
	buf_add_str(&b, part);
	buf_add(&b, text->p + end, text->n - end);
	*text = buf_move(&b, m->arena);
	buf_free(&b);
}

/* An offset where something begins, more often than not. */
static size_t boundary(struct mutation *m, struct str text)
{
	size_t at = pick(m, text.n + 1), steps = pick(m, 64);

	while (steps-- && at < text.n && !strchr("\n{}(),;:'\"` ", text.p[at]))
		at++;
	return at;
}

static struct str some_part(struct mutation *m, struct str text)
{
	size_t a = boundary(m, text), b = boundary(m, text);

	return a < b ? str_sub(text, a, b) : str_sub(text, b, a);
}

static struct file *some_file(struct mutation *m)
{
	return &m->p.files.v[pick(m, m->p.files.n)];
}

static struct str some_piece(struct mutation *m)
{
	static const char *const pieces[] = {
#define PIECE(text) text,
#include "tests/fuzz/project_pieces.def"
#undef PIECE
	};

	return str_of(pieces[pick(m, ARRAY_LEN(pieces))]);
}

static struct str some_path(struct mutation *m)
{
	static const char *const paths[] = {
#define PATH(text) text,
#include "tests/fuzz/project_pieces.def"
#undef PATH
	};

	return str_of(paths[pick(m, ARRAY_LEN(paths))]);
}

static void mutate_bytes(struct mutation *m, struct file *f)
{
	enum { ROOM = 64 };
	size_t max = f->text.n + ROOM;
	char *text = arena_text(m->arena, max);

	memcpy(text, f->text.p, f->text.n);
	f->text.n = LLVMFuzzerMutate((uint8_t *)text, f->text.n, max);
	f->text.p = text;
}

static void mutate_file(struct mutation *m, struct file *f, struct str other)
{
	size_t at = boundary(m, f->text), end = boundary(m, f->text);
	struct file added;

	switch (pick(m, 12)) {
	case 0:
		added = (struct file){some_path(m), some_piece(m)};
		VEC_PUSH(m->arena, &m->p.files, added);
		break;
	case 1:
		f->path = some_path(m);
		break;
	case 2:
		*f = m->p.files.v[--m->p.files.n];
		break;
	case 3:
		splice(m, &f->text, at < end ? at : end, at < end ? end : at,
		       STR(""));
		break;
	case 4:
	case 5:
		splice(m, &f->text, at, at, some_part(m, other));
		break;
	case 6:
	case 7:
	case 8:
		splice(m, &f->text, at, at, some_piece(m));
		break;
	case 9:
		splice(m, &f->text, at < end ? at : end, at < end ? end : at,
		       some_piece(m));
		break;
	default:
		mutate_bytes(m, f);
	}
}

static size_t write_files(const struct project *p, uint8_t *out, size_t max)
{
	struct buf b = {0};
	size_t n;

	for (size_t i = 0; i < p->files.n; i++) {
		buf_adds(&b, MARK);
		buf_add_str(&b, p->files.v[i].path);
		buf_addc(&b, '\n');
		buf_add_str(&b, p->files.v[i].text);
		buf_addc(&b, '\n');
	}
	n = b.n < max ? b.n : max;
	memcpy(out, b.n ? b.p : "", n);
	buf_free(&b);
	return n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned seed)
{
	struct mutation m = {.arena = arena_new(), .seed = seed};
	struct file first = {STR("workflow_settings.yaml"),
			     STR("defaultDataset: d")};
	size_t n;

	read_files(&m.p, (struct str){(const char *)data, size}, m.arena);
	if (!m.p.files.n)
		VEC_PUSH(m.arena, &m.p.files, first);
	for (size_t i = 0, times = 1 + pick(&m, 3); i < times; i++) {
		if (m.p.files.n)
			mutate_file(&m, some_file(&m), some_file(&m)->text);
	}
	n = write_files(&m.p, data, max);
	arena_free(m.arena);
	return n;
}

/* Files of b beside those of a, or parts of b's files in a's. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b,
				 size_t nb, uint8_t *out, size_t max,
				 unsigned seed)
{
	struct mutation m = {.arena = arena_new(), .seed = seed};
	struct project other = {0};
	size_t n;

	read_files(&m.p, (struct str){(const char *)a, na}, m.arena);
	read_files(&other, (struct str){(const char *)b, nb}, m.arena);
	for (size_t i = 0; i < other.files.n; i++) {
		const struct file *f = &other.files.v[i];

		if (pick(&m, 2))
			continue;
		if (m.p.files.n && pick(&m, 2))
			mutate_file(&m, some_file(&m), f->text);
		else if (!find(&m.p, f->path))
			VEC_PUSH(m.arena, &m.p.files, *f);
	}
	n = write_files(&m.p, out, max);
	arena_free(m.arena);
	return n;
}
