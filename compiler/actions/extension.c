/*
 * The extension of workflow_settings.yaml: an npm package that takes part in
 * the compile, before the project's own files or in place of them. It is told
 * what Dataform tells it.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"
#include "compiler/project/discover.h"
#include "compiler/project/tree.h"

static struct value list_files(struct arena *arena, const struct str_vec *files)
{
	struct value list = value_array(arena, (uint32_t)files->n);

	for (size_t i = 0; i < files->n; i++)
		value_push(&list, value_string(files->v[i]));
	return list;
}

static struct value describe(struct session *s)
{
	const struct extension *e = &s->settings->extension;
	const struct value *options = value_get(e->settings, "options");
	struct value out = value_object(s->arena, 3);

	value_put(&out, STR("name"), value_string(e->name));
	value_put(&out, STR("compilationMode"), value_number(e->mode));
	value_put(&out, STR("options"),
		  options ? *options : value_object(s->arena, 0));
	return out;
}

void session_run_extension(struct session *s, const struct str_vec *files)
{
	const char *root = s->tree->ops->real_root(s->tree);
	struct value request = value_object(s->arena, 1);
	struct value config = value_object(s->arena, 4);
	struct script_error err;

	value_put(&config, STR("filePaths"), list_files(s->arena, files));
	value_put(&config, STR("projectDir"), value_string(str_of(root)));
	value_put(&config, STR("projectConfigOverride"),
		  value_object(s->arena, 0));
	value_put(&config, STR("extension"), describe(s));
	value_put(&request, STR("compileConfig"), config);
	if (!script_run_extension(s->script, s->settings->extension.name,
				  &request, &err))
		session_report(s, &err, s->settings->extension.name, NULL);
}
