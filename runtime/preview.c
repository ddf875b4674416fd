/* One query over one connection: no plan, no journal, no lock. */
#include "runtime/preview.h"

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/graph.h"

static bool is_built(struct warehouse *w, const struct action *a,
		     struct arena *arena, struct strs *types, struct error *err)
{
	struct str name = target_short(arena, &a->target);
	struct relation there;

	if (a->type > ACTION_DECLARATION)
		return error_set(err, ERROR_USAGE, "\"%.*s\" holds no rows",
				 STR_ARG(name));
	if (!w->ops->describe(w, &a->target, arena, &there, err))
		return false;
	*types = there.types;
	if (there.kind != RELATION_NONE)
		return true;
	if (a->type == ACTION_DECLARATION) {
		error_set(err, ERROR_SQL, "\"%.*s\" is not there",
			  STR_ARG(name));
		return error_hint(err, "create it in the warehouse, or let "
				       "weir fill it from files: \"loads\" in "
				       "weir.yaml");
	}
	error_set(err, ERROR_SQL, "\"%.*s\" is not built yet", STR_ARG(name));
	return error_hint(err, "weir run --actions %.*s", STR_ARG(name));
}

bool preview_action(const struct graph *g, uint32_t id, uint32_t max_rows,
		    struct arena *arena, struct rows *out, struct strs *types,
		    struct error *err)
{
	struct warehouse *w;
	struct buf sql = {0};
	bool ok;

	if (!warehouse_open(g->profile, g->root, NULL, NULL, &w, err))
		return false;
	buf_adds(&sql, "select * from ");
	dialect_put_target(g->profile->dialect, &sql, &g->actions[id].target);
	buf_printf(&sql, " limit %u", max_rows);
	ok = is_built(w, &g->actions[id], arena, types, err) &&
	     w->ops->query(w, buf_str(&sql), max_rows, arena, out, err);
	if (!ok)
		secrets_hide_error(&g->profile->secrets, err);
	buf_free(&sql);
	w->ops->close(w);
	return ok;
}
