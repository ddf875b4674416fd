/* Changes of folders, also where the system lost count of them. What an editor
 * or git does is in tests/e2e/watch.t. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/path.h"
#include "base/watch.h"

struct place {
	struct arena *arena;
	const char *root;
	struct watch *watch;
	struct error err;
};

static const atomic_int go_on = 0, stop_now = 1;

static bool is_hidden(struct str name)
{
	return str_starts(name, STR("."));
}

static int start(void **state)
{
	static char root[64];
	static struct place p;

	strcpy(root, "/tmp/weir-watch.XXXXXX");
	p = (struct place){.arena = arena_new(), .root = mkdtemp(root)};
	p.watch = watch_start(root, is_hidden, &p.err);
	*state = &p;
	return p.watch ? 0 : 1;
}

static int end(void **state)
{
	struct place *p = *state;
	char command[128];

	watch_end(p->watch);
	snprintf(command, sizeof(command), "rm -rf %s", p->root);
	arena_free(p->arena);
	return system(command);
}

static const char *at(struct place *p, const char *name)
{
	return path_join(p->arena, p->root, name);
}

static void make_file(struct place *p, const char *name)
{
	int fd = open(at(p, name), O_WRONLY | O_CREAT, 0666);

	assert_true(fd >= 0);
	close(fd);
}

static enum watch_result wait_for(struct place *p)
{
	return watch_wait(p->watch, &go_on, &p->err);
}

static void what_changed_before_the_wait_counts(void **state)
{
	struct place *p = *state;

	make_file(p, "a");
	assert_int_equal(wait_for(p), WATCH_CHANGED);
	assert_int_equal(unlink(at(p, "a")), 0);
	assert_int_equal(wait_for(p), WATCH_CHANGED);
	assert_int_equal(chmod(p->root, 0755), 0);
	assert_int_equal(wait_for(p), WATCH_CHANGED);
}

static void folders_that_are_new_are_watched(void **state)
{
	struct place *p = *state;

	assert_int_equal(mkdir(at(p, "x"), 0777), 0);
	assert_int_equal(mkdir(at(p, "x/y"), 0777), 0);
	assert_int_equal(wait_for(p), WATCH_CHANGED);
	make_file(p, "x/y/a");
	assert_int_equal(wait_for(p), WATCH_CHANGED);
	assert_int_equal(rename(at(p, "x"), at(p, "z")), 0);
	assert_int_equal(wait_for(p), WATCH_CHANGED);
	make_file(p, "z/y/b");
	assert_int_equal(wait_for(p), WATCH_CHANGED);
}

/* More events than the system keeps; the folder's is among those lost. */
static void lost_events_are_a_change(void **state)
{
	enum { KEPT = 16384 };
	struct place *p = *state;

	make_file(p, "a");
	for (int i = 0; i < KEPT / 2; i++) {
		assert_int_equal(rename(at(p, "a"), at(p, "b")), 0);
		assert_int_equal(rename(at(p, "b"), at(p, "a")), 0);
	}
	assert_int_equal(mkdir(at(p, "x"), 0777), 0);
	assert_int_equal(wait_for(p), WATCH_CHANGED);
	make_file(p, "x/c");
	assert_int_equal(wait_for(p), WATCH_CHANGED);
}

/* All folders that this process watches, as the kernel lists them. */
static int count_watched(void)
{
	FILE *f =
		popen("cat /proc/$PPID/fdinfo/* | grep -c '^inotify wd'", "r");
	int n = -1;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &n), 1);
	pclose(f);
	return n;
}

static void links_are_followed_inside_only(void **state)
{
	struct place *p = *state;
	struct watch *again;
	int before;

	assert_int_equal(mkdir(at(p, "x"), 0777), 0);
	assert_int_equal(mkdir(at(p, ".hidden"), 0777), 0);
	before = count_watched();
	assert_int_equal(symlink(".hidden", at(p, "inside")), 0);
	assert_int_equal(symlink("/usr", at(p, "x/outside")), 0);
	again = watch_start(p->root, is_hidden, &p->err);
	assert_non_null(again);
	assert_int_equal(count_watched(), before + 3);
	watch_end(again);
	assert_int_equal(unlink(at(p, "x/outside")), 0);
}

static void a_signal_ends_the_wait(void **state)
{
	struct place *p = *state;

	make_file(p, "a");
	assert_int_equal(watch_wait(p->watch, &stop_now, &p->err),
			 WATCH_STOPPED);
}

static void a_folder_that_goes_is_an_error(void **state)
{
	struct place *p = *state;

	assert_int_equal(rmdir(p->root), 0);
	assert_int_equal(wait_for(p), WATCH_FAILED);
	assert_non_null(strstr(p->err.text, p->root));
	memset(&p->err, 0, sizeof(p->err));
	assert_null(watch_start(p->root, is_hidden, &p->err));
	assert_non_null(strstr(p->err.text, p->root));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_changed_before_the_wait_counts),
		TEST(folders_that_are_new_are_watched),
		TEST(lost_events_are_a_change),
		TEST(links_are_followed_inside_only),
		TEST(a_signal_ends_the_wait),
		TEST(a_folder_that_goes_is_an_error),
	};

	alarm(60); /* a change that is not seen would be waited for */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
