/* Diagnostics at length. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "compiler/diag.h"

/* Paragraphs and examples; NULL if nobody wrote any, which a test refuses. */
const char *explain_text(enum diag_code code);

#endif
