/* What of a job's outcome becomes the step's. */
#ifndef RUNTIME_PERFORM_OUTCOME_H
#define RUNTIME_PERFORM_OUTCOME_H

#include <stdbool.h>

struct arena;
struct outcome;
struct step;

/* What of it earlier attempts left stays: what a load has committed. */
void outcome_start(struct outcome *o);

/* Adds a piece's outcome to its step, copied to arena: the outcome's own ends
 * with the job. One that speaks for the whole step gives it statement, error
 * and sample. */
void outcome_keep(struct arena *arena, const struct outcome *o, bool speaks,
		  struct step *s);

#endif
