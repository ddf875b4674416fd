/*
 * A relation counts the commits that changed it since a run began, over all of
 * its lives. So a step is done if all that it changes has been changed, and
 * once if that was once.
 */
#include "tests/fault/sim_check.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"

struct sim_step *sim_step_of(struct sim_world *w, const char *name)
{
	for (uint32_t i = 0; i < w->nsteps; i++)
		if (strcmp(w->steps[i].name, name) == 0)
			return &w->steps[i];
	return NULL;
}

void sim_check_quiet(struct sim_world *w)
{
	for (int i = 0; i < SIM_SESSIONS_MAX; i++)
		if (w->sessions[i].state == SESSION_LIVE)
			sim_broken(w, "session %d is still open", i);
}

const char *sim_last_relation(const struct sim_step *s)
{
	return s->relations[s->nrelations - 1];
}

/* Of a step that was said to be done. */
static void check_done(struct sim_world *w, const struct sim_step *s,
		       const char *who)
{
	for (uint32_t i = 0; i < s->nrelations; i++) {
		uint32_t n = sim_relation(w, s->relations[i])->effects;

		if (n == 0)
			sim_broken(w, "%s says that %s is done: it is not", who,
				   s->name);
	}
}

void sim_check_told(struct sim_world *w)
{
	for (uint32_t i = 0; i < w->nsteps; i++) {
		const struct sim_step *s = &w->steps[i];
		uint32_t n = sim_relation(w, sim_last_relation(s))->effects;

		if (!s->is_told)
			continue;
		if (s->status == STATUS_OK || s->status == STATUS_REUSED)
			check_done(w, s, "the run");
		else if (w->has_ended && s->is_once && s->sent &&
			 n > s->before && !s->in_doubt)
			sim_broken(w, "the run says that %s is %s: it is done",
				   s->name, step_status_name(s->status));
	}
}

static void check_line(struct sim_world *w, struct str line,
		       struct arena *arena)
{
	struct error err = {0};
	struct position at;
	const struct sim_step *s;
	struct value v;

	if (!json_parse(line, arena, &v, &at, &err)) {
		sim_broken(w, "the journal has a line that is no JSON");
		return;
	}
	s = sim_step_of(w, arena_cstr(arena, value_get_str(&v, "name")));
	if (s && (str_is(value_get_str(&v, "status"), "ok") ||
		  str_is(value_get_str(&v, "status"), "reused")))
		check_done(w, s, "the journal");
}

/* Whole lines, each of them true. */
void sim_check_journal(struct sim_world *w, const char *root,
		       struct arena *arena)
{
	const char *path = arena_printf(arena, "%s/.weir/runs/%s/journal.jsonl",
					root, w->run)
				   .p;
	struct error err = {0};
	struct str text;

	if (!w->run[0])
		return;
	if (!file_read(path, 1 << 20, arena, &text, &err)) {
		sim_broken(w, "%s", err.text);
		return;
	}
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		end = str_find(text, '\n', at);
		check_line(w, str_sub(text, at, end), arena);
	}
}

void sim_check_effects(struct sim_world *w)
{
	for (uint32_t i = 0; i < w->nsteps; i++) {
		const struct sim_step *s = &w->steps[i];

		for (uint32_t r = 0; r < s->nrelations; r++) {
			uint32_t n = sim_relation(w, s->relations[r])->effects;

			if (s->is_once && n > 1)
				sim_broken(w, "%s was done %u times", s->name,
					   n);
		}
		if (s->sent > 1 + SIM_RETRIES)
			sim_broken(w, "%s was tried %u times", s->name,
				   s->sent);
		if (s->is_broken && s->sent > 1 && !w->nfaults)
			sim_broken(w, "%s, which is wrong, was tried again",
				   s->name);
	}
}

static uint64_t sum(const struct sim_content *c)
{
	uint64_t s = 0;

	for (uint32_t i = 0; i < c->nrows; i++)
		s += c->rows[i] * UINT64_C(0x9e3779b97f4a7c15);
	return s + c->query.number;
}

void sim_check_same(struct sim_world *w, struct sim_world *expected)
{
	for (uint32_t i = 0; i < expected->nrelations; i++) {
		const struct sim_relation *a = &expected->relations[i];
		const struct sim_relation *b = sim_relation(w, a->name);

		if (a->committed.kind != b->committed.kind ||
		    sum(&a->committed) != sum(&b->committed))
			sim_broken(w,
				   "%s has %u rows, and should have other %u",
				   a->name, b->committed.nrows,
				   a->committed.nrows);
	}
	for (uint32_t i = 0; i < w->nrelations; i++)
		if (strstr(w->relations[i].name, "weir_tmp") &&
		    w->relations[i].committed.kind != RELATION_NONE)
			sim_broken(w, "%s is left over", w->relations[i].name);
}
