/*
 * The compiled graph: the contract between the compiler and whoever uses its
 * result. Everything in it lives in the compile's arena and is not changed
 * afterwards. Names are final: suffixes and prefixes are in them.
 */
#ifndef COMPILER_GRAPH_H
#define COMPILER_GRAPH_H

#include <stdint.h>

#include "base/map.h"
#include "base/secrets.h"
#include "base/str.h"
#include "base/value.h"
#include "compiler/dialect.h"

struct source;

/* Dataform's name for what an action makes. A part that is not set has p ==
 * NULL; database may be set and empty. */
struct target {
	struct str database, schema, name;
};

enum action_type {
	ACTION_TABLE,
	ACTION_VIEW,
	ACTION_INCREMENTAL,
	ACTION_OPERATION,
	ACTION_ASSERTION,
	ACTION_DECLARATION,
	ACTION_TEST,
	ACTION_NOTEBOOK,
	ACTION_DATA_PREPARATION,
	ACTION_PROPERTY_GRAPH,
	ACTION_NTYPES
};

enum hermeticity { HERMETICITY_UNSET, HERMETIC, NON_HERMETIC };
enum on_schema_change {
	ON_CHANGE_IGNORE,
	ON_CHANGE_FAIL,
	ON_CHANGE_EXTEND,
	ON_CHANGE_SYNCHRONIZE
};
enum incremental_strategy {
	STRATEGY_UNSPECIFIED,
	STRATEGY_MERGE,
	STRATEGY_INSERT_OVERWRITE
};

/* What stands below weir in a config, or for it in weir.yaml. Durations are
 * milliseconds; times are milliseconds since 1970, in UTC. */
enum weir_strategy {
	WEIR_STRATEGY_NONE, /* what Dataform's keys say */
	WEIR_DELETE_INSERT,
	WEIR_WINDOW
};

struct index_option {
	struct strs columns; /* or expressions, in order */
	bool unique;
};

struct weir_options {
	enum weir_strategy strategy;
	/* Of a window: rows belong to the interval that has their time. */
	struct str time_column;
	int64_t interval_ms, start_ms, lookback_ms;
	/* Of assertions, and of the inline ones of a table. */
	bool only_warns;                /* severity: "warn" */
	int64_t warn_above, fail_above; /* rows; -1: not set */
	bool store_failures;
	bool audit;         /* published only if its assertions hold */
	int64_t timeout_ms; /* of the action; 0: none */
	struct index_option *indexes;
	uint32_t nindexes;
	const struct value *printed; /* as the graph has it */
};

/* What run_start_time() and run_end_time() leave in the SQL of an action whose
 * strategy is WEIR_WINDOW: a word of its own wherever it stands, in whose place
 * each interval's run puts a literal. No other action's SQL has them. */
#define RUN_START_MARKER "__weir_run_start_time__"
#define RUN_END_MARKER   "__weir_run_end_time__"

#define ACTION_NONE UINT32_MAX

/* What a data preparation has beside its query. */
struct preparation {
	struct target *targets, *canonicals; /* what it writes, errors last */
	uint32_t ntargets;
	struct str yaml;              /* unset if it is SQL */
	struct target error_table;    /* its name is unset for none */
	struct value *retention_days; /* of it; NULL for none */
	const struct value *load;     /* as printed; NULL for none */
};

struct action {
	enum action_type type;
	struct target target;
	struct target canonical; /* before suffixes, of the defaults */
	struct str file;         /* relative path; unset for none */
	struct {
		const struct source *src; /* NULL if unknown */
		uint32_t offset;
	} place; /* where it is defined */

	/* Unset where the action has none. The incremental forms are what the
	 * same SQL says with incremental() true. */
	struct str query, incremental_query, where;
	struct strs queries; /* of an operation, in order */
	struct strs pre_ops, post_ops, incremental_pre_ops,
		incremental_post_ops;

	/* Dependencies in Dataform's order. dep_ids are indexes into the
	 * graph's actions; ACTION_NONE where an error was reported. */
	struct target *deps;
	uint32_t *dep_ids;
	uint32_t ndeps;

	struct strs tags, unique_key;
	bool disabled;
	bool is_protected, has_output, materialized;
	/* False by a call, which is printed where silence is not. */
	bool disabled_is_set, has_output_is_set, materialized_is_set;
	enum hermeticity hermeticity;
	enum on_schema_change on_schema_change;
	enum incremental_strategy strategy;
	const struct value *bigquery;   /* as printed; NULL for none */
	const struct value *descriptor; /* actionDescriptor; NULL for none */
	const struct target *parent;    /* of an inline assertion; else NULL */

	struct str jit_code; /* JavaScript that makes its SQL when it runs */
	/* A test: query is what it tests, with the inputs in it. */
	struct str test_name, expected_query;
	uint32_t tested;     /* index; ACTION_NONE if it is not in the graph */
	struct str notebook; /* its contents */
	const struct preparation *preparation; /* NULL for none */
	/* Of a property graph: description, entities, relationships and
	 * graphBody, as printed. */
	const struct value *property_graph;
	const struct weir_options *weir; /* NULL if none is set */
};

/* A source that weir.yaml fills from files, before whatever reads it. */
struct load_column {
	struct str name, type; /* type as BigQuery names it, lower case */
};

enum load_format { LOAD_NDJSON, LOAD_CSV };

struct load {
	struct str key;   /* as in weir.yaml: "raw.wiki_changes" */
	uint32_t action;  /* the declaration that it fills */
	struct str files; /* a pattern relative to the project's root */
	enum load_format format;
	struct load_column *columns;
	uint32_t ncolumns;
	uint32_t line; /* in weir.yaml */
};

enum { JOBS_MAX = 1000 };

/* A target of weir.yaml: where a run goes. */
struct profile {
	struct str name;
	const struct dialect *dialect;
	struct str path; /* DuckDB: file, relative to the project's root */
	struct str connection; /* PostgreSQL: a libpq connection string */
	int jobs;              /* actions at once; 0: the warehouse's default */
	struct str lock;       /* unset: by warehouse and default schema */
	const struct value *more; /* the whole mapping, for later keys */
	/* What ${env:NAME} gave: whatever is said or written of a run has
	 * them hidden. */
	struct secrets secrets;
};

struct graph {
	struct action *actions; /* in the order in which Dataform has them */
	uint32_t nactions;
	/* All targets, unsuffixed, dropped ones too, as Dataform lists them. */
	struct target *targets;
	uint32_t ntargets;
	struct value project_config; /* as printed */
	struct value jit_data;       /* as printed: {} or {fields: ...} */
	struct str core_version;
	struct str default_schema; /* after its suffix: runs are locked by it */
	const struct profile *profile; /* never NULL; BigQuery by default */
	struct load *loads;
	uint32_t nloads;
	const char *root; /* the project's folder */
};

bool target_eq(const struct target *a, const struct target *b);
/* "database.schema.name", without the parts that are not set. */
struct str target_text(struct arena *arena, const struct target *t);
/* "schema.name": how a run prints it. */
struct str target_short(struct arena *arena, const struct target *t);
/* How a name or a pattern of a command or of weir.yaml means an action: by its
 * name or, where there is a dot in it, by schema.name or database.schema.name.
 * '*' is any text, dots too. */
bool target_matches(const struct target *t, struct str pattern);
/* The line of the action's file from which the character at offset of its sql
 * comes; false if no line is sure. column is 0 where only the line is. sql may
 * be a larger statement around one of the action's texts. */
bool action_origin(const struct action *a, struct str sql, size_t offset,
		   uint32_t *line, uint32_t *column);
/* As configs and the printed graph have them. */
extern const char *const on_schema_change_names[ON_CHANGE_SYNCHRONIZE + 1];
extern const char
	*const incremental_strategy_names[STRATEGY_INSERT_OVERWRITE + 1];
/* "table", "view", "incremental", "operation", "assertion", "declaration",
 * "test", "notebook", "dataPreparation", "propertyGraph" */
const char *action_type_name(enum action_type type);
/* "a table", "an operation", ...: in a sentence. */
const char *action_type_phrase(enum action_type type);
/* Whether a run can build it: tables, views, incremental tables, operations and
 * assertions. Others are compiled and printed only. */
bool action_is_runnable(const struct action *a);

#endif
