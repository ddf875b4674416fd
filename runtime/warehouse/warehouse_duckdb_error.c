/*
 * DuckDB's errors as ours. Our connections set errors_as_json, so that an
 * error is one object with the kind, the message and the byte where it is in
 * the text, and nothing has to be guessed from the layout of a message.
 */
#include "runtime/warehouse/warehouse_duckdb.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"

static const struct {
	const char *type; /* exception_type */
	enum error_kind kind;
} kinds[] = {
	{"INTERRUPT", ERROR_CANCELLED},
	{"FATAL", ERROR_LOST},
	{"Connection", ERROR_LOST},
};

/* The first line says what is wrong, the others what to do. */
static void set_message(struct error *err, enum error_kind kind,
			struct str message)
{
	size_t end = str_find(message, '\n', 0);
	struct str first = str_trim(str_sub(message, 0, end));
	struct str rest = str_trim(str_sub(message, end, message.n));

	if (str_ends(first, STR("!")) || str_ends(first, STR(".")))
		first.n--;
	error_set(err, kind, "%.*s", STR_ARG(first));
	if (rest.n)
		error_hint(err, "%.*s", STR_ARG(rest));
}

static int position_of(const struct value *json, struct str sql, size_t skip)
{
	struct str text = value_get_str(json, "position");
	unsigned long at;

	if (!text.n)
		return 0;
	at = strtoul(text.p, NULL, 10);
	if (at < skip || at > sql.n)
		return 0;
	return (int)str_count_chars(str_sub(sql, skip, at)) + 1;
}

static void set_from_json(struct error *err, const struct value *json,
			  struct str sql, size_t skip)
{
	struct str type = value_get_str(json, "exception_type");
	enum error_kind kind = ERROR_SQL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(type, kinds[i].type))
			kind = kinds[i].kind;
	set_message(err, kind, value_get_str(json, "exception_message"));
	err->position = position_of(json, sql, skip);
}

bool duckdb_error_set(struct error *err, const char *message, struct str sql,
		      size_t skip)
{
	struct str text = str_of(message ? message : "unknown error");
	size_t brace = str_find(text, '{', 0);
	struct arena *a = arena_new();
	struct position at;
	struct error ignored = {0};
	struct value json;

	if (err->kind != ERROR_NONE)
		;
	else if (brace < text.n &&
		 json_parse(str_sub(text, brace, text.n), a, &json, &at,
			    &ignored) &&
		 value_get(&json, "exception_message"))
		set_from_json(err, &json, sql, skip);
	else
		set_message(err, ERROR_SQL, text);
	arena_free(a);
	return false;
}
