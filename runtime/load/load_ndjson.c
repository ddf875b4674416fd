/*
 * Newline-delimited JSON: an object a line, keys matched with columns by name.
 * Keys without a column are passed over, but what is passed over must be JSON.
 * https://github.com/ndjson/ndjson-spec
 */
#include <stdio.h>

#include "runtime/load/load_file.h"
#include "runtime/load/load_json.h"

struct line {
	struct load_file *f;
	struct json_scan scan;
	const char *start;
	uint32_t guess; /* the column that probably comes next */
	struct error *err;
};

static bool syntax_error(struct line *l)
{
	struct str before = {l->start, (size_t)(l->scan.p - l->start)};

	return load_file_error(l->f, l->err,
			       "this line is no JSON: %s (character %zu)",
			       l->scan.why, str_count_chars(before) + 1);
}

/* Rows mostly have their keys in one order. */
static uint32_t find_column(struct line *l, struct str key)
{
	uint32_t n = l->f->ncolumns;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t c = l->guess + i < n ? l->guess + i : l->guess + i - n;

		if (str_eq(l->f->columns[c].name, key)) {
			l->guess = c + 1 < n ? c + 1 : 0;
			return c;
		}
	}
	return UINT32_MAX;
}

static bool value_error(struct line *l, uint32_t column, struct str value)
{
	return load_value_error(l->f, column, value, l->err);
}

static bool read_text(struct line *l, uint32_t column, struct cell *cell)
{
	enum cell_type type = l->f->columns[column].type;
	char *p;
	size_t n;

	if (!json_scan_string(&l->scan, &p, &n))
		return syntax_error(l);
	if (type == CELL_STRING) {
		cell->s = (struct str){p, n};
		return true;
	}
	if (cell_from_text(type, p, n, cell))
		return true;
	return value_error(l, column, (struct str){p, n});
}

/* A number or word is a string's text as it stands; an object or array is
 * not, because there is no one way to write it. */
static bool read_bare(struct line *l, uint32_t column, enum json_token token,
		      struct cell *cell)
{
	enum cell_type type = l->f->columns[column].type;
	struct str text;
	bool ok;

	if (!json_scan_value(&l->scan, &text))
		return syntax_error(l);
	if (type == CELL_STRING) {
		cell->s = text;
		ok = token != JSON_OBJECT && token != JSON_ARRAY;
	} else if (token == JSON_NUMBER) {
		ok = cell_from_number(type, text, cell);
	} else {
		cell->i = token == JSON_TRUE;
		ok = type == CELL_BOOL &&
		     (token == JSON_TRUE || token == JSON_FALSE);
	}
	return ok || value_error(l, column, text);
}

static bool read_value(struct line *l, uint32_t column)
{
	enum json_token token = json_scan_peek(&l->scan);
	struct cell *cell = &l->f->row[column];
	struct str text;

	if (l->f->seen[column] == l->f->record_line)
		return load_file_error(l->f, l->err,
				       "the key \"%.*s\" is there twice",
				       STR_ARG(l->f->columns[column].name));
	l->f->seen[column] = l->f->record_line;
	if (token == JSON_NULL)
		return json_scan_value(&l->scan, &text) || syntax_error(l);
	cell->null = false;
	if (l->f->columns[column].type == CELL_JSON)
		return json_scan_value(&l->scan, &cell->s) || syntax_error(l);
	if (token == JSON_STRING)
		return read_text(l, column, cell);
	return read_bare(l, column, token, cell);
}

static bool read_member(struct line *l)
{
	struct str text;
	uint32_t column;
	char *key;
	size_t n;

	if (!json_scan_string(&l->scan, &key, &n))
		return syntax_error(l);
	column = find_column(l, (struct str){key, n});
	if (!json_scan_take(&l->scan, ':')) {
		l->scan.why = "a colon is missing here";
		return syntax_error(l);
	}
	if (column != UINT32_MAX)
		return read_value(l, column);
	return json_scan_value(&l->scan, &text) || syntax_error(l);
}

static bool read_object(struct line *l)
{
	if (!json_scan_take(&l->scan, '{')) {
		l->scan.why = "an object is expected";
		return syntax_error(l);
	}
	if (json_scan_take(&l->scan, '}'))
		return true;
	do {
		if (!read_member(l))
			return false;
	} while (json_scan_take(&l->scan, ','));
	if (json_scan_take(&l->scan, '}'))
		return true;
	l->scan.why = "a comma or } is missing here";
	return syntax_error(l);
}

static bool read_line(struct load_file *f, char *p, size_t n, struct error *err)
{
	struct line l = {.f = f, .scan = {.p = p}, .start = p, .err = err};
	size_t bad = str_bad_utf8((struct str){p, n});

	if (bad < n)
		return load_file_error(f, err, "byte %zu is not UTF-8",
				       bad + 1);
	for (uint32_t c = 0; c < f->ncolumns; c++)
		f->row[c].null = true;
	if (!read_object(&l))
		return false;
	json_scan_peek(&l.scan);
	if (l.scan.p == p + n)
		return true;
	l.scan.why = "the line goes on behind the object";
	return syntax_error(&l);
}

bool load_ndjson_next(struct load_file *f, bool *more, struct error *err)
{
	char *p;
	size_t n;

	do {
		if (!load_file_record(f, LOAD_PLAIN, &p, &n, err))
			return false;
		*more = p != NULL;
		if (!p)
			return true;
	} while (str_trim((struct str){p, n}).n == 0);
	return read_line(f, p, n, err);
}
