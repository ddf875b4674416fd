/*
 * What a function of an action gets to call: ctx.ref("x"), or ref("x") in SQLX.
 * Methods that only change the action answer the empty text there, so that they
 * can stand in SQL.
 */
#include "compiler/actions/session.h"

static bool answer(struct script_call *call, struct str text)
{
	call->answer = ANSWER_VALUE;
	call->value = value_string(text.p ? text : STR(""));
	return true;
}

static bool call_resolve(struct session *s, struct draft *d,
			 struct script_call *call)
{
	enum include_assertions include;
	struct target wanted;
	struct draft *found;

	if (!ref_read(s, call, &wanted, &include))
		return false;
	found = ref_find(s, &wanted);
	if (found && call->id == CONTEXT_REF)
		draft_depend(s, d, &wanted, include);
	return answer(call, found ? ref_text(s, found) : STR(""));
}

bool session_call_when(struct script_call *call)
{
	bool yes = call->nargs > 0 && value_is_truthy(&call->args[0]);
	uint32_t i = yes ? 1 : 2;

	call->answer = ANSWER_VALUE;
	call->value = (struct value){.kind = VALUE_UNDEFINED};
	if (call->nargs > i)
		call->value = call->args[i];
	if (!yes && call->value.kind == VALUE_UNDEFINED)
		call->value = value_string(STR(""));
	return true;
}

bool session_call_run_time(struct script_call *call, const char *marker)
{
	struct session *s = call->host;

	s->names_run_times = true;
	return answer(call, str_of(marker));
}

static bool call_database(struct session *s, struct draft *d,
			  struct script_call *call)
{
	struct diag *diag;

	if (d->target.database.n)
		return answer(call, final_target(s, d).database);
	diag = session_error_here(s, DIAG_BAD_REF, STR(""),
				  STR("database() has nothing to answer: this "
				      "action has no database"));
	diag_help(s->diags, diag,
		  "set defaultProject in workflow_settings.yaml");
	return answer(call, STR(""));
}

static bool is_dataset_method(int id)
{
	return id == METHOD_WHERE || id == METHOD_PRE_OPS ||
	       id == METHOD_POST_OPS || id == METHOD_DISABLED ||
	       id == METHOD_BIGQUERY;
}

/* Methods that only change the action. */
static bool call_builder(struct session *s, struct draft *d,
			 struct script_call *call)
{
	bool dataset = d->made.type <= ACTION_INCREMENTAL;
	bool refused = d->made.type == ACTION_DATA_PREPARATION &&
		       call->id != METHOD_DEPENDENCIES;

	if (refused || (is_dataset_method(call->id) && !dataset) ||
	    (call->id == METHOD_HAS_OUTPUT && d->made.type != ACTION_OPERATION))
		return session_throw(
			s, call, DIAG_BAD_CONFIG_VALUE,
			STR("this method is not for actions of this type"),
			NULL);
	return session_change(s, d, call) && answer(call, STR(""));
}

bool session_call_context(struct script_call *call)
{
	struct session *s = call->host;
	enum evaluation e;
	struct draft *d = context_unpack(s, call->object, &e);

	if (call->id == METHOD_RUN_START_TIME)
		return session_call_run_time(call, RUN_START_MARKER);
	if (call->id == METHOD_RUN_END_TIME)
		return session_call_run_time(call, RUN_END_MARKER);
	if (d->made.type == ACTION_TEST)
		return test_call_context(s, d, e, call);
	switch (call->id) {
	case CONTEXT_SELF:
		return answer(call, self_text(s, d));
	case CONTEXT_REF:
	case CONTEXT_RESOLVE:
		return call_resolve(s, d, call);
	case CONTEXT_NAME:
		return answer(call, final_target(s, d).name);
	case CONTEXT_WHEN:
		return session_call_when(call);
	case CONTEXT_INCREMENTAL:
		call->answer = ANSWER_VALUE;
		call->value = value_bool(e == EVALUATE_INCREMENTAL);
		return true;
	case CONTEXT_SCHEMA:
		return answer(call, final_target(s, d).schema);
	case CONTEXT_DATABASE:
		return call_database(s, d, call);
	default:
		return call_builder(s, d, call);
	}
}
