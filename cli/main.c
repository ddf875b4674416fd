/*
 * weir: compiles Dataform-style projects and runs their graphs. Local time is
 * UTC, so that a project's JavaScript gives the same graph on every machine.
 */
#include <stdlib.h>

#include "cli/cmd.h"

int main(int argc, char **argv)
{
	setenv("TZ", "UTC0", 1);
	return cli_run(argc, argv);
}
