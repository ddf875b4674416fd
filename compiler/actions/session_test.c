/*
 * Unit tests. A test names a table or view, gives SQL for what it reads, and
 * says what comes out. The table's own query is evaluated a second time, in a
 * context where ref() answers the test's input instead of a name. Inputs and
 * expected rows are SQL of their own: in them no function of the context may
 * be called.
 */
#include "base/arena.h"
#include "base/array.h"
#include "compiler/actions/session.h"
#include "compiler/project/schema.h"

#define KEY(name)                                                              \
	{                                                                      \
		name, FIELD_ANY, SCHEMA_ALL, NULL                              \
	}

static const struct schema_field keys[] = {
	KEY("type"), KEY("dataset"), KEY("name"), KEY("filename"), KEY("tags"),
};
static const struct schema schema = {"a test", keys, ARRAY_LEN(keys)};

struct draft *test_new(struct session *s, struct origin origin)
{
	struct draft *d = draft_start(s, ACTION_TEST, origin, (struct str){0});

	d->test = ARENA_NEW(s->arena, struct draft_test, 1);
	d->made.test_name = origin.name;
	d->target.name = d->made.canonical.name = origin.name;
	return d;
}

static struct span key_span(const struct draft *d, const char *key)
{
	struct str path = str_of(key);

	if (!d->config.src || d->config.start == d->config.end)
		return draft_span(d);
	return config_locate(d->config, &path, 1);
}

static void check_keys(struct session *s, struct draft *d,
		       const struct value *config)
{
	struct schema_reader r = draft_key_reader(s, d);

	for (uint32_t i = 0; i < config->n; i++) {
		const struct schema_path at = {.key = config->members[i].key};
		struct diag *diag;

		if (schema_find(&schema, at.key, SCHEMA_ALL))
			continue;
		diag = schema_refuse_key(&r, &schema, &at);
		draft_blame(d, diag);
		if (!diag->help.n)
			diag_help(s->diags, diag,
				  "a test has type, dataset, name, filename "
				  "and tags");
	}
}

static void bad_value(struct session *s, struct draft *d, const char *key,
		      const char *help)
{
	struct diag *diag =
		draft_error(s, d, DIAG_BAD_CONFIG_VALUE, key_span(d, key),
			    "the %s of a test cannot be understood", key);

	diag_help(s->diags, diag, "%s", help);
	d->failed = true;
}

/* Dataform reads a list twice, and turns it around each time: the canonical
 * target's parts come from the list backwards. */
static struct target turned(const struct value *list, struct target t)
{
	if (list->kind != VALUE_ARRAY || list->n < 2)
		return t;
	return (struct target){
		.database = list->n > 2 ? t.name : (struct str){0},
		.schema = list->n > 2 ? t.schema : t.name,
	};
}

/* Parts that are not set are printed, too. */
static struct target named(struct target dataset, struct str name)
{
	return (struct target){
		.database = dataset.database.p ? dataset.database : STR(""),
		.schema = dataset.schema.p ? dataset.schema : STR(""),
		.name = name,
	};
}

static const char dataset_help[] =
	"write \"name\" or {schema: \"...\", name: \"...\"}";

/* Those that are there and are text; without a name it names nothing. */
static struct target parts_of(const struct value *v)
{
	struct target t = {
		.database = value_get_str(v, "database"),
		.schema = value_get_str(v, "schema"),
		.name = value_get_str(v, "name"),
	};

	if (!t.database.n)
		t.database = value_get_str(v, "project");
	if (!t.schema.n)
		t.schema = value_get_str(v, "dataset");
	if (!t.name.p)
		t.name = STR("");
	return t;
}

static void set_dataset(struct session *s, struct draft *d,
			const struct value *v)
{
	enum include_assertions include;
	struct target t = {.name = STR("")};

	if (v->kind == VALUE_STRING || v->kind == VALUE_ARRAY) {
		if (ref_parse(v, 1, &t, &include) || !t.name.n) {
			bad_value(s, d, "dataset", dataset_help);
			return;
		}
	} else if (v->kind == VALUE_OBJECT) {
		t = parts_of(v);
	}
	d->test->dataset = draft_with_defaults(s, ACTION_TEST, t);
	d->target = named(d->test->dataset, d->made.test_name);
	t = draft_with_defaults(s, ACTION_TEST, turned(v, t));
	d->made.canonical = named(t, d->made.test_name);
}

static void set_tags(struct session *s, struct draft *d, const struct value *v)
{
	struct strs tags = value_strings(s->arena, v);

	d->tags.n = 0;
	if (v->kind == VALUE_OBJECT && v->n == 0)
		return;
	if (v->kind != VALUE_ARRAY || tags.n != v->n) {
		bad_value(s, d, "tags", "write tags: [\"daily\"]");
		return;
	}
	for (size_t i = 0; i < tags.n; i++)
		VEC_PUSH(s->arena, &d->tags, tags.v[i]);
}

static void check_text(struct session *s, struct draft *d,
		       const struct value *config, const char *key,
		       const char *help)
{
	const struct value *v = value_get(config, key);

	if (value_is_truthy(v) && v->kind != VALUE_STRING)
		bad_value(s, d, key, help);
}

void test_configure(struct session *s, struct draft *d,
		    const struct value *config)
{
	const struct value *dataset = value_get(config, "dataset");
	const struct value *tags = value_get(config, "tags");
	struct str name = value_get_str(config, "name");
	struct str file = value_get_str(config, "filename");

	check_keys(s, d, config);
	check_text(s, d, config, "name", "write name: \"...\"");
	check_text(s, d, config, "filename", "write filename: \"...\"");
	if (file.n)
		d->made.file = file;
	if (name.n)
		d->made.test_name = name;
	if (value_is_truthy(dataset))
		set_dataset(s, d, dataset);
	if (value_is_truthy(tags))
		set_tags(s, d, tags);
}

void test_add_input(struct session *s, struct draft *d,
		    const struct target *name, struct producer query)
{
	struct test_input input = {*name, query};

	VEC_PUSH(s->arena, &d->test->inputs, input);
}

static bool refuse(struct session *s, struct script_call *call,
		   const char *text, const char *help)
{
	return session_throw(s, call, DIAG_BAD_TEST, str_of(text), help);
}

static bool call_input(struct session *s, struct draft *d,
		       struct script_call *call)
{
	struct producer query = {.src = d->made.place.src};
	enum include_assertions include;
	struct target name;

	if (call->nargs < 1 || ref_parse(call->args, 1, &name, &include))
		return refuse(s, call,
			      "input() takes the name of an action and SQL",
			      "write input(\"name\", \"SELECT 1 AS id\")");
	if (call->nargs > 1)
		query.value = &call->args[1];
	test_add_input(s, d, &name, query);
	return true;
}

bool session_call_test(struct script_call *call)
{
	static const struct value none = {.kind = VALUE_UNDEFINED};
	struct session *s = call->host;
	struct draft *d = s->numbers.v[call->object];
	const struct value *v = call->nargs > 0 ? &call->args[0] : &none;

	call->answer = ANSWER_THIS;
	if (call->id == METHOD_INPUT)
		return call_input(s, d, call);
	if (call->id == METHOD_EXPECT) {
		d->query = (struct producer){.value = v};
		return true;
	}
	if (call->id == METHOD_DATASET) {
		set_dataset(s, d, v);
		return true;
	}
	if (v->kind != VALUE_OBJECT)
		return refuse(s, call, "config() takes an object",
			      "write config({dataset: \"name\"})");
	test_configure(s, d, v);
	return true;
}

static const struct test_input *find_input(const struct draft *d,
					   const struct target *name)
{
	const struct test_input *all = d->test->inputs.v;

	for (size_t i = d->test->inputs.n; i-- > 0;)
		if (target_eq(&all[i].name, name))
			return &all[i];
	return NULL;
}

/* "schema", "name": as ref() and input have it. */
static struct str quoted_parts(struct arena *arena, const struct target *t)
{
	if (t->database.n)
		return arena_printf(arena, "\"%.*s\", \"%.*s\", \"%.*s\"",
				    STR_ARG(t->database), STR_ARG(t->schema),
				    STR_ARG(t->name));
	if (t->schema.n)
		return arena_printf(arena, "\"%.*s\", \"%.*s\"",
				    STR_ARG(t->schema), STR_ARG(t->name));
	return arena_printf(arena, "\"%.*s\"", STR_ARG(t->name));
}

/* The tested table asks; what is wrong is the test. */
static void report_missing(struct session *s, const struct draft *d,
			   const struct target *wanted)
{
	const struct test_input *near = NULL;
	struct str parts = quoted_parts(s->arena, wanted);
	struct diag *diag = draft_error(s, d, DIAG_BAD_TEST, draft_span(d),
					"the test has no input for ref(%.*s)",
					STR_ARG(parts));

	for (size_t i = 0; i < d->test->inputs.n; i++)
		if (str_eq(d->test->inputs.v[i].name.name, wanted->name))
			near = &d->test->inputs.v[i];
	if (near)
		diag_help(s->diags, diag,
			  "write input %.*s, as ref() has it, not input %.*s",
			  STR_ARG(parts),
			  STR_ARG(quoted_parts(s->arena, &near->name)));
	else
		diag_help(s->diags, diag,
			  "add input %.*s { SELECT ... } to the test",
			  STR_ARG(parts));
}

static bool answer(struct script_call *call, struct str text)
{
	call->answer = ANSWER_VALUE;
	call->value = value_string(text);
	return true;
}

static bool answer_input(struct session *s, struct draft *d,
			 struct script_call *call)
{
	const struct test_input *input;
	enum include_assertions include;
	struct alias_input used;
	struct target wanted;
	struct str sql = {0};

	if (!ref_read(s, call, &wanted, &include))
		return false;
	input = find_input(d, &wanted);
	if (!input) {
		report_missing(s, d, &wanted);
		return answer(call, STR(""));
	}
	evaluate_text(s, d, &input->query, EVALUATE_ALONE, NULL, &sql);
	if (d->failed)
		return session_throw_reported(s, call);
	used.name = wanted.name;
	used.text = arena_printf(s->arena, "(%.*s)", STR_ARG(sql));
	VEC_PUSH(s->arena, &d->test->used, used);
	return answer(call, used.text);
}

bool test_call_context(struct session *s, struct draft *d, enum evaluation e,
		       struct script_call *call)
{
	if (e == EVALUATE_ALONE)
		return refuse(s, call,
			      "inputs and expected rows of a test are SQL of "
			      "their own: nothing of the project can be named "
			      "in them",
			      "write the rows: SELECT 1 AS id");
	switch (call->id) {
	case CONTEXT_REF:
	case CONTEXT_RESOLVE:
		return answer_input(s, d, call);
	case CONTEXT_WHEN:
		return session_call_when(call);
	case CONTEXT_INCREMENTAL:
		call->answer = ANSWER_VALUE;
		call->value = value_bool(false);
		return true;
	default:
		return answer(call, STR(""));
	}
}

static struct diag *report(struct session *s, const struct draft *d,
			   enum diag_code code, const char *key,
			   const char *text, const char *help)
{
	struct diag *diag =
		draft_error(s, d, code, key_span(d, key), "%s", text);

	diag_help(s->diags, diag, "%s", help);
	return diag;
}

/* Often one of the several is a test: the one to be renamed, which need not be
 * the one that errs. */
static void report_ambiguous(struct session *s, const struct draft *d,
			     const struct name_entry *first)
{
	const struct target *t = &d->test->dataset;
	const struct draft *test = ref_test_among(first, t);
	struct diag *diag =
		draft_error(s, d, DIAG_AMBIGUOUS_REF, key_span(d, "dataset"),
			    test ? "\"%.*s\" is an action and a test"
				 : "\"%.*s\" means several actions of one name",
			    STR_ARG(target_text(s->arena, t)));

	if (test)
		diag_help(s->diags, diag,
			  "give the test \"%.*s\" in %.*s another name",
			  STR_ARG(t->name), STR_ARG(test->made.file));
	else
		diag_help(s->diags, diag,
			  "give one of them another name or schema");
}

/* The table or view that d tests; NULL after an error. */
static struct draft *find_tested(struct session *s, struct draft *d)
{
	const struct target *t = &d->test->dataset;
	const struct name_entry *e;
	struct diag *diag;

	if (!t->name.p) {
		report(s, d, DIAG_BAD_TEST, "dataset",
		       "the test does not say what it tests",
		       "add dataset: \"name\", the name of a table or view");
		d->failed = true;
		return NULL;
	}
	e = names_first(&s->names, t);
	if (e && names_next(e, t)) {
		report_ambiguous(s, d, e);
		return NULL;
	}
	if (!e || e->draft->made.type > ACTION_INCREMENTAL) {
		diag = draft_error(s, d, DIAG_UNKNOWN_REF,
				   key_span(d, "dataset"),
				   "there is no table or view \"%.*s\"",
				   STR_ARG(target_text(s->arena, t)));
		if (!e)
			session_suggest(s, diag, t);
		else
			diag_help(s->diags, diag, "it is of another type: %s",
				  action_type_name(e->draft->made.type));
		return NULL;
	}
	if (e->draft->jit) {
		report(s, d, DIAG_BAD_TEST, "dataset",
		       "what jitCode() makes cannot be tested",
		       "give the tested table a query");
		d->failed = true;
		return NULL;
	}
	if (e->draft->made.type != ACTION_INCREMENTAL)
		return e->draft;
	report(s, d, DIAG_BAD_TEST, "dataset",
	       "incremental tables cannot be tested",
	       "test a view that its query reads");
	return NULL;
}

static void check_sql(struct session *s, struct draft *d, struct str sql,
		      const char *what)
{
	struct diag *diag;

	if (d->failed || str_trim(sql).n > 0)
		return;
	diag = draft_error(s, d, DIAG_BAD_TEST, draft_span(d), "%s is empty",
			   what);
	diag_help(s->diags, diag, "write a SELECT statement");
	d->failed = !sql.p;
}

void test_evaluate(struct session *s, struct draft *d)
{
	struct draft *tested;
	struct producer query;

	if (d->failed)
		return;
	tested = find_tested(s, d);
	if (!tested)
		return;
	d->test->tested = tested;
	query = tested->query;
	if (!query.src)
		query.src = tested->made.place.src;
	evaluate_text(s, d, &query, EVALUATE_FULL, "the tested query",
		      &d->made.query);
	if (d->made.query.p)
		d->made.query =
			test_alias(s->dialect, d->made.query, d->test->used.v,
				   d->test->used.n, s->arena);
	if (d->failed && query.src != d->made.place.src)
		report(s, d, DIAG_BAD_TEST, "dataset",
		       "the query that the test tests fails",
		       "mend it, or give the test what it reads");
	if (!d->failed)
		evaluate_text(s, d, &d->query, EVALUATE_ALONE,
			      "what a test expects", &d->made.expected_query);
	check_sql(s, d, d->made.query, "the query that the test tests");
	check_sql(s, d, d->made.expected_query, "what the test expects");
}

/* What a test tests waits for it, if the project says so. */
static void attach(struct session *s, const struct draft *test)
{
	const struct target *t = &test->test->dataset;

	if (!t->name.n)
		return;
	for (const struct name_entry *e = names_first(&s->names, t); e;
	     e = names_next(e, t)) {
		struct draft *d = e->draft;
		struct diag *diag;

		if (d->made.type > ACTION_VIEW) {
			diag = draft_error(s, d, DIAG_BAD_TEST, draft_span(d),
					   "only tables and views can wait "
					   "for tests");
			diag_help(s->diags, diag,
				  "remove includeTestsInCompiledGraph from the "
				  "settings, or the test \"%.*s\"",
				  STR_ARG(test->made.test_name));
		}
		if (d->made.type <= ACTION_ASSERTION)
			draft_depend(s, d, &test->target, INCLUDE_UNSET);
	}
}

static void report_twin(struct session *s, const struct draft *d,
			const struct draft *first)
{
	struct diag *diag = draft_error(
		s, d, DIAG_DUPLICATE_ACTION, key_span(d, "name"),
		"there are several tests \"%.*s\"", STR_ARG(d->made.test_name));

	if (first->made.place.src)
		diag_help(s->diags, diag,
			  "another one is in %.*s:%u: give one of them another "
			  "name",
			  STR_ARG(first->made.place.src->path),
			  source_position(first->made.place.src,
					  first->made.place.offset)
				  .line);
}

void session_check_tests(struct session *s)
{
	bool includes = value_is_truthy(value_get(
		&s->settings->project_config, "includeTestsInCompiledGraph"));
	struct map seen;

	map_init(&seen, s->arena);
	for (size_t i = 0; i < s->tests.n; i++) {
		struct draft *d = s->tests.v[i], *first;

		if (includes)
			attach(s, d);
		if (d->failed)
			continue;
		first = map_get(&seen, d->made.test_name);
		if (first)
			report_twin(s, d, first);
		else
			map_put(&seen, d->made.test_name, d);
	}
}
