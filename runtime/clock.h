/* The time of day, as runs record it. */
#ifndef RUNTIME_CLOCK_H
#define RUNTIME_CLOCK_H

#include <stdint.h>

#include "base/str.h"

struct arena;

/* Milliseconds since 1970 as they were when the clock started; from then on it
 * runs evenly, whoever sets the computer's. */
struct clock {
	int64_t offset_ms;
};

void clock_start(struct clock *c);
int64_t clock_ms(const struct clock *c);
/* "2026-11-22T10:02:11.250Z" */
struct str clock_text(struct arena *arena, int64_t ms);

#endif
