/* What to do about SQL that a warehouse refused. */
#ifndef RUNTIME_ADVICE_H
#define RUNTIME_ADVICE_H

#include "base/error.h"
#include "base/str.h"

struct dialect;

/* Adds a hint to an ERROR_SQL if something is known about the statement. */
void advice_add(const struct dialect *d, struct str sql, struct error *err);

#endif
