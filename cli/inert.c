/*
 * Scripts that call the official command go on working when they call weir:
 * its options are taken, and what none of our warehouses can honour is said
 * in a warning, not in an error.
 */
#include "cli/inert.h"

#include "cli/render.h"

#define AT(field) offsetof(struct inert_args, field)

const struct opt inert_opts[] = {
	{"credentials", 0, OPT_STRING, AT(credentials), "FILE",
	 "how BigQuery is reached"},
	{"job-labels", 0, OPT_VARS, AT(job_labels), "A=B,C=D",
	 "labels of BigQuery's jobs"},
	{"emit-lineage", 0, OPT_FLAG, AT(emit_lineage), NULL,
	 "tell Google's catalog what the run reads and writes"},
	{"jit-timeout", 0, OPT_DURATION, AT(jit_timeout_ms), "TIME",
	 "how long a just-in-time action may compile"},
	{NULL},
};

const struct opt inert_test_opts[] = {
	{"credentials", 0, OPT_STRING, AT(credentials), "FILE",
	 "how BigQuery is reached"},
	{NULL},
};

static void warn(struct cli *cli, bool given, const char *name, const char *why)
{
	struct error about = {0};

	if (!given)
		return;
	error_set(&about, ERROR_USAGE, "--%s has no effect", name);
	error_hint(&about, "%s", why);
	render_warning(cli, &about);
}

void inert_warn(struct cli *cli, const struct inert_args *args)
{
	static const char bigquery[] =
		"it is for BigQuery, on which this version does not run";

	warn(cli, args->credentials.p, "credentials", bigquery);
	warn(cli, args->job_labels.n, "job-labels", bigquery);
	warn(cli, args->emit_lineage, "emit-lineage",
	     "this version tells nobody where data came from");
	warn(cli, args->jit_timeout_ms, "jit-timeout",
	     "this version runs no just-in-time actions");
}
