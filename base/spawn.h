/* Other programs. */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include "base/error.h"

/* Runs a program of PATH with our standard streams in folder and waits for
 * its end. argv ends with NULL. *status is its exit status, or 128 and the
 * signal that ended it. Changes the working folder for a moment: not for use
 * beside threads. */
MUST_CHECK bool spawn_wait(const char *folder, char *const argv[], int *status,
			   struct error *err);

#endif
