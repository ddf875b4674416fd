/*
 * What stands on a table of PostgreSQL, or is said of it, survives when the
 * table is built anew; what cannot is named, and nothing is changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/real_run.h"

static void views_of_others_stay_as_they_are(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);

	real_do(r, "create schema if not exists checks;"
		   "create view checks.v1 with (security_barrier) as "
		   "select a as \"A\" from s.t;"
		   "create view checks.v2 as "
		   "select v.\"A\", t.b from checks.v1 v, s.t t;"
		   "create view checks.v3 as select count(*) as n "
		   "from checks.v2, checks.v1;"
		   "grant select on checks.v2 to public;"
		   "grant update (b) on checks.v2 to public;"
		   "comment on view checks.v1 is 'it''s one';"
		   "comment on column checks.v1.\"A\" is 'a column'");
	a->query = STR("select 2::bigint as a, true as c, 'y' as b");
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, "select * from checks.v2, checks.v3"),
			    "2|y|1");
	assert_string_equal(
		real_ask(r, "select array_to_string(reloptions, ','), "
			    "obj_description(oid), col_description(oid, 1) "
			    "from pg_class where oid = 'checks.v1'::regclass"),
		"security_barrier=true|it's one|a column");
	assert_string_equal(
		real_ask(r, "select privilege_type, column_name from "
			    "information_schema.column_privileges "
			    "where grantee = 'PUBLIC' and table_name = 'v2' "
			    "order by 1, 2"),
		"SELECT|A;SELECT|b;UPDATE|b");
}

static void what_is_said_of_the_table_stays(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);

	real_do(r, "drop role if exists weir_test_owner;"
		   "create role weir_test_owner;"
		   "grant all on schema s to weir_test_owner;"
		   "alter table s.t owner to weir_test_owner;"
		   "grant select on s.t to weir_test_owner;"
		   "grant insert (a), update (b) on s.t to public;"
		   "comment on table s.t is 'it''s mine';"
		   "comment on column s.t.a is 'first';"
		   "comment on column s.t.b is 'gone soon'");
	a->query = STR("select 2 as n, 3 as a");
	real_run_ok(r, "s.t");
	assert_string_equal(
		real_ask(r, "select pg_get_userbyid(relowner), "
			    "obj_description(oid), col_description(oid, 1), "
			    "col_description(oid, 2) from pg_class "
			    "where oid = 's.t'::regclass"),
		"weir_test_owner|it's mine|NULL|first");
	assert_string_equal(
		real_ask(r, "select privilege_type, column_name from "
			    "information_schema.column_privileges "
			    "where grantee = 'PUBLIC' and table_name = 't'"),
		"INSERT|a");
	real_do(r, "drop owned by weir_test_owner; "
		   "drop role weir_test_owner");
}

/* Default privileges give rights to what is made, whoever had them before. */
static void a_swap_gives_no_right_that_was_revoked(void **state)
{
	static const char rights[] =
		"select relname, x.right from pg_class c, lateral ("
		"select case grantee when 0 then 'public' else "
		"pg_get_userbyid(grantee)::text end || ' ' || privilege_type "
		"|| case when is_grantable then '*' else '' end as right "
		"from aclexplode(relacl)) x "
		"where relname in ('t', 'v') and "
		"x.right not like '%REFERENCES%' and "
		"x.right not like '%MAINTAIN%' order by 1, 2";
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);
	const char *before;

	real_do(r, "drop role if exists weir_test_reader;"
		   "create role weir_test_reader;"
		   "create schema if not exists checks;"
		   "alter default privileges in schema s, checks "
		   "grant select on tables to weir_test_reader;"
		   "alter default privileges in schema s, checks "
		   "grant all on tables to public;"
		   "create view checks.v as select a from s.t;"
		   "revoke all on checks.v from public;"
		   "revoke trigger on checks.v from current_user;"
		   "revoke insert, truncate on s.t from current_user;"
		   "grant update on s.t to weir_test_reader "
		   "with grant option");
	before = real_ask(r, rights);
	assert_null(strstr(before, "t|public"));
	a->query = STR("select 2 as n, 3 as a");
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, rights), before);
	real_do(r, "drop owned by weir_test_reader; "
		   "drop role weir_test_reader");
}

static void untouched_rights_stay_the_default(void **state)
{
	struct real *r = real_or_skip(state);

	real_table(r);
	real_run(r);
	assert_string_equal(real_ask(r, "select relacl from pg_class "
					"where oid = 's.t'::regclass"),
			    "NULL");
}

static void a_view_that_cannot_stand_is_named(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);

	real_do(r, "create schema if not exists checks;"
		   "create view checks.needs_b as select b from s.t "
		   "cross join (select 1) as other");
	a->query = STR("select 2 as a");
	real_run(r);
	/* Of two relations every version of PostgreSQL names the one. */
	assert_string_equal(real_status(r, "s.t"),
			    "failed: the view checks.needs_b cannot stand on "
			    "the new s.t: column t.b does not exist");
	assert_string_equal(real_step(r, "s.t")->error.sqlstate, "2BP01");
	assert_string_equal(real_ask(r, "select a from s.t"), "1");
	assert_string_equal(real_ask(r, "select b from checks.needs_b"), "x");
}

static void what_cannot_be_made_again_is_named(void **state)
{
	static const struct {
		const char *made, *dropped, *want;
	} cases[] = {
		{"create view s.v as select a from s.t;"
		 "create function s.f() returns trigger language plpgsql as "
		 "'begin return new; end';"
		 "create trigger tr instead of insert on s.v for each row "
		 "execute function s.f()",
		 "drop view s.v; drop function s.f",
		 "failed: s.v has trigger tr, which would be lost"},
		{"create view s.v as select a from s.t;"
		 "alter view s.v alter a set default 1;"
		 "create rule r as on insert to s.v do instead nothing",
		 "drop view s.v",
		 "failed: s.v has default of column a, rule r, which would be "
		 "lost"},
		{"alter table s.t enable row level security;"
		 "create policy p on s.t using (a = 1)",
		 "drop policy p on s.t;"
		 "alter table s.t disable row level security",
		 "failed: s.t has policy p, row level security, which would "
		 "be lost"},
		{"create function s.f() returns trigger language plpgsql as "
		 "'begin return new; end';"
		 "create trigger tr before insert on s.t for each row "
		 "execute function s.f()",
		 "drop trigger tr on s.t",
		 "failed: s.t has trigger tr, which would be lost"},
		{"create publication weir_test for table s.t",
		 "drop publication weir_test",
		 "failed: s.t has publication weir_test, which would be lost"},
		{"create table s.p (a int, b text, gone int) partition by list "
		 "(a);"
		 "alter table s.p attach partition s.t default",
		 "alter table s.p detach partition s.t; drop table s.p",
		 "failed: s.t has parent s.p, which would be lost"},
		{"alter table s.t add primary key (a);"
		 "create table s.child (a int references s.t);"
		 "insert into s.child values (1)",
		 "drop table s.child",
		 "failed: the constraint child_a_fkey of s.child cannot be "
		 "made on the new s.t: insert or update on table \"child\" "
		 "violates foreign key constraint \"child_a_fkey\""},
		{"create index on s.t (gone)", "drop index s.t_gone_idx",
		 "failed: the index t_gone_idx of s.t cannot be made on the "
		 "new one: column \"gone\" does not exist"},
		{"alter table s.t add check (gone > 0)",
		 "alter table s.t drop constraint t_gone_check",
		 "failed: the constraint t_gone_check of s.t cannot be made "
		 "on the new one: column \"gone\" does not exist"},
		{"alter table s.t add constraint odd check (a = 1)",
		 "alter table s.t drop constraint odd",
		 "failed: the constraint odd of s.t cannot be made on the new "
		 "one: check constraint \"weir_tmp_134f0783fb608acf_1\" of "
		 "relation \"weir_tmp_134f0783fb608acf\" is violated by some "
		 "row"},
		{"create table s.typed (x s.t)", "drop table s.typed",
		 "failed: cannot drop table s.t because other objects depend "
		 "on it: column x of table s.typed depends on type s.t"},
	};
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);

	real_do(r, "alter table s.t add gone int");
	a->query = STR("select 2 as a, 'x' as b");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		real_do(r, cases[i].made);
		real_run(r);
		assert_string_equal(real_status(r, "s.t"), cases[i].want);
		assert_non_null(strstr(real_step(r, "s.t")->error.hint,
				       "nothing was changed"));
		assert_string_equal(real_ask(r, "select a from s.t"), "1");
		real_do(r, cases[i].dropped);
	}
	real_run_ok(r, "s.t");
}

static void a_swap_does_not_wait_for_ever(void **state)
{
	struct real *r = real_or_skip(state);
	struct test_warehouse reader = {0};
	struct str connection;
	struct action *a = real_table(r);

	connection = r->made.profile.connection;
	real_open(r, &reader);
	must_run(&reader, "begin; select * from s.t");
	r->made.profile.connection =
		arena_printf(r->made.arena, "%.*s options='-c lock_timeout=50'",
			     STR_ARG(connection));
	a->query = STR("select 2 as a");
	real_run(r);
	assert_string_equal(real_status(r, "s.t"),
			    "failed: waited 50ms for those who use s.t");
	assert_string_equal(real_step(r, "s.t")->error.sqlstate, "55P03");
	assert_non_null(
		strstr(real_step(r, "s.t")->error.hint, "lock_timeout"));
	must_run(&reader, "rollback");
	reader.w->ops->close(reader.w);
	r->made.profile.connection = connection;
	a->post_ops = made_one(&r->made, "create table s.said as select "
					 "current_setting('lock_timeout')");
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, "select * from s.said"), "0");
}

/* Whoever reads s.t meanwhile would wait, too. */
static void a_swap_waits_for_a_partition_before_it_locks(void **state)
{
	struct real *r = real_or_skip(state);
	struct test_warehouse reader = {0};
	struct str connection;

	real_table(r)->post_ops = made_one(&r->made, "select 1 as done");
	real_do(r, "alter table s.t add primary key (a);"
		   "create table s.p (id int references s.t) "
		   "partition by range (id);"
		   "create table s.p1 partition of s.p for values from (1) "
		   "to (9) partition by list (id);"
		   "create table s.p2 partition of s.p1 default;"
		   "insert into s.p values (1)");
	real_open(r, &reader);
	must_run(&reader, "begin; select * from s.p2");
	connection = r->made.profile.connection;
	r->made.profile.connection = arena_printf(
		r->made.arena, "%.*s options='-c lock_timeout=100'",
		STR_ARG(connection));
	real_run(r);
	must_run(&reader, "rollback");
	reader.w->ops->close(reader.w);
	assert_string_equal(real_status(r, "s.t"),
			    "failed: waited 100ms for those who use s.t");
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, "select count(*) from pg_constraint "
					"where confrelid = 's.t'::regclass"),
			    "3");
	r->made.profile.connection = connection;
}

static void a_temporary_view_of_others_is_named(void **state)
{
	struct real *r = real_or_skip(state);
	struct test_warehouse other = {0};

	real_table(r);
	real_open(r, &other);
	must_run(&other, "create temp view mine as select a from s.t");
	real_run(r);
	other.w->ops->close(other.w);
	assert_non_null(strstr(real_status(r, "s.t"),
			       "failed: the temporary view pg_temp_"));
	assert_non_null(strstr(real_status(r, "s.t"),
			       ".mine of another session stands on s.t"));
}

static void a_view_that_is_not_ours_is_named(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);

	real_do(r, "drop role if exists weir_test_owner, weir_test_reader;"
		   "create role weir_test_owner; create role weir_test_reader;"
		   "grant all on schema s to weir_test_owner;"
		   "alter table s.t owner to weir_test_owner;"
		   "create view s.v as select a from s.t;"
		   "alter view s.v owner to weir_test_reader");
	a->pre_ops = made_one(&r->made, "set role weir_test_owner");
	real_run(r);
	real_do(r, "drop schema s cascade;"
		   "drop role weir_test_owner, weir_test_reader");
	assert_string_equal(real_status(r, "s.t"),
			    "failed: s.v belongs to weir_test_reader, and "
			    "weir_test_owner may not make it again");
	assert_non_null(strstr(real_step(r, "s.t")->error.hint,
			       "grant weir_test_reader to weir_test_owner"));
}

static void a_name_may_hold_what_quotes_a_block(void **state)
{
	struct real *r = real_or_skip(state);

	made_add(&r->made, ACTION_TABLE, "s.a$weir$b$weir2$", "select 1 as x",
		 "");
	real_run(r);
	real_run_ok(r, "s.a$weir$b$weir2$");
}

/* Table s.t of (a, b) under a merge by a of two old rows, and of two new ones
 * with one key. */
static struct action *merged(struct real *r)
{
	struct action *a =
		made_add(&r->made, ACTION_INCREMENTAL, "s.t", "", "");

	a->query = STR("select * from (values (1, 'new'), (2, 'new'), "
		       "(3, 'x'), (3, 'y')) as v (a, b)");
	a->unique_key = made_words(&r->made, "a");
	return a;
}

static void a_predicate_may_name_a_column_found(void **state)
{
	struct value predicate =
		value_string(STR("exists (select from s.days where found)"));
	struct member member = {
		.key = STR("incrementalPredicates"),
		.value = {.kind = VALUE_ARRAY, .n = 1, .items = &predicate},
	};
	struct value bigquery = {
		.kind = VALUE_OBJECT, .n = 1, .members = &member};
	struct real *r = real_or_skip(state);

	real_do(r, "create schema s; create table s.t (a int, b text);"
		   "insert into s.t values (1, 'old'), (2, 'old');"
		   "create table s.days as select true as found");
	merged(r)->bigquery = &bigquery;
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, "select * from s.t order by 1, 2"),
			    "1|new;2|new;3|x;3|y");
}

static void columns_that_fill_themselves_are_left_out(void **state)
{
	static const char *const keys[] = {"", "a"};
	struct real *r = real_or_skip(state);
	struct action *a = merged(r);

	for (size_t i = 0; i < 2; i++) {
		real_do(r, "drop schema if exists s cascade; create schema s;"
			   "create table s.t (id int generated always as "
			   "identity, a int, b text, twice int generated "
			   "always as (a * 2) stored);"
			   "insert into s.t values (default, 1, 'old')");
		a->query = STR("select 1 as a, 'new' as b, 9 as twice");
		a->unique_key = made_words(&r->made, keys[i]);
		real_run_ok(r, "s.t");
		assert_string_equal(real_ask(r, "select * from s.t order by 1"),
				    i ? "1|1|new|2" : "1|1|old|2;2|1|new|2");
	}
}

static void a_key_that_is_no_column_is_named(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = merged(r);

	real_do(r, "create schema s; create table s.t (a int, b text)");
	a->unique_key = made_words(&r->made, "A nokey");
	real_run(r);
	assert_string_equal(real_status(r, "s.t"),
			    "failed: uniqueKey names \"nokey\", which the "
			    "table has not");
	assert_string_equal(real_step(r, "s.t")->error.hint,
			    "the columns that a query can fill are: a, b");
}

static void a_partitioned_table_is_not_replaced(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = merged(r);

	real_do(r, "create schema s;"
		   "create table s.t (a int, b text) partition by list (a);"
		   "create table s.t1 partition of s.t default;"
		   "insert into s.t values (1, 'old')");
	r->options.full_refresh = true;
	for (int i = 0; i < 2; i++) {
		real_run(r);
		assert_string_equal(real_status(r, "s.t"),
				    "failed: what stands there is a "
				    "partitioned table, which would be lost "
				    "with all its partitions");
		a->type = ACTION_VIEW;
	}
	assert_string_equal(real_ask(r, "select * from s.t"), "1|old");
	a->type = ACTION_INCREMENTAL;
	a->is_protected = true;
	real_run_ok(r, "s.t");
}

/* The first rows of two partitions are both at (0,1). */
static void a_merge_tells_rows_of_partitions_apart(void **state)
{
	struct real *r = real_or_skip(state);

	real_do(r, "create schema s;"
		   "create table s.t (a int, b text) partition by list (a);"
		   "create table s.t1 partition of s.t for values in (1);"
		   "create table s.t2 partition of s.t default;"
		   "insert into s.t values (1, 'old'), (2, 'old')");
	merged(r);
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, "select * from s.t order by 1, 2"),
			    "1|new;2|new;3|x;3|y");
}

/* Each swap drops the view that stands on all of them. */
static void tables_under_one_view_are_built_at_once(void **state)
{
	struct real *r = real_or_skip(state);
	static const char *const names[] = {"s.t1", "s.t2", "s.t3", "s.t4"};

	for (size_t i = 0; i < 4; i++)
		made_add(&r->made, ACTION_TABLE, names[i], "select 1 as a", "");
	made_add(&r->made, ACTION_VIEW, "s.v",
		 "select count(*) as n from s.t1, s.t2, s.t3, s.t4",
		 "s.t1 s.t2 s.t3 s.t4");
	r->options.jobs = 4;
	for (int round = 0; round < 5; round++) {
		real_run(r);
		for (size_t i = 0; i < 4; i++)
			assert_string_equal(real_status(r, names[i]), "ok");
		assert_int_equal(r->run.status, RUN_OK);
		assert_string_equal(real_ask(r, "select n from s.v"), "1");
	}
}

static void a_killed_backend_fails_its_action_only(void **state)
{
	struct real *r = real_or_skip(state);

	made_add(&r->made, ACTION_TABLE, "s.killed",
		 "select pg_terminate_backend(pg_backend_pid()) as x", "");
	made_add(&r->made, ACTION_TABLE, "s.after", "select 1 as x",
		 "s.killed");
	made_add(&r->made, ACTION_TABLE, "s.other", "select 1 as x", "");
	made_add(&r->made, ACTION_TABLE, "s.another", "select 1 as x",
		 "s.other");
	r->options.jobs = 1;
	real_run(r);
	assert_int_equal(r->run.status, RUN_FAILED);
	assert_int_equal(real_step(r, "s.killed")->error.kind, ERROR_LOST);
	assert_int_equal(real_step(r, "s.after")->status, STATUS_SKIPPED);
	assert_string_equal(real_status(r, "s.other"), "ok");
	assert_string_equal(real_status(r, "s.another"), "ok");
}

static void a_statement_for_no_transaction_gets_advice(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);

	a->post_ops = made_one(&r->made, "vacuum s.t");
	made_add(&r->made, ACTION_OPERATION, "s.op", "vacuum s.t", "s.t");
	real_run(r);
	assert_non_null(
		strstr(real_step(r, "s.t")->error.hint, "type operations"));
	a->post_ops = (struct strs){0};
	real_run_ok(r, "s.op");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_POSTGRES(views_of_others_stay_as_they_are),
		ON_POSTGRES(what_is_said_of_the_table_stays),
		ON_POSTGRES(a_swap_gives_no_right_that_was_revoked),
		ON_POSTGRES(untouched_rights_stay_the_default),
		ON_POSTGRES(a_view_that_cannot_stand_is_named),
		ON_POSTGRES(what_cannot_be_made_again_is_named),
		ON_POSTGRES(a_swap_does_not_wait_for_ever),
		ON_POSTGRES(a_swap_waits_for_a_partition_before_it_locks),
		ON_POSTGRES(a_temporary_view_of_others_is_named),
		ON_POSTGRES(a_view_that_is_not_ours_is_named),
		ON_POSTGRES(a_name_may_hold_what_quotes_a_block),
		ON_POSTGRES(a_predicate_may_name_a_column_found),
		ON_POSTGRES(a_merge_tells_rows_of_partitions_apart),
		ON_POSTGRES(columns_that_fill_themselves_are_left_out),
		ON_POSTGRES(a_key_that_is_no_column_is_named),
		ON_POSTGRES(a_partitioned_table_is_not_replaced),
		ON_POSTGRES(tables_under_one_view_are_built_at_once),
		ON_POSTGRES(a_killed_backend_fails_its_action_only),
		ON_POSTGRES(a_statement_for_no_transaction_gets_advice),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
