/*
 * Two bytes of the file are locked, by POSIX record locks, whether or not it
 * has them: the lock itself, and the place of the one who has it next, so that
 * whoever waits is not overtaken by those who come later. The text in the file
 * tells who has the lock. It may be that of a process that was killed while
 * the new one has not written its own, so it counts only for the process that
 * the system names.
 *
 * A process loses its record locks on a file when it closes any descriptor of
 * it: nothing else here may open the file while it is held.
 */
#define _XOPEN_SOURCE 700 /* realpath() */

#include "runtime/state/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "runtime/clock.h"

enum byte { HELD, NEXT };

static struct flock range(enum byte byte, short type)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1,
	};
}

/* Links that lead to one database share its lock. */
static const char *path_of(const char *database, struct arena *arena)
{
	char *real = realpath(database, NULL);
	const char *path =
		arena_printf(arena, "%s.weir-lock", real ? real : database).p;

	free(real);
	return path;
}

static struct str line_of(struct str text, const char *key)
{
	while (text.n) {
		size_t end = str_find(text, '\n', 0);
		struct str line = str_sub(text, 0, end);

		if (str_starts(line, str_of(key)))
			return str_sub(line, strlen(key), line.n);
		text = str_sub(text, end < text.n ? end + 1 : end, text.n);
	}
	return STR("?");
}

static struct str read_text(int fd, struct arena *arena)
{
	char text[1024];
	ssize_t n = pread(fd, text, sizeof(text), 0);

	return arena_str(arena, (struct str){text, n > 0 ? (size_t)n : 0});
}

/* holder: 0 where the system cannot tell, as in another container. */
static bool set_locked(int fd, pid_t holder, const char *database,
		       struct arena *arena, struct error *err)
{
	struct str text = read_text(fd, arena);
	struct str process = line_of(text, "process ");

	if (holder > 0 &&
	    !str_eq(process, arena_printf(arena, "%ld", (long)holder))) {
		error_set(err, ERROR_LOCKED,
			  "another run holds the database %s: process %ld, "
			  "which has just begun",
			  database, (long)holder);
	} else {
		struct str run = line_of(text, "run ");
		struct str user = line_of(text, "user ");
		struct str host = line_of(text, "host ");
		struct str since = line_of(text, "since ");

		error_set(err, ERROR_LOCKED,
			  "another run holds the database %s: \"weir %.*s\" "
			  "of user %.*s, process %.*s on %.*s, since %.*s UTC",
			  database, STR_ARG(run), STR_ARG(user),
			  STR_ARG(process), STR_ARG(host), STR_ARG(since));
	}
	return error_hint(err, "wait until it has ended, or let weir wait: "
			       "--wait 10m");
}

/* Says who has the lock, or else the place behind it. */
static bool set_holder(int fd, const char *database, struct arena *arena,
		       struct error *err)
{
	struct flock held = range(HELD, F_WRLCK);

	if (fcntl(fd, F_GETLK, &held) == 0 && held.l_type != F_UNLCK)
		return set_locked(fd, held.l_pid, database, arena, err);
	error_set(err, ERROR_LOCKED,
		  "another run is about to take the database %s", database);
	return error_hint(err, "run the same command again, or let weir wait: "
			       "--wait 10m");
}

static bool take_byte(int fd, enum byte byte, const char *database,
		      struct arena *arena, struct error *err)
{
	struct flock wanted = range(byte, F_WRLCK);

	if (fcntl(fd, F_SETLK, &wanted) == 0)
		return true;
	if (errno == EACCES || errno == EAGAIN)
		return set_holder(fd, database, arena, err);
	return error_errno(err, "cannot lock %s", path_of(database, arena));
}

static bool open_file(struct lock_file *l, const char *database,
		      struct arena *arena, struct error *err)
{
	struct str folder = path_folder(str_of(database));
	const char *path;

	if (l->is_open)
		return true;
	if (folder.n && !file_make_folder(arena_cstr(arena, folder), err))
		return false;
	path = path_of(database, arena);
	l->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	l->is_open = l->fd >= 0;
	if (l->is_open)
		return true;
	error_errno(err, "cannot open the lock file %s", path);
	return error_hint(err, "a run writes beside its database: it needs "
			       "the right to");
}

static struct str user_name(struct arena *arena)
{
	enum { ROOM = 4096 };
	char *room = ARENA_NEW(arena, char, ROOM);
	struct passwd entry, *found = NULL;

	if (getpwuid_r(geteuid(), &entry, room, ROOM, &found) == 0 && found)
		return str_of(found->pw_name);
	return arena_printf(arena, "%ld", (long)geteuid());
}

/* For those who will be refused. Without it they are told less. */
static void tell(int fd, struct str run, struct arena *arena)
{
	struct str user = user_name(arena);
	struct clock clock = {0};
	char host[256] = "?";
	struct str since, text;

	clock_start(&clock);
	since = clock_text(arena, clock_ms(&clock));
	gethostname(host, sizeof(host) - 1);
	text = arena_printf(arena,
			    "run %.*s\nprocess %ld\nuser %.*s\nhost %s\n"
			    "since %.10s %.8s\n",
			    STR_ARG(run), (long)getpid(), STR_ARG(user), host,
			    since.p, since.p + 11);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text.p, text.n, 0) < 0)
		return;
}

bool lock_file_take(struct lock_file *l, const char *database, struct str run,
		    struct arena *arena, struct error *err)
{
	struct flock next = range(NEXT, F_UNLCK);

	if (l->is_held)
		return true;
	if (!open_file(l, database, arena, err))
		return false;
	l->is_next = l->is_next || take_byte(l->fd, NEXT, database, arena, err);
	if (!l->is_next)
		return false;
	l->is_held = take_byte(l->fd, HELD, database, arena, err);
	if (!l->is_held)
		return false;
	tell(l->fd, run, arena);
	fcntl(l->fd, F_SETLK, &next);
	l->is_next = false;
	return true;
}

void lock_file_release(struct lock_file *l)
{
	if (l->is_held && ftruncate(l->fd, 0) != 0)
		l->is_held = false; /* the text stays, and counts for nobody */
	if (l->is_open)
		close(l->fd);
	*l = (struct lock_file){0};
}

bool lock_file_is_free(const char *database, struct arena *arena,
		       struct error *err)
{
	int fd = open(path_of(database, arena), O_RDONLY | O_CLOEXEC);
	struct flock held = range(HELD, F_WRLCK);
	bool free;

	if (fd < 0)
		return true;
	free = fcntl(fd, F_GETLK, &held) != 0 || held.l_type == F_UNLCK ||
	       set_locked(fd, held.l_pid, database, arena, err);
	close(fd);
	return free;
}
