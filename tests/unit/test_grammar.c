/*
 * The grammar's corpus, in the format of "tree-sitter test", which users need
 * not have: a title between two lines of "=", a text, a line of "-" (the
 * longest, as texts may hold some), and the tree that it must have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <tree_sitter/api.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/vec.h"

const TSLanguage *tree_sitter_sqlx(void);

struct corpus_case {
	struct str text, tree;
};

struct test_vec {
	struct CMUnitTest *v;
	size_t n, cap;
};

/* Takes the first line, without its end, off rest. */
static struct str take_line(struct str *rest)
{
	size_t end = str_find(*rest, '\n', 0);
	struct str line = str_sub(*rest, 0, end);

	*rest = str_sub(*rest, end + (end < rest->n), rest->n);
	return line;
}

/* How many of c make up the line; 0 if there is anything else. */
static size_t rule_length(struct str line, char c)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != c)
			return 0;
	return line.n < 3 ? 0 : line.n;
}

/* What is left when blanks are made one, and field names are dropped. */
static const char *plain_tree(struct arena *a, struct str tree)
{
	char *out = arena_text(a, tree.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < tree.n; i++) {
		char c = tree.p[i];

		if (c == ':') {
			while (n > 0 && out[n - 1] != ' ')
				n--;
		} else if (c != ' ' && c != '\n') {
			out[n++] = c;
		} else if (n > 0 && out[n - 1] != ' ') {
			out[n++] = ' ';
		}
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

static void tree_is_as_in_the_corpus(void **state)
{
	const struct corpus_case *c = *state;
	struct arena *a = arena_new();
	TSParser *parser = ts_parser_new();
	TSTree *tree;
	char *text;

	assert_true(ts_parser_set_language(parser, tree_sitter_sqlx()));
	tree = ts_parser_parse_string(parser, NULL, c->text.p,
				      (uint32_t)c->text.n);
	text = ts_node_string(ts_tree_root_node(tree));
	assert_string_equal(plain_tree(a, str_of(text)),
			    plain_tree(a, c->tree));
	free(text);
	ts_tree_delete(tree);
	ts_parser_delete(parser);
	arena_free(a);
}

/* The text and the tree of the case that ends where body does. */
static struct corpus_case split(struct str body)
{
	struct corpus_case c = {.text = body};
	struct str rest = body;
	size_t longest = 0;

	while (rest.n > 0) {
		size_t start = (size_t)(rest.p - body.p);
		size_t length = rule_length(take_line(&rest), '-');

		if (length <= longest)
			continue;
		longest = length;
		c.text = str_sub(body, 0, start ? start - 1 : 0);
		c.tree = rest;
	}
	return c;
}

static void add_cases(struct arena *a, struct str rest, struct test_vec *tests)
{
	while (rest.n > 0) {
		struct corpus_case *c = ARENA_NEW(a, struct corpus_case, 1);
		struct CMUnitTest test = {.test_func = tree_is_as_in_the_corpus,
					  .initial_state = c};
		struct str body, line = take_line(&rest);

		if (!rule_length(line, '='))
			continue;
		test.name = arena_cstr(a, take_line(&rest));
		take_line(&rest);
		body = rest;
		for (struct str after = rest;
		     rest.n > 0 && !rule_length(take_line(&after), '=');)
			rest = after;
		*c = split(str_sub(body, 0, (size_t)(rest.p - body.p)));
		VEC_PUSH(a, tests, test);
	}
}

int main(void)
{
	static const char *const files[] = {
		"blocks", "sql", "placeholders", "javascript", "unclosed",
	};
	struct arena *a = arena_new();
	struct test_vec tests = {0};
	int failed;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct str path =
			arena_printf(a, "grammar/test/corpus/%s.txt", files[i]);
		struct error err = {0};
		struct str text;

		if (!file_read(path.p, 1 << 20, a, &text, &err)) {
			printf("Bail out! %s\n", err.text);
			return 1;
		}
		add_cases(a, text, &tests);
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = _cmocka_run_group_tests("grammar corpus", tests.v, tests.n,
					 NULL, NULL);
	arena_free(a);
	return failed;
}
