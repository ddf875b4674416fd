/*
 * A claim that another transaction has made and not committed blocks whoever
 * makes the same; one that is committed refuses it. That is what the primary
 * key of the ledger does.
 */
#include "tests/fault/sim_ledger.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static struct sim_claim *find_claim(struct sim_world *w,
				    const struct sim_command *c, uint32_t part)
{
	for (uint32_t i = 0; i < w->nclaims; i++) {
		struct sim_claim *at = &w->claims[i];

		if (at->part == part && strcmp(at->run, c->run) == 0 &&
		    strcmp(at->action, c->action) == 0)
			return at;
	}
	return NULL;
}

/* SIM_REFUSED: it is another's, and this is no wish to wait. */
enum sim_result sim_take_lock(struct sim_world *w, int session,
			      const struct sim_command *c)
{
	struct sim_lock *free = NULL;

	for (int i = 0; i < SIM_LOCKS_MAX; i++) {
		struct sim_lock *l = &w->locks[i];

		if (l->owner < 0)
			free = l;
		else if (l->key != c->lock)
			continue;
		else if (l->owner == session)
			return SIM_DONE;
		else if (!l->is_shared || !c->is_shared)
			return c->kind == SIM_TRY_LOCK ? SIM_REFUSED
						       : SIM_BLOCKED;
	}
	assert(free);
	*free = (struct sim_lock){c->lock, session, c->is_shared,
				  c->until_commit};
	return SIM_DONE;
}

/* The place behind the lock is had before the lock. */
enum sim_result sim_try_lock(struct sim_world *w, int session,
			     const struct sim_command *c,
			     struct sim_answer *out)
{
	struct sim_command next = *c;

	next.lock = c->next;
	out->has_next =
		!c->has_next || sim_take_lock(w, session, &next) == SIM_DONE;
	out->has_lock =
		out->has_next && sim_take_lock(w, session, c) == SIM_DONE;
	return SIM_DONE;
}

void sim_free_lock(struct sim_world *w, int session, int64_t key)
{
	for (int i = 0; i < SIM_LOCKS_MAX; i++)
		if (w->locks[i].owner == session && w->locks[i].key == key)
			w->locks[i].owner = -1;
}

static void add_claim(struct sim_world *w, int session, const char *run,
		      const char *action, uint32_t part)
{
	struct sim_claim *new = &w->claims[w->nclaims++];

	assert(w->nclaims <= SIM_CLAIMS_MAX);
	*new = (struct sim_claim){.part = part, .owner = session};
	snprintf(new->run, sizeof(new->run), "%s", run);
	snprintf(new->action, sizeof(new->action), "%s", action);
}

enum sim_result sim_claim_parts(struct sim_world *w, int session,
				const struct sim_command *c, struct error *err)
{
	enum sim_result lock = sim_take_lock(w, session, c);

	if (lock != SIM_DONE)
		return lock;
	for (uint32_t part = c->first; part <= c->last; part++) {
		struct sim_claim *other = find_claim(w, c, part);

		if (other && other->owner < 0)
			return sim_refuse(err, "23505", "it is claimed",
					  c->action);
		if (other)
			return SIM_BLOCKED;
	}
	for (uint32_t part = c->first; part <= c->last; part++)
		add_claim(w, session, c->run, c->action, part);
	return SIM_DONE;
}

enum sim_result sim_carry(struct sim_world *w, int session,
			  const struct sim_command *c)
{
	uint32_t n = w->nclaims;

	for (uint32_t i = 0; i < n; i++) {
		const struct sim_claim *old = &w->claims[i];

		for (uint32_t a = 0; a < c->nactions; a++)
			if (old->owner < 0 && strcmp(old->run, c->other) == 0 &&
			    strcmp(old->action, c->actions[a]) == 0)
				add_claim(w, session, c->run, c->actions[a],
					  old->part);
	}
	return SIM_DONE;
}

enum sim_result sim_done_actions(struct sim_world *w,
				 const struct sim_command *c,
				 struct sim_answer *out)
{
	for (uint32_t i = 0; i < w->nclaims; i++) {
		const struct sim_claim *claim = &w->claims[i];
		uint32_t a = 0;

		if (claim->owner >= 0 || strcmp(claim->run, c->run) != 0)
			continue;
		while (a < out->nactions &&
		       strcmp(out->actions[a], claim->action) != 0)
			a++;
		if (a == out->nactions) {
			memcpy(out->actions[a], claim->action, SIM_NAME);
			out->min_part[a] = claim->part;
			out->nactions++;
		}
		if (claim->part < out->min_part[a])
			out->min_part[a] = claim->part;
	}
	return SIM_DONE;
}

enum sim_result sim_done_parts(struct sim_world *w, const struct sim_command *c,
			       struct sim_answer *out)
{
	for (uint32_t part = 0; part <= SIM_PARTS_MAX; part++) {
		const struct sim_claim *there = find_claim(w, c, part);

		out->parts[part] = there && there->owner < 0;
	}
	return SIM_DONE;
}
