/*
 * POSIX has no way to start a program in another folder, so we go there and
 * come back. While the program runs, keys like Ctrl-C are its business: they
 * reach it too, and we say how it ended.
 */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;

/* The signals of the terminal, as they were before we ignored them. */
struct keys {
	struct sigaction interrupt, quit;
};

static void ignore_keys(struct keys *before)
{
	struct sigaction ignore;

	memset(&ignore, 0, sizeof(ignore));
	ignore.sa_handler = SIG_IGN;
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGINT, &ignore, &before->interrupt);
	sigaction(SIGQUIT, &ignore, &before->quit);
}

static void heed_keys(const struct keys *before)
{
	sigaction(SIGINT, &before->interrupt, NULL);
	sigaction(SIGQUIT, &before->quit, NULL);
}

/* What we ignore for ourselves the program must not. */
static int start(char *const argv[], const struct keys *before, pid_t *pid)
{
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int cause;

	sigemptyset(&defaults);
	if (before->interrupt.sa_handler != SIG_IGN)
		sigaddset(&defaults, SIGINT);
	if (before->quit.sa_handler != SIG_IGN)
		sigaddset(&defaults, SIGQUIT);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	cause = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	return cause;
}

static bool wait_for(pid_t pid, int *status)
{
	int how;

	while (waitpid(pid, &how, 0) < 0)
		if (errno != EINTR)
			return false;
	*status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
	return true;
}

static int start_in(const char *folder, char *const argv[],
		    const struct keys *before, pid_t *pid)
{
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int cause, status;

	if (here < 0)
		return errno;
	cause = chdir(folder) == 0 ? start(argv, before, pid) : errno;
	if (fchdir(here) != 0 && !cause) {
		cause = errno;
		wait_for(*pid, &status);
	}
	close(here);
	return cause;
}

bool spawn_wait(const char *folder, char *const argv[], int *status,
		struct error *err)
{
	struct keys before;
	pid_t pid;
	bool ok;

	if (!file_is_folder(folder))
		return error_set(err, ERROR_IO, "there is no folder \"%s\"",
				 folder);
	ignore_keys(&before);
	errno = start_in(folder, argv, &before, &pid);
	if (errno == ENOENT)
		ok = error_set(err, ERROR_IO,
			       "there is no program \"%s\" on PATH", argv[0]);
	else if (errno != 0)
		ok = error_errno(err, "cannot run \"%s\"", argv[0]);
	else
		ok = wait_for(pid, status) ||
		     error_errno(err, "cannot wait for \"%s\"", argv[0]);
	heed_keys(&before);
	return ok;
}
