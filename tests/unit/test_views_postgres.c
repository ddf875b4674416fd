/*
 * A view of the project's that cannot stand on the new table is there, with all
 * that is said of it, until the run builds it anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/real_run.h"

static void a_view_that_the_run_rebuilds_may_wait(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a, *v, *w;

	a = made_add(&r->made, ACTION_TABLE, "s.t", "select 1 as a, 'x' as b",
		     "");
	v = made_add(&r->made, ACTION_VIEW, "s.v", "select b from s.t", "s.t");
	w = made_add(&r->made, ACTION_VIEW, "s.w", "select b from s.v", "s.v");
	made_add(&r->made, ACTION_ASSERTION, "checks.c",
		 "select * from s.v where false", "s.v");
	real_run_ok(r, "s.w");
	a->query = STR("select 2 as c");
	v->query = STR("select c from s.t");
	w->query = STR("select c from s.v");
	real_run_ok(r, "s.t");
	assert_string_equal(real_status(r, "s.w"), "ok");
	assert_string_equal(real_ask(r, "select * from s.w, checks.c"), "");
	assert_string_equal(real_ask(r, "select c from s.w"), "2");
}

/* Table s.t of (a, b) and view s.v on it, of which much is said. */
static const char much_is_said[] =
	"drop role if exists weir_test_owner, weir_test_reader;"
	"create role weir_test_owner; create role weir_test_reader;"
	"create schema s; grant all on schema s to weir_test_owner;"
	"alter default privileges in schema s grant select on tables to "
	"weir_test_owner;"
	"create table s.t as select 1 as a, 'x' as b;"
	"create view s.v with (security_barrier, check_option = local) as "
	"select a, b from s.t;"
	"grant select on s.v to weir_test_reader;"
	"grant update (a, b) on s.v to weir_test_reader;"
	"comment on view s.v is 'it''s v';"
	"comment on column s.v.a is 'stays';"
	"comment on column s.v.b is 'goes';"
	"alter view s.v owner to weir_test_owner";

static const char what_is_said[] =
	"select pg_get_userbyid(relowner), relacl::text like "
	"'%weir_test_reader=r/%', attacl::text like '%weir_test_reader=w/%', "
	"obj_description(c.oid), col_description(c.oid, 1) "
	"from pg_class c join pg_attribute on attrelid = c.oid "
	"where c.oid = 's.v'::regclass and attname = 'a'";

/* Table s.t without its column b, and view s.v, which has the query, after a
 * look at it. Whoever looks has no other way to be between the two. */
static void lose_a_column(struct real *r, const char *query)
{
	real_do(r, much_is_said);
	made_add(&r->made, ACTION_TABLE, "s.t", "select 2 as a, 3 as c", "");
	made_add(&r->made, ACTION_OPERATION, "s.look",
		 "create table s.looked as "
		 "select c.oid, c.reloptions, (select string_agg(attname, ' ' "
		 "order by attnum) from pg_attribute where attrelid = c.oid) "
		 "as columns, (select string_agg(to_json(v)::text, ' ') from "
		 "s.v) as rows from pg_class c where c.oid = 's.v'::regclass",
		 "s.t");
	made_add(&r->made, ACTION_TABLE, "s.later", "select 4 as d", "s.look");
	made_add(&r->made, ACTION_VIEW, "s.v", query, "s.t s.later");
	real_run_ok(r, "s.look");
	assert_string_equal(real_status(r, "s.v"), "ok");
	assert_string_equal(real_ask(r, what_is_said),
			    "weir_test_owner|t|t|it's v|stays");
}

static void forget_roles(struct real *r)
{
	real_do(r, "drop owned by weir_test_owner, weir_test_reader;"
		   "drop role weir_test_owner, weir_test_reader");
}

static void a_view_that_waits_has_its_new_query(void **state)
{
	struct real *r = real_or_skip(state);

	lose_a_column(r, "select a, c from s.t -- c");
	assert_string_equal(
		real_ask(r, "select columns, rows, reloptions from s.looked"),
		"a c|{\"a\":2,\"c\":3}|{security_barrier=true}");
	assert_string_equal(real_ask(r, "select oid = 's.v'::regclass "
					"from s.looked"),
			    "t");
	forget_roles(r);
}

static void a_view_that_cannot_have_it_yet_is_empty(void **state)
{
	struct real *r = real_or_skip(state);

	lose_a_column(r, "select a, d from s.t, s.later");
	assert_string_equal(
		real_ask(r, "select columns, rows, reloptions from s.looked"),
		"a b|NULL|{security_barrier=true}");
	assert_string_equal(real_ask(r, "select * from s.v"), "2|4");
	forget_roles(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_POSTGRES(a_view_that_the_run_rebuilds_may_wait),
		ON_POSTGRES(a_view_that_waits_has_its_new_query),
		ON_POSTGRES(a_view_that_cannot_have_it_yet_is_empty),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
