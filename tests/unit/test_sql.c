/*
 * The SQL of each kind of action on each warehouse, beside files under
 * tests/golden/sql/. UPDATE=1 writes them, for the author to review. What
 * takes a table's place in PostgreSQL is long: a few files hold all of it, the
 * others its summary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/vec.h"
#include "runtime/sql/audit.h"
#include "runtime/sql/sql.h"
#include "runtime/state/schema_change.h"
#include "runtime/warehouse/warehouse.h"
#include "tests/unit/graph_maker.h"

struct scene {
	struct made made;
	struct action *action;
	struct relation found;
	enum deed deed;
	struct action views[2];
	const struct action *rebuilt[2];
	uint32_t nrebuilt;
	struct schema_change change;
	bool is_changed;
	struct audits audits;
};

struct golden {
	const char *name;
	void (*set)(struct scene *s);
	bool is_brief; /* the place of a long text has its summary */
};

static void plain(struct scene *s, enum action_type type, const char *query,
		  enum deed deed, enum relation_kind found)
{
	s->action = made_add(&s->made, type, "staging.events", query, "");
	s->deed = deed;
	s->found.kind = found;
	s->found.columns = made_words(&s->made, "id user name");
}

static const char a_query[] = "\n\nselect 1 as id, 'x' as \"user\" -- ; one\n";

static void table_new(struct scene *s)
{
	plain(s, ACTION_TABLE, a_query, DEED_CREATE, RELATION_NONE);
}

static void table_again(struct scene *s)
{
	plain(s, ACTION_TABLE, a_query, DEED_REPLACE, RELATION_TABLE);
}

static void table_under_views(struct scene *s)
{
	table_again(s);
	s->views[0].target.schema = STR("staging");
	s->views[0].target.name = STR("it's");
	s->views[0].query = STR("\nselect 'x' as y -- it\n");
	s->views[1].target.schema = STR("checks");
	s->views[1].target.name = STR("named");
	s->views[1].query = STR("select $1 from t");
	s->rebuilt[0] = &s->views[0];
	s->rebuilt[1] = &s->views[1];
	s->nrebuilt = 2;
}

static void set_indexes(struct scene *s)
{
	static struct weir_options weir;
	struct index_option *v =
		ARENA_NEW(s->made.arena, struct index_option, 2);

	v[0].columns = made_words(&s->made, "id user");
	v[0].unique = true;
	v[1].columns = made_one(&s->made, "(id % 2) desc");
	weir = (struct weir_options){.indexes = v, .nindexes = 2};
	s->action->weir = &weir;
}

static void indexes_new(struct scene *s)
{
	table_new(s);
	set_indexes(s);
}

static void indexes_again(struct scene *s)
{
	table_again(s);
	set_indexes(s);
}

static void table_over_view(struct scene *s)
{
	plain(s, ACTION_TABLE, a_query, DEED_REPLACE, RELATION_VIEW);
}

static void table_with_operations(struct scene *s)
{
	table_again(s);
	s->action->pre_ops = made_one(&s->made, "set x = 1; -- first");
	s->action->post_ops = made_one(
		&s->made, "\ngrant select on staging.events to reader\n");
	s->action->incremental_pre_ops = made_one(&s->made, "never");
}

static void view_new(struct scene *s)
{
	plain(s, ACTION_VIEW, a_query, DEED_CREATE, RELATION_NONE);
}

static void view_described(struct scene *s)
{
	static struct value descriptor;

	view_new(s);
	descriptor = value_object(s->made.arena, 1);
	value_put(&descriptor, STR("description"), value_string(STR("it's")));
	s->action->descriptor = &descriptor;
}

static void view_again(struct scene *s)
{
	plain(s, ACTION_VIEW, a_query, DEED_REPLACE, RELATION_VIEW);
}

static void view_over_table(struct scene *s)
{
	plain(s, ACTION_VIEW, a_query, DEED_REPLACE, RELATION_TABLE);
}

static void incremental_new(struct scene *s)
{
	plain(s, ACTION_INCREMENTAL, a_query, DEED_CREATE, RELATION_NONE);
	s->action->incremental_query = STR("never");
	s->action->where = STR("never");
}

static void incremental_insert(struct scene *s)
{
	plain(s, ACTION_INCREMENTAL, "never", DEED_INSERT, RELATION_TABLE);
	s->action->incremental_query = STR("select * from raw.events;\n-- end");
}

static void indexes_of_rows(struct scene *s)
{
	incremental_insert(s);
	set_indexes(s);
}

static void incremental_where(struct scene *s)
{
	incremental_insert(s);
	s->action->where = STR("\n id > (select max(id) from staging.events) "
			       "-- new\n");
	s->action->incremental_pre_ops = made_one(&s->made, " -- ; nothing");
	s->action->pre_ops = made_one(&s->made, "never");
}

static void merge(struct scene *s)
{
	plain(s, ACTION_INCREMENTAL, "never", DEED_MERGE, RELATION_TABLE);
	s->action->incremental_query = STR("select * from raw.events");
	s->action->unique_key = made_words(&s->made, "ID user");
}

static void merge_with_predicates(struct scene *s)
{
	static struct value items[2];
	static struct member members[2];
	static struct value bigquery;

	merge(s);
	items[0] = value_string(STR("DATAFORM_DEST.id > 10 -- recent"));
	items[1] = value_string(STR("  "));
	members[0].key = STR("incrementalPredicates");
	members[0].value =
		(struct value){.kind = VALUE_ARRAY, .n = 2, .items = items};
	members[1].key = STR("updatePartitionFilter");
	members[1].value = value_string(STR("id > 5 -- new"));
	bigquery = (struct value){
		.kind = VALUE_OBJECT, .n = 2, .members = members};
	s->action->bigquery = &bigquery;
	s->action->unique_key = made_words(&s->made, "payload.key");
	s->action->incremental_post_ops = made_one(&s->made, "analyze");
}

static void add_audit(struct scene *s, const char *query)
{
	const struct action *a =
		made_add(&s->made, ACTION_ASSERTION, "checks.named", query, "");

	VEC_PUSH(s->made.arena, &s->audits, a);
}

static void incremental_audited(struct scene *s)
{
	incremental_insert(s);
	add_audit(s, "select * from staging.events where id < 0 -- none");
	s->action->incremental_post_ops = made_one(&s->made, "analyze");
}

static void delete_insert(struct scene *s)
{
	static const struct weir_options options = {
		.strategy = WEIR_DELETE_INSERT,
	};

	merge_with_predicates(s);
	s->action->weir = &options;
	s->deed = DEED_DELETE_INSERT;
}

static void synchronize(struct scene *s)
{
	incremental_insert(s);
	s->action->on_schema_change = ON_CHANGE_SYNCHRONIZE;
	s->action->incremental_pre_ops = made_one(&s->made, "set x = 1");
}

static void synchronize_changed(struct scene *s)
{
	synchronize(s);
	s->change.added = made_words(&s->made, "order");
	s->change.definitions = made_words(&s->made, "bigint");
	s->change.removed = made_words(&s->made, "name");
	s->change.after = s->found;
	s->found.columns = made_words(&s->made, "id user order");
	s->is_changed = true;
}

static void overwrite(struct scene *s)
{
	plain(s, ACTION_INCREMENTAL, "never", DEED_OVERWRITE, RELATION_TABLE);
	s->found.types = made_words(&s->made, "bigint text text");
	s->action->incremental_query = STR("select * from raw.events");
	s->action->strategy = STRATEGY_INSERT_OVERWRITE;
	made_bigquery(&s->made, s->action, "partitionBy",
		      "RANGE_BUCKET(ID, GENERATE_ARRAY(0, 100, 10))");
	made_bigquery(&s->made, s->action, "updatePartitionFilter", "id > 5");
}

static void operations(struct scene *s)
{
	struct str *queries = ARENA_NEW(s->made.arena, struct str, 3);

	plain(s, ACTION_OPERATION, "", DEED_RUN, RELATION_NONE);
	queries[0] = STR("create table staging.events (id int);");
	queries[1] = STR("\n\n  -- nothing here\n;");
	queries[2] = STR("insert into staging.events values (1) -- one");
	s->action->queries = (struct strs){queries, 3};
}

static void assertion(struct scene *s)
{
	plain(s, ACTION_ASSERTION, a_query, DEED_ASSERT, RELATION_NONE);
}

static void quoted_names(struct scene *s)
{
	plain(s, ACTION_TABLE, "select 1", DEED_REPLACE, RELATION_TABLE);
	s->action->target.schema = STR("odd \"schema\"");
	s->action->target.name = STR("it's");
}

static void put(struct buf *b, const char *title, struct str text)
{
	buf_printf(b, "-- %s\n%.*s", title, STR_ARG(text));
	if (text.n && text.p[text.n - 1] != '\n')
		buf_addc(b, '\n');
}

static void put_script(struct buf *b, const struct script *s, bool is_brief)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct statement *st = &s->v[i];

		if (st->makes.n)
			buf_printf(b, "-- %.*s\n", STR_ARG(st->makes));
		if (is_brief && st->summary.n)
			put(b, "runs, in brief", st->summary);
		else
			put(b,
			    st->counts     ? "counts"
			    : st->compares ? "runs, then compares columns"
			    : st->audit    ? "audits"
					   : "runs",
			    st->sql);
	}
}

static void put_all(struct scene *s, const struct dialect *d, bool is_brief,
		    struct buf *b)
{
	struct arena *a = s->made.arena;
	struct sql_request r = {
		.dialect = d,
		.action = s->action,
		.found = &s->found,
		.deed = s->deed,
		.change = s->is_changed ? &s->change : NULL,
		.rebuilt = s->rebuilt,
		.nrebuilt = s->nrebuilt,
		.audits = &s->audits,
	};
	struct sql_task task;
	struct script other;

	sql_make(&r, a, &task);
	put_script(b, &task.script, is_brief);
	if (task.otherwise_if) {
		sql_make_otherwise(&r, a, &other);
		buf_printf(b, "-- otherwise, if refused with %s\n",
			   task.otherwise_if);
		put_script(b, &other, is_brief);
	}
	if (task.query_columns.p)
		put(b, "asks", task.query_columns);
	if (task.table_columns.p)
		put(b, "asks", task.table_columns);
	if (task.types.p)
		put(b, "asks", task.types);
	if (task.count.p)
		put(b, "asks", task.count);
	if (task.sample.p)
		put(b, "asks", task.sample);
	for (size_t i = 0; i < task.checks.n; i++)
		put(b, "a dry run checks", task.checks.v[i]);
}

static void compare(const struct golden *g, const struct dialect *d)
{
	struct scene s = {0};
	struct buf b = {0};
	struct error err = {0};
	const char *path;
	struct str want;

	made_start(&s.made, d);
	g->set(&s);
	put_all(&s, d, g->is_brief, &b);
	path = arena_printf(s.made.arena, "tests/golden/sql/%s/%s.sql", d->name,
			    g->name)
		       .p;
	if (getenv("UPDATE"))
		assert_true(file_write(path, buf_str(&b), &err));
	if (!file_read(path, 1 << 20, s.made.arena, &want, &err))
		fail_msg("%s", err.text);
	if (!str_eq(want, buf_str(&b)))
		fail_msg("%s differs:\n%s", path, b.p);
	buf_free(&b);
	made_end(&s.made);
}

#define GOLDEN(fn)                                                             \
	{                                                                      \
#fn, fn, false                                                 \
	}
#define BRIEF(fn)                                                              \
	{                                                                      \
#fn, fn, true                                                  \
	}

static const struct golden goldens[] = {
	GOLDEN(table_new),
	GOLDEN(table_again),
	GOLDEN(table_under_views),
	GOLDEN(indexes_new),
	BRIEF(indexes_again),
	GOLDEN(indexes_of_rows),
	BRIEF(table_over_view),
	GOLDEN(table_with_operations),
	BRIEF(view_new),
	BRIEF(view_described),
	BRIEF(view_again),
	GOLDEN(view_over_table),
	GOLDEN(incremental_new),
	GOLDEN(incremental_insert),
	GOLDEN(incremental_where),
	GOLDEN(merge),
	GOLDEN(merge_with_predicates),
	GOLDEN(incremental_audited),
	GOLDEN(delete_insert),
	GOLDEN(overwrite),
	GOLDEN(synchronize),
	GOLDEN(synchronize_changed),
	GOLDEN(operations),
	BRIEF(assertion),
	GOLDEN(quoted_names),
};

static void duckdb_is_sent_what_the_files_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++)
		compare(&goldens[i], &dialect_duckdb);
}

static void postgres_is_sent_what_the_files_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++)
		compare(&goldens[i], &dialect_postgres);
}

enum { BEFORE_SWAP = 2, AFTER_SWAP = 3 };

/* What PostgreSQL is asked about a table that is built anew, and where. */
static void check_audit(const char *query, size_t at, const char *want)
{
	struct scene s = {0};
	struct sql_task task;
	struct sql_request r;

	made_start(&s.made, &dialect_postgres);
	table_again(&s);
	add_audit(&s, query);
	s.action->post_ops = made_one(&s.made, "-- nothing");
	r = (struct sql_request){
		.dialect = &dialect_postgres,
		.action = s.action,
		.found = &s.found,
		.deed = s.deed,
		.audits = &s.audits,
	};
	sql_make(&r, s.made.arena, &task);
	assert_int_equal(task.script.n, 5);
	if (!task.script.v[at].audit)
		fail_msg("%s is not asked at %zu", query, at);
	if (!str_is(task.script.v[at].sql, want))
		fail_msg("%.*s", STR_ARG(task.script.v[at].sql));
	assert_true(
		str_is(task.script.v[at].summary, "checks.named must hold"));
	made_end(&s.made);
}

static void a_table_is_audited_beside_where_the_assertion_can_be(void **state)
{
	(void)state;
	check_audit("select * from \"staging\".\"events\" -- all", BEFORE_SWAP,
		    "with \"events\" as not materialized (select * from "
		    "\"staging\".\"weir_tmp_fb2594dd39e9c199\")\n"
		    "select count(*)\nfrom (\n"
		    "select * from \"events\" -- all\n"
		    ") as audited");
	check_audit("select * from staging . events", AFTER_SWAP,
		    "select count(*)\nfrom (\n"
		    "select * from staging . events\n"
		    ") as audited");
	check_audit("select 'staging.events'", AFTER_SWAP,
		    "select count(*)\nfrom (\n"
		    "select 'staging.events'\n"
		    ") as audited");
	check_audit("with events as (select 1) "
		    "select * from \"staging\".\"events\"",
		    AFTER_SWAP,
		    "select count(*)\nfrom (\n"
		    "with events as (select 1) "
		    "select * from \"staging\".\"events\"\n"
		    ") as audited");
}

/* What a query has not in the place of a table. */
static void
a_table_is_audited_after_the_swap_where_only_it_will_do(void **state)
{
	static const char *const queries[] = {
		("select 1 from \"staging\".\"events\" as a, "
		 "\"staging\".\"events\" as b where a.id = b.id and "
		 "a.CTID <> b.ctid"),
		"select \"xmin\" from \"staging\".\"events\"",
		"select tableoid from \"staging\".\"events\"",
		("select * from \"staging\".\"events\" tablesample "
		 "system (10)"),
		"select * from \"staging\".\"events\" for no key update",
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
		check_audit(queries[i], AFTER_SWAP,
			    arena_printf(arena,
					 "select count(*)\nfrom (\n"
					 "%s\n) as audited",
					 queries[i])
				    .p);
	arena_free(arena);
}

static void make_on_postgres(struct scene *s, void (*set)(struct scene *s),
			     struct sql_task *task)
{
	struct sql_request r = {.dialect = &dialect_postgres};

	memset(s, 0, sizeof(*s));
	made_start(&s->made, &dialect_postgres);
	set(s);
	r.action = s->action;
	r.found = &s->found;
	r.deed = s->deed;
	sql_make(&r, s->made.arena, task);
}

/* Beside the indexes that the old table has. */
static void a_table_is_built_anew_with_the_indexes_of_its_config(void **state)
{
	static const char want[] =
		"\tcarried := carried || jsonb_build_object('class', 'index', "
		"'after', '',\n"
		"\t\t'unmake', 'drop index %3$I.%1$I', 'settle',\n"
		"\t\t'alter index %3$I.%1$I rename to %4$I',\n"
		"\t\t'name', 'events_id_user_weir_08d98b0039debb91', "
		"'make',\n"
		"\t\t'create unique index %1$I on %2$s (' || "
		"replace('\"id\", \"user\"',\n"
		"\t\t'%', '%%') || ')');\n"
		"\tcarried := carried || jsonb_build_object('class', 'index', "
		"'after', '',\n"
		"\t\t'unmake', 'drop index %3$I.%1$I', 'settle',\n"
		"\t\t'alter index %3$I.%1$I rename to %4$I',\n"
		"\t\t'name', 'events_id2desc_weir_3dbb50d8a8d97adb', "
		"'make',\n"
		"\t\t'create index %1$I on %2$s (' || "
		"replace('(id % 2) desc',\n"
		"\t\t'%', '%%') || ')');\n";
	struct scene s;
	struct sql_task task;

	(void)state;
	make_on_postgres(&s, indexes_again, &task);
	assert_non_null(strstr(task.script.v[2].sql.p, want));
	made_end(&s.made);
}

static void people_read_a_summary_of_what_is_long(void **state)
{
	struct scene s;
	struct sql_task task;

	(void)state;
	make_on_postgres(&s, table_again, &task);
	assert_string_equal(
		sql_join(&task.script, s.made.arena).p,
		"begin;\n"
		"create table \"staging\".\"weir_tmp_fb2594dd39e9c199\" as\n"
		"select 1 as id, 'x' as \"user\" -- ; one\n"
		";\n"
		"-- \"staging\".\"weir_tmp_fb2594dd39e9c199\" takes the "
		"place of \"staging\".\"events\", with what hangs on it; views "
		"on it are made again\n"
		"commit;\n");
	made_end(&s.made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duckdb_is_sent_what_the_files_say),
		cmocka_unit_test(postgres_is_sent_what_the_files_say),
		cmocka_unit_test(
			a_table_is_audited_beside_where_the_assertion_can_be),
		cmocka_unit_test(
			a_table_is_audited_after_the_swap_where_only_it_will_do),
		cmocka_unit_test(
			a_table_is_built_anew_with_the_indexes_of_its_config),
		cmocka_unit_test(people_read_a_summary_of_what_is_long),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
