/*
 * Any text is YAML or an error with a place; the same text as JSON likewise.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const struct error *err, struct position at)
{
	if (!err->text[0] || !at.line || !at.column)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct str text =
		arena_str(arena, (struct str){(const char *)data, size});
	struct position at = {0};
	struct error err = {0};
	struct value value;

	if (!yaml_parse(text, arena, &value, &at, &err))
		check_refusal(&err, at);
	at = (struct position){0};
	err = (struct error){0};
	if (!json_parse(text, arena, &value, &at, &err))
		check_refusal(&err, at);
	arena_free(arena);
	return 0;
}
