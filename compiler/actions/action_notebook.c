/*
 * Notebooks: an action whose contents are the JSON of an .ipynb file, without
 * what was computed when somebody ran it. Their text is what JavaScript's
 * JSON.stringify() makes of it, byte for byte.
 */
#include "base/arena.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/path.h"
#include "compiler/actions/session.h"
#include "compiler/project/tree.h"

static void replace(struct value *object, const char *key, struct value v)
{
	for (uint32_t i = 0; i < object->n; i++)
		if (str_is(object->members[i].key, key))
			object->members[i].value = v;
}

static void clean_cell(struct value *cell)
{
	const struct value null = {.kind = VALUE_NULL};

	if (cell->kind != VALUE_OBJECT)
		return;
	replace(cell, "outputs", (struct value){.kind = VALUE_ARRAY});
	replace(cell, "execution_count", null);
	replace(cell, "metadata", (struct value){.kind = VALUE_OBJECT});
}

static bool is_list_of_cells(const struct value *cells)
{
	if (!cells || cells->kind != VALUE_ARRAY)
		return false;
	for (uint32_t i = 0; i < cells->n; i++)
		if (cells->items[i].kind != VALUE_OBJECT &&
		    cells->items[i].kind != VALUE_ARRAY)
			return false;
	return true;
}

static bool parse(struct session *s, const struct source *src,
		  struct str blamed, struct value *out)
{
	struct position at = {1, 1};
	struct error err = {0};
	uint32_t offset;
	struct diag *d;

	if (json_parse(src->text, s->arena, out, &at, &err)) {
		if (is_list_of_cells(value_get(out, "cells")))
			return true;
		error_set(&err, ERROR_CONFIG, "a notebook has a list of cells");
	}
	offset = source_offset(src, at);
	d = diag_add(s->diags, DIAG_BAD_NOTEBOOK, span_of(src, offset, offset),
		     "%s", err.text);
	d->blamed = blamed;
	return false;
}

static struct str as_text(struct session *s, const struct value *v)
{
	struct value plain = value_as_json(s->arena, v);
	struct json_writer w;
	struct str text;

	json_start(&w, NULL, 0);
	json_value(&w, &plain);
	text = buf_move(&w.out, s->arena);
	buf_free(&w.out);
	return text;
}

bool notebook_read(struct session *s, const struct source *src,
		   struct str blamed, struct str *out)
{
	struct value v;

	if (!parse(s, src, blamed, &v))
		return false;
	replace(&v, "metadata", (struct value){.kind = VALUE_OBJECT});
	for (uint32_t i = 0; i < v.n; i++) {
		struct member *m = &v.members[i];

		for (uint32_t c = 0; str_is(m->key, "cells") && c < m->value.n;
		     c++)
			clean_cell(&m->value.items[c]);
	}
	*out = as_text(s, &v);
	return true;
}

void notebook_set_contents(struct session *s, struct draft *d,
			   const struct value *contents)
{
	d->made.notebook = (struct str){0};
	if (contents->kind != VALUE_UNDEFINED &&
	    contents->kind != VALUE_FUNCTION)
		d->made.notebook = as_text(s, contents);
}

static void file_error(struct session *s, enum diag_code code, struct str name,
		       const char *text)
{
	session_error_here(
		s, code, name,
		arena_printf(s->arena, "\"%.*s\" %s", STR_ARG(name), text));
}

/* The file that the config names, as seen from the file that calls; NULL after
 * an error. */
static const struct source *load(struct session *s, struct str name,
				 struct str path)
{
	if (!name.n)
		session_error_here(s, DIAG_BAD_CONFIG_VALUE, name,
				   STR("a notebook needs a filename"));
	else if (!path.n)
		file_error(s, DIAG_UNREADABLE_FILE, name,
			   "is outside of the project");
	else if (!str_is(path_extension(path), "ipynb"))
		file_error(s, DIAG_UNREADABLE_FILE, name, "is no .ipynb file");
	else if (!s->tree->ops->has(s->tree, path.p))
		file_error(s, DIAG_UNREADABLE_FILE, name, "is not there");
	else
		return source_load(s->tree, path, s->arena, s->diags);
	return NULL;
}

static const struct value *
with_filename(struct session *s, const struct value *config, struct str path)
{
	struct value copy = value_object(s->arena, config->n);

	for (uint32_t i = 0; i < config->n; i++)
		value_put(&copy, config->members[i].key,
			  config->members[i].value);
	replace(&copy, "filename", value_string(path));
	return value_copy(s->arena, copy);
}

struct draft *notebook_new(struct session *s, const struct value *config,
			   struct origin origin)
{
	struct str name = value_get_str(config, "filename"), path = {0};
	struct str caller = {0};
	const struct source *src;
	struct draft *d;

	if (origin.place.src)
		caller = origin.place.src->path;
	if (name.n) {
		path = path_beside(s->arena, caller, name);
		origin.name = path_stem(name);
		if (path.n)
			config = with_filename(s, config, path);
	}
	d = draft_new(s, ACTION_NOTEBOOK, config, origin);
	if (!d)
		return NULL;
	src = load(s, name, path);
	if (!src || !notebook_read(s, src, caller, &d->made.notebook))
		return NULL;
	return d;
}
