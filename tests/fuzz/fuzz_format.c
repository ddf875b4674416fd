/*
 * Any text is laid out or refused, in its time: what is laid out is final, and
 * what is refused has an error that lies in it. The first byte chooses the
 * language, and in upper case that the text is repeated until it is large.
 */
#include <ctype.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/diag.h"
#include "compiler/format/format.h"
#include "compiler/project/source.h"

enum {
	LARGE = 2 << 20, /* bytes */
	WORK_MS_MAX = 2000,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_diag(const struct diag *d, const struct source *src)
{
	if (d->span.src)
		check(d->span.src == src && d->span.start <= d->span.end &&
		      d->span.end <= src->text.n);
	else
		check(str_eq(d->file, src->path));
}

/* The text that was made; unset if it took too long. */
static struct str lay_out(struct formatter *f, const struct source *src,
			  bool is_sqlx, bool may_refuse, struct arena *arena)
{
	struct diags diags;
	struct str made;
	bool ok;

	diags_init(&diags, arena);
	ok = format_source(f, src, is_sqlx, arena, &diags, &made);
	check(ok == (diags.nerrors == 0));
	for (size_t i = 0; i < diags.n; i++) {
		check_diag(&diags.v[i], src);
		check(may_refuse ||
		      str_is(diags.v[i].text, "formatting takes too long"));
	}
	return ok ? made : (struct str){0};
}

static struct str repeat(struct str text, struct arena *arena)
{
	struct buf b = {0};
	struct str large;

	while (b.n < LARGE)
		buf_add_str(&b, text);
	large = buf_move(&b, arena);
	buf_free(&b);
	return large;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source src = {.path = STR("definitions/fuzz.sqlx")};
	static struct formatter *f; /* loads its libraries once */
	struct arena *arena;
	struct str once, twice;
	bool is_sqlx;

	if (size < 2)
		return 0;
	is_sqlx = tolower(data[0]) != 'j';
	src.text = (struct str){(const char *)data + 1, size - 1};
	if (size > 65536 || str_bad_utf8(src.text) != src.text.n)
		return 0;
	arena = arena_new();
	if (!f)
		f = formatter_new(WORK_MS_MAX);
	src.text = isupper(data[0]) ? repeat(src.text, arena)
				    : arena_str(arena, src.text);
	once = lay_out(f, &src, is_sqlx, true, arena);
	if (once.p) {
		src.text = once;
		twice = lay_out(f, &src, is_sqlx, false, arena);
		check(!twice.p || str_eq(once, twice));
	}
	arena_free(arena);
	return 0;
}
