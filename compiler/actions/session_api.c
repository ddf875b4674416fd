/*
 * What the project's JavaScript sees: publish, operate, assert, declare, and
 * the tables of methods. Objects carry the number of their action; a context
 * carries that number doubled, plus one when incremental() is true.
 */
#include "base/arena.h"
#include "base/path.h"
#include "compiler/actions/session.h"
#include "compiler/project/tree.h"

enum global {
	GLOBAL_PUBLISH,
	GLOBAL_OPERATE,
	GLOBAL_ASSERT,
	GLOBAL_DECLARE,
	GLOBAL_GET_CONTENTS,
	GLOBAL_TEST,
	GLOBAL_NOTEBOOK,
	GLOBAL_JIT_DATA,
	GLOBAL_COMPILE_ERROR,
	GLOBAL_RUN_START_TIME,
	GLOBAL_RUN_END_TIME,
	GLOBAL_INSIDE,
};

/* The first is a method of "dataform" only. */
static const struct script_method session_functions[] = {
	{"compileError", GLOBAL_COMPILE_ERROR},
	{"publish", GLOBAL_PUBLISH},
	{"operate", GLOBAL_OPERATE},
	{"assert", GLOBAL_ASSERT},
	{"declare", GLOBAL_DECLARE},
	{"getContents", GLOBAL_GET_CONTENTS},
	{"test", GLOBAL_TEST},
	{"notebook", GLOBAL_NOTEBOOK},
	{"jitData", GLOBAL_JIT_DATA},
	{"run_start_time", GLOBAL_RUN_START_TIME},
	{"run_end_time", GLOBAL_RUN_END_TIME},
	{NULL, 0},
};
const struct script_method *const session_globals = session_functions + 1;

enum {
	T = 1 << ACTION_TABLE,
	V = 1 << ACTION_VIEW,
	I = 1 << ACTION_INCREMENTAL,
	O = 1 << ACTION_OPERATION,
	A = 1 << ACTION_ASSERTION,
	D = 1 << ACTION_DECLARATION,
	B = 1 << ACTION_NOTEBOOK,
	X = 1 << ACTION_TEST,
	C = 1 << SESSION_CONTEXT, /* what a function of an action gets */
};

static const struct {
	const char *name;
	int id;
	unsigned classes;
} methods[] = {
	{"self", CONTEXT_SELF, C},
	{"ref", CONTEXT_REF, C},
	{"resolve", CONTEXT_RESOLVE, C},
	{"name", CONTEXT_NAME, C},
	{"when", CONTEXT_WHEN, C},
	{"incremental", CONTEXT_INCREMENTAL, C},
	{"schema", CONTEXT_SCHEMA, C},
	{"database", CONTEXT_DATABASE, C},
	{"run_start_time", METHOD_RUN_START_TIME, C},
	{"run_end_time", METHOD_RUN_END_TIME, C},
	{"query", METHOD_QUERY, T | V | I | A},
	{"queries", METHOD_QUERY, O},
	{"where", METHOD_WHERE, T | V | I | C},
	{"preOps", METHOD_PRE_OPS, T | V | I | C},
	{"postOps", METHOD_POST_OPS, T | V | I | C},
	{"jitCode", METHOD_JIT_CODE, T | V | I | O | A},
	{"disabled", METHOD_DISABLED, T | V | I | O | A | C},
	{"bigquery", METHOD_BIGQUERY, T | V | I | C},
	{"dependencies", METHOD_DEPENDENCIES, T | V | I | O | A | B | C},
	{"hermetic", METHOD_HERMETIC, T | V | I | O | A},
	{"tags", METHOD_TAGS, T | V | I | O | A | C},
	{"ipynb", METHOD_IPYNB, B},
	{"hasOutput", METHOD_HAS_OUTPUT, O | C},
	{"description", METHOD_DESCRIPTION, T | V | I | O | A | D},
	{"columns", METHOD_COLUMNS, T | V | I | O | D},
	{"database", METHOD_DATABASE, T | V | I | O | A},
	{"schema", METHOD_SCHEMA, T | V | I | O | A},
	{"assertions", METHOD_ASSERTIONS, T | V | I},
	{"setDependOnDependencyAssertions", METHOD_INCLUDE_ASSERTIONS,
	 T | V | I | O},
	{"type", METHOD_TYPE, T | V | I},
	{"materialized", METHOD_MATERIALIZED, V},
	{"protected", METHOD_PROTECTED, I},
	{"uniqueKey", METHOD_UNIQUE_KEY, I},
	{"dataset", METHOD_DATASET, X},
	{"input", METHOD_INPUT, X},
	{"expect", METHOD_EXPECT, X},
	{"config", METHOD_CONFIG, X},
};

static const struct script_method session_members[] = {
	{"proto", METHOD_PROTO},
	{NULL, 0},
};

/* With these, code changes actions that other files make. */
static const struct script_method session_inside[] = {
	{"actions", GLOBAL_INSIDE},
	{"indexedActions", GLOBAL_INSIDE},
	{"sqlxAction", GLOBAL_INSIDE},
	{NULL, 0},
};

static const struct script_method *methods_of(struct arena *arena, int class_id)
{
	enum { N = sizeof(methods) / sizeof(methods[0]) };
	struct script_method *table =
		ARENA_NEW(arena, struct script_method, N + 1);
	size_t n = 0;

	for (size_t i = 0; i < N; i++)
		if (methods[i].classes & 1u << class_id)
			table[n++] = (struct script_method){methods[i].name,
							    methods[i].id};
	return table;
}

const struct script_class *session_classes(struct arena *arena)
{
	static const char *const names[] = {
		[ACTION_TABLE] = "Table",
		[ACTION_VIEW] = "View",
		[ACTION_INCREMENTAL] = "IncrementalTable",
		[ACTION_OPERATION] = "Operation",
		[ACTION_ASSERTION] = "Assertion",
		[ACTION_DECLARATION] = "Declaration",
		[ACTION_TEST] = "Test",
		[ACTION_NOTEBOOK] = "Notebook",
		[ACTION_DATA_PREPARATION] = "DataPreparation",
		[ACTION_PROPERTY_GRAPH] = "PropertyGraph",
		[SESSION_CONTEXT] = "Context",
	};
	struct script_class *all =
		ARENA_NEW(arena, struct script_class, SESSION_NCLASSES);

	for (int i = 0; i <= SESSION_CONTEXT; i++)
		all[i] = (struct script_class){names[i], methods_of(arena, i),
					       session_call_method,
					       session_members};
	all[ACTION_TEST].fn = session_call_test;
	all[ACTION_TEST].members = NULL;
	all[SESSION_CONTEXT].fn = session_call_context;
	all[SESSION_CONTEXT].members = NULL;
	all[SESSION_GLOBAL] =
		(struct script_class){"Session", session_functions,
				      session_call_global, session_inside};
	return all;
}

static bool is_given(const struct script_call *call, uint32_t i)
{
	return call->nargs > i && value_is_truthy(&call->args[i]);
}

static struct origin origin_of_call(struct session *s, struct str name)
{
	struct span place = script_caller(s->script);

	return (struct origin){
		.config = config_of_call(place),
		.place = place,
		.name = name,
	};
}

static bool answer_draft(struct session *s, struct script_call *call,
			 struct draft *d)
{
	if (!d)
		return session_throw_reported(s, call);
	draft_push(s, d);
	call->answer = ANSWER_OBJECT;
	call->class_id = (int)d->made.type;
	call->object_id = d->number;
	return true;
}

/* fn("name", config), fn("name", query) or fn("name"): the query, if any, in
 * *query and the config, if any, as the result. */
static bool read_call(struct session *s, struct script_call *call,
		      const struct value **config, const struct value **query)
{
	static const struct value none = {.kind = VALUE_OBJECT};
	static const char *const help[] = {
		[GLOBAL_PUBLISH] = "write publish(\"name\", ...)",
		[GLOBAL_OPERATE] = "write operate(\"name\", ...)",
		[GLOBAL_ASSERT] = "write assert(\"name\", ...)",
	};
	const struct value *second;

	*config = &none;
	*query = NULL;
	if (call->nargs > 0 && call->args[0].kind != VALUE_STRING &&
	    (call->args[0].kind == VALUE_NULL || is_given(call, 0)))
		return session_throw(s, call, DIAG_BAD_NAME,
				     STR("an action's name must be text"),
				     help[call->id]);
	if (!is_given(call, 1))
		return true;
	second = &call->args[1];
	if (second->kind == VALUE_ARRAY && second->n > 0 &&
	    call->id != GLOBAL_OPERATE)
		return session_throw(s, call, DIAG_BAD_CONFIG_VALUE,
				     STR("a list is neither config nor query"),
				     help[call->id]);
	if (second->kind == VALUE_OBJECT)
		*config = second;
	else if (second->kind != VALUE_ARRAY || second->n > 0)
		*query = second;
	return true;
}

static struct str name_of_call(const struct script_call *call)
{
	return call->nargs > 0 && call->args[0].kind == VALUE_STRING
		       ? call->args[0].string
		       : (struct str){0};
}

static bool make(struct session *s, struct script_call *call,
		 enum action_type type, const struct value *config,
		 const struct value *query)
{
	struct draft *d = draft_new(s, type, config,
				    origin_of_call(s, name_of_call(call)));

	if (d && query)
		d->query.value = query;
	if (d && value_is_truthy(value_get(config, "type")))
		draft_take_bigquery(s, d);
	return answer_draft(s, call, d);
}

static bool call_publish(struct session *s, struct script_call *call)
{
	const struct value *config, *query, *type;
	struct str name;

	if (!read_call(s, call, &config, &query))
		return false;
	type = value_get(config, "type");
	name = value_get_str(config, "type");
	if (!type || type->kind == VALUE_UNDEFINED || str_is(name, "view"))
		return make(s, call, ACTION_VIEW, config, query);
	if (str_is(name, "table"))
		return make(s, call, ACTION_TABLE, config, query);
	if (str_is(name, "incremental"))
		return make(s, call, ACTION_INCREMENTAL, config, query);
	return session_throw(
		s, call, DIAG_UNKNOWN_ACTION_TYPE,
		arena_printf(s->arena, "publish() makes no \"%.*s\"",
			     STR_ARG(script_to_text(s->script, type))),
		"types are table, view and incremental; operate() and assert() "
		"make the others");
}

static bool call_make(struct session *s, struct script_call *call,
		      enum action_type type)
{
	const struct value *config, *query;

	return read_call(s, call, &config, &query) &&
	       make(s, call, type, config, query);
}

static bool call_declare(struct session *s, struct script_call *call)
{
	if (call->nargs == 0 || call->args[0].kind != VALUE_OBJECT)
		return session_throw(s, call, DIAG_BAD_CONFIG_VALUE,
				     STR("declare() needs a config"),
				     "write declare({schema: \"raw\", name: "
				     "\"events\"})");
	if (!value_is_truthy(value_get(&call->args[0], "name")))
		return session_throw(s, call, DIAG_BAD_NAME,
				     STR("a declaration needs a name"),
				     "add name: \"...\" to the config");
	return answer_draft(s, call,
			    draft_new(s, ACTION_DECLARATION, &call->args[0],
				      origin_of_call(s, (struct str){0})));
}

static bool call_test(struct session *s, struct script_call *call)
{
	struct str name = name_of_call(call);

	if (!name.n)
		return session_throw(s, call, DIAG_BAD_NAME,
				     STR("a test needs a name"),
				     "write test(\"name\")");
	return answer_draft(s, call, test_new(s, origin_of_call(s, name)));
}

static bool has_function(const struct value *v)
{
	bool found = v->kind == VALUE_FUNCTION;

	for (uint32_t i = 0; v->kind == VALUE_ARRAY && i < v->n; i++)
		found |= has_function(&v->items[i]);
	for (uint32_t i = 0; v->kind == VALUE_OBJECT && i < v->n; i++)
		found |= has_function(&v->members[i].value);
	return found;
}

static bool call_jit_data(struct session *s, struct script_call *call)
{
	struct member m = {.value.kind = VALUE_UNDEFINED};

	if (call->nargs < 1)
		return session_throw(s, call, DIAG_BAD_CONFIG_VALUE,
				     STR("jitData() needs a key"),
				     "write jitData(\"key\", value)");
	m.key = script_to_text(s->script, &call->args[0]);
	if (call->nargs > 1)
		m.value = call->args[1];
	if (has_function(&m.value))
		return session_throw(
			s, call, DIAG_BAD_CONFIG_VALUE,
			arena_printf(s->arena,
				     "jitData(\"%.*s\") holds a function",
				     STR_ARG(m.key)),
			"it is data that jitCode() gets: texts, numbers, "
			"booleans, lists and objects");
	for (size_t i = 0; i < s->jit_data.n; i++)
		if (str_eq(s->jit_data.v[i].key, m.key))
			return session_throw(
				s, call, DIAG_DUPLICATE_ACTION,
				arena_printf(s->arena,
					     "jitData(\"%.*s\") is given twice",
					     STR_ARG(m.key)),
				"choose another key");
	VEC_PUSH(s->arena, &s->jit_data, m);
	return true;
}

static bool call_notebook(struct session *s, struct script_call *call)
{
	if (call->nargs == 0 || call->args[0].kind != VALUE_OBJECT)
		return session_throw(s, call, DIAG_BAD_CONFIG_VALUE,
				     STR("notebook() needs a config"),
				     "write notebook({filename: "
				     "\"report.ipynb\"})");
	return answer_draft(s, call,
			    notebook_new(s, &call->args[0],
					 origin_of_call(s, (struct str){0})));
}

static struct str without_cr(struct arena *arena, struct str text)
{
	char *out = arena_text(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r' || i + 1 == text.n ||
		    text.p[i + 1] != '\n')
			out[n++] = text.p[i];
	return (struct str){out, n};
}

static bool call_get_contents(struct session *s, struct script_call *call)
{
	struct span here = script_caller(s->script);
	struct str name = name_of_call(call), path, text;
	struct error err = {0};

	if (!here.src || !name.n)
		return session_throw(s, call, DIAG_UNREADABLE_FILE,
				     STR("getContents() needs a file's path"),
				     NULL);
	path = path_beside(s->arena, here.src->path, name);
	if (!path.n)
		return session_throw(s, call, DIAG_UNREADABLE_FILE,
				     arena_printf(s->arena,
						  "\"%.*s\" is outside of the "
						  "project",
						  STR_ARG(name)),
				     NULL);
	if (!str_is(path_extension(path), "md"))
		return session_throw(s, call, DIAG_UNREADABLE_FILE,
				     arena_printf(s->arena,
						  "\"%.*s\" is no .md file",
						  STR_ARG(name)),
				     "getContents() reads Markdown");
	if (!s->tree->ops->read(s->tree, path.p, SOURCE_SIZE_MAX, s->arena,
				&text, &err) ||
	    str_bad_utf8(text) != text.n)
		return session_throw(s, call, DIAG_UNREADABLE_FILE,
				     arena_printf(s->arena,
						  "\"%.*s\" cannot be read",
						  STR_ARG(path)),
				     NULL);
	call->answer = ANSWER_VALUE;
	call->value = value_string(without_cr(s->arena, text));
	return true;
}

/* dataform.compileError(error or text, file): for extensions. */
static bool call_compile_error(struct session *s, struct script_call *call)
{
	const struct value *v = call->nargs > 0 ? &call->args[0] : NULL;
	struct str text = v && v->kind == VALUE_STRING
				  ? v->string
				  : value_get_str(v, "message");
	struct str file = {0};

	if (!text.n)
		text = STR("compileError() was called without a message");
	if (call->nargs > 1 && call->args[1].kind == VALUE_STRING)
		file = call->args[1].string;
	if (!file.n)
		session_error_here(s, DIAG_SCRIPT_THREW, text, text);
	else
		diag_add_file(s->diags, DIAG_SCRIPT_THREW, file, "%.*s",
			      STR_ARG(text));
	return true;
}

static bool refuse_inside(struct session *s, struct script_call *call)
{
	return session_throw(
		s, call, DIAG_SCRIPT_THREW,
		STR("this reads the list of actions, or how they are made, "
		    "which weir does not give away"),
		"an action is changed where it is made: by its config, or by "
		"the methods of what publish() and operate() return");
}

bool session_call_global(struct script_call *call)
{
	struct session *s = call->host;

	switch ((enum global)call->id) {
	case GLOBAL_PUBLISH:
		return call_publish(s, call);
	case GLOBAL_OPERATE:
		return call_make(s, call, ACTION_OPERATION);
	case GLOBAL_ASSERT:
		return call_make(s, call, ACTION_ASSERTION);
	case GLOBAL_DECLARE:
		return call_declare(s, call);
	case GLOBAL_GET_CONTENTS:
		return call_get_contents(s, call);
	case GLOBAL_TEST:
		return call_test(s, call);
	case GLOBAL_NOTEBOOK:
		return call_notebook(s, call);
	case GLOBAL_JIT_DATA:
		return call_jit_data(s, call);
	case GLOBAL_COMPILE_ERROR:
		return call_compile_error(s, call);
	case GLOBAL_RUN_START_TIME:
		return session_call_run_time(call, RUN_START_MARKER);
	case GLOBAL_RUN_END_TIME:
		return session_call_run_time(call, RUN_END_MARKER);
	case GLOBAL_INSIDE:
		return refuse_inside(s, call);
	}
	return false;
}
