/* SIGINT, SIGTERM and SIGHUP: the first asks a run to stop, the second ends
 * weir. A reader that went away is no reason to die: SIGPIPE is ignored.
 * SIGALRM ends work that nothing else can end. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/str.h"

void signals_catch(void);
/* 0, or the first signal that came. */
const atomic_int *signals_caught(void);

/* Becomes 1 with the second signal. Whoever asked for this has a second then to
 * leave by himself. */
const atomic_int *signals_insisted(void);

/* After so many milliseconds SIGALRM asks to stop, as a signal of the user
 * does. */
void signals_deadline(uint32_t ms);

/* What is printed to standard error when a limit is reached. */
struct limit_text {
	struct str start, end; /* around a line that names *path */
	struct str alone;      /* what is printed if that is NULL */
	const char *const volatile *path;
};

/* Unless signals_end_limit() comes first, prints text after so many seconds and
 * exits with status. text must stay until then. */
void signals_limit(unsigned seconds, const struct limit_text *text, int status);
void signals_end_limit(void);

#endif
