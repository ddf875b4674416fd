/* Arenas, buffers, maps and errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"

static void arena_zeroes_and_aligns(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = 1; n < 3000; n += 7) {
		unsigned char *p;

		arena_text(a, n % 13 + 1)[0] = 1;
		p = arena_alloc(a, 1, n);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(p[i], 0);
			p[i] = 0xff;
		}
	}
	arena_free(a);
}

static void large_objects_do_not_disturb_small_ones(void **state)
{
	struct arena *a = arena_new();
	char *small = arena_text(a, 4), *large, *next;

	(void)state;
	memcpy(small, "abc", 4);
	large = arena_alloc(a, 1 << 20, 3);
	large[(3 << 20) - 1] = 'x';
	next = arena_text(a, 4);
	memcpy(next, "def", 4);
	assert_string_equal(small, "abc");
	assert_int_equal(large[0], 0);
	arena_free(a);
}

static void text_is_terminated_and_copied(void **state)
{
	struct arena *a = arena_new();
	struct str s = arena_str(a, str_sub(STR("abcdef"), 2, 4));
	struct str f = arena_printf(a, "%s-%05d", "x", 42);

	(void)state;
	assert_string_equal(s.p, "cd");
	assert_string_equal(f.p, "x-00042");
	assert_int_equal(f.n, 7);
	arena_free(a);
}

static void buffer_grows_and_moves(void **state)
{
	struct arena *a = arena_new();
	struct buf b = {0};
	struct str moved;

	(void)state;
	assert_int_equal(buf_str(&b).n, 0);
	assert_non_null(buf_str(&b).p);
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%03d,", i);
	assert_int_equal(b.n, 4000);
	assert_int_equal(b.p[b.n], 0);
	moved = buf_move(&b, a);
	assert_int_equal(b.n, 0);
	assert_true(str_starts(moved, STR("000,001,")));
	assert_true(str_ends(moved, STR("998,999,")));
	buf_free(&b);
	arena_free(a);
}

static void map_keeps_order_of_insertion(void **state)
{
	struct arena *a = arena_new();
	struct map m;
	int values[500];

	(void)state;
	map_init(&m, a);
	assert_null(map_get(&m, STR("0")));
	for (int i = 0; i < 500; i++)
		assert_null(map_put(&m, arena_printf(a, "%d", i * 7919),
				    &values[i]));
	assert_ptr_equal(map_put(&m, STR("7919"), &values[0]), &values[1]);
	assert_int_equal(m.n, 500);
	for (int i = 2; i < 500; i++) {
		struct str key = arena_printf(a, "%d", i * 7919);

		assert_ptr_equal(map_get(&m, key), &values[i]);
		assert_true(str_eq(m.entries[i].key, key));
	}
	assert_false(map_has(&m, STR("1")));
	arena_free(a);
}

static void interned_names_are_one_pointer(void **state)
{
	struct arena *a = arena_new();
	char one[] = "name", two[] = "name";
	struct map m;

	(void)state;
	map_init(&m, a);
	assert_ptr_equal(map_intern(&m, str_of(one)).p,
			 map_intern(&m, str_of(two)).p);
	assert_ptr_not_equal(map_intern(&m, str_of(one)).p, one);
	arena_free(a);
}

static void first_error_is_kept(void **state)
{
	struct error err = {0};

	(void)state;
	assert_false(error_set(&err, ERROR_SQL, "no table %s", "t"));
	assert_false(error_set(&err, ERROR_IO, "later"));
	assert_int_equal(err.kind, ERROR_SQL);
	error_prefix(&err, "action \"%s\"", "a");
	assert_string_equal(err.text, "action \"a\": no table t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_zeroes_and_aligns),
		cmocka_unit_test(large_objects_do_not_disturb_small_ones),
		cmocka_unit_test(text_is_terminated_and_copied),
		cmocka_unit_test(buffer_grows_and_moves),
		cmocka_unit_test(map_keeps_order_of_insertion),
		cmocka_unit_test(interned_names_are_one_pointer),
		cmocka_unit_test(first_error_is_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
