/*
 * Reads the rows of one file for a load, a record at a time, strictly: the
 * first thing that is not right ends it with the file's name and the line
 * where the record starts.
 */
#ifndef RUNTIME_LOAD_LOAD_FILE_H
#define RUNTIME_LOAD_LOAD_FILE_H

#include "base/sha256.h"
#include "compiler/graph.h"
#include "runtime/warehouse/cell.h"

enum { LOAD_RECORD_MAX = 64 << 20 }; /* bytes in one line or record */

struct load_file {
	const char *name; /* for messages: relative to the project */
	int fd;
	char *buf; /* what was read and not yet used: start to end */
	size_t cap, start, end;
	bool eof;
	const struct stopper *stop; /* asked for each block; may be NULL */
	struct sha256 hash;         /* of all that was read */
	uint64_t line;              /* of the next record, from 1 */
	uint64_t record_line;       /* of the last one */

	const struct cell_column *columns;
	uint32_t ncolumns;
	struct cell *row; /* may have room for more than ncolumns */
	uint64_t *seen;   /* by column: where it was seen last, or 0 */
	uint32_t *fields; /* CSV: header's field to column or UINT32_MAX */
	uint32_t nfields;
};

/* row and seen have room for ncolumns. */
MUST_CHECK bool load_file_open(struct load_file *f, const char *path,
			       struct error *err);
/* The same of a file that is open; it is closed with it. */
void load_file_start(struct load_file *f, int fd);
void load_file_close(struct load_file *f);
/* The SHA-256 of a file's content. */
MUST_CHECK bool load_file_hash(const char *path, const char *name,
			       const struct stopper *stop,
			       char out[SHA256_HEX + 1], struct error *err);

/* The next line, without its end, in the file's own buffer, followed by a
 * '\n'; *p is NULL at the end. With quotes, lines go on while an odd number
 * of double quotes is in them. The UTF-8 mark at the start is skipped. */
enum load_quotes { LOAD_PLAIN, LOAD_QUOTES };
MUST_CHECK bool load_file_record(struct load_file *f, enum load_quotes quotes,
				 char **p, size_t *n, struct error *err);

/* The next row into f->row; *more is false at the end. */
MUST_CHECK bool load_ndjson_next(struct load_file *f, bool *more,
				 struct error *err);
MUST_CHECK bool load_csv_start(struct load_file *f, struct arena *arena,
			       struct error *err);
MUST_CHECK bool load_csv_next(struct load_file *f, bool *more,
			      struct error *err);

/* "data/a.csv:17: ..." of the record that was read last; returns false. */
bool load_file_error(const struct load_file *f, struct error *err,
		     const char *fmt, ...) PRINTF(3, 4);
/* The same about a value that does not fit its column. */
bool load_value_error(const struct load_file *f, uint32_t column,
		      struct str value, struct error *err);

#endif
