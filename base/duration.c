/* Durations as people write them: numbers with units, one behind the other. */
#include "base/moment.h"

#include <math.h>

#include "base/ascii.h"

static bool unit_ms(struct str unit, double *ms)
{
	static const struct {
		const char *name;
		double ms;
	} units[] = {{"", 1},        {"ms", 1},      {"s", 1000},
		     {"m", 60000},   {"min", 60000}, {"h", 3600000},
		     {"d", 86400000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (str_is(unit, units[i].name)) {
			*ms = units[i].ms;
			return true;
		}
	return false;
}

/* Digits, perhaps with a fraction, at *i, which is moved behind them. */
static bool scan_number(struct str text, size_t *i, double *out)
{
	double scale = 1;
	size_t start = *i;
	double n = 0;

	while (*i < text.n && ascii_is_digit(text.p[*i]))
		n = n * 10 + (text.p[(*i)++] - '0');
	if (*i == start)
		return false;
	if (*i < text.n && text.p[*i] == '.')
		for (++*i; *i < text.n && ascii_is_digit(text.p[*i]); ++*i) {
			scale /= 10;
			n += scale * (text.p[*i] - '0');
		}
	*out = n;
	return true;
}

bool duration_read(struct str text, int64_t *ms)
{
	const double max = 1000 * 365.0 * 86400000;
	double total = 0;
	size_t i = 0;

	while (i < text.n) {
		double n, unit;
		size_t start;

		if (!scan_number(text, &i, &n))
			return false;
		start = i;
		while (i < text.n && text.p[i] >= 'a' && text.p[i] <= 'z')
			i++;
		if (!unit_ms(str_sub(text, start, i), &unit))
			return false;
		total += n * unit;
	}
	if (!text.n || total < 1 || total > max)
		return false;
	*ms = llround(total);
	return true;
}
