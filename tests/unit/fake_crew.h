/*
 * A crew without threads, in a time of its own: a job is done all at once, when
 * the time that it takes is over. A director that asks again and again without
 * waiting is found out.
 */
#ifndef TESTS_UNIT_FAKE_CREW_H
#define TESTS_UNIT_FAKE_CREW_H

#include "runtime/executor.h"
#include "runtime/worker.h"

enum { FAKE_HANDS = 3, FAKE_START_MS = 1000000 };

struct fake;
struct fake_crew;

struct fake_time {
	struct time_source base;
	struct fake_crew *crew;
};

struct fake_crew {
	struct crew base;
	struct fake_time time;
	int64_t now_ms;
	/* How long a job takes; NULL: 1 ms. */
	int64_t (*takes_ms)(void *ctx, const struct job *j);
	void *ctx;
	bool deaf; /* nothing can be cancelled */
	struct {
		struct worker worker;
		struct job *job; /* NULL: idle */
		int64_t ends_ms;
	} hands[FAKE_HANDS];
	/* What was seen. */
	int most_at_once, nhanded, nidle;
};

/* Gives the fake's connector this crew and its time. */
void fake_crew_start(struct fake_crew *c, struct fake *f,
		     struct connector *connector);
/* Where the run did not end it, because it was left. */
void fake_crew_end(struct fake_crew *c);

#endif
