/*
 * An assertion is a view of the rows that should not be there. It holds if
 * the view is empty; if not, the result shows some of them.
 */
#include "runtime/assertion.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "runtime/perform.h"
#include "runtime/sql.h"
#include "runtime/warehouse.h"

static bool count_rows(struct warehouse *w, const struct sql_task *task,
		       struct arena *arena, struct outcome *out)
{
	struct rows rows;

	out->statement = task->count;
	if (!w->ops->query(w, task->count, 1, arena, &rows, &out->error))
		return false;
	if (rows.nrows != 1 || rows.ncolumns != 1 || !rows.values[0].p)
		return error_set(&out->error, ERROR_SQL,
				 "the warehouse gave no count");
	out->rows = strtoll(arena_cstr(arena, rows.values[0]), NULL, 10);
	return true;
}

bool assertion_check(struct warehouse *w, const struct sql_task *task,
		     struct arena *arena, struct outcome *out)
{
	if (!count_rows(w, task, arena, out))
		return false;
	if (out->rows == 0)
		return true;
	if (!w->ops->query(w, task->sample, SAMPLE_ROWS, arena, &out->sample,
			   &out->error))
		return false;
	return error_set(&out->error, ERROR_ASSERTION,
			 "the assertion does not hold: %" PRId64 " row%s",
			 out->rows,
			 out->rows == 1 ? " breaks it" : "s break it");
}
