/*
 * The table of the rows that break an assertion: weir_failed_ and the name of
 * the assertion, beside its view, made anew by each run that finds some. Of a
 * name that would be too long the end gives way to a number made of the whole.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/vec.h"
#include "runtime/sql/sql_write.h"

static struct str table_name(const struct dialect *d, struct arena *arena,
			     struct str assertion)
{
	enum { NUMBER = 1 + 16 };
	struct str name =
		arena_printf(arena, "weir_failed_%.*s", STR_ARG(assertion));

	if (name.n <= d->max_identifier)
		return name;
	return arena_printf(
		arena, "%.*s_%016llx",
		STR_ARG(str_start(name, d->max_identifier - NUMBER)),
		(unsigned long long)str_hash(assertion));
}

struct target sql_failures_table(const struct dialect *d, struct arena *arena,
				 const struct action *assertion)
{
	struct target table = assertion->target;

	table.name = table_name(d, arena, table.name);
	return table;
}

static void add(struct script *script, struct arena *arena, struct buf *b)
{
	struct statement st = {.sql = buf_move(b, arena)};

	VEC_PUSH(arena, script, st);
}

static void add_drop(struct script *script, const struct dialect *d,
		     const struct target *table, struct arena *arena)
{
	struct buf b = {0};

	buf_adds(&b, "drop table if exists ");
	dialect_put_target(d, &b, table);
	add(script, arena, &b);
	buf_free(&b);
}

void sql_store_failures(const struct dialect *d, const struct action *assertion,
			struct str run, struct arena *arena, struct script *out)
{
	struct target table = sql_failures_table(d, arena, assertion);
	struct buf b = {0};

	*out = (struct script){.is_transaction = true};
	buf_adds(&b, "begin");
	add(out, arena, &b);
	add_drop(out, d, &table, arena);
	buf_adds(&b, "create table ");
	dialect_put_target(d, &b, &table);
	buf_adds(&b, " as\nselect ");
	dialect_put_string(d, &b, run);
	buf_adds(&b, " as weir_run, broken.*\nfrom ");
	dialect_put_target(d, &b, &assertion->target);
	buf_adds(&b, " as broken");
	add(out, arena, &b);
	buf_adds(&b, "commit");
	add(out, arena, &b);
	buf_free(&b);
}

void sql_drop_failures(const struct dialect *d, const struct action *assertion,
		       struct arena *arena, struct script *out)
{
	struct target table = sql_failures_table(d, arena, assertion);

	*out = (struct script){0};
	add_drop(out, d, &table, arena);
}
