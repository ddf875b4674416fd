/*
 * What an engine may allocate. There are two kinds of engine, the one that runs
 * a project and the formatter's, and this is what they share.
 */
#ifndef COMPILER_SCRIPT_MEMORY_H
#define COMPILER_SCRIPT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

struct JSRuntime; /* QuickJS's */

struct script_memory {
	size_t limit; /* bytes */
	bool is_out;  /* the limit was met; the owner takes it back */
	/* Whether the owner's code must end, its time being up. */
	bool (*is_over)(void *owner);
	void *owner;
};

/* memory must outlive the runtime. NULL if the limit is too low for one. */
struct JSRuntime *script_new_runtime(struct script_memory *memory);

#endif
