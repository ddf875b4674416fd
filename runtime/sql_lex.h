/* What SQL text is, as far as its tokens tell. */
#ifndef RUNTIME_SQL_LEX_H
#define RUNTIME_SQL_LEX_H

#include "base/str.h"

/* A query without what would break a statement around it: white space at both
 * ends, and a last semicolon with whatever stands behind it. */
struct str sql_trim(struct str text);

/* Offset of the first semicolon that is code; text.n if there is none. */
size_t sql_find_semicolon(struct str text);

/* Whether the text may leave changed rows for good that running it again would
 * change again: it commits, or changes them outside of a transaction. One may
 * be open when it starts. */
bool sql_may_commit(struct str text, bool in_transaction);

/* Whether a statement of it may leave some of its work for good and then fail,
 * as CALL, DO and CREATE INDEX CONCURRENTLY may where no transaction is open.
 */
bool sql_may_fail_halfway(struct str text, bool in_transaction);

/* Whether one of its statements begins or ends a transaction. */
bool sql_controls_transaction(struct str text);

/* Offset of the first statement that begins or ends a whole transaction, as
 * savepoints do not; text.n if there is none. */
size_t sql_find_transaction(struct str text);

/* False if there are only comments and semicolons. */
bool sql_is_statement(struct str text);

/* Whether there is a statement behind the first. */
bool sql_is_several(struct str text);
/* Whether one of them is. */
bool sql_any_statement(const struct strs *texts);

/* Whether a word is of a list that ends with NULL, be it in capitals. */
bool sql_is_one_of(struct str word, const char *const *words);

#endif
