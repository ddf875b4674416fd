/*
 * What hangs on a table of PostgreSQL, or is made from it, is there again when
 * the table was built anew: indexes, constraints, options, materialized views.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/real_run.h"

static void rebuild(struct real *r)
{
	real_run_ok(r, "s.t");
	assert_string_equal(real_ask(r, "select relname from pg_class "
					"where relname like 'weir\\_tmp%'"),
			    "");
}

/* What is asked is the same before and after s.t is built anew, but that it
 * is another table. */
static void stays(struct real *r, const char *made, const char *question)
{
	static const char which[] = "select 's.t'::regclass::oid";
	const char *before, *was;

	real_do(r, made);
	before = real_ask(r, question);
	was = real_ask(r, which);
	for (int i = 0; i < 2; i++)
		rebuild(r);
	assert_string_not_equal(real_ask(r, which), was);
	assert_string_equal(real_ask(r, question), before);
}

static const char indexes[] =
	"select pg_get_indexdef(indexrelid), indisclustered, indisreplident, "
	"obj_description(indexrelid) from pg_index "
	"where indrelid = 's.t'::regclass order by 1";

static const char constraints[] =
	"select conrelid::regclass, conname, pg_get_constraintdef(oid), "
	"obj_description(oid) from pg_constraint "
	"where 's.t'::regclass in (conrelid, confrelid) order by conname";

static void indexes_made_by_hand_stay(void **state)
{
	struct real *r = real_or_skip(state);

	real_table(r);
	stays(r,
	      "create index \"odd %s Name\" on s.t ((b || '%s')) "
	      "where a > 0;"
	      "create unique index u on s.t using btree (a desc) include (b) "
	      "with (fillfactor = 50);"
	      "create unique index r on s.t (a);"
	      "comment on index s.u is 'it''s 50%';"
	      "alter table s.t cluster on u;"
	      "alter table s.t alter a set not null;"
	      "alter table s.t replica identity using index r",
	      indexes);
	assert_non_null(strstr(real_ask(r, indexes), "odd %s Name"));
}

static void constraints_made_by_hand_stay(void **state)
{
	struct real *r = real_or_skip(state);

	real_table(r)->query = STR("select 1 as a, 'x' as b, 1 as up");
	rebuild(r);
	stays(r,
	      "create table s.other (k int primary key);"
	      "insert into s.other values (1);"
	      "alter table s.t add primary key (a);"
	      "alter table s.t add constraint u unique (b) deferrable "
	      "initially deferred;"
	      "alter table s.t add constraint c check (b like '%x%');"
	      "alter table s.t add constraint later check (a > 1) not valid;"
	      "alter table s.t add exclude using btree (a with =);"
	      "alter table s.t add foreign key (up) references s.t (a);"
	      "alter table s.t add foreign key (up) references s.other;"
	      "create table s.child (a int references s.t on delete cascade);"
	      "insert into s.child values (1);"
	      "comment on constraint c on s.t is 'it''s 100%';"
	      "comment on constraint child_a_fkey on s.child is 'a child'",
	      constraints);
	assert_non_null(strstr(real_ask(r, constraints), "a child"));
}

static void settings_of_the_table_and_its_columns_stay(void **state)
{
	struct real *r = real_or_skip(state);

	real_table(r);
	stays(r,
	      "create sequence s.q owned by s.t.a;"
	      "alter table s.t alter a set default nextval('s.q'), "
	      "alter b set default 'y', alter b set not null, "
	      "alter b set statistics 7, alter b set storage external, "
	      "alter a set (n_distinct = -0.5), "
	      "set (fillfactor = 71, toast.autovacuum_enabled = false), "
	      "set unlogged;"
	      "create statistics s.st (ndistinct) on a, b from s.t",
	      "select reloptions, (select t.reloptions from pg_class t "
	      "where t.oid = c.reltoastrelid), relpersistence, "
	      "attname, attnotnull, attstattarget, (select one from "
	      "unnest(attoptions) one where one like 'n%'), attstorage, "
	      "pg_get_serial_sequence('s.t', attname), "
	      "pg_get_expr(adbin, adrelid), (select "
	      "pg_get_statisticsobjdef(e.oid) from pg_statistic_ext e "
	      "where stxrelid = c.oid) from pg_class c "
	      "join pg_attribute on attrelid = c.oid and attnum > 0 "
	      "left join pg_attrdef on adrelid = c.oid and adnum = attnum "
	      "where c.oid = 's.t'::regclass order by attnum");
}

static void what_an_index_calls_is_run_by_the_owner(void **state)
{
	struct real *r = real_or_skip(state);

	real_table(r);
	real_do(r, "drop role if exists weir_test_owner;"
		   "create role weir_test_owner;"
		   "grant all on schema s to weir_test_owner;"
		   "alter table s.t owner to weir_test_owner;"
		   "create function s.mine(a int) returns int immutable "
		   "language plpgsql as 'begin assert current_user = "
		   "''weir_test_owner''; return 1; end';"
		   "create index mine on s.t (s.mine(a))");
	rebuild(r);
	assert_non_null(strstr(real_ask(r, indexes), "s.mine(a)"));
	real_do(r, "drop schema s cascade; drop owned by weir_test_owner;"
		   "drop role weir_test_owner");
}

/* They made what the rebuild lost, before it carried anything over. */
static void what_post_operations_make_is_there_once(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);
	const char *had, *bound;

	a->post_ops =
		made_one(&r->made, "alter table s.t add column id int default "
				   "1; alter table s.t add primary key (a);"
				   "alter table s.t add check (a > 0);"
				   "create index on s.t (b);"
				   "create index named on s.t (b, a);"
				   "create index on s.t (id);"
				   "create statistics s.st on a, b from s.t");
	rebuild(r);
	had = real_ask(r, indexes);
	bound = real_ask(r, constraints);
	rebuild(r);
	assert_string_equal(real_ask(r, indexes), had);
	assert_string_equal(real_ask(r, constraints), bound);
	real_do(r, "create index mine on s.t (id, a)");
	rebuild(r);
	assert_non_null(strstr(real_ask(r, indexes), "INDEX mine ON"));
	a->post_ops = made_one(&r->made, "select 1");
	real_run(r);
	assert_string_equal(
		real_status(r, "s.t"),
		"failed: the index t_id_idx of s.t cannot be made on "
		"the new s.t: column \"id\" does not exist");
}

static void materialized_views_are_made_again_with_their_rows(void **state)
{
	static const char made[] =
		"create schema if not exists checks;"
		"create view s.v as select a, b from s.t;"
		"create materialized view checks.m with (fillfactor = 77) as "
		"select a, count(*) as n from s.v group by a;"
		"create unique index m_a on checks.m (a);"
		"comment on materialized view checks.m is 'it''s m';"
		"comment on column checks.m.n is 'how many';"
		"comment on index checks.m_a is 'its key';"
		"alter materialized view checks.m alter n set statistics 9;"
		"grant select on checks.m to public;"
		"create materialized view checks.empty as select * from "
		"checks.m with no data;"
		"create view checks.top as select m.n, t.a from checks.m, s.t";
	static const char question[] =
		"select c.oid::regclass, relkind, relispopulated, reloptions, "
		"relacl, obj_description(c.oid), attname, attstattarget, "
		"col_description(c.oid, attnum), (select "
		"pg_get_indexdef(indexrelid) || obj_description(indexrelid) "
		"from pg_index where indrelid = c.oid) from pg_class c "
		"join pg_attribute on attrelid = c.oid and attnum > 0 "
		"where relkind in ('v', 'm') and relname <> 't' and "
		"relnamespace in ('s'::regnamespace, 'checks'::regnamespace) "
		"order by 1, attname";
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);
	const char *before;

	stays(r, made, question);
	before = real_ask(r, question);
	a->query = STR("select 2 as a, 'x' as b");
	rebuild(r);
	assert_string_equal(real_ask(r, "select * from checks.m, checks.top"),
			    "2|1|1|2");
	a->type = ACTION_VIEW;
	rebuild(r);
	assert_string_equal(real_ask(r, "select * from checks.m, checks.top"),
			    "2|1|1|2");
	a->query = STR("select 'z' as b, 3 as a");
	stays(r, "", question);
	a->type = ACTION_TABLE;
	stays(r, "", question);
	assert_string_equal(real_ask(r, question), before);
	assert_string_equal(real_ask(r, "select * from checks.m, checks.top"),
			    "3|1|1|3");
}

static void one_that_cannot_be_made_again_is_named(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = real_table(r);

	real_do(r, "create materialized view s.m as select 1 / a as x, b "
		   "from s.t");
	a->query = STR("select 0 as a, 'x' as b");
	real_run(r);
	assert_string_equal(real_status(r, "s.t"),
			    "failed: the materialized view s.m cannot be "
			    "filled from the new s.t: division by zero");
	a->query = STR("select 1 as a");
	real_run(r);
	assert_string_equal(real_status(r, "s.t"),
			    "failed: the materialized view s.m cannot stand "
			    "on the new s.t: column t.b does not exist");
	assert_string_equal(real_ask(r, "select x, t.b from s.m, s.t"), "1|x");
}

static void ask_for(struct real *r, struct action *a, const char *first,
		    const char *second)
{
	struct weir_options *weir =
		ARENA_NEW(r->made.arena, struct weir_options, 1);

	weir->indexes = ARENA_NEW(r->made.arena, struct index_option, 2);
	weir->indexes[0].columns = made_words(&r->made, first);
	weir->indexes[0].unique = true;
	weir->indexes[1].columns = made_one(&r->made, second);
	weir->nindexes = 2;
	a->weir = weir;
}

static const char bare_indexes[] =
	"select regexp_replace(pg_get_indexdef(indexrelid), "
	"'[0-9a-f]{16}', '#') from pg_index "
	"where indrelid = 's.t'::regclass order by 1";

/* Of ours those stay that the config still names; others as they are. */
static void indexes_of_the_config_are_made(void **state)
{
	static const char first[] =
		"CREATE INDEX t_a2_weir_# ON s.t USING btree (((a % 2)));"
		"CREATE UNIQUE INDEX t_a_b_weir_# ON s.t USING btree (a, b)";
	static const char then[] =
		"CREATE INDEX mine ON s.t USING btree (a);"
		"CREATE INDEX t_a2_weir_# ON s.t USING btree (((a % 2)));"
		"CREATE UNIQUE INDEX t_b_weir_# ON s.t USING btree (b)";
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_TABLE, "s.t",
				    "select 1 as a, 'x' as b", "");

	ask_for(r, a, "a b", "(a % 2)");
	for (int i = 0; i < 3; i++) {
		rebuild(r);
		assert_string_equal(real_ask(r, bare_indexes), first);
	}
	real_do(r, "create index mine on s.t (a)");
	ask_for(r, a, "b", "(a % 2)");
	rebuild(r);
	assert_string_equal(real_ask(r, bare_indexes), then);
	a->post_ops = made_one(&r->made, "select 1");
	rebuild(r);
	assert_string_equal(real_ask(r, bare_indexes), then);
	real_do(r, "drop table s.t; create view s.t as select 1 as a");
	rebuild(r);
	assert_int_equal(strlen(real_ask(r, bare_indexes)),
			 strlen(strchr(then, ';') + 1));
}

static void an_index_may_be_on_a_column_that_is_added(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_INCREMENTAL, "s.t",
				    "select 1 as a", "");

	rebuild(r);
	a->on_schema_change = ON_CHANGE_EXTEND;
	a->incremental_query = STR("select 2 as a, 'x' as b");
	ask_for(r, a, "a b", "b");
	rebuild(r);
	assert_string_equal(real_ask(r, "select count(*) from pg_index "
					"where indrelid = 's.t'::regclass"),
			    "2");
}

static void missing_indexes_are_made_where_rows_are_added(void **state)
{
	struct real *r = real_or_skip(state);
	struct action *a = made_add(&r->made, ACTION_INCREMENTAL, "s.t",
				    "select 1 as a, 'x' as b", "");
	const char *had;

	rebuild(r);
	assert_string_equal(real_ask(r, indexes), "");
	ask_for(r, a, "a", "lower(b)");
	a->query = STR("select 2 as a, 'x' as b");
	rebuild(r);
	had = real_ask(r, indexes);
	assert_non_null(strstr(had, "lower(b)"));
	a->query = STR("select 3 as a, 'x' as b");
	rebuild(r);
	assert_string_equal(real_ask(r, indexes), had);
	real_run(r);
	assert_non_null(strstr(real_status(r, "s.t"), "unique constraint"));
}

/* The names are cut, the hash tells them apart. */
static void long_names_do_not_meet(void **state)
{
	static const char table_name[] =
		"s.a_name_of_sixty_three_bytes_with_a_letter_at_the_end_"
		"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4_x";
	struct real *r = real_or_skip(state);
	struct action *a =
		made_add(&r->made, ACTION_TABLE, table_name,
			 "select 1 as column_one, 'x' as column_two", "");

	ask_for(r, a, "column_one", "column_two");
	for (int i = 0; i < 2; i++) {
		real_run_ok(r, table_name);
	}
	assert_string_equal(
		real_ask(r, "select count(distinct relname), max(octet_length("
			    "relname)) < 64 from pg_class where relname ~ "
			    "'^a_name_of.*_weir_[0-9a-f]{16}$'"),
		"2|t");
}

/* By the primary key a query may be grouped. */
static void a_view_may_rest_on_the_primary_key(void **state)
{
	struct real *r = real_or_skip(state);

	real_table(r);
	stays(r,
	      "alter table s.t add primary key (a);"
	      "create view s.v as select a, b from s.t group by a",
	      "select * from s.v");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_POSTGRES(indexes_made_by_hand_stay),
		ON_POSTGRES(constraints_made_by_hand_stay),
		ON_POSTGRES(settings_of_the_table_and_its_columns_stay),
		ON_POSTGRES(what_an_index_calls_is_run_by_the_owner),
		ON_POSTGRES(what_post_operations_make_is_there_once),
		ON_POSTGRES(materialized_views_are_made_again_with_their_rows),
		ON_POSTGRES(one_that_cannot_be_made_again_is_named),
		ON_POSTGRES(a_view_may_rest_on_the_primary_key),
		ON_POSTGRES(an_index_may_be_on_a_column_that_is_added),
		ON_POSTGRES(indexes_of_the_config_are_made),
		ON_POSTGRES(missing_indexes_are_made_where_rows_are_added),
		ON_POSTGRES(long_names_do_not_meet),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
