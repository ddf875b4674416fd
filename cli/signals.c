/* The handler only notes the signal: whoever works looks at it in time. */
#include "cli/signals.h"

#include <string.h>
#include <unistd.h>

#include "cli/exit.h"

static volatile sig_atomic_t caught;

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
