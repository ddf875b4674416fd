/*
 * A value becomes a number of JSON only if whoever reads it as a double, as
 * most do, gets the same number back: fifteen digits always do. What has more
 * stays text, as everything else that JSON has no word for.
 */
#include "cli/rows_json.h"

#include <math.h>
#include <stdlib.h>

#include "base/json_write.h"
#include "runtime/warehouse/warehouse.h"

enum { EXACT_DIGITS = 15 };

enum kind { KIND_TEXT, KIND_BOOL, KIND_EXACT, KIND_FLOAT };

static enum kind kind_of(struct str type)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = {
		{"boolean", KIND_BOOL},
		{"tinyint", KIND_EXACT},
		{"smallint", KIND_EXACT},
		{"integer", KIND_EXACT},
		{"bigint", KIND_EXACT},
		{"hugeint", KIND_EXACT},
		{"utinyint", KIND_EXACT},
		{"usmallint", KIND_EXACT},
		{"uinteger", KIND_EXACT},
		{"ubigint", KIND_EXACT},
		{"uhugeint", KIND_EXACT},
		{"numeric", KIND_EXACT},
		{"decimal", KIND_EXACT},
		{"real", KIND_FLOAT},
		{"float", KIND_FLOAT},
		{"double", KIND_FLOAT},
		{"double precision", KIND_FLOAT},
	};
	size_t open = str_find(type, '(', 0);

	/* An array's brackets stand behind. */
	if (open < type.n && type.p[type.n - 1] == ')')
		type = str_sub(type, 0, open);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq_nocase(type, str_of(kinds[i].name)))
			return kinds[i].kind;
	return KIND_TEXT;
}

static bool is_exact(struct str number)
{
	size_t digits = 0;

	for (size_t i = 0; i < number.n; i++) {
		char c = number.p[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (c != '.' && (c != '-' || i > 0))
			return false;
	}
	return digits > 0 && digits <= EXACT_DIGITS;
}

static bool read_number(struct str text, enum kind kind, double *out)
{
	char digits[64];
	char *end;

	if (text.n >= sizeof(digits) || (kind == KIND_EXACT && !is_exact(text)))
		return false;
	memcpy(digits, text.p, text.n);
	digits[text.n] = '\0';
	*out = strtod(digits, &end);
	return end > digits && *end == '\0' && isfinite(*out);
}

static void put_value(struct json_writer *w, struct str value, enum kind kind)
{
	double number;

	if (!value.p || kind == KIND_TEXT)
		json_str(w, value);
	else if (kind == KIND_BOOL)
		json_bool(w, str_starts(value, STR("t")));
	else if (read_number(value, kind, &number))
		json_number(w, number);
	else
		json_str(w, value);
}

void rows_json_put(const struct rows *rows, const struct strs *types,
		   struct buf *b)
{
	buf_adds(b, "[\n");
	for (uint32_t i = 0; i < rows->nrows; i++) {
		const struct str *row = rows->values + i * rows->ncolumns;
		struct json_writer w;

		json_start(&w, NULL, 0);
		json_begin_object(&w);
		for (uint32_t c = 0; c < rows->ncolumns; c++) {
			json_key_str(&w, rows->columns[c]);
			put_value(&w, row[c],
				  c < types->n ? kind_of(types->v[c])
					       : KIND_TEXT);
		}
		json_end_object(&w);
		buf_add_str(b, buf_str(&w.out));
		buf_adds(b, i + 1 < rows->nrows ? ",\n" : "\n");
		buf_free(&w.out);
	}
	buf_adds(b, "]\n");
}
