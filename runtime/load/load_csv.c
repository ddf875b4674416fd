/*
 * CSV with a header, as RFC 4180 has it: quotes around what holds commas,
 * quotes or line ends, doubled within. An empty field is NULL, a quoted empty
 * one an empty text. https://www.rfc-editor.org/rfc/rfc4180
 */
#include "base/arena.h"
#include "base/vec.h"
#include "runtime/load/load_file.h"
#include "runtime/load/load_json.h"

/* One record, field by field; it ends with a line feed at end. */
struct record {
	const struct load_file *f;
	char *p, *end;
	bool more; /* a field comes next, maybe an empty one */
	struct error *err;
};

struct field {
	char *p;
	size_t n;
	bool quoted;
};

/* Takes doubled quotes out where they stand. */
static bool quoted_field(struct record *r, struct field *out)
{
	char *from = r->p + 1, *to = from;

	*out = (struct field){.p = from, .quoted = true};
	for (;;) {
		char *quote = memchr(from, '"', (size_t)(r->end - from));
		size_t n;

		if (!quote)
			return load_file_error(
				r->f, r->err,
				"a quote opened here is never closed");
		n = (size_t)(quote - from);
		memmove(to, from, n);
		to += n;
		from = quote + 1;
		if (from == r->end || *from != '"')
			break;
		*to++ = '"';
		from++;
	}
	out->n = (size_t)(to - out->p);
	r->more = from < r->end;
	r->p = from + r->more;
	if (r->more && *from != ',')
		return load_file_error(r->f, r->err,
				       "after a closing quote comes \"%c\" "
				       "instead of a comma",
				       *from);
	*to = '\n';
	return true;
}

static bool plain_field(struct record *r, struct field *out)
{
	size_t left = (size_t)(r->end - r->p);
	char *comma = memchr(r->p, ',', left);

	*out = (struct field){.p = r->p, .n = left};
	r->more = comma != NULL;
	if (comma) {
		out->n = (size_t)(comma - r->p);
		r->p = comma + 1;
	}
	if (memchr(out->p, '"', out->n))
		return load_file_error(r->f, r->err,
				       "a quote stands within \"%.*s\": put "
				       "the field in quotes and double it",
				       (int)(out->n < 60 ? out->n : 60),
				       out->p);
	return true;
}

static bool next_field(struct record *r, struct field *out)
{
	return r->p < r->end && *r->p == '"' ? quoted_field(r, out)
					     : plain_field(r, out);
}

/* False at the end, too, with *p NULL. */
static bool next_record(struct load_file *f, struct record *r,
			struct error *err)
{
	size_t n, bad;
	char *p;

	if (!load_file_record(f, LOAD_QUOTES, &p, &n, err))
		return false;
	*r = (struct record){f, p, p ? p + n : NULL, p != NULL, err};
	if (!p)
		return true;
	bad = str_bad_utf8((struct str){p, n});
	if (bad < n)
		return load_file_error(f, err, "byte %zu is not UTF-8",
				       bad + 1);
	if (memchr(p, '\0', n))
		return load_file_error(f, err,
				       "a text cannot hold the "
				       "character U+0000");
	return true;
}

static uint32_t find_column(const struct load_file *f, struct str name)
{
	for (uint32_t c = 0; c < f->ncolumns; c++)
		if (str_eq(f->columns[c].name, name))
			return c;
	return UINT32_MAX;
}

static bool read_header(struct load_file *f, struct record *r,
			struct arena *arena)
{
	struct {
		uint32_t *v;
		size_t n, cap;
	} fields = {0};

	while (r->more) {
		struct field field;
		uint32_t column;

		if (!next_field(r, &field))
			return false;
		column = find_column(f, (struct str){field.p, field.n});
		if (column != UINT32_MAX && f->seen[column])
			return load_file_error(
				f, r->err, "the header has \"%.*s\" twice",
				STR_ARG(f->columns[column].name));
		if (column != UINT32_MAX)
			f->seen[column] = f->record_line;
		VEC_PUSH(arena, &fields, column);
	}
	f->fields = fields.v;
	f->nfields = (uint32_t)fields.n;
	return true;
}

bool load_csv_start(struct load_file *f, struct arena *arena, struct error *err)
{
	struct record r;

	if (!next_record(f, &r, err))
		return false;
	if (!r.more)
		return load_file_error(f, err,
				       "the file is empty: a CSV file "
				       "starts with a header");
	if (!read_header(f, &r, arena))
		return false;
	for (uint32_t c = 0; c < f->ncolumns; c++)
		if (!f->seen[c])
			return load_file_error(f, err,
					       "the header has no \"%.*s\"",
					       STR_ARG(f->columns[c].name));
	return true;
}

static bool read_json(struct field *field, struct cell *cell)
{
	struct json_scan scan = {.p = field->p};

	field->p[field->n] = '\n';
	return json_scan_value(&scan, &cell->s) &&
	       json_scan_peek(&scan) == JSON_BAD &&
	       scan.p == field->p + field->n;
}

static bool read_field(struct record *r, uint32_t column, struct field *field)
{
	enum cell_type type = r->f->columns[column].type;
	struct cell *cell = &r->f->row[column];
	bool ok;

	cell->null = field->n == 0 && !field->quoted;
	if (cell->null)
		return true;
	if (type == CELL_STRING) {
		cell->s = (struct str){field->p, field->n};
		return true;
	}
	ok = type == CELL_JSON ? read_json(field, cell)
			       : cell_from_text(type, field->p, field->n, cell);
	return ok || load_value_error(r->f, column,
				      (struct str){field->p, field->n}, r->err);
}

static bool read_fields(struct load_file *f, struct record *r)
{
	uint32_t n = 0;

	for (; r->more; n++) {
		struct field field;

		if (!next_field(r, &field))
			return false;
		if (n < f->nfields && f->fields[n] != UINT32_MAX &&
		    !read_field(r, f->fields[n], &field))
			return false;
	}
	if (n == f->nfields)
		return true;
	return load_file_error(f, r->err,
			       "this row has %u field%s, the header has %u", n,
			       n == 1 ? "" : "s", f->nfields);
}

/* An empty line is a row only where it can be one: in a single column. */
bool load_csv_next(struct load_file *f, bool *more, struct error *err)
{
	struct record r;

	do {
		if (!next_record(f, &r, err))
			return false;
		*more = r.p != NULL;
		if (!r.p)
			return true;
	} while (r.p == r.end && f->nfields > 1);
	return read_fields(f, &r);
}
