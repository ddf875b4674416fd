/* weir help config, weir help options, weir help targets. */
#include "cli/topics.h"

#include "compiler/config/config.h"

static const char targets_text[] =
	"A target says where a run goes. Targets stand in weir.yaml beside the "
	"project's\n"
	"settings; Dataform ignores that file.\n"
	"\n"
	"    defaultTarget: dev\n"
	"    targets:\n"
	"      dev:  { warehouse: duckdb, path: .weir/dev.duckdb }\n"
	"      prod: { warehouse: postgres, connection: \"service=analytics\", "
	"jobs: 8 }\n"
	"      bq:   { warehouse: bigquery, project: my-project, location: EU "
	"}\n"
	"\n"
	"Keys of a target:\n"
	"\n"
	"  warehouse    duckdb, postgres or bigquery\n"
	"  path         DuckDB's file, relative to the project's folder\n"
	"  connection   PostgreSQL: key=value words or a URL, as in psql; what "
	"is left\n"
	"               out comes from PGHOST, PGSERVICE, ~/.pgpass and so on\n"
	"  jobs         actions at once, 1 to 1,000; by default 2 on duckdb "
	"and 4 on\n"
	"               postgres\n"
	"  lock         name under which runs exclude each other on "
	"PostgreSQL; by default\n"
	"               the default schema\n"
	"  and what weir run has as overrides, in camelCase: defaultSchema, "
	"schemaSuffix,\n"
	"  tablePrefix, vars and the others\n"
	"\n"
	"--target NAME chooses one, else defaultTarget does, else the only one "
	"is taken.\n"
	"Without weir.yaml the project is a BigQuery project: it compiles, but "
	"this\n"
	"version does not run it. ${env:NAME} in a value stands for an "
	"environment\n"
	"variable.\n"
	"\n"
	"loads fill a declared source from files before an action reads it:\n"
	"\n"
	"    loads:\n"
	"      raw.events:\n"
	"        files: \"data/*.ndjson\"\n"
	"        format: ndjson\n"
	"        columns: { id: int64, user: string, ts: timestamp }\n"
	"\n"
	"format is ndjson or csv. Column types are BigQuery's names. Each file "
	"is loaded\n"
	"once; weir run --reload FILE replaces its rows.\n"
	"\n"
	"actions gives actions options that Dataform does not have: weir help "
	"options.\n";

static const char options_text[] =
	"Options that Dataform does not have stand below weir in a config. In "
	"weir.yaml\n"
	"they leave the project one that Dataform accepts:\n"
	"\n"
	"    config {\n"
	"      type: \"incremental\",\n"
	"      weir: { strategy: \"window\", timeColumn: \"ts\", interval: "
	"\"1d\",\n"
	"              start: \"2026-01-01\", lookback: \"2d\" }\n"
	"    }\n"
	"\n"
	"    actions:                                # weir.yaml\n"
	"      \"staging.*\": { timeout: 20m }\n"
	"      reporting.daily: { audit: true, severity: warn }\n"
	"\n"
	"weir.yaml wins over configs, and names win over patterns.\n"
	"\n"
	"  strategy       of an incremental table: \"delete+insert\" replaces "
	"the rows of\n"
	"                 each uniqueKey that the query has; \"window\" builds "
	"the table\n"
	"                 by intervals of timeColumn\n"
	"  audit          of a table: it is published only if its assertions "
	"hold\n"
	"  severity       of an assertion, or of those of a table: \"warn\" "
	"holds nothing\n"
	"                 back; warnAbove and failAbove are limits of rows, "
	"and\n"
	"                 storeFailures keeps the rows in a table\n"
	"  timeout        how long the action may take\n"
	"  indexes        of a table: [[\"a\"], [\"b\", \"lower(c)\"]]\n"
	"\n"
	"A window keeps track of its intervals in the table weir_intervals. A "
	"run builds\n"
	"those that are over and not done yet, and those within lookback "
	"again;\n"
	"--from and --to name others. In the query run_start_time() and "
	"run_end_time()\n"
	"are the bounds of the interval.\n"
	"\n"
	"A run that failed or was killed is continued by weir run --resume. "
	"What it had\n"
	"done is not done again: beside its journal, the table weir_steps in "
	"the\n"
	"warehouse says so. \"weir runs\" lists the runs.\n"
	"\n"
	"\"weir help config\" has all keys.\n";

const struct topic topics[] = {
	{"config", "The keys of config { } in SQLX.", NULL, config_help},
	{"options", "Windows, audits, strategies and what else weir adds.",
	 options_text, NULL},
	{"targets", "weir.yaml: where runs go, loads and options.",
	 targets_text, NULL},
	{NULL},
};

/* What a topic is looked for by, beside its name. */
static const struct {
	const char *word, *topic;
} words[] = {
	{"audit", "options"},     {"audits", "options"},
	{"indexes", "options"},   {"loads", "targets"},
	{"resume", "options"},    {"severity", "options"},
	{"strategy", "options"},  {"strategies", "options"},
	{"weir.yaml", "targets"}, {"window", "options"},
	{"windows", "options"},
};

const struct topic *topic_find(struct str name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_is(name, words[i].word))
			name = str_of(words[i].topic);
	for (const struct topic *t = topics; t->name; t++)
		if (str_is(name, t->name))
			return t;
	return NULL;
}

void topic_print(const struct topic *topic, FILE *f)
{
	if (topic->print)
		topic->print(f);
	else
		fputs(topic->text, f);
}
