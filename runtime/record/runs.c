/*
 * IDs sort by the second in which a run started; within a second the first
 * line of the journal tells who was first.
 */
#include "runtime/record/runs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"

/* Of an ID, its time as the journal writes it. */
static struct str order_by_id(struct str id, struct arena *arena)
{
	struct str copy = arena_str(arena, id);
	char *p = ARENA_NEW(arena, char, copy.n + 1);

	memcpy(p, copy.p, copy.n);
	if (copy.n > 16)
		p[13] = p[16] = ':';
	return (struct str){p, copy.n};
}

/* The time of the first line, which stands at its start. */
static struct str order_of(const char *path, struct str id, struct arena *arena)
{
	static const char head[] = "{\"time\":\"";
	char line[64];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line));
	struct str text = {line, n > 0 ? (size_t)n : 0};
	size_t end;

	if (fd >= 0)
		close(fd);
	if (!str_starts(text, STR("{\"time\":\"")))
		return order_by_id(id, arena);
	text = str_sub(text, sizeof(head) - 1, text.n);
	end = str_find(text, '"', 0);
	return arena_str(arena, str_sub(text, 0, end));
}

static int newest_first(const void *a, const void *b)
{
	const struct run_folder *x = a, *y = b;

	return str_cmp(y->order, x->order);
}

/* Opens none of them. */
static bool list_folders(const char *root, struct arena *arena,
			 struct run_list *out, struct error *err)
{
	const char *runs = path_join(arena, root, ".weir/runs");
	struct file_list files = {0};

	*out = (struct run_list){0};
	if (!file_is_folder(runs))
		return true;
	if (!file_walk(runs, NULL, arena, &files, err))
		return false;
	for (size_t i = 0; i < files.n; i++) {
		struct str path = files.v[i].path;
		struct run_folder f = {.id = path_folder(path)};

		if (!str_is(path_base(path), "journal.jsonl") || !f.id.n)
			continue;
		f.id = arena_str(arena, f.id);
		f.path = path_join(arena, runs, f.id.p);
		VEC_PUSH(arena, out, f);
	}
	return true;
}

bool runs_list(const char *root, struct arena *arena, struct run_list *out,
	       struct error *err)
{
	if (!list_folders(root, arena, out, err))
		return false;
	for (size_t i = 0; i < out->n; i++) {
		struct run_folder *f = &out->v[i];

		f->order = order_of(path_join(arena, f->path, "journal.jsonl"),
				    f->id, arena);
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), newest_first);
	return true;
}

static bool is_called(struct str id, struct str name)
{
	return str_eq(id, name) ||
	       (name.n == 4 && id.n > 5 && id.p[id.n - 5] == '-' &&
		str_ends(id, name));
}

bool runs_find(const char *root, struct str id, struct arena *arena,
	       struct run_folder *out, struct error *err)
{
	struct run_list all;

	if (!runs_list(root, arena, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (is_called(all.v[i].id, id)) {
			*out = all.v[i];
			return true;
		}
	error_set(err, ERROR_USAGE, "there is no run \"%.*s\"", STR_ARG(id));
	return error_hint(err, "weir runs lists them");
}

bool run_folder_read(const struct run_folder *f, struct arena *arena,
		     struct past_run *out, struct error *err)
{
	const char *path = path_join(arena, f->path, "journal.jsonl");

	if (!journal_read(path, arena, out, err))
		return false;
	if (!out->id.n && !out->holder &&
	    file_exists(path_join(arena, f->path, "results.json"))) {
		error_set(err, ERROR_IO,
			  "%s has no start, but the run has results", path);
		return error_hint(err, JOURNAL_HELP);
	}
	out->id = f->id;
	return true;
}

bool run_folder_remove(const struct run_folder *f, bool *removed,
		       struct error *err)
{
	struct arena *arena = arena_new();
	const char *journal = path_join(arena, f->path, "journal.jsonl");
	DIR *folder = opendir(f->path);
	struct dirent *e;
	bool ok = folder || error_errno(err, "cannot open %s", f->path);

	*removed = ok && !journal_holder(journal);
	while (*removed && ok && (e = readdir(folder)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			ok = unlinkat(dirfd(folder), e->d_name, 0) == 0 ||
			     error_errno(err, "cannot remove %s/%s", f->path,
					 e->d_name);
	if (*removed && ok)
		ok = rmdir(f->path) == 0 ||
		     error_errno(err, "cannot remove %s", f->path);
	if (folder)
		closedir(folder);
	arena_free(arena);
	return ok;
}

static bool check_over(const struct past_run *r, struct error *err)
{
	if (str_is(r->status, "ok")) {
		error_set(err, ERROR_USAGE,
			  "nothing to resume: run %.*s ended well",
			  STR_ARG(r->id));
		return error_hint(err, "weir runs lists those that did not");
	}
	if (r->status.n || !r->holder)
		return true;
	error_set(err, ERROR_LOCKED,
		  "run %.*s is still running, as process %ld", STR_ARG(r->id),
		  r->holder);
	return error_hint(err, "wait until it has ended");
}

/* Another run is in its way, or its warehouse was: it had not begun. */
static bool did_nothing(const struct past_run *r)
{
	return r->status.n && !r->planned && !r->resumes.n &&
	       !str_is(r->status, "ok");
}

/* The newest; if that did nothing, the newest one before that did, unless it
 * ended well. */
static bool find_last(const char *root, struct str target, struct arena *arena,
		      struct past_run *out, struct error *err)
{
	struct run_list all;
	bool found = false;

	if (!runs_list(root, arena, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		struct past_run r;

		if (!run_folder_read(&all.v[i], arena, &r, err))
			return false;
		if (!r.started.n || (target.n && !str_eq(r.target, target)))
			continue;
		if (!found || !(did_nothing(&r) || str_is(r.status, "ok")))
			*out = r;
		if (!did_nothing(&r))
			return true;
		found = true;
	}
	if (found)
		return true;
	error_set(err, ERROR_USAGE, "nothing to resume: no run%s%.*s is there",
		  target.n ? " of target " : "", STR_ARG(target));
	return error_hint(err, "start one: weir run");
}

bool runs_check_continued(const char *root, const struct past_run *r,
			  struct str own, struct arena *arena,
			  struct error *err)
{
	struct run_list all;

	if (!list_folders(root, arena, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		struct error ignored = {0};
		struct past_run other;

		if (str_eq(all.v[i].id, r->id) || str_eq(all.v[i].id, own) ||
		    !run_folder_read(&all.v[i], arena, &other, &ignored) ||
		    !other.planned || !str_eq(other.resumes, r->id))
			continue;
		error_set(err, ERROR_USAGE,
			  "run %.*s has been continued by run %.*s",
			  STR_ARG(r->id), STR_ARG(other.id));
		return error_hint(err, "weir run --resume=%.*s",
				  STR_ARG(other.id));
	}
	return true;
}

bool runs_to_resume(const char *root, struct str id, struct str target,
		    struct arena *arena, struct past_run *out,
		    struct error *err)
{
	struct run_folder f;

	if (id.n) {
		if (!runs_find(root, id, arena, &f, err) ||
		    !run_folder_read(&f, arena, out, err))
			return false;
	} else if (!find_last(root, target, arena, out, err)) {
		return false;
	}
	return check_over(out, err) &&
	       runs_check_continued(root, out, (struct str){0}, arena, err);
}

bool runs_base(const char *root, const struct past_run *r, struct arena *arena,
	       struct past_run *out, struct error *err)
{
	*out = *r;
	while (!out->planned && out->resumes.n) {
		const char *runs = path_join(arena, root, ".weir/runs");
		const struct run_folder f = {
			.id = out->resumes,
			.path = path_join(arena, runs,
					  arena_cstr(arena, out->resumes)),
		};

		if (!run_folder_read(&f, arena, out, err))
			return error_prefix(err, "run %.*s cannot be resumed",
					    STR_ARG(r->id));
	}
	return true;
}
