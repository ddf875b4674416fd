/* How each warehouse writes names and string literals. */
#include "compiler/dialect.h"

#include "compiler/graph.h"

const struct dialect dialect_bigquery = {
	.kind = WAREHOUSE_BIGQUERY,
	.name = "bigquery",
	.has_database = true,
	.max_identifier = 1024,
	.jobs = 16,
};

const struct dialect dialect_duckdb = {
	.kind = WAREHOUSE_DUCKDB,
	.name = "duckdb",
	.folds_case = true,
	.max_identifier = 1024,
	.jobs = 2,
};

const struct dialect dialect_postgres = {
	.kind = WAREHOUSE_POSTGRES,
	.name = "postgres",
	.max_identifier = 63, /* NAMEDATALEN - 1 */
	.jobs = 4,
};

const struct dialect *dialect_find(struct str name)
{
	static const struct dialect *const all[] = {
		&dialect_bigquery,
		&dialect_duckdb,
		&dialect_postgres,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (str_is(name, all[i]->name))
			return all[i];
	return NULL;
}

static void put_doubled(struct buf *b, struct str s, char quote)
{
	buf_addc(b, quote);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == quote)
			buf_addc(b, quote);
		buf_addc(b, s.p[i]);
	}
	buf_addc(b, quote);
}

/* https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical */
static void put_escaped(struct buf *b, struct str s, char quote)
{
	buf_addc(b, quote);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n') {
			buf_adds(b, "\\n");
			continue;
		}
		if (s.p[i] == quote || s.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s.p[i]);
	}
	buf_addc(b, quote);
}

void dialect_put_ident(const struct dialect *d, struct buf *b, struct str name)
{
	if (d->kind == WAREHOUSE_BIGQUERY)
		put_escaped(b, name, '`');
	else
		put_doubled(b, name, '"');
}

void dialect_put_string(const struct dialect *d, struct buf *b, struct str s)
{
	if (d->kind == WAREHOUSE_BIGQUERY)
		put_escaped(b, s, '\'');
	else
		put_doubled(b, s, '\'');
}

void dialect_put_condition(const struct dialect *d, struct buf *b,
			   struct str condition)
{
	if (d->kind != WAREHOUSE_BIGQUERY) {
		dialect_put_string(d, b, condition);
		return;
	}
	buf_addc(b, '\'');
	for (size_t i = 0; i < condition.n; i++) {
		if (condition.p[i] == '\'' || condition.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, condition.p[i]);
	}
	buf_addc(b, '\'');
}

/* Dataform writes the path as it is between one pair of backticks, and the
 * schema's dot even without one. */
static void put_path(struct buf *b, const struct target *t)
{
	buf_addc(b, '`');
	if (t->database.n) {
		buf_add_str(b, t->database);
		buf_addc(b, '.');
	}
	buf_add_str(b, t->schema);
	buf_addc(b, '.');
	buf_add_str(b, t->name);
	buf_addc(b, '`');
}

void dialect_put_target(const struct dialect *d, struct buf *b,
			const struct target *t)
{
	if (d->kind == WAREHOUSE_BIGQUERY) {
		put_path(b, t);
		return;
	}
	if (t->schema.n) {
		dialect_put_ident(d, b, t->schema);
		buf_addc(b, '.');
	}
	dialect_put_ident(d, b, t->name);
}
