/* Files and folders: whole reads, atomic writes, sorted walks. */
#define _XOPEN_SOURCE 700 /* realpath() */

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/vec.h"

static bool read_all(int fd, const char *path, size_t size, struct arena *arena,
		     struct str *out, struct error *err)
{
	char *text = arena_text(arena, size + 1);
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, text + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(err, "cannot read %s", path);
		n += (size_t)got;
		if (got == 0 || n == size)
			break;
	}
	text[n] = '\0';
	*out = (struct str){text, n};
	return true;
}

static bool is_below(struct str path, struct str root)
{
	if (str_is(root, "/"))
		root = STR("");
	return path.n > root.n && str_starts(path, root) &&
	       path.p[root.n] == '/';
}

bool file_is_inside(const char *path, const char *root)
{
	char *real = realpath(path, NULL);
	bool inside = real && is_below(str_of(real), str_of(root));

	free(real);
	return inside;
}

/* The kernel knows where an open file is; where it does not tell, every part
 * of path has to be looked at. */
static bool is_open_inside(int fd, const char *path, const char *root)
{
	char link[64], real[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, real, sizeof(real));
	if (n > 0 && is_below((struct str){real, (size_t)n}, str_of(root)))
		return true;
	return file_is_inside(path, root);
}

static void refuse_outside(const char *path, struct error *err)
{
	error_set(err, ERROR_IO, "%s is a link out of the project", path);
	error_hint(err, "copy what it leads to into the project");
}

/* root may be NULL: the file may lie anywhere. */
static bool read_in(const char *path, const char *root, size_t max,
		    struct arena *arena, struct str *out, struct error *err)
{
	/* O_NONBLOCK: a pipe with no writer must not hang us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool ok = false;

	if (fd < 0)
		return error_errno(err, "cannot read %s", path);
	if (root && !is_open_inside(fd, path, root))
		refuse_outside(path, err);
	else if (fstat(fd, &st) != 0)
		error_errno(err, "cannot read %s", path);
	else if (S_ISDIR(st.st_mode))
		error_set(err, ERROR_IO, "%s is a folder, not a file", path);
	else if (!S_ISREG(st.st_mode))
		error_set(err, ERROR_IO, "%s is no regular file", path);
	else if ((uintmax_t)st.st_size > max)
		error_set(err, ERROR_TOO_LARGE,
			  "%s is too large: %lld bytes, at most %zu are read",
			  path, (long long)st.st_size, max);
	else
		ok = read_all(fd, path, (size_t)st.st_size, arena, out, err);
	close(fd);
	return ok;
}

bool file_read(const char *path, size_t max, struct arena *arena,
	       struct str *out, struct error *err)
{
	return read_in(path, NULL, max, arena, out, err);
}

bool file_read_inside(const char *path, const char *root, size_t max,
		      struct arena *arena, struct str *out, struct error *err)
{
	return read_in(path, root, max, arena, out, err);
}

static bool write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t put = write(fd, s.p, s.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		s.p += put;
		s.n -= (size_t)put;
	}
	return true;
}

/* A new file beside path, in temp. Its name is tried until it is free. */
static int open_beside(struct arena *a, const char *path, mode_t mode,
		       const char **temp)
{
	enum { TRIES = 100 };
	struct timespec now;
	int fd = -1;

	for (int i = 0; fd < 0 && i < TRIES; i++) {
		clock_gettime(CLOCK_REALTIME, &now);
		*temp = arena_printf(a, "%s.%lx-%lx", path, (long)getpid(),
				     now.tv_nsec)
				.p;
		fd = open(*temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

/* A file that is replaced keeps its mode; a new one gets the user's. */
static bool keep_mode(int fd, const char *path)
{
	struct stat old;

	return stat(path, &old) != 0 || !S_ISREG(old.st_mode) ||
	       fchmod(fd, old.st_mode & 0777) == 0;
}

/* only_ours: nobody else may read it, whatever the old file's mode. */
static bool replace(const char *path, struct str content, bool only_ours,
		    struct error *err)
{
	struct arena *a = arena_new();
	const char *temp;
	int fd = open_beside(a, path, only_ours ? 0600 : 0666, &temp);
	bool ok = fd >= 0;

	ok = ok && (only_ours || keep_mode(fd, path)) &&
	     write_all(fd, content) && fsync(fd) == 0;
	if (!ok)
		error_errno(err, "cannot write %s", path);
	if (fd >= 0 && close(fd) != 0 && ok)
		ok = error_errno(err, "cannot write %s", path);
	if (ok && rename(temp, path) != 0)
		ok = error_errno(err, "cannot write %s", path);
	if (fd >= 0 && !ok)
		unlink(temp);
	arena_free(a);
	return ok;
}

bool file_write(const char *path, struct str content, struct error *err)
{
	return replace(path, content, false, err);
}

bool file_write_over(const char *path, struct str old, struct str content,
		     struct error *err)
{
	struct arena *arena = arena_new();
	size_t max = old.n > content.n ? old.n : content.n;
	struct error reading = {0};
	struct str now;
	bool ok = file_read(path, max, arena, &now, &reading);
	bool is_done = ok && str_eq(now, content);
	bool is_old = ok && str_eq(now, old);

	arena_free(arena);
	if (is_done)
		return true;
	if (is_old && access(path, W_OK) != 0)
		return error_errno(err, "cannot write %s", path);
	if (is_old)
		return file_write(path, content, err);
	if (!ok && reading.kind != ERROR_TOO_LARGE)
		return error_set(err, reading.kind, "%s", reading.text);
	return error_set(err, ERROR_IO, "%s was changed meanwhile", path);
}

bool file_write_secret(const char *path, struct str content, struct error *err)
{
	return replace(path, content, true, err);
}

struct parent {
	const struct parent *up;
	dev_t dev;
	ino_t ino;
};

struct walk {
	const char *root;
	const char *real_root;
	bool (*skip)(struct str name);
	struct arena *arena;
	struct file_list *out;
	struct error *err;
};

static bool walk_folder(struct walk *w, const char *dir, struct str relative,
			const struct parent *up);

static bool is_inside_itself(const struct parent *up, const struct stat *st)
{
	for (; up; up = up->up)
		if (up->dev == st->st_dev && up->ino == st->st_ino)
			return true;
	return false;
}

static bool walk_entry(struct walk *w, const char *dir, struct str relative,
		       const char *name, const struct parent *up)
{
	const char *path = path_join(w->arena, dir, name);
	struct file_entry e = {.kind = FILE_OTHER};
	struct parent here = {.up = up};
	struct stat st;
	bool found = lstat(path, &st) == 0;

	e.path = relative.n ? arena_printf(w->arena, "%.*s/%s",
					   STR_ARG(relative), name)
			    : arena_str(w->arena, str_of(name));
	if (found && S_ISLNK(st.st_mode)) {
		w->out->has_links = true;
		found = stat(path, &st) == 0;
		e.is_outside = found && !file_is_inside(path, w->real_root);
	}
	if (found) {
		e.kind = S_ISREG(st.st_mode)   ? FILE_REGULAR
			 : S_ISDIR(st.st_mode) ? FILE_FOLDER
					       : FILE_OTHER;
		e.size = (uint64_t)st.st_size;
	} else if (errno == ENOENT || errno == ELOOP) {
		e.kind = FILE_BROKEN_LINK;
	}
	if (e.kind == FILE_FOLDER && !relative.n && w->skip && w->skip(e.path))
		return true;
	if (w->out->n == WALK_ENTRIES_MAX)
		return error_set(w->err, ERROR_TOO_LARGE,
				 "%s has more than %d files and folders, "
				 "counted as often as links lead to them",
				 w->root, WALK_ENTRIES_MAX);
	VEC_PUSH(w->arena, w->out, e);
	if (e.kind != FILE_FOLDER || e.is_outside || is_inside_itself(up, &st))
		return true;
	here.dev = st.st_dev;
	here.ino = st.st_ino;
	return walk_folder(w, path, e.path, &here);
}

static bool walk_folder(struct walk *w, const char *dir, struct str relative,
			const struct parent *up)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool ok = true;

	if (!d)
		return error_errno(w->err, "cannot read the folder %s", dir);
	while (ok) {
		errno = 0;
		e = readdir(d);
		if (!e)
			break;
		if (e->d_name[0] != '.')
			ok = walk_entry(w, dir, relative, e->d_name, up);
	}
	if (ok && errno)
		ok = error_errno(w->err, "cannot read the folder %s", dir);
	closedir(d);
	return ok;
}

static int by_path(const void *a, const void *b)
{
	const struct file_entry *x = a, *y = b;

	return str_cmp_utf16(x->path, y->path);
}

bool file_walk(const char *root, bool (*skip)(struct str name),
	       struct arena *arena, struct file_list *out, struct error *err)
{
	char *real = realpath(root, NULL);
	struct walk w = {root, real, skip, arena, out, err};
	struct parent top = {0};
	struct stat st;
	bool ok;

	if (!real || stat(root, &st) != 0) {
		error_errno(err, "cannot read the folder %s", root);
		free(real);
		return false;
	}
	top.dev = st.st_dev;
	top.ino = st.st_ino;
	ok = walk_folder(&w, root, STR(""), &top);
	free(real);
	if (ok && out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_path);
	return ok;
}

static bool make_one_folder(const char *path, struct error *err)
{
	int cause;

	if (mkdir(path, 0777) == 0)
		return true;
	cause = errno;
	if (file_is_folder(path))
		return true;
	errno = cause;
	return error_errno(err, "cannot make the folder %s", path);
}

bool file_make_folder(const char *path, struct error *err)
{
	struct arena *a = arena_new();
	struct str copy = arena_str(a, str_of(path));
	char *p = arena_text(a, copy.n + 1);
	bool ok = true;

	memcpy(p, copy.p, copy.n + 1);
	for (size_t i = 1; ok && i <= copy.n; i++) {
		if (p[i] != '/' && p[i] != '\0')
			continue;
		p[i] = '\0';
		ok = make_one_folder(p, err);
		p[i] = copy.p[i];
	}
	arena_free(a);
	return ok;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
