/*
 * Who may use run_start_time() and run_end_time(). Their markers are looked for
 * in the SQL, however it was made; but only if one of them was called at all.
 */
#include "base/arena.h"
#include "base/sql_token.h"
#include "compiler/actions/session.h"

static const struct str start_marker = {RUN_START_MARKER,
					sizeof(RUN_START_MARKER) - 1};
static const struct str end_marker = {RUN_END_MARKER,
				      sizeof(RUN_END_MARKER) - 1};

enum use { USE_NONE, USE_AS_WORD, USE_IN_TEXT };

static bool is_marker(struct str text)
{
	return str_eq(text, start_marker) || str_eq(text, end_marker);
}

static bool has_marker(struct str text)
{
	return str_has(text, start_marker) || str_has(text, end_marker);
}

static enum use use_in(struct str sql)
{
	struct sql_lexer lexer = {sql, 0};
	enum use use = USE_NONE;
	struct sql_token t;

	if (!sql.n || !has_marker(sql))
		return USE_NONE;
	while ((t = sql_next(&lexer)).kind != SQL_END) {
		if (t.kind == SQL_WORD && is_marker(t.text))
			use = USE_AS_WORD;
		else if (t.kind != SQL_COMMENT && has_marker(t.text))
			return USE_IN_TEXT;
	}
	return use;
}

static enum use use_of(const struct action *a)
{
	const struct str texts[] = {a->query, a->incremental_query, a->where,
				    a->expected_query};
	const struct strs lists[] = {a->queries, a->pre_ops, a->post_ops,
				     a->incremental_pre_ops,
				     a->incremental_post_ops};
	enum use use = USE_NONE;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		enum use its = use_in(texts[i]);

		use = its > use ? its : use;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t k = 0; k < lists[i].n; k++) {
			enum use its = use_in(lists[i].v[k]);

			use = its > use ? its : use;
		}
	return use;
}

/* The first call that the action's file has; its start, if it has none. */
static struct span span_of_call(const struct action *a)
{
	static const char *const names[] = {"run_start_time", "run_end_time"};
	const struct source *src = a->place.src;
	struct str text = src ? src->text : (struct str){0};
	size_t at = text.n, end = at;

	for (size_t i = 0; i < 2; i++) {
		size_t found = str_search(text, str_of(names[i]),
					  src ? a->place.offset : 0);

		if (found < at) {
			at = found;
			end = at + strlen(names[i]);
		}
	}
	if (at == text.n)
		return span_of(src, a->place.offset, a->place.offset);
	return span_of(src, (uint32_t)at, (uint32_t)end);
}

static void report(struct session *s, const struct action *a, enum use use)
{
	struct diag *d;

	if (use == USE_IN_TEXT) {
		d = diag_add(s->diags, DIAG_RUN_TIME, span_of_call(a),
			     "run_start_time() or run_end_time() stands in "
			     "quotes");
		diag_help(s->diags, d,
			  "write it without: it becomes a timestamp, quotes "
			  "and all");
	} else {
		d = diag_add(
			s->diags, DIAG_RUN_TIME, span_of_call(a),
			"only the strategy \"window\" has run_start_time() "
			"and run_end_time()");
		diag_help(
			s->diags, d,
			"add weir: { strategy: \"window\", timeColumn: "
			"\"ts\", interval: \"1d\", start: \"2026-01-01\" } to "
			"the config of an incremental table");
	}
	d->action = &a->target;
}

void session_check_run_times(struct session *s, const struct graph *g)
{
	for (uint32_t i = 0; s->names_run_times && i < g->nactions; i++) {
		const struct action *a = &g->actions[i];
		bool window = a->weir && a->weir->strategy == WEIR_WINDOW;
		enum use use = use_of(a);

		if (use > (window ? USE_AS_WORD : USE_NONE))
			report(s, a, use);
	}
}
