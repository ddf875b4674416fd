/*
 * A load looks at each file that its pattern names, in the order of their
 * paths, decides by what is recorded, and loads what is new: each file in a
 * transaction of its own, with its line in weir_loads. What is wrong with one
 * file is kept until the others are done; what is wrong with the warehouse
 * ends the load.
 */
#include "runtime/load/load.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "runtime/load/load_file.h"
#include "runtime/load/load_table.h"
#include "runtime/state/lock.h"
#include "runtime/stopper.h"

struct loading {
	const struct graph *graph;
	const struct load *load;
	const struct strs *reload;
	const struct stopper *stop; /* may be NULL */
	struct arena *arena;
	struct load_table table;
	struct load_result *out;
	struct str_vec notes;
	struct error first; /* about a file */
};

enum verdict { FILE_NEW, FILE_AGAIN, FILE_KNOWN, FILE_COPY, FILE_CHANGED };

static void note(struct loading *l, struct str text)
{
	VEC_PUSH(l->arena, &l->notes, text);
}

static const char *full_path(const struct loading *l, struct str path)
{
	const char *name = arena_cstr(l->arena, path);

	if (name[0] == '/')
		return name;
	return path_join(l->arena, l->graph->root, name);
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The root's own name is no pattern. */
static void put_pattern(struct buf *b, const char *root, struct str files)
{
	if (files.n == 0 || files.p[0] != '/') {
		for (const char *p = root; *p; p++) {
			if (strchr("*?[]\\", *p))
				buf_addc(b, '\\');
			buf_addc(b, *p);
		}
		buf_addc(b, '/');
	}
	buf_add_str(b, files);
	buf_addc(b, '\0');
}

/* For glob: whether it is to stop. A folder that is not there has no files. */
static int cannot_read(const char *path, int cause)
{
	(void)path;
	return cause != ENOENT && cause != ENOTDIR;
}

static bool find_files(const struct graph *g, const struct load *l,
		       struct arena *arena, struct str_vec *out,
		       struct error *err)
{
	bool absolute = l->files.n && l->files.p[0] == '/';
	size_t skip = absolute ? 0 : strlen(g->root) + 1;
	struct buf pattern = {0};
	glob_t found;
	int status;

	put_pattern(&pattern, g->root, l->files);
	status = glob(pattern.p, GLOB_NOSORT, cannot_read, &found);
	buf_free(&pattern);
	if (status != 0 && status != GLOB_NOMATCH)
		return error_errno(err, "cannot look for %.*s",
				   STR_ARG(l->files));
	for (size_t i = 0; status == 0 && i < found.gl_pathc; i++)
		if (!file_is_folder(found.gl_pathv[i]))
			VEC_PUSH(arena, out,
				 arena_str(arena,
					   str_of(found.gl_pathv[i] + skip)));
	if (status == 0)
		globfree(&found);
	if (out->n == 0) {
		error_set(err, ERROR_IO, "no file matches \"%.*s\"",
			  STR_ARG(l->files));
		return error_hint(err,
				  "the load of %.*s in weir.yaml looks "
				  "for it from the project's folder",
				  STR_ARG(l->key));
	}
	qsort(out->v, out->n, sizeof(*out->v), by_path);
	return true;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static bool names_file(const char *root, struct arena *arena, struct str given,
		       struct str path)
{
	const char *full = path.p;

	if (str_starts(given, STR("./")))
		given = str_sub(given, 2, given.n);
	if (str_eq(given, path))
		return true;
	if (full[0] != '/')
		full = path_join(arena, root, full);
	return is_same_file(arena_cstr(arena, given), full);
}

static bool is_to_reload(const struct loading *l, struct str path)
{
	for (size_t i = 0; l->reload && i < l->reload->n; i++)
		if (names_file(l->graph->root, l->arena, l->reload->v[i], path))
			return true;
	return false;
}

bool load_has_file(const struct graph *g, const struct load *l, struct str file)
{
	struct arena *arena = arena_new();
	struct str_vec files = {0};
	struct error ignored = {0};
	bool found = false;

	if (find_files(g, l, arena, &files, &ignored))
		for (size_t i = 0; !found && i < files.n; i++)
			found = names_file(g->root, arena, file, files.v[i]);
	arena_free(arena);
	return found;
}

/* Whether this load loaded the file, maybe in an earlier attempt, of which it
 * need not be known whether it was committed. */
static bool is_own(const struct loading *l, const struct loaded *f)
{
	return f && f->number >= l->out->since;
}

/* Hashes the file, but only if one of its size was loaded. */
static bool find_content(struct loading *l, struct str path, uint64_t size,
			 const struct loaded *same_path,
			 const struct loaded **out, struct error *err)
{
	struct load_table *t = &l->table;
	struct str key = {(const char *)&size, sizeof(size)};
	const struct loaded *found;
	char hash[SHA256_HEX + 1];

	*out = NULL;
	if (size == 0 || !map_has(&t->by_size, key))
		return true;
	if (!load_file_hash(full_path(l, path), path.p, l->stop, hash, err))
		return false;
	found = map_get(&t->by_hash, str_of(hash));
	if (same_path && str_is(same_path->hash, hash))
		*out = same_path;
	else if (found && map_get(&t->by_path, found->path) == found)
		*out = found; /* and was not replaced since */
	return true;
}

/* *known is the file recorded under the path or, of a copy, the other. */
static bool judge(struct loading *l, struct str path, enum verdict *out,
		  const struct loaded **known, struct error *err)
{
	const struct loaded *same_path = map_get(&l->table.by_path, path);
	const struct loaded *same_content;
	struct stat st;
	bool is_empty;

	*known = same_path;
	if (is_to_reload(l, path) && !is_own(l, same_path)) {
		*out = same_path ? FILE_AGAIN : FILE_NEW;
		return true;
	}
	if (stat(full_path(l, path), &st) != 0)
		return error_errno(err, "cannot read %.*s", STR_ARG(path));
	if (!find_content(l, path, (uint64_t)st.st_size, same_path,
			  &same_content, err))
		return false;
	is_empty = same_path && same_path->size == 0 && st.st_size == 0;
	if (!same_path)
		*out = same_content ? FILE_COPY : FILE_NEW;
	else if (same_content == same_path || is_empty)
		*out = FILE_KNOWN;
	else
		*out = FILE_CHANGED;
	if (!same_path)
		*known = same_content;
	return true;
}

struct feed {
	struct load_file file;
	enum load_format format;
	uint32_t ncolumns; /* with weir_load */
};

static bool next_row(void *ctx, const struct cell **row, struct error *err)
{
	struct feed *feed = ctx;
	bool more;

	if (feed->format == LOAD_CSV
		    ? !load_csv_next(&feed->file, &more, err)
		    : !load_ndjson_next(&feed->file, &more, err))
		return false;
	*row = more ? feed->file.row : NULL;
	return true;
}

static void prepare_feed(struct loading *l, struct feed *feed, struct str path)
{
	struct load_table *t = &l->table;

	*feed = (struct feed){.format = l->load->format,
			      .ncolumns = t->ncolumns};
	feed->file.name = path.p;
	feed->file.stop = l->stop;
	feed->file.columns = t->columns;
	feed->file.ncolumns = t->ncolumns - 1;
	feed->file.row = ARENA_NEW(l->arena, struct cell, t->ncolumns);
	feed->file.seen = ARENA_NEW(l->arena, uint64_t, t->ncolumns);
	feed->file.row[t->ncolumns - 1].i = t->next_number;
}

static void note_unseen(struct loading *l, const struct feed *feed)
{
	const struct load_file *f = &feed->file;

	for (uint32_t c = 0; c < f->ncolumns; c++)
		if (!f->seen[c])
			note(l, arena_printf(
					l->arena, "no row of %s has \"%.*s\"",
					f->name, STR_ARG(f->columns[c].name)));
}

static bool append(struct loading *l, struct feed *feed, int64_t *rows,
		   struct error *err)
{
	struct load_table *t = &l->table;
	struct cell_source source = {
		.columns = t->columns,
		.ncolumns = t->ncolumns,
		.next = next_row,
		.ctx = feed,
	};

	if (feed->format == LOAD_CSV &&
	    !load_csv_start(&feed->file, l->arena, err))
		return false;
	return t->w->ops->append(t->w, &t->raw, &source, rows, err);
}

/* The file as it was read becomes the record, even if it changed since it was
 * judged. */
static bool record(struct loading *l, struct feed *feed, struct str path,
		   int64_t rows, struct error *err)
{
	struct loaded *f = ARENA_NEW(l->arena, struct loaded, 1);
	char hash[SHA256_HEX + 1];

	sha256_hex(&feed->file.hash, hash);
	f->path = path;
	f->size = feed->file.hash.size;
	f->hash = arena_str(l->arena, str_of(hash));
	f->rows = rows;
	if (!load_table_commit(&l->table, f, err))
		return false;
	load_table_note(&l->table, f);
	if (rows)
		note_unseen(l, feed);
	l->out->rows += rows;
	l->out->files++;
	return true;
}

static bool load_one(struct loading *l, struct str path,
		     const struct loaded *replaced, struct error *err)
{
	struct feed feed;
	int64_t rows;
	bool ok;

	prepare_feed(l, &feed, path);
	if (!load_file_open(&feed.file, full_path(l, path), err))
		return false;
	ok = load_table_begin(&l->table, replaced, err) &&
	     append(l, &feed, &rows, err) && record(l, &feed, path, rows, err);
	if (!ok)
		load_table_roll_back(&l->table);
	load_file_close(&feed.file);
	if (!ok && !str_has(str_of(err->text), path))
		error_prefix(err, "%.*s", STR_ARG(path));
	return ok;
}

static bool set_changed(struct str path, struct error *err)
{
	error_set(err, ERROR_IO, "%.*s has changed since it was loaded",
		  STR_ARG(path));
	return error_hint(err, "to replace its rows: weir run --reload %.*s",
			  STR_ARG(path));
}

static void note_copy(struct loading *l, struct str path, struct str other)
{
	note(l, arena_printf(l->arena,
			     "%.*s is skipped: %.*s, which is loaded, has the "
			     "same content",
			     STR_ARG(path), STR_ARG(other)));
}

static bool do_file(struct loading *l, struct str path, struct error *err)
{
	const struct loaded *known;
	enum verdict v;

	if (!stopper_goes_on(l->stop, err) || !judge(l, path, &v, &known, err))
		return false;
	switch (v) {
	case FILE_NEW:
		return load_one(l, path, NULL, err);
	case FILE_AGAIN:
		return load_one(l, path, map_get(&l->table.by_path, path), err);
	case FILE_CHANGED:
		return set_changed(path, err);
	case FILE_COPY:
		note_copy(l, path, known->path);
		break;
	case FILE_KNOWN:
		break;
	}
	l->out->files_skipped += v == FILE_COPY || !is_own(l, known);
	return true;
}

/* What is wrong with a file is no reason to leave the others. */
static bool keep_file_error(struct loading *l, const struct error *met,
			    struct error *err)
{
	if (met->kind != ERROR_IO) {
		*err = *met;
		return false;
	}
	if (l->out->files_failed == 0)
		l->first = *met;
	else if (l->out->files_failed == 1)
		note(l, arena_str(l->arena, str_of(l->first.text)));
	if (l->out->files_failed++)
		note(l, arena_str(l->arena, str_of(met->text)));
	return true;
}

/* What is in the book from the first attempt on. */
static void count_own(struct loading *l)
{
	const struct map *files = &l->table.by_path;
	struct load_result *out = l->out;

	if (!out->since)
		out->since = l->table.next_number;
	out->rows = 0;
	out->files = out->files_skipped = 0;
	for (size_t i = 0; i < files->n; i++) {
		const struct loaded *f = files->entries[i].value;

		if (is_own(l, f)) {
			out->rows += f->rows;
			out->files++;
		}
	}
}

static bool start(struct loading *l, struct warehouse *w, struct str_vec *files,
		  struct error *err)
{
	if (!find_files(l->graph, l->load, l->arena, files, err) ||
	    !load_table_open(&l->table, w, l->graph, l->load, l->arena, err))
		return false;
	count_own(l);
	return true;
}

static bool finish(struct loading *l, bool ok, struct error *err)
{
	l->out->notes = (struct strs){l->notes.v, l->notes.n};
	if (ok && l->first.kind != ERROR_NONE) {
		*err = l->first;
		if (l->out->files_failed > 1)
			error_prefix(err,
				     "%u files cannot be loaded, the first",
				     l->out->files_failed);
		ok = false;
	}
	return ok;
}

static bool do_files(struct loading *l, struct warehouse *w, struct error *err)
{
	struct str_vec files = {0};
	bool ok = start(l, w, &files, err) && load_table_make(&l->table, err);

	for (size_t i = 0; ok && i < files.n; i++) {
		struct error met = {0};

		if (!do_file(l, files.v[i], &met))
			ok = keep_file_error(l, &met, err);
	}
	return ok;
}

/* Under a lock from before the book is read until the last file is in it, so
 * that runs that do not exclude each other load no file twice. */
bool load_run(struct warehouse *w, const struct graph *g, const struct load *l,
	      const struct strs *reload, const struct stopper *stop,
	      struct arena *arena, struct load_result *out, struct error *err)
{
	struct loading loading = {
		.graph = g,
		.load = l,
		.reload = reload,
		.stop = stop,
		.arena = arena,
		.out = out,
	};
	const struct target *raw = &g->actions[l->action].target;
	bool ok;

	out->files_failed = 0;
	out->notes = (struct strs){0};
	if (!lock_table(w, raw, arena, err))
		return false;
	ok = do_files(&loading, w, err);
	unlock_table(w, raw, arena);
	return finish(&loading, ok, err);
}

static bool foretell(struct loading *l, struct str path, struct error *err)
{
	static const char *const words[] = {
		[FILE_NEW] = "new",
		[FILE_AGAIN] = "replaces its rows",
		[FILE_KNOWN] = "loaded before",
		[FILE_COPY] = "skipped, its content is loaded",
		[FILE_CHANGED] = "has changed since it was loaded",
	};
	const struct loaded *known;
	enum verdict v;

	if (!judge(l, path, &v, &known, err))
		return false;
	note(l, arena_printf(l->arena, "%.*s: %s", STR_ARG(path), words[v]));
	if (v == FILE_NEW || v == FILE_AGAIN)
		l->out->files++;
	else if (v == FILE_CHANGED)
		return set_changed(path, err);
	else
		l->out->files_skipped++;
	return true;
}

bool load_plan(struct warehouse *w, const struct graph *g, const struct load *l,
	       const struct strs *reload, struct arena *arena,
	       struct load_result *out, struct error *err)
{
	struct loading loading = {
		.graph = g,
		.load = l,
		.reload = reload,
		.arena = arena,
		.out = out,
	};
	struct str_vec files = {0};
	bool ok;

	*out = (struct load_result){0};
	ok = start(&loading, w, &files, err);
	out->rows = -1;
	for (size_t i = 0; ok && i < files.n; i++) {
		struct error met = {0};

		if (!foretell(&loading, files.v[i], &met))
			ok = keep_file_error(&loading, &met, err);
	}
	return finish(&loading, ok, err);
}

void load_put_sql(const struct dialect *d, const struct graph *g,
		  const struct load *l, struct buf *out)
{
	struct arena *arena = arena_new();
	struct error ignored = {0};
	struct load_table t;

	if (load_table_columns(&t, d, g, l, arena, &ignored))
		load_table_put_sql(&t, out);
	arena_free(arena);
}
