/* What a run says of a load that needed several attempts, on PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/path.h"
#include "tests/unit/real_run.h"

static void put(struct real *r, const char *name, const char *text)
{
	struct error err = {0};

	if (!file_write(path_join(r->made.arena, r->root, name), str_of(text),
			&err))
		fail_msg("%s", err.text);
}

static void take_away(struct real *r, const char *name)
{
	remove(path_join(r->made.arena, r->root, name));
}

/* The second file that is recorded from now on fails once; a sequence is not
 * rolled back. */
static void fail_second(struct real *r, const char *how)
{
	real_do(r,
		arena_printf(r->made.arena,
			     "create sequence s.calls;"
			     "create function s.fail() returns trigger "
			     "language plpgsql as $f$ begin "
			     "if nextval('s.calls') = 2 then %s; end if; "
			     "return new; end $f$;"
			     "create trigger t before insert on s.weir_loads "
			     "for each row execute function s.fail()",
			     how)
			.p);
}

static void counts_are_of_all_attempts(void **state)
{
	static const struct {
		const char *how, *reload, *numbers;
	} cases[] = {
		{"raise exception 'again' using errcode = '40001'", NULL,
		 "1|1;2|2;3|2;4|3"},
		{"perform pg_terminate_backend(pg_backend_pid())", "0.ndjson",
		 "1|2;2|3;3|3;4|4"},
	};
	struct real *r = real_or_skip(state);
	struct load_column columns[] = {{STR("n"), STR("int64")}};
	struct load load = {.key = STR("s.raw"),
			    .files = STR("*.ndjson"),
			    .format = LOAD_NDJSON,
			    .columns = columns,
			    .ncolumns = 1};

	made_add(&r->made, ACTION_DECLARATION, "s.raw", "", "");
	made_add(&r->made, ACTION_VIEW, "s.v", "select n from s.raw", "s.raw");
	load.action = made_id(&r->made, "s.raw");
	r->made.graph.loads = &load;
	r->made.graph.nloads = 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str file = str_of(cases[i].reload);
		const struct step *s;

		real_do(r, "drop schema if exists s cascade");
		r->options.reload = (struct strs){NULL, 0};
		put(r, "0.ndjson", "{\"n\": 1}\n");
		take_away(r, "a.ndjson");
		take_away(r, "b.ndjson");
		real_run(r);
		fail_second(r, cases[i].how);
		put(r, "a.ndjson", "{\"n\": 2}\n{\"n\": 3}\n");
		put(r, "b.ndjson", "{\"n\": 4}\n");
		r->options.reload = (struct strs){&file, file.n ? 1 : 0};
		r->options.retry_limit = 1;
		real_run(r);
		assert_string_equal(real_status(r, "s.raw"), "ok");
		s = real_step(r, "s.raw");
		assert_int_equal(s->attempts, 2);
		assert_int_equal(s->rows, file.n ? 4 : 3);
		assert_int_equal(s->files, file.n ? 3 : 2);
		assert_int_equal(s->files_skipped, file.n ? 0 : 1);
		assert_string_equal(real_ask(r,
					     "select n, weir_load from s.raw "
					     "order by n"),
				    cases[i].numbers);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_are_of_all_attempts,
						real_postgres, real_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
