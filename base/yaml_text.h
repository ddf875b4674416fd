/* A YAML text, made such that libyaml reads it as js-yaml would. */
#ifndef BASE_YAML_TEXT_H
#define BASE_YAML_TEXT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct position;

enum { YAML_TEXT_BREAKS = 4 };

struct yaml_text {
	struct arena *arena;
	char *p; /* for libyaml */
	size_t n;
	bool has_mark; /* a byte order mark, which is not in p */
	/* For characters that libyaml takes for line breaks; unset if there
	 * are none. */
	struct str stand_ins[YAML_TEXT_BREAKS];
	size_t budget; /* bytes that may be read once more */
};

/* Copies the text, which may be no UTF-8: that is for libyaml to say. */
void yaml_text_init(struct yaml_text *t, struct str text, struct arena *arena);
/* What js-yaml calls undefined: nothing, or one end of a line. */
bool yaml_text_is_empty(const struct yaml_text *t);
/* A copy of what libyaml made of the text, with its own characters again. */
struct str yaml_text_copy(const struct yaml_text *t, struct str s);
/* True if what libyaml refused at the place was said in another way: then it
 * must start again. in_block: a block scalar was being read. */
bool yaml_text_mend(struct yaml_text *t, struct position at, bool in_block);

#endif
