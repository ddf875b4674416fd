/* What the simulated warehouse understands of the SQL that a run sends. */
#ifndef TESTS_FAULT_SIM_SQL_H
#define TESTS_FAULT_SIM_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { SIM_NAME = 80, SIM_INPUTS = 6, SIM_ACTIONS = 16 };

/* "select sim(7) from "s"."a", "s"."b"": two rows that depend on the number
 * and on all that its inputs hold. */
struct sim_query {
	bool is_set;
	uint64_t number;
	uint32_t ninputs;
	char inputs[SIM_INPUTS][SIM_NAME]; /* "s.a" */
};

enum sim_kind {
	SIM_UNKNOWN,
	SIM_NOTHING, /* without effect here */
	SIM_BEGIN,
	SIM_COMMIT,
	SIM_ROLLBACK,
	SIM_CREATE_SCHEMA,
	SIM_CREATE_EMPTY, /* a table, if it is not there */
	SIM_CREATE_TABLE,
	SIM_CREATE_VIEW,
	SIM_REPLACE_VIEW,
	SIM_STAGE, /* a temporary table */
	SIM_SWAP,  /* other takes the name of name */
	SIM_DROP,
	SIM_INSERT,
	SIM_MERGE, /* what other, a temporary table, holds replaces all */
	SIM_CLAIM,
	SIM_CARRY, /* claims of the run other become those of run, too */
	SIM_DONE_ACTIONS,
	SIM_DONE_PARTS,
	SIM_COUNT,
	SIM_SAMPLE,
	SIM_COLUMNS,
	SIM_TYPES,
	SIM_TRY_LOCK,
	SIM_LOCK,
	SIM_UNLOCK,
	SIM_HOLDER,
	SIM_RELATIONS,
	SIM_SCHEMAS,
	SIM_DESCRIBE,
	SIM_CONNECT,
	SIM_RENEW,
	SIM_NOTE /* the run's own note of what it does, in its journal */
};

struct sim_command {
	enum sim_kind kind;
	bool is_broken; /* what every server would refuse */
	char name[SIM_NAME], other[SIM_NAME];
	struct sim_query query;
	char run[SIM_NAME], action[SIM_NAME]; /* of a claim */
	uint32_t first, last;
	char actions[SIM_ACTIONS][SIM_NAME]; /* that are carried */
	uint32_t nactions;
	int64_t lock, next;
	bool has_next;
	bool is_shared, until_commit; /* the lock */
};

/* SIM_UNKNOWN if it is none of those. */
void sim_parse(struct str sql, struct sim_command *out);
/* Whether it changes what is stored. */
bool sim_writes(enum sim_kind kind);
const char *sim_kind_name(enum sim_kind kind);

#endif
