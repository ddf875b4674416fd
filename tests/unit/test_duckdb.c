/* What is DuckDB's alone: its library, its file and the lock on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "runtime/plan/retry.h"
#include "tests/unit/warehouses.h"

struct folder {
	char root[64];
	struct profile profile;
};

static int make_folder(void **state)
{
	static struct folder f;

	f = (struct folder){
		.root = "/tmp/weir-duckdb.XXXXXX",
		.profile = {.name = STR("dev"),
			    .dialect = &dialect_duckdb,
			    .path = STR("a/b/dev.duckdb")},
	};
	*state = &f;
	return mkdtemp(f.root) ? 0 : -1;
}

static int remove_folder(void **state)
{
	struct folder *f = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", f->root);
	return system(command);
}

static struct warehouse *must_open(struct folder *f)
{
	struct error err = {0};
	struct warehouse *w;

	if (!warehouse_open(&f->profile, f->root, NULL, NULL, &w, &err))
		fail_msg("%s", err.text);
	return w;
}

static void the_file_and_its_folders_are_made(void **state)
{
	struct folder *f = *state;
	struct arena *a = arena_new();
	struct warehouse *w = must_open(f);

	w->ops->close(w);
	assert_true(file_is_regular(path_join(a, f->root, "a/b/dev.duckdb")));
	arena_free(a);
}

static void what_was_written_is_there_when_opened_again(void **state)
{
	struct folder *f = *state;
	struct arena *a = arena_new();
	struct warehouse *w = must_open(f);
	struct error err = {0};
	struct rows rows;
	int64_t n;

	assert_true(w->ops->execute(w, STR("CREATE TABLE t AS SELECT 7 AS n"),
				    &n, &err));
	w->ops->close(w);
	w = must_open(f);
	assert_true(
		w->ops->query(w, STR("SELECT n FROM t"), 5, a, &rows, &err));
	assert_true(str_is(rows.values[0], "7"));
	w->ops->close(w);
	arena_free(a);
}

/* In another process: DuckDB's lock is between processes. */
static int fails_to_open(struct folder *f)
{
	struct error err = {0};
	struct warehouse *w;

	if (warehouse_open(&f->profile, f->root, NULL, NULL, &w, &err))
		return 1;
	if (err.kind != ERROR_LOCKED || !strstr(err.text, "is in use by") ||
	    !strstr(err.text, "PID")) {
		print_error("%s\n", err.text);
		return 2;
	}
	return 0;
}

static void a_locked_file_names_who_holds_it(void **state)
{
	struct folder *f = *state;
	struct warehouse *w;
	int told[2], status;
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (pid == 0) {
		/* Waits until the file is open, then tries. */
		if (read(told[0], &byte, 1) != 1)
			_exit(3);
		_exit(fails_to_open(f));
	}
	w = must_open(f);
	assert_int_equal(write(told[1], &byte, 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	w->ops->close(w);
	close(told[0]);
	close(told[1]);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
	struct folder *f = *state;
	struct arena *a = arena_new();
	struct error err = {0};
	struct warehouse *w;

	f->profile.path = STR("text");
	assert_true(file_write(path_join(a, f->root, "text"),
			       STR("this is not a database, but long enough "
				   "to be read as the head of one........"),
			       &err));
	assert_false(
		warehouse_open(&f->profile, f->root, NULL, NULL, &w, &err));
	assert_int_equal(err.kind, ERROR_CONNECT);
	assert_non_null(strstr(err.text, "cannot open the database"));
	arena_free(a);
}

static void a_missing_library_says_what_to_do(void **state)
{
	struct folder *f = *state;
	const char *library = getenv("WEIR_DUCKDB_LIBRARY");
	struct error err = {0};
	struct warehouse *w;

	setenv("WEIR_DUCKDB_LIBRARY", "/no/such/libduckdb.so", 1);
	assert_false(
		warehouse_open(&f->profile, f->root, NULL, NULL, &w, &err));
	assert_int_equal(err.kind, ERROR_CONNECT);
	assert_non_null(strstr(err.text, "/no/such/libduckdb.so"));
	assert_non_null(strstr(err.hint, "WEIR_DUCKDB_LIBRARY"));
	err = (struct error){0};
	setenv("WEIR_DUCKDB_LIBRARY", "libm.so.6", 1);
	assert_false(
		warehouse_open(&f->profile, f->root, NULL, NULL, &w, &err));
	assert_non_null(strstr(err.text, "no DuckDB library"));
	if (library)
		setenv("WEIR_DUCKDB_LIBRARY", library, 1);
	else
		unsetenv("WEIR_DUCKDB_LIBRARY");
}

static void a_conflict_may_be_tried_again(void **state)
{
	struct folder *f = *state;
	struct warehouse *w = must_open(f), *other;
	struct error err = {0};
	int64_t n;

	assert_true(
		warehouse_open(&f->profile, f->root, w, NULL, &other, &err));
	assert_true(w->ops->execute(w, STR("CREATE TABLE t AS SELECT 1 AS n"),
				    &n, &err));
	assert_true(
		w->ops->execute(w, STR("BEGIN; UPDATE t SET n = 2"), &n, &err));
	assert_false(other->ops->execute(
		other, STR("BEGIN; UPDATE t SET n = 3; COMMIT"), &n, &err));
	assert_true(retry_helps(WAREHOUSE_DUCKDB, &err));
	assert_false(err.in_doubt);
	err = (struct error){0};
	assert_false(other->ops->execute(
		other, STR("CREATE TABLE u (a int); UPDATE t SET n = 3"), &n,
		&err));
	assert_true(err.in_doubt);
	other->ops->close(other);
	w->ops->close(w);
}

/* As a process that is killed while DuckDB makes the file leaves it. */
static void a_file_that_was_half_made_is_made_again(void **state)
{
	struct folder *f = *state;
	struct arena *a = arena_new();
	const char *path = path_join(a, f->root, "a/b/dev.duckdb");
	const char *beside = path_join(a, f->root, "a/b/dev.duckdb.weir-new");
	struct error err = {0};
	struct warehouse *w = must_open(f);
	struct str whole;

	w->ops->close(w);
	assert_true(file_read(path, 1 << 20, a, &whole, &err));
	assert_int_equal(remove(path), 0);
	assert_true(file_write(beside, str_sub(whole, 0, 8192), &err));
	w = must_open(f);
	w->ops->close(w);
	assert_true(file_exists(path));
	assert_false(file_exists(beside));
	arena_free(a);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First: it forks, and must not do so beside threads. */
		IN_FOLDER(a_locked_file_names_who_holds_it),
		IN_FOLDER(the_file_and_its_folders_are_made),
		IN_FOLDER(what_was_written_is_there_when_opened_again),
		IN_FOLDER(a_file_that_is_no_database_is_refused),
		IN_FOLDER(a_file_that_was_half_made_is_made_again),
		IN_FOLDER(a_missing_library_says_what_to_do),
		IN_FOLDER(a_conflict_may_be_tried_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
