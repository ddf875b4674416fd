/*
 * Plain scalars of YAML. Every kind is tried in turn, each by one function
 * that says whether the text has its form. The forms differ from YAML 1.2's
 * core schema where js-yaml's do, because projects are written against it:
 * 0b101 is a number, -.5 is none, and there are dates.
 */
#include "base/yaml_scalar.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"

static bool one_of(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_is(s, *words))
			return true;
	return false;
}

static bool read_radix(struct str s, int radix, double *out)
{
	double n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int digit = ascii_hex_value(s.p[i]);

		if (digit < 0 || digit >= radix)
			return false;
		n = n * radix + digit;
	}
	*out = n;
	return s.n > 0 && isfinite(n);
}

static int radix_of(char letter)
{
	switch (letter) {
	case 'b':
		return 2;
	case 'o':
		return 8;
	case 'x':
		return 16;
	default:
		return 0;
	}
}

/* Takes a sign off s. */
static double skip_sign(struct str *s)
{
	char c = s->n ? s->p[0] : '\0';

	if (c == '-' || c == '+')
		*s = str_sub(*s, 1, s->n);
	return c == '-' ? -1 : 1;
}

static bool read_prefixed(struct str s, double *out)
{
	double sign = skip_sign(&s);

	if (s.n < 3 || s.p[0] != '0' || !radix_of(s.p[1]))
		return false;
	if (!read_radix(str_sub(s, 2, s.n), radix_of(s.p[1]), out))
		return false;
	*out *= sign;
	return true;
}

/* Moves *i over digits; how many there were. */
static size_t skip_digits(struct str s, size_t *i)
{
	size_t start = *i;

	while (*i < s.n && ascii_is_digit(s.p[*i]))
		(*i)++;
	return *i - start;
}

static bool skip_exponent(struct str s, size_t *i)
{
	if (*i == s.n)
		return true;
	if (s.p[*i] != 'e' && s.p[*i] != 'E')
		return false;
	(*i)++;
	if (*i < s.n && (s.p[*i] == '-' || s.p[*i] == '+'))
		(*i)++;
	return skip_digits(s, i) && *i == s.n;
}

/* [-+]? digits [. digits]? exponent?, or . digits exponent? */
static bool is_decimal(struct str s)
{
	size_t i = 0;

	if (s.n && s.p[0] == '.') {
		i = 1;
		return skip_digits(s, &i) && skip_exponent(s, &i);
	}
	skip_sign(&s);
	if (!skip_digits(s, &i))
		return false;
	if (i < s.n && s.p[i] == '.') {
		i++;
		skip_digits(s, &i);
	}
	return skip_exponent(s, &i);
}

static bool read_decimal(struct str s, struct arena *arena, double *out)
{
	if (!is_decimal(s))
		return false;
	*out = strtod(arena_cstr(arena, s), NULL);
	return isfinite(*out);
}

static bool read_special(struct str s, double *out)
{
	static const char *const nan_words[] = {".nan", ".NaN", ".NAN", NULL};
	static const char *const inf_words[] = {".inf", ".Inf", ".INF", NULL};

	if (one_of(s, nan_words)) {
		*out = (double)NAN;
		return true;
	}
	*out = skip_sign(&s) * (double)INFINITY;
	return one_of(s, inf_words);
}

/* A date's fields while it is read. */
struct moment {
	int64_t year, month, day, hour, minute, second, millis;
	int64_t zone; /* minutes ahead of UTC */
};

/* Between min and max digits at *i. */
static bool read_number(struct str s, size_t *i, int min, int max, int64_t *out)
{
	int n = 0;

	*out = 0;
	while (n < max && *i < s.n && ascii_is_digit(s.p[*i])) {
		*out = *out * 10 + (s.p[(*i)++] - '0');
		n++;
	}
	return n >= min;
}

static bool skip_char(struct str s, size_t *i, char c)
{
	if (*i >= s.n || s.p[*i] != c)
		return false;
	(*i)++;
	return true;
}

static size_t skip_blanks(struct str s, size_t *i)
{
	size_t start = *i;

	while (*i < s.n && (s.p[*i] == ' ' || s.p[*i] == '\t'))
		(*i)++;
	return *i - start;
}

/* Thousandths; further digits are dropped. */
static void read_fraction(struct str s, size_t *i, int64_t *out)
{
	int n = 0;

	for (; *i < s.n && ascii_is_digit(s.p[*i]); (*i)++, n++)
		if (n < 3)
			*out = *out * 10 + (s.p[*i] - '0');
	for (; n < 3; n++)
		*out *= 10;
}

static bool read_zone(struct str s, size_t *i, int64_t *out)
{
	int64_t hours, minutes = 0;
	int sign;

	if (skip_char(s, i, 'Z'))
		return true;
	sign = skip_char(s, i, '-') ? -1 : 1;
	if (sign > 0 && !skip_char(s, i, '+'))
		return false;
	if (!read_number(s, i, 1, 2, &hours))
		return false;
	if (skip_char(s, i, ':') && !read_number(s, i, 2, 2, &minutes))
		return false;
	*out = sign * (hours * 60 + minutes);
	return true;
}

static bool read_time(struct str s, size_t *i, struct moment *m)
{
	if (!skip_char(s, i, 'T') && !skip_char(s, i, 't') &&
	    !skip_blanks(s, i))
		return false;
	if (!read_number(s, i, 1, 2, &m->hour) || !skip_char(s, i, ':') ||
	    !read_number(s, i, 2, 2, &m->minute) || !skip_char(s, i, ':') ||
	    !read_number(s, i, 2, 2, &m->second))
		return false;
	if (skip_char(s, i, '.'))
		read_fraction(s, i, &m->millis);
	if (*i == s.n)
		return true;
	skip_blanks(s, i);
	return read_zone(s, i, &m->zone) && *i == s.n;
}

static bool read_moment(struct str s, struct moment *m)
{
	size_t i = 0;

	*m = (struct moment){0};
	if (!read_number(s, &i, 4, 4, &m->year) || !skip_char(s, &i, '-') ||
	    !read_number(s, &i, 1, 2, &m->month) || !skip_char(s, &i, '-') ||
	    !read_number(s, &i, 1, 2, &m->day))
		return false;
	if (i == s.n) /* a date alone has two digits everywhere */
		return s.n == 10;
	return read_time(s, &i, m);
}

/* Days since 1970-01-01; month may be any number, as in Date.UTC().
 * https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t era, of_era, of_year;

	year += (month - 1 < 0 ? month - 12 : month - 1) / 12;
	month = ((month - 1) % 12 + 12) % 12 + 1;
	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static void civil_of(int64_t days, struct moment *m)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	m->day = of_year - (153 * month + 2) / 5 + 1;
	m->month = month < 10 ? month + 3 : month - 9;
	m->year = year + era * 400 + (m->month <= 2);
}

/* Fields beyond their range carry over: February 30 is March 1 or 2. */
static struct str iso_text(struct moment m, struct arena *arena)
{
	int64_t day_ms = INT64_C(86400000), days, ms;

	if (m.year < 100) /* as Date.UTC() has it */
		m.year += 1900;
	ms = (m.hour * 60 + m.minute - m.zone) * 60000 + m.second * 1000 +
	     m.millis;
	days = days_of(m.year, m.month, m.day);
	days += (ms >= 0 ? ms : ms - (day_ms - 1)) / day_ms;
	ms = (ms % day_ms + day_ms) % day_ms;
	civil_of(days, &m);
	return arena_printf(arena, "%s%0*d-%02d-%02dT%02d:%02d:%02d.%03dZ",
			    m.year > 9999 ? "+" : "", m.year > 9999 ? 6 : 4,
			    (int)m.year, (int)m.month, (int)m.day,
			    (int)(ms / 3600000), (int)(ms / 60000 % 60),
			    (int)(ms / 1000 % 60), (int)(ms % 1000));
}

struct value yaml_scalar(struct str s, struct arena *arena)
{
	static const char *const nulls[] = {"",     "~",    "null",
					    "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	struct moment moment;
	double number;

	if (one_of(s, nulls))
		return (struct value){.kind = VALUE_NULL};
	if (one_of(s, trues))
		return value_bool(true);
	if (one_of(s, falses))
		return value_bool(false);
	if (read_prefixed(s, &number) || read_decimal(s, arena, &number) ||
	    read_special(s, &number))
		return value_number(number);
	if (read_moment(s, &moment))
		return value_string(iso_text(moment, arena));
	return value_string(s);
}
