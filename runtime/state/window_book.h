/* What weir_intervals says of window tables. */
#ifndef RUNTIME_STATE_WINDOW_BOOK_H
#define RUNTIME_STATE_WINDOW_BOOK_H

#include "base/error.h"
#include "base/str.h"
#include "runtime/window.h"

struct action;
struct arena;
struct graph;
struct warehouse;

struct window_book {
	bool is_known;             /* it has rows of the table */
	struct periods done, open; /* as window_due() takes them */
	bool off_grid;   /* there are intervals that the window has not */
	struct str hash; /* of the SQL that the newest one was computed by */
};

/* Whether it is an incremental table of the strategy. */
bool is_window(const struct action *a);

/* By action id, for the windows of those that are selected; NULL if there are
 * none. One query for all. */
MUST_CHECK bool window_books_look_up(struct warehouse *w, const struct graph *g,
				     const bool *selected, struct arena *arena,
				     const struct window_book **out,
				     struct error *err);

/* Makes weir_intervals in the schemas of such actions. */
MUST_CHECK bool window_books_make(struct warehouse *w, const struct graph *g,
				  const bool *selected, struct arena *arena,
				  struct error *err);

#endif
