/* What stops projects that would not stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/project.h"

/* Quickly reached; time is short where only time can end it. */
static const struct script_limits small = {16 << 20, 256 << 10, 60000};
static const struct script_limits brief = {16 << 20, 256 << 10, 200};

static const struct {
	const char *code;
	enum script_failure kind;
	const char *message;
} endless[] = {
	{"\nfor (;;);", SCRIPT_TIMED_OUT, "JavaScript ran longer than 0.2 s"},
	{"for (;;) try { for (;;); } catch (e) {}", SCRIPT_TIMED_OUT, NULL},
	{"/(a*)*b/.test('a'.repeat(40))", SCRIPT_TIMED_OUT, NULL},
	{"const f = () => f() + 1; f()", SCRIPT_OUT_OF_STACK,
	 "JavaScript calls itself too deep"},
	{"JSON.parse('['.repeat(100000))", SCRIPT_OUT_OF_STACK, NULL},
	{"eval('['.repeat(100000))", SCRIPT_OUT_OF_STACK, NULL},
	{"let a = []; for (;;) a.push({})", SCRIPT_OUT_OF_MEMORY,
	 "JavaScript used more than 16 MB"},
	{"let a = []; for (;;) try { for (;;) a = [a, {}] } "
	 "catch (e) {}",
	 SCRIPT_OUT_OF_MEMORY, NULL},
	{"let s = 'x'; for (;;) s += s", SCRIPT_THREW,
	 "InternalError: string too long"},
	{"const l = []; for (;;) l.push('x'.repeat(1e6))", SCRIPT_OUT_OF_MEMORY,
	 NULL},
	{"new Uint8Array(1e9)", SCRIPT_OUT_OF_MEMORY, NULL},
	{"const m = new Map(); for (let i = 0;; i++) m.set(i, [i])",
	 SCRIPT_OUT_OF_MEMORY, NULL},
	{"for (;;) echo('x'.repeat(1e6))", SCRIPT_OUT_OF_MEMORY, NULL},
	{"const l = []; for (;;) l.push(() => l)", SCRIPT_OUT_OF_MEMORY, NULL},
};

static void limits_end_what_would_not_end(void **state)
{

	(void)state;
	for (size_t i = 0; i < sizeof(endless) / sizeof(*endless); i++) {
		struct project p;
		struct script_error err;

		assert_false(project_run(
			&p, endless[i].code,
			endless[i].kind == SCRIPT_TIMED_OUT ? &brief : &small,
			&err));
		if (err.kind != endless[i].kind)
			fail_msg("%s: kind %d: %.*s", endless[i].code, err.kind,
				 STR_ARG(err.message));
		if (endless[i].message)
			assert_text(err.message, endless[i].message);
		assert_non_null(err.span.src);
		project_close(&p);
	}
}

static void nothing_runs_after_a_time_out(void **state)
{
	struct project p;
	struct script_error err;

	(void)state;
	assert_false(project_run(&p, "\n  for (;;);", &brief, &err));
	assert_int_equal(err.kind, SCRIPT_TIMED_OUT);
	assert_false(script_run_file(
		p.script, project_source(&p, "definitions/u.js", "0"), &err));
	assert_int_equal(err.kind, SCRIPT_TIMED_OUT);
	project_close(&p);
}

static void memory_that_was_freed_can_be_used_again(void **state)
{
	struct project p;
	struct script_error err;

	(void)state;
	assert_false(project_run(&p, "let a = []; for (;;) a.push([])", &small,
				 &err));
	assert_int_equal(err.kind, SCRIPT_OUT_OF_MEMORY);
	assert_true(script_run_file(
		p.script,
		project_source(&p, "definitions/u.js",
			       "let a = []; for (let i = 0; i < 1e4; i++) "
			       "a.push([])"),
		&err));
	project_close(&p);
}

static void bytes_of_a_text_are_garbage_like_others(void **state)
{
	static const char *const codes[] = {
		"for (let i = 0; i < 160; i++) Buffer.from('x'.repeat(1e6))",
		"const e = 'x'.repeat(1e6);\n"
		"for (let i = 0; i < 160; i++) Buffer.isEncoding(e)",
		"const e = 'x'.repeat(1e6);\n"
		"for (let i = 0; i < 160; i++)\n"
		"try { Buffer.from('', e) } catch {}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		struct project p;
		struct script_error err;

		if (!project_run(&p, codes[i], &small, &err))
			fail_msg("%s: %.*s", codes[i], STR_ARG(err.message));
		project_close(&p);
	}
}

/* Whatever allocation is the one that fails, the engine says so and can be
 * freed. */
static void memory_may_end_anywhere(void **state)
{
	static const char *const codes[] = {
		"const l = []; for (;;) l.push(`x${l.length}`, [l], {l})",
		"const l = []; for (;;) l.push('y'.repeat(1 << 20))",
		"const l = []; for (;;) l.push(new Uint8Array(1500000))",
		"let a = Array(1 << 12).fill(0); for (;;) a = a.concat(a)",
		"let f = () => 1; for (;;) { const g = f; f = () => g }",
		"let s = '1'; for (;;) s = JSON.stringify([s, s])",
		"let s = 'a'; for (;;) s = s.replace(/./g, '$&$&')",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		for (size_t kb = 256; kb < 16384; kb += kb + 77) {
			struct script_limits l = {kb << 10, 256 << 10, 60000};
			struct script_error err;
			struct project p;

			assert_false(project_run(&p, codes[i], &l, &err));
			if (err.kind != SCRIPT_OUT_OF_MEMORY)
				fail_msg("%s: %.*s", codes[i],
					 STR_ARG(err.message));
			project_close(&p);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_end_what_would_not_end),
		cmocka_unit_test(nothing_runs_after_a_time_out),
		cmocka_unit_test(memory_that_was_freed_can_be_used_again),
		cmocka_unit_test(bytes_of_a_text_are_garbage_like_others),
		cmocka_unit_test(memory_may_end_anywhere),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
