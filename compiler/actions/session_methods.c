/*
 * Methods of actions: publish("x").tags("y"). Most can be called on the context
 * of an action too: session_context.c.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

typedef bool method_fn(struct session *s, struct draft *d,
		       struct script_call *call);

static const struct value *arg(const struct script_call *call, uint32_t i)
{
	static const struct value undefined = {.kind = VALUE_UNDEFINED};

	return call->nargs > i ? &call->args[i] : &undefined;
}

static bool refuse(struct session *s, struct script_call *call,
		   const char *text, const char *help)
{
	return session_throw(s, call, DIAG_BAD_CONFIG_VALUE, str_of(text),
			     help);
}

/* Unlike refuse(), lets the call return: Dataform looks at what it was given
 * only later, and then leaves the action out. */
static bool drop(struct session *s, struct draft *d, const char *text,
		 const char *help)
{
	struct diag *diag = session_error_here(s, DIAG_BAD_CONFIG_VALUE,
					       STR(""), str_of(text));

	draft_blame(d, diag);
	if (help)
		diag_help(s->diags, diag, "%s", help);
	d->failed = true;
	return true;
}

/* null, or a list with a null in it. */
static bool has_null(const struct value *v)
{
	for (uint32_t i = 0; v->kind == VALUE_ARRAY && i < v->n; i++)
		if (v->items[i].kind == VALUE_NULL)
			return true;
	return v->kind == VALUE_NULL;
}

static bool is_nothing(const struct value *v)
{
	return v->kind == VALUE_UNDEFINED || v->kind == VALUE_NULL;
}

static bool drop_flag(struct session *s, struct draft *d)
{
	return drop(s, d, "null is neither true nor false", NULL);
}

/* actionDescriptor is printed, though nothing may stand in it. */
static void want_descriptor(struct session *s, struct draft *d)
{
	if (!d->columns)
		d->columns = value_copy(s->arena, value_array(s->arena, 0));
}

static bool set_query(struct session *s, struct draft *d,
		      struct script_call *call)
{
	(void)s;
	d->query = (struct producer){.value = arg(call, 0)};
	return true;
}

static bool set_where(struct session *s, struct draft *d,
		      struct script_call *call)
{
	(void)s;
	d->where = (struct producer){.value = arg(call, 0)};
	return true;
}

static bool add_pre_ops(struct session *s, struct draft *d,
			struct script_call *call)
{
	struct producer p = {.value = arg(call, 0)};

	VEC_PUSH(s->arena, &d->pre, p);
	return true;
}

static bool add_post_ops(struct session *s, struct draft *d,
			 struct script_call *call)
{
	struct producer p = {.value = arg(call, 0)};

	VEC_PUSH(s->arena, &d->post, p);
	return true;
}

static bool set_jit_code(struct session *s, struct draft *d,
			 struct script_call *call)
{
	const struct value *v = arg(call, 0);

	(void)s;
	d->jit = value_is_truthy(v) ? v : NULL;
	d->is_jit = true;
	return true;
}

static bool set_disabled(struct session *s, struct draft *d,
			 struct script_call *call)
{
	const struct value *v = arg(call, 0);

	if (has_null(v))
		return drop_flag(s, d);
	draft_set_disabled(d, v->kind == VALUE_UNDEFINED || value_is_truthy(v));
	return true;
}

static bool set_bigquery(struct session *s, struct draft *d,
			 struct script_call *call)
{
	static const char what[] = "bigquery() takes an object";
	static const char help[] = "write bigquery({partitionBy: \"...\"})";
	const struct value *v = arg(call, 0);

	if (is_nothing(v))
		return refuse(s, call, what, help);
	if ((v->kind == VALUE_ARRAY && v->n > 0) ||
	    (v->kind == VALUE_STRING && v->string.n > 0))
		return drop(s, d, what, help);
	if (v->kind == VALUE_OBJECT && !draft_set_bigquery(s, d, v))
		d->failed = true;
	return true;
}

static bool is_target(const struct value *v)
{
	static const char *const keys[] = {
		"name",    "schema",  "database",
		"dataset", "project", "includeDependentAssertions"};

	for (uint32_t i = 0; v->kind == VALUE_OBJECT && i < v->n; i++) {
		size_t k = 0;

		while (k < sizeof(keys) / sizeof(keys[0]) &&
		       !str_is(v->members[i].key, keys[k]))
			k++;
		if (k == sizeof(keys) / sizeof(keys[0]))
			return false;
	}
	return true;
}

static bool add_dependency(struct session *s, struct draft *d,
			   struct script_call *call, const struct value *v)
{
	struct script_call one = {.nargs = 1};
	enum include_assertions include;
	struct target target;
	struct value copy = *v;

	one.args = &copy;
	if (v->kind != VALUE_STRING && v->kind != VALUE_OBJECT)
		return refuse(s, call, "dependencies() takes names of actions",
			      "write dependencies([\"name\", {schema: \"...\", "
			      "name: \"...\"}])");
	if (!is_target(v))
		return drop(s, d, "a dependency has a key that is unknown",
			    "write {schema: \"...\", name: \"...\"}");
	if (!ref_read(s, &one, &target, &include)) {
		call->error = one.error;
		return false;
	}
	draft_depend(s, d, &target, include);
	return true;
}

static bool add_dependencies(struct session *s, struct draft *d,
			     struct script_call *call)
{
	const struct value *v = arg(call, 0);

	if (v->kind != VALUE_ARRAY)
		return add_dependency(s, d, call, v);
	for (uint32_t i = 0; i < v->n; i++)
		if (!add_dependency(s, d, call, &v->items[i]))
			return false;
	return true;
}

static bool set_hermetic(struct session *s, struct draft *d,
			 struct script_call *call)
{
	(void)s;
	d->made.hermeticity =
		value_is_truthy(arg(call, 0)) ? HERMETIC : NON_HERMETIC;
	call->answer = ANSWER_UNDEFINED;
	return true;
}

static bool add_tags(struct session *s, struct draft *d,
		     struct script_call *call)
{
	const struct value *v = arg(call, 0);
	struct strs tags = value_strings(s->arena, v);

	if (v->kind == VALUE_ARRAY && has_null(v))
		return drop(s, d, "null is no tag", "write tags([\"daily\"])");
	if (v->kind != VALUE_STRING &&
	    (v->kind != VALUE_ARRAY || tags.n != v->n))
		return refuse(s, call, "tags() takes a text or a list of texts",
			      "write tags([\"daily\"])");
	for (size_t i = 0; i < tags.n; i++)
		draft_add_tag(s, d, tags.v[i]);
	return true;
}

static bool set_description(struct session *s, struct draft *d,
			    struct script_call *call)
{
	const struct value *v = arg(call, 0);

	if (has_null(v))
		return drop(s, d, "description() takes a text", NULL);
	if (v->kind != VALUE_STRING && v->kind != VALUE_UNDEFINED)
		return refuse(s, call, "description() takes a text", NULL);
	want_descriptor(s, d);
	if (d->made.type == ACTION_ASSERTION) {
		d->reservation = (struct str){0};
		d->metadata = NULL;
		d->is_jit = false;
	}
	d->description = v->kind == VALUE_STRING ? v->string : (struct str){0};
	return true;
}

static bool are_columns(const struct value *list)
{
	static const char *const lists[] = {"path", "tags",
					    "bigqueryPolicyTags"};

	for (uint32_t i = 0; i < list->n; i++) {
		const struct value *v =
			value_get(&list->items[i], "description");

		if (v && !is_nothing(v) && v->kind != VALUE_STRING)
			return false;
		for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
			v = value_get(&list->items[i], lists[k]);
			if (v && !is_nothing(v) && v->kind != VALUE_ARRAY)
				return false;
		}
	}
	return true;
}

static bool set_columns(struct session *s, struct draft *d,
			struct script_call *call)
{
	static const char help[] = "write columns([{path: [\"id\"], "
				   "description: \"...\"}])";
	const struct value *v = arg(call, 0);

	if (v->kind == VALUE_ARRAY && !has_null(v)) {
		draft_set_columns(s, d, v, false);
		return are_columns(v) ||
		       drop(s, d,
			    "a column has a path, tags and policy tags "
			    "that are lists, and a description",
			    help);
	}
	want_descriptor(s, d);
	return refuse(s, call, "columns() takes a list", help);
}

/* Nothing, as the empty text, is the project's default. */
static bool set_database(struct session *s, struct draft *d,
			 struct script_call *call)
{
	const struct value *v = arg(call, 0);

	if (v->kind != VALUE_STRING && !is_nothing(v))
		return refuse(s, call, "database() takes a text", NULL);
	draft_set_target(s, d, is_nothing(v) ? STR("") : v->string,
			 (struct str){0});
	return true;
}

static bool set_schema(struct session *s, struct draft *d,
		       struct script_call *call)
{
	const struct value *v = arg(call, 0);

	if (v->kind != VALUE_STRING && !is_nothing(v))
		return refuse(s, call, "schema() takes a text", NULL);
	draft_set_target(s, d, (struct str){0},
			 is_nothing(v) ? STR("") : v->string);
	return true;
}

/* Of a list of keys those that are objects; in the place of another one is a
 * key without columns. */
static struct value unique_keys(struct session *s, const struct value *list)
{
	struct value keys = value_array(s->arena, list->n);

	for (uint32_t i = 0; i < list->n; i++) {
		const struct value *columns =
			value_get(&list->items[i], "uniqueKey");
		struct value key = value_object(s->arena, 1);

		value_put(&key, STR("uniqueKey"),
			  columns ? *columns : value_array(s->arena, 0));
		value_push(&keys, key);
	}
	return keys;
}

/* The config table knows what assertions may hold. Unlike in a config, other
 * keys do nothing, and the list of keys must be there. */
static bool set_assertions(struct session *s, struct draft *d,
			   struct script_call *call)
{
	static const char *const names[] = {"uniqueKey", "nonNull",
					    "rowConditions"};
	struct value config = value_object(s->arena, 2), checked;
	struct value taken = value_object(s->arena, 4);
	const struct value *given = arg(call, 0);
	const struct value *keys = value_get(given, "uniqueKeys");

	if (!keys || keys->kind != VALUE_ARRAY)
		return refuse(s, call,
			      "assertions() takes an object with a list of "
			      "uniqueKeys, which may be empty",
			      "write assertions({uniqueKeys: [{uniqueKey: "
			      "[\"id\"]}], nonNull: [\"id\"]})");
	value_put(&taken, STR("uniqueKeys"), unique_keys(s, keys));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct value *v = value_get(given, names[i]);

		if (v)
			value_put(&taken, str_of(names[i]), *v);
	}
	value_put(&config, STR("type"), value_string(STR("view")));
	value_put(&config, STR("assertions"), taken);
	if (!config_check(ACTION_VIEW, &config, d->config, s->arena, s->diags,
			  &checked))
		return session_throw_reported(s, call);
	draft_add_assertions(s, d, value_get(&checked, "assertions"));
	return true;
}

static bool set_include_assertions(struct session *s, struct draft *d,
				   struct script_call *call)
{
	(void)s;
	d->include_assertions = value_is_truthy(arg(call, 0));
	return true;
}

/* Another type is another action, made from the same config, in the place of
 * this one. */
static bool set_type(struct session *s, struct draft *d,
		     struct script_call *call)
{
	static const enum action_type types[] = {ACTION_TABLE, ACTION_VIEW,
						 ACTION_INCREMENTAL};
	struct str name = arg(call, 0)->kind == VALUE_STRING
				  ? arg(call, 0)->string
				  : (struct str){0};
	struct origin origin = {
		.config = d->config,
		.place = {d->made.place.src, d->made.place.offset,
			  d->made.place.offset},
		.name = d->given_name,
	};
	struct draft *other;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!str_is(name, action_type_name(types[i])))
			continue;
		if (d->made.type == types[i])
			return true;
		other = draft_new(s, types[i], d->written, origin);
		if (!other)
			return session_throw_reported(s, call);
		draft_replace(s, d, other);
		call->answer = ANSWER_UNDEFINED;
		return true;
	}
	return session_throw(s, call, DIAG_UNKNOWN_ACTION_TYPE,
			     arena_printf(s->arena,
					  "there is no table type \"%.*s\"",
					  STR_ARG(name)),
			     "types are table, view and incremental");
}

static bool set_materialized(struct session *s, struct draft *d,
			     struct script_call *call)
{
	const struct value *v = arg(call, 0);

	call->answer = ANSWER_UNDEFINED;
	if (has_null(v))
		return drop_flag(s, d);
	d->made.materialized = value_is_truthy(v);
	d->made.materialized_is_set = v->kind != VALUE_UNDEFINED;
	return true;
}

static bool set_protected(struct session *s, struct draft *d,
			  struct script_call *call)
{
	const struct value *v = arg(call, 0);

	if (v->kind == VALUE_ARRAY && has_null(v))
		return drop_flag(s, d);
	d->made.is_protected = v->kind == VALUE_UNDEFINED ||
			       v->kind == VALUE_NULL || value_is_truthy(v);
	return true;
}

static bool set_unique_key(struct session *s, struct draft *d,
			   struct script_call *call)
{
	const struct value *v = arg(call, 0);

	call->answer = ANSWER_UNDEFINED;
	d->made.unique_key = value_strings(s->arena, v);
	if (v->kind == VALUE_UNDEFINED || (v->kind == VALUE_OBJECT && !v->n) ||
	    (v->kind == VALUE_ARRAY && d->made.unique_key.n == v->n))
		return true;
	return drop(s, d, "uniqueKey() takes a list of columns",
		    "write uniqueKey([\"id\"])");
}

static bool set_ipynb(struct session *s, struct draft *d,
		      struct script_call *call)
{
	notebook_set_contents(s, d, arg(call, 0));
	return true;
}

static bool set_has_output(struct session *s, struct draft *d,
			   struct script_call *call)
{
	const struct value *v = arg(call, 0);

	if (has_null(v))
		return drop_flag(s, d);
	d->made.has_output = value_is_truthy(v);
	d->made.has_output_is_set = v->kind != VALUE_UNDEFINED;
	return true;
}

static method_fn *const methods[METHOD_END] = {
	[METHOD_QUERY] = set_query,
	[METHOD_WHERE] = set_where,
	[METHOD_PRE_OPS] = add_pre_ops,
	[METHOD_POST_OPS] = add_post_ops,
	[METHOD_JIT_CODE] = set_jit_code,
	[METHOD_DISABLED] = set_disabled,
	[METHOD_BIGQUERY] = set_bigquery,
	[METHOD_DEPENDENCIES] = add_dependencies,
	[METHOD_HERMETIC] = set_hermetic,
	[METHOD_TAGS] = add_tags,
	[METHOD_DESCRIPTION] = set_description,
	[METHOD_COLUMNS] = set_columns,
	[METHOD_DATABASE] = set_database,
	[METHOD_SCHEMA] = set_schema,
	[METHOD_ASSERTIONS] = set_assertions,
	[METHOD_INCLUDE_ASSERTIONS] = set_include_assertions,
	[METHOD_TYPE] = set_type,
	[METHOD_MATERIALIZED] = set_materialized,
	[METHOD_PROTECTED] = set_protected,
	[METHOD_UNIQUE_KEY] = set_unique_key,
	[METHOD_HAS_OUTPUT] = set_has_output,
	[METHOD_IPYNB] = set_ipynb,
	[METHOD_PROTO] = session_get_proto,
};

bool session_change(struct session *s, struct draft *d,
		    struct script_call *call)
{
	return methods[call->id](s, d, call);
}

bool session_call_method(struct script_call *call)
{
	struct session *s = call->host;

	call->answer = ANSWER_THIS;
	return session_change(s, s->numbers.v[call->object], call);
}
