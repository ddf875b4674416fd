/*
 * An assertion is a view of the rows that should not be there. It holds if
 * the view is empty; if not, the result shows some of them. Options say how
 * many rows are a warning only, and whether all of them are kept in a table,
 * which goes when the assertion holds again.
 */
#include "runtime/perform/assertion.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "compiler/graph.h"
#include "runtime/perform/perform.h"
#include "runtime/sql/sql.h"
#include "runtime/warehouse/warehouse.h"

static int64_t limit(int64_t rows)
{
	return rows < 0 ? 0 : rows;
}

enum verdict assertion_judge(const struct action *a, int64_t rows)
{
	const struct weir_options *w = a->weir;

	if (!w)
		return rows > 0 ? VERDICT_FAILS : VERDICT_HOLDS;
	if (!w->only_warns && rows > limit(w->fail_above))
		return VERDICT_FAILS;
	return rows > limit(w->warn_above) ? VERDICT_WARNS : VERDICT_HOLDS;
}

static bool count_rows(struct warehouse *w, struct str query,
		       struct arena *arena, int64_t *out, struct error *err)
{
	struct rows rows;

	if (!w->ops->query(w, query, 1, arena, &rows, err))
		return false;
	if (rows.nrows != 1 || rows.ncolumns != 1 || !rows.values[0].p)
		return error_set(err, ERROR_SQL, "the warehouse gave no count");
	*out = strtoll(arena_cstr(arena, rows.values[0]), NULL, 10);
	return true;
}

static bool set_broken(const struct action *a, const char *subject,
		       int64_t rows, struct error *err)
{
	int64_t allowed = a->weir ? limit(a->weir->fail_above) : 0;
	char more[64] = "";

	if (allowed)
		snprintf(more, sizeof(more), ", and %" PRId64 " may", allowed);
	return error_set(err, ERROR_ASSERTION,
			 "%s does not hold: %" PRId64 " row%s break%s it%s",
			 subject, rows, rows == 1 ? "" : "s",
			 rows == 1 ? "s" : "", more);
}

static bool send_all(struct warehouse *w, const struct script *script,
		     struct error *err)
{
	int64_t rows;

	for (size_t i = 0; i < script->n; i++)
		if (!w->ops->execute(w, script->v[i].sql, &rows, err))
			return false;
	return true;
}

/* The rows are in the view, too, so that what goes wrong here is a note. */
static void keep_rows(struct warehouse *w, const struct action *a,
		      struct str run, bool broken, struct arena *arena,
		      struct outcome *out)
{
	const struct dialect *d = w->profile->dialect;
	struct target table = sql_failures_table(d, arena, a);
	struct script script;
	struct error err = {0};

	if (broken)
		sql_store_failures(d, a, run, arena, &script);
	else
		sql_drop_failures(d, a, arena, &script);
	if (!send_all(w, &script, &err))
		outcome_note(out, arena,
			     arena_printf(arena,
					  "the rows that break it could not be "
					  "stored: %s",
					  err.text));
	else if (broken)
		out->stored = target_short(arena, &table);
}

bool assertion_check(struct warehouse *w, const struct action *a,
		     const struct sql_task *task, struct str run,
		     struct arena *arena, struct outcome *out)
{
	enum verdict verdict;

	out->statement = task->count;
	if (!count_rows(w, task->count, arena, &out->rows, &out->error))
		return false;
	verdict = assertion_judge(a, out->rows);
	if (verdict != VERDICT_HOLDS &&
	    !w->ops->query(w, task->sample, SAMPLE_ROWS, arena, &out->sample,
			   &out->error))
		return false;
	if (a->weir && a->weir->store_failures)
		keep_rows(w, a, run, verdict != VERDICT_HOLDS, arena, out);
	out->warned = verdict == VERDICT_WARNS;
	return verdict != VERDICT_FAILS ||
	       set_broken(a, "the assertion", out->rows, &out->error);
}

static void say_undone(const struct statement *st, struct str name,
		       struct arena *arena, struct outcome *out)
{
	error_hint(&out->error, "%.*s", STR_ARG(st->undone));
	if (st->audit->weir && st->audit->weir->store_failures)
		outcome_note(out, arena,
			     arena_printf(arena,
					  "the rows that break %.*s are not "
					  "stored: they are undone with the "
					  "rest",
					  STR_ARG(name)));
}

bool assertion_audit(struct warehouse *w, const struct statement *st,
		     struct arena *arena, struct outcome *out)
{
	const struct action *a = st->audit;
	struct str name = target_short(arena, &a->target);
	struct error ignored = {0};
	int64_t rows;

	if (!count_rows(w, st->sql, arena, &rows, &out->error)) {
		if (out->error.kind == ERROR_SQL)
			error_prefix(&out->error,
				     "the assertion %.*s cannot be asked",
				     STR_ARG(name));
		return false;
	}
	if (assertion_judge(a, rows) != VERDICT_FAILS)
		return true;
	if (!w->ops->query(w, st->sample, SAMPLE_ROWS, arena, &out->sample,
			   &out->error))
		return false;
	set_broken(a, arena_cstr(arena, name), rows, &out->error);
	say_undone(st, name, arena, out);
	(void)w->ops->execute(w, STR("rollback"), &rows, &ignored);
	return false;
}
