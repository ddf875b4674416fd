/* Times are counted in milliseconds since 1970 and written in UTC. */
#include "runtime/clock.h"

#include <time.h>

#include "base/arena.h"

int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct str clock_text(struct arena *arena, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char day[sizeof("2026-11-22T10:02:11")];

	gmtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	return arena_printf(arena, "%s.%03dZ", day, (int)(ms % 1000));
}
