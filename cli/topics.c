/* weir help config, weir help targets. */
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
	"once; weir run --reload FILE replaces its rows.\n";

const struct topic topics[] = {
	{"config", "The keys of config { } in SQLX.", NULL, config_help},
	{"targets", "weir.yaml: where runs go, and loads.", targets_text, NULL},
	{NULL},
};

const struct topic *topic_find(struct str name)
{
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
