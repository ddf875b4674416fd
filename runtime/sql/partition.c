/*
 * partitionBy is an expression in BigQuery's words, of a handful of forms.
 * Where partitions are replaced it decides which rows are deleted, so it is
 * read as a whole and written anew for the warehouse; what is not understood is
 * refused.
 *
 * A row's partition must not depend on the session: a time with a zone is put
 * into UTC first, as BigQuery does.
 */
#include "runtime/sql/partition.h"

#include "base/buf.h"
#include "compiler/dialect.h"
#include "compiler/graph.h"

struct reader {
	struct str text;
	size_t at;
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static char peek(struct reader *r)
{
	while (r->at < r->text.n && strchr(" \t\r\n", r->text.p[r->at]))
		r->at++;
	return r->at < r->text.n ? r->text.p[r->at] : '\0';
}

static bool take(struct reader *r, char c)
{
	if (peek(r) != c || c == '\0')
		return false;
	r->at++;
	return true;
}

/* A bare word; empty if there is none. */
static struct str take_word(struct reader *r)
{
	size_t start = (peek(r), r->at);

	while (r->at < r->text.n && is_name_char(r->text.p[r->at]))
		r->at++;
	return str_sub(r->text, start, r->at);
}

static bool take_column(struct reader *r, struct str *out)
{
	char quote = peek(r);
	size_t end;

	if (quote != '`' && quote != '"') {
		*out = take_word(r);
		return out->n && (out->p[0] < '0' || out->p[0] > '9');
	}
	end = str_find(r->text, quote, r->at + 1);
	if (end == r->text.n)
		return false;
	*out = str_sub(r->text, r->at + 1, end);
	r->at = end + 1;
	return out->n > 0;
}

static bool take_integer(struct reader *r, int64_t *out)
{
	bool negative = take(r, '-');
	struct str word = take_word(r);
	int64_t n = 0;

	if (!word.n || word.n > 18)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < '0' || word.p[i] > '9')
			return false;
		n = n * 10 + (word.p[i] - '0');
	}
	*out = negative ? -n : n;
	return true;
}

static bool take_keyword(struct reader *r, const char *word)
{
	return str_eq_nocase(take_word(r), str_of(word));
}

static bool read_trunc(struct reader *r, struct partition *out)
{
	static const char *const parts[] = {"hour", "day", "month", "year"};
	struct str word;

	out->form = PARTITION_TRUNC;
	if (!take_column(r, &out->column) || !take(r, ','))
		return false;
	word = take_word(r);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (str_eq_nocase(word, str_of(parts[i])))
			out->part = parts[i];
	return out->part != NULL;
}

static bool read_range(struct reader *r, struct partition *out)
{
	int64_t end;

	out->form = PARTITION_RANGE;
	out->step = 1;
	if (!take_column(r, &out->column) || !take(r, ',') ||
	    !take_keyword(r, "generate_array") || !take(r, '(') ||
	    !take_integer(r, &out->first) || !take(r, ',') ||
	    !take_integer(r, &end))
		return false;
	if (take(r, ',') && !take_integer(r, &out->step))
		return false;
	if (!take(r, ')') || out->step <= 0 || end < out->first)
		return false;
	out->count = (end - out->first) / out->step + 1;
	return true;
}

/* What stands between the brackets of a function. */
static bool read_call(struct reader *r, struct str name, struct partition *out)
{
	if (str_eq_nocase(name, STR("date"))) {
		out->form = PARTITION_DATE;
		return take_column(r, &out->column);
	}
	if (str_eq_nocase(name, STR("range_bucket")))
		return read_range(r, out);
	if (str_eq_nocase(name, STR("date_trunc")) ||
	    str_eq_nocase(name, STR("datetime_trunc")) ||
	    str_eq_nocase(name, STR("timestamp_trunc")))
		return read_trunc(r, out);
	return false;
}

static bool read_all(struct reader *r, struct partition *out)
{
	struct str name;

	if (!take_column(r, &name))
		return false;
	if (take(r, '(')) {
		if (!read_call(r, name, out) || !take(r, ')'))
			return false;
	} else {
		out->form = PARTITION_COLUMN;
		out->column = name;
	}
	/* What BigQuery knows of a row's arrival is in no column. */
	return peek(r) == '\0' && !str_starts(out->column, STR("_PARTITION"));
}

bool partition_parse(struct str text, struct partition *out, struct error *err)
{
	struct reader r = {.text = text};

	*out = (struct partition){0};
	if (read_all(&r, out))
		return true;
	error_set(err, ERROR_CONFIG,
		  "partitionBy: \"%.*s\" is no expression that weir can say in "
		  "another SQL",
		  STR_ARG(str_trim(text)));
	return error_hint(err,
			  "which rows are replaced depends on it: write a "
			  "column, DATE(column), TIMESTAMP_TRUNC, "
			  "DATETIME_TRUNC or DATE_TRUNC(column, HOUR, DAY, "
			  "MONTH or YEAR), or RANGE_BUCKET(column, "
			  "GENERATE_ARRAY(first, last, step))");
}

bool partition_of(const struct action *a, struct partition *out,
		  struct error *err)
{
	return partition_parse(value_get_str(a->bigquery, "partitionBy"), out,
			       err);
}

static bool has_zone(struct str type)
{
	return str_has(type, STR("with time zone")) ||
	       str_has(type, STR("WITH TIME ZONE"));
}

/* The column as a time without a zone. What the query gives is first made what
 * the table has, as the insert does. */
static void put_time(struct str column, struct str type, struct buf *b)
{
	if (has_zone(type))
		buf_printf(b,
			   "(cast(%.*s as timestamp with time zone) "
			   "at time zone 'UTC')",
			   STR_ARG(column));
	else
		buf_printf(b, "cast(%.*s as timestamp)", STR_ARG(column));
}

/* RANGE_BUCKET: how many bounds are not above the value. */
static void put_range(const struct partition *p, const struct dialect *d,
		      struct str column, struct buf *b)
{
	bool duckdb = d->kind == WAREHOUSE_DUCKDB;

	buf_printf(b,
		   "case when %.*s is null then null when %.*s < %lld then 0 "
		   "else least(",
		   STR_ARG(column), STR_ARG(column), (long long)p->first);
	buf_printf(b,
		   duckdb ? "(cast(%.*s as hugeint) - %lld) // %lld"
			  : "div(cast(%.*s as numeric) - %lld, %lld)",
		   STR_ARG(column), (long long)p->first, (long long)p->step);
	buf_printf(b, " + 1, %lld) end", (long long)p->count);
}

void partition_put(const struct partition *p, const struct dialect *d,
		   struct str column, struct str type, struct buf *b)
{
	switch (p->form) {
	case PARTITION_COLUMN:
		buf_add_str(b, column);
		break;
	case PARTITION_DATE:
		buf_adds(b, "cast(");
		put_time(column, type, b);
		buf_adds(b, " as date)");
		break;
	case PARTITION_TRUNC:
		buf_printf(b, "date_trunc('%s', ", p->part);
		put_time(column, type, b);
		buf_addc(b, ')');
		break;
	case PARTITION_RANGE:
		put_range(p, d, column, b);
		break;
	}
}
