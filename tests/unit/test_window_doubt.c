/* Windows of which it is not known whether they were committed: another attempt
 * looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/window_maker.h"

/* A connection that is lost at a COMMIT of a window, which comes to be all the
 * same, or does not, or does when the next attempt has begun. */
enum fate { COMMITTED, ROLLED_BACK, COMMITTED_LATE };

static struct {
	const struct warehouse_ops *real;
	struct warehouse_ops ops;
	struct real *r;
	enum fate fate;
	bool has_recorded, is_lost, is_late;
} cut;

static bool lose(struct warehouse *w, struct error *err)
{
	cut.is_lost = true;
	cut.is_late = cut.fate == COMMITTED_LATE;
	(void)w->ops->end_transaction(w);
	if (w->profile->dialect->kind == WAREHOUSE_POSTGRES)
		return error_set(err, ERROR_LOST, "cut off");
	return error_set(err, ERROR_SQL, "Transaction conflict: cut off");
}

/* What another connection is still to do. */
static void commit_late(void)
{
	struct real *r = cut.r;

	cut.is_late = false;
	real_do(r,
		arena_printf(r->made.arena,
			     "create table s.w as " WINDOW_PLAIN ";"
			     "insert into s.weir_intervals select 'w', t, "
			     "t + interval '1 hour', '%.*s', '', now(), true "
			     "from generate_series('2026-01-01 00:00+00', "
			     "timestamptz '2026-01-01 02:00+00', "
			     "interval '1 hour') t",
			     STR_ARG(r->run.id))
			.p);
}

static bool cut_execute(struct warehouse *w, struct str sql, int64_t *rows,
			struct error *err)
{
	struct error ignored = {0};

	if (cut.is_late && str_is(sql, "begin"))
		commit_late();
	cut.has_recorded |=
		str_starts(sql, STR("insert into \"s\".\"weir_int"));
	if (cut.is_lost || !cut.has_recorded || !str_is(sql, "commit"))
		return cut.real->execute(w, sql, rows, err);
	if (cut.fate == COMMITTED)
		assert_true(cut.real->execute(w, sql, rows, &ignored));
	return lose(w, err);
}

static void change(struct warehouse *w)
{
	cut.real = w->ops;
	cut.ops = *w->ops;
	cut.ops.execute = cut_execute;
	w->ops = &cut.ops;
}

static void cut_off(struct real *r, enum fate fate)
{
	memset(&cut, 0, sizeof(cut));
	cut.r = r;
	cut.fate = fate;
	r->change = change;
	r->options.jobs = 1;
	r->options.retry_limit = 1;
}

static bool was_done(struct real *r)
{
	const struct strs *notes = &real_step(r, "s.w")->notes;

	return notes->n && str_is(notes->v[0], "had been done before");
}

static void first_build(struct real *r, enum fate fate)
{
	window_make(r, "timestamptz", WINDOW_PLAIN);
	window_event(r, "01 00:30:00+00", 1);
	window_event(r, "01 02:30:00+00", 2);
	cut_off(r, fate);
	window_runs(r, "01 03:00");
	assert_true(cut.is_lost);
	assert_int_equal(real_step(r, "s.w")->attempts, 2);
	assert_int_equal(real_step(r, "s.w")->intervals_done, 3);
	assert_int_equal(was_done(r), fate != ROLLED_BACK);
	assert_string_equal(window_rows(r), "1;2");
	assert_string_equal(window_recorded(r), "0|3|3|3");
}

static void a_first_build_that_was_committed_is_done(void **state)
{
	first_build(real_or_skip(state), COMMITTED);
}

static void a_first_build_that_was_not_is_done_again(void **state)
{
	first_build(real_or_skip(state), ROLLED_BACK);
}

static void a_first_build_that_is_committed_meanwhile_is_done(void **state)
{
	first_build(real_or_skip(state), COMMITTED_LATE);
}

static void operations_of_an_interval_are_done_once(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = window_make(r, "timestamptz", WINDOW_MARKED);

	real_do(r, "create table s.log (a timestamptz)");
	a->incremental_pre_ops = made_one(
		&r->made, "insert into s.log values (" RUN_START_MARKER ")");
	window_runs(r, "01 01:00");
	window_event(r, "01 01:30:00+00", 1);
	cut_off(r, COMMITTED);
	window_runs(r, "01 03:00");
	assert_true(cut.is_lost);
	assert_true(was_done(r));
	assert_string_equal(
		real_ask(r,
			 "select extract(hour from a) from s.log order by 1"),
		"1;2");
	assert_string_equal(window_rows(r), "1");
	assert_string_equal(window_recorded(r), "0|3|3|3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_first_build_that_was_committed_is_done),
		ON_BOTH(a_first_build_that_was_not_is_done_again),
		ON_BOTH(operations_of_an_interval_are_done_once),
		ON_POSTGRES(a_first_build_that_is_committed_meanwhile_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
