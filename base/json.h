/* Reads one JSON text into a value tree. https://www.rfc-editor.org/rfc/rfc8259
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/error.h"
#include "base/value.h"

struct arena;

/* Objects keep their order. *at says where it went wrong. */
MUST_CHECK bool json_parse(struct str text, struct arena *arena,
			   struct value *out, struct position *at,
			   struct error *err);

#endif
