/*
 * Any bytes as workflow_settings.yaml, as dataform.json and as weir.yaml, and
 * as a config that is found and checked: none may crash, hang or leak.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/yaml.h"
#include "compiler/config/config.h"
#include "compiler/diag.h"
#include "compiler/project/settings.h"
#include "compiler/project/tree.h"
#include "compiler/project/weirfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory {
	struct tree tree;
	const char *name; /* of its only file */
	struct str text;
};

static bool memory_has(struct tree *t, const char *path)
{
	return strcmp(path, ((struct memory *)t)->name) == 0;
}

static bool memory_read(struct tree *t, const char *path, size_t max,
			struct arena *arena, struct str *out, struct error *err)
{
	struct memory *m = (struct memory *)t;

	if (!memory_has(t, path) || m->text.n > max)
		return error_set(err, ERROR_IO, "no such file");
	*out = arena_str(arena, m->text);
	return true;
}

static const char *memory_root(struct tree *t)
{
	(void)t;
	return "/";
}

static const struct tree_ops memory_ops = {
	.read = memory_read,
	.has = memory_has,
	.root = memory_root,
};

static void read_settings(const char *name, struct str text)
{
	struct memory m = {{&memory_ops}, name, text};
	struct arena *arena = arena_new();
	struct overrides none = {0};
	struct settings settings;
	struct diags diags;

	diags_init(&diags, arena);
	settings_read(&m.tree, &none, arena, &diags, &settings);
	diags_sort(&diags);
	arena_free(arena);
}

static void read_weirfile(struct str text)
{
	struct memory m = {{&memory_ops}, "weir.yaml", text};
	struct arena *arena = arena_new();
	struct weirfile file;
	struct diags diags;

	diags_init(&diags, arena);
	if (weirfile_read(&m.tree, arena, &diags, &file))
		weirfile_profile(&file, (struct str){0}, arena, &diags);
	arena_free(arena);
}

static void check_config(struct str text)
{
	struct arena *arena = arena_new();
	struct source src = {STR("a.sqlx"), arena_str(arena, text)};
	struct config_place place = {&src, 0, (uint32_t)src.text.n};
	struct position at;
	struct error err = {0};
	struct value written, out;
	struct diags diags;

	diags_init(&diags, arena);
	if (yaml_parse(src.text, arena, &written, &at, &err) &&
	    written.kind == VALUE_OBJECT)
		for (int kind = ACTION_TABLE; kind <= ACTION_DECLARATION;
		     kind++)
			config_check((enum action_type)kind, &written, place,
				     arena, &diags, &out);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};

	read_settings("workflow_settings.yaml", text);
	read_settings("dataform.json", text);
	read_weirfile(text);
	if (str_bad_utf8(text) == text.n)
		check_config(text);
	return 0;
}
