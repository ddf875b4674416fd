/*
 * query duckdb FILE SQL, query postgres CONNECTION SQL: prints what a query
 * gives, one row a line, values separated by "|", NULL as "NULL", so that
 * shell tests ask both warehouses in the same way, and read with the driver
 * that wrote.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "compiler/dialect.h"
#include "compiler/graph.h"
#include "runtime/warehouse/warehouse.h"

static void print_rows(const struct rows *rows)
{
	for (uint32_t r = 0; r < rows->nrows; r++) {
		const struct str *row = &rows->values[r * rows->ncolumns];

		for (uint32_t c = 0; c < rows->ncolumns; c++) {
			struct str v = row[c].p ? row[c] : STR("NULL");

			printf("%s%.*s", c ? "|" : "", STR_ARG(v));
		}
		putchar('\n');
	}
}

static bool ask(const struct profile *profile, const char *sql,
		struct error *err)
{
	struct arena *arena = arena_new();
	struct warehouse *w = NULL;
	struct rows rows;
	bool ok;

	ok = warehouse_open(profile, ".", NULL, NULL, &w, err) &&
	     w->ops->query(w, str_of(sql), UINT32_MAX, arena, &rows, err);
	if (ok)
		print_rows(&rows);
	if (w)
		w->ops->close(w);
	arena_free(arena);
	return ok;
}

int main(int argc, char **argv)
{
	struct profile profile = {.name = STR("query")};
	struct error err = {0};

	if (argc != 4) {
		fprintf(stderr, "usage: query duckdb|postgres WHERE SQL\n");
		return 2;
	}
	profile.dialect = dialect_find(str_of(argv[1]));
	profile.path = profile.connection = str_of(argv[2]);
	if (profile.dialect && ask(&profile, argv[3], &err))
		return 0;
	fprintf(stderr, "query: %s\n", err.text);
	return 1;
}
