/* Configs written as text, checked, and what must be wrong with them. */
#ifndef TESTS_UNIT_CONFIG_CHECK_H
#define TESTS_UNIT_CONFIG_CHECK_H

#include "base/arena.h"
#include "compiler/config/config.h"
#include "compiler/diag.h"

struct checked {
	struct arena *arena;
	struct diags diags;
	struct source src;
	struct value out;
	bool kept;
};

/* A literal without functions is YAML too, which spares us an engine. */
void checked_read(struct checked *c, enum action_type kind, const char *text,
		  bool is_call);
void checked_free(struct checked *c);

struct refusal {
	enum action_type kind;
	const char *text;
	const char *message; /* part of it */
	const char *help;    /* part of it; NULL for none */
	const char *at;      /* the text at the place */
};

/* The config has this one diagnostic. */
void refusal_check(const struct refusal *r, bool kept);

#endif
