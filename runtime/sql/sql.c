/*
 * What is the same on every warehouse: pre and post operations around the
 * main statements, operations, assertions. Rows are added in sql_rows.c; a
 * dialect's writer makes the rest (sql_duckdb.c, sql_postgres.c).
 *
 * An action that needs several statements runs them in one transaction, so
 * that a failure leaves what was there before. Operations do not: their
 * statements stand alone, as a user who writes VACUUM expects.
 *
 * A query is put on lines of its own: it may end with a comment.
 */
#include "runtime/sql/sql.h"

#include <assert.h>

#include "base/arena.h"
#include "base/vec.h"
#include "runtime/sql/sql_comment.h"
#include "runtime/sql/sql_write.h"
#include "runtime/sql_lex.h"

static const struct sql_writer *writer_of(const struct dialect *d)
{
	static const struct sql_writer *const all[] = {
		[WAREHOUSE_DUCKDB] = &sql_duckdb,
		[WAREHOUSE_POSTGRES] = &sql_postgres,
	};

	assert(d->kind < sizeof(all) / sizeof(all[0]) && all[d->kind]);
	return all[d->kind];
}

void sql_put(struct sql *s, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p != '$') {
			buf_addc(&s->b, *p);
			continue;
		}
		switch (*++p) {
		case 'T':
			buf_add_str(&s->b, s->target);
			break;
		case 'N':
			buf_add_str(&s->b, s->temp);
			break;
		case 'S':
			buf_add_str(&s->b, s->stage);
			break;
		case 'Q':
			buf_addc(&s->b, '\n');
			buf_add_str(&s->b, s->query);
			buf_addc(&s->b, '\n');
			break;
		case 'C':
			sql_put_columns(s);
			break;
		case 'K':
			sql_put_source_keys(s);
			break;
		case 'O':
			sql_put_condition(s);
			break;
		default:
			assert(*p == '$');
			buf_addc(&s->b, '$');
		}
	}
}

struct statement *sql_end(struct sql *s)
{
	struct statement st = {0};
	struct str text = str_trim(buf_str(&s->b));

	st.sql = arena_str(s->arena, text);
	buf_clear(&s->b);
	VEC_PUSH(s->arena, s->script, st);
	return &s->script->v[s->script->n - 1];
}

struct statement *sql_add(struct sql *s, const char *text)
{
	sql_put(s, text);
	return sql_end(s);
}

/* What the user wrote as a statement of its own. */
static void add_given(struct sql *s, const struct strs *given)
{
	for (size_t i = 0; i < given->n; i++) {
		struct str text;

		if (!sql_is_statement(given->v[i]))
			continue;
		text = s->request->window ? sql_window_text(s, given->v[i])
					  : given->v[i];
		buf_add_str(&s->b, text);
		sql_end(s)->given = true;
	}
}

static void add_claim(struct sql *s)
{
	if (!s->request->claim.n)
		return;
	buf_add_str(&s->b, s->request->claim);
	sql_end(s)->claims = true;
}

static void add_descriptions(struct sql *s)
{
	struct str comments = sql_comments(s->dialect, s->action, s->arena);

	if (!comments.n)
		return;
	buf_add_str(&s->b, comments);
	sql_end(s)->describes = s->action;
}

/* Runs main and what stands around it in one transaction if there is more than
 * one statement. */
static void add_around(struct sql *s, const struct strs *pre,
		       void (*main)(struct sql *s), const struct strs *post)
{
	bool claims_first = writer_of(s->dialect)->claims_first;
	struct script *whole = s->script, part = {0};

	s->script = &part;
	if (claims_first)
		add_claim(s);
	if (s->request->window)
		sql_window_record(s);
	else if (s->request->forgets)
		sql_window_forget(s);
	add_given(s, pre);
	main(s);
	add_descriptions(s);
	add_given(s, post);
	if (s->swaps && sql_any_statement(post))
		writer_of(s->dialect)->built(s);
	if (!s->audited_beside)
		sql_audit(s);
	if (!claims_first)
		add_claim(s);
	s->script = whole;
	if (part.n == 1) {
		VEC_PUSH(s->arena, whole, part.v[0]);
		return;
	}
	whole->is_transaction = true;
	sql_add(s, "begin");
	for (size_t i = 0; i < part.n; i++)
		VEC_PUSH(s->arena, whole, part.v[i]);
	sql_add(s, "commit");
}

static bool compares_columns(const struct sql *s)
{
	return s->action->on_schema_change != ON_CHANGE_IGNORE;
}

static void add_matching_rows(struct sql *s)
{
	bool indexed = s->action->weir && s->action->weir->nindexes;

	if (compares_columns(s))
		s->writer->stage_columns(s);
	if (indexed && !s->writer->indexes_last)
		s->writer->missing_indexes(s);
	s->add_rows(s);
	if (indexed && s->writer->indexes_last)
		s->writer->missing_indexes(s);
}

static void make_rows_added(struct sql *s, void (*main)(struct sql *s))
{
	s->add_rows = main;
	add_around(s, &s->action->incremental_pre_ops, add_matching_rows,
		   &s->action->incremental_post_ops);
}

/* Assertions and views may stand there with other columns. */
static void make_built(struct sql *s, struct sql_task *out)
{
	const struct sql_writer *w = s->writer;
	const struct action *a = s->action;
	bool view = a->type == ACTION_VIEW || a->type == ACTION_ASSERTION;

	add_around(s, &a->pre_ops, view ? w->view : w->table, &a->post_ops);
	if (view && s->request->found->kind != RELATION_TABLE)
		out->otherwise_if = w->otherwise_if;
}

static void make_assertion(struct sql *s, struct sql_task *out)
{
	make_built(s, out);
	out->count = arena_printf(s->arena, "select count(*) from %.*s",
				  STR_ARG(s->target));
	out->sample = arena_printf(s->arena, "select * from %.*s limit %d",
				   STR_ARG(s->target), SAMPLE_ROWS);
}

/* What a dry run can ask about without anything being there: the query, or
 * the statements that a user wrote. */
static struct strs checks_of(struct sql *s, const struct sql_task *task)
{
	enum deed deed = s->request->deed;
	size_t n = deed == DEED_RUN ? task->script.n : 1;
	struct strs checks = {ARENA_NEW(s->arena, struct str, n), n};

	if (deed == DEED_RUN)
		for (size_t i = 0; i < n; i++)
			checks.v[i] = task->script.v[i].sql;
	else if (deed_adds_rows(deed) && !compares_columns(s)) {
		sql_put(s, "select $C\nfrom ($Q) as insertions");
		checks.v[0] = buf_move(&s->b, s->arena);
	} else {
		checks.v[0] = s->query;
	}
	return checks;
}

static struct str name_beside(struct arena *arena, const char *prefix,
			      struct str target)
{
	return arena_printf(arena, "%s%016llx", prefix,
			    (unsigned long long)str_hash(target));
}

static void set_names(struct sql *s)
{
	struct target beside = s->action->target;

	dialect_put_target(s->dialect, &s->b, &beside);
	s->target = buf_move(&s->b, s->arena);
	s->stage = name_beside(s->arena, "weir_stage_", s->target);
	s->temp_name = name_beside(s->arena, "weir_tmp_", s->target);
	beside.name = s->temp_name;
	dialect_put_target(s->dialect, &s->b, &beside);
	s->temp = buf_move(&s->b, s->arena);
}

static struct sql start(const struct sql_request *request, struct arena *arena,
			struct script *script)
{
	enum deed deed = request->deed;
	struct sql s = {
		.request = request,
		.dialect = request->dialect,
		.action = request->action,
		.writer = writer_of(request->dialect),
		.arena = arena,
		.script = script,
	};

	set_names(&s);
	s.query = deed_adds_rows(deed) ? sql_rows_query(&s)
				       : sql_trim(s.action->query);
	if (request->window)
		s.query = sql_window_query(&s, s.query);
	return s;
}

static void make_script(struct sql *s, struct sql_task *out)
{
	switch (s->request->deed) {
	case DEED_CREATE:
	case DEED_REPLACE:
		make_built(s, out);
		break;
	case DEED_INSERT:
		make_rows_added(s, sql_append);
		break;
	case DEED_MERGE:
		make_rows_added(s, s->writer->merge);
		break;
	case DEED_DELETE_INSERT:
		make_rows_added(s, sql_delete_insert);
		break;
	case DEED_OVERWRITE:
		make_rows_added(s, sql_overwrite);
		break;
	case DEED_FILL:
		if (s->request->window)
			make_rows_added(s, sql_window_fill);
		break;
	case DEED_RUN:
		add_given(s, &s->action->queries);
		break;
	case DEED_ASSERT:
		make_assertion(s, out);
		break;
	case DEED_LOAD:
	case DEED_NOTHING:
		break;
	}
}

static void ask_about_columns(struct sql *s, struct sql_task *out)
{
	sql_put(s, "select *\nfrom ($Q) as insertions\nlimit 0");
	out->columns = buf_move(&s->b, s->arena);
	out->compares = compares_columns(s);
	if (out->compares)
		sql_ask_columns(s, out);
	else
		sql_ask_types(s, out);
}

void sql_make(const struct sql_request *request, struct arena *arena,
	      struct sql_task *out)
{
	struct sql s = start(request, arena, &out->script);

	*out = (struct sql_task){0};
	make_script(&s, out);
	if (out->script.n)
		out->checks = checks_of(&s, out);
	if (out->script.n && deed_adds_rows(request->deed))
		ask_about_columns(&s, out);
	buf_free(&s.b);
}

void sql_make_otherwise(const struct sql_request *request, struct arena *arena,
			struct script *out)
{
	struct sql s = start(request, arena, out);
	const struct action *a = request->action;

	*out = (struct script){0};
	add_around(&s, &a->pre_ops, s.writer->view_otherwise, &a->post_ops);
	buf_free(&s.b);
}

/* Lists beside each other are read much faster than rows of values. */
static void put_wanted(const struct dialect *d, struct buf *b,
		       const struct action *actions, const bool *wanted,
		       uint32_t n, bool schemas)
{
	const char *comma = "";

	buf_adds(b, writer_of(d)->list_open);
	for (uint32_t i = 0; i < n; i++) {
		const struct target *t = &actions[i].target;

		if (!wanted[i])
			continue;
		buf_adds(b, comma);
		dialect_put_string(d, b, schemas ? t->schema : t->name);
		comma = ", ";
	}
	buf_adds(b, "]");
}

struct str sql_list_relations(const struct dialect *d,
			      const struct action *actions, const bool *wanted,
			      uint32_t n, struct arena *arena)
{
	const struct sql_writer *writer = writer_of(d);
	const char *comma = "";
	struct buf b = {0};
	struct str sql;

	buf_printf(&b, "%s\nfrom (select unnest(%s", writer->relations_head,
		   writer->list_open);
	for (uint32_t i = 0; i < n; i++) {
		if (!wanted[i])
			continue;
		buf_printf(&b, "%s%u", comma, i);
		comma = ", ";
	}
	buf_adds(&b, "]) as i,\nunnest(");
	put_wanted(d, &b, actions, wanted, n, true);
	buf_adds(&b, ") as s,\nunnest(");
	put_wanted(d, &b, actions, wanted, n, false);
	buf_printf(&b, ") as n) as w\n%s", writer->relations_tail);
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

struct str sql_list_schemas(const struct dialect *d)
{
	return str_of(writer_of(d)->list_schemas);
}

struct str sql_create_schema(const struct dialect *d, struct arena *arena,
			     struct str schema)
{
	struct buf b = {0};
	struct str sql;

	buf_adds(&b, "create schema if not exists ");
	dialect_put_ident(d, &b, schema);
	sql = buf_move(&b, arena);
	buf_free(&b);
	return sql;
}

static void put_for_people(struct buf *b, const struct statement *st)
{
	struct str sql = sql_trim(st->sql);

	if (st->summary.n) {
		buf_printf(b, "-- %.*s\n", STR_ARG(st->summary));
		return;
	}
	buf_add_str(b, sql);
	if (memchr(sql.p, '\n', sql.n) || str_has(sql, STR("--")))
		buf_addc(b, '\n');
	buf_adds(b, ";\n");
}

struct str sql_join(const struct script *script, struct arena *arena)
{
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < script->n; i++)
		put_for_people(&b, &script->v[i]);
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}
