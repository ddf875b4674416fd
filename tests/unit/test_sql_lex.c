/* What is told of SQL by its tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/sql_lex.h"

static void a_query_is_trimmed_of_its_end_only(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},
		{" \n select 1 \n", "select 1"},
		{"select 1;", "select 1"},
		{"select 1 ; ; -- end\n", "select 1"},
		{"select 1 -- ; not the end", "select 1 -- ; not the end"},
		{"select 1 /* ; */", "select 1 /* ; */"},
		{"select ';'", "select ';'"},
		{"select 'it''s;' ;", "select 'it''s;'"},
		{"select E'\\';' ;", "select E'\\';'"},
		{"select $$;$$;", "select $$;$$"},
		{"select $a$;$$;$a$;", "select $a$;$$;$a$"},
		{"select \";\";", "select \";\""},
		{"select 1; select 2;", "select 1; select 2"},
		{"select /* /* ; */ ; */ 1;", "select /* /* ; */ ; */ 1"},
		{"select 'open;", "select 'open;"},
		{"-- only", "-- only"},
		{";", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str got = sql_trim(str_of(cases[i].text));

		if (!str_is(got, cases[i].want))
			fail_msg("%s became %.*s", cases[i].text, STR_ARG(got));
	}
}

static void comments_are_no_statement(void **state)
{
	(void)state;
	assert_false(sql_is_statement(STR("")));
	assert_false(sql_is_statement(STR(" -- a\n/* b */ ; \n")));
	assert_true(sql_is_statement(STR("-- a\nselect 1")));
	assert_true(sql_is_statement(STR("'a'")));
	assert_false(sql_is_several(STR("select ';'; -- b\n;")));
	assert_true(sql_is_several(STR("select 1;; select 2")));
}

static void what_may_be_committed_is_seen(void **state)
{
	static const struct {
		const char *text;
		bool inside, commits;
	} cases[] = {
		{"commit", true, true},
		{"END;", true, true},
		{"insert into t values (1)", true, false},
		{"insert into t values (1); commit", true, true},
		{"-- of t\nInsert into t select 1", false, true},
		{"select fill_table()", false, true},
		{"begin; insert into t values ('; commit')", false, false},
		{"create index concurrently i on t (a)", false, true},
		{"create table t (a int)", true, false},
		{"(select fill_table())", false, true},
		{"begin; select 1; rollback; delete from t", false, true},
		{"abort; delete from t", true, true},
		{"rollback to a; delete from t", true, false},
		{"show a; reset a", false, false},
		{"set a = 1; /* then */ delete from t", false, true},
		{"begin", false, false},
		{" ; -- nothing\n", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			sql_may_commit(str_of(cases[i].text), cases[i].inside),
			cases[i].commits);
}

static void what_may_fail_halfway_is_seen(void **state)
{
	static const struct {
		const char *text;
		bool inside, halfway;
	} cases[] = {
		{"call p()", false, true},
		{"Do $$ begin commit; end $$", false, true},
		{"create index concurrently i on t (a)", false, true},
		{"vacuum t", false, false},
		{"call p()", true, false},
		{"begin; call p(); commit", false, false},
		{"begin; commit; call p()", false, true},
		{"rollback; call p()", true, true},
		{"insert into t values (1)", false, false},
		{"set a = 1; -- nothing\n;", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(sql_may_fail_halfway(str_of(cases[i].text),
						      cases[i].inside),
				 cases[i].halfway);
}

static void a_transaction_is_found_where_it_is_begun_or_ended(void **state)
{
	static const struct {
		const char *text, *from; /* NULL: there is none */
	} cases[] = {
		{"commit", "commit"},
		{"select 1; /* ; */ Rollback work", "Rollback work"},
		{"rollback and chain", "rollback and chain"},
		{"rollback to savepoint a", NULL},
		{"rollback work to a; release a; savepoint b", NULL},
		{"begin;", "begin;"},
		{"start transaction", "start transaction"},
		{"prepare transaction 'x'", "prepare transaction 'x'"},
		{"prepare x as select 'a; commit'", NULL},
		{"select 1 as \"commit\" -- ; end", NULL},
		{"do $$ begin commit; end $$", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str text = str_of(cases[i].text);
		size_t at = sql_find_transaction(text);

		assert_string_equal(text.p + at,
				    cases[i].from ? cases[i].from : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_is_trimmed_of_its_end_only),
		cmocka_unit_test(comments_are_no_statement),
		cmocka_unit_test(what_may_be_committed_is_seen),
		cmocka_unit_test(
			a_transaction_is_found_where_it_is_begun_or_ended),
		cmocka_unit_test(what_may_fail_halfway_is_seen),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
