/*
 * Values that must not be shown, and hiding them in texts of whatever origin.
 */
#ifndef BASE_SECRETS_H
#define BASE_SECRETS_H

#include "base/error.h"
#include "base/str.h"

struct arena;

/* Shorter values are not hidden: they stand in any text by chance, and hiding
 * them would say where. */
enum { SECRET_SIZE_MIN = 4 };

struct secret {
	struct str value, shown; /* shown in the place of value */
};

struct secrets {
	struct secret *v;
	size_t n, cap;
};

/* Nothing is copied. A value that is known already is not added again. */
void secrets_add(struct arena *arena, struct secrets *s, struct str value,
		 struct str shown);

/* text, or a copy in arena with every secret hidden: at each place the longest
 * that starts there. What is put in is not looked at again. */
struct str secrets_hide(const struct secrets *s, struct arena *arena,
			struct str text);
/* In the message and the hint, also of a secret that was cut at their end. */
void secrets_hide_error(const struct secrets *s, struct error *err);

#endif
