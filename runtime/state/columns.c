/*
 * What a table's columns must be for rows to be added to it.
 *
 * Rows are added to the columns that a table has. What else the query gives is
 * left out, and what it does not give makes our statement fail in words that
 * are not the user's. Both are found by asking the query for its columns.
 */
#include "runtime/state/columns.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/sql/partition.h"
#include "runtime/sql/sql.h"
#include "runtime/warehouse/warehouse.h"

struct column_change {
	struct strs added;   /* the query gives them, the table has them not */
	struct strs removed; /* the other way round */
	struct str retyped;  /* "v" is text, in the table integer; or unset */
};

static bool has(const struct strs *all, struct str name, bool folds_case)
{
	for (size_t i = 0; i < all->n; i++)
		if (folds_case ? str_eq_nocase(all->v[i], name)
			       : str_eq(all->v[i], name))
			return true;
	return false;
}

static struct strs without(const struct strs *all, const struct strs *others,
			   bool folds_case, struct arena *arena)
{
	struct str_vec left = {0};

	for (size_t i = 0; i < all->n; i++)
		if (!has(others, all->v[i], folds_case))
			VEC_PUSH(arena, &left, all->v[i]);
	return (struct strs){left.v, left.n};
}

bool columns_same_type(struct str a, struct str b)
{
	const struct str text = STR("text"), varying = STR("character varying");

	return str_eq(a, b) || (str_eq(a, text) && str_eq(b, varying)) ||
	       (str_eq(a, varying) && str_eq(b, text));
}

struct str columns_retyped(struct str name, struct str given, struct str there,
			   struct arena *arena)
{
	return arena_printf(arena, "\"%.*s\" is %.*s, in the table %.*s",
			    STR_ARG(name), STR_ARG(given), STR_ARG(there));
}

/* Only where the query gives all columns of the table can it be asked. */
static void compare_types(struct warehouse *w, struct str query,
			  const struct relation *table, struct arena *arena,
			  struct column_change *out)
{
	struct error ignored = {0};
	struct str_vec others = {0};
	struct rows rows;

	if (!w->ops->query(w, query, 1, arena, &rows, &ignored) || !rows.nrows)
		return;
	for (size_t i = 0; i < table->columns.n; i++) {
		struct str text, given = rows.values[2 * i],
				 there = rows.values[2 * i + 1];

		if (columns_same_type(given, there))
			continue;
		text = columns_retyped(table->columns.v[i], given, there,
				       arena);
		VEC_PUSH(arena, &others, text);
	}
	if (others.n)
		out->retyped =
			columns_list(&(struct strs){others.v, others.n}, arena);
}

static bool compare(struct warehouse *w, const struct sql_task *task,
		    const struct relation *table, struct arena *arena,
		    struct column_change *out)
{
	bool folds_case = w->profile->dialect->folds_case;
	struct error ignored = {0};
	struct strs given;
	struct rows rows;

	*out = (struct column_change){0};
	if (!w->ops->query(w, task->columns, 1, arena, &rows, &ignored))
		return false;
	given = (struct strs){rows.columns, rows.ncolumns};
	out->added = without(&given, &table->columns, folds_case, arena);
	out->removed = without(&table->columns, &given, folds_case, arena);
	if (!out->removed.n && table->columns.n)
		compare_types(w, task->types, table, arena, out);
	return true;
}

void columns_advise(struct str retyped, struct error *err)
{
	if (retyped.n)
		error_hint(err,
			   "columns of the query have another type than the "
			   "table's: %.*s; convert them in the query, or run "
			   "--full-refresh",
			   STR_ARG(retyped));
}

static struct strs notes_of(const struct column_change *change,
			    struct arena *arena)
{
	struct str_vec notes = {0};
	struct str text;

	if (change->added.n) {
		text = columns_text(&change->added, arena);
		text = arena_printf(
			arena,
			"the query gives %.*s, which the table does not have: "
			"left out; --full-refresh adds what is new",
			STR_ARG(text));
		VEC_PUSH(arena, &notes, text);
	}
	if (change->retyped.n) {
		text = arena_printf(arena,
				    "converted, as the types differ: %.*s",
				    STR_ARG(change->retyped));
		VEC_PUSH(arena, &notes, text);
	}
	return (struct strs){notes.v, notes.n};
}

struct strs columns_tell(struct warehouse *w, const struct action *a,
			 const struct sql_task *task,
			 const struct relation *table, struct arena *arena,
			 struct error *err)
{
	struct column_change change;
	bool failed = err->kind != ERROR_NONE, many;

	if ((failed && err->kind != ERROR_SQL) ||
	    !compare(w, task, table, arena, &change))
		return (struct strs){0};
	if (!failed)
		return notes_of(&change, arena);
	if (!change.removed.n) {
		columns_advise(change.retyped, err);
		return (struct strs){0};
	}
	many = change.removed.n > 1;
	*err = (struct error){0};
	error_set(err, ERROR_SQL,
		  "the query no longer gives the column%s %.*s of %.*s",
		  many ? "s" : "",
		  STR_ARG(columns_text(&change.removed, arena)),
		  STR_ARG(target_short(arena, &a->target)));
	error_hint(err, "add %s back or run --full-refresh",
		   many ? "them" : "it");
	return (struct strs){0};
}

struct str columns_text(const struct strs *columns, struct arena *arena)
{
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < columns->n; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "",
			   STR_ARG(columns->v[i]));
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

struct str columns_list(const struct strs *names, struct arena *arena)
{
	struct buf b = {0};
	struct str list;

	for (size_t i = 0; i < names->n; i++) {
		buf_adds(&b, i ? ", " : "");
		buf_add_str(&b, names->v[i]);
	}
	list = buf_move(&b, arena);
	buf_free(&b);
	return list;
}

bool columns_is_key(struct str column, struct str key)
{
	if (key.n > 2 && key.p[0] == '`' && key.p[key.n - 1] == '`')
		key = str_sub(key, 1, key.n - 1);
	return str_eq_nocase(column, key) ||
	       str_eq_nocase(column, str_sub(key, 0, str_find(key, '.', 0)));
}

/* What is quoted is found by the warehouse. */
static bool has_key(const struct strs *columns, struct str key)
{
	for (size_t i = 0; i < columns->n; i++)
		if (columns_is_key(columns->v[i], key))
			return true;
	return str_has(key, STR("\""));
}

static bool lacks(const char *option, struct str name,
		  const struct strs *columns, struct arena *arena,
		  struct error *err)
{
	struct str list = columns_list(columns, arena);

	error_set(err, ERROR_SQL, "%s names \"%.*s\", which the table has not",
		  option, STR_ARG(name));
	return error_hint(err, "the columns that a query can fill are: %.*s",
			  STR_ARG(list));
}

bool columns_suffice(const struct action *a, enum deed deed,
		     const struct strs *columns, struct arena *arena,
		     struct error *err)
{
	struct partition p;

	if (deed == DEED_OVERWRITE)
		return partition_of(a, &p, err) &&
		       (has(columns, p.column, true) ||
			lacks("partitionBy", p.column, columns, arena, err));
	for (size_t i = 0; deed != DEED_INSERT && i < a->unique_key.n; i++)
		if (!has_key(columns, a->unique_key.v[i]))
			return lacks("uniqueKey", a->unique_key.v[i], columns,
				     arena, err);
	return true;
}

bool columns_may_change(const struct action *a)
{
	return a->on_schema_change == ON_CHANGE_EXTEND ||
	       a->on_schema_change == ON_CHANGE_SYNCHRONIZE;
}
