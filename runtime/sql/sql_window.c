/*
 * Statements about window tables and weir_intervals, which has a row for each
 * interval that is done.
 *
 * Doing intervals is one transaction: they are recorded, the table's rows of
 * their time are deleted, and the query's rows of that time inserted. A
 * transaction that does the same ones waits at the record until the first has
 * ended and then does them again, so rows are never there twice. Intervals of
 * one grid meet in their starts, the primary key. After a change of the grid
 * they need not: then the table is locked while one is done, and what is
 * recorded is cut, so that rows of weir_intervals never overlap.
 */
#include "base/arena.h"
#include "base/moment.h"
#include "runtime/sql/sql_write.h"

static void put_moment(struct buf *b, int64_t ms)
{
	char text[MOMENT_MAX];
	size_t n = moment_print(MOMENT_TIMESTAMP, ms * 1000, text);

	buf_printf(b, "timestamptz '%.*s'", (int)n, text);
}

static void put_time(struct sql *s, int64_t ms)
{
	put_moment(&s->b, ms);
}

/* Of the table's time column; unset while there is none. */
static struct str time_type(const struct sql *s)
{
	const struct relation *found = s->request->found;

	for (size_t i = 0; s->request->deed == DEED_FILL && i < found->types.n;
	     i++)
		if (str_eq_nocase(found->columns.v[i],
				  s->action->weir->time_column))
			return found->types.v[i];
	return (struct str){0};
}

/* The time column, of the query as the table will have it: a timestamp that
 * becomes a date is in that day's interval. */
static void put_time_column(struct sql *s, bool of_query)
{
	struct str type = of_query ? time_type(s) : (struct str){0};

	if (type.n)
		buf_adds(&s->b, "cast(");
	dialect_put_ident(s->dialect, &s->b, s->action->weir->time_column);
	if (type.n)
		buf_printf(&s->b, " as %.*s)", STR_ARG(type));
}

/* "ts" >= from and "ts" < to */
static void put_period(struct sql *s, bool of_query)
{
	const struct sql_window *w = s->request->window;

	put_time_column(s, of_query);
	buf_adds(&s->b, " >= ");
	put_time(s, w->period.from);
	buf_adds(&s->b, " and ");
	put_time_column(s, of_query);
	buf_adds(&s->b, " < ");
	put_time(s, w->period.to);
}

struct str sql_window_text(struct sql *s, struct str text)
{
	const struct str start = STR(RUN_START_MARKER),
			 end = STR(RUN_END_MARKER);
	const struct sql_window *w = s->request->window;
	struct str out;

	for (size_t at = 0;;) {
		size_t a = str_search(text, start, at);
		size_t b = str_search(text, end, at);
		size_t next = a < b ? a : b;

		buf_add_str(&s->b, str_sub(text, at, next));
		if (next == text.n)
			break;
		put_time(s, a < b ? w->period.from : w->period.to);
		at = next + (a < b ? start.n : end.n);
	}
	out = buf_move(&s->b, s->arena);
	return out;
}

struct str sql_window_query(struct sql *s, struct str query)
{
	struct str whole = sql_window_text(s, query);

	buf_adds(&s->b, "select * from (\n");
	buf_add_str(&s->b, whole);
	buf_adds(&s->b, SQL_ROWS_OF_TIME);
	put_period(s, true);
	return buf_move(&s->b, s->arena);
}

struct target sql_intervals_table(const struct target *of)
{
	struct target t = *of;

	t.name = STR("weir_intervals");
	return t;
}

static void put_book(struct sql *s)
{
	struct target book = sql_intervals_table(&s->action->target);

	dialect_put_target(s->dialect, &s->b, &book);
}

/* Text in which $B stands for weir_intervals and $W for its table's name. */
static void put_book_text(struct sql *s, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p != '$')
			buf_addc(&s->b, *p);
		else if (*++p == 'B')
			put_book(s);
		else
			dialect_put_string(s->dialect, &s->b,
					   s->action->target.name);
	}
}

/* Of the names in weir_intervals: whose table goes by this one, too. */
static const char *same_name(const struct dialect *d)
{
	return d->folds_case ? "lower(table_name) = lower(" : "table_name = (";
}

struct str sql_forget_intervals(const struct dialect *d,
				const struct target *of, struct arena *arena)
{
	struct target book = sql_intervals_table(of);
	struct buf b = {0};
	struct str sql;

	buf_adds(&b, "delete from ");
	dialect_put_target(d, &b, &book);
	buf_printf(&b, " where %s", same_name(d));
	dialect_put_string(d, &b, of->name);
	buf_addc(&b, ')');
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

void sql_window_forget(struct sql *s)
{
	buf_add_str(&s->b, sql_forget_intervals(s->dialect, &s->action->target,
						s->arena));
	sql_end(s);
}

/* Nothing recorded reaches into the period or out of it. */
static void cut_to_fit(struct sql *s)
{
	const struct sql_window *w = s->request->window;

	if (s->dialect->kind == WAREHOUSE_POSTGRES)
		sql_add(s, "lock table $T in share row exclusive mode");
	put_book_text(s, "insert into $B\nselect table_name, ");
	put_time(s, w->period.to);
	put_book_text(s, ", interval_end, run, sql_hash, done_at, is_final\n"
			 "from $B\nwhere table_name = $W and "
			 "interval_start < ");
	put_time(s, w->period.to);
	buf_adds(&s->b, " and interval_end > ");
	put_time(s, w->period.to);
	sql_end(s);
	put_book_text(s, "update $B set interval_end = ");
	put_time(s, w->period.from);
	put_book_text(s, "\nwhere table_name = $W and interval_start < ");
	put_time(s, w->period.from);
	buf_adds(&s->b, " and interval_end > ");
	put_time(s, w->period.from);
	sql_end(s);
	put_book_text(s, "delete from $B\nwhere table_name = $W and "
			 "interval_start >= ");
	put_time(s, w->period.from);
	buf_adds(&s->b, " and interval_start < ");
	put_time(s, w->period.to);
	sql_end(s);
}

/* One row for each interval of the period, in their order, so that two that
 * record the same ones meet at the first. */
static void put_rows(struct sql *s)
{
	const struct sql_window *w = s->request->window;
	int64_t past = w->period.from % w->interval, first;

	first = w->period.from - (past < 0 ? past + w->interval : past);
	put_book_text(s, "insert into $B (table_name, interval_start, "
			 "interval_end, run, sql_hash, done_at, is_final)\n"
			 "select $W");
	buf_printf(&s->b,
		   ", to_timestamp(greatest(g, %lld) / 1000.0), "
		   "to_timestamp((g + %lld) / 1000.0), ",
		   (long long)w->period.from, (long long)w->interval);
	dialect_put_string(s->dialect, &s->b, w->run);
	buf_adds(&s->b, ", ");
	dialect_put_string(s->dialect, &s->b, w->hash);
	buf_printf(&s->b,
		   ", now(), g + %lld <= %lld\n"
		   "from generate_series(%lld, %lld, %lld) as t (g)\n"
		   "order by g",
		   (long long)w->interval, (long long)w->settled,
		   (long long)first, (long long)w->period.to - 1,
		   (long long)w->interval);
}

static void end_record(struct sql *s)
{
	const struct sql_window *w = s->request->window;
	char from[MOMENT_MAX], to[MOMENT_MAX];
	size_t nfrom, nto;

	nfrom = moment_print(MOMENT_TIMESTAMP, w->period.from * 1000, from);
	nto = moment_print(MOMENT_TIMESTAMP, w->period.to * 1000, to);
	sql_end(s)->summary =
		arena_printf(s->arena, "weir_intervals: %.*s to %.*s is done",
			     (int)nfrom, from, (int)nto, to);
}

/* A table that is built anew has been done nothing of but this. One that has
 * no interval yet has an empty one, to be known by. */
static void record_whole(struct sql *s)
{
	const struct sql_window *w = s->request->window;

	sql_window_forget(s);
	if (w->period.from < w->period.to) {
		put_rows(s);
		end_record(s);
		return;
	}
	put_book_text(s, "insert into $B (table_name, interval_start, "
			 "interval_end, run, sql_hash, done_at, is_final)\n"
			 "values ($W, ");
	put_time(s, w->period.from);
	buf_adds(&s->b, ", ");
	put_time(s, w->period.from);
	buf_adds(&s->b, ", ");
	dialect_put_string(s->dialect, &s->b, w->run);
	buf_adds(&s->b, ", ");
	dialect_put_string(s->dialect, &s->b, w->hash);
	buf_adds(&s->b, ", now(), true)");
	sql_end(s);
}

void sql_window_record(struct sql *s)
{
	if (s->request->deed != DEED_FILL) {
		record_whole(s);
		return;
	}
	if (s->request->window->regrids)
		cut_to_fit(s);
	put_rows(s);
	buf_adds(&s->b, "\non conflict (table_name, interval_start) do update\n"
			"set interval_end = excluded.interval_end, "
			"run = excluded.run, sql_hash = excluded.sql_hash, "
			"done_at = excluded.done_at, "
			"is_final = excluded.is_final");
	end_record(s);
}

void sql_window_fill(struct sql *s)
{
	bool staged = sql_changes_columns(s);

	if (staged)
		s->writer->stage(s);
	sql_change_columns(s);
	if (s->writer->before_delete)
		s->writer->before_delete(s);
	sql_put(s, "delete from $T\nwhere ");
	put_period(s, false);
	sql_end(s);
	if (staged)
		sql_insert_staged(s);
	else
		sql_insert(s);
}

struct str sql_create_intervals(const struct dialect *d, struct arena *arena,
				const struct target *table)
{
	struct buf b = {0};
	struct str sql;

	buf_adds(&b, "create table if not exists ");
	dialect_put_target(d, &b, table);
	buf_adds(&b, " (\n"
		     "\ttable_name text not null,\n"
		     "\tinterval_start timestamp with time zone not null,\n"
		     "\tinterval_end timestamp with time zone not null,\n"
		     "\trun text not null,\n"
		     "\tsql_hash text not null,\n"
		     "\tdone_at timestamp with time zone not null,\n"
		     "\tis_final boolean not null,\n"
		     "\tprimary key (table_name, interval_start)\n)");
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

/* Rows that touch the one before are of its island. */
static const char islands[] =
	"select i, is_final, min(a), max(b), max(off), max(newest)\n"
	"from (\n"
	"\tselect *, sum(breaks) over (partition by i, is_final\n"
	"\t\torder by a rows unbounded preceding) as island\n"
	"\tfrom (\n"
	"\t\tselect *, case when a <= lag(b) over (\n"
	"\t\t\tpartition by i, is_final order by a)\n"
	"\t\t\tthen 0 else 1 end as breaks,\n"
	"\t\t\tfirst_value(sql_hash) over (\n"
	"\t\t\tpartition by i order by a desc) as newest,\n"
	"\t\t\tcase when a < first and b > first then 1\n"
	"\t\t\twhen a = first or a % step = 0 and b - a = step\n"
	"\t\t\tthen 0 else 1 end as off\n"
	"\t\tfrom (\n";

static void put_milliseconds(const struct dialect *d, struct buf *b,
			     const char *column)
{
	if (d->kind == WAREHOUSE_DUCKDB)
		buf_printf(b, "epoch_ms(%s)", column);
	else
		buf_printf(b, "cast(extract(epoch from %s) * 1000 as bigint)",
			   column);
}

/* What is recorded of one action. */
static void put_recorded(const struct dialect *d, const struct action *a,
			 uint32_t id, struct buf *b)
{
	struct target book = sql_intervals_table(&a->target);

	buf_printf(b, "\t\t\tselect %u as i, is_final, sql_hash, ", id);
	put_milliseconds(d, b, "interval_start");
	buf_adds(b, " as a, ");
	put_milliseconds(d, b, "interval_end");
	buf_printf(b, " as b, %lld as first, %lld as step\n\t\t\tfrom ",
		   (long long)a->weir->start_ms,
		   (long long)a->weir->interval_ms);
	dialect_put_target(d, b, &book);
	buf_adds(b, " where table_name = ");
	dialect_put_string(d, b, a->target.name);
	buf_addc(b, '\n');
}

struct str sql_list_intervals(const struct dialect *d,
			      const struct action *actions, const bool *wanted,
			      uint32_t n, struct arena *arena)
{
	struct buf b = {0};
	bool any = false;
	struct str sql;

	buf_adds(&b, islands);
	for (uint32_t i = 0; i < n; i++) {
		if (!wanted[i])
			continue;
		if (any)
			buf_adds(&b, "\t\t\tunion all\n");
		put_recorded(d, &actions[i], i, &b);
		any = true;
	}
	buf_adds(&b, "\t\t) recorded\n\t) marked\n) grouped\n"
		     "group by i, is_final, island\n"
		     "order by i, is_final, min(a)");
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

struct str sql_list_recorded(const struct dialect *d,
			     const struct target *schema,
			     const struct action *actions, const bool *wanted,
			     uint32_t n, struct arena *arena)
{
	struct target book = sql_intervals_table(schema);
	const char *comma = "";
	struct buf b = {0};
	struct str sql;

	buf_adds(&b, "select i\nfrom (values");
	for (uint32_t i = 0; i < n; i++) {
		if (!wanted[i])
			continue;
		buf_printf(&b, "%s\n(%u, ", comma, i);
		dialect_put_string(d, &b, actions[i].target.name);
		buf_addc(&b, ')');
		comma = ",";
	}
	buf_adds(&b,
		 "\n) as named (i, name)\nwhere exists (\n\tselect 1 from ");
	dialect_put_target(d, &b, &book);
	buf_printf(&b, "\n\twhere %sname)\n)", same_name(d));
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

struct str sql_ask_recorded(const struct dialect *d, const struct target *of,
			    const struct sql_window *w, struct arena *arena)
{
	struct target book = sql_intervals_table(of);
	struct buf b = {0};
	struct str sql;

	buf_adds(&b, "select 1 from ");
	dialect_put_target(d, &b, &book);
	buf_adds(&b, "\nwhere table_name = ");
	dialect_put_string(d, &b, of->name);
	buf_adds(&b, " and interval_start = ");
	put_moment(&b, w->period.from);
	buf_adds(&b, " and run = ");
	dialect_put_string(d, &b, w->run);
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}
