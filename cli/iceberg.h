/* weir init --iceberg: where a project's Iceberg tables are kept. */
#ifndef CLI_ICEBERG_H
#define CLI_ICEBERG_H

#include "base/error.h"

struct buf;
struct cli;

/* Asks, and adds what is answered to settings in YAML. */
MUST_CHECK bool iceberg_ask(struct cli *cli, struct buf *yaml,
			    struct error *err);

#endif
