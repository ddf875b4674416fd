/*
 * Dataform reads actions.yaml by way of a protocol buffer, which makes text of
 * numbers and knows the enumerations by names of their own. Those that it does
 * not know it drops without a word; here they are errors, because the table
 * would be built in another way than its config says.
 */
#include "compiler/actions/actions_yaml.h"

#include "base/arena.h"
#include "base/array.h"
#include "compiler/config/config_int.h"

/* Name here, name in configs. */
struct choice {
	const char *written, *name;
};

static const struct choice on_schema_change[] = {
	{"IGNORE", "IGNORE"},
	{"FAIL", "FAIL"},
	{"EXTEND", "EXTEND"},
	{"SYNCHRONIZE", "SYNCHRONIZE"},
};

static const struct choice strategies[] = {
	{"INCREMENTAL_STRATEGY_UNSPECIFIED",
	 "INCREMENTAL_STRATEGY_UNSPECIFIED"},
	{"INCREMENTAL_STRATEGY_MERGE", "MERGE"},
	{"INCREMENTAL_STRATEGY_INSERT_OVERWRITE", "INSERT_OVERWRITE"},
};

static const struct choice file_formats[] = {
	{"FILE_FORMAT_UNSPECIFIED", ""},
	{"PARQUET", "PARQUET"},
};

static const struct {
	const char *key;
	const struct choice *choices;
	size_t n;
} enums[] = {
	{"onSchemaChange", on_schema_change, ARRAY_LEN(on_schema_change)},
	{"incrementalStrategy", strategies, ARRAY_LEN(strategies)},
	{"fileFormat", file_formats, ARRAY_LEN(file_formats)},
};

static struct span value_span(const struct entry *e, const struct value *v)
{
	return yaml_file_span(e->file, v->line, v->column, v->string.n);
}

/* MERGE alone is no name that Dataform knows here. It drops it, and builds the
 * same table, because what has a unique key is merged anyway. */
static bool drop_merge(const struct entry *e, struct member *m)
{
	struct diag *d;

	if (!str_is(m->key, "incrementalStrategy") ||
	    !str_is(m->value.string, "MERGE") ||
	    !value_is_truthy(value_get(&e->kind->value, "uniqueKey")))
		return false;
	d = diag_warn(e->s->diags, DIAG_BAD_CONFIG_VALUE,
		      value_span(e, &m->value),
		      "\"MERGE\" is no strategy of actions.yaml and counts as "
		      "none");
	diag_help(e->s->diags, d, "write INCREMENTAL_STRATEGY_MERGE");
	m->value.kind = VALUE_UNDEFINED;
	return true;
}

static void report_choice(const struct entry *e, const struct member *m,
			  const struct choice *choices, size_t n)
{
	struct str known[4], near;
	struct str text = m->value.string;
	struct diag *d = diag_add(e->s->diags, DIAG_BAD_CONFIG_VALUE,
				  value_span(e, &m->value),
				  "\"%.*s\" is no value of \"%.*s\"",
				  STR_ARG(text), STR_ARG(m->key));

	for (size_t i = 0; i < n; i++) {
		known[i] = str_of(choices[i].written);
		if (str_eq_nocase(text, known[i]) ||
		    str_eq_nocase(text, str_of(choices[i].name))) {
			diag_help(e->s->diags, d, "write %s",
				  choices[i].written);
			return;
		}
	}
	near = suggest(text, known, n);
	if (near.p)
		diag_help(e->s->diags, d, "did you mean \"%.*s\"?",
			  STR_ARG(near));
}

static bool convert_enum(const struct entry *e, struct member *m)
{
	const struct choice *choices = NULL;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(enums); i++) {
		if (!str_is(m->key, enums[i].key))
			continue;
		choices = enums[i].choices;
		n = enums[i].n;
	}
	for (size_t i = 0; i < n; i++) {
		bool same =
			m->value.kind == VALUE_NUMBER
				? m->value.number == (double)i
				: str_is(m->value.string, choices[i].written);

		if (!same)
			continue;
		m->value.kind = VALUE_STRING;
		m->value.string = str_of(choices[i].name);
		return true;
	}
	if (m->value.kind == VALUE_STRING && !drop_merge(e, m))
		report_choice(e, m, choices, n);
	return m->value.kind != VALUE_STRING;
}

static void make_text(const struct entry *e, struct value *v)
{
	if (v->kind == VALUE_NUMBER)
		v->string = value_number_text(e->s->arena, v->number);
	else if (v->kind == VALUE_BOOL)
		v->string = v->boolean ? STR("true") : STR("false");
	else
		return;
	v->kind = VALUE_STRING;
}

static bool convert_object(const struct entry *e, const struct schema *s,
			   uint32_t kinds, struct value *v);

static bool convert_items(const struct entry *e, const struct schema_field *f,
			  struct value *v)
{
	struct value *items = ARENA_NEW(e->s->arena, struct value, v->n + 1);
	bool ok = true;

	for (uint32_t i = 0; i < v->n; i++) {
		items[i] = v->items[i];
		if (f->type == FIELD_STRINGS)
			make_text(e, &items[i]);
		else if (items[i].kind == VALUE_OBJECT)
			ok = convert_object(e, f->message, SCHEMA_ALL,
					    &items[i]) &&
			     ok;
	}
	v->items = items;
	return ok;
}

static void convert_map(const struct entry *e, struct value *v)
{
	struct member *members =
		ARENA_NEW(e->s->arena, struct member, v->n + 1);

	for (uint32_t i = 0; i < v->n; i++) {
		members[i] = v->members[i];
		make_text(e, &members[i].value);
	}
	v->members = members;
}

static bool convert_member(const struct entry *e, const struct schema_field *f,
			   struct member *m)
{
	struct value *v = &m->value;

	switch (f->type) {
	case FIELD_STRING:
	case FIELD_TEXT:
		make_text(e, v);
		return true;
	case FIELD_ENUM:
		return (v->kind != VALUE_STRING && v->kind != VALUE_NUMBER) ||
		       convert_enum(e, m);
	case FIELD_STRINGS:
	case FIELD_MESSAGES:
		return v->kind != VALUE_ARRAY || convert_items(e, f, v);
	case FIELD_STRING_MAP:
		if (v->kind == VALUE_OBJECT)
			convert_map(e, v);
		return true;
	case FIELD_MESSAGE:
		return v->kind != VALUE_OBJECT ||
		       convert_object(e, f->message, SCHEMA_ALL, v);
	case FIELD_BOOL:
	case FIELD_FLAG:
	case FIELD_TRUE_OR_FALSE:
	case FIELD_INT:
	case FIELD_STRUCT:
	case FIELD_ANY:
		break;
	}
	return true;
}

static bool convert_object(const struct entry *e, const struct schema *s,
			   uint32_t kinds, struct value *v)
{
	struct member *members =
		ARENA_NEW(e->s->arena, struct member, v->n + 1);
	bool ok = true;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct schema_field *f;

		members[i] = v->members[i];
		f = schema_find(s, members[i].key, kinds);
		if (f)
			ok = convert_member(e, f, &members[i]) && ok;
	}
	v->members = members;
	return ok;
}

bool entry_convert(struct entry *e)
{
	struct schema keys = config_keys(e->type);

	e->config = e->kind->value;
	return convert_object(e, &keys, CONFIG_BIT(e->type), &e->config);
}
