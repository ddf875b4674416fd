/*
 * Indexes that a config asks for. Their names are made of the table, the
 * columns and a hash of all that tells them apart, so that they are the same
 * in every run, fit PostgreSQL, and are known as ours.
 */
#include "base/arena.h"
#include "runtime/sql/sql_write.h"

enum { NAME_MAX_BYTES = 63 };

static bool is_plain_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') ||
			      (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return s.n > 0;
}

static bool is_column(const struct sql *s, struct str name)
{
	const struct strs *columns = &s->request->found->columns;

	for (size_t i = 0; i < columns->n; i++)
		if (str_eq(columns->v[i], name))
			return true;
	return is_plain_name(name);
}

/* Of a column or expression what a name may hold. */
static void put_word(struct buf *b, struct str column)
{
	buf_addc(b, '_');
	for (size_t i = 0; i < column.n; i++)
		if (is_plain_name((struct str){column.p + i, 1}) ||
		    (column.p[i] >= '0' && column.p[i] <= '9'))
			buf_addc(b, column.p[i]);
}

struct str sql_index_name(struct sql *s, const struct index_option *index)
{
	static const size_t tail = sizeof("_weir_0123456789abcdef") - 1;
	struct buf name = {0}, all = {0};
	struct str text;
	size_t n;

	buf_add_str(&name, s->action->target.name);
	buf_add_str(&all, s->target);
	buf_addc(&all, index->unique ? 'u' : '-');
	for (size_t i = 0; i < index->columns.n; i++) {
		put_word(&name, index->columns.v[i]);
		buf_add_str(&all, index->columns.v[i]);
		buf_addc(&all, '\0');
	}
	n = name.n < NAME_MAX_BYTES - tail ? name.n : NAME_MAX_BYTES - tail;
	while (n > 0 && n < name.n && (name.p[n] & 0xc0) == 0x80)
		n--;
	text = arena_printf(s->arena, "%.*s_weir_%016llx", (int)n, name.p,
			    (unsigned long long)str_hash(buf_str(&all)));
	buf_free(&name);
	buf_free(&all);
	return text;
}

struct str sql_index_columns(struct sql *s, const struct index_option *index)
{
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < index->columns.n; i++) {
		struct str column = index->columns.v[i];

		buf_adds(&b, i ? ", " : "");
		if (is_column(s, column))
			dialect_put_ident(s->dialect, &b, column);
		else
			buf_add_str(&b, column);
	}
	text = buf_move(&b, s->arena);
	buf_free(&b);
	return text;
}

struct str sql_index_words(struct sql *s, const struct index_option *indexes,
			   uint32_t n)
{
	struct buf b = {0};
	struct str text;

	buf_adds(&b,
		 n == 1 ? "the config's index" : "one of the config's indexes");
	for (uint32_t i = 0; i < n; i++) {
		const struct strs *columns = &indexes[i].columns;

		buf_adds(&b, i ? ", (" : " (");
		for (size_t k = 0; k < columns->n; k++) {
			buf_adds(&b, k ? ", " : "");
			buf_add_str(&b, columns->v[k]);
		}
		buf_addc(&b, ')');
	}
	text = buf_move(&b, s->arena);
	buf_free(&b);
	return text;
}

void sql_put_index(struct sql *s, const struct index_option *index,
		   const char *head, const char *on)
{
	sql_put(s, index->unique ? "create unique index " : "create index ");
	sql_put(s, head);
	dialect_put_ident(s->dialect, &s->b, sql_index_name(s, index));
	sql_put(s, " on ");
	sql_put(s, on);
	sql_put(s, " (");
	buf_add_str(&s->b, sql_index_columns(s, index));
	sql_put(s, ")");
}

void sql_add_indexes(struct sql *s, const char *head, const char *on)
{
	const struct weir_options *weir = s->action->weir;

	for (uint32_t i = 0; weir && i < weir->nindexes; i++) {
		sql_put_index(s, &weir->indexes[i], head, on);
		sql_end(s)->makes = sql_index_words(s, &weir->indexes[i], 1);
	}
}
