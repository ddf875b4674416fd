/* Small projects in memory for tests. */
#include "tests/unit/project_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

static bool make_list(struct tree *t, struct arena *arena,
		      struct file_list *out, struct error *err);
static bool make_read(struct tree *t, const char *path, size_t max,
		      struct arena *arena, struct str *out, struct error *err);
static bool make_has(struct tree *t, const char *path);
static const char *make_root(struct tree *t);

static const struct tree_ops ops = {
	.list = make_list,
	.read = make_read,
	.has = make_has,
	.is_inside = make_has,
	.root = make_root,
	.real_root = make_root,
};

static int by_path(const void *a, const void *b)
{
	const struct file_entry *x = a, *y = b;

	return str_cmp_utf16(x->path, y->path);
}

static bool make_list(struct tree *t, struct arena *arena,
		      struct file_list *out, struct error *err)
{
	struct project_maker *p = (struct project_maker *)t;

	(void)err;
	for (size_t i = 0; i < p->nfiles; i++) {
		struct file_entry e = {
			.path = str_of(p->files[i].path),
			.kind = FILE_REGULAR,
			.size = p->files[i].text.n,
		};

		VEC_PUSH(arena, out, e);
	}
	qsort(out->v, out->n, sizeof(*out->v), by_path);
	return true;
}

static size_t find(const struct project_maker *p, const char *path)
{
	size_t i = 0;

	while (i < p->nfiles && strcmp(p->files[i].path, path) != 0)
		i++;
	return i;
}

static bool make_read(struct tree *t, const char *path, size_t max,
		      struct arena *arena, struct str *out, struct error *err)
{
	struct project_maker *p = (struct project_maker *)t;
	size_t i = find(p, path);

	if (i == p->nfiles)
		return error_set(err, ERROR_IO, "there is no file %s", path);
	assert_true(p->files[i].text.n <= max);
	*out = arena_str(arena, p->files[i].text);
	return true;
}

static bool make_has(struct tree *t, const char *path)
{
	struct project_maker *p = (struct project_maker *)t;

	return find(p, path) < p->nfiles;
}

static const char *make_root(struct tree *t)
{
	(void)t;
	return "/project";
}

void project_start(struct project_maker *p)
{
	memset(p, 0, sizeof(*p));
	p->tree.ops = &ops;
	p->arena = arena_new();
	project_add(p, "workflow_settings.yaml",
		    "defaultProject: db\n"
		    "defaultDataset: ds\n"
		    "defaultAssertionDataset: checks\n"
		    "dataformCoreVersion: 3.0.62\n");
}

void project_end(struct project_maker *p)
{
	arena_free(p->arena);
}

void project_add(struct project_maker *p, const char *path, const char *text)
{
	size_t i = find(p, path);

	assert_true(i < PROJECT_FILES);
	p->files[i].path = path;
	p->files[i].text = str_of(text);
	if (i == p->nfiles)
		p->nfiles++;
}

bool project_make(struct project_maker *p)
{
	if (!p->options.timeout_ms)
		p->options.timeout_ms = COMPILE_TIMEOUT_MS;
	return compile_project(&p->tree, &p->options, p->arena, &p->c);
}

const struct action *project_action(const struct project_maker *p,
				    const char *name)
{
	const struct graph *g = &p->c.graph;

	for (uint32_t i = 0; i < g->nactions; i++)
		if (str_is(target_short(p->arena, &g->actions[i].target), name))
			return &g->actions[i];
	fail_msg("there is no action %s", name);
	return NULL;
}

const char *project_deps(const struct project_maker *p, const char *name)
{
	const struct action *a = project_action(p, name);
	struct buf b = {0};
	struct str text;

	for (uint32_t i = 0; i < a->ndeps; i++) {
		buf_adds(&b, i ? " " : "");
		buf_add_str(&b, target_short(p->arena, &a->deps[i]));
	}
	text = arena_str(p->arena, buf_str(&b));
	buf_free(&b);
	return text.p;
}

const char *project_errors(const struct project_maker *p)
{
	const struct diags *d = &p->c.diags;
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < d->n; i++) {
		const struct diag *e = &d->v[i];

		if (e->severity != SEVERITY_ERROR)
			continue;
		buf_printf(&b, "%s %.*s", diag_code_name(e->code),
			   STR_ARG(e->file));
		if (e->span.src) {
			struct position at =
				source_position(e->span.src, e->span.start);

			buf_printf(&b, ":%u:%u", at.line, at.column);
		}
		buf_printf(&b, " %.*s\n", STR_ARG(e->text));
	}
	text = arena_str(p->arena, buf_str(&b));
	buf_free(&b);
	return text.p;
}
