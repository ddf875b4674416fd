/* From a character of SQL back to the line that the user wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "compiler/graph.h"
#include "compiler/project/source.h"

/* "LINE:COLUMN" of the first mark in the statement, "?" if it is not told. */
static const char *origin(const char *source, const char *query,
			  const char *statement, const char *mark)
{
	static char text[32];
	const char *at = strstr(statement, mark);
	struct source src = {STR("definitions/a.sqlx"), str_of(source)};
	struct action a = {.query = str_of(query), .place.src = &src};
	uint32_t line, column;

	assert_non_null(at);
	if (!action_origin(&a, str_of(statement), (size_t)(at - statement),
			   &line, &column))
		return "?";
	snprintf(text, sizeof(text), "%u:%u", line, column);
	return text;
}

static void a_line_is_found_in_its_file(void **state)
{
	static const char source[] = "config { type: \"table\" }\n"
				     "\n"
				     "select id,\n"
				     "\tnaem\n"
				     "from ${ref(\"a\")} a\n"
				     "where id > 1\n"
				     ")\n";
	static const char query[] = "\n\nselect id,\n"
				    "\tnaem\n"
				    "from \"s\".\"a\" a\n"
				    "where id > 1\n"
				    ")\n";
	static const char sent[] = "create table \"s\".\"b\" as\n"
				   "select id,\n"
				   "\tnaem\n"
				   "from \"s\".\"a\" a\n"
				   "where id > 1\n"
				   ")";

	(void)state;
	assert_string_equal(origin(source, query, sent, "naem"), "4:2");
	assert_string_equal(origin(source, query, sent, "id >"), "6:7");
	assert_string_equal(origin(source, query, sent, "\"a\" a"), "5:0");
	assert_string_equal(origin(source, query, sent, ")"), "7:1");
	assert_string_equal(origin(source, query, sent, "table"), "?");
}

static void sql_on_the_line_of_its_block_is_found(void **state)
{
	(void)state;
	assert_string_equal(origin("config { type: \"view\" } select nix",
				   "select nix", "select nix", "nix"),
			    "1:32");
	assert_string_equal(origin("publish(\"a\").query(\"select é, x1\")",
				   "select é, x1", "select é, x1", "x1"),
			    "1:31");
}

static void a_line_that_may_be_several_is_not_told(void **state)
{
	(void)state;
	/* Twice the same, and no neighbours that differ. */
	assert_string_equal(origin("${x}\nselect nix\n${x}\nselect nix",
				   "1\nselect nix", "1\nselect nix", "nix"),
			    "?");
	/* The neighbour above tells which. */
	assert_string_equal(origin("from abc\njoin nix\nfrom def\njoin nix",
				   "from def\njoin nix", "from def\njoin nix",
				   "nix"),
			    "4:6");
	/* Made by JavaScript: by the line below the one that is known. */
	assert_string_equal(origin("select 10\n${more()}", "select 10\nx = 1",
				   "select 10\nx = 1", "x ="),
			    "2:0");
	assert_string_equal(
		origin("select 10\n${more()}", "select 1", "select 1", "1"),
		"?");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_found_in_its_file),
		cmocka_unit_test(sql_on_the_line_of_its_block_is_found),
		cmocka_unit_test(a_line_that_may_be_several_is_not_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
