/*
 * The handler only notes the signal: whoever works looks at it in time. A
 * second one leaves at once, or a second later where somebody has results to
 * write before, unless it follows so close that it must be the same key press,
 * passed on by a wrapper too: what runs in the warehouse could not be cancelled
 * before it. The alarm is for work that does not look.
 */
#include "cli/signals.h"

#include <errno.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "cli/exit.h"

enum { SAME_PRESS_MS = 500 };

/* Threads read them, too. */
static atomic_int caught, insisted, is_asked;
static struct timespec caught_at; /* the handler's own */

static long ms_since(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)(now.tv_sec - from->tv_sec) * 1000 +
	       (now.tv_nsec - from->tv_nsec) / 1000000;
}

/* What the alarm does; set while it cannot ring. */
static struct {
	struct limit_text text;
	int status;
} limit;

/* Asked of a signal that is not the first. */
static void insist(int number)
{
	if (insisted || !is_asked)
		_exit(EXIT_SIGNAL + (caught == SIGALRM ? number : caught));
	clock_gettime(CLOCK_MONOTONIC, &caught_at);
	insisted = 1;
	alarm(1);
}

static void on_signal(int number)
{
	int cause = errno;

	if (!caught) {
		clock_gettime(CLOCK_MONOTONIC, &caught_at);
		caught = number;
	} else if (number == SIGALRM) {
		if (insisted)
			insist(number);
	} else if (ms_since(&caught_at) > SAME_PRESS_MS) {
		insist(number);
	}
	errno = cause;
}

/* What nohup has us ignore stays ignored. */
static void catch_one(int number, const struct sigaction *action)
{
	struct sigaction before;

	sigaction(number, NULL, &before);
	if (before.sa_handler != SIG_IGN)
		sigaction(number, action, NULL);
}

/* Each blocks the others, so that caught_at is written by one at a time. */
void signals_catch(void)
{
	struct sigaction action, ignore;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigfillset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	catch_one(SIGHUP, &action);
	memset(&ignore, 0, sizeof(ignore));
	ignore.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &ignore, NULL);
	/* A file that may not grow is an error of whoever writes it. */
	sigaction(SIGXFSZ, &ignore, NULL);
}

void signals_deadline(uint32_t ms)
{
	struct itimerval once = {
		.it_value = {.tv_sec = (time_t)(ms / 1000),
			     .tv_usec = (suseconds_t)(ms % 1000) * 1000},
	};

	setitimer(ITIMER_REAL, &once, NULL);
}

const atomic_int *signals_insisted(void)
{
	is_asked = 1;
	return &insisted;
}

const atomic_int *signals_caught(void)
{
	return &caught;
}

static void print(struct str text)
{
	ssize_t n = write(STDERR_FILENO, text.p, text.n);

	(void)n;
}

/* A terminal might obey what is no plain character of a path. */
static void print_path(const char *path)
{
	char line[512] = "  --> ";
	size_t n = strlen(line);

	for (; *path && n + 1 < sizeof(line); path++)
		line[n++] = *path < ' ' || *path > '~' ? '?' : *path;
	line[n++] = '\n';
	print((struct str){line, n});
}

static void on_alarm(int number)
{
	const char *path = *limit.text.path;

	(void)number;
	print(path ? limit.text.start : limit.text.alone);
	if (path) {
		print_path(path);
		print(limit.text.end);
	}
	_exit(limit.status);
}

void signals_limit(unsigned seconds, const struct limit_text *text, int status)
{
	struct sigaction action;

	limit.text = *text;
	limit.status = status;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_alarm;
	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}

void signals_end_limit(void)
{
	alarm(0);
}
