/*
 * Why an operation failed. A function that can fail returns bool and takes a
 * struct error as its last parameter, which it writes only when it fails.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

#define MUST_CHECK   __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

enum error_kind {
	ERROR_NONE,
	ERROR_USAGE,
	ERROR_CONFIG, /* the project or its settings are wrong */
	ERROR_IO,
	ERROR_TOO_LARGE, /* a file is beyond the limit that is set for it */
	ERROR_CONNECT,   /* the warehouse cannot be reached or refuses us */
	ERROR_LOST,      /* the connection ended while we worked */
	ERROR_SQL,       /* the warehouse refused a statement */
	ERROR_ASSERTION, /* an assertion does not hold */
	ERROR_TIMEOUT,
	ERROR_CANCELLED,
	ERROR_LOCKED, /* another run holds the lock */
};

struct error {
	enum error_kind kind;
	bool in_doubt; /* all or some of it was committed, or may have been */
	char sqlstate[6]; /* "" if the warehouse gave none */
	int position;     /* 1-based character in the statement; 0 unknown */
	char text[2048];
	char hint[512]; /* what to do about it; "" if nothing is known */
};

/* Fills err and returns false, so that callers can write
 * "return error_set(...)". The first cause wins: a set error is kept. */
bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
	PRINTF(3, 4);
/* The same with ": " and the text of errno behind it. */
bool error_errno(struct error *err, const char *fmt, ...) PRINTF(2, 3);
/* Adds advice to a set error; returns false. */
bool error_hint(struct error *err, const char *fmt, ...) PRINTF(2, 3);
/* Puts "context: " in front of the text; returns false. */
bool error_prefix(struct error *err, const char *fmt, ...) PRINTF(2, 3);

#endif
