/*
 * Dates and times to numbers and back. A cursor walks over the text; each part
 * takes what is its own, and what is left over at the end is a mistake.
 */
#include "base/moment.h"

#define SECOND 1000000LL
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const int64_t first_day = -719162; /* 0001-01-01 */
static const int64_t last_day = 2932896;  /* 9999-12-31 */

struct cursor {
	const char *p, *end;
};

static bool take(struct cursor *c, char wanted)
{
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

/* min to max digits; -1 if there are fewer. */
static int number(struct cursor *c, int min, int max)
{
	int n = 0, value = 0;

	for (; n < max && c->p < c->end && *c->p >= '0' && *c->p <= '9'; n++)
		value = value * 10 + (*c->p++ - '0');
	return n < min ? -1 : value;
}

/* Years start in March here, so that the leap day is their last. */
static int64_t days_of(int year, int month, int day)
{
	int y = year - (month <= 2);
	int era = y / 400, in_era = y - era * 400;
	int in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (int64_t)era * 146097 + in_era * 365 + in_era / 4 -
	       in_era / 100 + in_year - 719468;
}

static bool read_date(struct cursor *c, int64_t *days)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30,
				      31, 31, 30, 31, 30, 31};
	int year, month, day, length;
	bool leap;

	year = number(c, 4, 4);
	if (year < 1 || !take(c, '-'))
		return false;
	month = number(c, 1, 2);
	if (month < 1 || month > 12 || !take(c, '-'))
		return false;
	day = number(c, 1, 2);
	leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	length = lengths[month - 1] + (month == 2 && leap);
	if (day < 1 || day > length)
		return false;
	*days = days_of(year, month, day);
	return true;
}

/* ".5" is 500000 microseconds. */
static bool read_fraction(struct cursor *c, int64_t *micros)
{
	int64_t unit = SECOND / 10;
	int n = 0;

	for (; c->p < c->end && *c->p >= '0' && *c->p <= '9'; n++) {
		*micros += (*c->p++ - '0') * unit;
		unit /= 10;
	}
	return n > 0 && n <= 9;
}

static bool read_clock(struct cursor *c, int64_t *micros)
{
	int hour = number(c, 1, 2), minute, second = 0;

	if (hour < 0 || hour > 23 || !take(c, ':'))
		return false;
	minute = number(c, 2, 2);
	if (minute < 0 || minute > 59)
		return false;
	if (take(c, ':')) {
		second = number(c, 2, 2);
		if (second < 0 || second > 59)
			return false;
	}
	*micros = hour * HOUR + minute * MINUTE + second * SECOND;
	return !take(c, '.') || read_fraction(c, micros);
}

/* What the zone's clock is ahead of UTC. None is UTC. */
static bool read_zone(struct cursor *c, int64_t *offset)
{
	int hour, minute = 0;
	bool west;

	*offset = 0;
	if (c->p == c->end || take(c, 'Z') || take(c, 'z'))
		return true;
	take(c, ' ');
	if (take(c, 'Z'))
		return true;
	if (take(c, 'U'))
		return take(c, 'T') && take(c, 'C');
	west = take(c, '-');
	if (!west && !take(c, '+'))
		return false;
	hour = number(c, 1, 2);
	if (take(c, ':') || c->p < c->end)
		minute = number(c, 2, 2);
	if (hour < 0 || hour > 14 || minute < 0 || minute > 59)
		return false;
	*offset = (hour * HOUR + minute * MINUTE) * (west ? -1 : 1);
	return true;
}

static bool is_in_range(int64_t micros)
{
	return micros >= first_day * DAY && micros < (last_day + 1) * DAY;
}

/* A date, or a date and a time of day. */
static bool read_moment(struct cursor *c, int64_t *micros)
{
	int64_t days, clock = 0;

	if (!read_date(c, &days))
		return false;
	if ((take(c, 'T') || take(c, 't') || take(c, ' ')) &&
	    !read_clock(c, &clock))
		return false;
	*micros = days * DAY + clock;
	return true;
}

bool moment_read(enum moment_kind kind, struct str text, int64_t *out)
{
	struct cursor c = {text.p, text.p + text.n};
	int64_t value, offset = 0;
	bool ok;

	if (kind == MOMENT_DATE)
		ok = read_date(&c, &value);
	else if (kind == MOMENT_TIME)
		ok = read_clock(&c, &value);
	else
		ok = read_moment(&c, &value);
	if (ok && kind == MOMENT_TIMESTAMP)
		ok = read_zone(&c, &offset) && is_in_range(value - offset);
	if (!ok || c.p != c.end)
		return false;
	*out = value - offset;
	return true;
}

bool moment_read_epoch(struct str seconds, int64_t *out)
{
	struct cursor c = {seconds.p, seconds.p + seconds.n};
	bool negative = take(&c, '-');
	int64_t whole = 0, fraction = 0;
	int n = 0;

	for (; c.p < c.end && *c.p >= '0' && *c.p <= '9' && n < 13; n++)
		whole = whole * 10 + (*c.p++ - '0');
	if (n == 0 || n == 13 ||
	    (take(&c, '.') && !read_fraction(&c, &fraction)) || c.p != c.end)
		return false;
	*out = whole * SECOND + fraction;
	if (negative)
		*out = -*out;
	return is_in_range(*out);
}

static char *put_digits(char *p, int n, int value)
{
	for (int i = n - 1; i >= 0; i--) {
		p[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return p + n;
}

static char *put_date(char *p, int64_t days)
{
	int z = (int)(days + 719468);
	int era = z / 146097, in_era = z - era * 146097;
	int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) /
		   365;
	int in_year = in_era - (365 * year + year / 4 - year / 100);
	int march = (5 * in_year + 2) / 153;
	int month = march + (march < 10 ? 3 : -9);

	p = put_digits(p, 4, year + era * 400 + (month <= 2));
	*p++ = '-';
	p = put_digits(p, 2, month);
	*p++ = '-';
	return put_digits(p, 2, in_year - (153 * march + 2) / 5 + 1);
}

static char *put_clock(char *p, int64_t micros)
{
	p = put_digits(p, 2, (int)(micros / HOUR));
	*p++ = ':';
	p = put_digits(p, 2, (int)(micros / MINUTE % 60));
	*p++ = ':';
	p = put_digits(p, 2, (int)(micros / SECOND % 60));
	if (micros % SECOND) {
		*p++ = '.';
		p = put_digits(p, 6, (int)(micros % SECOND));
	}
	return p;
}

size_t moment_print(enum moment_kind kind, int64_t value, char out[MOMENT_MAX])
{
	int64_t days = kind == MOMENT_DATE ? value : value / DAY, clock;
	char *p = out;

	if (kind != MOMENT_DATE && value % DAY < 0)
		days--;
	clock = value - days * DAY;
	if (kind == MOMENT_TIME)
		return (size_t)(put_clock(p, value) - out);
	p = put_date(p, days);
	if (kind != MOMENT_DATE) {
		*p++ = ' ';
		p = put_clock(p, clock);
	}
	if (kind == MOMENT_TIMESTAMP) {
		memcpy(p, "+00", 3);
		p += 3;
	}
	return (size_t)(p - out);
}
