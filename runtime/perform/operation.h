/* Does an operations action: each of its statements by itself, once. */
#ifndef RUNTIME_PERFORM_OPERATION_H
#define RUNTIME_PERFORM_OPERATION_H

#include "runtime/perform/perform.h"

/* Like perform(), of a step whose deed is DEED_RUN. */
bool operation_run(const struct performer *p, uint32_t step,
		   const struct script *script, struct arena *arena,
		   struct outcome *out);

#endif
