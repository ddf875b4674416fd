/* Opens and asks warehouses for tests that run on both. */
#include "tests/unit/warehouses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

static int open_profile(void **state, const struct profile *profile)
{
	struct test_warehouse *t = mem_zalloc(sizeof(*t));
	struct error err = {0};

	t->arena = arena_new();
	t->profile = *profile;
	*state = t;
	if (profile->dialect == &dialect_postgres && !profile->connection.n) {
		t->missing = true;
		return 0;
	}
	if (warehouse_open(&t->profile, ".", NULL, NULL, &t->w, &err))
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

int open_duckdb(void **state)
{
	struct profile p = {
		.name = STR("dev"),
		.dialect = &dialect_duckdb,
		.path = STR(":memory:"),
	};

	return open_profile(state, &p);
}

int open_postgres(void **state)
{
	struct profile p = {
		.name = STR("prod"),
		.dialect = &dialect_postgres,
		.connection = str_of(getenv("PGURL")),
	};

	return open_profile(state, &p);
}

int close_warehouse(void **state)
{
	struct test_warehouse *t = *state;

	if (t->w)
		t->w->ops->close(t->w);
	arena_free(t->arena);
	free(t);
	return 0;
}

struct error open_refused(const char *connection, const atomic_int *interrupted)
{
	struct profile p = {
		.name = STR("prod"),
		.dialect = &dialect_postgres,
		.connection = str_of(connection),
	};
	struct error err = {0};
	struct warehouse *w;

	assert_false(warehouse_open(&p, ".", NULL, interrupted, &w, &err));
	return err;
}

struct test_warehouse *warehouse_or_skip(void **state)
{
	struct test_warehouse *t = *state;

	if (t->missing)
		skip();
	return t;
}

int64_t must_run(struct test_warehouse *t, const char *sql)
{
	struct error err = {0};
	int64_t rows;

	if (!t->w->ops->execute(t->w, str_of(sql), &rows, &err))
		fail_msg("%s: %s", sql, err.text);
	return rows;
}

const char *must_query(struct test_warehouse *t, const char *sql)
{
	struct error err = {0};
	struct buf b = {0};
	struct str text;
	struct rows rows;

	if (!t->w->ops->query(t->w, str_of(sql), 1000, t->arena, &rows, &err))
		fail_msg("%s: %s", sql, err.text);
	for (uint32_t i = 0; i < rows.nrows * rows.ncolumns; i++) {
		if (i)
			buf_addc(&b, i % rows.ncolumns ? '|' : ';');
		buf_add_str(&b,
			    rows.values[i].p ? rows.values[i] : STR("NULL"));
	}
	buf_addc(&b, '\0');
	text = buf_move(&b, t->arena);
	buf_free(&b);
	return text.p;
}
