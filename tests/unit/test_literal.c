/* What the reader of literals accepts means the same to the engine; the rest
 * it leaves to the engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "compiler/project/tree.h"
#include "compiler/script/script.h"
#include "compiler/sqlx/literal.h"
#include "compiler/sqlx/lower.h"

static bool same(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind || a->n != b->n)
		return false;
	switch ((enum value_kind)a->kind) {
	case VALUE_BOOL:
		return a->boolean == b->boolean;
	case VALUE_NUMBER:
		return memcmp(&a->number, &b->number, sizeof(a->number)) == 0;
	case VALUE_STRING:
		return str_eq(a->string, b->string);
	case VALUE_ARRAY:
		for (uint32_t i = 0; i < a->n; i++)
			if (!same(&a->items[i], &b->items[i]))
				return false;
		return true;
	case VALUE_OBJECT:
		for (uint32_t i = 0; i < a->n; i++)
			if (!str_eq(a->members[i].key, b->members[i].key) ||
			    !same(&a->members[i].value, &b->members[i].value))
				return false;
		return true;
	default:
		return true;
	}
}

static const char *root(struct tree *t)
{
	(void)t;
	return "/";
}

static const struct tree_ops tree_ops = {.root = root, .real_root = root};

static void evaluate(struct arena *a, const char *text, struct value *out)
{
	static const struct script_limits limits = {16 << 20, 1 << 20, 10000};
	static const struct script_class classes[] = {{"context", NULL, NULL}};
	const struct script_host host = {.classes = classes, .nclasses = 1};
	const struct source src = {STR("definitions/l.sqlx"), STR("")};
	struct tree tree = {&tree_ops};
	struct lowered code = {.has_code = true};
	struct script *s = script_new(&limits, &host, &tree, a);
	struct script_error err;
	uint32_t functions[LOWERED_NFUNCTIONS];

	code.text = arena_printf(a, "[() => (%s)]", text);
	if (!script_compile_lowered(s, &src, &code, functions, &err) ||
	    !script_call_config(s, functions[0], &src, out, &err))
		fail_msg("%s: %.*s", text, STR_ARG(err.message));
	script_free(s);
}

static void data_is_what_the_engine_makes_of_it(void **state)
{
	static const char *const cases[] = {
		"{}",
		"{ type: \"table\" }",
		"{type:'view',}",
		"{ a: [], b: {}, c: [1, -2.5, 0, -0, 1000000], d: [[1,],], }",
		"{ t: true, f: false, n: null, \"quoted-key\": 1, $_x9: 2 }",
		"{ s: \"it's\", q: 'say \"x\"', e: "
		"\"a\\n\\t\\r\\\\\\'\\\"\\/`\" "
		"}",
		"{ t: `lines\nand 'quotes' \"both\" \\`tick\\`` }",
		"{ // a comment\n a: 1, /* another\n */ b: 2 // end\r\n }",
		"{ u: \"\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x89\", "
		"v: \"\xe2\x80\xa8\" }",
		"{ class: 1, new: 2, get: 3, if: 4, true: 5 }",
		"{ d: 0.1, e: 123456789012345678901 }",
		"{ columns: { id: \"the id\", n: { description: \"x\", "
		"columns: { y: 'z' } } } }",
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct value ours, theirs;

		if (!literal_read(str_of(cases[i]), a, &ours))
			fail_msg("refused: %s", cases[i]);
		evaluate(a, cases[i], &theirs);
		if (!same(&ours, &theirs))
			fail_msg("different: %s", cases[i]);
	}
	arena_free(a);
}

static const char *const refused[] = {
	"",
	"[1]",
	"{ a: x }",
	"{ a: f() }",
	"{ a }",
	"{ a() {} }",
	"{ get a() {} }",
	"{ ...a }",
	"{ [a]: 1 }",
	"{ 1: 1 }",
	"{ '1': 1 }",
	"{ __proto__: {} }",
	"{ '__proto__': {} }",
	"{ a: 1, a: 2 }",
	"{ a: 1, 'a': 2 }",
	"{ a: 'x' + 'y' }",
	"{ a: 1 + 1 }",
	"{ a: 1 / 2 }",
	"{ a: 01 }",
	"{ a: 1. }",
	"{ a: .5 }",
	"{ a: 0x1 }",
	"{ a: 1e3 }",
	"{ a: 1n }",
	"{ a: 1_0 }",
	"{ a: - 1 }",
	"{ a: +1 }",
	"{ a: '\\x41' }",
	"{ a: '\\u0041' }",
	"{ a: '\\0' }",
	"{ a: 'x\\\ny' }",
	"{ a: 'x\ny' }",
	"{ a: `${1}` }",
	"{ a: `$` }",
	"{ a: `x\r\ny` }",
	"{ a: 'x }",
	"{ a: \"x' }",
	"{ a: [1,,2] }",
	"{ a: [,] }",
	"{ a: 1 b: 2 }",
	"{ a: 1;}",
	"{ , }",
	"{ a: 1 } }",
	"{ a: 1 }.a",
	"{ a: { }",
	"{ a: 1 // no end }",
	"{ a: 1 /* no end }",
	"{ a: 1 // \r }",
	"{ a: 1 // \xe2\x80\xa9 }",
	"{ a: undefined }",
	"{ a: Infinity }",
	"{ a: /x/ }",
	"{ a: 'x', \xc3\xa9: 1 }",
	"{ a: 1\xc2\xa0}",
};

static void the_rest_is_left_to_the_engine(void **state)
{
	struct arena *a = arena_new();
	struct value v;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (literal_read(str_of(refused[i]), a, &v))
			fail_msg("accepted: %s", refused[i]);
	arena_free(a);
}

static void nesting_is_limited(void **state)
{
	struct arena *a = arena_new();
	char text[2000] = "{a:";
	struct value v;

	(void)state;
	memset(text + 3, '[', sizeof(text) - 3);
	assert_false(literal_read((struct str){text, sizeof(text)}, a, &v));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_what_the_engine_makes_of_it),
		cmocka_unit_test(the_rest_is_left_to_the_engine),
		cmocka_unit_test(nesting_is_limited),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
