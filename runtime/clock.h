/* The time of day, as runs record it. */
#ifndef RUNTIME_CLOCK_H
#define RUNTIME_CLOCK_H

#include <stdint.h>

#include "base/str.h"

struct arena;

/* A time of a test's own. */
struct time_source {
	int64_t (*now_ms)(const struct time_source *t);
	void (*sleep)(const struct time_source *t, int64_t ms);
};

/* Milliseconds since 1970 as they were when the clock started; from then on it
 * runs evenly, whoever sets the computer's. */
struct clock {
	int64_t offset_ms;
	const struct time_source *source; /* NULL: the computer's */
};

void clock_start(struct clock *c);
int64_t clock_ms(const struct clock *c);
/* Not to be called where a crew can be waited for. A signal wakes it early. */
void clock_sleep(const struct clock *c, int64_t ms);
/* "2026-11-22T10:02:11.250Z" */
struct str clock_text(struct arena *arena, int64_t ms);

#endif
