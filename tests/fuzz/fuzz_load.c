/*
 * Any file can be loaded or is refused with the line of a row in it: the
 * first byte says whether as CSV or as newline-delimited JSON. What is read
 * lies in the file's own buffer, and every value can be written for COPY.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "runtime/load/load_file.h"
#include "runtime/warehouse/copy_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool read_rows(struct load_file *f, bool csv, struct error *err)
{
	struct cell_source from = {
		.columns = f->columns,
		.ncolumns = f->ncolumns,
	};
	struct arena *a = arena_new();
	struct buf b = {0};
	bool ok = !csv || load_csv_start(f, a, err), more = ok;

	while (ok && more) {
		ok = csv ? load_csv_next(f, &more, err)
			 : load_ndjson_next(f, &more, err);
		if (ok && more)
			copy_text_put_row(&b, &from, f->row);
	}
	check(!ok || str_bad_utf8(buf_str(&b)) == b.n);
	check(ok || (err->kind == ERROR_IO && f->record_line >= 1));
	buf_free(&b);
	arena_free(a);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cell_column columns[] = {
		{STR("i"), CELL_INT64},   {STR("f"), CELL_FLOAT64},
		{STR("n"), CELL_NUMERIC}, {STR("s"), CELL_STRING},
		{STR("b"), CELL_BOOL},    {STR("t"), CELL_TIMESTAMP},
		{STR("d"), CELL_DATE},    {STR("dt"), CELL_DATETIME},
		{STR("c"), CELL_TIME},    {STR("y"), CELL_BYTES},
		{STR("j"), CELL_JSON},
	};
	enum { N = sizeof(columns) / sizeof(columns[0]) };
	struct cell row[N] = {0};
	uint64_t seen[N] = {0};
	struct load_file f = {
		.name = "file",
		.columns = columns,
		.ncolumns = N,
		.row = row,
		.seen = seen,
	};
	struct error err = {0};
	FILE *file = tmpfile();

	if (size == 0 || !file)
		return 0;
	check(fwrite(data + 1, 1, size - 1, file) == size - 1);
	check(fflush(file) == 0);
	check(lseek(fileno(file), 0, SEEK_SET) == 0);
	load_file_start(&f, dup(fileno(file)));
	read_rows(&f, data[0] == 'c', &err);
	load_file_close(&f);
	fclose(file);
	return 0;
}
