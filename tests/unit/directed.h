/*
 * A run of three actions with a crew in a time of its own, and what is to
 * happen to it.
 */
#ifndef TESTS_UNIT_DIRECTED_H
#define TESTS_UNIT_DIRECTED_H

#include "tests/unit/fake_crew.h"
#include "tests/unit/fake_warehouse.h"
#include "tests/unit/graph_maker.h"

struct directed {
	struct made made;
	struct fake fake;
	struct fake_crew crew;
	struct connector connector;
	struct weir_options weir;
	struct run_options options;
	struct run_observer observer;
	struct run run;
	struct error err;
	char root[32];
	atomic_int interrupted, insisted;
	const char *pieces_of;  /* this action is done in 5 pieces */
	bool in_turn;           /* ... one after another */
	const char *slow;       /* this action takes 10 s */
	bool slow_is_bare;      /* ... with what no claim keeps from being done
				 * again */
	const char *there_then; /* after an attempt that failed */
	bool interrupt_retry;   /* when one is told */
	bool sure_then;      /* of those behind it, it is known what they did */
	const char *lose_at; /* when this action starts, the lock is lost */
	const char *lose_next; /* ... and again when this one starts */
	bool taken_when_lost;  /* ... by another run */
	int64_t lost_ms;       /* when it was */
	const char *interrupt_at, *insist_at;
	int nretries;
	int64_t waited_ms;
};

/* t - u, and v alone */
void directed_start(struct directed *s);
bool directed_run(struct directed *s);
void directed_end(struct directed *s);

const struct step *directed_step(const struct directed *s, const char *name);
/* A file that the run left. */
struct str directed_file(struct directed *s, const char *name);
/* Statements of t fail, so many of them; 0: all. */
void directed_break_t(struct directed *s, const char *sqlstate, int times);

#endif
