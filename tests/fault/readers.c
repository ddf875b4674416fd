/*
 * readers postgres|duckdb table|view: rebuilds a relation a hundred times
 * while eight connections read it, and what stands on it, as fast as they can.
 * Each read must give all rows of one build. Prints how often it read and
 * rebuilt; says so and fails if a reader met an error, an empty relation or
 * rows of two builds, or if a rebuild failed. WEIR_REBUILDS sets another
 * number than 100, $PGURL the server.
 *
 * Some readers lock the table before a view on it, in one query or in two of
 * a transaction: the order in which a swap would meet them in a deadlock.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "runtime/executor.h"
#include "runtime/run.h"
#include "runtime/warehouse/warehouse.h"
#include "tests/unit/graph_maker.h"

enum { READERS = 8, ROWS = 200 };

struct scene {
	struct made made;
	char root[32];
	struct warehouse *first; /* the others share its database */
	bool postgres;
	atomic_bool done;
	atomic_long reads, empties, torn, errors;
};

struct reader {
	struct scene *scene;
	pthread_t thread;
	unsigned turn;
};

static const char *const reads[] = {
	"select count(*), min(build), max(build) from s.t",
	"select count(*), min(build), max(build) from kept.v",
	"select count(*), min(t.build), max(t.build) from s.t "
	"join kept.top on t.id = top.id",
	"select count(*), min(build), max(build) from kept.top",
	"begin; select count(*) from s.t;"
	"select count(*), min(build), max(build) from kept.top",
	"select count(*), min(build), max(build) from kept.m",
};

static const char views[] =
	"create schema kept;"
	"create view kept.v as select id, build from s.t;"
	"create view kept.top as select v.id, v.build from kept.v "
	"join s.t on t.id = v.id";

static const char on_postgres[] =
	"create materialized view kept.m as select id, build from kept.v;"
	"create unique index m_id on kept.m (id);"
	"comment on view kept.v is 'kept';"
	"grant select on s.t, kept.v, kept.top, kept.m to public";

/* Six words: the grants on four relations, a comment and an index. */
static const char still_there[] =
	"select count(*) from (select oid from pg_class where relname in "
	"('t', 'v', 'top', 'm') and relacl::text like '%,=r/%' "
	"union all select oid from pg_class "
	"where obj_description(oid, 'pg_class') = 'kept' "
	"union all select indexrelid from pg_index "
	"where indexrelid = 'kept.m_id'::regclass) there";

static bool say(const char *what, const struct error *err)
{
	printf("# %s: %s\n", what, err->text);
	return false;
}

static bool run_sql(struct warehouse *w, const char *sql)
{
	struct error err = {0};
	int64_t rows;

	return w->ops->execute(w, str_of(sql), &rows, &err) || say(sql, &err);
}

static bool open_one(void *ctx, struct warehouse **out, struct error *err)
{
	struct scene *s = ctx;

	return warehouse_open(&s->made.profile, s->root, s->first, NULL, out,
			      err);
}

/* One text may begin a transaction: its last statement is the query. */
static bool ask(struct warehouse *w, const char *sql, struct arena *arena,
		struct rows *out, struct error *err)
{
	const char *last = strrchr(sql, ';');
	int64_t rows;

	if (last && !w->ops->execute(w, (struct str){sql, (size_t)(last - sql)},
				     &rows, err))
		return false;
	if (!w->ops->query(w, str_of(last ? last + 1 : sql), 1, arena, out,
			   err))
		return false;
	return !last || w->ops->execute(w, STR("commit"), &rows, err);
}

static void read_once(struct scene *s, struct warehouse *w, const char *sql)
{
	struct arena *arena = arena_new();
	struct error err = {0};
	struct rows rows;

	atomic_fetch_add(&s->reads, 1);
	if (!ask(w, sql, arena, &rows, &err)) {
		atomic_fetch_add(&s->errors, 1);
		say(sql, &err);
	} else if (atol(rows.values[0].p) != ROWS) {
		atomic_fetch_add(&s->empties, 1);
	} else if (!str_eq(rows.values[1], rows.values[2])) {
		atomic_fetch_add(&s->torn, 1);
	}
	arena_free(arena);
}

static void *read_all(void *ctx)
{
	struct reader *r = ctx;
	struct scene *s = r->scene;
	size_t n = sizeof(reads) / sizeof(reads[0]) - !s->postgres;
	struct error err = {0};
	struct warehouse *w;

	if (!open_one(s, &w, &err)) {
		atomic_fetch_add(&s->errors, 1);
		say("a reader cannot connect", &err);
		return NULL;
	}
	while (!atomic_load(&s->done))
		read_once(s, w, reads[r->turn++ % n]);
	w->ops->close(w);
	return NULL;
}

static bool rebuild(struct scene *s, struct action *a, int build)
{
	struct run_options options = {.selected = s->made.selected, .jobs = 1};
	struct connector connector = {open_one, s};
	struct arena *arena = arena_new();
	struct error err = {0};
	struct run run;
	bool ok;

	/* Every other time the columns are others, too. */
	a->query = arena_printf(
		s->made.arena, "select %sg.id, %d as build from %s as g%s",
		build % 4 < 2 ? "" : "'new' as more, ", build,
		s->postgres ? "generate_series(1, 200)" : "range(1, 201)",
		s->postgres ? "(id)" : "(id)");
	ok = run_graph_over(&connector, &s->made.graph, &options, NULL, arena,
			    &run, &err);
	if (!ok)
		say("the run", &err);
	for (uint32_t i = 0; ok && i < run.nsteps; i++) {
		ok = run.steps[i].status == STATUS_OK;
		if (!ok)
			say("a rebuild", &run.steps[i].error);
	}
	arena_free(arena);
	return ok;
}

static bool is_intact(struct scene *s)
{
	struct error err = {0};
	struct rows rows;

	if (!s->postgres)
		return true;
	if (!s->first->ops->query(s->first, str_of(still_there), 1,
				  s->made.arena, &rows, &err))
		return say("what is there", &err);
	if (str_is(rows.values[0], "6"))
		return true;
	printf("# of 6 grants, comments and indexes there are %.*s\n",
	       STR_ARG(rows.values[0]));
	return false;
}

/* Rebuilds while others read; gives how often. */
static int rebuild_all(struct scene *s, struct action *a, int times)
{
	struct reader readers[READERS] = {{0}};
	int n = 0;

	for (unsigned i = 0; i < READERS; i++) {
		readers[i].scene = s;
		readers[i].turn = i;
		pthread_create(&readers[i].thread, NULL, read_all, &readers[i]);
	}
	while (n < times && rebuild(s, a, n + 1))
		n++;
	atomic_store(&s->done, true);
	for (unsigned i = 0; i < READERS; i++)
		pthread_join(readers[i].thread, NULL);
	return n;
}

static bool start(struct scene *s)
{
	struct error err = {0};

	strcpy(s->root, "/tmp/weir-readers-XXXXXX");
	if (!mkdtemp(s->root))
		return false;
	s->made.graph.root = s->root;
	s->made.profile.path = STR("test.duckdb");
	s->made.profile.connection = str_of(getenv("PGURL"));
	if (!warehouse_open(&s->made.profile, s->root, NULL, NULL, &s->first,
			    &err))
		return say("connecting", &err);
	return !s->postgres ||
	       run_sql(s->first, "drop schema if exists s cascade;"
				 "drop schema if exists kept cascade");
}

static bool test(struct scene *s, enum action_type type)
{
	const char *times = getenv("WEIR_REBUILDS");
	int want = times ? atoi(times) : 100, n;
	struct action *a = made_add(&s->made, type, "s.t", "", "");

	if (!start(s) || !rebuild(s, a, 0) || !run_sql(s->first, views) ||
	    (s->postgres && !run_sql(s->first, on_postgres)))
		return false;
	n = rebuild_all(s, a, want);
	printf("# %d rebuilds, %ld reads by %d readers: %ld errors, %ld "
	       "empty, %ld torn\n",
	       n, atomic_load(&s->reads), READERS, atomic_load(&s->errors),
	       atomic_load(&s->empties), atomic_load(&s->torn));
	return n == want && atomic_load(&s->reads) > READERS &&
	       atomic_load(&s->errors) + atomic_load(&s->empties) +
			       atomic_load(&s->torn) ==
		       0 &&
	       is_intact(s);
}

int main(int argc, char **argv)
{
	static struct scene s;
	bool ok;

	if (argc != 3)
		return 2;
	s.postgres = strcmp(argv[1], "postgres") == 0;
	made_start(&s.made, s.postgres ? &dialect_postgres : &dialect_duckdb);
	ok = test(&s,
		  strcmp(argv[2], "view") == 0 ? ACTION_VIEW : ACTION_TABLE);
	if (s.first)
		s.first->ops->close(s.first);
	ok = system(arena_printf(s.made.arena, "rm -rf '%s'", s.root).p) == 0 &&
	     ok;
	made_end(&s.made);
	return !ok;
}
