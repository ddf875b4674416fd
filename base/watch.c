/*
 * inotify tells of one folder at a time, by numbers whose paths are wrong as
 * soon as a folder above is renamed. So nobody here asks what has changed:
 * where a folder came, went or moved, or events were lost, all folders are
 * watched anew before the change is reported, and whoever then reads the files
 * reads them as they are.
 */
#define _XOPEN_SOURCE 700 /* realpath() */

#include "base/watch.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"

enum {
	QUIET_MS = 200,   /* without a change, before one is reported */
	BUSY_MS = 2000,   /* and after so long in any case */
	GLANCE_MS = 1000, /* how late a signal may be noticed at worst */
	DEPTH_MAX = 100,  /* of folders */
};

static const uint32_t folder_events =
	IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE |
	IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

struct watch {
	const char *root;
	bool (*skip)(struct str name);
	int fd;
	bool stale; /* there are folders that fd does not know, or did */
};

/* One time that all folders are looked for. */
struct round {
	struct watch *w;
	struct arena *arena;
	int fd, newest; /* the number of the folder that was added last */
	int depth;
	const char *real_root; /* without links */
	struct error *err;
};

static bool watch_below(struct round *r, const char *folder);

/* A file is none of ours, nor is what is gone or closed to us; a folder whose
 * number is not new is one that a link led to before. */
static bool watch_folder(struct round *r, const char *path)
{
	int number = inotify_add_watch(r->fd, path, folder_events);
	int cause = errno;
	bool ok;

	if (number < 0 && (cause == ENOTDIR || cause == ENOENT ||
			   cause == EACCES || cause == ELOOP))
		return true;
	if (number < 0) {
		error_errno(r->err, "cannot watch the folder %s", path);
		if (cause == ENOSPC)
			error_hint(r->err, "raise the system's limit: sysctl "
					   "fs.inotify.max_user_watches");
		return false;
	}
	if (number <= r->newest || r->depth == DEPTH_MAX)
		return true;
	r->newest = number;
	r->depth++;
	ok = watch_below(r, path);
	r->depth--;
	return ok;
}

static bool is_skipped(const struct watch *w, const char *name)
{
	return w->skip(str_of(name));
}

/* What a link leads to outside of the root is somebody else's. */
static bool is_outside(const struct round *r, const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
	       !file_is_inside(path, r->real_root);
}

static bool watch_below(struct round *r, const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	bool ok = true;

	if (!d)
		return true;
	while (ok && (e = readdir(d)) != NULL) {
		const char *path = path_join(r->arena, folder, e->d_name);

		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 &&
		    !is_skipped(r->w, e->d_name) && !is_outside(r, path))
			ok = watch_folder(r, path);
	}
	closedir(d);
	return ok;
}

/* All folders with a new descriptor, which takes the old one's place. */
static bool watch_all(struct watch *w, struct error *err)
{
	struct round r = {.w = w, .arena = arena_new(), .err = err};
	char *real = realpath(w->root, NULL);
	bool ok = false;

	r.real_root = real ? real : w->root;
	r.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (r.fd < 0)
		error_errno(err, "cannot watch %s", w->root);
	else
		ok = watch_folder(&r, w->root);
	if (ok && r.newest == 0) {
		errno = ENOENT;
		ok = error_errno(err, "cannot watch %s", w->root);
	}
	if (ok) {
		if (w->fd >= 0)
			close(w->fd);
		w->fd = r.fd;
		w->stale = false;
	} else if (r.fd >= 0) {
		close(r.fd);
	}
	free(real);
	arena_free(r.arena);
	return ok;
}

struct watch *watch_start(const char *root, bool (*skip)(struct str name),
			  struct error *err)
{
	struct watch *w = mem_alloc(sizeof(*w));

	*w = (struct watch){.root = root, .skip = skip, .fd = -1};
	if (watch_all(w, err))
		return w;
	free(w);
	return NULL;
}

void watch_end(struct watch *w)
{
	close(w->fd);
	free(w);
}

/* Whether an event is a change; notes if folders must be looked for again. */
static bool is_change(struct watch *w, const struct inotify_event *e)
{
	const uint32_t about_all = IN_Q_OVERFLOW | IN_DELETE_SELF |
				   IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

	if (e->mask & about_all) {
		w->stale = true;
		return true;
	}
	if (e->len && is_skipped(w, e->name))
		return false;
	if (e->mask & IN_ISDIR)
		w->stale = true;
	return true;
}

static bool read_events(struct watch *w)
{
	union {
		struct inotify_event first; /* for its alignment */
		char bytes[1 << 14];
	} buffer;
	bool changed = false;
	ssize_t n;

	while ((n = read(w->fd, buffer.bytes, sizeof(buffer))) > 0)
		for (ssize_t i = 0; i < n;) {
			const struct inotify_event *e =
				(const void *)(buffer.bytes + i);

			changed = is_change(w, e) || changed;
			i += (ssize_t)(sizeof(*e) + e->len);
		}
	return changed;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum watch_result watch_wait(struct watch *w, const atomic_int *stop,
			     struct error *err)
{
	int64_t until = 0; /* 0: nothing has changed */

	for (;;) {
		struct pollfd p = {.fd = w->fd, .events = POLLIN};
		int n = *stop ? 0 : poll(&p, 1, until ? QUIET_MS : GLANCE_MS);

		if (*stop)
			return WATCH_STOPPED;
		if (n < 0 && errno != EINTR) {
			error_errno(err, "cannot watch %s", w->root);
			return WATCH_FAILED;
		}
		if (n > 0 && read_events(w) && !until)
			until = now_ms() + BUSY_MS;
		if (until && (n == 0 || now_ms() > until))
			break;
	}
	return !w->stale || watch_all(w, err) ? WATCH_CHANGED : WATCH_FAILED;
}
