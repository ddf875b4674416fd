/* What weir_intervals says of window tables. */
#ifndef RUNTIME_STATE_WINDOW_BOOK_H
#define RUNTIME_STATE_WINDOW_BOOK_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "runtime/window.h"

struct action;
struct arena;
struct graph;
struct sql_window;
struct target;
struct warehouse;

struct window_book {
	bool is_known;             /* it has rows of the table */
	struct periods done, open; /* as window_due() takes them */
	bool off_grid;   /* there are intervals that the window has not */
	struct str hash; /* of the SQL that the newest one was computed by */
};

/* Whether it is an incremental table of the strategy. */
bool is_window(const struct action *a);

/* By action id, of those that are selected and of loads; where it is no window,
 * only is_known is. A query to find weir_intervals; others where it is. */
MUST_CHECK bool window_books_look_up(struct warehouse *w, const struct graph *g,
				     const bool *selected, struct arena *arena,
				     const struct window_book **out,
				     struct error *err);

/* Lowers *now_ms to the server's time, if windows are selected: what is not yet
 * over where rows come in must not be taken for over by a clock that is
 * ahead. A DuckDB file's time is our own. */
MUST_CHECK bool window_books_now(struct warehouse *w, const struct graph *g,
				 const bool *selected, struct arena *arena,
				 int64_t *now_ms, struct error *err);

/* Whether that run has done a period of a window. */
MUST_CHECK bool window_book_has(struct warehouse *w, const struct target *of,
				const struct sql_window *period,
				struct arena *arena, bool *has,
				struct error *err);

/* Deletes what is recorded of a table. */
MUST_CHECK bool window_books_forget(struct warehouse *w,
				    const struct target *of,
				    struct arena *arena, struct error *err);

/* Makes weir_intervals in the schemas of such actions. */
MUST_CHECK bool window_books_make(struct warehouse *w, const struct graph *g,
				  const bool *selected, struct arena *arena,
				  struct error *err);

#endif
