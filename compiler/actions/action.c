/*
 * Drafts of actions from checked configs: what actions of every type have, and
 * the assertions that a table asks for. What is printed, and when, is
 * Dataform's to the letter.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

/* In the order in which they are printed. What comes from a config has a
 * description, be it empty. */
static struct value column_printed(struct session *s, const struct value *c,
				   bool is_config)
{
	static const char *const lists[] = {"path", "tags",
					    "bigqueryPolicyTags"};
	const struct value *text = value_get(c, "description");
	struct value out = value_object(s->arena, c->n + 1);

	if (text && text->kind == VALUE_STRING)
		value_put(&out, STR("description"), *text);
	else if (is_config)
		value_put(&out, STR("description"), value_string(STR("")));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct value *list = value_get(c, lists[i]);

		if (list && list->kind == VALUE_ARRAY && list->n > 0)
			value_put(&out, str_of(lists[i]), *list);
	}
	return out;
}

void draft_set_columns(struct session *s, struct draft *d,
		       const struct value *columns, bool is_config)
{
	struct value out;

	if (!columns || columns->kind != VALUE_ARRAY)
		return;
	out = value_array(s->arena, columns->n);
	for (uint32_t i = 0; i < columns->n; i++)
		value_push(&out,
			   column_printed(s, &columns->items[i], is_config));
	d->columns = value_copy(s->arena, out);
}

void draft_add_dependencies(struct session *s, struct draft *d,
			    const struct value *list)
{
	if (!list || list->kind != VALUE_ARRAY)
		return;
	for (uint32_t i = 0; i < list->n; i++) {
		const struct value *v = &list->items[i];
		const struct value *flag =
			value_get(v, "includeDependentAssertions");
		struct target t = {
			.database = value_get_str(v, "project"),
			.schema = value_get_str(v, "dataset"),
			.name = value_get_str(v, "name"),
		};

		draft_depend(s, d, &t,
			     !flag                   ? INCLUDE_UNSET
			     : value_is_truthy(flag) ? INCLUDE_YES
						     : INCLUDE_NO);
	}
}

static bool is_true(const struct value *config, const char *key)
{
	return value_is_truthy(value_get(config, key));
}

static void set_hermeticity(struct draft *d, const struct value *config)
{
	bool hermetic = is_true(config, "hermetic");

	if (hermetic)
		d->made.hermeticity = HERMETIC;
	else if (draft_has_flags(d))
		d->made.hermeticity = NON_HERMETIC;
}

static void set_tags(struct session *s, struct draft *d,
		     const struct value *config)
{
	struct strs tags = value_strings(s->arena, value_get(config, "tags"));

	for (size_t i = 0; i < tags.n; i++)
		draft_add_tag(s, d, tags.v[i]);
}

static void apply_common_config(struct session *s, struct draft *d,
				const struct value *config)
{
	d->include_assertions = is_true(config, "dependOnDependencyAssertions");
	draft_add_dependencies(s, d, value_get(config, "dependencyTargets"));
	set_hermeticity(d, config);
	set_tags(s, d, config);
	if (is_true(config, "disabled") || (d->made.type == ACTION_ASSERTION &&
					    s->settings->disable_assertions))
		draft_set_disabled(d, true);
	if (is_true(config, "description"))
		d->description = value_get_str(config, "description");
	if (is_true(config, "reservation"))
		d->reservation = value_get_str(config, "reservation");
	d->metadata = value_get(config, "metadata");
	d->weir = value_get(config, "weir");
	if (value_get(config, "columns") && value_get(config, "columns")->n)
		draft_set_columns(s, d, value_get(config, "columns"), true);
}

struct draft *draft_new(struct session *s, enum action_type type,
			const struct value *written, struct origin origin)
{
	const struct value *assertions;
	struct value config;
	struct draft *d;

	if (!config_check(type, written, origin.config, s->arena, s->diags,
			  &config))
		return NULL;
	d = draft_start(s, type, origin, value_get_str(&config, "filename"));
	d->written = written;
	draft_set_names(s, d, &config, origin.name);
	apply_common_config(s, d, &config);
	assertions = value_get(&config, "assertions");
	if (assertions && assertions->kind == VALUE_OBJECT)
		draft_add_assertions(s, d, assertions);
	if (type == ACTION_OPERATION)
		d->made.has_output = is_true(&config, "hasOutput");
	else if (type <= ACTION_INCREMENTAL &&
		 !draft_apply_table_config(s, d, &config))
		return NULL;
	return d;
}

static void add_assertion(struct session *s, struct draft *parent,
			  const struct inline_assertion *a)
{
	struct value config = value_object(s->arena, 1);
	struct origin origin = {
		.config = parent->config,
		.place = {parent->made.place.src, parent->made.place.offset,
			  parent->made.place.offset},
		.name = a->name,
	};
	struct draft *d;

	if (parent->made.file.p)
		value_put(&config, STR("filename"),
			  value_string(parent->made.file));
	d = draft_new(s, ACTION_ASSERTION, &config, origin);
	if (!d)
		return;
	d->inline_kind = a->kind;
	d->conditions = a->conditions;
	d->parent = parent;
	d->parent_target = parent->target;
	for (size_t i = 0; i < parent->tags.n; i++)
		draft_add_tag(s, d, parent->tags.v[i]);
	if (parent->made.disabled)
		draft_set_disabled(d, true);
	draft_push(s, d);
	VEC_PUSH(s->arena, &parent->assertions, d);
}

void draft_add_assertions(struct session *s, struct draft *parent,
			  const struct value *config)
{
	struct inline_assertions all;

	assertions_of(s, parent, config, &all);
	parent->assertions.n = 0;
	for (size_t i = 0; i < all.n; i++)
		add_assertion(s, parent, &all.v[i]);
}
