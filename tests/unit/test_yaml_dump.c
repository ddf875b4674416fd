/* YAML as js-yaml's dump() writes it. What is expected was recorded from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/yaml.h"
#include "base/yaml_dump.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *json, *yaml;
} cases[] = {
	{"null", "null\n"},
	{"true", "true\n"},
	{"1.5", "1.5\n"},
	{"1e+21", "1e+21\n"},
	{"1e-7", "1.e-7\n"},
	{"-0.25", "-0.25\n"},
	{"\"\"", "''\n"},
	{"[]", "[]\n"},
	{"{}", "{}\n"},
	{"\"plain text\"", "plain text\n"},
	{"\"a: b\"", "'a: b'\n"},
	{"\"a:b\"", "a:b\n"},
	{"\"a #b\"", "'a #b'\n"},
	{"\"a#b\"", "a#b\n"},
	{"\"#a\"", "'#a'\n"},
	{"\"- a\"", "'- a'\n"},
	{"\"-a\"", "'-a'\n"},
	{"\"'a'\"", "'''a'''\n"},
	{"\"say \\\"no\\\"\"", "say \"no\"\n"},
	{"\"it's\"", "it's\n"},
	{"\"@x\"", "'@x'\n"},
	{"\"%x\"", "'%x'\n"},
	{"\"`x`\"", "'`x`'\n"},
	{"\"true\"", "'true'\n"},
	{"\"Null\"", "'Null'\n"},
	{"\"~\"", "'~'\n"},
	{"\"12\"", "'12'\n"},
	{"\"0x1F\"", "'0x1F'\n"},
	{"\"0o17\"", "'0o17'\n"},
	{"\"0b11\"", "'0b11'\n"},
	{"\"1e3\"", "'1e3'\n"},
	{"\".5\"", "'.5'\n"},
	{"\"1_000\"", "1_000\n"},
	{"\"2024-01-31\"", "'2024-01-31'\n"},
	{"\"2024-01-31T10:00:00.000Z\"", "'2024-01-31T10:00:00.000Z'\n"},
	{"\"12:30\"", "'12:30'\n"},
	{"\"1:2.5\"", "'1:2.5'\n"},
	{"\"yes\"", "'yes'\n"},
	{"\"Off\"", "'Off'\n"},
	{"\"y\"", "'y'\n"},
	{"\"<<\"", "'<<'\n"},
	{"\"=\"", "'='\n"},
	{"\"a \"", "'a '\n"},
	{"\"a:\"", "'a:'\n"},
	{"\"?\"", "'?'\n"},
	{"\"tab\\there\"", "\"tab\\there\"\n"},
	{"\"cr\\rlf\"", "\"cr\\rlf\"\n"},
	{"\"bell\\u0007\"", "\"bell\\a\"\n"},
	{"\"\302\240\"", "\"\\_\"\n"},
	{"\"\342\200\250\"", "\"\\L\"\n"},
	{"\"\357\273\277\"", "\"\\uFEFF\"\n"},
	{"\"\\u0001\302\220\357\277\276\"", "\"\\x01\\x90\\uFFFE\"\n"},
	{"\"\303\251 \346\227\245\346\234\254 \360\237\230\200\"",
	 "\303\251 \346\227\245\346\234\254 \360\237\230\200\n"},
	{"\"two\\nlines\"", "|-\n"
			    "  two\n"
			    "  lines\n"},
	{"\"ends\\n\"", "|\n"
			"  ends\n"},
	{"\"ends\\n\\n\"", "|+\n"
			   "  ends\n"
			   "\n"},
	{"\"\\nstarts\"", "|-\n"
			  "\n"
			  "  starts\n"},
	{"\"  indented\\nmore\"", "|2-\n"
				  "    indented\n"
				  "  more\n"},
	{"\"\\n\"", "|+\n"
		    "\n"},
	{"\"a\\n\\n\\nb\"", "|-\n"
			    "  a\n"
			    "\n"
			    "\n"
			    "  b\n"},
	{"\"lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do "
	 "eiusmod tempor incididunt\"",
	 ">-\n"
	 "  lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do "
	 "eiusmod tempor\n"
	 "  incididunt\n"},
	{"\"lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do "
	 "eiusmod tempor incididunt ut labore\\nlorem ipsum dolor sit amet, "
	 "consectetur adipiscing elit, sed do eiusmod tempor incididunt\\n\\n  "
	 "indented lorem ipsum dolor sit amet, consectetur adipiscing elit, "
	 "sed do eiusmod tempor incididunt\\nshort\\n\"",
	 ">\n"
	 "  lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do "
	 "eiusmod tempor\n"
	 "  incididunt ut labore\n"
	 "\n"
	 "  lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do "
	 "eiusmod tempor\n"
	 "  incididunt\n"
	 "\n"
	 "    indented lorem ipsum dolor sit amet, consectetur adipiscing "
	 "elit, sed do eiusmod tempor incididunt\n"
	 "  short\n"},
	{"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
	 ">-\n"
	 "  "
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"},
	{"\"\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200"
	 "\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360"
	 "\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237"
	 "\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230"
	 "\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200"
	 "\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360"
	 "\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237"
	 "\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230"
	 "\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200"
	 "\360\237\230\200 b c\"",
	 ">-\n"
	 "  "
	 "\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360"
	 "\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237"
	 "\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230"
	 "\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200"
	 "\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360"
	 "\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237"
	 "\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230"
	 "\200\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200"
	 "\360\237\230\200\360\237\230\200\360\237\230\200\360\237\230\200\360"
	 "\237\230\200\n"
	 "  b c\n"},
	{"\"\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251 b c\"",
	 ">-\n"
	 "  "
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
	 "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303"
	 "\251\303\251\n"
	 "  b c\n"},
	{"[1,[2,[3]],{\"a\":1,\"b\":[4,{\"c\":null}]},[],{}]", "- 1\n"
							       "- - 2\n"
							       "  - - 3\n"
							       "- a: 1\n"
							       "  b:\n"
							       "    - 4\n"
							       "    - c: null\n"
							       "- []\n"
							       "- {}\n"},
	{"{\"1\":true,\"a\":{\"b\":{\"c\":\"text\",\"d\":[\"x\",\"y\"]}},\"k "
	 "v\":\"l\\nm\",\"yes\":0,\"\":\"\",\"# k\":[[{}]]}",
	 "'1': true\n"
	 "a:\n"
	 "  b:\n"
	 "    c: text\n"
	 "    d:\n"
	 "      - x\n"
	 "      - 'y'\n"
	 "k v: |-\n"
	 "  l\n"
	 "  m\n"
	 "'yes': 0\n"
	 "'': ''\n"
	 "'# k':\n"
	 "  - - {}\n"},
	{"{\"deep\":{\"deep\":{\"deep\":{\"t\":\"lorem ipsum dolor sit amet, "
	 "consectetur adipiscing elit, sed do eiusmod tempor incididunt ut "
	 "labore et dolore magna aliqua\"}}}}",
	 "deep:\n"
	 "  deep:\n"
	 "    deep:\n"
	 "      t: >-\n"
	 "        lorem ipsum dolor sit amet, consectetur adipiscing elit, sed "
	 "do eiusmod\n"
	 "        tempor incididunt ut labore et dolore magna aliqua\n"},
};

static struct value parse_json(const char *text, struct arena *arena)
{
	struct position at;
	struct error err = {0};
	struct value v;

	if (!json_parse(str_of(text), arena, &v, &at, &err))
		fail_msg("%s: %s", text, err.text);
	return v;
}

static void documents_are_written_as_js_yaml_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct arena *a = arena_new();
		struct value v = parse_json(cases[i].json, a);
		struct buf b = {0};

		yaml_dump(&v, &b);
		assert_string_equal(buf_str(&b).p, cases[i].yaml);
		buf_free(&b);
		arena_free(a);
	}
}

/* Which leaves no byte of its text to chance. */
static void what_is_written_reads_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct arena *a = arena_new();
		struct value v = parse_json(cases[i].json, a), back;
		struct buf once = {0}, twice = {0};
		struct error err = {0};
		struct position at;

		yaml_dump(&v, &once);
		if (!yaml_parse(buf_str(&once), a, &back, &at, &err))
			fail_msg("%s: %s", cases[i].yaml, err.text);
		yaml_dump(&back, &twice);
		assert_string_equal(buf_str(&twice).p, buf_str(&once).p);
		buf_free(&once);
		buf_free(&twice);
		arena_free(a);
	}
}

static void a_long_key_is_written_behind_a_question_mark(void **state)
{
	enum { N = 1025 };
	static char key[N + 1];
	struct arena *a = arena_new();
	struct value list = value_array(a, 1), v = value_object(a, 1);
	struct buf b = {0}, expected = {0};

	(void)state;
	memset(key, 'k', N);
	value_push(&list, value_number(1));
	value_put(&v, str_of(key), list);
	yaml_dump(&v, &b);
	buf_printf(&expected, "? %s\n: - 1\n", key);
	assert_string_equal(buf_str(&b).p, buf_str(&expected).p);
	buf_free(&b);
	buf_free(&expected);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_are_written_as_js_yaml_does),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(a_long_key_is_written_behind_a_question_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
