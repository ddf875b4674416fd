/* What actions_yaml*.c share. */
#ifndef COMPILER_ACTIONS_YAML_H
#define COMPILER_ACTIONS_YAML_H

#include "compiler/actions/session.h"
#include "compiler/project/yaml_file.h"

/* One entry of an actions.yaml. */
struct entry {
	struct session *s;
	const struct yaml_file *file;
	enum action_type type;
	const struct member *kind; /* "table" and what stands below it */
	struct value config;       /* with values as Dataform converts them */
	struct str filename;       /* as written; unset for none */
	struct str path;           /* of that file in the project */
};

/* actions_yaml_convert.c: YAML's values as the ones that configs have: numbers
 * to text where text belongs, the enumerations' full names to those of
 * configs. False after an error. */
bool entry_convert(struct entry *e);

/* actions_yaml.c: where the key of the entry's config is, or its kind if it
 * has no such key. */
struct span entry_span(const struct entry *e, const char *key);
/* A file that the entry names, as it is; NULL after an error. */
const struct source *entry_load(const struct entry *e);
/* Where an action of it comes from; src is its own file, or NULL. */
struct origin entry_origin(const struct entry *e, const struct source *src);
/* The draft of its config, whose file is src, which may be NULL. */
struct draft *entry_draft(const struct entry *e, const struct source *src);

/* preparation_yaml.c: a data preparation whose YAML is in src, which may be
 * NULL; NULL after an error. */
struct draft *preparation_yaml_new(const struct entry *e,
				   const struct source *src);

#endif
