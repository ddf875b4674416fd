/*
 * Dataform compares the names of columns and then refuses, adds or drops. So do
 * we, in the transaction that adds the rows: a run that fails leaves the
 * columns as they were, and the rows of this very run fill the new ones.
 *
 * Types are compared too. Dataform leaves a column of another type as it is,
 * and the rows are converted or refused as they come; that is what happens
 * here, with a note, except under FAIL, which is there to be told.
 */
#include "runtime/state/schema_change.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/sql/sql.h"
#include "runtime/state/columns.h"

struct column {
	struct str name, type;
	struct str definition; /* the type, and what a column needs beside it */
	bool fills_itself;     /* no row gives it a value */
};

struct columns {
	struct column *v;
	size_t n;
};

struct comparison {
	const struct action *action;
	enum deed deed;
	bool folds_case;
	struct columns given, there; /* by the query; in the table */
	struct arena *arena;
	struct schema_change *out;
	struct str_vec retyped; /* "v" is text, in the table integer */
};

static const struct column *find(const struct columns *all, struct str name,
				 bool folds_case)
{
	for (size_t i = 0; i < all->n; i++)
		if (folds_case ? str_eq_nocase(all->v[i].name, name)
			       : str_eq(all->v[i].name, name))
			return &all->v[i];
	return NULL;
}

/* Rows of (name, type, definition, whether it fills itself). */
static bool ask(struct warehouse *w, struct str query, struct arena *arena,
		struct columns *out, struct error *err)
{
	struct rows rows;

	if (!w->ops->query(w, query, UINT32_MAX, arena, &rows, err))
		return error_prefix(err, "cannot look up the columns");
	out->v = ARENA_NEW(arena, struct column, rows.nrows);
	out->n = rows.nrows;
	for (size_t i = 0; i < out->n; i++) {
		const struct str *row = &rows.values[i * 4];

		out->v[i] = (struct column){row[0], row[1], row[2],
					    str_is(row[3], "true")};
	}
	return true;
}

static void compare_types(struct comparison *c, const struct column *given,
			  const struct column *there)
{
	struct str text;

	if (!given->type.n || !there->type.n ||
	    columns_same_type(given->type, there->type))
		return;
	text = columns_retyped(there->name, given->type, there->type, c->arena);
	VEC_PUSH(c->arena, &c->retyped, text);
}

static void compare(struct comparison *c)
{
	struct str_vec added = {0}, definitions = {0}, removed = {0};
	struct schema_change *out = c->out;

	for (size_t i = 0; i < c->given.n; i++) {
		const struct column *g = &c->given.v[i];
		const struct column *t =
			find(&c->there, g->name, c->folds_case);

		if (t) {
			compare_types(c, g, t);
			continue;
		}
		VEC_PUSH(c->arena, &added, g->name);
		VEC_PUSH(c->arena, &definitions, g->definition);
	}
	for (size_t i = 0; i < c->there.n; i++)
		if (!c->there.v[i].fills_itself &&
		    !find(&c->given, c->there.v[i].name, c->folds_case))
			VEC_PUSH(c->arena, &removed, c->there.v[i].name);
	out->added = (struct strs){added.v, added.n};
	out->definitions = (struct strs){definitions.v, definitions.n};
	out->removed = (struct strs){removed.v, removed.n};
	if (c->retyped.n)
		out->retyped = columns_list(
			&(struct strs){c->retyped.v, c->retyped.n}, c->arena);
}

/* The table as it is once the columns are added and dropped. */
static void set_after(struct comparison *c)
{
	struct str_vec names = {0}, types = {0};
	struct schema_change *out = c->out;

	for (size_t i = 0; i < c->there.n; i++) {
		const struct column *t = &c->there.v[i];

		if (t->fills_itself || !find(&c->given, t->name, c->folds_case))
			continue;
		VEC_PUSH(c->arena, &names, t->name);
		VEC_PUSH(c->arena, &types, t->type);
	}
	for (size_t i = 0; i < out->added.n; i++) {
		VEC_PUSH(c->arena, &names, out->added.v[i]);
		VEC_PUSH(c->arena, &types, out->definitions.v[i]);
	}
	out->after.kind = RELATION_TABLE;
	out->after.columns = (struct strs){names.v, names.n};
	out->after.types = (struct strs){types.v, types.n};
}

static struct str name_of(const struct comparison *c)
{
	return target_short(c->arena, &c->action->target);
}

static void put_difference(struct buf *b, const char *label, struct str text)
{
	if (text.n)
		buf_printf(b, "%s%s%.*s", b->n ? "; " : "", label,
			   STR_ARG(text));
}

static bool refuse_all(struct comparison *c, struct error *err)
{
	const struct schema_change *o = c->out;
	struct buf b = {0};
	struct str text;

	if (!o->added.n && !o->removed.n && !o->retyped.n)
		return true;
	put_difference(&b, "new: ", columns_text(&o->added, c->arena));
	put_difference(&b, "gone: ", columns_text(&o->removed, c->arena));
	put_difference(&b, "", o->retyped);
	text = buf_move(&b, c->arena);
	buf_free(&b);
	error_set(err, ERROR_SQL,
		  "the columns of the query are not those of %.*s: %.*s",
		  STR_ARG(name_of(c)), STR_ARG(text));
	if (!o->added.n && !o->removed.n)
		return error_hint(err, "onSchemaChange is \"FAIL\": give the "
				       "types that the table has, or run "
				       "--full-refresh");
	return error_hint(err, "onSchemaChange is \"FAIL\": give the columns "
			       "that the table has, run --full-refresh, or "
			       "let it be \"EXTEND\" or \"SYNCHRONIZE\"");
}

static bool refuse_removed(struct comparison *c, struct error *err)
{
	const struct strs *removed = &c->out->removed;

	if (!removed->n)
		return true;
	error_set(err, ERROR_SQL,
		  "the query no longer gives the column%s %.*s of %.*s",
		  removed->n > 1 ? "s" : "",
		  STR_ARG(columns_text(removed, c->arena)),
		  STR_ARG(name_of(c)));
	return error_hint(err,
			  "onSchemaChange: \"EXTEND\" drops no column: add %s "
			  "back, run --full-refresh, or let it be "
			  "\"SYNCHRONIZE\"",
			  removed->n > 1 ? "them" : "it");
}

/* Rows are found again by the columns of a key. */
static bool refuse_removed_keys(struct comparison *c, struct error *err)
{
	const struct strs *keys = &c->action->unique_key;
	struct str_vec lost = {0};
	struct strs names;

	for (size_t i = 0; i < c->out->removed.n; i++)
		for (size_t k = 0; k < keys->n; k++)
			if (columns_is_key(c->out->removed.v[i], keys->v[k])) {
				VEC_PUSH(c->arena, &lost, c->out->removed.v[i]);
				break;
			}
	if (!lost.n)
		return true;
	names = (struct strs){lost.v, lost.n};
	error_set(err, ERROR_SQL,
		  "the query no longer gives %.*s, which uniqueKey of %.*s "
		  "names",
		  STR_ARG(columns_text(&names, c->arena)), STR_ARG(name_of(c)));
	return error_hint(err, "a column of the unique key is not dropped: add "
			       "it back, or take it out of uniqueKey");
}

static struct str types_text(const struct schema_change *o, struct arena *arena)
{
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < o->added.n; i++) {
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "",
			   STR_ARG(o->added.v[i]));
		if (o->definitions.v[i].n)
			buf_printf(&b, " (%.*s)", STR_ARG(o->definitions.v[i]));
	}
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

static void set_notes(struct comparison *c)
{
	struct schema_change *o = c->out;
	struct str_vec notes = {0};
	struct str text;

	if (o->added.n) {
		text = types_text(o, c->arena);
		text = arena_printf(c->arena, "new in the table: %.*s",
				    STR_ARG(text));
		VEC_PUSH(c->arena, &notes, text);
	}
	if (o->removed.n) {
		text = columns_text(&o->removed, c->arena);
		text = arena_printf(c->arena, "dropped from the table: %.*s",
				    STR_ARG(text));
		VEC_PUSH(c->arena, &notes, text);
	}
	if (o->retyped.n) {
		text = arena_printf(c->arena,
				    "converted, as the types differ: %.*s",
				    STR_ARG(o->retyped));
		VEC_PUSH(c->arena, &notes, text);
	}
	o->notes = (struct strs){notes.v, notes.n};
}

static bool decide(struct comparison *c, struct error *err)
{
	enum on_schema_change policy = c->action->on_schema_change;

	compare(c);
	if (policy == ON_CHANGE_FAIL && !refuse_all(c, err))
		return false;
	if (policy == ON_CHANGE_EXTEND && !refuse_removed(c, err))
		return false;
	if (policy == ON_CHANGE_SYNCHRONIZE && !refuse_removed_keys(c, err))
		return false;
	set_after(c);
	set_notes(c);
	return columns_suffice(c->action, c->deed, &c->out->after.columns,
			       c->arena, err);
}

/* DuckDB changes no table that has indexes; and to drop them and make them
 * again in one transaction ends its process. */
static bool refuse_indexes(struct warehouse *w, const struct sql_task *task,
			   struct comparison *c, struct error *err)
{
	struct rows rows;
	struct strs names;

	if (!task->indexes.p || !(c->out->added.n + c->out->removed.n))
		return true;
	if (!w->ops->query(w, task->indexes, UINT32_MAX, c->arena, &rows, err))
		return error_prefix(err, "cannot look up the indexes");
	if (!rows.nrows)
		return true;
	names = (struct strs){rows.values, rows.nrows};
	error_set(err, ERROR_SQL,
		  "the columns of %.*s are to change, which DuckDB does to no "
		  "table that has indexes: %.*s",
		  STR_ARG(name_of(c)), STR_ARG(columns_text(&names, c->arena)));
	return error_hint(err, "run --full-refresh, or drop the indexes "
			       "before the run and make them again after it");
}

bool schema_change_find(struct warehouse *w, const struct action *a,
			enum deed deed, const struct sql_task *task,
			struct arena *arena, struct schema_change *out,
			struct error *err)
{
	struct comparison c = {
		.action = a,
		.deed = deed,
		.folds_case = w->profile->dialect->folds_case,
		.arena = arena,
		.out = out,
	};

	*out = (struct schema_change){0};
	if (ask(w, task->query_columns, arena, &c.given, err) &&
	    ask(w, task->table_columns, arena, &c.there, err) &&
	    decide(&c, err) && refuse_indexes(w, task, &c, err))
		return true;
	w->ops->end_transaction(w);
	return false;
}

static struct columns named(const struct str *names, size_t n,
			    struct arena *arena)
{
	struct columns all = {ARENA_NEW(arena, struct column, n), n};

	for (size_t i = 0; i < n; i++)
		all.v[i].name = names[i];
	return all;
}

bool schema_change_foresee(struct warehouse *w, const struct action *a,
			   enum deed deed, struct str query,
			   const struct relation *found, struct arena *arena,
			   struct schema_change *out, struct error *err)
{
	struct comparison c = {
		.action = a,
		.deed = deed,
		.folds_case = w->profile->dialect->folds_case,
		.there = named(found->columns.v, found->columns.n, arena),
		.arena = arena,
		.out = out,
	};
	struct rows rows;

	*out = (struct schema_change){0};
	if (!w->ops->query(w, query, 1, arena, &rows, err))
		return false;
	c.given = named(rows.columns, rows.ncolumns, arena);
	return decide(&c, err);
}

void schema_change_advise(const struct schema_change *change, struct error *err)
{
	if (strcmp(err->sqlstate, "2BP01") == 0 && change->removed.n)
		error_hint(err, "weir drops nothing but the columns: keep them "
				"in the query, or drop or change what stands "
				"on them, in pre_operations for example");
	else
		columns_advise(change->retyped, err);
}
