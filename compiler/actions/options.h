/* The options of one action, put together and not yet held against it. */
#ifndef COMPILER_OPTIONS_H
#define COMPILER_OPTIONS_H

#include "compiler/actions/session.h"

struct option {
	const struct value *value;  /* NULL if it is not set */
	const struct value *config; /* what the config says; NULL: nothing */
	const struct member *place; /* in weir.yaml; NULL: in the config */
	bool inherited;             /* from the table of an inline assertion */
	bool of_pattern;            /* place is below a pattern */
};

struct options {
	struct session *s;
	const struct weirfile *w;
	const struct draft *draft;
	struct action *action; /* of the graph */
	struct option of[CONFIG_WEIR_NKEYS];
	bool has_assertions; /* inline ones, which inherit options */
};

/* What inline assertions take from their table. */
enum { OPTIONS_INHERITED = 4 };
extern const enum config_weir_key options_inherited[OPTIONS_INHERITED];

struct span option_span(const struct options *o, enum config_weir_key key);

/* options_check.c: adds errors for options that contradict or need each other,
 * or other keys of the config, and warnings for those that nothing heeds. */
void options_check(const struct options *o, const struct weir_options *w);

#endif
