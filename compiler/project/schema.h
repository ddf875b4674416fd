/*
 * Checks plain data that a project wrote against a table of its keys, with
 * what Dataform's own check lets through and what it does not: null, unknown
 * keys and lists that are none are errors; an unknown key that holds {} or []
 * is not; a boolean may be anything that is true or false to JavaScript.
 */
#ifndef COMPILER_SCHEMA_H
#define COMPILER_SCHEMA_H

#include "base/value.h"
#include "compiler/diag.h"

struct arena;
struct schema;

enum field_type {
	FIELD_STRING,
	FIELD_TEXT, /* a string; false and 0 count as none */
	FIELD_BOOL,
	FIELD_FLAG, /* a boolean; an empty list or object counts as none */
	FIELD_TRUE_OR_FALSE, /* and nothing that counts as one of them */
	FIELD_INT,
	FIELD_ENUM,       /* a string or number, kept as it is */
	FIELD_STRINGS,    /* a list of strings */
	FIELD_STRING_MAP, /* an object of strings */
	FIELD_MESSAGE,    /* an object with keys of its own */
	FIELD_MESSAGES,   /* a list of them */
	FIELD_STRUCT,     /* an object that may hold anything */
	FIELD_ANY,        /* not looked at */
};

/* The field is for every kind. */
#define SCHEMA_ALL UINT32_MAX

struct schema_field {
	const char *name;
	enum field_type type;
	uint32_t kinds;               /* of what it is for; one bit each */
	const struct schema *message; /* of FIELD_MESSAGE, FIELD_MESSAGES */
};

struct schema {
	const char *what; /* "bigquery": who has no such key */
	const struct schema_field *fields;
	size_t nfields;
};

/* Mistakes of one object or file that are pointed at; where more are is not
 * looked for, which takes a walk over its text each time. */
enum {
	SCHEMA_PLACES_MAX = 200,
	SCHEMA_BYTES_MAX = 64 << 20, /* of text walked over for that */
};

/* The way to a value: its key as written, and the keys above. */
struct schema_path {
	const struct schema_path *up; /* NULL at the top */
	struct str key;
	uint32_t line, column; /* of the key; 0 if unknown */
};

struct schema_reader {
	struct arena *arena;
	struct diags *diags;
	enum diag_code unknown, bad; /* codes of what is reported */
	bool strict;    /* unknown keys are errors even when empty */
	uint32_t kinds; /* the bit of what is being read */
	const char *const *kinds_text; /* by bit, plural; or NULL */
	struct span (*locate)(const struct schema_reader *r,
			      const struct schema_path *path);
	const void *place; /* for locate */
};

/* NULL if the schema has no such key for these kinds. */
const struct schema_field *schema_find(const struct schema *s, struct str key,
				       uint32_t kinds);

/* Reads an object: *out has the known members, in the order as written, without
 * those that have no value. False after an error. */
MUST_CHECK bool schema_read(struct schema_reader *r, const struct schema *s,
			    const struct schema_path *path,
			    const struct value *in, struct value *out);
/* One field; *out is VALUE_UNDEFINED if it counts as not given. */
MUST_CHECK bool schema_read_field(struct schema_reader *r,
				  const struct schema_field *f,
				  const struct schema_path *path,
				  const struct value *in, struct value *out);
/* A key that is not in s: an error, unless its value is empty enough for
 * Dataform not to mind. */
MUST_CHECK bool schema_unknown(struct schema_reader *r, const struct schema *s,
			       const struct schema_path *path,
			       const struct value *in);

/* The error, and the warning, of a key that is not in s. */
struct diag *schema_refuse_key(struct schema_reader *r, const struct schema *s,
			       const struct schema_path *path);
struct diag *schema_ignore_key(struct schema_reader *r, const struct schema *s,
			       const struct schema_path *path);

/* An error at the key, with the reader's code for bad values. */
struct diag *schema_error(const struct schema_reader *r,
			  const struct schema_path *path, const char *fmt, ...)
	PRINTF(3, 4);
/* For locate, where place is the struct source that was read: the key by its
 * line and column or, where the reader knew none, by its text; the file's start
 * behind SCHEMA_PLACES_MAX diagnostics. */
struct span schema_locate_source(const struct schema_reader *r,
				 const struct schema_path *path);

#endif
