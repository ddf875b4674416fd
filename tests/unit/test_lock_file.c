/* The lock of a file, between processes. */
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
#include "runtime/state/lock_file.h"
#include "runtime/state/lock_wait.h"

struct folder {
	char root[64];
	struct arena *arena;
	const char *database;
};

static int make_folder(void **state)
{
	static struct folder f;

	f = (struct folder){.root = "/tmp/weir-lock.XXXXXX",
			    .arena = arena_new()};
	*state = &f;
	if (!mkdtemp(f.root))
		return -1;
	f.database = path_join(f.arena, f.root, "a/shop.duckdb");
	return 0;
}

static int remove_folder(void **state)
{
	struct folder *f = *state;
	int status = system(arena_printf(f->arena, "rm -rf %s", f->root).p);

	arena_free(f->arena);
	return status;
}

/* Another process, which does one thing for each byte that it is sent, and
 * answers with what came of it. */
struct other {
	pid_t pid;
	int ask, answer;
};

static char do_one(struct folder *f, struct lock_file *l, char what,
		   struct error *err)
{
	bool ok = true;

	*err = (struct error){0};
	if (what == 'x')
		lock_file_release(l);
	else
		ok = lock_file_take(l, f->database, STR("run-other"), f->arena,
				    err);
	if (ok)
		return '+';
	return err->kind == ERROR_LOCKED ? '-' : '!';
}

static void serve(struct folder *f, int in, int out)
{
	struct lock_file l = {0};
	struct error err;
	char what;

	while (read(in, &what, 1) == 1) {
		what = do_one(f, &l, what, &err);
		if (write(out, &what, 1) != 1)
			break;
	}
	_exit(0);
}

static struct other start(struct folder *f)
{
	int to[2], from[2];
	struct other o;

	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	o = (struct other){fork(), to[1], from[0]};
	if (o.pid == 0) {
		close(to[1]);
		serve(f, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	return o;
}

static char ask(const struct other *o, char what)
{
	char answer = '?';

	assert_int_equal(write(o->ask, &what, 1), 1);
	assert_int_equal(read(o->answer, &answer, 1), 1);
	return answer;
}

static void end(const struct other *o, int signal)
{
	kill(o->pid, signal);
	close(o->ask);
	close(o->answer);
	assert_int_equal(waitpid(o->pid, NULL, 0), o->pid);
}

static bool take(struct folder *f, struct lock_file *l, struct error *err)
{
	*err = (struct error){0};
	return lock_file_take(l, f->database, STR("run-ours"), f->arena, err);
}

static void a_second_run_is_refused_and_told_by_whom(void **state)
{
	struct folder *f = *state;
	struct other o = start(f);
	struct lock_file l = {0};
	struct error err;
	char process[32];

	snprintf(process, sizeof(process), "process %ld on ", (long)o.pid);
	assert_int_equal(ask(&o, 't'), '+');
	assert_false(take(f, &l, &err));
	assert_int_equal(err.kind, ERROR_LOCKED);
	assert_non_null(strstr(err.text, f->database));
	assert_non_null(strstr(err.text, "\"weir run-other\" of user "));
	assert_non_null(strstr(err.text, process));
	assert_non_null(strstr(err.text, ", since 20"));
	lock_file_release(&l);
	end(&o, SIGTERM);
}

static void a_killed_holder_locks_nobody_out(void **state)
{
	struct folder *f = *state;
	struct other o = start(f), next;
	struct lock_file l = {0};
	struct error err;

	assert_int_equal(ask(&o, 't'), '+');
	end(&o, SIGKILL);
	assert_true(lock_file_is_free(f->database, f->arena, &err));
	assert_true(take(f, &l, &err));
	next = start(f);
	assert_int_equal(ask(&next, 't'), '-');
	lock_file_release(&l);
	assert_int_equal(ask(&next, 't'), '+');
	end(&next, SIGTERM);
}

/* As if the new holder had not come to write who it is. */
static void the_text_of_a_killed_holder_names_nobody(void **state)
{
	struct folder *f = *state;
	struct other o = start(f);
	struct error err = {0};
	const char *path =
		arena_printf(f->arena, "%s.weir-lock", f->database).p;
	FILE *file;

	assert_int_equal(ask(&o, 't'), '+');
	file = fopen(path, "r+");
	assert_non_null(file);
	fputs("run run-old\nprocess 1\n", file);
	assert_int_equal(fclose(file), 0);
	assert_false(lock_file_is_free(f->database, f->arena, &err));
	assert_null(strstr(err.text, "run-old"));
	assert_non_null(strstr(err.text, "which has just begun"));
	end(&o, SIGTERM);
}

static void who_waits_longest_is_next(void **state)
{
	struct folder *f = *state;
	struct other first = start(f), late = start(f);
	struct lock_file l = {0};
	struct error err;

	assert_int_equal(ask(&first, 't'), '+');
	assert_false(take(f, &l, &err));
	assert_int_equal(ask(&first, 'x'), '+');
	assert_int_equal(ask(&late, 't'), '-');
	assert_true(take(f, &l, &err));
	assert_true(take(f, &l, &err));
	assert_int_equal(ask(&late, 't'), '-');
	lock_file_release(&l);
	assert_int_equal(ask(&late, 't'), '+');
	end(&first, SIGTERM);
	end(&late, SIGTERM);
}

static void links_to_one_database_share_its_lock(void **state)
{
	struct folder *f = *state;
	struct other o = start(f);
	const char *link_path = path_join(f->arena, f->root, "link.duckdb");
	struct error err = {0};

	assert_int_equal(ask(&o, 't'), '+');
	assert_true(file_write(f->database, STR("database"), &err));
	assert_int_equal(symlink(f->database, link_path), 0);
	assert_false(lock_file_is_free(link_path, f->arena, &err));
	assert_int_equal(err.kind, ERROR_LOCKED);
	end(&o, SIGTERM);
}

static void a_file_that_cannot_be_made_is_no_lock(void **state)
{
	struct folder *f = *state;
	struct lock_file l = {0};
	struct error err = {0};

	f->database = path_join(f->arena, f->root, "shop.duckdb");
	assert_true(file_make_folder(
		arena_printf(f->arena, "%s.weir-lock", f->database).p, &err));
	assert_false(take(f, &l, &err));
	assert_int_equal(err.kind, ERROR_IO);
	assert_non_null(strstr(err.text, "cannot open the lock file"));
	assert_non_null(strstr(err.hint, "right"));
}

static void a_wait_ends_with_its_time_or_by_a_signal(void **state)
{
	atomic_int interrupted = 0;
	struct lock_wait none = {0}, wait = {.ms = 1}, stopped = {.ms = 60000};
	struct error err = {0};
	int tries = 0;

	(void)state;
	error_set(&err, ERROR_CONNECT, "nobody is there");
	assert_false(lock_wait_on(&stopped, &err));
	assert_int_equal(err.kind, ERROR_CONNECT);
	err = (struct error){0};
	error_set(&err, ERROR_LOCKED, "held");
	assert_false(lock_wait_on(&none, &err));
	for (; lock_wait_on(&wait, &err); tries++) {
		assert_int_equal(err.kind, ERROR_NONE);
		error_set(&err, ERROR_LOCKED, "held");
	}
	assert_int_equal(err.kind, ERROR_LOCKED);
	assert_string_equal(err.text, "held");
	assert_int_not_equal(tries, 0);
	stopped.interrupted = &interrupted;
	interrupted = 1;
	assert_false(lock_wait_on(&stopped, &err));
	assert_int_equal(err.kind, ERROR_CANCELLED);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_second_run_is_refused_and_told_by_whom),
		IN_FOLDER(a_killed_holder_locks_nobody_out),
		IN_FOLDER(the_text_of_a_killed_holder_names_nobody),
		IN_FOLDER(who_waits_longest_is_next),
		IN_FOLDER(links_to_one_database_share_its_lock),
		IN_FOLDER(a_file_that_cannot_be_made_is_no_lock),
		cmocka_unit_test(a_wait_ends_with_its_time_or_by_a_signal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
