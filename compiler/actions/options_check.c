/*
 * Options of an action that contradict or need each other, or other keys of its
 * config. All are errors at the option that is wrong.
 */
#include "compiler/actions/options.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/array.h"

static bool is_set(const struct options *o, enum config_weir_key key)
{
	return o->of[key].value != NULL;
}

static void report(const struct options *o, enum config_weir_key key,
		   struct str text, const char *help)
{
	struct diag *d = draft_error(
		o->s, o->draft,
		o->of[key].place ? DIAG_BAD_WEIRFILE : DIAG_CONFIG_CONFLICT,
		option_span(o, key), "%.*s", STR_ARG(text));

	diag_help(o->s->diags, d, "%s", help);
	if (o->of[key].place)
		diag_note(
			o->s->diags, d, "the action is \"%.*s\"",
			STR_ARG(target_short(o->s->arena, &o->action->target)));
}

/* What a window must have, and only a window can. */
static void check_window(const struct options *o, const struct weir_options *w)
{
	static const struct {
		enum config_weir_key key;
		bool needed;
	} keys[] = {
		{CONFIG_WEIR_timeColumn, true},
		{CONFIG_WEIR_interval, true},
		{CONFIG_WEIR_start, true},
		{CONFIG_WEIR_lookback, false},
	};
	bool window = w->strategy == WEIR_WINDOW;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct str name = config_weir_name(keys[i].key);
		bool set = is_set(o, keys[i].key);

		if (window && keys[i].needed && !set)
			report(o, CONFIG_WEIR_strategy,
			       arena_printf(o->s->arena,
					    "the strategy \"window\" needs "
					    "\"%.*s\"",
					    STR_ARG(name)),
			       "write timeColumn: \"ts\", interval: \"1d\", "
			       "start: \"2026-01-01\"");
		else if (!window && set)
			report(o, keys[i].key,
			       arena_printf(o->s->arena,
					    "\"%.*s\" is for the strategy "
					    "\"window\"",
					    STR_ARG(name)),
			       "add strategy: \"window\", or remove it");
	}
}

/* A window replaces rows by their time, and asks nothing else. */
static void check_rows_by_time(const struct options *o)
{
	static const char *const keys[] = {"updatePartitionFilter",
					   "incrementalPredicates"};
	const char *found = o->action->unique_key.n ? "uniqueKey" : NULL;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct value *v = value_get(o->action->bigquery, keys[i]);

		if (value_is_truthy(v) && (v->kind == VALUE_STRING || v->n))
			found = keys[i];
	}
	if (found)
		report(o, CONFIG_WEIR_strategy,
		       arena_printf(o->s->arena,
				    "the strategy \"window\" and \"%s\" "
				    "exclude each other",
				    found),
		       "remove one of them: a window replaces all rows of an "
		       "interval");
}

static void check_strategy(const struct options *o,
			   const struct weir_options *w)
{
	const struct action *a = o->action;

	if (w->strategy == WEIR_STRATEGY_NONE)
		return;
	if (a->strategy != STRATEGY_UNSPECIFIED)
		report(o, CONFIG_WEIR_strategy,
		       STR("\"strategy\" and \"incrementalStrategy\" exclude "
			   "each other"),
		       "remove one of them");
	if (w->strategy == WEIR_DELETE_INSERT && a->unique_key.n == 0)
		report(o, CONFIG_WEIR_strategy,
		       STR("the strategy \"delete+insert\" needs "
			   "\"uniqueKey\""),
		       "name the columns by which new rows replace old ones");
	if (w->strategy == WEIR_WINDOW)
		check_rows_by_time(o);
}

/* A limit that is not set is 0, so that one alone can be above the other. */
static void check_limits(const struct options *o, const struct weir_options *w)
{
	int64_t fail = w->fail_above < 0 ? 0 : w->fail_above;

	if (w->only_warns || w->warn_above <= fail ||
	    o->of[CONFIG_WEIR_warnAbove].inherited)
		return;
	report(o, CONFIG_WEIR_warnAbove,
	       arena_printf(o->s->arena,
			    "\"warnAbove\" is %" PRId64
			    ", and more than %" PRId64
			    " rows are a failure already",
			    w->warn_above, fail),
	       is_set(o, CONFIG_WEIR_failAbove)
		       ? "\"failAbove\" must not be less than \"warnAbove\""
		       : "add severity: \"warn\", or a \"failAbove\" that is "
			 "not less");
}

/* A table's options for its assertions. A pattern may mean tables that have
 * none. */
static void check_heirs(const struct options *o)
{
	if (o->action->type == ACTION_ASSERTION || o->has_assertions)
		return;
	for (size_t i = 0; i < OPTIONS_INHERITED; i++) {
		enum config_weir_key key = options_inherited[i];
		const struct option *option = &o->of[key];
		struct diag *d;

		if (!option->value || option->of_pattern)
			continue;
		d = diag_warn(o->s->diags,
			      option->place ? DIAG_BAD_WEIRFILE
					    : DIAG_CONFIG_CONFLICT,
			      option_span(o, key),
			      "\"%.*s\" has no effect: \"%.*s\" has no "
			      "assertions in its config",
			      STR_ARG(config_weir_name(key)),
			      STR_ARG(o->action->target.name));
		diag_help(o->s->diags, d,
			  "an assertion of its own has its own options");
	}
}

void options_check(const struct options *o, const struct weir_options *w)
{
	check_window(o, w);
	check_strategy(o, w);
	check_limits(o, w);
	check_heirs(o);
}
