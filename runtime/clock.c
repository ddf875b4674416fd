/* Times are counted in milliseconds since 1970 and written in UTC. */
#include "runtime/clock.h"

#include <time.h>

#include "base/arena.h"

static int64_t read_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_start(struct clock *c)
{
	c->offset_ms = read_ms(CLOCK_REALTIME) - read_ms(CLOCK_MONOTONIC);
}

int64_t clock_ms(const struct clock *c)
{
	if (c->source)
		return c->source->now_ms(c->source);
	return read_ms(CLOCK_MONOTONIC) + c->offset_ms;
}

void clock_sleep(const struct clock *c, int64_t ms)
{
	struct timespec t = {.tv_sec = (time_t)(ms / 1000),
			     .tv_nsec = (long)(ms % 1000) * 1000000L};

	if (c->source)
		c->source->sleep(c->source, ms);
	else
		nanosleep(&t, NULL);
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
