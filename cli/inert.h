/* Options of Dataform's run that weir takes and that change nothing yet. */
#ifndef CLI_INERT_H
#define CLI_INERT_H

#include "cli/cmd.h"

struct inert_args {
	struct str credentials;
	struct var_vec job_labels;
	uint32_t jit_timeout_ms;
	bool emit_lineage;
};

extern const struct opt inert_opts[]; /* in struct inert_args */
/* Those of Dataform's test, in the same. */
extern const struct opt inert_test_opts[];

/* Warns of each that is given. */
void inert_warn(struct cli *cli, const struct inert_args *args);

#endif
