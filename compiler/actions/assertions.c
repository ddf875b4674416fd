/*
 * The assertions that a table's config asks for: unique keys, columns that
 * are never null, conditions on rows. Each is an assertion of its own beside
 * the table, with SQL that is Dataform's to the byte.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

static struct str name_for(struct session *s, const struct draft *parent,
			   const char *suffix, int index)
{
	struct str prefix = s->settings->builtin_assertion_name_prefix;
	struct buf *b = &s->text;

	buf_clear(b);
	if (prefix.n) {
		buf_add_str(b, prefix);
		buf_addc(b, '_');
	}
	buf_add_str(b, parent->target.schema);
	buf_addc(b, '_');
	buf_add_str(b, parent->target.name);
	buf_printf(b, "_assertions_%s", suffix);
	if (index >= 0)
		buf_printf(b, "_%d", index);
	return arena_str(s->arena, buf_str(b));
}

/* The conditions as written, then one for each column that is never null. */
static struct strs row_conditions(struct session *s, const struct value *config)
{
	struct strs rows =
		value_strings(s->arena, value_get(config, "rowConditions"));
	struct strs columns =
		value_strings(s->arena, value_get(config, "nonNull"));
	struct strs all = {0};

	if (rows.n + columns.n == 0)
		return all;
	all.v = ARENA_NEW(s->arena, struct str, rows.n + columns.n);
	for (size_t i = 0; i < rows.n; i++)
		all.v[all.n++] = rows.v[i];
	for (size_t i = 0; i < columns.n; i++)
		all.v[all.n++] = arena_printf(s->arena, "%.*s IS NOT NULL",
					      STR_ARG(columns.v[i]));
	return all;
}

static void add(struct session *s, const struct draft *parent,
		struct inline_assertions *out, enum inline_kind kind, int index,
		struct strs conditions)
{
	const char *suffix =
		kind == INLINE_UNIQUE_KEY ? "uniqueKey" : "rowConditions";
	struct inline_assertion a = {
		.name = name_for(s, parent, suffix, index),
		.kind = kind,
		.conditions = conditions,
	};

	VEC_PUSH(s->arena, out, a);
}

void assertions_of(struct session *s, const struct draft *parent,
		   const struct value *config, struct inline_assertions *out)
{
	const struct value *key = value_get(config, "uniqueKey");
	const struct value *keys = value_get(config, "uniqueKeys");
	struct strs conditions = row_conditions(s, config);

	*out = (struct inline_assertions){0};
	if (key && key->kind == VALUE_ARRAY && key->n > 0) {
		add(s, parent, out, INLINE_UNIQUE_KEY, 0,
		    value_strings(s->arena, key));
	} else if (keys && keys->kind == VALUE_ARRAY) {
		for (uint32_t i = 0; i < keys->n; i++)
			add(s, parent, out, INLINE_UNIQUE_KEY, (int)i,
			    value_strings(s->arena, value_get(&keys->items[i],
							      "uniqueKey")));
	}
	if (conditions.n > 0)
		add(s, parent, out, INLINE_ROW_CONDITIONS, -1, conditions);
}

static void put_columns(struct buf *b, struct strs columns)
{
	for (size_t i = 0; i < columns.n; i++) {
		buf_adds(b, i ? ", " : "");
		buf_add_str(b, columns.v[i]);
	}
}

static void put_unique_key(struct buf *b, struct strs columns,
			   struct str dataset)
{
	buf_adds(b, "\nSELECT\n  *\nFROM (\n  SELECT\n    ");
	put_columns(b, columns);
	buf_adds(b, ",\n    COUNT(1) AS index_row_count\n  FROM ");
	buf_add_str(b, dataset);
	buf_adds(b, "\n  GROUP BY ");
	put_columns(b, columns);
	buf_adds(b, "\n  ) AS data\nWHERE index_row_count > 1\n");
}

static void put_condition(struct session *s, struct buf *b, struct str cond,
			  struct str dataset)
{
	buf_adds(b, "\nSELECT\n  ");
	dialect_put_condition(s->dialect, b, cond);
	buf_adds(b, " AS failing_row_condition,\n  *\nFROM ");
	buf_add_str(b, dataset);
	buf_adds(b, "\nWHERE NOT (");
	buf_add_str(b, cond);
	buf_adds(b, ")\n");
}

struct str assertion_sql(struct session *s, const struct draft *d,
			 struct str dataset)
{
	struct buf *b = &s->text;

	buf_clear(b);
	if (d->inline_kind == INLINE_UNIQUE_KEY) {
		put_unique_key(b, d->conditions, dataset);
		return arena_str(s->arena, buf_str(b));
	}
	for (size_t i = 0; i < d->conditions.n; i++) {
		buf_adds(b, i ? "UNION ALL" : "");
		put_condition(s, b, d->conditions.v[i], dataset);
	}
	return arena_str(s->arena, buf_str(b));
}
