/* Projects that mean harm, for the tests of what becomes of them. */
#ifndef TESTS_UNIT_ATTACK_H
#define TESTS_UNIT_ATTACK_H

#include <stddef.h>
#include <stdint.h>

/* code is definitions/a.js, or the file whose path stands behind "//" in its
 * first line. want: all errors, a line each, then the actions. */
struct attack {
	const char *code, *want;
};

/* Beside definitions/z.sqlx, a table, which compiles whatever else happens. */
void attack_compare(const struct attack *all, size_t n);
/* Each code ends with errors of that kind. Where it is stopped depends on the
 * machine. */
void attack_stop(const char *const *codes, size_t n, uint32_t timeout_ms,
		 const char *kind);

#endif
