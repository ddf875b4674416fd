/*
 * Text to typed values. We read them ourselves, strictly, so that a value
 * means the same on every warehouse: each has its own idea of what "1.5" is
 * to an integer column, of " 7" or of a tenth decimal.
 */
#include "runtime/warehouse/cell.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const struct {
	const char *name;
	enum cell_type type;
} names[] = {
	{"int64", CELL_INT64},
	{"float64", CELL_FLOAT64},
	{"numeric", CELL_NUMERIC},
	{"string", CELL_STRING},
	{"bool", CELL_BOOL},
	{"timestamp", CELL_TIMESTAMP},
	{"date", CELL_DATE},
	{"datetime", CELL_DATETIME},
	{"time", CELL_TIME},
	{"bytes", CELL_BYTES},
	{"json", CELL_JSON},
	/* Names that BigQuery takes as well. */
	{"integer", CELL_INT64},
	{"int", CELL_INT64},
	{"bigint", CELL_INT64},
	{"float", CELL_FLOAT64},
	{"decimal", CELL_NUMERIC},
	{"boolean", CELL_BOOL},
};

const char *cell_type_name(enum cell_type type)
{
	return names[type].name;
}

bool cell_type_find(struct str name, enum cell_type *out)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_nocase(name, str_of(names[i].name))) {
			*out = names[i].type;
			return true;
		}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A decimal number in its parts; digits holds the first significant ones,
 * without the point. */
struct decimal {
	bool negative;
	char digits[80];
	int ndigits;  /* in digits */
	int exponent; /* of ten, of the last in digits */
	bool is_whole;
};

static const char *read_exponent(const char *p, const char *end, int *out)
{
	bool negative = p < end && *p == '-';
	int e = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end)
		return NULL;
	for (; p < end && is_digit(*p); p++)
		e = e < 100000 ? e * 10 + (*p - '0') : e;
	*out = negative ? -e : e;
	return p;
}

/* [-] digits [. digits] [e [+-] digits], at least one digit before the e. */
static bool read_decimal(struct str text, struct decimal *out)
{
	const char *p = text.p, *end = text.p + text.n;
	bool point = false, any = false;
	int e = 0;

	*out = (struct decimal){.is_whole = true};
	if (p < end && *p == '-') {
		out->negative = true;
		p++;
	}
	for (; p < end && (is_digit(*p) || (*p == '.' && !point)); p++) {
		if (*p == '.') {
			point = true;
			continue;
		}
		any = true;
		out->exponent -= point;
		if (point && *p != '0')
			out->is_whole = false;
		if (out->ndigits == 0 && *p == '0')
			continue;
		if (out->ndigits < (int)sizeof(out->digits))
			out->digits[out->ndigits++] = *p;
		else
			out->exponent++;
	}
	if (any && p < end && (*p == 'e' || *p == 'E')) {
		out->is_whole = false;
		p = read_exponent(p + 1, end, &e);
	}
	out->exponent += e;
	return any && p == end;
}

/* Plain digits; or whole numbers written with a fraction of zeros, as
 * programs do that know floating point only. */
static bool read_int(struct str text, struct cell *out)
{
	const char *p = text.p, *end = text.p + text.n;
	bool negative = p < end && *p == '-';
	uint64_t limit = (uint64_t)INT64_MAX + negative, n = 0;
	struct decimal d;

	p += negative;
	if (p == end)
		return false;
	for (; p < end && is_digit(*p); p++) {
		uint64_t digit = (uint64_t)(*p - '0');

		if (n > (limit - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (p < end && (*p != '.' || end - p < 2 || !read_decimal(text, &d) ||
			!d.is_whole))
		return false;
	out->i = negative ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}

/* Exact where both the digits and the power of ten are exact doubles. */
static bool quick_double(const struct decimal *d, double *out)
{
	static const double powers[] = {
		1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
		1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
		1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	double x = 0;

	if (d->ndigits > 15 || d->exponent > 22 || d->exponent < -22)
		return false;
	for (int i = 0; i < d->ndigits; i++)
		x = x * 10 + (d->digits[i] - '0');
	x = d->exponent < 0 ? x / powers[-d->exponent]
			    : x * powers[d->exponent];
	*out = d->negative ? -x : x;
	return true;
}

static bool read_float(struct str text, struct cell *out)
{
	struct decimal d;

	if (!read_decimal(text, &d))
		return false;
	out->s = text;
	if (quick_double(&d, &out->d))
		return true;
	out->d = strtod(text.p, NULL);
	return isfinite(out->d) && (out->d != 0 || d.ndigits == 0);
}

static bool read_special_float(struct str text, struct cell *out)
{
	bool negative = text.n && text.p[0] == '-';
	struct str name = str_sub(text, negative, text.n);

	out->s = text;
	if (str_eq_nocase(text, STR("nan")))
		out->d = NAN;
	else if (str_eq_nocase(name, STR("inf")) ||
		 str_eq_nocase(name, STR("infinity")))
		out->d = negative ? -INFINITY : INFINITY;
	else
		return false;
	return true;
}

struct wide {
	uint64_t high, low;
};

static struct wide times_ten_plus(struct wide w, unsigned digit)
{
	uint64_t a = (w.low & 0xffffffff) * 10 + digit;
	uint64_t b = (w.low >> 32) * 10 + (a >> 32);

	return (struct wide){
		w.high * 10 + (b >> 32),
		b << 32 | (a & 0xffffffff),
	};
}

/* The number times 10^9, rounded half away from zero, below 10^38. */
static bool read_numeric(struct str text, struct cell *out)
{
	static const struct wide limit = {0x4b3b4ca85a86c47a,
					  0x098a224000000000};
	struct decimal d;
	struct wide w = {0};
	int n;

	if (!read_decimal(text, &d) || d.exponent > 400 || d.exponent < -400)
		return false;
	n = d.ndigits + d.exponent + 9;
	if (d.ndigits && n > 38)
		return false;
	for (int i = 0; d.ndigits && i < n; i++)
		w = times_ten_plus(
			w, i < d.ndigits ? (unsigned)(d.digits[i] - '0') : 0);
	if (n >= 0 && n < d.ndigits && d.digits[n] >= '5') {
		w.low++;
		w.high += w.low == 0;
	}
	if (w.high > limit.high || (w.high == limit.high && w.low >= limit.low))
		return false;
	if (d.negative) {
		w.low = 0 - w.low;
		w.high = ~w.high + (w.low == 0);
	}
	out->i = (int64_t)w.low;
	out->high = (int64_t)w.high;
	out->s = text;
	return true;
}

enum moment_kind cell_moment(enum cell_type type)
{
	switch (type) {
	case CELL_DATE:
		return MOMENT_DATE;
	case CELL_TIME:
		return MOMENT_TIME;
	case CELL_DATETIME:
		return MOMENT_DATETIME;
	default:
		assert(type == CELL_TIMESTAMP);
		return MOMENT_TIMESTAMP;
	}
}

bool cell_from_number(enum cell_type type, struct str text, struct cell *out)
{
	switch (type) {
	case CELL_INT64:
		return read_int(text, out);
	case CELL_FLOAT64:
		return read_float(text, out);
	case CELL_NUMERIC:
		return read_numeric(text, out);
	case CELL_TIMESTAMP:
		return moment_read_epoch(text, &out->i);
	default:
		return false;
	}
}

/* What BigQuery takes for one in a text. */
static bool read_bool(struct str text, struct cell *out)
{
	static const char *const words[] = {"false", "true", "f", "t", "no",
					    "yes",   "n",    "y", "0", "1"};

	for (int i = 0; i < 10; i++)
		if (str_eq_nocase(text, str_of(words[i]))) {
			out->i = i & 1;
			return true;
		}
	return false;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decodes in place: four characters become up to three bytes. */
static bool read_base64(char *p, size_t n, struct cell *out)
{
	size_t padding = 0, size = 0;

	if (n % 4)
		return false;
	while (padding < 2 && padding < n && p[n - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < n; i += 4) {
		uint32_t bits = 0;

		for (size_t j = i; j < i + 4; j++) {
			int value = j >= n - padding ? 0 : base64_value(p[j]);

			if (value < 0)
				return false;
			bits = bits << 6 | (uint32_t)value;
		}
		for (int shift = 16; shift >= 0; shift -= 8)
			p[size++] = (char)(bits >> shift & 0xff);
	}
	out->s = (struct str){p, size - padding};
	return true;
}

bool cell_from_text(enum cell_type type, char *p, size_t n, struct cell *out)
{
	struct str text = {p, n};

	switch (type) {
	case CELL_INT64:
		return read_int(text, out);
	case CELL_FLOAT64:
		return read_float(text, out) || read_special_float(text, out);
	case CELL_NUMERIC:
		return read_numeric(text, out);
	case CELL_BOOL:
		return read_bool(text, out);
	case CELL_BYTES:
		return read_base64(p, n, out);
	case CELL_TIMESTAMP:
		return moment_read(MOMENT_TIMESTAMP, text, &out->i) ||
		       moment_read_epoch(text, &out->i);
	case CELL_DATE:
	case CELL_DATETIME:
	case CELL_TIME:
		return moment_read(cell_moment(type), text, &out->i);
	default:
		return false;
	}
}
