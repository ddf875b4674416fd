/* The handler only notes the signal: whoever works looks at it in time. The
 * alarm is for work that does not look. */
#include "cli/signals.h"

#include <string.h>
#include <unistd.h>

#include "cli/exit.h"

static volatile sig_atomic_t caught;

/* What the alarm does; set while it cannot ring. */
static struct {
	struct str text;
	int status;
} limit;

static void on_signal(int number)
{
	if (caught)
		_exit(EXIT_SIGNAL + number);
	caught = number;
}

void signals_catch(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

const volatile sig_atomic_t *signals_caught(void)
{
	return &caught;
}

static void on_alarm(int number)
{
	ssize_t n = write(STDERR_FILENO, limit.text.p, limit.text.n);

	(void)number;
	(void)n;
	_exit(limit.status);
}

void signals_limit(unsigned seconds, struct str text, int status)
{
	struct sigaction action;

	limit.text = text;
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
