/*
 * The assertions that a table's config asks for: unique keys, columns that
 * are never null, conditions on rows. Each is an assertion of its own beside
 * the table, with SQL that is Dataform's to the byte.
 */
#include "base/arena.h"
#include "compiler/session.h"

static struct draft *add_assertion(struct session *s, struct draft *parent,
				   struct str name, enum inline_kind kind,
				   struct strs conditions)
{
	struct value config = value_object(s->arena, 1);
	struct origin origin = {
		.config = parent->config,
		.place = {parent->made.place.src, parent->made.place.offset,
			  parent->made.place.offset},
		.name = name,
	};
	struct draft *d;

	if (parent->made.file.p)
		value_put(&config, STR("filename"),
			  value_string(parent->made.file));
	d = draft_new(s, ACTION_ASSERTION, &config, origin);
	if (!d)
		return NULL;
	d->inline_kind = kind;
	d->conditions = conditions;
	d->parent = parent;
	d->parent_target = parent->target;
	for (size_t i = 0; i < parent->tags.n; i++)
		draft_add_tag(s, d, parent->tags.v[i]);
	if (parent->made.disabled)
		draft_set_disabled(d, true);
	draft_push(s, d);
	VEC_PUSH(s->arena, &parent->assertions, d);
	return d;
}

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

static void add_unique_key(struct session *s, struct draft *parent,
			   const struct value *columns, int index)
{
	add_assertion(s, parent, name_for(s, parent, "uniqueKey", index),
		      INLINE_UNIQUE_KEY, strs_of_value(s->arena, columns));
}

/* The conditions as written, then one for each column that is never null. */
static struct strs row_conditions(struct session *s, const struct value *config)
{
	struct strs rows =
		strs_of_value(s->arena, value_get(config, "rowConditions"));
	struct strs columns =
		strs_of_value(s->arena, value_get(config, "nonNull"));
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

void draft_add_assertions(struct session *s, struct draft *parent,
			  const struct value *config)
{
	const struct value *key = value_get(config, "uniqueKey");
	const struct value *keys = value_get(config, "uniqueKeys");
	struct strs conditions = row_conditions(s, config);

	parent->assertions.n = 0;
	if (key && key->kind == VALUE_ARRAY && key->n > 0) {
		add_unique_key(s, parent, key, 0);
	} else if (keys && keys->kind == VALUE_ARRAY) {
		for (uint32_t i = 0; i < keys->n; i++)
			add_unique_key(s, parent,
				       value_get(&keys->items[i], "uniqueKey"),
				       (int)i);
	}
	if (conditions.n > 0)
		add_assertion(s, parent,
			      name_for(s, parent, "rowConditions", -1),
			      INLINE_ROW_CONDITIONS, conditions);
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
