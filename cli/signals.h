/* SIGINT and SIGTERM: the first asks a run to stop, the second ends weir. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>

void signals_catch(void);
/* 0, or the first signal that came. */
const volatile sig_atomic_t *signals_caught(void);

#endif
