/* Rows, files and notes of pieces are added up; of texts there is one. */
#include "runtime/perform/outcome.h"

#include "base/arena.h"
#include "runtime/perform/perform.h"
#include "runtime/step.h"

static struct strs copy_strs(struct arena *a, const struct str *v, size_t n)
{
	struct strs copy = {ARENA_NEW(a, struct str, n), n};

	for (size_t i = 0; i < n; i++)
		if (v[i].p)
			copy.v[i] = arena_str(a, v[i]);
	return copy;
}

static bool has(const struct strs *all, struct str s)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i], s))
			return true;
	return false;
}

/* Each piece may have the same to say. */
static void add_notes(struct arena *a, const struct strs *more,
		      struct strs *notes)
{
	struct strs all;

	if (!more->n)
		return;
	all.v = ARENA_NEW(a, struct str, notes->n + more->n);
	for (all.n = 0; all.n < notes->n; all.n++)
		all.v[all.n] = notes->v[all.n];
	for (size_t i = 0; i < more->n; i++)
		if (!has(&all, more->v[i]))
			all.v[all.n++] = arena_str(a, more->v[i]);
	*notes = all;
}

void outcome_start(struct outcome *o)
{
	const struct load_result loaded = o->loaded;

	*o = (struct outcome){.rows = -1, .loaded = loaded};
	if (loaded.since)
		o->rows = loaded.rows;
}

void outcome_keep(struct arena *arena, const struct outcome *o, bool speaks,
		  struct step *s)
{
	const struct rows *sample = &o->sample;
	size_t nvalues = (size_t)sample->nrows * sample->ncolumns;

	if (o->rows >= 0)
		s->rows = (s->rows < 0 ? 0 : s->rows) + o->rows;
	s->files += o->loaded.files;
	s->intervals_done += o->intervals;
	s->files_skipped += o->loaded.files_skipped;
	add_notes(arena, &o->notes, &s->notes);
	s->warned |= o->warned;
	s->in_doubt |= o->is_bare && o->error.kind != ERROR_NONE;
	if (o->stored.p)
		s->stored = arena_str(arena, o->stored);
	if (!speaks)
		return;
	s->error = o->error;
	if (o->interval.p)
		s->interval = arena_str(arena, o->interval);
	if (o->statement.p)
		s->statement = arena_str(arena, o->statement);
	s->sample = *sample;
	s->sample.columns =
		copy_strs(arena, sample->columns, sample->ncolumns).v;
	s->sample.values = copy_strs(arena, sample->values, nvalues).v;
	if (o->why.p) {
		s->deed = o->deed;
		s->why = arena_str(arena, o->why);
	}
}
