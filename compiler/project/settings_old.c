/*
 * A project of Dataform 1 or 2 says in dataform.json how its tool should run:
 * how many queries at once, how often to try again. Today's tool refuses such
 * keys; they say nothing about the graph, so weir leaves them out and warns.
 * One did: gcloudProjectId, which defaultDatabase took the place of.
 */
#include "compiler/project/settings_old.h"

#include "base/arena.h"
#include "base/buf.h"
#include "compiler/project/schema.h"

static const char project_id[] = "gcloudProjectId";

static bool is_old(struct str key)
{
	static const char *const old[] = {project_id, "useRunCache",
					  "concurrentQueryLimit",
					  "idempotentActionRetries"};

	for (size_t i = 0; i < sizeof(old) / sizeof(*old); i++)
		if (str_is(key, old[i]))
			return true;
	return false;
}

static void put_name(struct buf *b, struct str key)
{
	buf_printf(b, "%s\"%.*s\"", b->n ? ", " : "", STR_ARG(key));
}

static void warn(const struct member *first, const struct buf *names,
		 const char *help, const struct source *src,
		 struct diags *diags)
{
	const struct schema_path path = {NULL, first->key, first->line,
					 first->column};
	const struct schema_reader r = {.diags = diags, .place = src};
	struct diag *d = diag_warn(
		diags, DIAG_OLD_SETTING, schema_locate_source(&r, &path),
		"only Dataform 1 and 2 knew %.*s", STR_ARG(buf_str(names)));

	diag_help(diags, d, "%s", help);
}

void settings_drop_old(struct value *object, const struct source *src,
		       struct arena *arena, struct diags *diags)
{
	bool has_database = value_get(object, "defaultDatabase") != NULL;
	const char *help = "such keys have no effect: remove them";
	struct value kept = value_object(arena, object->n);
	const struct member *first = NULL;
	struct buf names = {0};

	for (uint32_t i = 0; i < object->n; i++) {
		const struct member *m = &object->members[i];

		if (!is_old(m->key)) {
			kept.members[kept.n++] = *m;
			continue;
		}
		first = first ? first : m;
		put_name(&names, m->key);
		if (str_is(m->key, project_id) && !has_database &&
		    m->value.kind == VALUE_STRING) {
			value_put(&kept, STR("defaultDatabase"), m->value);
			help = "call \"gcloudProjectId\" "
			       "\"defaultDatabase\", and remove other such "
			       "keys: they have no effect";
		}
	}
	if (first)
		warn(first, &names, help, src, diags);
	buf_free(&names);
	*object = kept;
}
