/* The time of day, as runs record it. */
#ifndef RUNTIME_CLOCK_H
#define RUNTIME_CLOCK_H

#include <stdint.h>

#include "base/str.h"

struct arena;

int64_t clock_ms(void); /* since 1970 */
/* "2026-11-22T10:02:11.250Z" */
struct str clock_text(struct arena *arena, int64_t ms);

#endif
