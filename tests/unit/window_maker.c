#include "tests/unit/window_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct action *window_make(struct real *r, const char *type, const char *query)
{
	struct weir_options *o =
		ARENA_NEW(r->made.arena, struct weir_options, 1);
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.w", query, "");

	*o = (struct weir_options){
		.strategy = WEIR_WINDOW,
		.time_column = STR("ts"),
		.interval_ms = HOUR,
		.start_ms = WINDOW_START,
		.warn_above = -1,
		.fail_above = -1,
	};
	a->weir = o;
	a->incremental_query = a->query;
	r->made.graph.default_schema = STR("s"); /* gone with its runs' ids */
	real_do(r, "create schema if not exists s");
	real_do(r, arena_printf(r->made.arena,
				"create table s.events (ts %s, n int)", type)
			   .p);
	return a;
}

void window_event(struct real *r, const char *day_and_time, int n)
{
	real_do(r, arena_printf(r->made.arena,
				"insert into s.events values ('2026-01-%s', "
				"%d)",
				day_and_time, n)
			   .p);
}

void window_runs(struct real *r, const char *day_and_time)
{
	real_run_at(r,
		    arena_printf(r->made.arena, "2026-01-%s", day_and_time).p);
	assert_string_equal(real_status(r, "s.w"), "ok");
}

const char *window_rows(struct real *r)
{
	return real_ask(r, "select n from s.w order by n");
}

const char *window_recorded(struct real *r)
{
	bool duckdb = r->made.profile.dialect == &dialect_duckdb;

	return real_ask(
		r, arena_printf(r->made.arena,
				"select min(a), max(b), sum(b - a), count(*) "
				"from (select %s as a, %s as b "
				"from s.weir_intervals "
				"where table_name = 'w') x",
				duckdb ? "(epoch_ms(interval_start) - "
					 "1767225600000) // 3600000"
				       : "(extract(epoch from interval_start)"
					 "::bigint - 1767225600) / 3600",
				duckdb ? "(epoch_ms(interval_end) - "
					 "1767225600000) // 3600000"
				       : "(extract(epoch from interval_end)"
					 "::bigint - 1767225600) / 3600")
			   .p);
}
