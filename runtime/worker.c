/*
 * A connection that was lost, be it while nobody used it, or cancelled, is
 * closed, and the next job opens another. What a job's statements set for their
 * session is not the next one's.
 */
#include "runtime/worker.h"

#include "runtime/director.h"
#include "runtime/executor.h"
#include "runtime/perform/outcome.h"
#include "runtime/warehouse/warehouse.h"

void worker_end(struct worker *w)
{
	if (w->warehouse)
		w->warehouse->ops->close(w->warehouse);
	w->warehouse = NULL;
}

bool worker_connect(struct worker *w, struct job *j, const struct stopper *stop)
{
	const struct connector *c = w->execution->connector;

	j->ok = false;
	outcome_start(&j->outcome);
	if (!stopper_goes_on(stop, &j->outcome.error))
		return false;
	if (w->warehouse && !w->warehouse->ops->is_open(w->warehouse))
		worker_end(w);
	return w->warehouse ||
	       c->open(c->ctx, &w->warehouse, &j->outcome.error);
}

void worker_do(struct worker *w, struct job *j, const struct stopper *stop)
{
	const struct execution *e = w->execution;

	j->ok = perform(
		&(struct performer){
			.plan = e->plan,
			.warehouse = w->warehouse,
			.reload = &e->options->reload,
			.attempt = j->attempt,
			.run = e->run->id,
			.timeout_ms = j->timeout_ms,
			.in_doubt = j->in_doubt_now,
			.stop = *stop,
		},
		j->step, j->piece, j->arena, &j->outcome);
}

static bool renew(struct worker *w)
{
	struct error ignored = {0};

	return w->warehouse->ops->renew(w->warehouse, &ignored);
}

void worker_rest(struct worker *w, const struct job *j)
{
	if (!w->warehouse)
		return;
	if (j->stopped ||
	    (!j->ok && !w->warehouse->ops->is_open(w->warehouse)) ||
	    (!j->ok && j->outcome.error.kind == ERROR_LOST) ||
	    (j->outcome.session_used && !renew(w)))
		worker_end(w);
}
