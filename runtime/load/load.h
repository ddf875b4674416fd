/*
 * Loads: fills a declared source from files, each file once. What was loaded
 * is committed with its rows, in the table weir_loads of the same schema.
 * docs/loads.md has the rules.
 */
#ifndef RUNTIME_LOAD_LOAD_H
#define RUNTIME_LOAD_LOAD_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct arena;
struct buf;
struct dialect;
struct graph;
struct load;
struct stopper;
struct warehouse;

struct load_result {
	int64_t since;  /* the first number that its files may have; 0: not
			 * known yet */
	int64_t rows;   /* added */
	uint32_t files; /* loaded, reloaded ones too */
	uint32_t files_skipped; /* loaded before */
	uint32_t files_failed;  /* refused whole */
	struct strs notes;      /* a line on whatever deserves one */
};

/* Loads what is new. reload has files to load again, as the user named them.
 * A file that is refused does not keep the others from being loaded: *out is
 * right when this fails, too, and err is about the first file that failed;
 * of several each has its line in notes. stop is asked before each file and
 * while one is read; it may be NULL.
 * *out is zero, or what an earlier attempt at the same left: what that has
 * committed counts as loaded, and is not loaded again. */
MUST_CHECK bool load_run(struct warehouse *w, const struct graph *g,
			 const struct load *l, const struct strs *reload,
			 const struct stopper *stop, struct arena *arena,
			 struct load_result *out, struct error *err);

/* What load_run would do, without doing it: a line for each file in notes,
 * counts of files in the rest; rows is -1. Reads no file's rows. */
MUST_CHECK bool load_plan(struct warehouse *w, const struct graph *g,
			  const struct load *l, const struct strs *reload,
			  struct arena *arena, struct load_result *out,
			  struct error *err);

/* The statements that make the raw table and weir_loads, for the plan. */
void load_put_sql(const struct dialect *d, const struct graph *g,
		  const struct load *l, struct buf *out);

/* Whether the load takes the file, as a user may name it: relative to the
 * project, with or without ./, or absolute. */
bool load_has_file(const struct graph *g, const struct load *l,
		   struct str file);

#endif
