/*
 * One pass over a text: a second one could find a secret in what the first one
 * put in. There are few secrets, and most texts hold none of them, so each is
 * simply tried at each place.
 */
#include "base/secrets.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

void secrets_add(struct arena *arena, struct secrets *s, struct str value,
		 struct str shown)
{
	if (value.n < SECRET_SIZE_MIN)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->v[i].value, value))
			return;
	VEC_PUSH(arena, s, ((struct secret){value, shown}));
}

/* The longest secret that text starts with, or with is_cut one that text is
 * the start of; NULL if there is none. */
static const struct secret *find(const struct secrets *s, struct str text,
				 bool is_cut)
{
	const struct secret *longest = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct str value = s->v[i].value;

		if (longest && longest->value.n >= value.n)
			continue;
		if (str_starts(text, value) ||
		    (is_cut && str_starts(value, text)))
			longest = &s->v[i];
	}
	return longest;
}

static bool hide(const struct secrets *s, struct str text, bool is_cut,
		 struct buf *out)
{
	bool found = false;
	size_t i = 0;

	while (i < text.n) {
		struct str rest = str_sub(text, i, text.n);
		const struct secret *secret = find(s, rest, is_cut);

		if (!secret) {
			buf_addc(out, text.p[i++]);
			continue;
		}
		found = true;
		buf_add_str(out, secret->shown);
		i += secret->value.n;
	}
	return found;
}

struct str secrets_hide(const struct secrets *s, struct arena *arena,
			struct str text)
{
	struct buf b = {0};

	if (s->n && hide(s, text, false, &b))
		text = buf_move(&b, arena);
	buf_free(&b);
	return text;
}

static void hide_in_place(const struct secrets *s, char *text, size_t size)
{
	struct str all = str_of(text);
	struct buf b = {0};
	size_t n;

	if (s->n && hide(s, all, all.n + 1 == size, &b)) {
		n = b.n < size ? b.n : size - 1;
		memcpy(text, b.p, n);
		text[n] = '\0';
	}
	buf_free(&b);
}

void secrets_hide_error(const struct secrets *s, struct error *err)
{
	hide_in_place(s, err->text, sizeof(err->text));
	hide_in_place(s, err->hint, sizeof(err->hint));
}
