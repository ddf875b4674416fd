/* One query over one connection: no plan, no journal, no lock. */
#include "runtime/preview.h"

#include "base/buf.h"
#include "compiler/graph.h"

bool preview_action(const struct graph *g, uint32_t id, uint32_t max_rows,
		    struct arena *arena, struct rows *out, struct error *err)
{
	struct warehouse *w;
	struct buf sql = {0};
	bool ok;

	if (!warehouse_open(g->profile, g->root, NULL, &w, err))
		return false;
	buf_adds(&sql, "select * from ");
	dialect_put_target(g->profile->dialect, &sql, &g->actions[id].target);
	buf_printf(&sql, " limit %u", max_rows);
	ok = w->ops->query(w, buf_str(&sql), max_rows, arena, out, err);
	if (!ok)
		secrets_hide_error(&g->profile->secrets, err);
	buf_free(&sql);
	w->ops->close(w);
	return ok;
}
