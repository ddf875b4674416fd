/* Tells when something in a folder, or in the folders below it, changes. */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"

struct watch;

/* Files and folders for whose name skip returns true do not count, nor does
 * what a link leads to outside of root. NULL after an error; else the caller
 * ends it.
 */
struct watch *watch_start(const char *root, bool (*skip)(struct str name),
			  struct error *err);
void watch_end(struct watch *w);

enum watch_result { WATCH_CHANGED, WATCH_STOPPED, WATCH_FAILED };

/* Waits for a change, and then for a moment without one, since programs write
 * a file in several steps and git many files at once. Stops when *stop is set
 * by a signal. */
enum watch_result watch_wait(struct watch *w, const atomic_int *stop,
			     struct error *err);

#endif
