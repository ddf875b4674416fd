/* Whether what failed is tried again, and when. Pure. */
#ifndef RUNTIME_PLAN_RETRY_H
#define RUNTIME_PLAN_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/dialect.h"

struct error;

enum { RETRY_LIMIT = 3 }; /* unless the user says otherwise */

/* Whether another try may succeed, though nothing is mended. */
bool retry_helps(enum warehouse_kind warehouse, const struct error *err);

/* The same of a connection that a run would begin with: what is wrong then may
 * be a slip of the user's, who should not have to wait to hear of it. */
bool retry_helps_start(enum warehouse_kind warehouse, const struct error *err);

/* Whether somebody else has made what was to be made: another look at what is
 * there tells what to do instead. */
bool retry_was_overtaken(enum warehouse_kind warehouse,
			 const struct error *err);

/* How long to wait behind the attempt that failed, the first being 1: twice as
 * long each time, but for chance, which keeps those apart that met. */
int64_t retry_wait_ms(uint32_t attempt, uint64_t *chance);

#endif
