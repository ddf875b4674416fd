/*
 * Files that DuckDB wrote beside its database for a run that was killed go
 * with the next run; no others do.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "tests/unit/real_run.h"

static const char *beside(struct real *r, const char *name)
{
	return arena_printf(r->made.arena, "%s/test.duckdb.tmp%s%s", r->root,
			    *name ? "/" : "", name)
		.p;
}

static void make(struct real *r, const char *name)
{
	struct error err = {0};

	mkdir(beside(r, ""), 0777);
	assert_true(file_write(beside(r, name), STR("x"), &err));
}

static void run_well(struct real *r)
{
	real_run(r);
	assert_int_equal(r->run.status, RUN_OK);
}

static void only_what_duckdb_spilled_is_swept(void **state)
{
	static const char *const kept[] = {
		"duckdb_temp_storage_notes.txt", "my_duckdb_temp_storage_1.tmp",
		"duckdb_temp_block-1.bak", "notes.tmp"};
	static const char *const gone[] = {"duckdb_temp_storage_DEFAULT-0.tmp",
					   "duckdb_temp_storage_S128K-12.tmp",
					   "duckdb_temp_block-7.block"};
	struct real *r = real_or_skip(state);

	made_add(&r->made, ACTION_TABLE, "s.t", "", "");
	for (size_t i = 0; i < 4; i++)
		make(r, kept[i]);
	for (size_t i = 0; i < 3; i++)
		make(r, gone[i]);
	assert_int_equal(
		mkdir(beside(r, "duckdb_temp_storage_folder.tmp"), 0777), 0);
	run_well(r);
	for (size_t i = 0; i < 4; i++)
		assert_true(file_exists(beside(r, kept[i])));
	for (size_t i = 0; i < 3; i++)
		assert_false(file_exists(beside(r, gone[i])));
	assert_true(
		file_is_folder(beside(r, "duckdb_temp_storage_folder.tmp")));
}

static void the_folder_goes_if_nothing_is_left_in_it(void **state)
{
	struct real *r = real_or_skip(state);

	made_add(&r->made, ACTION_TABLE, "s.t", "", "");
	make(r, "duckdb_temp_storage_DEFAULT-0.tmp");
	run_well(r);
	assert_false(file_exists(beside(r, "")));
}

static void a_dry_run_sweeps_nothing(void **state)
{
	struct real *r = real_or_skip(state);

	made_add(&r->made, ACTION_TABLE, "s.t", "", "");
	run_well(r);
	make(r, "duckdb_temp_storage_DEFAULT-0.tmp");
	r->options.dry_run = true;
	real_run(r);
	assert_true(
		file_exists(beside(r, "duckdb_temp_storage_DEFAULT-0.tmp")));
}

/* A table whose name only looks like one of ours is another's. */
static void tables_that_look_like_ours_stay(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_TABLE, "s.t", "", "");

	run_well(r);
	real_do(r, "create table s.weir_tmp_0123456789abcdef as select 1 as a");
	a->query = STR("select 2 as b");
	run_well(r);
	assert_string_equal(
		real_ask(r, "select a, b from s.weir_tmp_0123456789abcdef, "
			    "s.t"),
		"1|2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DUCKDB(only_what_duckdb_spilled_is_swept),
		ON_DUCKDB(the_folder_goes_if_nothing_is_left_in_it),
		ON_DUCKDB(a_dry_run_sweeps_nothing),
		ON_BOTH(tables_that_look_like_ours_stay),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
