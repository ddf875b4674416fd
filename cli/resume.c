/*
 * Only what was given is kept: what the project says by itself it says again.
 * Dates that its JavaScript asks for are those of the first compile.
 */
#include "cli/resume.h"

#include <string.h>

#include "base/arena.h"
#include "base/ascii.h"

enum { ROOM = 10, OVERRIDES_ROOM = 16 };

static void put_flag(struct value *v, const char *key, bool flag)
{
	if (flag)
		value_put(v, str_of(key), value_bool(true));
}

static void put_text(struct value *v, const char *key, struct str text)
{
	if (text.n)
		value_put(v, str_of(key), value_string(text));
}

static void put_list(struct value *v, const char *key,
		     const struct str_vec *list, struct arena *arena)
{
	struct value items = value_array(arena, (uint32_t)list->n);

	for (size_t i = 0; i < list->n; i++)
		value_push(&items, value_string(list->v[i]));
	if (list->n)
		value_put(v, str_of(key), items);
}

static void put_overrides(struct value *v, const struct project_args *p,
			  struct arena *arena)
{
	const struct overrides *o = &p->overrides;
	struct value all = value_object(arena, OVERRIDES_ROOM);
	struct value vars = value_object(arena, (uint32_t)p->vars.n);

#define KEY(name, field) put_text(&all, #name, o->field);
	OVERRIDE_STRINGS(KEY)
#undef KEY
	put_flag(&all, "disableAssertions", o->disable_assertions);
	if (all.n)
		value_put(v, STR("overrides"), all);
	for (size_t i = 0; i < p->vars.n; i++)
		value_put(&vars, p->vars.v[i].name,
			  value_string(p->vars.v[i].value));
	if (vars.n)
		value_put(v, STR("vars"), vars);
}

struct value asked_print(const struct asked *a, const struct project *p,
			 struct arena *arena)
{
	struct value v = value_object(arena, ROOM);

	value_put(&v, STR("compiled"), value_number((double)p->epoch));
	put_list(&v, "actions", &a->selection->actions, arena);
	put_list(&v, "tags", &a->selection->tags, arena);
	put_flag(&v, "includeDeps", a->selection->include_deps);
	put_flag(&v, "includeDependents", a->selection->include_dependents);
	put_flag(&v, "fullRefresh", *a->full_refresh);
	put_list(&v, "reload", a->reload, arena);
	put_text(&v, "from", *a->from);
	put_text(&v, "to", *a->to);
	put_overrides(&v, a->project, arena);
	return v;
}

/* What of it the journal did not keep. */
static bool has_null(const struct value *v)
{
	if (v->kind == VALUE_ARRAY)
		for (uint32_t i = 0; i < v->n; i++)
			if (has_null(&v->items[i]))
				return true;
	if (v->kind == VALUE_OBJECT)
		for (uint32_t i = 0; i < v->n; i++)
			if (has_null(&v->members[i].value))
				return true;
	return v->kind == VALUE_NULL;
}

static bool check(const struct past_run *run, struct error *err)
{
	const struct value *compiled = value_get(run->asked, "compiled");

	if (!compiled || compiled->kind != VALUE_NUMBER) {
		error_set(err, ERROR_USAGE,
			  "run %.*s cannot be resumed: what it was asked for "
			  "was not recorded",
			  STR_ARG(run->id));
		return error_hint(err, "start a new one: weir run");
	}
	if (!has_null(run->asked))
		return true;
	error_set(err, ERROR_USAGE,
		  "run %.*s cannot be resumed: an option had a secret in it, "
		  "which was not recorded",
		  STR_ARG(run->id));
	return error_hint(err, "start a new one with the same options");
}

static bool flag_at(const struct value *v, const char *key)
{
	const struct value *flag = value_get(v, key);

	return flag && value_is_truthy(flag);
}

static void read_list(const struct value *v, const char *key,
		      struct arena *arena, struct str_vec *out)
{
	struct strs list = value_strings(arena, value_get(v, key));

	for (size_t i = 0; i < list.n; i++)
		VEC_PUSH(arena, out, list.v[i]);
}

static void read_overrides(const struct value *v, struct project_args *p,
			   struct arena *arena)
{
	const struct value *all = value_get(v, "overrides");
	const struct value *vars = value_get(v, "vars");

#define KEY(name, field) p->overrides.field = value_get_str(all, #name);
	OVERRIDE_STRINGS(KEY)
#undef KEY
	p->overrides.disable_assertions = flag_at(all, "disableAssertions");
	for (uint32_t i = 0; vars && i < vars->n; i++) {
		struct variable var = {vars->members[i].key,
				       vars->members[i].value.string};

		VEC_PUSH(arena, &p->vars, var);
	}
}

bool asked_read(const struct asked *a, const struct past_run *run,
		struct arena *arena, struct error *err)
{
	const struct value *v = run->asked;

	if (!check(run, err))
		return false;
	a->project->target = run->target;
	a->project->has_epoch = true;
	a->project->epoch = (uint64_t)value_get(v, "compiled")->number;
	read_list(v, "actions", arena, &a->selection->actions);
	read_list(v, "tags", arena, &a->selection->tags);
	a->selection->include_deps = flag_at(v, "includeDeps");
	a->selection->include_dependents = flag_at(v, "includeDependents");
	*a->full_refresh = flag_at(v, "fullRefresh");
	read_list(v, "reload", arena, a->reload);
	*a->from = value_get_str(v, "from");
	*a->to = value_get_str(v, "to");
	read_overrides(v, a->project, arena);
	return true;
}

static bool is_given(const struct opt *o, const void *base)
{
	const char *at = (const char *)base + o->offset;

	switch (o->type) {
	case OPT_FLAG:
	case OPT_OFF:
		return *(const bool *)at;
	case OPT_STRING:
		return ((const struct str *)(const void *)at)->p != NULL;
	case OPT_LIST:
		return ((const struct str_vec *)(const void *)at)->n > 0;
	case OPT_VARS:
	case OPT_VAR:
		return ((const struct var_vec *)(const void *)at)->n > 0;
	default:
		return false; /* how to run, not what */
	}
}

static bool is_listed(const char *name, const char *const *only)
{
	while (only && *only && strcmp(name, *only) != 0)
		only++;
	return !only || *only;
}

bool asked_is_new(const struct opt *opts, const char *const *only,
		  const void *base, struct error *err)
{
	for (const struct opt *o = opts; o->name; o++) {
		if (!is_listed(o->name, only) || !is_given(o, base))
			continue;
		error_set(err, ERROR_USAGE,
			  "--%s cannot be given beside --resume: what the run "
			  "was started with counts",
			  o->name);
		return error_hint(err, "leave it out, or start a new run "
				       "without --resume");
	}
	return true;
}

bool is_run_id(const char *arg)
{
	size_t n = strlen(arg);

	for (size_t i = n > 4 ? n - 4 : 0; i < n; i++)
		if (!ascii_is_digit(arg[i]) && (arg[i] < 'a' || arg[i] > 'f'))
			return false;
	return n == 4 ||
	       (n == sizeof("2026-11-22T10-02-11Z-4f1c") - 1 && arg[10] == 'T');
}
