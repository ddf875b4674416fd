/*
 * Values come as text. Numbers are the same if they are worth the same, so
 * that 1, 1.0 and 1.000 are; all other values if their text is. Dataform knows
 * four kinds of values, those of JavaScript: what is no number, text or boolean
 * there, as a date, is an object.
 */
#include "runtime/row_compare.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/vec.h"

enum kind { KIND_OBJECT, KIND_NUMBER, KIND_STRING, KIND_BOOLEAN };

struct differences {
	struct row_difference *v;
	size_t n, cap;
	size_t max, all; /* how many are kept, how many there are */
};

struct comparing {
	const struct typed_rows *expected, *actual;
	uint32_t *column_of; /* expected's, by actual's */
	struct differences found;
	struct arena *arena;
	bool is_cut;
};

static enum kind kind_of(struct str type)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = {
		{"tinyint", KIND_NUMBER},   {"smallint", KIND_NUMBER},
		{"integer", KIND_NUMBER},   {"bigint", KIND_NUMBER},
		{"hugeint", KIND_NUMBER},   {"utinyint", KIND_NUMBER},
		{"usmallint", KIND_NUMBER}, {"uinteger", KIND_NUMBER},
		{"ubigint", KIND_NUMBER},   {"uhugeint", KIND_NUMBER},
		{"numeric", KIND_NUMBER},   {"decimal", KIND_NUMBER},
		{"real", KIND_NUMBER},      {"float", KIND_NUMBER},
		{"double", KIND_NUMBER},    {"double precision", KIND_NUMBER},
		{"varchar", KIND_STRING},   {"text", KIND_STRING},
		{"character", KIND_STRING}, {"character varying", KIND_STRING},
		{"bpchar", KIND_STRING},    {"name", KIND_STRING},
		{"citext", KIND_STRING},    {"unknown", KIND_STRING},
		{"boolean", KIND_BOOLEAN},
	};
	size_t open = str_find(type, '(', 0);

	/* An array's brackets stand behind. */
	if (open < type.n && type.p[type.n - 1] == ')')
		type = str_sub(type, 0, open);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_eq_nocase(type, str_of(kinds[i].name)))
			return kinds[i].kind;
	return KIND_OBJECT;
}

static const char *kind_name(enum kind kind)
{
	static const char *const names[] = {
		[KIND_OBJECT] = "object",
		[KIND_NUMBER] = "number",
		[KIND_STRING] = "string",
		[KIND_BOOLEAN] = "boolean",
	};

	return names[kind];
}

static bool is_decimal(struct str s)
{
	size_t digits = 0, dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (c == '.')
			dots++;
		else if (c != '-' || i > 0)
			return false;
	}
	return digits > 0 && dots < 2;
}

/* Without zeros that say nothing. */
static struct str shorten(struct arena *arena, struct str s)
{
	size_t start = 0;
	bool minus;

	if (!is_decimal(s))
		return s;
	minus = s.p[0] == '-';
	start = minus;
	if (str_find(s, '.', 0) < s.n) {
		while (s.p[s.n - 1] == '0')
			s.n--;
		if (s.p[s.n - 1] == '.')
			s.n--;
	}
	while (start + 1 < s.n && s.p[start] == '0' && s.p[start + 1] != '.')
		start++;
	s = str_sub(s, start, s.n);
	if (!s.n || str_is(s, "0"))
		return STR("0");
	if (s.p[0] == '.')
		s = arena_printf(arena, "0%.*s", STR_ARG(s));
	return minus ? arena_printf(arena, "-%.*s", STR_ARG(s)) : s;
}

/* What has an exponent is a double to the warehouse, too. */
static bool same_number(struct arena *arena, struct str a, struct str b)
{
	if (str_eq(a, b))
		return true;
	if (is_decimal(a) && is_decimal(b))
		return false;
	return strtod(arena_cstr(arena, a), NULL) ==
	       strtod(arena_cstr(arena, b), NULL);
}

/* As people and Dataform write it. */
static struct str shown(struct arena *arena, struct str value, enum kind kind)
{
	if (!value.p)
		return value;
	if (kind == KIND_NUMBER)
		return shorten(arena, value);
	if (kind == KIND_BOOLEAN)
		return str_starts(value, STR("t")) ? STR("true") : STR("false");
	return value;
}

/* False if Dataform would not look at the rest of the row. */
static bool compare_cell(struct comparing *c, uint32_t row, uint32_t column)
{
	const struct rows *e = &c->expected->rows, *a = &c->actual->rows;
	uint32_t other = c->column_of[column];
	enum kind ekind = kind_of(c->expected->types.v[other]);
	enum kind akind = kind_of(c->actual->types.v[column]);
	struct row_difference d = {.row = row, .column = a->columns[column]};

	d.expected =
		shown(c->arena, e->values[row * e->ncolumns + other], ekind);
	d.actual =
		shown(c->arena, a->values[row * a->ncolumns + column], akind);
	if (!d.expected.p && !d.actual.p)
		return true;
	if (d.expected.p && d.actual.p && ekind != akind) {
		d.expected_kind = kind_name(ekind);
		d.actual_kind = kind_name(akind);
	} else if (d.expected.p && d.actual.p &&
		   (ekind == KIND_NUMBER
			    ? same_number(c->arena, d.expected, d.actual)
			    : str_eq(d.expected, d.actual))) {
		return true;
	}
	if (c->found.all++ < c->found.max)
		VEC_PUSH(c->arena, &c->found, d);
	return d.expected.p && d.actual.p && !d.expected_kind;
}

/* Returns in how many rows there is a difference. */
static uint32_t compare_values(struct comparing *c)
{
	const struct rows *rows = &c->actual->rows;
	uint32_t n = 0;

	for (uint32_t r = 0; r < rows->nrows; r++) {
		size_t before = c->found.all;

		for (uint32_t i = 0; i < rows->ncolumns; i++) {
			if (compare_cell(c, r, i))
				continue;
			c->is_cut |= i + 1 < rows->ncolumns;
			break;
		}
		n += c->found.all > before;
	}
	return n;
}

/* Pairs columns by name; false if one has no other. */
static bool pair_columns(struct comparing *c)
{
	const struct rows *e = &c->expected->rows, *a = &c->actual->rows;
	bool *taken = ARENA_NEW(c->arena, bool, e->ncolumns + 1);

	if (e->ncolumns != a->ncolumns)
		return false;
	c->column_of = ARENA_NEW(c->arena, uint32_t, a->ncolumns + 1);
	for (uint32_t i = 0; i < a->ncolumns; i++) {
		uint32_t k = 0;

		while (k < e->ncolumns &&
		       (taken[k] ||
			!str_eq_nocase(e->columns[k], a->columns[i])))
			k++;
		if (k == e->ncolumns)
			return false;
		taken[k] = true;
		c->column_of[i] = k;
	}
	return true;
}

void rows_compare(const struct typed_rows *expected,
		  const struct typed_rows *actual, size_t max_differences,
		  struct arena *arena, struct comparison *out)
{
	struct comparing c = {.expected = expected,
			      .actual = actual,
			      .found = {.max = max_differences},
			      .arena = arena};

	*out = (struct comparison){.verdict = ROWS_SAME,
				   .nexpected = expected->rows.nrows,
				   .nactual = actual->rows.nrows};
	if (expected->rows.nrows != actual->rows.nrows) {
		out->verdict = ROWS_OTHER_COUNT;
		return;
	}
	if (actual->rows.nrows == 0)
		return;
	if (!pair_columns(&c)) {
		out->verdict = ROWS_OTHER_COLUMNS;
		return;
	}
	out->nrows = compare_values(&c);
	out->v = c.found.v;
	out->n = c.found.n;
	out->ndifferences = c.found.all;
	out->is_cut = c.is_cut;
	if (out->ndifferences > 0)
		out->verdict = ROWS_OTHER_VALUES;
}
