/* Collects diagnostics, and finds the nearest name for "did you mean". */
#include "compiler/diag.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/vec.h"

enum {
	TEXT_MAX = 1000,    /* bytes of a message */
	PER_FILE_MAX = 500, /* what is beyond is counted, not kept */
	KEPT_MAX = 10000,   /* the same of all */
};

static const struct {
	const char *code, *title;
} codes[] = {
#define DIAG(name, code, title) {code, title},
#include "compiler/diag_codes.def"
#undef DIAG
};

void diags_init(struct diags *d, struct arena *arena)
{
	*d = (struct diags){.arena = arena};
}

static struct str format(struct arena *a, const char *fmt, va_list ap)
	PRINTF(2, 0);

/* A project may put megabytes into a name; p is the writable text. */
static struct str shorten(struct str text, char *p)
{
	size_t n = str_start(text, TEXT_MAX).n;

	if (text.n <= TEXT_MAX)
		return text;
	memcpy(p + n, "...", sizeof("..."));
	return (struct str){p, n + 3};
}

static struct str format(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	p = arena_text(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return shorten((struct str){p, (size_t)n}, p);
}

bool diags_is_full(const struct diags *d)
{
	return d->n >= KEPT_MAX;
}

static struct diag *add(struct diags *d, enum severity severity,
			enum diag_code code, struct span span, struct str text)
{
	struct diag diag = {
		.code = code,
		.severity = severity,
		.span = span,
		.text = text,
		.order = (uint32_t)d->n,
	};

	if (span.src)
		diag.file = span.src->path;
	if (severity == SEVERITY_ERROR)
		d->nerrors++;
	else
		d->nwarnings++;
	if (diags_is_full(d)) {
		d->beyond = diag;
		return &d->beyond;
	}
	VEC_PUSH(d->arena, d, diag);
	return &d->v[d->n - 1];
}

struct diag *diag_addv(struct diags *d, enum diag_code code, struct span span,
		       const char *fmt, va_list ap)
{
	return add(d, SEVERITY_ERROR, code, span, format(d->arena, fmt, ap));
}

struct diag *diag_add(struct diags *d, enum diag_code code, struct span span,
		      const char *fmt, ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, fmt);
	diag = diag_addv(d, code, span, fmt, ap);
	va_end(ap);
	return diag;
}

struct diag *diag_warn(struct diags *d, enum diag_code code, struct span span,
		       const char *fmt, ...)
{
	struct str text;
	va_list ap;

	va_start(ap, fmt);
	text = format(d->arena, fmt, ap);
	va_end(ap);
	return add(d, SEVERITY_WARNING, code, span, text);
}

struct diag *diag_add_file(struct diags *d, enum diag_code code,
			   struct str file, const char *fmt, ...)
{
	struct diag *diag;
	struct str text;
	va_list ap;

	va_start(ap, fmt);
	text = format(d->arena, fmt, ap);
	va_end(ap);
	diag = add(d, SEVERITY_ERROR, code, (struct span){0}, text);
	diag->file = file;
	return diag;
}

void diags_append(struct diags *d, const struct diags *from)
{
	for (size_t i = 0; i < from->n && !diags_is_full(d); i++) {
		VEC_PUSH(d->arena, d, from->v[i]);
		d->v[d->n - 1].order = (uint32_t)d->n - 1;
	}
	d->nerrors += from->nerrors;
	d->nwarnings += from->nwarnings;
}

void diag_help(struct diags *d, struct diag *diag, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag->help = format(d->arena, fmt, ap);
	va_end(ap);
}

void diag_note(struct diags *d, struct diag *diag, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag->note = format(d->arena, fmt, ap);
	va_end(ap);
}

/* What is about no file comes first, then by path, place and age. */
static int by_place(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;
	int c = str_cmp(x->file, y->file);

	if (c)
		return c;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static bool is_repeat(const struct diag *a, const struct diag *b)
{
	return a->code == b->code && a->severity == b->severity &&
	       a->span.src == b->span.src && a->span.start == b->span.start &&
	       str_eq(a->file, b->file) && str_eq(a->text, b->text);
}

/* Among what is kept of the same place. */
static bool is_known(const struct diag *kept, size_t n, const struct diag *diag)
{
	for (size_t i = n; i > 0 && n - i < PER_FILE_MAX; i--) {
		if (kept[i - 1].span.start != diag->span.start ||
		    kept[i - 1].span.src != diag->span.src)
			return false;
		if (is_repeat(&kept[i - 1], diag))
			return true;
	}
	return false;
}

/* SQL that is evaluated twice complains twice. */
static void drop_repeats(struct diags *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (!is_known(d->v, n, &d->v[i]))
			d->v[n++] = d->v[i];
		else if (d->v[i].severity == SEVERITY_ERROR)
			d->nerrors--;
		else
			d->nwarnings--;
	}
	d->n = n;
}

static size_t end_of_file(const struct diags *d, size_t start)
{
	size_t end = start + 1;

	while (end < d->n && str_eq(d->v[end].file, d->v[start].file))
		end++;
	return end;
}

/* A file that is wrong thousands of times has one mistake near its start. */
static void drop_flood(struct diags *d)
{
	size_t kept = 0;

	for (size_t i = 0, end; i < d->n; i = end) {
		size_t n;

		end = end_of_file(d, i);
		n = end - i < PER_FILE_MAX ? end - i : PER_FILE_MAX;
		memmove(&d->v[kept], &d->v[i], n * sizeof(*d->v));
		kept += n;
		if (end - i > n)
			diag_note(d, &d->v[kept - 1],
				  "%zu more in this file are not shown",
				  end - i - n);
	}
	d->n = kept;
}

void diags_sort(struct diags *d)
{
	if (d->n)
		qsort(d->v, d->n, sizeof(*d->v), by_place);
	drop_repeats(d);
	drop_flood(d);
}

const char *diag_code_name(enum diag_code code)
{
	return codes[code].code;
}

const char *diag_code_title(enum diag_code code)
{
	return codes[code].title;
}

bool diag_code_find(const char *name, enum diag_code *out)
{
	for (size_t i = 0; i < DIAG_NCODES; i++) {
		if (!str_eq_nocase(str_of(name), str_of(codes[i].code)))
			continue;
		*out = (enum diag_code)i;
		return true;
	}
	return false;
}

struct str suggest(struct str name, const struct str *candidates, size_t n)
{
	size_t limit = name.n < 4 ? 1 : name.n < 8 ? 2 : 3;
	size_t best = limit + 1;
	struct str found = {0};

	for (size_t i = 0; i < n; i++) {
		size_t d;

		if (str_eq_nocase(name, candidates[i]))
			return candidates[i];
		d = str_distance(name, candidates[i], limit);
		if (d < best) {
			best = d;
			found = candidates[i];
		}
	}
	return found;
}
