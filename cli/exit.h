/* Every exit status of weir. Signals end it with 128 + their number. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1,   /* an action or assertion failed */
	EXIT_USAGE = 2,    /* the command line makes no sense */
	EXIT_PROJECT = 3,  /* the project does not compile */
	EXIT_CONNECT = 4,  /* the warehouse cannot be reached or refuses us */
	EXIT_LOCKED = 5,   /* another run holds the lock */
	EXIT_SIGNAL = 128, /* 129: SIGHUP, 130: SIGINT, 143: SIGTERM */
};

#endif
