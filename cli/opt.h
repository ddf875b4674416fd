/*
 * Command-line options, declared once. A command lists its options in tables;
 * the parser, --help, the man page, docs/commands.md and the completions of
 * three shells are all made from them.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

struct cli;
struct topic;
struct variable;

enum opt_type {               /* and where the value goes: */
		OPT_FLAG,     /* bool; --no-NAME clears it */
		OPT_OFF,      /* bool: --no-NAME sets it, --NAME clears it */
		OPT_INT,      /* int from min to max */
		OPT_STRING,   /* struct str, NUL-terminated */
		OPT_LIST,     /* struct str_vec; repeatable, split at commas */
		OPT_CHOICE,   /* int: an index into choices */
		OPT_DURATION, /* uint32_t: milliseconds */
		OPT_VARS,     /* struct var_vec: name=value,name=value */
		OPT_VAR,      /* struct var_vec: one name=value */
};

struct var_vec {
	struct variable *v;
	size_t n, cap;
};

struct opt {
	const char *name; /* without dashes; NULL ends a table */
	char letter;      /* 0 for none */
	enum opt_type type;
	size_t offset; /* of the value in the struct of its group */
	const char *arg;
	const char *help;
	int min, max;               /* OPT_INT */
	int otherwise;              /* OPT_INT: its value if it is not given */
	const char *const *choices; /* OPT_CHOICE, NULL-terminated */
	const char *names;          /* what weir __complete calls its values */
	/* OPT_STRING: the value may be left out, and is "" then; what follows
	 * is one only if this says so. NULL: there must be one. */
	bool (*may_be)(const char *arg);
	bool needs_unit; /* OPT_DURATION: a number alone is a slip */
};

/* A table that several commands share has a struct of its own, which each
 * command has somewhere in its arguments. */
struct opt_group {
	const char *title;
	const struct opt *opts; /* NULL ends the list of groups */
	size_t offset;
};

struct command {
	const char *name;
	const char *operands; /* "[DIR]" */
	const char *summary;  /* one line */
	const char *about;    /* paragraphs: an empty line between them */
	const char *examples; /* one a line */
	const struct opt_group *groups;
	size_t max_operands;
	const char *names; /* of the first operand, as in struct opt */
	size_t args_size;  /* of the arguments, which begin with a struct
			    * common_args */
	int (*run)(struct cli *cli, const void *args);
};

/* Parses what follows the command's name. Options and operands may be mixed;
 * "--" ends the options. What is found goes to args, zeroed by the caller. */
MUST_CHECK bool opt_parse(const struct command *cmd, int argc, char **argv,
			  struct arena *arena, void *args,
			  struct strs *operands, struct error *err);

/* Whether it takes no value. */
bool opt_is_flag(const struct opt *o);

/* Stores text as the value of o, whose group's struct is at base. */
MUST_CHECK bool opt_store(const struct opt *o, struct str text,
			  struct arena *arena, void *base, struct error *err);

/* The command, or NULL with a suggestion in err. commands ends with NULL. */
const struct command *command_find(const struct command *const *commands,
				   struct str name, struct error *err);

/* opt_help.c: one command; all commands and topics. */
void opt_print_help(const struct command *cmd, FILE *f);
void opt_print_overview(const struct command *const *commands,
			const struct topic *pages, FILE *f);
/* "-j, --jobs N": how an option is written in lists. */
struct str opt_synopsis(const struct opt *o, struct arena *arena);
/* Help, with the range or the choices behind it. */
struct str opt_description(const struct opt *o, struct arena *arena);

/* opt_docs.c */
void opt_print_man(const struct command *const *commands, FILE *f);
void opt_print_markdown(const struct command *const *commands, FILE *f);

/* opt_complete.c */
void opt_print_bash(const struct command *const *commands, FILE *f);
void opt_print_zsh(const struct command *const *commands, FILE *f);
void opt_print_fish(const struct command *const *commands, FILE *f);

#endif
