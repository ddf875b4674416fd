/*
 * What is known of a step from itself alone: the words for what is done and
 * what became of it. All rooms of the runtime stand on it.
 */
#include "runtime/step.h"

const char *step_status_name(enum step_status s)
{
	static const char *const names[] = {
		[STATUS_WAITING] = "waiting",
		[STATUS_RUNNING] = "running",
		[STATUS_OK] = "ok",
		[STATUS_FAILED] = "failed",
		[STATUS_SKIPPED] = "skipped",
		[STATUS_DISABLED] = "disabled",
		[STATUS_CANCELLED] = "cancelled",
		[STATUS_REUSED] = "reused",
	};

	return names[s];
}

bool step_has_warned(const struct step *s)
{
	return s->status == STATUS_OK && s->warned;
}

const char *step_outcome_name(const struct step *s)
{
	return step_has_warned(s) ? "warn" : step_status_name(s->status);
}

const char *deed_name(enum deed d)
{
	static const char *const names[] = {
		[DEED_CREATE] = "create",
		[DEED_REPLACE] = "replace",
		[DEED_INSERT] = "insert",
		[DEED_MERGE] = "merge",
		[DEED_DELETE_INSERT] = "delete+insert",
		[DEED_OVERWRITE] = "overwrite",
		[DEED_FILL] = "fill",
		[DEED_RUN] = "run",
		[DEED_ASSERT] = "assert",
		[DEED_LOAD] = "load",
		[DEED_NOTHING] = "nothing",
	};

	return names[d];
}

bool deed_adds_rows(enum deed d)
{
	return d == DEED_INSERT || d == DEED_MERGE || d == DEED_DELETE_INSERT ||
	       d == DEED_OVERWRITE || d == DEED_FILL;
}
