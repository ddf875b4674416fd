/* Whole reads, atomic writes and sorted walks, on a real file system. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"

struct folder {
	struct arena *arena;
	char root[32];
};

static int make(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));

	f->arena = arena_new();
	snprintf(f->root, sizeof(f->root), "/tmp/weir-file.XXXXXX");
	*state = f;
	return mkdtemp(f->root) ? 0 : -1;
}

static int clear(void **state)
{
	struct folder *f = *state;
	char command[64];
	int status;

	snprintf(command, sizeof(command), "rm -rf %s", f->root);
	status = system(command);
	arena_free(f->arena);
	free(f);
	return status;
}

static const char *at(struct folder *f, const char *name)
{
	return path_join(f->arena, f->root, name);
}

static void put(struct folder *f, const char *name, const char *text)
{
	struct error err = {0};
	struct str folder = path_folder(str_of(at(f, name)));

	assert_true(file_make_folder(arena_cstr(f->arena, folder), &err));
	assert_true(file_write(at(f, name), str_of(text), &err));
}

static void reads_what_was_written(void **state)
{
	struct folder *f = *state;
	struct error err = {0};
	struct str text;

	put(f, "a/b.txt", "one");
	put(f, "a/b.txt", "two and more");
	assert_true(file_read(at(f, "a/b.txt"), 12, f->arena, &text, &err));
	assert_true(str_is(text, "two and more"));
	assert_int_equal(text.p[text.n], 0);
}

static void refuses_what_is_no_readable_file(void **state)
{
	struct folder *f = *state;
	struct error err = {0};
	struct str text;

	put(f, "big.txt", "123456");
	assert_false(file_read(at(f, "big.txt"), 5, f->arena, &text, &err));
	assert_non_null(strstr(err.text, "too large"));
	err.kind = ERROR_NONE;
	assert_false(file_read(f->root, 5, f->arena, &text, &err));
	assert_non_null(strstr(err.text, "is a folder"));
	err.kind = ERROR_NONE;
	assert_false(file_read(at(f, "none"), 5, f->arena, &text, &err));
	assert_int_equal(err.kind, ERROR_IO);
	assert_int_equal(mkfifo(at(f, "pipe"), 0600), 0);
	err.kind = ERROR_NONE;
	assert_false(file_read(at(f, "pipe"), 5, f->arena, &text, &err));
}

static void failed_write_leaves_the_old_file(void **state)
{
	struct folder *f = *state;
	struct error err = {0};

	put(f, "x/file", "old");
	assert_false(file_write(at(f, "x/file/below"), STR("new"), &err));
	assert_true(file_is_regular(at(f, "x/file")));
}

static void what_was_saved_meanwhile_is_not_overwritten(void **state)
{
	static const struct {
		const char *now, *after;
		bool ok;
	} cases[] = {
		{"old", "new", true},
		{"new", "new", true},
		{"oldest", "oldest", false},
		{"Old", "Old", false},
		{"", "", false},
	};
	struct folder *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = {0};
		struct str text;
		bool ok;

		put(f, "file", cases[i].now);
		ok = file_write_over(at(f, "file"), STR("old"), STR("new"),
				     &err);
		assert_int_equal(ok, cases[i].ok);
		if (!ok)
			assert_non_null(strstr(err.text, "changed meanwhile"));
		assert_true(
			file_read(at(f, "file"), 99, f->arena, &text, &err));
		assert_string_equal(text.p, cases[i].after);
	}
}

static void a_file_is_inside_of_its_folders_alone(void **state)
{
	struct folder *f = *state;

	put(f, "x/file", "text");
	assert_true(file_is_inside(at(f, "x/file"), f->root));
	assert_true(file_is_inside(at(f, "x/file"), "/"));
	assert_false(file_is_inside(at(f, "x/file"), at(f, "x/f")));
	assert_false(file_is_inside(at(f, "x/none"), f->root));
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

static void writes_with_the_mode_that_the_user_wants(void **state)
{
	struct folder *f = *state;
	mode_t old = umask(077);

	put(f, "secret", "old");
	assert_int_equal(mode_of(at(f, "secret")), 0600);
	umask(022);
	put(f, "secret", "new");
	assert_int_equal(mode_of(at(f, "secret")), 0600);
	put(f, "open", "new");
	assert_int_equal(mode_of(at(f, "open")), 0644);
	umask(old);
}

static bool skip_modules(struct str name)
{
	return str_is(name, "node_modules");
}

static void walk_is_sorted_and_skips(void **state)
{
	struct folder *f = *state;
	struct file_list list = {0};
	struct error err = {0};
	struct buf b = {0};

	put(f, "b.txt", "");
	put(f, "a/z.sqlx", "");
	put(f, "a/.hidden/x", "");
	put(f, "a/node_modules/kept", "");
	put(f, "node_modules/gone", "");
	put(f, "a_b", "");
	put(f, "Z", "");
	assert_int_equal(symlink("..", at(f, "a/up")), 0);
	assert_true(file_walk(f->root, skip_modules, f->arena, &list, &err));
	for (size_t i = 0; i < list.n; i++)
		buf_printf(&b, "%.*s%s\n", STR_ARG(list.v[i].path),
			   list.v[i].kind == FILE_FOLDER ? "/" : "");
	assert_string_equal(b.p, "Z\na/\na/node_modules/\na/node_modules/kept\n"
				 "a/up/\na/z.sqlx\na_b\nb.txt\n");
	buf_free(&b);
}

/* As many ways through them as there are orders of nine. */
static void folders_that_link_to_one_another_are_too_many(void **state)
{
	struct folder *f = *state;
	struct file_list list = {0};
	struct error err = {0};
	char to[16], from[16];

	for (int i = 0; i < 9; i++) {
		snprintf(from, sizeof(from), "%d/f", i);
		put(f, from, "");
	}
	for (int i = 0; i < 81; i++) {
		snprintf(from, sizeof(from), "%d/to%d", i / 9, i % 9);
		snprintf(to, sizeof(to), "../%d", i % 9);
		assert_int_equal(symlink(to, at(f, from)), 0);
	}
	assert_false(file_walk(f->root, NULL, f->arena, &list, &err));
	assert_int_equal(err.kind, ERROR_TOO_LARGE);
	assert_true(list.n <= WALK_ENTRIES_MAX);
}

static void names_come_apart(void **state)
{
	(void)state;
	assert_true(str_is(path_base(STR("a/b.c.sqlx")), "b.c.sqlx"));
	assert_true(str_is(path_folder(STR("a/b/c")), "a/b"));
	assert_int_equal(path_folder(STR("c")).n, 0);
	assert_true(str_is(path_extension(STR("a.b/c.d.sqlx")), "sqlx"));
	assert_int_equal(path_extension(STR("a.b/c")).n, 0);
	assert_true(str_is(path_stem(STR("a.b/c.d.sqlx")), "c.d"));
	assert_true(str_is(path_stem(STR("plain")), "plain"));
}

/* The look at what is there must not hide why nothing could be made. */
static void a_folder_that_cannot_be_made_says_why(void **state)
{
	struct folder *f = *state;
	struct error err = {0};

	assert_int_equal(symlink("/no/such/folder", at(f, "link")), 0);
	assert_false(file_make_folder(at(f, "link"), &err));
	assert_non_null(strstr(err.text, strerror(EEXIST)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_what_was_written, make,
						clear),
		cmocka_unit_test_setup_teardown(
			refuses_what_is_no_readable_file, make, clear),
		cmocka_unit_test_setup_teardown(
			failed_write_leaves_the_old_file, make, clear),
		cmocka_unit_test_setup_teardown(
			what_was_saved_meanwhile_is_not_overwritten, make,
			clear),
		cmocka_unit_test_setup_teardown(
			a_file_is_inside_of_its_folders_alone, make, clear),
		cmocka_unit_test_setup_teardown(walk_is_sorted_and_skips, make,
						clear),
		cmocka_unit_test_setup_teardown(
			a_folder_that_cannot_be_made_says_why, make, clear),
		cmocka_unit_test_setup_teardown(
			writes_with_the_mode_that_the_user_wants, make, clear),
		cmocka_unit_test_setup_teardown(
			folders_that_link_to_one_another_are_too_many, make,
			clear),
		cmocka_unit_test(names_come_apart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
