/*
 * IF NOT EXISTS does not keep two sessions that make the same from meeting:
 * each sees nothing, and the catalog of the warehouse refuses the one that
 * comes second, with whatever error that is there (on PostgreSQL 23505, 42P07,
 * 42P06 or 42710). By then the other has committed, so that the next attempt
 * finds what it made.
 */
#include "runtime/state/create.h"

#include "runtime/warehouse/warehouse.h"

enum { ATTEMPTS = 3 };

/* DuckDB's errors have no SQLSTATE. */
static bool may_be_a_meeting(const struct error *met)
{
	static const char *const states[] = {"", "23505", "42P07", "42P06",
					     "42710"};

	if (met->kind != ERROR_SQL)
		return false;
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(met->sqlstate, states[i]) == 0)
			return true;
	return false;
}

bool create_missing(struct warehouse *w, struct str sql, struct error *err)
{
	for (int attempt = 1;; attempt++) {
		struct error met = {0};
		int64_t rows;

		if (w->ops->execute(w, sql, &rows, &met))
			return true;
		if (attempt == ATTEMPTS || !may_be_a_meeting(&met)) {
			*err = met;
			return false;
		}
	}
}
