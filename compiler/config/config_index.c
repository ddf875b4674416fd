/*
 * The list of indexes below weir. Each entry is a column or an expression that
 * goes into "create index ... (...)" as it stands, so it is held to be one: it
 * must not end the list, or the statement, early.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/sql_token.h"
#include "compiler/config/config_int.h"

/* A column or an expression, as far as its tokens tell: the parenthesis that
 * will be put behind it is the one that closes the list. */
static bool is_entry(struct arena *arena, struct str text)
{
	struct sql_lexer l = {arena_printf(arena, "%.*s)", STR_ARG(text)), 0};
	struct sql_token t;
	int depth = 0;

	if (!str_trim(text).n)
		return false;
	for (t = sql_next(&l); t.kind != SQL_END; t = sql_next(&l)) {
		char c = t.text.p[0];

		if (t.kind != SQL_OTHER)
			continue;
		if (c == ';' || (c == ',' && depth == 0))
			return false;
		depth += (c == '(') - (c == ')');
		if (depth < 0)
			return t.start == text.n;
	}
	return false;
}

static bool check_entries(struct schema_reader *r,
			  const struct schema_path *path,
			  const struct strs *columns)
{
	bool ok = true;

	for (size_t i = 0; i < columns->n; i++) {
		struct diag *d;

		if (is_entry(r->arena, columns->v[i]))
			continue;
		d = schema_error(r, path,
				 "\"%.*s\" is neither a column nor an "
				 "expression",
				 STR_ARG(columns->v[i]));
		diag_help(r->diags, d,
			  "write one of them in each string, with its "
			  "parentheses and quotes closed");
		ok = false;
	}
	return ok;
}

static bool read_index(struct schema_reader *r, const struct schema_path *path,
		       const struct value *in, struct index_option *out)
{
	struct value index = value_object(r->arena, 1), checked;
	struct schema_reader strict = *r;
	const struct value *columns;

	strict.strict = true;
	if (in->kind == VALUE_ARRAY)
		value_put(&index, STR("columns"), *in);
	else if (in->kind == VALUE_OBJECT)
		index = *in;
	else
		return config_weir_wrong_type(
			r, path, "a list of lists", in,
			"write [[\"a\"], [\"b\", \"c\"]], or {columns: "
			"[\"a\"], unique: true} for a list of columns");
	if (!schema_read(&strict, &config_index_schema, path, &index, &checked))
		return false;
	columns = value_get(&checked, "columns");
	if (!columns || columns->n == 0) {
		schema_error(r, path, "an index has no columns");
		return false;
	}
	out->columns = value_strings(r->arena, columns);
	out->unique = value_is_truthy(value_get(&checked, "unique"));
	return check_entries(r, path, &out->columns);
}

/* What tells an index from others of its table. */
static struct str identity(struct arena *arena,
			   const struct index_option *index)
{
	struct buf b = {0};
	struct str text;

	buf_addc(&b, index->unique ? 'u' : '-');
	for (size_t i = 0; i < index->columns.n; i++) {
		buf_add_str(&b, index->columns.v[i]);
		buf_addc(&b, '\0');
	}
	text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

static bool check_twice(struct schema_reader *r, const struct schema_path *path,
			const struct weir_options *o)
{
	struct map seen;
	struct diag *d;

	map_init(&seen, r->arena);
	for (uint32_t i = 0; i < o->nindexes; i++) {
		struct index_option *index = &o->indexes[i];

		if (!map_put(&seen, identity(r->arena, index), index))
			continue;
		d = schema_error(r, path,
				 "the index of %.*s%s stands here twice",
				 STR_ARG(index->columns.v[0]),
				 index->columns.n > 1 ? ", ..." : "");
		diag_help(r->diags, d, "remove one of them");
		return false;
	}
	return true;
}

bool config_indexes_read(struct schema_reader *r,
			 const struct schema_path *path, const struct value *in,
			 struct weir_options *out)
{
	bool ok = true;

	if (in->kind != VALUE_ARRAY)
		return config_weir_wrong_type(
			r, path, "a list of lists", in,
			"write [[\"a\"], [\"b\", \"c\"]]");
	out->indexes = ARENA_NEW(r->arena, struct index_option, in->n + 1);
	out->nindexes = in->n;
	for (uint32_t i = 0; i < in->n; i++)
		ok = read_index(r, path, &in->items[i], &out->indexes[i]) && ok;
	return ok && check_twice(r, path, out);
}
