/*
 * Options that Dataform does not have. They stand below weir in a config, or in
 * weir.yaml. Each has a type of its own here, stricter than Dataform's: nothing
 * is converted. A value is read into the member of struct weir_options that the
 * table of keys names.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/moment.h"
#include "compiler/config/config_int.h"

typedef bool read_fn(struct schema_reader *r, const struct schema_path *path,
		     const struct value *in, struct weir_options *o, void *out);

bool config_weir_wrong_type(struct schema_reader *r,
			    const struct schema_path *path, const char *wanted,
			    const struct value *in, const char *help)
{
	struct diag *d =
		schema_error(r, path, "\"%.*s\" must be %s, not %s",
			     STR_ARG(path->key), wanted, value_noun(in));

	if (help)
		diag_help(r->diags, d, "%s", help);
	return false;
}

static bool bad_value(struct schema_reader *r, const struct schema_path *path,
		      const struct value *in, const char *help)
{
	struct diag *d =
		schema_error(r, path, "\"%.*s\" is no value of \"%.*s\"",
			     STR_ARG(in->string), STR_ARG(path->key));

	diag_help(r->diags, d, "%s", help);
	return false;
}

/* One of n words, as its number. */
static bool read_word(struct schema_reader *r, const struct schema_path *path,
		      const struct value *in, const char *const *words,
		      size_t n, size_t *out)
{
	struct str known[2], near;
	const char *help;

	assert(n == ARRAY_LEN(known));
	help = arena_cstr(r->arena,
			  arena_printf(r->arena, "write \"%s\" or \"%s\"",
				       words[0], words[1]));
	if (in->kind != VALUE_STRING)
		return config_weir_wrong_type(r, path, "a string", in, help);
	for (*out = 0; *out < n; ++*out) {
		known[*out] = str_of(words[*out]);
		if (str_eq(in->string, known[*out]))
			return true;
	}
	near = suggest(in->string, known, n);
	if (near.p)
		help = arena_cstr(r->arena,
				  arena_printf(r->arena,
					       "did you mean \"%.*s\"?",
					       STR_ARG(near)));
	return bad_value(r, path, in, help);
}

static bool read_STRATEGY(struct schema_reader *r,
			  const struct schema_path *path,
			  const struct value *in, struct weir_options *o,
			  void *out)
{
	static const char *const words[] = {"delete+insert", "window"};
	size_t i;

	(void)out;
	if (!read_word(r, path, in, words, ARRAY_LEN(words), &i))
		return false;
	o->strategy = i == 0 ? WEIR_DELETE_INSERT : WEIR_WINDOW;
	return true;
}

static bool read_SEVERITY(struct schema_reader *r,
			  const struct schema_path *path,
			  const struct value *in, struct weir_options *o,
			  void *out)
{
	static const char *const words[] = {"error", "warn"};
	size_t i;

	(void)out;
	if (!read_word(r, path, in, words, ARRAY_LEN(words), &i))
		return false;
	o->only_warns = i == 1;
	return true;
}

static bool read_TEXT(struct schema_reader *r, const struct schema_path *path,
		      const struct value *in, struct weir_options *o, void *out)
{
	(void)o;
	if (in->kind != VALUE_STRING)
		return config_weir_wrong_type(r, path, "a string", in, NULL);
	if (str_trim(in->string).n == 0) {
		schema_error(r, path, "\"%.*s\" is empty", STR_ARG(path->key));
		return false;
	}
	*(struct str *)out = in->string;
	return true;
}

/* A bare number, which an option of a command may have, says no unit. */
static bool read_DURATION(struct schema_reader *r,
			  const struct schema_path *path,
			  const struct value *in, struct weir_options *o,
			  void *out)
{
	static const char help[] =
		"write a time such as \"90s\", \"20m\", \"2h\" or \"1d\"";

	(void)o;
	if (in->kind != VALUE_STRING)
		return config_weir_wrong_type(r, path, "a duration", in, help);
	if (in->string.n == 0 || in->string.p[in->string.n - 1] < 'a' ||
	    !duration_read(in->string, out))
		return bad_value(r, path, in, help);
	return true;
}

static bool read_TIME(struct schema_reader *r, const struct schema_path *path,
		      const struct value *in, struct weir_options *o, void *out)
{
	static const char help[] =
		"write a date or a timestamp, \"2026-01-31\" or "
		"\"2026-01-31T06:00:00Z\"";
	int64_t micros;

	(void)o;
	if (in->kind != VALUE_STRING)
		return config_weir_wrong_type(r, path, "a date", in, help);
	if (!moment_read(MOMENT_TIMESTAMP, in->string, &micros) ||
	    micros % 1000)
		return bad_value(r, path, in, help);
	*(int64_t *)out = micros / 1000;
	return true;
}

static bool read_COUNT(struct schema_reader *r, const struct schema_path *path,
		       const struct value *in, struct weir_options *o,
		       void *out)
{
	(void)o;
	if (in->kind != VALUE_NUMBER)
		return config_weir_wrong_type(
			r, path, "a number", in,
			"write a whole number without quotes");
	if (!(in->number >= 0 && in->number <= (double)(INT64_C(1) << 53)) ||
	    in->number != floor(in->number)) {
		schema_error(r, path,
			     "\"%.*s\" must be a whole number, 0 or more",
			     STR_ARG(path->key));
		return false;
	}
	*(int64_t *)out = (int64_t)in->number;
	return true;
}

static bool read_BOOL(struct schema_reader *r, const struct schema_path *path,
		      const struct value *in, struct weir_options *o, void *out)
{
	(void)o;
	if (in->kind != VALUE_BOOL)
		return config_weir_wrong_type(
			r, path, "true or false", in,
			"write true or false without quotes");
	*(bool *)out = in->boolean;
	return true;
}

static bool read_INDEXES(struct schema_reader *r,
			 const struct schema_path *path, const struct value *in,
			 struct weir_options *o, void *out)
{
	(void)out;
	return config_indexes_read(r, path, in, o);
}

static const struct {
	const char *name;
	read_fn *read;
	size_t offset;
	uint32_t kinds;
} keys[] = {
/* clang-format off */
#define T      CONFIG_BIT(ACTION_TABLE)
#define V      CONFIG_BIT(ACTION_VIEW)
#define I      CONFIG_BIT(ACTION_INCREMENTAL)
#define O      CONFIG_BIT(ACTION_OPERATION)
#define A      CONFIG_BIT(ACTION_ASSERTION)
#define WEIR_KEY(name, type, member, kinds, initial, help) \
	{#name, read_##type, offsetof(struct weir_options, member), kinds},
#include "compiler/config/config_fields.def"
	/* clang-format on */
};

struct str config_weir_name(enum config_weir_key key)
{
	return str_of(keys[key].name);
}

enum config_weir_key config_weir_find(struct str name)
{
	int i = 0;

	while (i < CONFIG_WEIR_NKEYS && !str_is(name, keys[i].name))
		i++;
	return (enum config_weir_key)i;
}

bool config_weir_has(enum config_weir_key key, enum action_type kind)
{
	return keys[key].kinds & CONFIG_BIT(kind);
}

static bool read_value(struct schema_reader *r, enum config_weir_key key,
		       const struct schema_path *path, const struct value *in,
		       struct weir_options *out)
{
	return keys[key].read(r, path, in, out, (char *)out + keys[key].offset);
}

static void refuse_key(struct schema_reader *r, const struct schema_path *path)
{
	struct diag *d = schema_refuse_key(r, &config_weir_schema, path);

	if (str_is(path->key, "weir"))
		diag_help(r->diags, d,
			  "write what is in it here, without \"weir\"");
}

bool config_weir_read(struct schema_reader *r, const struct schema_path *up,
		      const struct value *in, struct value *out)
{
	static const struct schema_field object = {.type = FIELD_STRUCT};
	struct weir_options scratch = {0};
	struct value v;
	bool ok = true;

	*out = value_object(r->arena, 0);
	if (in->kind >= VALUE_BOOL && in->kind <= VALUE_STRING)
		return config_weir_wrong_type(
			r, up, "an object", in,
			"write the options in braces: { timeout: \"20m\" }");
	if (!schema_read_field(r, &object, up, in, &v))
		return false;
	if (v.kind != VALUE_OBJECT)
		return true;
	*out = value_object(r->arena, v.n);
	for (uint32_t i = 0; i < v.n; i++) {
		const struct member *m = &v.members[i];
		const struct schema_path at = {up, m->key, m->line, m->column};
		enum config_weir_key key = config_weir_find(m->key);

		if (m->value.kind == VALUE_UNDEFINED)
			continue;
		if (!schema_find(&config_weir_schema, m->key, r->kinds)) {
			refuse_key(r, &at);
			ok = false;
		} else if (!read_value(r, key, &at, &m->value, &scratch)) {
			ok = false;
		} else {
			out->members[out->n++] = *m;
		}
	}
	return ok;
}

void config_weir_set(struct arena *arena, enum config_weir_key key,
		     const struct value *v, struct weir_options *out)
{
	struct schema_reader r = {.arena = arena, .kinds = SCHEMA_ALL};
	const struct schema_path path = {NULL, config_weir_name(key), 0, 0};
	bool ok = read_value(&r, key, &path, v, out);

	assert(ok);
	(void)ok;
}

void config_weir_refuse(struct schema_reader *r, enum action_type kind,
			const struct schema_path *path)
{
	struct schema_reader of_kind = *r;

	of_kind.kinds = CONFIG_BIT(kind);
	of_kind.kinds_text = config_kinds_text;
	schema_refuse_key(&of_kind, &config_weir_schema, path);
}
