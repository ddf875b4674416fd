/*
 * The table of what is worth another try. PostgreSQL says so by its SQLSTATE;
 * a connection that was lost without one is worth it, too. DuckDB has only
 * words, and conflicts with other writers are all that passes by itself:
 * a full disk or a broken database does not. Its tables and views are made by
 * "create or replace", which nobody can overtake.
 */
#include "runtime/plan/retry.h"

#include <stddef.h>

#include "base/error.h"
#include "base/str.h"

enum { FIRST_MS = 500, MOST_MS = 30000 };

/* A code, or the class with which a code begins. */
static const char *const postgres_states[] = {
	"40001", /* serialization failure */
	"40P01", /* deadlock */
	"55P03", /* a lock was not to be had */
	"08",    /* the connection */
	"53300", /* too many connections */
	"57P01", /* ended by an administrator */
	"57P02", /* ended by another backend's crash */
	"57P03", /* the server starts or stops */
	"57P05", /* ended as it had been idle */
};

static const char *const postgres_start_states[] = {"53300", "57P03"};

static const char *const postgres_signs[] = {
	"tuple concurrently updated",
	"tuple concurrently deleted",
};

/* Of two that make one name at once, the second waits for the first and is then
 * refused by an index of the catalog. */
static const char *const postgres_names[] = {
	"\"pg_type_typname_nsp_index\"",
	"\"pg_class_relname_nsp_index\"",
};

static const char *const duckdb_signs[] = {
	"write-write conflict",        "Transaction conflict:",
	"Conflict on update",          "Conflict on tuple deletion",
	"by another transaction",      "by a concurrent transaction",
	"but another transaction has",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool is_among(const char *state, const char *const *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(str_of(state), str_of(table[i])))
			return true;
	return false;
}

static bool says(const struct error *err, const char *const *signs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_has(str_of(err->text), str_of(signs[i])))
			return true;
	return false;
}

static bool helps_postgres(const struct error *err)
{
	if (!err->sqlstate[0])
		return err->kind == ERROR_LOST;
	if (strcmp(err->sqlstate, "XX000") == 0)
		return says(err, postgres_signs, COUNT(postgres_signs));
	return is_among(err->sqlstate, postgres_states, COUNT(postgres_states));
}

bool retry_helps(enum warehouse_kind warehouse, const struct error *err)
{
	switch (err->kind) {
	case ERROR_SQL:
	case ERROR_LOST:
	case ERROR_CONNECT:
		break;
	default:
		return false;
	}
	if (warehouse == WAREHOUSE_POSTGRES)
		return helps_postgres(err);
	return err->kind == ERROR_SQL &&
	       says(err, duckdb_signs, COUNT(duckdb_signs));
}

bool retry_helps_start(enum warehouse_kind warehouse, const struct error *err)
{
	return warehouse == WAREHOUSE_POSTGRES && retry_helps(warehouse, err) &&
	       is_among(err->sqlstate, postgres_start_states,
			COUNT(postgres_start_states));
}

bool retry_was_overtaken(enum warehouse_kind warehouse, const struct error *err)
{
	if (warehouse != WAREHOUSE_POSTGRES || err->kind != ERROR_SQL)
		return false;
	if (strcmp(err->sqlstate, "23505") == 0)
		return says(err, postgres_names, COUNT(postgres_names));
	return strcmp(err->sqlstate, "42P07") == 0;
}

/* splitmix64 */
static uint64_t next_chance(uint64_t *chance)
{
	uint64_t x = *chance += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

int64_t retry_wait_ms(uint32_t attempt, uint64_t *chance)
{
	int64_t ms = FIRST_MS;

	while (--attempt && ms < MOST_MS)
		ms *= 2;
	if (ms > MOST_MS)
		ms = MOST_MS;
	return ms / 2 + (int64_t)(next_chance(chance) % (uint64_t)(ms / 2 + 1));
}
